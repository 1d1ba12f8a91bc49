/* Transfers a live call: the caller talks to alice, and is taken from her to another document, which rings bob. The
 * phones are its own: it runs anywhere. */
#include <rcml.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document first = RCML_DOCUMENT_INIT, then = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_agent *phones = rcml_agent_create(&error), *agent = rcml_agent_create(&error);
  char place[128] = "", alice[256], bob[256];
  int talked = 0, over = 0;
  rcml_agent_listen(phones, "udp:127.0.0.1:0", &error);
  rcml_agent_listener(phones, 0, place, sizeof place);
  snprintf(alice, sizeof alice, "<Response><Dial><Sip>sip:alice@%s</Sip></Dial></Response>", place + 4);
  snprintf(bob, sizeof bob, "<Response><Dial><Sip>sip:bob@%s</Sip></Dial></Response>", place + 4);
  first.text = alice;
  then.text = bob;
  options.party = place;
  options.document = &first;
  if (rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) < 0 || rcml_agent_call(agent, &options, NULL, &error) < 0)
    return puts(error.message), 1;
  while (!over) {
    if (rcml_agent_wait(phones, 10, &event) > 0 && event.kind == RCML_EVENT_INCOMING)
      rcml_call_answer(phones, event.call, NULL);
    if (rcml_agent_wait(agent, 10, &event) <= 0) continue;
    if (event.kind == RCML_EVENT_STATUS) printf("%s %s %s\n", event.to, event.name, event.status);
    if (event.kind == RCML_EVENT_STATUS && !strcmp(event.name, "answered")) {
      /* She is hung up; the caller stays, and hears ringing. */
      if (!talked++) rcml_call_run(agent, event.call, &then, &error);
      else rcml_call_hang_up(agent, event.call, &error);
    }
    over = event.kind == RCML_EVENT_ENDED;
  }
  rcml_agent_destroy(agent);
  rcml_agent_destroy(phones);
  return talked == 2 ? 0 : 1;
}
