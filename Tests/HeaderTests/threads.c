/* [any] means any thread at any time: eight threads call every such function while a ninth turns an agent with calls. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8
static const char journal[] = "threads.journal";
static const char document_text[] =
    "<Response><Dial tiemout='5'><Sip>sip:a@192.0.2.7</Sip></Dial></Response>";

static rcml_agent *driven, *phones, *mine[THREADS];
static pthread_barrier_t together;
static rcml_replay_result expected = RCML_REPLAY_RESULT_INIT;
static size_t ladder_length, message_count;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- what each thread calls, and what each call must come to ---- */

static void count_finding(void *context, const rcml_finding *finding) {
  CHECK(strcmp(finding->name, "unknown-attribute") == 0);
  ++*(size_t *)context;
}

static void count_octets(void *context, const char *octets, size_t length) {
  (void)octets;
  *(size_t *)context += length;
}

static void count_message(void *context, const rcml_trace_message *message) {
  CHECK(message->length == strlen(message->text));
  ++*(size_t *)context;
}

static void count_target(void *context, const rcml_target *target) {
  CHECK(target->dial > 0 && *target->noun);
  ++*(size_t *)context;
}

static void count_event(void *context, int64_t at_ms, const rcml_event *event) {
  CHECK(at_ms >= 0 && *rcml_event_name(event->kind));
  ++*(size_t *)context;
}

static void words(void) {
  rcml_catalogue_info entry = RCML_CATALOGUE_INFO_INIT;
  rcml_metric_info metric = RCML_METRIC_INFO_INIT;
  const rcml_metrics_extension *list = (const rcml_metrics_extension *)rcml_extension("rcml.metrics", 1);
  rcml_setting_info setting = RCML_SETTING_INFO_INIT;
  rcml_event event = RCML_EVENT_INIT;
  char digits[4];
  size_t i;
  for (i = 0; rcml_setting_entry(i, &setting) == 1; i++) CHECK(*setting.name && *setting.text);
  CHECK(i > 90);
  event.body = "Digits=12";
  event.body_length = 9;
  CHECK(rcml_event_parameter(&event, "Digits", digits, sizeof digits) == 2 && strcmp(digits, "12") == 0);
  CHECK(strncmp(rcml_version(), "0.1", 3) == 0);
  for (i = 0; rcml_catalogue_entry(i, &entry) == 1; i++) {
    CHECK(strcmp(rcml_status_name(entry.code), entry.name) == 0);
    CHECK(strcmp(rcml_status_text(entry.code), entry.text) == 0);
  }
  CHECK(i > 30 && strcmp(rcml_event_name(RCML_EVENT_ENDED), "ended") == 0);
  CHECK(list != NULL && list->entry(0, &metric) == 1 && strcmp(metric.member, "uptime_ms") == 0);
}

static void documents(void) {
  rcml_replay_result replayed = RCML_REPLAY_RESULT_INIT;
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_error error = RCML_ERROR_INIT;
  size_t count = 0, octets = 0;
  CHECK(rcml_document_check(document_text, 0, count_finding, &count, &error) == RCML_OK && count == 1);
  count = 0;
  CHECK(rcml_document_check_with(document_text, 0, NULL, count_finding, &count, &error) == RCML_OK && count == 1);
  count = 0;
  CHECK(rcml_document_targets(document_text, 0, NULL, count_target, &count, &error) == RCML_OK && count > 0);
  CHECK(rcml_document_check("<Response>", 0, NULL, NULL, &error) == RCML_E_DOCUMENT);
  CHECK(error.code == RCML_E_DOCUMENT && error.line == 1 && *error.message); /* nobody else's error */
  CHECK(rcml_journal_replay(journal, &replayed, &error) == RCML_OK);
  CHECK(replayed.records == expected.records && replayed.outputs == expected.outputs);
  CHECK(rcml_journal_ladder(journal, NULL, count_octets, &octets, &error) == RCML_OK && octets == ladder_length);
  count = 0;
  CHECK(rcml_journal_messages(journal, NULL, count_message, &count, &error) == RCML_OK && count == message_count);
  document.text = document_text;
  simulation.document = &document;
  count = 0;
  CHECK(rcml_simulate(&simulation, count_event, NULL, &count, &error) == RCML_OK && count > 5);
}

static void agents(size_t number) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_agent *agent = rcml_agent_create(&error);
  int32_t result;
  CHECK(agent != NULL);
  mine[number] = agent;
  pthread_barrier_wait(&together);
  /* The neighbour's agent, while the neighbour stops ours. */
  CHECK(rcml_agent_drain(mine[(number + 1) % THREADS]) == RCML_OK);
  CHECK(rcml_agent_stop(mine[(number + 3) % THREADS]) == RCML_OK);
  do result = rcml_agent_wait(agent, 5000, &event);
  while (result > 0);
  CHECK(result == RCML_E_CLOSED);
  pthread_barrier_wait(&together);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
  /* Destroyed by us, asked for by the others at the same time: a result, and nothing worse. */
  result = rcml_agent_stop(mine[(number + 1) % THREADS]);
  CHECK(result == RCML_OK || result == RCML_E_HANDLE);
  pthread_barrier_wait(&together);
}

/* Frames are handed over by any thread, beside the one that drives: none is refused for that. */
static rcml_call_id brought;

static void frames(void) {
  static const int16_t silence[160] = {0};
  int16_t heard[160];
  CHECK(rcml_host_push(driven, brought, 0, silence, sizeof silence) >= 0);
  CHECK(rcml_host_pull(driven, brought, 0, heard, sizeof heard) >= 0);
}

/* A [loop] function on an agent that another thread drives is refused, or gets its turn; never both at once. */
static void not_ours(void) {
  rcml_counters counters = RCML_COUNTERS_INIT;
  int32_t result = rcml_agent_counters(driven, &counters);
  CHECK(result == RCML_OK || result == RCML_E_BUSY);
  CHECK((counters.uptime_ms > 0) == (result == RCML_OK));
}

static void *work(void *context) {
  size_t number = *(const size_t *)context;
  double end = seconds() + 2;
  int rounds;
  for (rounds = 0; rounds < 3 || seconds() < end; rounds++) {
    words();
    documents();
    not_ours();
    frames();
    if (rounds < 3) agents(number);
  }
  return NULL;
}

/* ---- the thread that drives ---- */

static int32_t calls_ended;

static void place_call(rcml_agent *agent, const char *party) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  document.text = "<Response><Hangup/></Response>";
  options.party = party;
  options.document = &document;
  while (rcml_agent_call(agent, &options, NULL, &error) == RCML_E_BUSY) {} /* another thread counts */
}

static void *turn(void *context) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t result;
  for (;;) {
    result = rcml_agent_wait(driven, 20, &event);
    if (result == RCML_E_CLOSED) return NULL;
    if (result > 0 && event.kind == RCML_EVENT_ENDED) {
      calls_ended++;
      place_call(driven, (const char *)context);
    }
  }
}

static void *turn_phones(void *unused) {
  rcml_event event = RCML_EVENT_INIT;
  (void)unused;
  while (rcml_agent_wait(phones, -1, &event) >= 0)
    if (event.kind == RCML_EVENT_INCOMING) rcml_call_reject(phones, event.call, 486, NULL, NULL);
  return NULL;
}

/* ---- inside a wake function ---- */

static int woken[2];

static void wake(void *context) {
  rcml_agent *agent = (rcml_agent *)context;
  rcml_catalogue_info entry = RCML_CATALOGUE_INFO_INIT;
  rcml_setting_info setting = RCML_SETTING_INFO_INIT;
  rcml_event event = RCML_EVENT_INIT;
  CHECK(*rcml_version() && *rcml_event_name(RCML_EVENT_ENDED));
  CHECK(strcmp(rcml_status_name(RCML_E_GONE), "gone") == 0 && *rcml_status_text(RCML_E_GONE));
  CHECK(rcml_catalogue_entry(0, &entry) == 1);
  CHECK(rcml_setting_entry(0, &setting) == 1);
  CHECK(rcml_event_parameter(&event, "Digits", NULL, 0) == RCML_E_ARGUMENT);
  CHECK(rcml_extension("rcml.metrics", 1) != NULL);
  CHECK(rcml_agent_process(agent) == RCML_E_BUSY);
  CHECK(write(woken[1], "", 1) == 1);
}

static void inside_a_wake_function(void) {
  rcml_agent *agent = make_agent();
  rcml_event event = RCML_EVENT_INIT;
  char octet;
  CHECK(pipe(woken) == 0);
  CHECK(rcml_agent_start(agent, wake, agent, NULL) == RCML_OK);
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  while (event.kind != RCML_EVENT_DRAINED) {
    CHECK(read(woken[0], &octet, 1) == 1);
    CHECK(rcml_agent_process(agent) >= 0);
    while (rcml_agent_next_event(agent, &event) > 0 && event.kind != RCML_EVENT_DRAINED) {}
  }
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
  close(woken[0]);
  close(woken[1]);
}

static void write_journal(void) {
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  document.text = document_text;
  simulation.document = &document;
  simulation.journal = journal;
  CHECK(rcml_simulate(&simulation, NULL, NULL, NULL, NULL) == RCML_OK);
  CHECK(rcml_journal_replay(journal, &expected, NULL) == RCML_OK);
  CHECK(rcml_journal_ladder(journal, NULL, count_octets, &ladder_length, NULL) == RCML_OK);
  CHECK(rcml_journal_messages(journal, NULL, count_message, &message_count, NULL) == RCML_OK);
  CHECK(expected.records > 10 && ladder_length > 100 && message_count > 5);
}

int main(void) {
  char uri[128], phone[128];
  size_t numbers[THREADS];
  pthread_t threads[THREADS], driver, ringer;
  rcml_host_call_options answered = RCML_HOST_CALL_OPTIONS_INIT;
  size_t i;
  write_journal();
  inside_a_wake_function();
  driven = make_listening(uri, sizeof uri);
  phones = make_listening(phone, sizeof phone);
  place_call(driven, phone);
  answered.answered = true;
  CHECK(rcml_agent_host_call(driven, &answered, &brought, NULL) == RCML_OK);
  CHECK(pthread_barrier_init(&together, NULL, THREADS) == 0);
  CHECK(pthread_create(&driver, NULL, turn, phone) == 0);
  CHECK(pthread_create(&ringer, NULL, turn_phones, NULL) == 0);
  for (i = 0; i < THREADS; i++) {
    numbers[i] = i;
    CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
  }
  for (i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(rcml_agent_stop(driven) == RCML_OK && rcml_agent_stop(phones) == RCML_OK);
  CHECK(pthread_join(driver, NULL) == 0 && pthread_join(ringer, NULL) == 0);
  CHECK(calls_ended > 10);
  CHECK(rcml_agent_destroy(driven) == RCML_OK && rcml_agent_destroy(phones) == RCML_OK);
  CHECK(pthread_barrier_destroy(&together) == 0);
  return 0;
}
