/* What hosts do to a plugin: fork, threads, calls from inside (failures H6, H7, H9). */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void child_of(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  pid_t child = fork();
  int status = 0;
  if (child == 0) {
    rcml_agent *own;
    char uri[128];
    if (rcml_agent_process(agent) != RCML_E_FORK) _exit(2);
    if (rcml_agent_wait(agent, -1, &event) != RCML_E_FORK) _exit(3);
    if (rcml_agent_stop(agent) != RCML_E_FORK) _exit(4);
    if (rcml_agent_run(agent, NULL, NULL, NULL) != RCML_E_FORK) _exit(5);
    own = make_listening(uri, sizeof uri);
    if (rcml_agent_wait(own, 1, &event) != 0) _exit(6);
    if (rcml_agent_destroy(agent) != RCML_OK) _exit(7);
    finish(own);
    _exit(0);
  }
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  /* The parent's agent is as it was. */
  CHECK(rcml_agent_wait(agent, 1, &event) == 0);
}

static void forks(void) {
  char uri[128];
  rcml_agent *agent = make_listening(uri, sizeof uri);
  int i;
  for (i = 0; i < 20; i++) child_of(agent);
  finish(agent);
}

static void nap(void) {
  struct timespec length = {0, 5000000};
  nanosleep(&length, NULL);
}

/* That the other thread looked in does not end it. */
static void *insist_on_waiting(void *agent) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t result;
  do result = rcml_agent_wait((rcml_agent *)agent, -1, &event);
  while (result >= 0 || result == RCML_E_BUSY);
  return NULL;
}

/* While one thread sleeps in an agent, another is refused, and can stop it. */
static void two_threads(void) {
  char uri[128];
  rcml_agent *agent = make_listening(uri, sizeof uri);
  pthread_t thread;
  int turns;
  CHECK(pthread_create(&thread, NULL, insist_on_waiting, agent) == 0);
  for (turns = 0; turns < 1000 && rcml_agent_fd(agent) != RCML_E_BUSY; turns++) nap();
  CHECK(turns < 1000);
  CHECK(rcml_agent_destroy(agent) == RCML_E_BUSY);
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* Asked to stop in the very moment in which another thread goes to sleep in it, an agent stops. */
static void stopped_as_it_falls_asleep(void) {
  int i;
  alarm(50); /* whoever is not woken sleeps for ever */
  for (i = 0; i < 400; i++) {
    char uri[128];
    rcml_agent *agent = make_listening(uri, sizeof uri);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, insist_on_waiting, agent) == 0);
    while (rcml_agent_fd(agent) != RCML_E_BUSY) {
    }
    CHECK(rcml_agent_stop(agent) == RCML_OK);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(rcml_agent_destroy(agent) == RCML_OK);
  }
  alarm(0);
}

static int woken, refused_in_wake;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static void wake(void *context) {
  int32_t result = rcml_agent_process((rcml_agent *)context);
  pthread_mutex_lock(&guard);
  woken++;
  refused_in_wake += result == RCML_E_BUSY;
  pthread_mutex_unlock(&guard);
}

static int seen(void) {
  int count;
  pthread_mutex_lock(&guard);
  count = woken;
  pthread_mutex_unlock(&guard);
  return count;
}

/* A thread of ours only wakes, once until we have processed, and may do nothing else. */
static void a_thread_that_wakes(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  char uri[128];
  rcml_agent *agent = make_listening(uri, sizeof uri);
  int turns, drained = 0;
  CHECK(rcml_agent_start(agent, wake, agent, &error) == RCML_OK);
  CHECK(rcml_agent_start(agent, wake, agent, &error) == RCML_E_STATE);
  CHECK(rcml_agent_drain(agent) == RCML_OK); /* [any]: wakes us */
  for (turns = 0; turns < 1000 && !drained; turns++) {
    nap();
    if (!seen()) continue;
    CHECK(rcml_agent_process(agent) >= 0);
    while (rcml_agent_next_event(agent, &event) > 0) drained |= event.kind == RCML_EVENT_DRAINED;
  }
  CHECK(drained);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
  CHECK(woken > 0 && refused_in_wake == woken);
}

static void from_inside(void *context, rcml_agent *agent, const rcml_event *event) {
  rcml_event other = RCML_EVENT_INIT;
  *(int *)context += 1;
  CHECK(rcml_agent_next_event(agent, &other) == RCML_E_BUSY);
  CHECK(rcml_agent_process(agent) == RCML_E_BUSY);
  CHECK(rcml_agent_run(agent, NULL, NULL, NULL) == RCML_E_BUSY);
  CHECK(rcml_agent_destroy(agent) == RCML_E_BUSY);
  CHECK(rcml_call_hang_up(agent, 9, NULL) == RCML_E_GONE); /* allowed, only there is no such call */
  CHECK(event->kind == RCML_EVENT_DRAINED);
}

static void called_from_inside(void) {
  char uri[128];
  int count = 0;
  rcml_agent *agent = make_listening(uri, sizeof uri);
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  CHECK(rcml_agent_run(agent, from_inside, &count, NULL) == RCML_OK);
  CHECK(count == 1);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

int main(void) {
  forks();
  two_threads();
  stopped_as_it_falls_asleep();
  a_thread_that_wakes();
  called_from_inside();
  return 0;
}
