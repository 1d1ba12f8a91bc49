/* Calls one party, runs a document on it that rings another, and hangs up once they talk: dial CALLER CALLEE
 * Without arguments two phones of its own play the parties, so that it runs anywhere. */
#include <rcml.h>
#include <stdio.h>

int main(int argc, char **argv) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_agent *phones = rcml_agent_create(&error), *agent = rcml_agent_create(&error);
  rcml_call_id call = 0;
  char phone[128] = "", text[512];
  int32_t talked = 0, over = 0;

  rcml_agent_listen(phones, "udp:127.0.0.1:0", &error);
  rcml_agent_listener(phones, 0, phone, sizeof phone);
  snprintf(text, sizeof text, "<Response><Dial timeout=\"20\"><Sip>%s</Sip></Dial></Response>", argc > 2 ? argv[2] : phone);
  document.text = text;
  options.party = argc > 1 ? argv[1] : phone;
  options.document = &document;
  if (rcml_agent_listen(agent, argc > 1 ? "udp:0.0.0.0:0" : "udp:127.0.0.1:0", &error) < 0 ||
      rcml_agent_call(agent, &options, &call, &error) < 0)
    return puts(error.message), 1;
  while (!over) {
    if (rcml_agent_wait(phones, 10, &event) > 0 && event.kind == RCML_EVENT_INCOMING)
      rcml_call_answer(phones, event.call, &error);
    if (rcml_agent_wait(agent, 10, &event) <= 0) continue;
    printf("%-9s %s %s %s\n", rcml_event_name(event.kind), event.to, event.name, event.status);
    talked |= event.kind == RCML_EVENT_STATUS && event.name[0] == 'a'; /* answered */
    if (talked) rcml_call_hang_up(agent, call, NULL);
    over = event.kind == RCML_EVENT_ENDED;
  }
  rcml_agent_destroy(agent);
  rcml_agent_destroy(phones);
  return talked ? 0 : 1;
}
