/* What the reactor needs of the machine: Linux calls, c-ares, and libcurl found at run time.
 *
 * Nothing here starts anything on load, prints, exits, installs a signal handler or reads the locale (failures
 * H8). Functions that can fail return a negative errno value. Every descriptor is close-on-exec. */
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* ---- address.c */

/* family is 4 or 6; the address is two numbers as in RCMLBasics.SocketAddress. scope is the number of the interface that
 * an address of fe80::/10 belongs to: without it the kernel sends nothing there (RFC 4007 section 6). */
typedef struct {
  uint64_t high, low;
  uint32_t scope;
  uint16_t port;
  uint8_t family;
} system_address;

/* 0, or -EINVAL when `text` is no numeric address. */
int system_address_parse(const char *text, system_address *out);
/* Loopback, link-local, private, unique local, metadata, multicast, reserved, and the IPv6 forms that
 * carry such an IPv4 address (spec Y-4). */
bool system_address_is_private(const system_address *address);

/* ---- loop.c */

typedef struct {
  uint64_t tag;
  uint32_t events;
} system_event;

enum { SYSTEM_READ = 1, SYSTEM_WRITE = 4, SYSTEM_ERROR = 8, SYSTEM_HANGUP = 16 };

int system_epoll_create(void);
/* Adds the descriptor, or changes what is watched for it; 0 events keep only errors and hangups. */
int system_epoll_set(int epoll, int descriptor, uint32_t events, uint64_t tag);
int system_epoll_remove(int epoll, int descriptor);
/* How many events there are, or -errno: a signal is -EINTR. */
int system_epoll_wait(int epoll, system_event *events, int count, int timeout_ms);

int system_timer_create(void);
/* Absolute monotonic nanoseconds; UINT64_MAX disarms. */
int system_timer_set(int timer, uint64_t instant);
int system_wake_create(void);
/* Async-signal-safe. */
void system_wake(int descriptor);
/* Empties a timer or wake descriptor. */
void system_drain_counter(int descriptor);

uint64_t system_monotonic(void);
/* How far this machine's local time is ahead of UTC at so many seconds since 1970; 0 = nobody knows. */
int64_t system_seconds_east(int64_t unix_seconds);
int64_t system_unix_microseconds(void);
int system_random(void *buffer, size_t length);
void system_close(int descriptor);
const char *system_error_text(int error, char *buffer, size_t size);

/* ---- process.c */

int system_process(void);
/* How many descriptors the process may have open, at most INT32_MAX. */
int system_descriptor_limit(void);
/* 1 in this process and 0 in every child that is forked from it; NULL: the system has no such thing. */
const volatile uint8_t *system_mark_create(void);
void system_mark_destroy(const volatile uint8_t *mark);

/* ---- file.c */

/* Created or emptied, append only, 0600. */
int system_file_create(const char *path);
/* Created, 0600; what is there already, be it a link, is not touched. */
int system_file_create_new(const char *path);
/* Failure means nothing more than that the file stays. */
void system_file_remove(const char *path);
/* Writes all of it, or returns a negative errno value. */
int system_file_write(int descriptor, const void *bytes, size_t length);
int system_file_write_at(int descriptor, uint64_t offset, const void *bytes, size_t length);
bool system_file_is_regular(int descriptor);
/* How many octets may be written so that its disk keeps `reserve` free, or a tenth of it where that is less. */
int64_t system_file_room(int descriptor, uint64_t reserve);
/* The file at `path`, if there is one, takes the place of the one at `older`. */
int system_file_replace(const char *path, const char *older);
/* Zeros up to `length`, or what is behind it cut off, or a negative errno value. */
int system_file_extend(int descriptor, uint64_t length);
/* A regular file to be read; anything else is -EINVAL. */
int system_file_open(const char *path);
int64_t system_file_size(int descriptor);
/* From the beginning; how many octets were there, at most `size`. */
int64_t system_file_read(int descriptor, void *buffer, size_t size);

/* ---- memory.c */

/* What is put by for the moment in which the system gives no memory stands. false: it gives none now either, and
 * nothing should be begun. Any thread. */
bool system_memory_is_kept(void);
/* As malloc, calloc, realloc and strdup, with what was put by; freed by free(). */
void *system_memory_get(size_t size);
void *system_memory_zeroed(size_t count, size_t size);
void *system_memory_resize(void *old, size_t size);
char *system_memory_copy(const char *text);
/* Octets of the process that are resident, 0 = nobody can say. */
int64_t system_memory_resident(void);
/* Gives back what was freed, as far as the C library can. */
void system_memory_trim(void);

/* ---- datagram.c */

#define SYSTEM_BATCH 32
/* Where one datagram lies: more than any UDP payload; only pages that were written are resident. */
#define SYSTEM_DATAGRAM_ROOM 65536

typedef struct {
  system_address from, local;
  const void *bytes;
  size_t length;
  /* When the kernel took it, on the monotonic clock; 0 = it does not say (only SIP sockets do). */
  uint64_t arrived;
} system_datagram;

typedef struct system_inbox system_inbox;
typedef struct system_outbox system_outbox;

int system_udp_bind(system_address *address);
/* A socket for RTP or RTCP; that of [::] takes IPv4 as well, from and to ::ffff:0:0/96. */
int system_media_bind(const system_address *address);
system_inbox *system_inbox_create(void);
void system_inbox_destroy(system_inbox *inbox);
/* How many datagrams were read, at most `limit` and SYSTEM_BATCH; 0 = none waits. `bound`: the listener's address. */
int system_inbox_read(system_inbox *inbox, int descriptor, const system_address *bound, int limit);
const system_datagram *system_inbox_datagrams(const system_inbox *inbox);
/* The destination of one datagram that an ICMP error came back for, and which errno it means; 0 when there is none left. */
int system_udp_next_error(int descriptor, system_address *destination);

/* The address of this machine that datagrams leave from, in the words of the kernel. */
typedef struct {
  uint64_t control[5]; /* one control message, IP_PKTINFO or IPV6_PKTINFO */
  uint32_t length;     /* of it; 0 = the kernel chooses */
} system_source;

/* `address`: in the family of the socket, for that of [::] from ::ffff:0:0/96 where it is IPv4. */
void system_source_set(system_source *source, const system_address *address);

system_outbox *system_outbox_create(void);
void system_outbox_destroy(system_outbox *outbox);
/* false: no room, send what is there first. `from`: NULL, or what stays where it is until the datagram is sent. */
bool system_outbox_add(
    system_outbox *outbox, const void *bytes, size_t length, const system_address *to,
    system_source *from);
size_t system_outbox_count(const system_outbox *outbox);
typedef struct {
  system_address address;
  int error; /* an errno value */
} system_refusal;

/* Sends all of it and empties the outbox. Each destination the kernel refuses is reported, as long as there is
 * room for it; a full socket drops (counted), as the network would. A source that no datagram can leave from is emptied
 * (length 0) where the same datagram leaves without it. */
int system_outbox_send(
    system_outbox *outbox, int descriptor, system_refusal *refused, int refused_count,
    uint64_t *dropped);

/* A socket that sends to `to` alone, and never blocks. */
int system_udp_connect(const system_address *to);
/* 0, or a negative errno value: it was not sent. An ICMP error for an earlier datagram is passed over. */
int system_udp_send(int descriptor, const void *bytes, size_t length);

/* Whether this machine has the address. */
bool system_address_is_local(const system_address *address);

/* The local address a datagram to `to` would leave from. */
int system_route(const system_address *to, system_address *local);

/* ---- stream.c */

int system_tcp_listen(system_address *address);
/* -EAGAIN: nobody waits. */
int system_tcp_accept(int descriptor, system_address *local, system_address *remote);
/* A descriptor whose connect is under way. */
int system_tcp_connect(const system_address *to);
/* The outcome of a connect, once writable: 0 or a negative errno value. */
int system_tcp_connected(int descriptor, system_address *local);
/* -EAGAIN: later. Never raises SIGPIPE. */
int64_t system_tcp_send(int descriptor, const void *bytes, size_t length);
int64_t system_tcp_receive(int descriptor, void *buffer, size_t size);
/* No more octets from us; what the peer still sends can be read. */
void system_tcp_finish(int descriptor);
int system_spare_descriptor(void);

/* ---- names.c */

#define SYSTEM_NAME_ADDRESSES 32
#define SYSTEM_NAME_RECORDS 16
#define SYSTEM_NAME_LENGTH 256

enum {
  SYSTEM_NAME_EMPTY,   /* there is such a name, without what was asked for */
  SYSTEM_NAME_UNKNOWN, /* there is none */
  SYSTEM_NAME_SILENT,  /* no name server answers */
  SYSTEM_NAME_FAILED   /* any other failure */
};

enum { SYSTEM_NAME_ADDRESS, SYSTEM_NAME_SERVICE, SYSTEM_NAME_POINTER };

typedef struct system_names system_names;

/* SRV: first = priority, second = weight, name = target. NAPTR: first = order, second = preference, name =
 * replacement. Texts that are too long make no record. */
typedef struct {
  uint16_t first, second, port;
  char name[SYSTEM_NAME_LENGTH];
  char flags[8], service[32];
} system_name_record;

typedef struct {
  uint64_t id;
  int kind;
  int count; /* of addresses, or of records; 0 = see `failure` */
  int failure; /* SYSTEM_NAME_UNKNOWN and so on: why there are none */
  system_address addresses[SYSTEM_NAME_ADDRESSES];
  system_name_record records[SYSTEM_NAME_RECORDS];
} system_name_answer;

/* Sockets are put into `epoll` with the tag `descriptor << 8 | kind`. `servers`: "127.0.0.1:5353,[::1]", or empty for
 * those of the system. */
system_names *system_names_create(int epoll, uint8_t kind, const char *servers);
/* Other servers from now on. What is still unanswered fails. false: there can be no lookup any more. */
bool system_names_use(system_names *names, const char *servers);
void system_names_destroy(system_names *names);
/* `kind`: SYSTEM_NAME_ADDRESS for A, AAAA and the file of hosts, _SERVICE for SRV, _POINTER for NAPTR.
 * false: there is no memory, and no answer will come. */
bool system_names_lookup(system_names *names, uint64_t id, int kind, const char *name);
void system_names_ready(system_names *names, int descriptor, uint32_t events);
/* Nanoseconds until the next timeout; UINT64_MAX = none. */
uint64_t system_names_timeout(system_names *names);
void system_names_time_passed(system_names *names);
bool system_names_next(system_names *names, system_name_answer *answer);

/* ---- http.c */

typedef struct system_http system_http;
typedef struct system_http_exchange system_http_exchange;

enum {
  SYSTEM_HTTP_ANSWERED,
  SYSTEM_HTTP_UNRESOLVED,
  SYSTEM_HTTP_UNREACHABLE,
  SYSTEM_HTTP_TLS,
  SYSTEM_HTTP_CONNECT_TIMED_OUT,
  SYSTEM_HTTP_TIMED_OUT,
  SYSTEM_HTTP_TOO_LARGE,
  SYSTEM_HTTP_REFUSED,
  SYSTEM_HTTP_GARBLED,
  SYSTEM_HTTP_UNAVAILABLE,
  SYSTEM_HTTP_CONNECTION_REFUSED,
  SYSTEM_HTTP_CONNECTION_LOST, /* a kept one, before the answer */
  SYSTEM_HTTP_CERTIFICATE,
  SYSTEM_HTTP_TLS_TIMED_OUT,
  SYSTEM_HTTP_RESET,
  SYSTEM_HTTP_NO_ANSWER,
  SYSTEM_HTTP_CUT_OFF,
  SYSTEM_HTTP_BODY_TIMED_OUT,
  SYSTEM_HTTP_NO_STATUS_LINE,
  SYSTEM_HTTP_HEAD_TOO_LONG,
  SYSTEM_HTTP_CHUNKS,
  SYSTEM_HTTP_ENCODING,
  SYSTEM_HTTP_NO_MEMORY
};

typedef struct {
  uint64_t id;
  int outcome;
  int status;
  const char *content_type, *location;
  const char *cache_fields; /* "name:value" and a line feed each, names in lower case (RFC 9111); of cookies no value */
  const void *body;
  size_t body_length;
  bool is_public; /* the address that was connected to is none of system_address_is_private */
} system_http_result;

/* NULL: this machine has no libcurl. Loads it on first use. */
system_http *system_http_create(int epoll, uint8_t kind);
void system_http_destroy(system_http *http);
/* The host and port of a URL as libcurl reads it. 1: numeric, 0: a name, negative: no URL we speak. */
int system_http_host(const char *url, char *host, size_t size, uint16_t *port);

system_http_exchange *system_http_begin(system_http *http, uint64_t id, const char *url);
void system_http_header(system_http_exchange *exchange, const char *line);
void system_http_body(system_http_exchange *exchange, const void *bytes, size_t length);
void system_http_method(system_http_exchange *exchange, const char *method);
void system_http_limits(
    system_http_exchange *exchange, int64_t connect_ms, int64_t total_ms, size_t body_limit);
void system_http_policy(system_http_exchange *exchange, bool blocks_private, bool verifies);
/* "host:port:address,address": what the host's name stands for, so that libcurl asks nobody. */
void system_http_resolved(system_http_exchange *exchange, const char *entry);
/* false: it could not begin, and the exchange is gone. */
bool system_http_start(system_http_exchange *exchange);

/* False: libcurl is being loaded by a thread, which will wake `event`. True: it may be used now, if there is one. */
bool system_http_load(int event);
/* Nobody is woken any more. */
void system_http_load_leave(int event);

/* False: the certificates that servers are trusted by are being read, and the loop will be woken. */
bool system_http_prepare(system_http *http);
/* The loop was woken for that. */
bool system_http_is_prepared(system_http *http, int descriptor);

void system_http_abort(system_http *http, uint64_t id);
void system_http_ready(system_http *http, int descriptor, uint32_t events);
/* Absolute monotonic nanoseconds; UINT64_MAX = none. */
uint64_t system_http_deadline(const system_http *http);
void system_http_time_passed(system_http *http);
/* What is borrowed in `result` lives until the next call of this function. */
bool system_http_next(system_http *http, system_http_result *result);

/* ---- thread.c */

typedef struct system_waker system_waker;

/* A thread that calls `function` once whenever `epoll` has something, and not again before it is rearmed. It
 * takes no signals. NULL when there can be no thread. */
system_waker *system_waker_create(int epoll, void (*function)(void *), void *context);
void system_waker_rearm(system_waker *waker);
/* Must not be called by `function`. The thread has ended on return. */
void system_waker_destroy(system_waker *waker);
/* In a child that was forked: there is no such thread, only its descriptor and its memory. */
void system_waker_abandon(system_waker *waker);

/* ---- worker.c */

typedef struct system_worker system_worker;

/* A thread that calls `function` with one job after the other, in the order in which they were given, and wakes
 * `event` when one is done of which it returns true. It takes no signals. NULL when there can be no thread. */
system_worker *system_worker_create(int event, bool (*function)(void *));
/* false: there is no memory. */
bool system_worker_give(system_worker *worker, void *job);
/* A job that was done; NULL = none. */
void *system_worker_next(system_worker *worker);
/* Waits for the job under way and ends the thread; every other job is handed back by `system_worker_next`. */
void system_worker_end(system_worker *worker);
void system_worker_destroy(system_worker *worker);

/* ---- program.c */

typedef struct {
  int process;
  int descriptor; /* readable when it has ended; both are the caller's to close */
  int output;     /* a file without a name that is its standard output */
} system_program;

/* Whether there is such a program: a path, or a name that is looked for in PATH. */
bool system_program_exists(const char *name);

/* Runs a program without a shell: `count` arguments one after the other, each with its zero, the first being its
 * path or a name to be looked for in PATH. `input` is its whole standard input, what it writes goes into a file of at
 * most `output_limit` octets, what it complains of goes nowhere. It has a group of its own, and nothing else of ours:
 * no descriptor, no signal mask, of the environment only PATH and LANG. */
int system_program_start(
    const char *arguments, int count, const void *input, size_t length, size_t output_limit,
    system_program *out);
/* The program and all it started. */
void system_program_kill(const system_program *program);
/* 1: it ended well, 0: it did not, -EAGAIN: it has not ended. Whatever it started is killed. */
int system_program_end(const system_program *program);
/* Kills it, waits for it (a second at most), and closes both descriptors. */
void system_program_abandon(const system_program *program);

#pragma GCC visibility pop
#endif
