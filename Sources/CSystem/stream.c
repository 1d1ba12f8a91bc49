#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "internal.h"

static void set_option(int descriptor, int level, int option, int value) {
  (void)setsockopt(descriptor, level, option, &value, sizeof value);
}

static int make(const system_address *address, struct sockaddr_storage *storage, socklen_t *length) {
  *length = system_address_store(address, storage);
  int descriptor = socket(storage->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return -errno;
  if (address->family == 6) set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return descriptor;
}

static void load_name(int descriptor, system_address *address) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  if (getsockname(descriptor, (struct sockaddr *)&storage, &length) == 0)
    system_address_load(address, (struct sockaddr *)&storage);
}

int system_tcp_listen(system_address *address) {
  struct sockaddr_storage storage;
  socklen_t length;
  int descriptor = make(address, &storage, &length);
  if (descriptor < 0) return descriptor;
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind(descriptor, (struct sockaddr *)&storage, length) < 0 || listen(descriptor, 1024) < 0) {
    int error = -errno;
    close(descriptor);
    return error;
  }
  load_name(descriptor, address);
  return descriptor;
}

int system_tcp_accept(int descriptor, system_address *local, system_address *remote) {
  struct sockaddr_storage storage;
  socklen_t length = sizeof storage;
  int accepted =
      accept4(descriptor, (struct sockaddr *)&storage, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (accepted < 0) return -errno;
  system_address_load(remote, (struct sockaddr *)&storage);
  load_name(accepted, local);
  set_option(accepted, IPPROTO_TCP, TCP_NODELAY, 1);
  return accepted;
}

int system_tcp_connect(const system_address *to) {
  struct sockaddr_storage storage;
  socklen_t length;
  int descriptor = make(to, &storage, &length);
  if (descriptor < 0) return descriptor;
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  if (connect(descriptor, (struct sockaddr *)&storage, length) < 0 && errno != EINPROGRESS) {
    int error = -errno;
    close(descriptor);
    return error;
  }
  return descriptor;
}

int system_tcp_connected(int descriptor, system_address *local) {
  int error = 0;
  socklen_t length = sizeof error;
  if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) return -errno;
  if (error != 0) return -error;
  load_name(descriptor, local);
  return 0;
}

int64_t system_tcp_send(int descriptor, const void *bytes, size_t length) {
  ssize_t sent;
  do {
    sent = send(descriptor, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : sent;
}

int64_t system_tcp_receive(int descriptor, void *buffer, size_t size) {
  ssize_t got;
  do {
    got = recv(descriptor, buffer, size, MSG_DONTWAIT);
  } while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : got;
}

void system_tcp_finish(int descriptor) { (void)shutdown(descriptor, SHUT_WR); }

int system_spare_descriptor(void) {
  int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}
