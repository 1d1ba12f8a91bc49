/* A host forks, at every moment of an agent's life, and parent and child do what hosts do (failures H6): the child is told
 * RCML_E_FORK or makes agents of its own and places a call, the parent's call goes on, and nothing hangs. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <rcml.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

enum { SECONDS = 20 };

typedef struct host {
  rcml_agent *caller, *called;
  rcml_call_id call;
  int answered, ended, drained;
} host;

static void nap(long milliseconds) {
  struct timespec length = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&length, NULL);
}

/* ---- Two agents that call each other */

static void note(host *h, const rcml_event *event) {
  h->answered |= event->kind == RCML_EVENT_ANSWERED;
  h->ended |= event->kind == RCML_EVENT_ENDED;
  h->drained |= event->kind == RCML_EVENT_DRAINED;
}

static void turn_called(host *h) {
  rcml_event event = RCML_EVENT_INIT;
  while (rcml_agent_wait(h->called, 1, &event) > 0)
    if (event.kind == RCML_EVENT_INCOMING) CHECK(rcml_call_answer(h->called, event.call, NULL) == RCML_OK);
}

static void turn(host *h) {
  rcml_event event = RCML_EVENT_INIT;
  turn_called(h);
  while (rcml_agent_wait(h->caller, 1, &event) > 0) note(h, &event);
}

static void make(host *h) {
  memset(h, 0, sizeof *h);
  h->caller = rcml_agent_create(NULL);
  h->called = rcml_agent_create(NULL);
  CHECK(h->caller != NULL && h->called != NULL);
}

static void listen_both(host *h) {
  CHECK(rcml_agent_listen(h->caller, "udp:127.0.0.1:0", NULL) == 0);
  CHECK(rcml_agent_listen(h->called, "udp:127.0.0.1:0", NULL) == 0);
  CHECK(rcml_agent_listen(h->called, "tcp:127.0.0.1:0", NULL) == 1);
}

static void place(host *h) {
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  char uri[128];
  CHECK(rcml_agent_listener(h->called, 1, uri, sizeof uri) > 0);
  document.text = "<Response><Pause length=\"3600\"/></Response>";
  options.party = uri;
  options.document = &document;
  CHECK(rcml_agent_call(h->caller, &options, &h->call, NULL) == RCML_OK);
}

static void finish_call(host *h) {
  for (int i = 0; i < 5000 && !h->answered; i++) turn(h);
  CHECK(h->answered && !h->ended);
  CHECK(rcml_call_hang_up(h->caller, h->call, NULL) == RCML_OK);
  for (int i = 0; i < 5000 && !h->ended; i++) turn(h);
  CHECK(h->ended);
}

static void destroy(host *h) {
  CHECK(rcml_agent_destroy(h->caller) == RCML_OK);
  CHECK(rcml_agent_destroy(h->called) == RCML_OK);
}

/* ---- What a child does */

static void place_a_call(void) {
  host own;
  make(&own);
  listen_both(&own);
  place(&own);
  finish_call(&own);
  destroy(&own);
}

static void leave(host *h) { (void)h; }

static void ask(host *h) {
  rcml_event event = RCML_EVENT_INIT;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  if (h->caller == NULL) return;
  CHECK(rcml_agent_process(h->caller) == RCML_E_FORK);
  CHECK(rcml_agent_wait(h->caller, -1, &event) == RCML_E_FORK);
  CHECK(rcml_agent_next_event(h->caller, &event) == RCML_E_FORK);
  CHECK(rcml_agent_run(h->caller, NULL, NULL, NULL) == RCML_E_FORK);
  CHECK(rcml_agent_fd(h->caller) == RCML_E_FORK);
  CHECK(rcml_agent_deadline_ms(h->caller) == 0);
  CHECK(rcml_agent_stop(h->caller) == RCML_E_FORK);
  CHECK(rcml_agent_drain(h->caller) == RCML_E_FORK);
  CHECK(rcml_call_hang_up(h->caller, h->call, NULL) == RCML_E_FORK);
  CHECK(rcml_call_state(h->caller, h->call, &info) == RCML_E_FORK);
}

static void destroy_inherited(host *h) {
  if (h->caller != NULL) destroy(h);
}

static void begin_anew(host *h) {
  destroy_inherited(h);
  place_a_call();
}

static void begin_beside(host *h) {
  (void)h;
  place_a_call();
}

static void execute(host *h) {
  (void)h;
  execl("/proc/self/exe", "forks", "--executed", (char *)NULL);
  CHECK(!"exec");
}

static void fork_again(host *h) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    alarm(SECONDS);
    ask(h);
    begin_anew(h);
    _exit(0);
  }
  place_a_call();
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void stay(host *h) {
  ask(h);
  for (;;) pause(); /* until the parent, which has finished meanwhile, ends it */
}

static void no_work(void *context) { (void)context; }

static void start_own_thread(host *h) {
  host own;
  ask(h);
  make(&own);
  listen_both(&own);
  CHECK(rcml_agent_start(own.caller, no_work, NULL, NULL) == RCML_OK);
  place(&own);
  finish_call(&own);
  destroy(&own);
}

static const struct child {
  const char *name;
  void (*does)(host *);
} children[] = {
    {"exits", leave},           {"asks the inherited agents", ask},  {"destroys them", destroy_inherited},
    {"begins anew", begin_anew}, {"begins beside them", begin_beside}, {"executes another program", execute},
    {"forks again", fork_again}, {"outlives them", stay},              {"starts a thread", start_own_thread},
};
enum { CHILDREN = sizeof children / sizeof *children };

static pid_t fork_child(host *h, const struct child *kind) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child > 0) return child;
  /* Our thread, on which the wake function forks, takes no signals. */
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  alarm(SECONDS);
  kind->does(h);
  _exit(0);
}

static void end_child(pid_t child, const struct child *kind) {
  int status = 0;
  if (kind->does == stay) kill(child, SIGTERM);
  CHECK(waitpid(child, &status, 0) == child);
  if (kind->does == stay) CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  else CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* ---- When the host forks: each goes on as if nothing had happened */

static pid_t nothing_made(const struct child *kind) {
  host none = {0};
  pid_t child = fork_child(&none, kind);
  place_a_call();
  return child;
}

static pid_t made(const struct child *kind) {
  host h;
  make(&h);
  pid_t child = fork_child(&h, kind);
  listen_both(&h);
  place(&h);
  finish_call(&h);
  destroy(&h);
  return child;
}

/* What the child does is in no journal of the parent's. */
static pid_t journaling(const struct child *kind) {
  host h;
  char folder[64], path[80];
  make_folder(folder);
  snprintf(path, sizeof path, "%s/journal", folder);
  make(&h);
  CHECK(rcml_agent_journal(h.caller, path, NULL) == RCML_OK);
  listen_both(&h);
  place(&h);
  pid_t child = fork_child(&h, kind);
  finish_call(&h);
  destroy(&h);
  CHECK(rcml_journal_replay(path, NULL, NULL) == RCML_OK);
  remove_folder(folder);
  return child;
}

static pid_t listening(const struct child *kind) {
  host h;
  make(&h);
  listen_both(&h);
  pid_t child = fork_child(&h, kind);
  place(&h);
  finish_call(&h);
  destroy(&h);
  return child;
}

static pid_t calling(const struct child *kind) {
  host h;
  make(&h);
  listen_both(&h);
  place(&h);
  pid_t child = fork_child(&h, kind);
  finish_call(&h);
  destroy(&h);
  return child;
}

static pid_t talking(const struct child *kind) {
  host h;
  make(&h);
  listen_both(&h);
  place(&h);
  for (int i = 0; i < 5000 && !h.answered; i++) turn(&h);
  pid_t child = fork_child(&h, kind);
  finish_call(&h);
  destroy(&h);
  return child;
}

static pid_t started(const struct child *kind) {
  host h;
  make(&h);
  listen_both(&h);
  CHECK(rcml_agent_start(h.caller, no_work, NULL, NULL) == RCML_OK);
  place(&h);
  pid_t child = fork_child(&h, kind);
  finish_call(&h);
  destroy(&h);
  return child;
}

static const struct child *wake_kind;
static host *wake_host;
static volatile pid_t wake_child;

static void fork_in_wake(void *context) {
  (void)context;
  if (wake_child == 0) wake_child = fork_child(wake_host, wake_kind);
}

static pid_t in_the_wake_function(const struct child *kind) {
  host h;
  make(&h);
  listen_both(&h);
  wake_kind = kind;
  wake_host = &h;
  wake_child = 0;
  CHECK(rcml_agent_start(h.caller, fork_in_wake, NULL, NULL) == RCML_OK);
  place(&h);
  for (int i = 0; i < 5000 && wake_child == 0; i++) turn_called(&h);
  CHECK(wake_child != 0);
  finish_call(&h);
  destroy(&h);
  return wake_child;
}

typedef struct running {
  host h;
  const struct child *kind;
  pid_t child;
} running;

static void fork_in_event(void *context, rcml_agent *agent, const rcml_event *event) {
  running *r = (running *)context;
  note(&r->h, event);
  if (event->kind != RCML_EVENT_ANSWERED) return;
  r->child = fork_child(&r->h, r->kind);
  CHECK(rcml_call_hang_up(agent, r->h.call, NULL) == RCML_OK);
  CHECK(rcml_agent_drain(agent) == RCML_OK);
}

static void *answer_calls(void *agent) {
  rcml_event event = RCML_EVENT_INIT;
  while (rcml_agent_wait((rcml_agent *)agent, -1, &event) >= 0)
    if (event.kind == RCML_EVENT_INCOMING) rcml_call_answer((rcml_agent *)agent, event.call, NULL);
  return NULL;
}

/* The other agent is turned by another thread, which sleeps in it when the host forks. */
static pid_t in_the_event_function(const struct child *kind) {
  running r = {.kind = kind};
  pthread_t thread;
  make(&r.h);
  listen_both(&r.h);
  place(&r.h);
  CHECK(pthread_create(&thread, NULL, answer_calls, r.h.called) == 0);
  CHECK(rcml_agent_run(r.h.caller, fork_in_event, &r, NULL) == RCML_OK);
  CHECK(r.child != 0 && r.h.ended && r.h.drained);
  CHECK(rcml_agent_stop(r.h.called) == RCML_OK);
  CHECK(pthread_join(thread, NULL) == 0);
  destroy(&r.h);
  return r.child;
}

static pid_t while_another_thread_waits(const struct child *kind) {
  host h;
  pthread_t thread;
  make(&h);
  listen_both(&h);
  CHECK(pthread_create(&thread, NULL, answer_calls, h.called) == 0);
  nap(5);
  pid_t child = fork_child(&h, kind);
  CHECK(rcml_agent_stop(h.called) == RCML_OK);
  CHECK(pthread_join(thread, NULL) == 0);
  destroy(&h);
  return child;
}

static pid_t drained(const struct child *kind) {
  host h;
  rcml_event event = RCML_EVENT_INIT;
  make(&h);
  listen_both(&h);
  CHECK(rcml_agent_drain(h.caller) == RCML_OK);
  while (rcml_agent_wait(h.caller, 10, &event) >= 0) note(&h, &event);
  CHECK(h.drained);
  pid_t child = fork_child(&h, kind);
  CHECK(rcml_agent_wait(h.caller, 10, &event) == RCML_E_CLOSED);
  destroy(&h);
  return child;
}

static pid_t destroyed(const struct child *kind) {
  host h;
  make(&h);
  listen_both(&h);
  destroy(&h);
  memset(&h, 0, sizeof h);
  pid_t child = fork_child(&h, kind);
  place_a_call();
  return child;
}

static const struct moment {
  const char *name;
  pid_t (*forks)(const struct child *);
} moments[] = {
    {"before anything", nothing_made},     {"with agents made", made},       {"while they listen", listening},
    {"while they keep a journal", journaling},
    {"while they call", calling},          {"while they talk", talking},     {"after start", started},
    {"in the wake function", in_the_wake_function},
    {"in the event function", in_the_event_function},
    {"while another thread waits", while_another_thread_waits},
    {"after the end of all calls", drained}, {"after destroy", destroyed},
};

int main(int argc, char **argv) {
  int orders = 0;
  if (argc > 1 && strcmp(argv[1], "--executed") == 0) {
    alarm(SECONDS);
    for (int descriptor = 3; descriptor < 200; descriptor++) CHECK(close(descriptor) < 0);
    place_a_call();
    return 0;
  }
  /* What we were given ourselves shall not be taken for a descriptor of the library. */
  for (int descriptor = 3; descriptor < 200; descriptor++) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  place_a_call(); /* what a process opens once is open */
  int descriptors = open_descriptors(), threads = count_threads();
  for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
    for (int j = 0; j < CHILDREN; j++, orders++) {
      alarm(3 * SECONDS);
      end_child(moments[i].forks(&children[j]), &children[j]);
      if (open_descriptors() == descriptors && count_threads() == threads) continue;
      fprintf(stderr, "forked %s, the child %s: %d descriptors and %d threads instead of %d and %d\n", moments[i].name,
              children[j].name, open_descriptors(), count_threads(), descriptors, threads);
      return 1;
    }
  printf("forks: %d orders; each child and each parent did what it wanted\n", orders);
  return 0;
}
