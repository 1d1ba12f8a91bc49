#define _GNU_SOURCE
#include <ares.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "internal.h"

typedef struct answer {
  struct answer *next;
  system_name_answer value;
} answer;

struct system_names {
  ares_channel channel;
  int epoll;
  uint8_t kind;
  bool has_channel, ends;
  answer *first, **last;
};

typedef struct {
  system_names *names;
  answer *answer;
} lookup;

static void socket_changed(void *data, ares_socket_t descriptor, int readable, int writable) {
  system_names *names = data;
  uint32_t events = (readable ? SYSTEM_READ : 0) | (writable ? SYSTEM_WRITE : 0);
  if (events == 0)
    system_epoll_remove(names->epoll, descriptor);
  else
    system_epoll_set(names->epoll, descriptor, events, (uint64_t)descriptor << 8 | names->kind);
}

/* Sockets of ours: those of c-ares are close-on-exec only a moment later, and what it writes to a connection that is gone
 * raises SIGPIPE (failures H8). */
static ares_socket_t make_socket(int family, int type, int protocol, void *data) {
  (void)data;
  return socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
}

static int close_socket(ares_socket_t socket, void *data) {
  (void)data;
  return close(socket);
}

static int connect_socket(ares_socket_t socket, const struct sockaddr *to, ares_socklen_t length, void *data) {
  (void)data;
  return connect(socket, to, length);
}

static ares_ssize_t receive(
    ares_socket_t socket, void *room, size_t size, int flags, struct sockaddr *from, ares_socklen_t *length,
    void *data) {
  (void)data;
  return recvfrom(socket, room, size, flags, from, length);
}

static ares_ssize_t send_parts(ares_socket_t socket, const struct iovec *parts, int count, void *data) {
  (void)data;
  struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = (size_t)count};
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}

static bool open_channel(system_names *names, const char *servers) {
  struct ares_options options;
  memset(&options, 0, sizeof options);
  options.sock_state_cb = socket_changed;
  options.sock_state_cb_data = names;
  /* 1.5 s, then 3 s: two questions in a row fit into the core's limit for one location. */
  options.timeout = 1500;
  options.tries = 2;
  int mask = ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;
  if (ares_init_options(&names->channel, &options, mask) != ARES_SUCCESS) return false;
  static const struct ares_socket_functions functions = {
      make_socket, close_socket, connect_socket, receive, send_parts};
  ares_set_socket_functions(names->channel, &functions, NULL);
  if (servers[0] != 0 && ares_set_servers_ports_csv(names->channel, servers) != ARES_SUCCESS) {
    ares_destroy(names->channel);
    return false;
  }
  names->has_channel = true;
  return true;
}

system_names *system_names_create(int epoll, uint8_t kind, const char *servers) {
  system_names *names = calloc(1, sizeof *names);
  if (names == NULL) return NULL;
  names->epoll = epoll;
  names->kind = kind;
  names->last = &names->first;
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
    free(names);
    return NULL;
  }
  if (!open_channel(names, servers)) {
    ares_library_cleanup();
    free(names);
    return NULL;
  }
  return names;
}

bool system_names_use(system_names *names, const char *servers) {
  if (names->has_channel) ares_destroy(names->channel); /* every open lookup is told so */
  names->has_channel = false;
  return open_channel(names, servers);
}

void system_names_destroy(system_names *names) {
  if (names == NULL) return;
  names->ends = true;
  if (names->has_channel) ares_destroy(names->channel);
  ares_library_cleanup();
  for (answer *each = names->first; each != NULL;) {
    answer *next = each->next;
    free(each);
    each = next;
  }
  free(names);
}

/* At the end of the answers, unless nobody will ask for it. */
static void keep(system_names *names, answer *result) {
  if (names->ends) {
    free(result);
    return;
  }
  *names->last = result;
  names->last = &result->next;
}

static int failure_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
    case ARES_ENODATA: return SYSTEM_NAME_EMPTY;
    case ARES_ENOTFOUND: return SYSTEM_NAME_UNKNOWN;
    case ARES_ETIMEOUT:
    case ARES_ECONNREFUSED: return SYSTEM_NAME_SILENT;
    default: return SYSTEM_NAME_FAILED;
  }
}

static void looked_up(void *argument, int status, int timeouts, struct ares_addrinfo *found) {
  (void)timeouts;
  lookup *asked = argument;
  system_names *names = asked->names;
  answer *result = asked->answer;
  free(asked);
  result->value.failure = failure_of(status);
  if (status == ARES_SUCCESS && found != NULL) {
    for (struct ares_addrinfo_node *node = found->nodes; node != NULL; node = node->ai_next) {
      if (result->value.count == SYSTEM_NAME_ADDRESSES) break;
      if (node->ai_family != AF_INET && node->ai_family != AF_INET6) continue;
      system_address_load(&result->value.addresses[result->value.count++], node->ai_addr);
    }
  }
  if (found != NULL) ares_freeaddrinfo(found);
  keep(names, result);
}

/* false: too long for its room. */
static bool put(char *room, size_t size, const char *text) {
  size_t length = text == NULL ? 0 : strlen(text);
  if (length >= size) return false;
  if (length > 0) memcpy(room, text, length);
  room[length] = 0;
  return true;
}

static void read_services(system_name_answer *out, const unsigned char *octets, int length) {
  struct ares_srv_reply *all = NULL;
  if (ares_parse_srv_reply(octets, length, &all) != ARES_SUCCESS) return;
  for (struct ares_srv_reply *each = all; each != NULL; each = each->next) {
    if (out->count == SYSTEM_NAME_RECORDS) break;
    system_name_record *record = &out->records[out->count];
    record->first = each->priority;
    record->second = each->weight;
    record->port = each->port;
    if (put(record->name, sizeof record->name, each->host)) out->count++;
  }
  ares_free_data(all);
}

static void read_pointers(system_name_answer *out, const unsigned char *octets, int length) {
  struct ares_naptr_reply *all = NULL;
  if (ares_parse_naptr_reply(octets, length, &all) != ARES_SUCCESS) return;
  for (struct ares_naptr_reply *each = all; each != NULL; each = each->next) {
    if (out->count == SYSTEM_NAME_RECORDS) break;
    /* RFC 3263 section 4.1 has no use for a regular expression. */
    if (each->regexp != NULL && each->regexp[0] != 0) continue;
    system_name_record *record = &out->records[out->count];
    record->first = each->order;
    record->second = each->preference;
    if (put(record->name, sizeof record->name, each->replacement)
        && put(record->flags, sizeof record->flags, (const char *)each->flags)
        && put(record->service, sizeof record->service, (const char *)each->service))
      out->count++;
  }
  ares_free_data(all);
}

static void answered(void *argument, int status, int timeouts, unsigned char *octets, int length) {
  (void)timeouts;
  lookup *asked = argument;
  system_names *names = asked->names;
  answer *result = asked->answer;
  free(asked);
  result->value.failure = failure_of(status);
  if (status == ARES_SUCCESS && octets != NULL) {
    if (result->value.kind == SYSTEM_NAME_SERVICE) read_services(&result->value, octets, length);
    if (result->value.kind == SYSTEM_NAME_POINTER) read_pointers(&result->value, octets, length);
  }
  keep(names, result);
}

bool system_names_lookup(system_names *names, uint64_t id, int kind, const char *name) {
  lookup *asked = malloc(sizeof *asked);
  answer *result = calloc(1, sizeof *result);
  if (asked == NULL || result == NULL) {
    free(asked);
    free(result);
    return false;
  }
  result->value.id = id;
  result->value.kind = kind;
  asked->names = names;
  asked->answer = result;
  if (!names->has_channel) {
    free(asked);
    result->value.failure = SYSTEM_NAME_FAILED;
    keep(names, result);
  } else if (kind == SYSTEM_NAME_ADDRESS) {
    struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
    ares_getaddrinfo(names->channel, name, NULL, &hints, looked_up, asked);
  } else {
    int type = kind == SYSTEM_NAME_SERVICE ? 33 : 35; /* RFC 2782, RFC 3403 */
    ares_query(names->channel, name, 1, type, answered, asked);
  }
  return true;
}

void system_names_ready(system_names *names, int descriptor, uint32_t events) {
  if (!names->has_channel) return;
  bool failed = (events & (SYSTEM_ERROR | SYSTEM_HANGUP)) != 0;
  ares_process_fd(
      names->channel, (events & SYSTEM_READ) != 0 || failed ? descriptor : ARES_SOCKET_BAD,
      (events & SYSTEM_WRITE) != 0 ? descriptor : ARES_SOCKET_BAD);
}

uint64_t system_names_timeout(system_names *names) {
  if (!names->has_channel) return UINT64_MAX;
  struct timeval room;
  struct timeval *wait = ares_timeout(names->channel, NULL, &room);
  if (wait == NULL) return UINT64_MAX;
  return (uint64_t)wait->tv_sec * 1000000000 + (uint64_t)wait->tv_usec * 1000;
}

void system_names_time_passed(system_names *names) {
  if (!names->has_channel) return;
  ares_process_fd(names->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

bool system_names_next(system_names *names, system_name_answer *out) {
  answer *first = names->first;
  if (first == NULL) return false;
  names->first = first->next;
  if (names->first == NULL) names->last = &names->first;
  *out = first->value;
  free(first);
  return true;
}
