/* Goodbyes. An agent that is closed or collected while calls are under way has said BYE, CANCEL or 480 to each, but a lost
 * datagram must be repeated, and a CANCEL may have to wait for a provisional response (RFC 3261 9.1). Lua must not wait
 * for that: one thread of this module, begun when it is first needed and ended when nothing is left, drives such
 * agents until they have drained. It knows no Lua. */
#include "box.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MOST_AGENTS = 64, MOST_SECONDS = 33 /* a little more than 64*T1, RFC 3261 17.1 */ };

static struct lingering {
  pthread_mutex_t mutex;
  pid_t process; /* whose exit ends the thread */
  pthread_t thread;
  bool is_running, was_begun, must_end, ends_at_exit;
  int bell; /* wakes the thread */
  size_t count;
  struct {
    rcml_agent *handle;
    double deadline;
  } agents[MOST_AGENTS];
} lingering = {.mutex = PTHREAD_MUTEX_INITIALIZER, .bell = -1};

/* In a child that was forked no thread is left but the one that forked, and another may have held the lock: the lock is a
 * new one, and what the list holds is the parent's. */
static void begin_child(void) {
  pthread_mutex_init(&lingering.mutex, NULL);
  if (lingering.bell >= 0) close(lingering.bell);
  lingering.bell = -1;
  lingering.count = 0;
  lingering.is_running = lingering.was_begun = lingering.must_end = false;
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, begin_child); }

/* Waits as long as a turn of the thread takes, which sleeps without the lock: an agent that is given up because another is
 * at work would not repeat its BYEs. */
static void lock(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lingering.mutex);
}

/* Works on one agent; true when it has nothing more to say. */
static bool is_over(rcml_agent *handle, double deadline, int64_t *sleep_ms) {
  rcml_event event = RCML_EVENT_INIT;
  int64_t left;
  int32_t code = rcml_agent_process(handle);
  while (code >= 0 && (code = rcml_agent_next_event(handle, &event)) > 0)
    if (event.kind == RCML_EVENT_DRAINED) return true;
  if (code < 0 || monotonic_seconds() >= deadline) return true;
  left = rcml_agent_deadline_ms(handle);
  if (left >= 0 && left < *sleep_ms) *sleep_ms = left;
  return false;
}

/* One turn, with the lock held. Says what to sleep on; false = nothing is left to do. */
static bool turn(struct pollfd *watched, nfds_t *count, int64_t *sleep_ms) {
  size_t i;
  *sleep_ms = 1000;
  *count = 0;
  watched[(*count)++].fd = lingering.bell;
  for (i = 0; i < lingering.count;) {
    rcml_agent *handle = lingering.agents[i].handle;
    if (lingering.must_end || is_over(handle, lingering.agents[i].deadline, sleep_ms)) {
      rcml_agent_destroy(handle);
      lingering.agents[i] = lingering.agents[--lingering.count];
    } else {
      watched[(*count)++].fd = rcml_agent_fd(handle);
      i++;
    }
  }
  if (lingering.count > 0) return true;
  lingering.is_running = false;
  return false;
}

static void *run(void *nothing) {
  struct pollfd watched[MOST_AGENTS + 1];
  nfds_t count, i;
  int64_t sleep_ms;
  eventfd_t rung;
  for (;;) {
    bool goes_on;
    pthread_mutex_lock(&lingering.mutex);
    goes_on = turn(watched, &count, &sleep_ms);
    pthread_mutex_unlock(&lingering.mutex);
    if (!goes_on) return nothing;
    for (i = 0; i < count; i++) watched[i].events = POLLIN;
    poll(watched, count, (int)sleep_ms);
    eventfd_read(lingering.bell, &rung);
  }
}

/* exit() must not take the library apart below the thread's feet. */
static void end_at_exit(void) {
  bool was_begun;
  if (lingering.process != getpid()) return;
  lock();
  was_begun = lingering.was_begun;
  lingering.must_end = true;
  if (was_begun) eventfd_write(lingering.bell, 1);
  pthread_mutex_unlock(&lingering.mutex);
  if (was_begun) pthread_join(lingering.thread, NULL);
}

static bool begin_thread(void) {
  sigset_t all, before;
  if (lingering.was_begun) pthread_join(lingering.thread, NULL); /* it let go of the lock to end */
  lingering.process = getpid();
  lingering.was_begun = false;
  if (!lingering.ends_at_exit && atexit(end_at_exit) != 0) return false;
  lingering.ends_at_exit = true;
  if (lingering.bell < 0) lingering.bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (lingering.bell < 0) return false;
  sigfillset(&all); /* the host's signals are for the host's threads */
  pthread_sigmask(SIG_SETMASK, &all, &before);
  lingering.was_begun = pthread_create(&lingering.thread, NULL, run, NULL) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  lingering.is_running = lingering.was_begun;
  return lingering.was_begun;
}

static bool keep(rcml_agent *handle) {
  bool kept = false;
  lock();
  if (!lingering.must_end && lingering.count < MOST_AGENTS && (lingering.is_running || begin_thread())) {
    lingering.agents[lingering.count].handle = handle;
    lingering.agents[lingering.count++].deadline = monotonic_seconds() + MOST_SECONDS;
    eventfd_write(lingering.bell, 1);
    kept = true;
  }
  pthread_mutex_unlock(&lingering.mutex);
  return kept;
}

/* Takes an agent that Lua gives up. Does not wait for peers: what can be said at once is said, and if more is to be said later, the
 * thread has the agent. */
void linger(rcml_agent *handle) {
  double deadline = monotonic_seconds() + 1;
  int64_t sleep_ms = 0;
  if (rcml_agent_stop(handle) == RCML_OK && !is_over(handle, deadline, &sleep_ms) && keep(handle)) return;
  rcml_agent_destroy(handle);
}

/* Ends all that linger at once, so that their ports are free; false = there were none. */
bool linger_give_up(void) {
  bool gave_up = false;
  lock();
  while (lingering.count > 0) {
    rcml_agent_destroy(lingering.agents[--lingering.count].handle);
    gave_up = true;
  }
  if (gave_up) eventfd_write(lingering.bell, 1);
  pthread_mutex_unlock(&lingering.mutex);
  return gave_up;
}
