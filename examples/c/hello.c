/* Answers one call and says hello. cc hello.c $(pkg-config --cflags --libs rcml) -o hello && ./hello
 * usage: hello [ADDRESS], which is udp:127.0.0.1:5060 if not said; then call the URI it shows. */
#include <rcml.h>
#include <stdio.h>

int main(int argc, char **argv) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_agent *agent = rcml_agent_create(&error);
  char uri[128] = "";
  document.text = "<Response><Say>Hello.</Say><Pause/></Response>";
  if (rcml_agent_set(agent, "speech_program", "flite", &error) < 0 ||
      rcml_agent_listen(agent, argc > 1 ? argv[1] : "udp:127.0.0.1:5060", &error) < 0)
    return fprintf(stderr, "%s\n", error.message), 1;
  rcml_agent_listener(agent, 0, uri, sizeof uri);
  fprintf(stderr, "call %s\n", uri);
  while (event.kind != RCML_EVENT_ENDED && rcml_agent_wait(agent, -1, &event) > 0)
    if (event.kind == RCML_EVENT_INCOMING) rcml_call_run(agent, event.call, &document, &error);
  printf("ended: %s\n", event.status);
  return rcml_agent_destroy(agent);
}
