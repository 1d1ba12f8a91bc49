/* The host says what a <Say> sounds like (spec V-10, Q-26). */
#include "check.h"

static rcml_agent *phones;
static rcml_agent *agent;
static char wav[44 + 1600];

/* A tenth of a second of silence: 16 bit, 8 kHz. */
static void write_wav(void) {
  static const unsigned char header[44] = {
      'R', 'I', 'F', 'F', 0x64, 6, 0, 0, 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ', 16, 0, 0, 0, 1, 0,
      1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0, 'd', 'a', 't', 'a', 0x40, 6, 0, 0};
  memcpy(wav, header, sizeof header);
}

/* Calls the phone and says `text` to it; `body` is what the host answers, NULL = nothing of its own. How often it was
 * asked; the first finding goes to `finding`. */
static int say(const char *phone, const char *text, const char *body, size_t length, char *finding, size_t size) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_event event = RCML_EVENT_INIT;
  char written[160];
  int turns, ended = 0, asked = 0;
  snprintf(written, sizeof written, "<Response><Say voice=\"anna\" language=\"de-DE\">%s</Say></Response>", text);
  document.text = written;
  options.party = phone;
  options.document = &document;
  CHECK(*event.language == 0);
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == RCML_OK);
  memset(finding, 0, size);
  for (turns = 0; turns < 1000 && !ended; turns++) {
    while (rcml_agent_wait(phones, 1, &event) > 0)
      if (event.kind == RCML_EVENT_INCOMING) CHECK(rcml_call_answer(phones, event.call, NULL) == RCML_OK);
    while (rcml_agent_wait(agent, 1, &event) > 0) {
      if (event.kind == RCML_EVENT_SPEECH) {
        rcml_request_id question = event.request;
        CHECK(strcmp(rcml_event_name(event.kind), "speech") == 0);
        CHECK(question != 0 && event.call != 0 && strlen(event.call_sid) == 34 && event.deadline_ms == 10000);
        CHECK(strcmp(event.text, text) == 0 && event.text_length == strlen(text));
        CHECK(strcmp(event.name, "anna") == 0 && strcmp(event.language, "de-DE") == 0);
        CHECK(rcml_agent_answer_speech(agent, question, NULL, NULL, 1, &error) == RCML_E_ARGUMENT);
        CHECK(rcml_agent_answer_speech(agent, question, NULL, body, length, &error) == RCML_OK);
        CHECK(rcml_agent_answer_speech(agent, question, NULL, body, length, &error) == RCML_E_GONE);
        asked++;
      } else {
        CHECK(event.kind != RCML_EVENT_STATUS || *event.language == 0);
      }
      if (event.kind == RCML_EVENT_FINDING && !*finding) strncpy(finding, event.name, size - 1);
      ended |= event.kind == RCML_EVENT_ENDED;
    }
  }
  CHECK(ended);
  return asked;
}

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  char phone[128], own[128], finding[64];
  write_wav();
  phones = make_listening(phone, sizeof phone);
  agent = make_listening(own, sizeof own);
  /* Without the setting nobody is asked, and nobody speaks. */
  CHECK(say(phone, "Hello", wav, sizeof wav, finding, sizeof finding) == 0 && strcmp(finding, "no-tts") == 0);
  CHECK(rcml_agent_set(agent, "ask_speech", "yes", &error) == RCML_E_SETTING);
  CHECK(rcml_agent_set(agent, "ask_speech", "true", &error) == RCML_OK);
  CHECK(say(phone, "Hello", wav, sizeof wav, finding, sizeof finding) == 1 && *finding == 0);
  /* It is kept. */
  CHECK(say(phone, "Hello", wav, sizeof wav, finding, sizeof finding) == 0 && *finding == 0);
  /* No sound, an empty one, none at all. */
  CHECK(say(phone, "Noise", "noise", 5, finding, sizeof finding) == 1 && strcmp(finding, "no-tts") == 0);
  CHECK(say(phone, "Nothing", "", 0, finding, sizeof finding) == 1 && strcmp(finding, "no-tts") == 0);
  CHECK(say(phone, "Nobody", NULL, 0, finding, sizeof finding) == 1 && strcmp(finding, "no-tts") == 0);
  finish(agent);
  finish(phones);
  return 0;
}
