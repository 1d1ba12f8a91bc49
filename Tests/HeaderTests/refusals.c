/* Every function with NULL, with an agent that is none, with a destroyed one, with ids that never were (failures H9). */
#include "check.h"

static void no_text(void *context, const char *text, size_t length) {
  (void)context;
  (void)text;
  (void)length;
}

static void no_message(void *context, const rcml_trace_message *message) {
  (void)context;
  (void)message;
}

static void no_wake(void *context) { (void)context; }

/* What every function of an agent says when there is none. */
static void refuses(rcml_agent *agent, int32_t expected) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_call_info call = RCML_CALL_INFO_INIT;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  rcml_counters counters = RCML_COUNTERS_INIT;
  char uri[64];
  document.text = "<Response/>";
  options.party = "sip:a@127.0.0.1";
  options.document = &document;
  CHECK(rcml_agent_set(agent, "ringing_mode", "immediate", &error) == expected);
  CHECK(error.code == expected);
  CHECK(*error.message);
  CHECK(rcml_agent_journal(agent, "/nowhere/at/all", &error) == expected);
  CHECK(rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) == expected);
  CHECK(rcml_agent_listener(agent, 0, uri, sizeof uri) == expected);
  CHECK(rcml_agent_default_document(agent, &document, &error) == expected);
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == expected);
  CHECK(rcml_agent_answer_request(agent, 1, 200, NULL, NULL, 0, &error) == expected);
  CHECK(rcml_agent_answer_credentials(agent, 1, "u", "p", &error) == expected);
  CHECK(rcml_agent_answer_target(agent, 1, true, NULL, NULL, NULL, &error) == expected);
  CHECK(rcml_agent_answer_url(agent, 1, true, &error) == expected);
  CHECK(rcml_agent_answer_speech(agent, 1, NULL, NULL, 0, &error) == expected);
  CHECK(rcml_agent_answer_verb(agent, 1, true, NULL, &error) == expected);
  CHECK(rcml_agent_drain(agent) == expected);
  CHECK(rcml_agent_stop(agent) == expected);
  CHECK(rcml_agent_fd(agent) == expected);
  CHECK(rcml_agent_deadline_ms(agent) == 0);
  CHECK(rcml_agent_process(agent) == expected);
  CHECK(rcml_agent_next_event(agent, &event) == expected);
  CHECK(rcml_agent_wait(agent, 0, &event) == expected);
  CHECK(rcml_agent_run(agent, NULL, NULL, &error) == expected);
  CHECK(rcml_agent_start(agent, no_wake, NULL, &error) == expected);
  CHECK(rcml_call_run(agent, 1, &document, &error) == expected);
  CHECK(rcml_call_ring(agent, 1, 180, &error) == expected);
  CHECK(rcml_call_answer(agent, 1, &error) == expected);
  CHECK(rcml_call_reject(agent, 1, 486, NULL, &error) == expected);
  CHECK(rcml_call_hang_up(agent, 1, &error) == expected);
  CHECK(rcml_call_end_dial(agent, 1, &error) == expected);
  CHECK(rcml_call_press_digit(agent, 1, '1', &error) == expected);
  CHECK(rcml_call_record(agent, 1, "/x.wav", &error) == expected);
  CHECK(rcml_call_state(agent, 1, &call) == expected);
  CHECK(rcml_call_leg(agent, 1, 0, &leg) == expected);
  CHECK(rcml_agent_counters(agent, &counters) == expected);
  CHECK(rcml_agent_metrics(agent, uri, sizeof uri) == expected);
}

static void missing_arguments(rcml_agent *agent) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event blank;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  memset(&blank, 0, sizeof blank);
  CHECK(rcml_agent_set(agent, NULL, "x", &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_get(agent, NULL, NULL, 0, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_get(agent, "ringing_mode", NULL, 10, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_journal(agent, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_listen(agent, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_listener(agent, 0, NULL, 10) == RCML_E_ARGUMENT);
  CHECK(rcml_call_record(agent, 1, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_call(agent, NULL, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == RCML_E_ARGUMENT);
  options.party = "sip:a@127.0.0.1";
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == RCML_E_ARGUMENT);
  options.document = &document;
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == RCML_E_ARGUMENT);
  document.url = "gopher://there";
  CHECK(rcml_agent_default_document(agent, &document, &error) == RCML_E_URI);
  document.url = "http://there";
  document.method = "PUT";
  CHECK(rcml_agent_default_document(agent, &document, &error) == RCML_E_ARGUMENT);
  document.struct_size = 0;
  CHECK(rcml_agent_default_document(agent, &document, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_default_document(agent, NULL, &error) == RCML_OK);
  CHECK(rcml_agent_answer_request(agent, 1, 99, NULL, NULL, 0, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_answer_request(agent, 1, 200, NULL, NULL, 5, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_answer_credentials(agent, 1, "a\r\nb", NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_next_event(agent, NULL) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_next_event(agent, &blank) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_wait(agent, 0, NULL) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_start(agent, NULL, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_call_ring(agent, 1, 200, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_call_reject(agent, 1, 200, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_call_reject(agent, 1, 486, "Busy\r\nVia: x", &error) == RCML_E_ARGUMENT);
  CHECK(rcml_call_press_digit(agent, 1, 'x', &error) == RCML_E_ARGUMENT);
  CHECK(rcml_call_state(agent, 1, NULL) == RCML_E_ARGUMENT);
  CHECK(rcml_call_leg(agent, 1, 0, NULL) == RCML_E_ARGUMENT);
}

static void ids_that_never_were(rcml_agent *agent) {
  static const uint64_t ids[] = {0, 1, 77, UINT64_MAX};
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_info call = RCML_CALL_INFO_INIT;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  size_t i;
  document.text = "<Response/>";
  for (i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    CHECK(rcml_call_run(agent, ids[i], &document, NULL) == RCML_E_GONE);
    CHECK(rcml_call_ring(agent, ids[i], 0, NULL) == RCML_E_GONE);
    CHECK(rcml_call_answer(agent, ids[i], NULL) == RCML_E_GONE);
    CHECK(rcml_call_reject(agent, ids[i], 486, NULL, NULL) == RCML_E_GONE);
    CHECK(rcml_call_hang_up(agent, ids[i], NULL) == RCML_E_GONE);
    CHECK(rcml_call_end_dial(agent, ids[i], NULL) == RCML_E_GONE);
    CHECK(rcml_call_press_digit(agent, ids[i], '5', NULL) == RCML_E_GONE);
    CHECK(rcml_call_record(agent, ids[i], "/x.wav", NULL) == RCML_E_GONE);
    CHECK(rcml_call_state(agent, ids[i], &call) == RCML_E_GONE);
    CHECK(rcml_call_leg(agent, ids[i], 0, &leg) == RCML_E_GONE);
    CHECK(rcml_agent_answer_request(agent, ids[i], 200, NULL, NULL, 0, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_credentials(agent, ids[i], "u", "p", NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_credentials(agent, ids[i], NULL, NULL, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_target(agent, ids[i], true, "sip:a@h", NULL, NULL, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_target(agent, ids[i], false, NULL, NULL, NULL, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_url(agent, ids[i], true, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_url(agent, ids[i], false, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_verb(agent, ids[i], true, NULL, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_speech(agent, ids[i], NULL, NULL, 0, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_answer_speech(agent, ids[i], "audio/wav", "x", 1, NULL) == RCML_E_GONE);
  }
}

static void wrong_values(rcml_agent *agent) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  rcml_agent *other;
  char uri[128], address[160], small[8];
  CHECK(rcml_agent_set(agent, "ringing_mood", "on-ringing", &error) == RCML_E_SETTING);
  CHECK(strstr(error.message, "ringing_mode") != NULL); /* names the nearest */
  CHECK(rcml_agent_set(agent, "ringing_mode", "sometimes", &error) == RCML_E_SETTING);
  CHECK(rcml_agent_listen(agent, "carrier-pigeon:1", &error) == RCML_E_ADDRESS);
  CHECK(rcml_agent_listen(agent, "", &error) == RCML_E_ADDRESS);
  CHECK(rcml_agent_listener(agent, 0, NULL, 0) == 0);
  CHECK(rcml_agent_listen(agent, "tcp:127.0.0.1:0", &error) == 0);
  CHECK(rcml_agent_listener(agent, 0, uri, sizeof uri) == (int32_t)strlen(uri));
  CHECK(rcml_agent_listener(agent, 0, small, sizeof small) == (int32_t)strlen(uri));
  CHECK(strlen(small) == 7 && strncmp(small, uri, 7) == 0);
  CHECK(rcml_agent_listener(agent, 1, uri, sizeof uri) == 0);
  /* A port in use: a sentence and a code, and everything lives on. */
  CHECK(rcml_agent_listener(agent, 0, uri, sizeof uri) > 0);
  *strchr(uri, ';') = 0;
  snprintf(address, sizeof address, "tcp:%s", uri + 4);
  other = make_agent();
  CHECK(rcml_agent_listen(other, address, &error) == RCML_E_BIND);
  CHECK(*error.message);
  CHECK(rcml_agent_listen(other, "udp:127.0.0.1:0", &error) == 0);
  CHECK(rcml_agent_journal(other, "late.journal", &error) == RCML_E_STATE);
  CHECK(rcml_agent_destroy(other) == RCML_OK);
  other = make_agent();
  CHECK(rcml_agent_listen(other, "udp:127.0.0.1:0", &error) == 0);
  CHECK(rcml_agent_trace(other, 10, &error) == RCML_E_STATE);
  CHECK(rcml_agent_ladder(other, NULL, no_text, NULL, &error) == RCML_E_STATE);
  CHECK(rcml_agent_destroy(other) == RCML_OK);
  other = make_agent();
  CHECK(rcml_agent_trace(other, 0, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_trace(other, 10001, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_trace(other, 10, &error) == RCML_OK);
  CHECK(rcml_agent_trace(other, 10, &error) == RCML_E_STATE);
  CHECK(rcml_agent_ladder(other, NULL, no_text, NULL, &error) == RCML_OK);
  options.call = "1";
  CHECK(rcml_agent_ladder(other, &options, no_text, NULL, &error) == RCML_E_GONE);
  options.call = NULL;
  options.form = "lits";
  CHECK(rcml_agent_ladder(other, &options, no_text, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(strstr(error.message, "did you mean \342\200\234list\342\200\235?") != NULL);
  /* A program that was compiled with an older header knows of no forms. */
  options.struct_size = offsetof(rcml_ladder_options, form);
  CHECK(rcml_agent_ladder(other, &options, no_text, NULL, &error) == RCML_OK);
  CHECK(rcml_agent_destroy(other) == RCML_OK);
  other = make_agent();
  CHECK(rcml_agent_journal(other, "/nowhere/at/all", &error) == RCML_E_FILE);
  CHECK(rcml_agent_destroy(other) == RCML_OK);
}

static void documents_and_journals(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_replay_result result = RCML_REPLAY_RESULT_INIT;
  CHECK(rcml_document_check(NULL, 0, NULL, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_document_check("", 0, NULL, NULL, &error) == RCML_OK); /* spec G-5: an empty document */
  CHECK(rcml_document_check("<Response>", 0, NULL, NULL, NULL) == RCML_E_DOCUMENT);
  CHECK(rcml_journal_replay(NULL, &result, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_journal_replay("/nowhere/at/all", &result, &error) == RCML_E_FILE);
  CHECK(rcml_journal_replay("/dev/null", &result, &error) == RCML_E_JOURNAL);
  CHECK(rcml_journal_ladder("/dev/null", NULL, no_text, NULL, &error) == RCML_E_JOURNAL);
  CHECK(rcml_journal_ladder("/dev/null", NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_journal_messages("/dev/null", NULL, no_message, NULL, &error) == RCML_E_JOURNAL);
  CHECK(rcml_journal_messages("/nowhere/at/all", NULL, no_message, NULL, &error) == RCML_E_FILE);
  CHECK(rcml_journal_messages("/dev/null", NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
}

/* An older program's struct ends earlier: nothing behind its end is touched. */
static void shorter_structs(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  rcml_error error = RCML_ERROR_INIT;
  event.struct_size = offsetof(rcml_event, leg);
  event.leg = 4711;
  CHECK(rcml_agent_next_event(agent, &event) == 0);
  CHECK(event.leg == 4711);
  error.struct_size = offsetof(rcml_error, message) + 8;
  memset(error.message, 'x', sizeof error.message);
  CHECK(rcml_agent_listen(agent, "nonsense", &error) == RCML_E_ADDRESS);
  CHECK(error.code == RCML_E_ADDRESS);
  CHECK(error.message[7] == 0 && error.message[8] == 'x');
  error.struct_size = 0;
  error.code = 1;
  CHECK(rcml_agent_listen(agent, "nonsense", &error) == RCML_E_ADDRESS);
  CHECK(error.code == 1);
}

int main(void) {
  rcml_agent *agent = make_agent();
  missing_arguments(agent);
  ids_that_never_were(agent);
  shorter_structs(agent);
  wrong_values(agent);
  documents_and_journals();
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
  CHECK(rcml_agent_destroy(agent) == RCML_E_HANDLE);
  CHECK(rcml_agent_destroy(NULL) == RCML_OK);
  refuses(NULL, RCML_E_HANDLE);
  refuses(agent, RCML_E_HANDLE);
  refuses((rcml_agent *)(void *)&agent, RCML_E_HANDLE);
  refuses((rcml_agent *)(uintptr_t)-1, RCML_E_HANDLE);
  return 0;
}
