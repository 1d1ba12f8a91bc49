/* Settings: listed, set, read, given back, judged when they are set; and parameters of events. */
#include "check.h"

static void listed(void) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  rcml_agent *agent = make_agent();
  char value[256], before[256];
  size_t index, with_presets = 0;
  for (index = 0; rcml_setting_entry(index, &info) == 1; index++) {
    CHECK(*info.name && *info.theme && *info.values && *info.text && *info.example);
    CHECK(info.kind >= RCML_SETTING_CHOICE && info.kind <= RCML_SETTING_SECRET);
    CHECK((info.kind == RCML_SETTING_NUMBER || info.kind == RCML_SETTING_SECONDS) == (info.maximum > info.minimum));
    with_presets += *info.presets != 0;
    /* A fresh agent has the default. */
    CHECK(rcml_agent_get(agent, info.name, before, sizeof before, NULL) == (int32_t)strlen(info.default_value));
    CHECK(strcmp(before, info.default_value) == 0);
    /* This machine has no such folder, file or program. */
    if (strncmp(info.name, "tls_", 4) == 0 && info.kind == RCML_SETTING_TEXT) continue;
    if (strcmp(info.name, "recordings") == 0 || strcmp(info.name, "sounds") == 0 ||
        strcmp(info.name, "speech_program") == 0)
      continue;
    CHECK(rcml_agent_set(agent, info.name, info.example, NULL) == RCML_OK);
    CHECK(rcml_agent_get(agent, info.name, value, sizeof value, NULL) > 0);
    CHECK(strcmp(value, info.kind == RCML_SETTING_SECRET ? "***" : info.example) == 0);
    /* NULL = the default again. */
    CHECK(rcml_agent_set(agent, info.name, NULL, NULL) == RCML_OK);
    CHECK(rcml_agent_get(agent, info.name, value, sizeof value, NULL) == (int32_t)strlen(before));
    CHECK(strcmp(value, before) == 0);
  }
  CHECK(index > 90 && with_presets > 20);
  CHECK(rcml_setting_entry(index, &info) == 0);
  CHECK(rcml_setting_entry((size_t)-1, &info) == 0);
  CHECK(rcml_setting_entry(0, NULL) == RCML_E_ARGUMENT);
  info.struct_size = 0;
  CHECK(rcml_setting_entry(0, &info) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

static void given_back(void) {
  rcml_agent *agent = make_agent();
  rcml_error error = RCML_ERROR_INIT;
  char value[32] = "untouched";
  CHECK(rcml_agent_set(agent, "preset", "twilio", NULL) == RCML_OK);
  CHECK(rcml_agent_set(agent, "reject_code", "480", NULL) == RCML_OK);
  CHECK(rcml_agent_set(agent, "reject_code", NULL, NULL) == RCML_OK);
  CHECK(rcml_agent_get(agent, "reject_code", value, sizeof value, NULL) == 3 && strcmp(value, "404") == 0);
  /* Cut off, and told how long it is. */
  CHECK(rcml_agent_get(agent, "id_header_prefix", value, 3, NULL) == 9 && strcmp(value, "X-") == 0);
  CHECK(rcml_agent_get(agent, "id_header_prefix", NULL, 0, NULL) == 9);
  CHECK(rcml_agent_get(agent, "rejct_code", value, sizeof value, &error) == RCML_E_SETTING);
  CHECK(strstr(error.message, "reject_code") != NULL && strcmp(value, "X-") == 0);
  CHECK(rcml_agent_set(agent, "rejct_code", NULL, &error) == RCML_E_SETTING);
  CHECK(strstr(error.message, "reject_code") != NULL);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* What would fail later fails now, with a word about what is missing, and nothing is changed. */
static void judged(void) {
  static const char *const wrong[][3] = {
      {"speech_program", "/nonexistent", "/nonexistent"},
      {"speech_program", "no-such-program-anywhere", "in PATH"},
      {"speech_program", "/nonexistent {ssml}", "/nonexistent"},
      {"speech_program", "/tmp", "/tmp"},
      {"speech_program", "/etc/passwd", "/etc/passwd"},
      {"recordings", "/nonexistent", "No such file"},
      {"recordings", "/etc/passwd", "is no folder"},
      {"sounds", "/nonexistent", "No such file"},
      {"public_address", "zzz", "public_address"},
      {"outbound_proxy", "proxy", "outbound_proxy"},
      {"base_url", "pbx", "base_url"},
      {"hep", "homer:9060", "hep"},
  };
  rcml_agent *agent = make_agent();
  size_t i;
  for (i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    rcml_error error = RCML_ERROR_INIT;
    char value[64];
    if (rcml_agent_set(agent, wrong[i][0], wrong[i][1], &error) != RCML_E_SETTING ||
        strstr(error.message, wrong[i][2]) == NULL || strstr(error.message, wrong[i][0]) == NULL) {
      fprintf(stderr, "%s=%s: \"%s\"\n", wrong[i][0], wrong[i][1], error.message);
      exit(1);
    }
    CHECK(rcml_agent_get(agent, wrong[i][0], value, sizeof value, NULL) == 0);
  }
  CHECK(rcml_agent_set(agent, "speech_program", "sh", NULL) == RCML_OK);
  CHECK(rcml_agent_set(agent, "speech_program", "/bin/sh {ssml}", NULL) == RCML_OK);
  CHECK(rcml_agent_set(agent, "speech_program", "", NULL) == RCML_OK);
  CHECK(rcml_agent_set(agent, "recordings", "/tmp", NULL) == RCML_OK);
  CHECK(rcml_agent_set(agent, "sounds", "/", NULL) == RCML_OK);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

static void parameters(void) {
  rcml_event event = RCML_EVENT_INIT;
  char value[16] = "untouched";
  event.body = "CallSid=CA1&Digits=12%23&To=sip%3Abob%40h&Empty=&x=a+b";
  event.body_length = strlen(event.body);
  event.url = "host:/menu?step=2&Digits=7";
  CHECK(rcml_event_parameter(&event, "Digits", value, sizeof value) == 3 && strcmp(value, "12#") == 0);
  CHECK(rcml_event_parameter(&event, "step", value, sizeof value) == 1 && strcmp(value, "2") == 0);
  CHECK(rcml_event_parameter(&event, "x", value, sizeof value) == 3 && strcmp(value, "a b") == 0);
  CHECK(rcml_event_parameter(&event, "To", value, 5) == 9 && strcmp(value, "sip:") == 0);
  CHECK(rcml_event_parameter(&event, "To", NULL, 0) == 9);
  CHECK(rcml_event_parameter(&event, "digits", value, sizeof value) == RCML_E_ARGUMENT && strcmp(value, "sip:") == 0);
  CHECK(rcml_event_parameter(&event, "Empty", value, sizeof value) == 0 && *value == 0);
  CHECK(rcml_event_parameter(&event, "Digits", NULL, 4) == RCML_E_ARGUMENT);
  /* No more of the body is read than it says. */
  event.body_length = strlen("CallSid=CA1&Digits=");
  event.url = NULL;
  CHECK(rcml_event_parameter(&event, "Digits", value, sizeof value) == 0);
  event.body = NULL;
  CHECK(rcml_event_parameter(&event, "Digits", value, sizeof value) == RCML_E_ARGUMENT);
  event.struct_size = 0;
  CHECK(rcml_event_parameter(&event, "Digits", value, sizeof value) == RCML_E_ARGUMENT);
}

/* A loop whose event was not set up ends; what it ends with says why. */
static void not_set_up(void) {
  rcml_agent *agent = make_agent();
  rcml_event event;
  memset(&event, 0, sizeof event);
  CHECK(rcml_agent_wait(agent, 0, &event) == RCML_E_ARGUMENT);
  CHECK(rcml_agent_next_event(agent, &event) == RCML_E_ARGUMENT);
  CHECK(strstr(rcml_status_text(RCML_E_ARGUMENT), "set up with its RCML_..._INIT") != NULL);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* A call of ours rings no longer than it may. [U-65] */
static void rings_for_a_second(void) {
  char uri[128];
  rcml_agent *party = make_listening(uri, sizeof uri), *agent = make_agent();
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_call_id call = 0;
  char status[32] = "";
  int turns, canceled = 0;
  CHECK(rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) == 0);
  document.text = "<Response/>";
  options.party = uri;
  options.document = &document;
  options.timeout = 601;
  CHECK(rcml_agent_call(agent, &options, &call, &error) == RCML_E_ARGUMENT);
  options.timeout = -1;
  CHECK(rcml_agent_call(agent, &options, &call, &error) == RCML_E_ARGUMENT);
  options.timeout = 1;
  CHECK(rcml_agent_call(agent, &options, &call, &error) == RCML_OK);
  for (turns = 0; turns < 500 && (!*status || !canceled); turns++) {
    if (rcml_agent_wait(party, 10, &event) > 0) {
      if (event.kind == RCML_EVENT_INCOMING) CHECK(rcml_call_ring(party, event.call, 180, NULL) == RCML_OK);
      if (event.kind == RCML_EVENT_ENDED) canceled = strcmp(event.status, "canceled") == 0;
    }
    if (rcml_agent_wait(agent, 10, &event) > 0 && event.kind == RCML_EVENT_ENDED)
      snprintf(status, sizeof status, "%s", event.status);
  }
  CHECK(strcmp(status, "no-answer") == 0 && canceled);
  finish(agent);
  finish(party);
}

int main(void) {
  listed();
  given_back();
  judged();
  parameters();
  not_set_up();
  rings_for_a_second();
  return 0;
}
