/* Every function of rcml.h under one signature, so that a test can do the same to all of them. A function that is not here
 * is named by Scripts/test-header. Compiles as C99 and as C++. */
#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "check.h"

/* What a function is given beside the agent. */
typedef struct given {
  uint64_t id;        /* of a call or a request */
  unsigned left_out;  /* bit n: the n-th pointer is NULL */
  rcml_error *error;
} given;

/* Who may call it (rcml.h, THREADS). VISITS: any thread, and it waits its turn. DRIVES: a [loop] function that may not be called by that of rcml_agent_run. */
enum thread_rule { LOOP, DRIVES, ANY, VISITS, WITHOUT_AGENT };
/* ENDS: an agent is no longer what it was. BLOCKS: it does not return while the agent lives. ASKS_ID: of a call or request. */
enum { ENDS = 1, BLOCKS = 2, ASKS_ID = 4 };

typedef struct function_row {
  const char *name;
  int32_t (*call)(rcml_agent *, const given *);
  enum thread_rule rule;
  int traits;
  /* One letter a pointer: A = NULL is RCML_E_ARGUMENT, o = it may be left out. */
  const char *pointers;
} function_row;

#define LEFT_OUT(n) ((g->left_out >> (n)) & 1)
#define GIVEN(n, type, value) (LEFT_OUT(n) ? (type)NULL : (type)(value))

static inline void no_wake(void *context) { (void)context; }

static inline void no_text(void *context, const char *text, size_t length) {
  (void)context;
  (void)text;
  (void)length;
}

static inline void no_finding(void *context, const rcml_finding *finding) {
  (void)context;
  (void)finding;
}

static inline void no_target(void *context, const rcml_target *target) {
  (void)context;
  (void)target;
}

static inline void no_message(void *context, const rcml_trace_message *message) {
  (void)context;
  (void)message;
}

static inline int32_t is_text(const char *text) { return text != NULL ? RCML_OK : RCML_E_ARGUMENT; }

#define ROW(name) static inline int32_t call_##name(rcml_agent *agent, const given *g)
#define UNUSED ((void)agent, (void)g)

ROW(version) { UNUSED; return is_text(rcml_version()); }
ROW(status_name) { UNUSED; return is_text(rcml_status_name(INT32_MIN)); }
ROW(status_text) { UNUSED; return is_text(rcml_status_text(INT32_MAX)); }
ROW(event_name) { UNUSED; return is_text(rcml_event_name(-1)); }
ROW(catalogue_entry) {
  rcml_catalogue_info info = RCML_CATALOGUE_INFO_INIT;
  UNUSED;
  return rcml_catalogue_entry(0, GIVEN(0, rcml_catalogue_info *, &info));
}
ROW(agent_create) {
  rcml_agent *made = rcml_agent_create(g->error);
  UNUSED;
  return made == NULL ? RCML_E_SYSTEM : rcml_agent_destroy(made);
}
ROW(agent_destroy) { UNUSED; return rcml_agent_destroy(agent); }
ROW(agent_set) {
  return rcml_agent_set(agent, GIVEN(0, const char *, "ringing_mode"), GIVEN(1, const char *, "immediate"), g->error);
}
ROW(agent_get) {
  char value[64];
  return rcml_agent_get(agent, GIVEN(0, const char *, "ringing_mode"), GIVEN(1, char *, value), sizeof value, g->error);
}
ROW(setting_entry) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  UNUSED;
  return rcml_setting_entry(0, GIVEN(0, rcml_setting_info *, &info));
}
ROW(event_parameter) {
  rcml_event event = RCML_EVENT_INIT;
  char value[64];
  UNUSED;
  event.url = "host:/?Digits=1";
  return rcml_event_parameter(
      GIVEN(0, const rcml_event *, &event), GIVEN(1, const char *, "Digits"), GIVEN(2, char *, value), sizeof value);
}
ROW(agent_journal) { return rcml_agent_journal(agent, GIVEN(0, const char *, "/nowhere/at/all"), g->error); }
ROW(agent_trace) { return rcml_agent_trace(agent, 10, g->error); }
ROW(agent_ladder) {
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  return rcml_agent_ladder(
      agent, GIVEN(0, const rcml_ladder_options *, &options), LEFT_OUT(1) ? NULL : no_text, NULL, g->error);
}
ROW(agent_listen) { return rcml_agent_listen(agent, GIVEN(0, const char *, "udp:127.0.0.1:0"), g->error); }
ROW(agent_listener) {
  char uri[64];
  return rcml_agent_listener(agent, 0, GIVEN(0, char *, uri), sizeof uri);
}
ROW(agent_unlisten) { return rcml_agent_unlisten(agent, 0, g->error); }
ROW(agent_default_document) {
  rcml_document document = RCML_DOCUMENT_INIT;
  document.text = "<Response/>";
  return rcml_agent_default_document(agent, GIVEN(0, const rcml_document *, &document), g->error);
}
ROW(agent_call) {
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_call_id call = 0;
  document.text = "<Response/>";
  options.party = GIVEN(1, const char *, "sip:a@127.0.0.1:9");
  options.document = GIVEN(2, const rcml_document *, &document);
  return rcml_agent_call(
      agent, GIVEN(0, const rcml_call_options *, &options), GIVEN(3, rcml_call_id *, &call), g->error);
}
ROW(agent_answer_request) {
  return rcml_agent_answer_request(
      agent, g->id, 200, GIVEN(0, const char *, "text/xml"), GIVEN(1, const char *, "<Response/>"), 11, g->error);
}
ROW(agent_answer_credentials) {
  return rcml_agent_answer_credentials(agent, g->id, GIVEN(0, const char *, "u"), GIVEN(1, const char *, "p"), g->error);
}
ROW(agent_answer_target) {
  return rcml_agent_answer_target(
      agent, g->id, true, GIVEN(0, const char *, "sip:a@h"), GIVEN(1, const char *, "u"), GIVEN(2, const char *, "p"),
      g->error);
}
ROW(agent_answer_url) { return rcml_agent_answer_url(agent, g->id, true, g->error); }
ROW(agent_answer_speech) {
  return rcml_agent_answer_speech(
      agent, g->id, GIVEN(0, const char *, "audio/basic"), GIVEN(1, const char *, "12345678"), 8, g->error);
}
ROW(agent_answer_verb) {
  rcml_document document = RCML_DOCUMENT_INIT;
  document.text = "<Response/>";
  return rcml_agent_answer_verb(agent, g->id, true, GIVEN(0, const rcml_document *, &document), g->error);
}
ROW(agent_counters) {
  rcml_counters counters = RCML_COUNTERS_INIT;
  return rcml_agent_counters(agent, GIVEN(0, rcml_counters *, &counters));
}
ROW(agent_metrics) {
  char text[64];
  return rcml_agent_metrics(agent, GIVEN(0, char *, text), sizeof text);
}
/* NULL is an answer, too. */
ROW(extension) {
  UNUSED;
  (void)rcml_extension(GIVEN(0, const char *, "rcml.nothing"), UINT32_MAX);
  return RCML_OK;
}
ROW(agent_drain) { UNUSED; return rcml_agent_drain(agent); }
ROW(agent_stop) { UNUSED; return rcml_agent_stop(agent); }
ROW(agent_fd) {
  int32_t result = rcml_agent_fd(agent);
  UNUSED;
  return result > 0 ? 0 : result;
}
/* Its failures are those of rcml_agent_process, and 0 here. */
ROW(agent_deadline_ms) { UNUSED; return rcml_agent_deadline_ms(agent) >= -1 ? RCML_OK : RCML_E_STATE; }
ROW(agent_process) { UNUSED; return rcml_agent_process(agent); }
ROW(agent_next_event) {
  rcml_event event = RCML_EVENT_INIT;
  return rcml_agent_next_event(agent, GIVEN(0, rcml_event *, &event));
}
ROW(agent_wait) {
  rcml_event event = RCML_EVENT_INIT;
  return rcml_agent_wait(agent, 0, GIVEN(0, rcml_event *, &event));
}
ROW(agent_run) { return rcml_agent_run(agent, NULL, NULL, g->error); }
ROW(agent_start) { return rcml_agent_start(agent, LEFT_OUT(0) ? NULL : no_wake, NULL, g->error); }
ROW(call_run) {
  rcml_document document = RCML_DOCUMENT_INIT;
  document.text = "<Response/>";
  return rcml_call_run(agent, g->id, GIVEN(0, const rcml_document *, &document), g->error);
}
ROW(call_ring) { return rcml_call_ring(agent, g->id, 180, g->error); }
ROW(call_answer) { return rcml_call_answer(agent, g->id, g->error); }
ROW(call_reject) { return rcml_call_reject(agent, g->id, 486, GIVEN(0, const char *, "Busy"), g->error); }
ROW(call_hang_up) { return rcml_call_hang_up(agent, g->id, g->error); }
ROW(call_end_dial) { return rcml_call_end_dial(agent, g->id, g->error); }
ROW(call_press_digit) { return rcml_call_press_digit(agent, g->id, '5', g->error); }
ROW(call_record) { return rcml_call_record(agent, g->id, GIVEN(0, const char *, "/nowhere/at/all.wav"), g->error); }
ROW(call_set_context) { return rcml_call_set_context(agent, g->id, NULL); }
ROW(call_state) {
  rcml_call_info info = RCML_CALL_INFO_INIT;
  return rcml_call_state(agent, g->id, GIVEN(0, rcml_call_info *, &info));
}
ROW(call_leg) {
  rcml_leg_info info = RCML_LEG_INFO_INIT;
  return rcml_call_leg(agent, g->id, 0, GIVEN(0, rcml_leg_info *, &info));
}
ROW(agent_host_call) {
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_call_id call = 0;
  document.text = "<Response/>";
  options.document = GIVEN(1, const rcml_document *, &document);
  return rcml_agent_host_call(
      agent, GIVEN(0, const rcml_host_call_options *, &options), GIVEN(2, rcml_call_id *, &call), g->error);
}
ROW(host_ring) { return rcml_host_ring(agent, g->id, 0, 180, GIVEN(0, const char *, "v=0"), 0, g->error); }
ROW(host_answer) { return rcml_host_answer(agent, g->id, 0, GIVEN(0, const char *, "v=0"), 0, g->error); }
ROW(host_offer) { return rcml_host_offer(agent, g->id, 0, GIVEN(0, const char *, "v=0"), 0, g->error); }
ROW(host_refuse) { return rcml_host_refuse(agent, g->id, 0, 488, g->error); }
ROW(host_hang_up) { return rcml_host_hang_up(agent, g->id, 0, 0, g->error); }
ROW(host_press_digit) { return rcml_host_press_digit(agent, g->id, 0, '5', g->error); }
ROW(host_push) {
  static const char frame[320] = {0};
  return rcml_host_push(agent, g->id, 0, GIVEN(0, const void *, frame), sizeof frame);
}
ROW(host_pull) {
  char frame[320];
  return rcml_host_pull(agent, g->id, 0, GIVEN(0, void *, frame), sizeof frame);
}
ROW(document_check) {
  UNUSED;
  return rcml_document_check(GIVEN(0, const char *, "<Response/>"), 0, LEFT_OUT(1) ? NULL : no_finding, NULL, g->error);
}
ROW(document_check_with) {
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  UNUSED;
  return rcml_document_check_with(
      GIVEN(0, const char *, "<Response/>"), 0, GIVEN(1, const rcml_check_options *, &options),
      LEFT_OUT(2) ? NULL : no_finding, NULL, g->error);
}
ROW(document_targets) {
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  UNUSED;
  return rcml_document_targets(
      GIVEN(0, const char *, "<Response/>"), 0, GIVEN(1, const rcml_check_options *, &options),
      LEFT_OUT(2) ? NULL : no_target, NULL, g->error);
}
ROW(journal_replay) {
  rcml_replay_result result = RCML_REPLAY_RESULT_INIT;
  UNUSED;
  return rcml_journal_replay(
      GIVEN(0, const char *, "/dev/null"), GIVEN(1, rcml_replay_result *, &result), g->error);
}
ROW(journal_ladder) {
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  UNUSED;
  return rcml_journal_ladder(
      GIVEN(0, const char *, "/dev/null"), GIVEN(1, const rcml_ladder_options *, &options),
      LEFT_OUT(2) ? NULL : no_text, NULL, g->error);
}
ROW(journal_messages) {
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  UNUSED;
  return rcml_journal_messages(
      GIVEN(0, const char *, "/dev/null"), GIVEN(1, const rcml_ladder_options *, &options),
      LEFT_OUT(2) ? NULL : no_message, NULL, g->error);
}
ROW(simulate) {
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  document.text = "<Response/>";
  simulation.document = GIVEN(1, const rcml_document *, &document);
  UNUSED;
  return rcml_simulate(
      GIVEN(0, const rcml_simulation *, &simulation), NULL, LEFT_OUT(2) ? NULL : no_text, NULL, g->error);
}

#define NAMED(name) "rcml_" #name, call_##name
static const function_row functions[] = {
    {NAMED(version), WITHOUT_AGENT, 0, ""},
    {NAMED(status_name), WITHOUT_AGENT, 0, ""},
    {NAMED(status_text), WITHOUT_AGENT, 0, ""},
    {NAMED(event_name), WITHOUT_AGENT, 0, ""},
    {NAMED(catalogue_entry), WITHOUT_AGENT, 0, "A"},
    {NAMED(agent_create), WITHOUT_AGENT, 0, ""},
    {NAMED(agent_destroy), DRIVES, ENDS, ""},
    {NAMED(agent_set), LOOP, 0, "Ao"},
    {NAMED(agent_get), LOOP, 0, "AA"},
    {NAMED(setting_entry), WITHOUT_AGENT, 0, "A"},
    {NAMED(event_parameter), WITHOUT_AGENT, 0, "AAA"},
    {NAMED(agent_journal), LOOP, 0, "A"},
    {NAMED(agent_trace), LOOP, 0, ""},
    {NAMED(agent_ladder), LOOP, 0, "oA"},
    {NAMED(agent_listen), LOOP, 0, "A"},
    {NAMED(agent_listener), LOOP, 0, "A"},
    {NAMED(agent_unlisten), LOOP, 0, ""},
    {NAMED(agent_default_document), LOOP, 0, "o"},
    {NAMED(agent_call), LOOP, 0, "AAAo"},
    {NAMED(agent_answer_request), LOOP, ASKS_ID, "oA"},
    {NAMED(agent_answer_credentials), LOOP, ASKS_ID, "oo"},
    {NAMED(agent_answer_target), LOOP, ASKS_ID, "ooo"},
    {NAMED(agent_answer_url), LOOP, ASKS_ID, ""},
    {NAMED(agent_answer_speech), LOOP, ASKS_ID, "oA"},
    {NAMED(agent_answer_verb), LOOP, ASKS_ID, "o"},
    {NAMED(agent_counters), LOOP, 0, "A"},
    {NAMED(agent_metrics), LOOP, 0, "A"},
    {NAMED(extension), WITHOUT_AGENT, 0, "o"},
    {NAMED(agent_drain), ANY, ENDS, ""},
    {NAMED(agent_stop), ANY, ENDS, ""},
    {NAMED(agent_fd), LOOP, 0, ""},
    {NAMED(agent_deadline_ms), LOOP, 0, ""},
    {NAMED(agent_process), DRIVES, 0, ""},
    {NAMED(agent_next_event), DRIVES, 0, "A"},
    {NAMED(agent_wait), DRIVES, 0, "A"},
    {NAMED(agent_run), DRIVES, BLOCKS, ""},
    {NAMED(agent_start), LOOP, 0, "A"},
    {NAMED(call_run), LOOP, ASKS_ID, "A"},
    {NAMED(call_ring), LOOP, ASKS_ID, ""},
    {NAMED(call_answer), LOOP, ASKS_ID, ""},
    {NAMED(call_reject), LOOP, ASKS_ID, "o"},
    {NAMED(call_hang_up), LOOP, ASKS_ID, ""},
    {NAMED(call_end_dial), LOOP, ASKS_ID, ""},
    {NAMED(call_press_digit), LOOP, ASKS_ID, ""},
    {NAMED(call_record), LOOP, ASKS_ID, "A"},
    {NAMED(call_set_context), LOOP, ASKS_ID, ""},
    {NAMED(call_state), LOOP, ASKS_ID, "A"},
    {NAMED(call_leg), LOOP, ASKS_ID, "A"},
    {NAMED(agent_host_call), LOOP, 0, "Aoo"},
    {NAMED(host_ring), LOOP, ASKS_ID, "o"},
    {NAMED(host_answer), LOOP, ASKS_ID, "o"},
    {NAMED(host_offer), LOOP, ASKS_ID, "A"},
    {NAMED(host_refuse), LOOP, ASKS_ID, ""},
    {NAMED(host_hang_up), LOOP, ASKS_ID, ""},
    {NAMED(host_press_digit), LOOP, ASKS_ID, ""},
    {NAMED(host_push), VISITS, ASKS_ID, "A"},
    {NAMED(host_pull), VISITS, ASKS_ID, "A"},
    {NAMED(document_check), WITHOUT_AGENT, 0, "Ao"},
    {NAMED(document_check_with), WITHOUT_AGENT, 0, "Aoo"},
    {NAMED(document_targets), WITHOUT_AGENT, 0, "AoA"},
    {NAMED(journal_replay), WITHOUT_AGENT, 0, "Ao"},
    {NAMED(journal_ladder), WITHOUT_AGENT, 0, "AoA"},
    {NAMED(journal_messages), WITHOUT_AGENT, 0, "AoA"},
    {NAMED(simulate), WITHOUT_AGENT, 0, "AAo"},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

#endif
