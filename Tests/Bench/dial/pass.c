/* No SIP at all: what comes from the target goes to the caller, everything else to the target, unread. It costs what
 * the kernel asks for the messages of a call, seven taken and seven sent, and no more.
 *
 *   pass OWN:PORT TARGET:PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { BATCH = 32, ROOM = 4096, BUFFER = 8 << 20 };

static struct sockaddr_in read_address(const char *text) {
  char host[32];
  int port;
  struct sockaddr_in address = {.sin_family = AF_INET};
  if (sscanf(text, "%31[0-9.]:%d", host, &port) != 2 || inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    fprintf(stderr, "pass: no address: %s\n", text);
    exit(2);
  }
  address.sin_port = htons((uint16_t)port);
  return address;
}

int main(int argc, char **argv) {
  static char octets[BATCH][ROOM];
  static struct sockaddr_in peers[BATCH];
  struct mmsghdr headers[BATCH];
  struct iovec vectors[BATCH];
  if (argc != 3) return fputs("usage: pass OWN:PORT TARGET:PORT\n", stderr), 2;
  struct sockaddr_in own = read_address(argv[1]), target = read_address(argv[2]), caller = target;
  int descriptor = socket(AF_INET, SOCK_DGRAM, 0), room = BUFFER;
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(descriptor, (struct sockaddr *)&own, sizeof own) < 0) return perror("bind"), 1;
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      vectors[i] = (struct iovec){octets[i], ROOM};
      headers[i].msg_hdr = (struct msghdr){
          .msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int read = recvmmsg(descriptor, headers, BATCH, MSG_WAITFORONE, NULL);
    for (int i = 0; i < read; i++) {
      vectors[i].iov_len = headers[i].msg_len;
      if (peers[i].sin_port == target.sin_port) {
        peers[i] = caller;
      } else {
        caller = peers[i];
        peers[i] = target;
      }
    }
    for (int sent = 0; sent < read;) {
      int more = sendmmsg(descriptor, headers + sent, (unsigned)(read - sent), 0);
      sent += more > 0 ? more : 1;
    }
  }
}
