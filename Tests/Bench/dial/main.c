/* Many calls through a system that dials: this program is their callers and everybody whom they reach, by one clock, so
 * that it knows how long the system kept a message.
 *
 *   calls SYSTEM:PORT OWN TARGETS RATE SECONDS HOLD RING [challenge] [to NAME]
 *
 * SYSTEM:PORT: where the system listens. OWN: this program's address; callers are at its port 5070, target i at
 * 5080 + i. RATE calls a second begin for SECONDS. The system has to call all TARGETS of them at once; each rings, the
 * last one answers after RING ms, the others must be cancelled. The caller hangs up HOLD ms after it was answered.
 * `challenge`: a target asks for credentials and checks them (user bench, password secret). `to`: sip:NAME@SYSTEM is
 * called, and not sip:service@SYSTEM. Legs are found by the user part of From, which the system has to pass on.
 *
 * One JSON object says what came of it; times in microseconds. `late` is how long after its time a call was begun, `cpu`
 * and `elapsed` are this program's own: where it is late or always busy, it is what was measured. SIGTERM: it says at once
 * how many calls are `up`, and hangs nothing up.
 *
 * A call is good when its caller was answered, hung up and heard so, and each target's part ended as it should. */
#define _GNU_SOURCE
#include "calls.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, BURST = 32, BUFFER = 16 << 20, REPEAT = 500, PATIENCE = 8, LAST_WORDS = 2 };
static const int64_t second = 1000000000;

struct run run;
static volatile sig_atomic_t is_told_to_end;

static void told_to_end(int signal) {
  (void)signal;
  is_told_to_end = 1;
}

int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * second + time.tv_nsec;
}

bool is_time_to_repeat(int turn) { return (turn & (turn + 1)) == 0 || turn % 8 == 7; }

static void fail(const char *what) {
  perror(what);
  exit(2);
}

void send_octets(int socket, const struct sockaddr_in *to, const char *octets, int length) {
  run.sent++;
  /* What does not fit into the buffer is lost, as on a wire, and sent again. */
  (void)!sendto(socket, octets, (size_t)length, 0, (const struct sockaddr *)to, sizeof *to);
}

int call_of(const struct message *message) {
  struct text from = message_field(message, "From");
  const char *user = memmem(from.start, (size_t)from.length, "sip:c", 5);
  int number, call;
  if (user == NULL || sscanf(user + 5, "%dx%d", &number, &call) != 2) return -1;
  return number == run.number && call >= 0 && call < run.count ? call : -1;
}

static int open_socket(int loop, int index, int port) {
  struct sockaddr_in address = run.own;
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), room = BUFFER;
  if (descriptor < 0) fail("socket");
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  address.sin_port = htons((uint16_t)port);
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
  return descriptor;
}

/* `index`: 0 = the callers' socket, else that of target index - 1. */
static void receive(int index) {
  static char octets[BATCH][ROOM];
  static struct sockaddr_in peers[BATCH];
  static struct message message;
  struct mmsghdr headers[BATCH];
  struct iovec vectors[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){octets[i], ROOM - 1};
    headers[i].msg_hdr = (struct msghdr){
        .msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  int descriptor = index == 0 ? run.caller_socket : run.target_sockets[index - 1];
  int read = recvmmsg(descriptor, headers, BATCH, MSG_DONTWAIT, NULL);
  int64_t at = now();
  for (int i = 0; i < read; i++) {
    int length = (int)headers[i].msg_len;
    octets[i][length] = 0;
    run.received++;
    if (!message_read(&message, octets[i], length)) run.strange++;
    else if (index == 0) caller_receive(&message, &peers[i], at);
    else target_receive(index - 1, &message, &peers[i], at);
  }
}

static void wait_until(int loop, int64_t time) {
  struct epoll_event events[TARGETS + 1];
  int64_t left = time - now();
  if (left < 0) left = 0;
  if (left > second / 10) left = second / 10;
  struct timespec wait = {0, left};
  int ready = epoll_pwait2(loop, events, TARGETS + 1, &wait, NULL);
  for (int i = 0; i < ready; i++) receive((int)events[i].data.u32);
}

/* How many targets' parts have not ended as they should. */
static int open_legs(void) {
  int count = 0;
  for (int i = 0; i < run.count; i++) {
    bool is_whole = true;
    for (int j = 0; j < run.target_count; j++) is_whole &= run.legs[i * run.target_count + j].state == LEG_ENDED;
    count += !is_whole && run.calls[i].state == CALLER_ENDED;
  }
  return count;
}

/* How many calls are up at both ends. */
static int calls_up(void) {
  int count = 0;
  for (int i = 0; i < run.count; i++)
    count += run.calls[i].state == CALLER_UP && run.legs[(i + 1) * run.target_count - 1].state == LEG_UP;
  return count;
}

/* The time between the first call and the last, ns. */
static int64_t place_calls(int loop, int longest) {
  int64_t began = now(), last = began;
  while (run.ended < run.count && !is_told_to_end) {
    int64_t time = now(), next = waits_turn(time);
    for (int i = 0; i < BURST && run.begun < run.count; i++) {
      int64_t due = began + (int64_t)(run.begun * (double)second / run.rate);
      if (due > time) break;
      delays_add(DELAY_LATE, time - due);
      caller_begin(run.begun++);
      last = time;
    }
    if (run.begun < run.count) {
      int64_t due = began + (int64_t)(run.begun * (double)second / run.rate);
      if (due < next) next = due;
    } else if (time > last + (int64_t)longest * 1000000 + PATIENCE * second) {
      break;
    }
    wait_until(loop, next);
  }
  /* The targets hear of the end after the callers. */
  for (int64_t limit = now() + LAST_WORDS * second; !is_told_to_end && now() < limit && open_legs() > 0;) {
    int64_t soon = now() + second / 20;
    int64_t next = waits_turn(now());
    wait_until(loop, next < soon ? next : soon);
  }
  return last - began;
}

/* Seconds for which this program could have run, and others had its core. */
static double waited(void) {
  long long ran, queued = 0;
  FILE *file = fopen("/proc/self/schedstat", "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%lld %lld", &ran, &queued) != 2) queued = 0;
  fclose(file);
  return (double)queued / (double)second;
}

/* `took`: from the first call to the last; `elapsed`: of all. */
static void report(int64_t took, int64_t elapsed) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  int unfinished = run.count - run.ended, incomplete = open_legs(), failed = run.failed + unfinished + incomplete;
  printf("{\"calls\":%d,\"good\":%d,\"failed\":%d,\"unfinished\":%d,\"incomplete\":%d,\"up\":%d,\"rate\":%.1f,",
         run.count, run.count - failed, failed, unfinished, incomplete, calls_up(),
         took > 0 ? (run.count - 1) * (double)second / (double)took : 0);
  delays_print();
  printf("\"sent\":%lld,\"received\":%lld,\"repeated\":%lld,\"strange\":%lld,\"challenged\":%lld,"
         "\"elapsed\":%.3f,\"waited\":%.3f,\"cpu\":%.3f}\n",
         (long long)run.sent, (long long)run.received, (long long)run.repeated, (long long)run.strange,
         (long long)run.challenged, (double)elapsed / (double)second, waited(),
         (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
             (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
}

static bool read_address(const char *text, struct sockaddr_in *address) {
  char host[32];
  int port = 0;
  if (sscanf(text, "%31[0-9.]:%d", host, &port) < 1) return false;
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  return inet_pton(AF_INET, host, &address->sin_addr) == 1;
}

/* What is behind RING. */
static bool read_words(int count, char **words) {
  run.called = "service";
  for (int i = 0; i < count; i++) {
    if (strcmp(words[i], "challenge") == 0) run.challenges = true;
    else if (strcmp(words[i], "to") == 0 && i + 1 < count) run.called = words[++i];
    else return false;
  }
  return true;
}

int main(int argc, char **argv) {
  if (argc < 8 || !read_words(argc - 8, argv + 8) || !read_address(argv[1], &run.system) ||
      !read_address(argv[2], &run.own))
    return fputs("usage: calls SYSTEM:PORT OWN TARGETS RATE SECONDS HOLD RING [challenge] [to NAME]\n", stderr), 2;
  snprintf(run.system_name, sizeof run.system_name, "%.31s", argv[1]);
  snprintf(run.own_name, sizeof run.own_name, "%.31s", argv[2]);
  run.target_count = atoi(argv[3]);
  run.rate = atof(argv[4]);
  run.count = (int)(run.rate * atof(argv[5]));
  run.number = (int)(now() / 1000 % 1000000);
  int hold = atoi(argv[6]), ring = atoi(argv[7]);
  if (run.target_count < 1 || run.target_count > TARGETS || run.rate <= 0) return fputs("calls: what?\n", stderr), 2;
  if (run.count < 1) run.count = 1;
  run.calls = calloc((size_t)run.count, sizeof *run.calls);
  run.legs = calloc((size_t)run.count * (size_t)run.target_count, sizeof *run.legs);
  int loop = epoll_create1(EPOLL_CLOEXEC);
  if (run.calls == NULL || run.legs == NULL || loop < 0) fail("calls");
  run.caller_socket = open_socket(loop, 0, CALLER_PORT);
  for (int i = 0; i < run.target_count; i++) run.target_sockets[i] = open_socket(loop, i + 1, TARGET_PORT + i);
  signal(SIGTERM, told_to_end);
  waits_set(WAIT_ANSWER, ring);
  waits_set(WAIT_LEAVE, hold);
  waits_set(WAIT_CALLER, REPEAT);
  waits_set(WAIT_TARGET, REPEAT);
  int64_t began = now(), took = place_calls(loop, hold + ring);
  report(took, now() - began);
  return 0;
}
