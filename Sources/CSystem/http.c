#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "internal.h"
#include "libcurl.h"
#include "trust.h"

enum {
  IDLE_EASY_HANDLES = 16,
  KEPT_CONNECTIONS = 32,
  HEADER_ROOM = 256 * 1024, /* all header lines of an exchange, 1xx answers included */
  FIELD_ROOM = 4096         /* those that say how long an answer may be kept */
};

/* What RFC 9111 speaks of, a line each, names in lower case. */
typedef struct {
  char *text;
  size_t length;
  bool is_open; /* the last line is one of them and may be folded */
  bool is_lost;
} cache_fields;

struct system_http_exchange {
  system_http_exchange *next, *before;
  system_http *http;
  uint64_t id;
  void *easy;
  struct curl_list *headers, *resolved;
  uint8_t *body;
  size_t body_length, body_room, body_limit, header_length;
  char *content_type, *location;
  cache_fields fields;
  bool blocks_private, was_blocked, is_too_large, is_head_too_long, is_added, is_sent_post;
  bool was_sent, would_repeat, verifies, is_securing;
  char error[256]; /* CURL_ERROR_SIZE */
};

struct system_http {
  const curl_functions *curl;
  void *multi;
  int epoll;
  uint8_t kind;
  uint64_t deadline;
  system_http_exchange *exchanges, *handed_out;
  trust_waiter trust;
  void *idle[IDLE_EASY_HANDLES];
  int idle_count;
};

static int socket_changed(void *easy, int descriptor, int what, void *data, void *socket_data) {
  (void)easy;
  (void)socket_data;
  system_http *http = data;
  if (what == POLL_REMOVE) {
    system_epoll_remove(http->epoll, descriptor);
    return 0;
  }
  uint32_t events =
      ((what & POLL_INPUT) != 0 ? SYSTEM_READ : 0) | ((what & POLL_OUTPUT) != 0 ? SYSTEM_WRITE : 0);
  system_epoll_set(http->epoll, descriptor, events, (uint64_t)descriptor << 8 | http->kind);
  return 0;
}

static int timer_changed(void *multi, long timeout_ms, void *data) {
  (void)multi;
  system_http *http = data;
  http->deadline =
      timeout_ms < 0 ? UINT64_MAX : system_monotonic() + (uint64_t)timeout_ms * 1000000;
  return 0;
}

static int open_socket(void *data, int purpose, struct curl_address *address) {
  (void)purpose;
  system_http_exchange *exchange = data;
  if (exchange->was_sent) { /* a second time: see about_to_send */
    exchange->would_repeat = true;
    return SOCKET_BAD;
  }
  if (exchange->blocks_private) {
    system_address checked;
    system_address_load(&checked, &address->address);
    if (checked.family == 0 || system_address_is_private(&checked)) {
      exchange->was_blocked = true;
      return SOCKET_BAD;
    }
  }
  return socket(
      address->family, address->type | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
}

/* Whoever is no address is nobody we know. */
static bool is_private(const char *peer) {
  system_address address;
  return system_address_parse(peer, &address) != 0 || system_address_is_private(&address);
}

/* libcurl has a connection and is about to send the request: a kept one may have been opened for somebody who may connect to
 * more addresses (spec Y-4, Y-5). Where a kept connection died under it, it would send the same once
 * more by itself; what is repeated is for the core to decide and to count (spec H-33). */
static int about_to_send(void *data, char *peer, char *local, int peer_port, int local_port) {
  (void)local;
  (void)peer_port;
  (void)local_port;
  system_http_exchange *exchange = data;
  if (exchange->blocks_private && is_private(peer)) {
    exchange->was_blocked = true;
    return BEFORE_REQUEST_ABORT;
  }
  exchange->would_repeat = exchange->was_sent;
  exchange->was_sent = true;
  return exchange->would_repeat ? BEFORE_REQUEST_ABORT : BEFORE_REQUEST_GO_ON;
}

/* There is a connection, and libcurl is about to secure it with this SSL_CTX. */
static int about_to_secure(void *easy, void *context, void *data) {
  (void)easy;
  system_http_exchange *exchange = data;
  exchange->is_securing = true;
  if (exchange->verifies) system_trust_hand_over(context);
  return CURL_GOOD;
}

static size_t body_came(char *bytes, size_t size, size_t count, void *data) {
  system_http_exchange *exchange = data;
  size_t length = size * count;
  if (length > exchange->body_limit - exchange->body_length) {
    exchange->is_too_large = true;
    return 0;
  }
  if (length > exchange->body_room - exchange->body_length) {
    size_t room = exchange->body_room == 0 ? 4096 : exchange->body_room;
    while (room - exchange->body_length < length) room *= 2;
    uint8_t *larger = realloc(exchange->body, room);
    if (larger == NULL) return 0;
    exchange->body = larger;
    exchange->body_room = room;
  }
  memcpy(exchange->body + exchange->body_length, bytes, length);
  exchange->body_length += length;
  return length;
}

static void keep_value(char **place, const char *bytes, size_t length) {
  while (length > 0 && (*bytes == ' ' || *bytes == '\t')) bytes++, length--;
  while (length > 0 && strchr(" \t\r\n", bytes[length - 1]) != NULL) length--;
  free(*place);
  *place = strndup(bytes, length);
}

static void forget_headers(system_http_exchange *exchange) {
  free(exchange->content_type);
  free(exchange->location);
  exchange->content_type = exchange->location = NULL;
  free(exchange->fields.text);
  exchange->fields = (cache_fields){NULL, 0, false, false};
}

/* Where there are too many of them, or no memory, it is as if the answer might not be kept. */
static void add_octets(cache_fields *fields, const char *bytes, size_t length) {
  if (fields->is_lost) return;
  if (fields->text == NULL) fields->text = calloc(1, FIELD_ROOM);
  /* Behind it are a line feed and the end of the text. */
  fields->is_lost = fields->text == NULL || memchr(bytes, 0, length) != NULL ||
                    length + 2 > FIELD_ROOM - fields->length;
  if (fields->is_lost) return;
  memcpy(fields->text + fields->length, bytes, length);
  fields->length += length;
}

static void keep_cache_field(cache_fields *fields, const char *bytes, size_t length) {
  static const char *const names[] = {
      "cache-control:", "expires:", "age:",    "date:",       "etag:",
      "last-modified:", "vary:",    "pragma:", "set-cookie:",
  };
  while (length > 0 && strchr("\r\n", bytes[length - 1]) != NULL) length--;
  if (length == 0) return;
  if (*bytes == ' ' || *bytes == '\t') { /* obs-fold, RFC 9112 section 5.2 */
    if (!fields->is_open || fields->is_lost) return;
    fields->length--; /* the end of the line before */
    add_octets(fields, bytes, length);
    add_octets(fields, "\n", 1);
    return;
  }
  fields->is_open = false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    size_t name = strlen(names[i]);
    if (length < name || strncasecmp(bytes, names[i], name) != 0) continue;
    fields->is_open = strcmp(names[i], "set-cookie:") != 0;
    add_octets(fields, names[i], name);
    /* That there is a cookie matters, not which. */
    if (fields->is_open) add_octets(fields, bytes + name, length - name);
    add_octets(fields, "\n", 1);
    return;
  }
}

static size_t header_came(char *bytes, size_t size, size_t count, void *data) {
  system_http_exchange *exchange = data;
  size_t length = size * count;
  if (length > HEADER_ROOM - exchange->header_length) {
    exchange->is_head_too_long = true;
    return 0;
  }
  exchange->header_length += length;
  if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
    forget_headers(exchange); /* those of a 1xx answer are not the answer's */
  else if (length >= 13 && strncasecmp(bytes, "Content-Type:", 13) == 0)
    keep_value(&exchange->content_type, bytes + 13, length - 13);
  else if (length >= 9 && strncasecmp(bytes, "Location:", 9) == 0)
    keep_value(&exchange->location, bytes + 9, length - 9);
  keep_cache_field(&exchange->fields, bytes, length);
  return length;
}

/* Octets that wait at a UNIX socket: unread here, and unread by the peer; false = it is no such socket, or is close-on-exec
 * already. */
static bool read_waiting(int descriptor, int waiting[2]) {
  int domain = 0, flags = fcntl(descriptor, F_GETFD);
  socklen_t length = sizeof domain;
  if (flags < 0 || (flags & FD_CLOEXEC) != 0) return false;
  if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) != 0 || domain != AF_UNIX) return false;
  return ioctl(descriptor, FIONREAD, &waiting[0]) == 0 && ioctl(descriptor, TIOCOUTQ, &waiting[1]) == 0;
}

/* libcurl makes itself a pair of sockets that a program the host starts would inherit. Which they are only libcurl knows, and
 * any thread may open descriptors meanwhile: so libcurl is told to write an octet, twice, and the pair is where it turns up
 * both times. No other descriptor is touched. */
static void *make_multi(const curl_functions *curl) {
  enum { FIRST_FEW = 64 };
  struct {
    int waiting[2];
    bool is_candidate;
  } sockets[FIRST_FEW] = {{{0, 0}, false}};
  int lowest = system_spare_descriptor();
  system_close(lowest);
  void *multi = curl->multi_init();
  if (multi == NULL || curl->multi_wakeup == NULL || lowest < 0) return multi;
  for (int i = 0; i < FIRST_FEW; i++) sockets[i].is_candidate = read_waiting(lowest + i, sockets[i].waiting);
  for (int round = 0; round < 2; round++) {
    if (curl->multi_wakeup(multi) != 0) return multi;
    for (int i = 0; i < FIRST_FEW; i++) {
      int now[2];
      if (!sockets[i].is_candidate) continue;
      sockets[i].is_candidate =
          read_waiting(lowest + i, now) &&
          ((now[0] == sockets[i].waiting[0] + 1 && now[1] == sockets[i].waiting[1]) ||
           (now[0] == sockets[i].waiting[0] && now[1] > sockets[i].waiting[1]));
      memcpy(sockets[i].waiting, now, sizeof now);
    }
  }
  for (int i = 0; i < FIRST_FEW; i++)
    if (sockets[i].is_candidate) (void)fcntl(lowest + i, F_SETFD, FD_CLOEXEC);
  return multi;
}

system_http *system_http_create(int epoll, uint8_t kind) {
  const curl_functions *curl = system_libcurl();
  if (curl == NULL) return NULL;
  system_http *http = calloc(1, sizeof *http);
  if (http == NULL) return NULL;
  http->curl = curl;
  http->epoll = epoll;
  http->kind = kind;
  http->deadline = UINT64_MAX;
  http->trust.event = -1;
  http->multi = make_multi(curl);
  if (http->multi == NULL) {
    free(http);
    return NULL;
  }
  curl->multi_setopt(http->multi, MULTI_SOCKET_FUNCTION, socket_changed);
  curl->multi_setopt(http->multi, MULTI_SOCKET_DATA, (void *)http);
  curl->multi_setopt(http->multi, MULTI_TIMER_FUNCTION, timer_changed);
  curl->multi_setopt(http->multi, MULTI_TIMER_DATA, (void *)http);
  curl->multi_setopt(http->multi, MULTI_MAX_CONNECTS, (long)KEPT_CONNECTIONS);
  return http;
}

static void release(system_http_exchange *exchange) {
  system_http *http = exchange->http;
  const curl_functions *curl = http->curl;
  if (exchange->before != NULL) exchange->before->next = exchange->next;
  if (exchange->next != NULL) exchange->next->before = exchange->before;
  if (http->exchanges == exchange) http->exchanges = exchange->next;
  if (exchange->easy != NULL) {
    if (exchange->is_added) curl->multi_remove_handle(http->multi, exchange->easy);
    if (http->idle_count < IDLE_EASY_HANDLES) {
      curl->easy_reset(exchange->easy);
      http->idle[http->idle_count++] = exchange->easy;
    } else {
      curl->easy_cleanup(exchange->easy);
    }
  }
  curl->slist_free_all(exchange->headers);
  curl->slist_free_all(exchange->resolved);
  forget_headers(exchange);
  free(exchange->body);
  free(exchange);
}

void system_http_destroy(system_http *http) {
  if (http == NULL) return;
  if (http->handed_out != NULL) release(http->handed_out);
  while (http->exchanges != NULL) release(http->exchanges);
  while (http->idle_count > 0) http->curl->easy_cleanup(http->idle[--http->idle_count]);
  http->curl->multi_cleanup(http->multi);
  system_trust_leave(&http->trust);
  system_close(http->trust.event);
  free(http);
}

bool system_http_is_prepared(system_http *http, int descriptor) {
  if (descriptor != http->trust.event) return false;
  system_drain_counter(descriptor);
  return true;
}

bool system_http_prepare(system_http *http) {
  if (http->trust.event < 0) {
    int event = system_wake_create();
    /* Without a descriptor libcurl may read what it wants. */
    if (event < 0) return true;
    if (system_epoll_set(http->epoll, event, SYSTEM_READ, (uint64_t)event << 8 | http->kind) != 0) {
      system_close(event);
      return true;
    }
    http->trust.event = event;
  }
  return system_trust_prepare(&http->trust);
}

int system_http_host(const char *text, char *host, size_t size, uint16_t *port) {
  const curl_functions *curl = system_libcurl();
  if (curl == NULL) return -ENOSYS;
  void *url = curl->url();
  char *scheme = NULL, *name = NULL, *number = NULL;
  int result = -EINVAL;
  if (url != NULL && curl->url_set(url, URL_WHOLE, text, 0) == 0 &&
      curl->url_get(url, URL_SCHEME, &scheme, 0) == 0 &&
      (strcasecmp(scheme, "http") == 0 || strcasecmp(scheme, "https") == 0) &&
      curl->url_get(url, URL_HOST, &name, 0) == 0 &&
      curl->url_get(url, URL_PORT, &number, URL_DEFAULT_PORT) == 0 && strlen(name) < size) {
    system_address address;
    strcpy(host, name);
    *port = (uint16_t)atoi(number);
    result = name[0] == '[' || system_address_parse(name, &address) == 0 ? 1 : 0;
  }
  curl->free(scheme);
  curl->free(name);
  curl->free(number);
  if (url != NULL) curl->url_cleanup(url);
  return result;
}

system_http_exchange *system_http_begin(system_http *http, uint64_t id, const char *url) {
  system_http_exchange *exchange = calloc(1, sizeof *exchange);
  if (exchange == NULL) return NULL;
  const curl_functions *curl = http->curl;
  void *easy = http->idle_count > 0 ? http->idle[--http->idle_count] : curl->easy_init();
  if (easy == NULL) {
    free(exchange);
    return NULL;
  }
  exchange->http = http;
  exchange->id = id;
  exchange->easy = easy;
  exchange->next = http->exchanges;
  if (exchange->next != NULL) exchange->next->before = exchange;
  http->exchanges = exchange;
  curl->easy_setopt(easy, OPTION_URL, url);
  curl->easy_setopt(easy, OPTION_PRIVATE, (void *)exchange);
  curl->easy_setopt(easy, OPTION_ERROR_BUFFER, exchange->error);
  curl->easy_setopt(easy, OPTION_NO_SIGNAL, 1L);
  curl->easy_setopt(easy, OPTION_FOLLOW_LOCATION, 0L);
  curl->easy_setopt(easy, OPTION_PATH_AS_IS, 1L);
  curl->easy_setopt(easy, OPTION_PROTOCOLS, (long)(PROTOCOL_HTTP | PROTOCOL_HTTPS));
  /* A proxy of the host's environment would connect where we must not (spec Y-4). */
  curl->easy_setopt(easy, OPTION_PROXY, "");
  curl->easy_setopt(easy, OPTION_ACCEPT_ENCODING, "gzip, deflate");
  curl->easy_setopt(easy, OPTION_WRITE_FUNCTION, body_came);
  curl->easy_setopt(easy, OPTION_WRITE_DATA, (void *)exchange);
  curl->easy_setopt(easy, OPTION_HEADER_FUNCTION, header_came);
  curl->easy_setopt(easy, OPTION_HEADER_DATA, (void *)exchange);
  curl->easy_setopt(easy, OPTION_OPEN_SOCKET_FUNCTION, open_socket);
  curl->easy_setopt(easy, OPTION_OPEN_SOCKET_DATA, (void *)exchange);
  /* A libcurl that does not ask beforehand gets no kept connection, and so repeats nothing. */
  if (curl->easy_setopt(easy, OPTION_BEFORE_REQUEST_FUNCTION, about_to_send) != CURL_GOOD)
    curl->easy_setopt(easy, OPTION_FRESH_CONNECT, 1L);
  curl->easy_setopt(easy, OPTION_BEFORE_REQUEST_DATA, (void *)exchange);
  return exchange;
}

void system_http_header(system_http_exchange *exchange, const char *line) {
  struct curl_list *longer = exchange->http->curl->slist_append(exchange->headers, line);
  if (longer != NULL) exchange->headers = longer;
}

void system_http_body(system_http_exchange *exchange, const void *bytes, size_t length) {
  const curl_functions *curl = exchange->http->curl;
  exchange->is_sent_post = true;
  curl->easy_setopt(exchange->easy, OPTION_POST, 1L);
  curl->easy_setopt(exchange->easy, OPTION_POST_FIELD_SIZE, (long)length);
  curl->easy_setopt(exchange->easy, OPTION_COPY_POST_FIELDS, length > 0 ? bytes : "");
  system_http_header(exchange, "Content-Type: application/x-www-form-urlencoded; charset=UTF-8");
  system_http_header(exchange, "Expect:"); /* no waiting for 100 */
}

void system_http_method(system_http_exchange *exchange, const char *method) {
  const char *usual = exchange->is_sent_post ? "POST" : "GET";
  if (strcmp(method, usual) != 0)
    exchange->http->curl->easy_setopt(exchange->easy, OPTION_CUSTOM_REQUEST, method);
}

static long at_least_one(int64_t milliseconds) {
  if (milliseconds < 1) return 1; /* zero would mean libcurl's own default */
  return milliseconds > 86400000 ? 86400000 : (long)milliseconds;
}

void system_http_limits(
    system_http_exchange *exchange, int64_t connect_ms, int64_t total_ms, size_t body_limit) {
  const curl_functions *curl = exchange->http->curl;
  curl->easy_setopt(exchange->easy, OPTION_CONNECT_TIMEOUT_MS, at_least_one(connect_ms));
  curl->easy_setopt(exchange->easy, OPTION_TIMEOUT_MS, at_least_one(total_ms));
  exchange->body_limit = body_limit;
}

void system_http_policy(system_http_exchange *exchange, bool blocks_private, bool verifies) {
  const curl_functions *curl = exchange->http->curl;
  exchange->blocks_private = blocks_private;
  curl->easy_setopt(exchange->easy, OPTION_SSL_VERIFY_PEER, verifies ? 1L : 0L);
  curl->easy_setopt(exchange->easy, OPTION_SSL_VERIFY_HOST, verifies ? 2L : 0L);
  exchange->verifies = verifies;
  if (curl->easy_setopt(exchange->easy, OPTION_SSL_CONTEXT_FUNCTION, about_to_secure) != CURL_GOOD) return;
  curl->easy_setopt(exchange->easy, OPTION_SSL_CONTEXT_DATA, (void *)exchange);
  if (verifies) system_trust_use(curl, exchange->easy);
}

void system_http_resolved(system_http_exchange *exchange, const char *entry) {
  exchange->resolved = exchange->http->curl->slist_append(NULL, entry);
  exchange->http->curl->easy_setopt(exchange->easy, OPTION_RESOLVE, exchange->resolved);
}

bool system_http_start(system_http_exchange *exchange) {
  const curl_functions *curl = exchange->http->curl;
  curl->easy_setopt(exchange->easy, OPTION_HTTP_HEADER, exchange->headers);
  exchange->is_added = curl->multi_add_handle(exchange->http->multi, exchange->easy) == 0;
  if (!exchange->is_added) {
    release(exchange);
    return false;
  }
  return true;
}

void system_http_abort(system_http *http, uint64_t id) {
  for (system_http_exchange *each = http->exchanges; each != NULL; each = each->next) {
    if (each->id != id || each == http->handed_out) continue;
    release(each);
    return;
  }
}

void system_http_ready(system_http *http, int descriptor, uint32_t events) {
  int running, what = 0;
  if ((events & SYSTEM_READ) != 0) what |= SELECT_INPUT;
  if ((events & SYSTEM_WRITE) != 0) what |= SELECT_OUTPUT;
  if ((events & (SYSTEM_ERROR | SYSTEM_HANGUP)) != 0) what |= SELECT_ERROR;
  http->curl->multi_socket_action(http->multi, descriptor, what, &running);
}

uint64_t system_http_deadline(const system_http *http) { return http->deadline; }

void system_http_time_passed(system_http *http) {
  int running;
  http->deadline = UINT64_MAX;
  http->curl->multi_socket_action(http->multi, SOCKET_BAD, 0, &running);
}

/* Nobody could be connected to, or nobody in time. */
static int unconnected(system_http_exchange *exchange, int code) {
  const curl_functions *curl = exchange->http->curl;
  long error = 0;
  if (code == CURL_TIMED_OUT)
    return exchange->is_securing ? SYSTEM_HTTP_TLS_TIMED_OUT : SYSTEM_HTTP_CONNECT_TIMED_OUT;
  if (exchange->was_blocked) return SYSTEM_HTTP_REFUSED;
  if (exchange->would_repeat) return SYSTEM_HTTP_CONNECTION_LOST;
  curl->easy_getinfo(exchange->easy, INFO_OS_ERROR, &error);
  return error == ECONNREFUSED ? SYSTEM_HTTP_CONNECTION_REFUSED : SYSTEM_HTTP_UNREACHABLE;
}

/* Each has words of its own: HTTPFailure.table.md. */
static int outcome(system_http_exchange *exchange, int code) {
  double pretransfer = 0;
  if (code == CURL_GOOD) return SYSTEM_HTTP_ANSWERED;
  if (exchange->is_too_large) return SYSTEM_HTTP_TOO_LARGE;
  if (exchange->is_head_too_long) return SYSTEM_HTTP_HEAD_TOO_LONG;
  switch (code) {
    case CURL_UNSUPPORTED_PROTOCOL: /* of the answer: the URL's scheme was checked before */
      return SYSTEM_HTTP_NO_STATUS_LINE;
    case CURL_URL_MALFORMAT:
      return SYSTEM_HTTP_REFUSED;
    case CURL_COULD_NOT_RESOLVE:
      return SYSTEM_HTTP_UNRESOLVED;
    case CURL_ABORTED_BY_CALLBACK: /* by about_to_send */
    case CURL_COULD_NOT_CONNECT:
      return unconnected(exchange, code);
    case CURL_TIMED_OUT:
      exchange->http->curl->easy_getinfo(exchange->easy, INFO_PRETRANSFER_TIME, &pretransfer);
      if (pretransfer <= 0) return unconnected(exchange, code);
      return exchange->header_length > 0 ? SYSTEM_HTTP_BODY_TIMED_OUT : SYSTEM_HTTP_TIMED_OUT;
    case CURL_PEER_VERIFICATION:
    case CURL_SSL_ISSUER:
      return SYSTEM_HTTP_CERTIFICATE;
    case CURL_SSL_CONNECT:
    case CURL_SSL_ENGINE_NOT_FOUND:
    case CURL_SSL_ENGINE_FAILED:
    case CURL_SSL_CERTIFICATE:
    case CURL_SSL_CIPHER:
    case CURL_SSL_ENGINE_INIT:
    case CURL_SSL_CA_BAD:
    case CURL_SSL_SHUTDOWN:
    case CURL_SSL_CRL_BAD:
    case CURL_SSL_PINNED:
    case CURL_SSL_STATUS:
    case CURL_SSL_CLIENT_CERTIFICATE:
      return SYSTEM_HTTP_TLS;
    case CURL_PARTIAL_FILE:
      return SYSTEM_HTTP_CUT_OFF;
    case CURL_GOT_NOTHING:
      return SYSTEM_HTTP_NO_ANSWER;
    case CURL_BAD_ENCODING:
      return SYSTEM_HTTP_ENCODING;
    case CURL_TOO_LARGE: /* a head, since 8.6; before that, CURL_OUT_OF_MEMORY */
      return SYSTEM_HTTP_HEAD_TOO_LONG;
    case CURL_OUT_OF_MEMORY:
      return exchange->header_length > 0 && exchange->body_length == 0 ? SYSTEM_HTTP_HEAD_TOO_LONG : SYSTEM_HTTP_NO_MEMORY;
    case CURL_FAILED_INIT:
    case CURL_WRITE_ERROR: /* by body_came */
      return SYSTEM_HTTP_NO_MEMORY;
    case CURL_SEND_ERROR:
    case CURL_RECEIVE_ERROR: /* of chunks, too */
      return strstr(exchange->error, "chunk") != NULL ? SYSTEM_HTTP_CHUNKS : SYSTEM_HTTP_RESET;
    default:
      return SYSTEM_HTTP_GARBLED;
  }
}

bool system_http_next(system_http *http, system_http_result *result) {
  const curl_functions *curl = http->curl;
  if (http->handed_out != NULL) {
    release(http->handed_out);
    http->handed_out = NULL;
  }
  struct curl_message *message;
  int left;
  while ((message = curl->multi_info_read(http->multi, &left)) != NULL) {
    if (message->kind != MESSAGE_DONE) continue;
    system_http_exchange *exchange = NULL;
    void *easy = message->easy;
    int code = message->data.result;
    long status = 0;
    curl->easy_getinfo(easy, INFO_PRIVATE, (void *)&exchange);
    if (exchange == NULL) continue;
    curl->easy_getinfo(easy, INFO_RESPONSE_CODE, &status);
    memset(result, 0, sizeof *result);
    result->id = exchange->id;
    result->outcome = outcome(exchange, code);
    result->status = status >= 0 && status <= 999 ? (int)status : 0;
    result->content_type = exchange->content_type != NULL ? exchange->content_type : "";
    result->location = exchange->location != NULL ? exchange->location : "";
    result->cache_fields = exchange->fields.is_lost        ? "cache-control:no-store\n"
                           : exchange->fields.text != NULL ? exchange->fields.text
                                                           : "";
    char *peer = NULL;
    curl->easy_getinfo(easy, INFO_PRIMARY_ADDRESS, (void *)&peer);
    result->is_public = peer != NULL && !is_private(peer);
    result->body = exchange->body;
    result->body_length = exchange->body_length;
    http->handed_out = exchange;
    return true;
  }
  return false;
}
