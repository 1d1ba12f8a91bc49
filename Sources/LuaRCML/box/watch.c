/* One descriptor for a foreign loop: readable when the agent has work, and when a wait's time is over. A loop that
 * has no timers of its own (copas 1.2) then needs none. */
#include "box.h"

#include <math.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

void watch_close(agent_box *box) {
  if (box->watched >= 0) close(box->watched);
  if (box->alarm >= 0) close(box->alarm);
  box->watched = box->alarm = -1;
}

/* Sets the alarm to monotonic seconds; below 0 = none. Setting it also silences one that has rung. */
void watch_deadline(agent_box *box, double deadline) {
  struct itimerspec when = {{0, 0}, {0, 0}};
  if (box->alarm < 0) return;
  if (deadline >= 0) {
    when.it_value.tv_sec = (time_t)floor(deadline);
    when.it_value.tv_nsec = (long)((deadline - floor(deadline)) * 1e9) + 1; /* zero would disarm */
    if (when.it_value.tv_nsec > 999999999) when.it_value.tv_nsec = 999999999;
  }
  timerfd_settime(box->alarm, TFD_TIMER_ABSTIME, &when, NULL);
}

static int watch(int epoll, int descriptor) {
  struct epoll_event event = {0};
  event.events = EPOLLIN;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

/* Made when it is first asked for; closed with the agent. */
int watch_descriptor(agent_box *box) {
  int descriptor;
  if (box->watched >= 0) return box->watched;
  descriptor = rcml_agent_fd(box->handle);
  if (descriptor < 0) return descriptor;
  box->watched = epoll_create1(EPOLL_CLOEXEC);
  box->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (box->watched < 0 || box->alarm < 0 || watch(box->watched, descriptor) != 0 ||
      watch(box->watched, box->alarm) != 0) {
    watch_close(box);
    return RCML_E_SYSTEM;
  }
  watch_deadline(box, box->next_deadline);
  return box->watched;
}
