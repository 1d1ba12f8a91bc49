/* Every function of the header in every way in which it should not be called (failures H9): a code, never a crash.
 * misuse --list names the functions it knows. */
#define _POSIX_C_SOURCE 200809L
#include "functions.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int cases;

static void nap(void) {
  struct timespec length = {0, 2000000};
  nanosleep(&length, NULL);
}

static int has_agent(const function_row *f) { return f->rule != WITHOUT_AGENT; }
static int is_loop(const function_row *f) { return f->rule == LOOP || f->rule == DRIVES; }
/* rcml_agent_deadline_ms has no way to say what is wrong. */
static int is_mute(const function_row *f) { return strcmp(f->name, "rcml_agent_deadline_ms") == 0; }
static int is(const function_row *f, const char *name) { return strcmp(f->name, name) == 0; }

static void expect(const function_row *f, const char *what, int32_t result, int32_t expected) {
  cases++;
  if (result == expected || (is_mute(f) && result == RCML_OK)) return;
  fprintf(stderr, "%s %s: %d %s, not %d %s\n", f->name, what, (int)result, rcml_status_name(result), (int)expected,
          rcml_status_name(expected));
  exit(1);
}

static void expect_not(const function_row *f, const char *what, int32_t result, int32_t unexpected) {
  cases++;
  /* A number that nobody documented is no answer either. */
  if (result != unexpected && (result >= 0 || *rcml_status_name(result) != 0)) return;
  fprintf(stderr, "%s %s: %d %s\n", f->name, what, (int)result, rcml_status_name(result));
  exit(1);
}

/* ---- No agent, and what never was one */

static void without_an_agent(rcml_agent *none, const char *what) {
  int i;
  for (i = 0; i < FUNCTIONS; i++) {
    rcml_error error = RCML_ERROR_INIT;
    given g = {1, 0, &error};
    int32_t expected = none == NULL && is(&functions[i], "rcml_agent_destroy") ? RCML_OK : RCML_E_HANDLE;
    if (!has_agent(&functions[i])) continue;
    expect(&functions[i], what, functions[i].call(none, &g), expected);
    /* A struct the caller did not set up, and none. */
    error.struct_size = 0;
    expect(&functions[i], what, functions[i].call(none, &g), expected);
    g.error = NULL;
    expect(&functions[i], what, functions[i].call(none, &g), expected);
  }
}

/* ---- Arguments left out, one and all */

static void left_out(rcml_agent *agent) {
  int i;
  for (i = 0; i < FUNCTIONS; i++) {
    const function_row *f = &functions[i];
    unsigned n, count = (unsigned)strlen(f->pointers);
    rcml_error error = RCML_ERROR_INIT;
    if ((f->traits & (ENDS | BLOCKS)) != 0) continue;
    for (n = 0; n < count; n++) {
      given g = {77, 1u << n, &error};
      int32_t result = f->call(agent, &g);
      if (f->pointers[n] == 'A') expect(f, "with a pointer left out", result, RCML_E_ARGUMENT);
      else expect_not(f, "with a pointer left out that may be", result, RCML_E_ARGUMENT);
    }
    if (count > 0 && strchr(f->pointers, 'A') != NULL) {
      given g = {77, ~0u, NULL};
      expect(f, "with all pointers left out", f->call(agent, &g), RCML_E_ARGUMENT);
    }
  }
}

/* ---- Ids that have ended, and that never were */

static void ids(rcml_agent *agent, uint64_t ended) {
  uint64_t strange[] = {0, 1, 77, UINT64_MAX, 0};
  size_t n;
  int i;
  strange[4] = ended;
  for (i = 0; i < FUNCTIONS; i++)
    for (n = 0; n < sizeof strange / sizeof *strange; n++) {
      given g = {0, 0, NULL};
      g.id = strange[n];
      if ((functions[i].traits & ASKS_ID) != 0)
        expect(&functions[i], "with an id that is none", functions[i].call(agent, &g), RCML_E_GONE);
    }
}

/* A call that is over: its id. */
static uint64_t an_ended_call(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_call_id call = 0;
  int turns, ended = 0;
  document.text = "<Response/>";
  options.party = "sip:a@127.0.0.1:9";
  options.document = &document;
  CHECK(rcml_agent_call(agent, &options, &call, NULL) == RCML_OK);
  CHECK(rcml_call_hang_up(agent, call, NULL) == RCML_OK);
  for (turns = 0; turns < 5000 && !ended; turns++)
    if (rcml_agent_wait(agent, 10, &event) > 0) ended = event.kind == RCML_EVENT_ENDED && event.call == call;
  CHECK(ended);
  return call;
}

/* ---- Another thread is inside */

static void *wait_for_ever(void *agent) {
  rcml_event event = RCML_EVENT_INIT;
  while (rcml_agent_wait((rcml_agent *)agent, -1, &event) >= 0) {
  }
  return NULL;
}

static void from_another_thread(void) {
  char uri[128];
  rcml_agent *agent = make_listening(uri, sizeof uri);
  pthread_t thread;
  int i;
  CHECK(pthread_create(&thread, NULL, wait_for_ever, agent) == 0);
  while (rcml_agent_fd(agent) != RCML_E_BUSY) nap();
  for (i = 0; i < FUNCTIONS; i++) {
    given g = {77, 0, NULL};
    if (is_loop(&functions[i]))
      expect(&functions[i], "while another thread is inside", functions[i].call(agent, &g), RCML_E_BUSY);
    else if ((functions[i].traits & ENDS) == 0)
      expect_not(&functions[i], "while another thread is inside", functions[i].call(agent, &g), RCML_E_BUSY);
  }
  for (i = 0; i < FUNCTIONS; i++) {
    given g = {77, 0, NULL};
    if (functions[i].rule == ANY)
      expect(&functions[i], "while another thread is inside", functions[i].call(agent, &g), RCML_OK);
  }
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* ---- From inside functions of the host */

static int drained_seen;

static void in_event(void *context, rcml_agent *agent, const rcml_event *event) {
  int i;
  (void)context;
  drained_seen += event->kind == RCML_EVENT_DRAINED;
  for (i = 0; i < FUNCTIONS; i++) {
    given g = {77, 0, NULL};
    int32_t result = functions[i].call(agent, &g);
    if (functions[i].rule == DRIVES) expect(&functions[i], "in the event function", result, RCML_E_BUSY);
    else expect_not(&functions[i], "in the event function", result, RCML_E_BUSY);
  }
}

static void in_the_event_function(void) {
  char uri[128];
  rcml_agent *agent = make_listening(uri, sizeof uri);
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  CHECK(rcml_agent_run(agent, in_event, NULL, NULL) == RCML_OK);
  CHECK(drained_seen == 1);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int woken;

static int was_woken(void) {
  int count;
  pthread_mutex_lock(&guard);
  count = woken;
  pthread_mutex_unlock(&guard);
  return count;
}

static void in_wake(void *context) {
  int i;
  if (was_woken()) return;
  for (i = 0; i < FUNCTIONS; i++) {
    given g = {77, 0, NULL};
    int32_t result = functions[i].call((rcml_agent *)context, &g);
    if (is_loop(&functions[i]) || functions[i].rule == VISITS)
      expect(&functions[i], "in the wake function", result, RCML_E_BUSY);
    else expect_not(&functions[i], "in the wake function", result, RCML_E_BUSY);
  }
  pthread_mutex_lock(&guard);
  woken = 1;
  pthread_mutex_unlock(&guard);
}

static void in_the_wake_function(void) {
  char uri[128];
  rcml_event event = RCML_EVENT_INIT;
  rcml_agent *agent = make_listening(uri, sizeof uri);
  CHECK(rcml_agent_start(agent, in_wake, agent, NULL) == RCML_OK);
  CHECK(rcml_agent_drain(agent) == RCML_OK);
  while (!was_woken()) nap();
  while (rcml_agent_wait(agent, 10, &event) >= 0) {
  }
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* Functions that are to call nothing of the library: whoever does it all the same is answered. */
static void all_of_them(void *agent, const char *what) {
  int i;
  for (i = 0; i < FUNCTIONS; i++) {
    given g = {77, 0, NULL};
    if ((functions[i].traits & (ENDS | BLOCKS)) == 0)
      expect_not(&functions[i], what, functions[i].call((rcml_agent *)agent, &g), RCML_E_HANDLE);
  }
}

static int told;

static void in_finding(void *agent, const rcml_finding *finding) {
  (void)finding;
  told |= 1;
  all_of_them(agent, "in the finding function");
}

static void in_text(void *agent, const char *text, size_t length) {
  (void)text;
  (void)length;
  if (told & 2) return;
  told |= 2;
  all_of_them(agent, "in the text function");
}

static void in_trace(void *agent, const rcml_trace_message *message) {
  (void)message;
  if (told & 4) return;
  told |= 4;
  all_of_them(agent, "in the trace function");
}

static void in_simulated(void *agent, int64_t at_ms, const rcml_event *event) {
  (void)at_ms;
  (void)event;
  if (told & 8) return;
  told |= 8;
  all_of_them(agent, "in the simulation function");
}

static void in_the_other_functions(rcml_agent *agent) {
  static char path[] = "misuse-XXXXXX";
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  int file = mkstemp(path);
  CHECK(file >= 0);
  close(file);
  document.text = "<Response><Dial><Sip>sip:alice@example.com</Sip></Dial></Response>";
  simulation.document = &document;
  simulation.journal = path;
  CHECK(rcml_document_check("<Response><Dail/></Response>", 0, in_finding, agent, NULL) == RCML_OK);
  CHECK(rcml_simulate(&simulation, in_simulated, in_text, agent, NULL) == RCML_OK);
  told &= ~2;
  CHECK(rcml_journal_ladder(path, NULL, in_text, agent, NULL) == RCML_OK);
  CHECK(rcml_journal_messages(path, NULL, in_trace, agent, NULL) == RCML_OK);
  CHECK(told == 15);
  unlink(path);
}

/* ---- Too early, too late, in another process */

static void too_early(void) {
  int i;
  for (i = 0; i < FUNCTIONS; i++) {
    rcml_agent *agent = make_agent();
    given g = {77, 0, NULL};
    if ((functions[i].traits & (ENDS | BLOCKS)) == 0)
      expect_not(&functions[i], "before a listener", functions[i].call(agent, &g), RCML_E_HANDLE);
    CHECK(rcml_agent_destroy(agent) == RCML_OK);
  }
}

static void too_late(void) {
  char uri[128];
  rcml_event event = RCML_EVENT_INIT;
  rcml_agent *agent = make_listening(uri, sizeof uri);
  int i;
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  while (rcml_agent_wait(agent, 10, &event) >= 0) {
  }
  for (i = 0; i < FUNCTIONS; i++) {
    given g = {77, 0, NULL};
    int32_t result;
    if (is(&functions[i], "rcml_agent_destroy")) continue;
    result = functions[i].call(agent, &g);
    if (is(&functions[i], "rcml_agent_call") || is(&functions[i], "rcml_agent_host_call"))
      expect(&functions[i], "after the end", result, RCML_E_CLOSED);
    else if ((functions[i].traits & ASKS_ID) != 0) expect(&functions[i], "after the end", result, RCML_E_GONE);
    else expect_not(&functions[i], "after the end", result, RCML_E_HANDLE);
  }
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

static void in_a_child(rcml_agent *agent) {
  int status = 0, i;
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    alarm(20);
    for (i = 0; i < FUNCTIONS; i++) {
      given g = {77, 0, NULL};
      if (has_agent(&functions[i]) && !is(&functions[i], "rcml_agent_destroy"))
        expect(&functions[i], "in a child", functions[i].call(agent, &g), RCML_E_FORK);
    }
    _exit(rcml_agent_destroy(agent) == RCML_OK ? 0 : 1);
  }
  cases += FUNCTIONS;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(int argc, char **argv) {
  char uri[128];
  rcml_agent *agent;
  uint64_t ended;
  int i;
  if (argc > 1 && strcmp(argv[1], "--list") == 0) {
    for (i = 0; i < FUNCTIONS; i++) puts(functions[i].name);
    return 0;
  }
  agent = make_listening(uri, sizeof uri);
  ended = an_ended_call(agent);
  left_out(agent);
  ids(agent, ended);
  in_the_other_functions(agent);
  in_a_child(agent);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
  without_an_agent(NULL, "without an agent");
  without_an_agent(agent, "with an agent that was destroyed");
  without_an_agent((rcml_agent *)(void *)&agent, "with a pointer to something else");
  without_an_agent((rcml_agent *)(uintptr_t)-1, "with a pointer to nothing");
  without_an_agent((rcml_agent *)(uintptr_t)1, "with a pointer that is crooked");
  from_another_thread();
  in_the_event_function();
  in_the_wake_function();
  too_early();
  too_late();
  CHECK(cases > 1000);
  return 0;
}
