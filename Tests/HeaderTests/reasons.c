/* Why it ended, as a program sees it (E-9), and documents that cannot be read, also those that the program gave (H-34). */
#include "check.h"

typedef struct seen {
  char reason[32], text[512], finding[1024];
  int code, finding_code, line, reason_of_finding;
} seen;

/* What is told of one call until it has ended. `other`: turned as well; it answers whoever calls. */
static void follow(rcml_agent *agent, rcml_agent *other, rcml_call_id call, seen *told) {
  rcml_event event = RCML_EVENT_INIT;
  int turns;
  memset(told, 0, sizeof *told);
  for (turns = 0; turns < 2000; turns++) {
    if (rcml_agent_wait(other, 2, &event) > 0 && event.kind == RCML_EVENT_INCOMING)
      CHECK(rcml_call_answer(other, event.call, NULL) == 0);
    if (rcml_agent_wait(agent, 2, &event) <= 0 || event.call != call) continue;
    if (event.kind == RCML_EVENT_FINDING) {
      told->finding_code = event.code;
      told->reason_of_finding = event.reason_code;
      told->line = event.line;
      snprintf(told->finding, sizeof told->finding, "%s", event.text);
    }
    if (event.kind != RCML_EVENT_ENDED) continue;
    told->code = event.reason_code;
    snprintf(told->reason, sizeof told->reason, "%s", event.reason);
    snprintf(told->text, sizeof told->text, "%s", event.reason_text);
    return;
  }
  CHECK(!"ended");
}

static void expect_unreadable(const seen *told) {
  CHECK(told->finding_code == 12100 && told->line == 2 && told->reason_of_finding == 12136);
  CHECK(strstr(told->finding, "It begins \"<Response><Dial>\". The host gave it. The call ends."));
  CHECK(strcmp(told->reason, "no-document") == 0 && told->code == 12136);
  CHECK(strstr(told->text, "The host gave it."));
}

int main(void) {
  char phone[64], me[64];
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_agent *phones = make_listening(phone, sizeof phone), *agent = make_listening(me, sizeof me);
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_host_call_options mine = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_call_id call = 0;
  seen told;
  int turns;
  options.party = phone;
  options.document = &document;

  /* By rcml_agent_call. */
  document.text = "<Response><Dial>\n";
  CHECK(rcml_agent_call(agent, &options, &call, &error) == 0);
  follow(agent, phones, call, &told);
  expect_unreadable(&told);

  /* By rcml_call_run, on a call that goes on. */
  document.text = "<Response><Pause length=\"60\"/></Response>";
  CHECK(rcml_agent_call(agent, &options, &call, &error) == 0);
  for (turns = 0; turns < 1000; turns++) {
    if (rcml_agent_wait(phones, 2, &event) > 0 && event.kind == RCML_EVENT_INCOMING)
      CHECK(rcml_call_answer(phones, event.call, NULL) == 0);
    if (rcml_agent_wait(agent, 2, &event) > 0 && event.kind == RCML_EVENT_ANSWERED) break;
  }
  document.text = "<Response><Dial>\n";
  CHECK(rcml_call_run(agent, call, &document, &error) == 0);
  follow(agent, phones, call, &told);
  expect_unreadable(&told);

  /* A party of the program's own is told why it is turned away (A2). */
  document.text = "<Response><Reject/></Response>";
  mine.from = "100";
  mine.document = &document;
  CHECK(rcml_agent_host_call(agent, &mine, &call, &error) == 0);
  for (turns = 0; turns < 1000; turns++)
    if (rcml_agent_wait(agent, 2, &event) > 0 && event.kind == RCML_EVENT_HOST) break;
  CHECK(strcmp(event.name, "reject") == 0 && strcmp(event.reason, "rejected") == 0);
  CHECK(event.reason_code == 33404 && strcmp(event.reason_text, "The document rejected the call.") == 0);
  CHECK(strcmp(rcml_status_name(event.reason_code), "document-rejected") == 0);

  finish(agent);
  finish(phones);
  return 0;
}
