/* Verbs that only the host knows (spec D-28), and the markup of a Say (V-21). */
#include "check.h"

static rcml_agent *phones;
static rcml_agent *agent;

/* Calls the phone and runs `text` on it; `document` and `done` are the answer to the first verb. How often it was asked;
 * the names of the findings go to `findings`. */
static int run(
    const char *phone, const char *text, bool done, const rcml_document *answer, char *findings, size_t size) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_event event = RCML_EVENT_INIT;
  int turns, ended = 0, asked = 0;
  document.text = text;
  options.party = phone;
  options.document = &document;
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == RCML_OK);
  memset(findings, 0, size);
  for (turns = 0; turns < 1000 && !ended; turns++) {
    while (rcml_agent_wait(phones, 1, &event) > 0)
      if (event.kind == RCML_EVENT_INCOMING) CHECK(rcml_call_answer(phones, event.call, NULL) == RCML_OK);
    while (rcml_agent_wait(agent, 1, &event) > 0) {
      if (event.kind == RCML_EVENT_VERB) {
        rcml_request_id question = event.request;
        CHECK(strcmp(rcml_event_name(event.kind), "verb") == 0);
        CHECK(question != 0 && event.call != 0 && event.leg == 0 && event.deadline_ms == 10000);
        CHECK(strcmp(event.name, "Pay") == 0 && strcmp(event.text, "now") == 0 && event.text_length == 3);
        CHECK(strcmp(event.body, "charge=5+EUR") == 0 && *event.url == 0);
        CHECK(rcml_agent_answer_verb(agent, question, done, answer, &error) == RCML_OK);
        CHECK(rcml_agent_answer_verb(agent, question, done, answer, &error) == RCML_E_GONE);
        asked++;
      }
      if (event.kind == RCML_EVENT_SPEECH) {
        CHECK(strcmp(event.text, "Hi you") == 0);
        CHECK(strcmp(event.markup, "<speak>Hi <emphasis>you</emphasis></speak>") == 0);
        CHECK(rcml_agent_answer_speech(agent, event.request, NULL, NULL, 0, &error) == RCML_OK);
        asked += 100;
      }
      if (event.kind == RCML_EVENT_FINDING) {
        strncat(findings, event.name, size - strlen(findings) - 2);
        strcat(findings, " ");
      }
      ended |= event.kind == RCML_EVENT_ENDED;
    }
  }
  CHECK(ended);
  return asked;
}

int main(void) {
  static const char pay[] = "<Response><Pay charge=\"5 EUR\">now</Pay></Response>";
  static const char said[] = "<Response><Say>Hi <emphasis>you</emphasis></Say></Response>";
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  char phone[128], own[128], findings[256];
  phones = make_listening(phone, sizeof phone);
  agent = make_listening(own, sizeof own);
  CHECK(run(phone, pay, true, NULL, findings, sizeof findings) == 0 && strcmp(findings, "unsupported-verb ") == 0);
  CHECK(rcml_agent_set(agent, "ask_verbs", "yes", &error) == RCML_E_SETTING);
  CHECK(rcml_agent_set(agent, "ask_verbs", "true", &error) == RCML_OK);
  CHECK(run(phone, pay, true, NULL, findings, sizeof findings) == 1 && *findings == 0);
  CHECK(run(phone, pay, false, NULL, findings, sizeof findings) == 1 && strcmp(findings, "unsupported-verb ") == 0);
  document.text = "<Response><Say>One</Say></Response>";
  CHECK(run(phone, pay, false, &document, findings, sizeof findings) == 1 && strcmp(findings, "no-tts ") == 0);
  document.text = "nothing";
  CHECK(run(phone, pay, true, &document, findings, sizeof findings) == 1 && strcmp(findings, "document-error ") == 0);
  CHECK(rcml_agent_set(agent, "ask_speech", "true", &error) == RCML_OK);
  CHECK(run(phone, said, true, NULL, findings, sizeof findings) == 100 && strcmp(findings, "no-tts ") == 0);
  finish(agent);
  finish(phones);
  return 0;
}
