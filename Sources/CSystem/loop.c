#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

_Static_assert(
    SYSTEM_READ == (int)EPOLLIN && SYSTEM_WRITE == (int)EPOLLOUT &&
        SYSTEM_ERROR == (int)EPOLLERR && SYSTEM_HANGUP == (int)EPOLLHUP,
    "the loop hands the kernel's flags through");

int system_epoll_create(void) {
  int descriptor = epoll_create1(EPOLL_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int system_epoll_set(int epoll, int descriptor, uint32_t events, uint64_t tag) {
  struct epoll_event event = {.events = events, .data.u64 = tag};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0) return 0;
  if (errno != EEXIST) return -errno;
  return epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) == 0 ? 0 : -errno;
}

int system_epoll_remove(int epoll, int descriptor) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL) == 0 ? 0 : -errno;
}

int system_epoll_wait(int epoll, system_event *events, int count, int timeout_ms) {
  struct epoll_event ready[64];
  if (count > 64) count = 64;
  int found = epoll_wait(epoll, ready, count, timeout_ms);
  if (found < 0) return -errno;
  for (int i = 0; i < found; i++) {
    events[i].tag = ready[i].data.u64;
    events[i].events = ready[i].events;
  }
  return found;
}

int system_timer_create(void) {
  int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

int system_timer_set(int timer, uint64_t instant) {
  struct itimerspec when = {0};
  if (instant != UINT64_MAX) {
    if (instant == 0) instant = 1; /* zero would disarm */
    when.it_value.tv_sec = (time_t)(instant / 1000000000);
    when.it_value.tv_nsec = (long)(instant % 1000000000);
  }
  return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL) == 0 ? 0 : -errno;
}

int system_wake_create(void) {
  int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

void system_wake(int descriptor) {
  int saved = errno;
  uint64_t one = 1;
  ssize_t written = write(descriptor, &one, sizeof one);
  (void)written; /* full means: awake already */
  errno = saved;
}

void system_drain_counter(int descriptor) {
  uint64_t count;
  ssize_t length = read(descriptor, &count, sizeof count);
  (void)length;
}

uint64_t system_monotonic(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int64_t system_unix_microseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int system_random(void *buffer, size_t length) {
  uint8_t *octets = buffer;
  while (length > 0) {
    ssize_t got = getrandom(octets, length, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    octets += got;
    length -= (size_t)got;
  }
  return 0;
}

void system_close(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

const char *system_error_text(int error, char *buffer, size_t size) {
  const char *text = strerrordesc_np(error < 0 ? -error : error); /* not translated */
  strncpy(buffer, text != NULL ? text : "unknown error", size - 1);
  buffer[size - 1] = 0;
  return buffer;
}
