/* Callers and called parties of many calls: 50 packets a second from each, 20 ms of G.711 in each packet.
 *
 *   generate COUNT       COUNT sockets; the partner of socket i is socket i ^ 1
 *
 * Says on which ports they are. Then, for each line "SECONDS PORT PORT …" of its input, one port for each socket,
 * sends there for that long and says what came: one line, "sent received late p50 p99 p999 max", times in ns.
 * A packet's time is taken before it is sent, and by the kernel when it is there again: what this program does in
 * between is not in it. */
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

enum { PACKET = 172, INTERVAL = 20000000, BATCH = 16, EVENTS = 64, BUFFER = 65536, DRAIN = 300000000 };

struct stream {
  int descriptor;
  struct sockaddr_in to;
  uint16_t sequence;
  uint32_t timestamp;
};

static struct stream *streams;
static int count, loop;
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

static void open_streams(void) {
  loop = epoll_create1(0);
  for (int i = 0; i < count; i++) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1, room = BUFFER;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, length) < 0) fail("bind");
    setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
    getsockname(descriptor, (struct sockaddr *)&address, &length);
    streams[i].descriptor = descriptor;
    printf("%d%c", ntohs(address.sin_port), i + 1 < count ? ' ' : '\n');
  }
  fflush(stdout);
}

static int send_one(int i) {
  struct stream *stream = &streams[i];
  uint8_t packet[PACKET];
  memset(packet, 0x55, sizeof packet);
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
  return sendto(stream->descriptor, packet, sizeof packet, 0, (struct sockaddr *)&stream->to, sizeof stream->to) ==
         PACKET;
}

static int receive(int descriptor, uint64_t since) {
  static uint8_t packets[BATCH][2048], controls[BATCH][128];
  struct mmsghdr headers[BATCH];
  struct iovec vectors[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){packets[i], sizeof packets[i]};
    headers[i].msg_hdr = (struct msghdr){
        .msg_iov = &vectors[i], .msg_iovlen = 1, .msg_control = controls[i], .msg_controllen = sizeof controls[i]};
  }
  int read = recvmmsg(descriptor, headers, BATCH, MSG_DONTWAIT, NULL), taken = 0;
  for (int i = 0; i < read; i++) {
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
  delay_count = 0;
  for (;;) {
    uint64_t time = now();
    if (time >= end + DRAIN) break;
    while (due < end && due <= time) {
      if (time - due > 1000000) late++;
      sent += send_one(next);
      next = next + 1 < count ? next + 1 : 0;
      due += interval;
    }
    uint64_t until = due < end ? due : end + DRAIN;
    struct timespec wait = {0, 0};
    time = now();
    if (until > time) wait.tv_nsec = (long)(until - time < 100000000 ? until - time : 100000000);
    struct epoll_event events[EVENTS];
    int ready = epoll_pwait2(loop, events, EVENTS, &wait, NULL);
    for (int i = 0; i < ready; i++) received += receive(streams[events[i].data.u32].descriptor, started);
  }
  qsort(delays, delay_count, sizeof *delays, ascending);
  size_t last = delay_count > 0 ? delay_count - 1 : 0;
  if (delay_count == 0) delays[0] = 0;
  printf("%ld %ld %ld %u %u %u %u\n", sent, received, late, delays[last / 2], delays[last * 99 / 100],
         delays[last * 999 / 1000], delays[last]);
  fflush(stdout);
}

int main(int argc, char **argv) {
  count = argc == 2 ? atoi(argv[1]) : 0;
  if (count < 2 || count % 2) return fputs("usage: generate COUNT\n", stderr), 2;
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
