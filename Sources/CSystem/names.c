#define _GNU_SOURCE
#include <ares.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "internal.h"

typedef struct answer {
  struct answer *next;
  system_name_answer value;
} answer;

struct system_names {
  ares_channel channel;
  int epoll;
  uint8_t kind;
  bool ends;
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

system_names *system_names_create(int epoll, uint8_t kind) {
  system_names *names = calloc(1, sizeof *names);
  if (names == NULL) return NULL;
  names->epoll = epoll;
  names->kind = kind;
  names->last = &names->first;
  struct ares_options options;
  memset(&options, 0, sizeof options);
  options.sock_state_cb = socket_changed;
  options.sock_state_cb_data = names;
  options.timeout = 1500;
  options.tries = 3;
  int mask = ARES_OPT_SOCK_STATE_CB | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
    free(names);
    return NULL;
  }
  if (ares_init_options(&names->channel, &options, mask) != ARES_SUCCESS) {
    ares_library_cleanup();
    free(names);
    return NULL;
  }
  return names;
}

void system_names_destroy(system_names *names) {
  if (names == NULL) return;
  names->ends = true;
  ares_destroy(names->channel);
  ares_library_cleanup();
  for (answer *each = names->first; each != NULL;) {
    answer *next = each->next;
    free(each);
    each = next;
  }
  free(names);
}

static void looked_up(void *argument, int status, int timeouts, struct ares_addrinfo *found) {
  (void)timeouts;
  lookup *asked = argument;
  system_names *names = asked->names;
  answer *result = asked->answer;
  free(asked);
  if (status == ARES_SUCCESS && found != NULL) {
    for (struct ares_addrinfo_node *node = found->nodes; node != NULL; node = node->ai_next) {
      if (result->value.count == SYSTEM_NAME_ADDRESSES) break;
      if (node->ai_family != AF_INET && node->ai_family != AF_INET6) continue;
      system_address_load(&result->value.addresses[result->value.count++], node->ai_addr);
    }
  }
  if (found != NULL) ares_freeaddrinfo(found);
  if (names->ends) {
    free(result);
    return;
  }
  *names->last = result;
  names->last = &result->next;
}

void system_names_lookup(system_names *names, uint64_t id, const char *host) {
  lookup *asked = malloc(sizeof *asked);
  answer *result = calloc(1, sizeof *result);
  if (asked == NULL || result == NULL) {
    free(asked);
    free(result);
    return;
  }
  result->value.id = id;
  asked->names = names;
  asked->answer = result;
  struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM};
  ares_getaddrinfo(names->channel, host, NULL, &hints, looked_up, asked);
}

void system_names_ready(system_names *names, int descriptor, uint32_t events) {
  bool failed = (events & (SYSTEM_ERROR | SYSTEM_HANGUP)) != 0;
  ares_process_fd(
      names->channel, (events & SYSTEM_READ) != 0 || failed ? descriptor : ARES_SOCKET_BAD,
      (events & SYSTEM_WRITE) != 0 ? descriptor : ARES_SOCKET_BAD);
}

uint64_t system_names_timeout(system_names *names) {
  struct timeval room;
  struct timeval *wait = ares_timeout(names->channel, NULL, &room);
  if (wait == NULL) return UINT64_MAX;
  return (uint64_t)wait->tv_sec * 1000000000 + (uint64_t)wait->tv_usec * 1000;
}

void system_names_time_passed(system_names *names) {
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
