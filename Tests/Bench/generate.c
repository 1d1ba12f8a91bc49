/* Callers and called parties of many calls: 50 packets a second from each, 20 ms of G.711 in each packet.
 *
 *   generate COUNT [together]    COUNT streams, each with a socket of its own; the partner of stream i is stream i ^ 1
 *
 * `together`: all callers have one socket and all called parties another, and what is due within a quarter of a
 * millisecond is sent and taken at once: so one core plays more calls than the server can carry.
 *
 * Says on which ports the streams are. Then, for each line "SECONDS PORT PORT …" of its input, one port for each stream,
 * sends there for that long and says what came: one line, "sent received late p50 p99 p999 max", times in ns.
 * A packet's time is taken before it is sent, and by the kernel when it is there again: what this program does in
 * between is not in it. At the end it reads on until nothing more comes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  PACKET = 172,
  INTERVAL = 20000000,
  BATCH = 16,
  SHARED_BATCH = 64,
  EVENTS = 256,
  TURNS = 8, /* of taking from a socket, before any is sent again */
  BURST = 256, /* so many are sent before any is taken */
  BUFFER = 65536,
  SHARED_BUFFER = 16 << 20,
  PAUSE = 250000,     /* between what is sent at once */
  DRAIN = 300000000,  /* without a packet, then it is over */
  PATIENCE = 5        /* in DRAIN */
};

struct stream {
  int descriptor;
  struct sockaddr_in to;
  uint16_t sequence;
  uint32_t timestamp;
};

static struct stream *streams;
static int count, loop, is_together;
static uint32_t *delays;
static size_t delay_count, delay_room;

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time); /* the kernel's stamps are of this clock */
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int open_stream(int i) {
  int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1, room = is_together ? SHARED_BUFFER : BUFFER;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
  if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (!is_together || setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
  return descriptor;
}

static void open_streams(void) {
  loop = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    streams[i].descriptor = is_together && i > 1 ? streams[i & 1].descriptor : open_stream(i);
    getsockname(streams[i].descriptor, (struct sockaddr *)&address, &length);
    printf("%d%c", ntohs(address.sin_port), i + 1 < count ? ' ' : '\n');
  }
  fflush(stdout);
}

static void write_packet(int i, uint8_t *packet) {
  struct stream *stream = &streams[i];
  memset(packet, 0x55, PACKET);
  uint16_t sequence = htons(stream->sequence++);
  uint32_t timestamp = htonl(stream->timestamp), source = htonl(0x1000u + (uint32_t)i);
  stream->timestamp += 160;
  packet[0] = 0x80;
  packet[1] = 0;
  memcpy(packet + 2, &sequence, 2);
  memcpy(packet + 4, &timestamp, 4);
  memcpy(packet + 8, &source, 4);
  uint64_t sent = now();
  memcpy(packet + 12, &sent, 8);
}

static int send_one(int i) {
  struct stream *stream = &streams[i];
  uint8_t packet[PACKET];
  write_packet(i, packet);
  return sendto(stream->descriptor, packet, sizeof packet, 0, (struct sockaddr *)&stream->to, sizeof stream->to) ==
         PACKET;
}

/* Streams `first` and the next but one and so on, of one socket, at once. */
static int send_together(int first, int number) {
  static uint8_t packets[BURST][PACKET];
  static struct mmsghdr headers[BURST];
  static struct iovec vectors[BURST];
  int sent = 0, more = 1;
  for (int i = 0; i < number; i++) {
    int stream = (first + 2 * i) % count;
    write_packet(stream, packets[i]);
    vectors[i] = (struct iovec){packets[i], PACKET};
    headers[i].msg_hdr = (struct msghdr){.msg_name = &streams[stream].to,
                                         .msg_namelen = sizeof streams[stream].to,
                                         .msg_iov = &vectors[i],
                                         .msg_iovlen = 1};
  }
  for (; sent < number && more > 0; sent += more > 0 ? more : 0)
    more = sendmmsg(streams[first].descriptor, headers + sent, (unsigned)(number - sent), 0);
  return sent;
}

/* `number` streams from `first` on. */
static int send_due(int first, int number) {
  int sent = 0;
  if (is_together)
    return send_together(first, (number + 1) / 2) + (number > 1 ? send_together((first + 1) % count, number / 2) : 0);
  for (int i = 0; i < number; i++) sent += send_one((first + i) % count);
  return sent;
}

/* `read`: how many there were, with those of others. */
static int receive(int descriptor, uint64_t since, int *read) {
  static uint8_t packets[SHARED_BATCH][2048], controls[SHARED_BATCH][128];
  static struct mmsghdr headers[SHARED_BATCH];
  static struct iovec vectors[SHARED_BATCH];
  int batch = is_together ? SHARED_BATCH : BATCH, taken = 0;
  for (int i = 0; i < batch; i++) {
    vectors[i] = (struct iovec){packets[i], sizeof packets[i]};
    headers[i].msg_hdr = (struct msghdr){
        .msg_iov = &vectors[i], .msg_iovlen = 1, .msg_control = controls[i], .msg_controllen = sizeof controls[i]};
  }
  *read = recvmmsg(descriptor, headers, (unsigned)batch, MSG_DONTWAIT, NULL);
  for (int i = 0; i < *read; i++) {
    uint64_t sent;
    struct timespec there = {0, 0};
    if (headers[i].msg_len != PACKET) continue;
    memcpy(&sent, packets[i] + 12, 8);
    if (sent < since) continue; /* of the window before */
    struct msghdr *header = &headers[i].msg_hdr;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control != NULL; control = CMSG_NXTHDR(header, control))
      if (control->cmsg_type == SO_TIMESTAMPNS) memcpy(&there, CMSG_DATA(control), sizeof there);
    uint64_t arrived = (uint64_t)there.tv_sec * 1000000000 + (uint64_t)there.tv_nsec;
    taken++;
    if (delay_count < delay_room)
      delays[delay_count++] = arrived > sent ? (uint32_t)(arrived - sent < UINT32_MAX ? arrived - sent : UINT32_MAX) : 0;
  }
  return taken;
}

static int ascending(const void *one, const void *other) {
  uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
  return a < b ? -1 : a > b;
}

/* The streams take turns, evenly over 20 ms. */
static void run(int seconds) {
  uint64_t started = now(), interval = INTERVAL / (uint64_t)count, due = started;
  uint64_t end = started + (uint64_t)seconds * 1000000000;
  long sent = 0, received = 0, late = 0;
  int next = 0;
  uint64_t heard = end;
  delay_count = 0;
  for (;;) {
    uint64_t time = now();
    int number = 0;
    if (time >= heard + DRAIN || time >= end + PATIENCE * (uint64_t)DRAIN) break;
    for (; due < end && due <= time && number < BURST && number < count; due += interval, number++)
      late += time - due > 1000000;
    if (number > 0) sent += send_due(next, number);
    next = (next + number) % count;
    uint64_t until = due >= end ? end + DRAIN : is_together && due < time + PAUSE ? time + PAUSE : due;
    struct timespec wait = {0, 0};
    time = now();
    if (until > time) wait.tv_nsec = (long)(until - time < 100000000 ? until - time : 100000000);
    /* What came meanwhile is taken at once, too: its time is the kernel's. */
    if (is_together && wait.tv_nsec > 0 && due < end) {
      nanosleep(&wait, NULL);
      wait.tv_nsec = 0;
    }
    struct epoll_event events[EVENTS];
    int ready = epoll_pwait2(loop, events, EVENTS, &wait, NULL);
    for (int i = 0; i < ready; i++) {
      int read = SHARED_BATCH;
      for (int turn = 0; turn < TURNS && read == SHARED_BATCH; turn++)
        received += receive(streams[events[i].data.u32].descriptor, started, &read);
    }
    if (ready > 0 && due >= end) heard = now() > end ? now() : end;
  }
  qsort(delays, delay_count, sizeof *delays, ascending);
  size_t last = delay_count > 0 ? delay_count - 1 : 0;
  if (delay_count == 0) delays[0] = 0;
  printf("%ld %ld %ld %u %u %u %u\n", sent, received, late, delays[last / 2], delays[last * 99 / 100],
         delays[last * 999 / 1000], delays[last]);
  fflush(stdout);
}

int main(int argc, char **argv) {
  count = argc >= 2 ? atoi(argv[1]) : 0;
  is_together = argc == 3 && strcmp(argv[2], "together") == 0;
  if (count < 2 || count % 2 || argc > 3 || (argc == 3 && !is_together))
    return fputs("usage: generate COUNT [together]\n", stderr), 2;
  streams = calloc((size_t)count, sizeof *streams);
  delay_room = (size_t)count * 50 * 61;
  delays = malloc(delay_room * sizeof *delays);
  if (streams == NULL || delays == NULL) fail("malloc");
  open_streams();
  int seconds;
  while (scanf("%d", &seconds) == 1 && seconds >= 1 && seconds <= 60) {
    for (int i = 0; i < count; i++) {
      int port;
      if (scanf("%d", &port) != 1) return 2;
      streams[i].to = (struct sockaddr_in){
          .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    }
    run(seconds);
  }
  return 0;
}
