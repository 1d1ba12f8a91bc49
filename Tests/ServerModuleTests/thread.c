/* The agent's thread: it makes up for ticks it was late for, has the priority that was wished for,
 * takes no signals, and does what other threads ask for. */
#include "server.h"

#include <sched.h>
#include <signal.h>

static const char *const usual[] = {"general domains=pbx.test", "general sip=Fake/${USER}", NULL};

static void stand_still(void *context, rcml_agent *agent) {
  (void)agent;
  nap(*(int *)context);
}

/* Its ticks are those of the clock, however often it woke up. */
static void late_ticks_are_made_up(void) {
  rcml_module *module = make_module(usual);
  rcml_channel *caller = call_text(module, "<Response><Dial><Sip>sip:answer@pbx.test</Sip></Dial></Response>");
  rcml_module_timing before, after;
  int16_t frame[FRAME];
  int64_t start, passed;
  int little = 200, much = 700;
  await_event(caller, RCML_CHANNEL_ANSWER);
  CHECK(talk(caller, 20) > 0.5);
  rcml_module_timing_of(module, &before);
  start = now_ms();
  CHECK(rcml_module_run(module, stand_still, &little) == RCML_OK);
  nap(100);
  rcml_module_timing_of(module, &after);
  passed = now_ms() - start;
  CHECK(after.made_up - before.made_up >= 7 && after.latest_us >= 150000);
  CHECK((int64_t)(after.ticks + after.missed - before.ticks - before.missed) >= passed / 20 - 2);
  CHECK((int64_t)(after.ticks + after.missed - before.ticks - before.missed) <= passed / 20 + 2);
  /* More than the rings hold is not made up: it would only be delay. */
  CHECK(rcml_module_run(module, stand_still, &much) == RCML_OK);
  nap(60);
  rcml_module_timing_of(module, &after);
  CHECK(after.missed - before.missed >= 15);
  CHECK(rcml_channel_trim(caller, 3) >= 10);
  for (little = 0; rcml_channel_pull(caller, frame); little++) continue;
  CHECK(little >= 3 && little <= 8);
  rcml_channel_leave(caller, 0);
  end_module(module, 2000);
}

static int policy, priority, depth;
static bool takes_signals;
static rcml_module *asked;

static void look_deeper(void *context, rcml_agent *agent) {
  CHECK(agent != NULL && context == &depth);
  depth++;
}

static void look(void *context, rcml_agent *agent) {
  struct sched_param parameters;
  sigset_t blocked;
  (void)agent, (void)context;
  CHECK(pthread_getschedparam(pthread_self(), &policy, &parameters) == 0);
  priority = parameters.sched_priority;
  CHECK(pthread_sigmask(SIG_BLOCK, NULL, &blocked) == 0);
  takes_signals = !sigismember(&blocked, SIGTERM) || !sigismember(&blocked, SIGURG);
  /* What runs there may ask again, and does not wait for itself. */
  CHECK(rcml_module_run(asked, look_deeper, &depth) == RCML_OK && depth == 1);
}

static void logged(void *context, int32_t severity, const char *text) {
  (void)severity;
  if (strstr(text, "real-time priority")) atomic_store((atomic_bool *)context, true);
}

static void priority_and_signals(void) {
  rcml_module_options options = RCML_MODULE_OPTIONS_INIT;
  rcml_error error = RCML_ERROR_INIT;
  atomic_bool was_refused = false;
  options.priority = 5;
  options.observer.log = logged;
  options.observer.context = &was_refused;
  asked = rcml_module_create(&options, &error);
  CHECK(asked != NULL);
  CHECK(rcml_module_run(asked, look, NULL) == RCML_OK);
  CHECK(!takes_signals);
  if (atomic_load(&was_refused)) CHECK(policy == SCHED_OTHER);
  else CHECK(policy == SCHED_RR && priority == 5);
  end_module(asked, 0);
}

/* Eight threads ask while calls come and go. */
static atomic_bool may_end;
static atomic_int answers;

static void nothing(void *context, const rcml_module_call *call) {
  (void)context;
  CHECK(strlen(call->sid) == 34);
}

static void *asking(void *context) {
  rcml_module *module = context;
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_module_timing timing;
  rcml_configuration *configuration;
  while (!atomic_load(&may_end)) {
    CHECK(rcml_module_calls(module, nothing, NULL) >= 0);
    CHECK(rcml_module_counters(module, &counters) == RCML_OK);
    rcml_module_timing_of(module, &timing);
    configuration = rcml_module_configuration(module);
    CHECK(rcml_module_reload(module, configuration, NULL) == RCML_OK);
    rcml_configuration_release(configuration);
    atomic_fetch_add(&answers, 1);
  }
  return NULL;
}

static void many_ask(void) {
  rcml_module *module = make_module(usual);
  pthread_t threads[8];
  for (int at = 0; at < 8; at++) CHECK(pthread_create(&threads[at], NULL, asking, module) == 0);
  for (int at = 0; at < 20; at++) {
    rcml_channel *caller = call_text(module, "<Response><Dial><Sip>sip:busy@pbx.test</Sip></Dial></Response>");
    CHECK(await_event(caller, RCML_CHANNEL_DIAL).sip_code == 486);
    rcml_channel_leave(caller, 0);
  }
  atomic_store(&may_end, true);
  for (int at = 0; at < 8; at++) pthread_join(threads[at], NULL);
  CHECK(atomic_load(&answers) > 0);
  end_module(module, 2000);
}

int main(void) {
  late_ticks_are_made_up();
  priority_and_signals();
  many_ask();
  return 0;
}
