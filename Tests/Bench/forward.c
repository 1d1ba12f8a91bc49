/* What this machine can do at best: packets of one socket leave by its partner, unread.
 *
 *   forward COUNT        COUNT sockets as rcml opens them; the partner of socket i is socket i ^ 1
 *
 * Says on which ports they are, reads for each where its party is, and forwards until its input ends. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, EVENTS = 64, ROOM = 2048, BUFFER = 65536, EXPEDITED = 0xB8 };

struct party {
  int descriptor;
  struct sockaddr_in6 at;
};

static struct party *parties;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void set_option(int descriptor, int level, int option, int value) {
  setsockopt(descriptor, level, option, &value, sizeof value);
}

static void open_party(int loop, int i, int is_last) {
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT};
  socklen_t length = sizeof address;
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
  int descriptor = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (descriptor < 0) fail("socket");
  set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  set_option(descriptor, IPPROTO_IPV6, IPV6_TCLASS, EXPEDITED);
  set_option(descriptor, IPPROTO_IP, IP_TOS, EXPEDITED);
  set_option(descriptor, SOL_SOCKET, SO_RCVBUF, BUFFER);
  set_option(descriptor, SOL_SOCKET, SO_SNDBUF, BUFFER);
  if (bind(descriptor, (struct sockaddr *)&address, length) < 0) fail("bind");
  if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
  getsockname(descriptor, (struct sockaddr *)&address, &length);
  parties[i].descriptor = descriptor;
  printf("%d%c", ntohs(address.sin6_port), is_last ? '\n' : ' ');
}

static void forward(int from, struct mmsghdr *headers) {
  int read = recvmmsg(parties[from].descriptor, headers, BATCH, MSG_DONTWAIT, NULL);
  struct party *to = &parties[from ^ 1];
  for (int i = 0; i < read; i++) {
    headers[i].msg_hdr.msg_name = &to->at;
    headers[i].msg_hdr.msg_namelen = sizeof to->at;
    headers[i].msg_hdr.msg_iov->iov_len = headers[i].msg_len;
  }
  if (read > 0) sendmmsg(to->descriptor, headers, (unsigned)read, MSG_NOSIGNAL | MSG_DONTWAIT);
  for (int i = 0; i < read; i++) headers[i].msg_hdr.msg_iov->iov_len = ROOM;
}

int main(int argc, char **argv) {
  static struct mmsghdr headers[BATCH];
  static struct iovec vectors[BATCH];
  static struct sockaddr_in6 peers[BATCH];
  static uint8_t room[BATCH][ROOM];
  int count = argc == 2 ? atoi(argv[1]) : 0, loop = epoll_create1(0);
  if (count < 2 || count % 2) return fputs("usage: forward COUNT\n", stderr), 2;
  parties = calloc((size_t)count, sizeof *parties);
  if (parties == NULL || loop < 0) fail("memory");
  for (int i = 0; i < count; i++) open_party(loop, i, i + 1 == count);
  fflush(stdout);
  for (int i = 0; i < count; i++) {
    int port;
    if (scanf("%d", &port) != 1) return 2;
    parties[i].at = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &parties[i].at.sin6_addr);
  }
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){room[i], ROOM};
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  struct epoll_event end = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, STDIN_FILENO, &end) < 0) fail("epoll_ctl");
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(loop, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.u32 == UINT32_MAX) return 0;
      for (int j = 0; j < BATCH; j++) {
        /* As rcml does: it has to know who sent a packet. */
        headers[j].msg_hdr.msg_name = &peers[j];
        headers[j].msg_hdr.msg_namelen = sizeof peers[j];
      }
      forward((int)events[i].data.u32, headers);
    }
  }
}
