/* The host is asked about URLs, and what it says counts (spec Y-4). */
#include "check.h"

static rcml_agent *phones;

/* Calls with a document at a URL nobody serves; `allow` < 0 says nothing. The finding that tells the outcome. */
static void ask(const char *phone, int allow, char *finding, size_t size) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_request_id question = 0;
  char uri[128];
  int turns, ended = 0;
  rcml_agent *agent = make_listening(uri, sizeof uri);
  CHECK(rcml_agent_set(agent, "ask_urls", "all", &error) == RCML_OK);
  document.url = "http://user:secret@127.0.0.1:9/voice?a=b#rc=0";
  options.party = phone;
  options.document = &document;
  CHECK(rcml_agent_call(agent, &options, NULL, &error) == RCML_OK);
  *finding = 0;
  for (turns = 0; turns < 1000 && !ended; turns++) {
    while (rcml_agent_wait(phones, 1, &event) > 0)
      if (event.kind == RCML_EVENT_INCOMING) CHECK(rcml_call_answer(phones, event.call, NULL) == RCML_OK);
    while (rcml_agent_wait(agent, 1, &event) > 0) {
      if (event.kind == RCML_EVENT_URL) {
        CHECK(strcmp(rcml_event_name(event.kind), "url") == 0);
        CHECK(question == 0 && event.request != 0 && event.call != 0 && event.deadline_ms == 10000);
        CHECK(strlen(event.call_sid) == 34);
        CHECK(strcmp(event.url, "http://127.0.0.1:9/voice?a=b") == 0 && strcmp(event.method, "POST") == 0);
        question = event.request;
        CHECK(rcml_agent_answer_url(agent, question, allow != 0, &error) == RCML_OK);
        CHECK(rcml_agent_answer_url(agent, question, true, &error) == RCML_E_GONE);
      }
      if (event.kind == RCML_EVENT_FINDING && !*finding) {
        strncpy(finding, event.name, size - 1);
        CHECK(*rcml_status_text(event.code));
      }
      ended |= event.kind == RCML_EVENT_ENDED;
    }
  }
  CHECK(ended && question != 0);
  finish(agent);
}

int main(void) {
  char phone[128], finding[64];
  memset(finding, 0, sizeof finding);
  phones = make_listening(phone, sizeof phone);
  ask(phone, 0, finding, sizeof finding);
  CHECK(strcmp(finding, "url-denied") == 0);
  ask(phone, 1, finding, sizeof finding);
  CHECK(strcmp(finding, "request-failed") == 0); /* nobody listens on port 9 */
  finish(phones);
  return 0;
}
