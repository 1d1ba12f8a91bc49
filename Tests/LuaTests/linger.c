/* Goodbyes of agents that Lua gives up (Sources/LuaRCML/box/linger.c), over agents made up here: one that is slow must not
 * cost another its repetitions, and a child that is forked meanwhile must not wait for a lock that nobody lets go of.
 * Prints nothing when all is well. Scripts/test-lua builds it. */
#include "../../Sources/LuaRCML/box/linger.c"

#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

struct rcml_agent {
  volatile int pause_ms; /* how long a turn of it takes in the thread */
  volatile bool is_over, is_destroyed;
  volatile int turns, in_turn;
};

static pthread_t main_thread;

double monotonic_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void sleep_ms(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&time, NULL);
}

int32_t rcml_agent_stop(rcml_agent *agent) {
  (void)agent;
  return RCML_OK;
}

int32_t rcml_agent_process(rcml_agent *agent) {
  if (pthread_equal(pthread_self(), main_thread)) return RCML_OK;
  agent->in_turn = 1;
  sleep_ms(agent->pause_ms);
  agent->in_turn = 0;
  agent->turns++;
  return RCML_OK;
}

int32_t rcml_agent_next_event(rcml_agent *agent, rcml_event *event) {
  if (!agent->is_over) return 0;
  event->kind = RCML_EVENT_DRAINED;
  return 1;
}

int64_t rcml_agent_deadline_ms(rcml_agent *agent) {
  (void)agent;
  return 5;
}

int32_t rcml_agent_fd(rcml_agent *agent) {
  (void)agent;
  return -1;
}

int32_t rcml_agent_destroy(rcml_agent *agent) {
  agent->is_destroyed = true;
  return RCML_OK;
}

static void expect(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "linger: %s\n", what);
  _exit(1);
}

/* Waits until `*flag` is `value`, two seconds at most. */
static bool comes(const volatile int *flag, int value) {
  int i;
  for (i = 0; i < 2000 && *flag < value; i++) sleep_ms(1);
  return *flag >= value;
}

static bool is_freed(const rcml_agent *agent) {
  int i;
  for (i = 0; i < 2000 && !agent->is_destroyed; i++) sleep_ms(1);
  return agent->is_destroyed;
}

int main(void) {
  static rcml_agent slow = {2000, false, false, 0, 0}, quick, of_child;
  pid_t child;
  int status = 0, i;
  main_thread = pthread_self();
  linger(&slow);
  expect(comes(&slow.in_turn, 1), "the thread has not begun");
  linger(&quick); /* 100 tries with a yield between them take no two seconds, however busy the machine */
  slow.pause_ms = 100;
  expect(!quick.is_destroyed, "an agent was given up because another was at work");
  expect(comes(&quick.turns, 2), "an agent does not repeat what it has to say");

  expect(comes(&slow.in_turn, 1), "the thread does not go on");
  child = fork();
  if (child == 0) {
    main_thread = pthread_self();
    linger(&of_child);
    expect(!of_child.is_destroyed && comes(&of_child.turns, 2), "a child has no thread of its own");
    expect(linger_give_up() && of_child.is_destroyed, "a child cannot give up its agents");
    _exit(0);
  }
  for (i = 0; i < 4000 && waitpid(child, &status, WNOHANG) == 0; i++) sleep_ms(1);
  if (i == 4000) kill(child, SIGKILL);
  expect(i < 4000, "a forked child waits for a lock for ever");
  expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the child failed");

  slow.is_over = quick.is_over = true;
  expect(is_freed(&slow) && is_freed(&quick), "agents that are over are not freed");
  expect(!linger_give_up(), "something is left");
  return 0;
}
