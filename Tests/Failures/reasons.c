/* Calls a party, runs a document on it and prints every reason that the host is told: EVENT, word, number and sentence, with
 * tabs between. reasons PARTY text|url DOCUMENT NAME=VALUE... */
#include <rcml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const rcml_error *error) {
  fprintf(stderr, "%s: %s\n", what, error->message);
  exit(2);
}

static void answer(rcml_agent *agent, const rcml_event *event) {
  if (event->kind == RCML_EVENT_TARGET)
    rcml_agent_answer_target(agent, event->request, true, NULL, NULL, NULL, NULL);
  if (event->kind == RCML_EVENT_URL) rcml_agent_answer_url(agent, event->request, true, NULL);
}

int main(int count, char **words) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_agent *agent = rcml_agent_create(&error);
  int place;
  if (agent == NULL || count < 4) return 2;
  for (place = 4; place < count; place++) {
    char *value = strchr(words[place], '=');
    if (value == NULL) return 2;
    *value++ = 0;
    if (rcml_agent_set(agent, words[place], value, &error) < 0) fail(words[place], &error);
  }
  if (rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) < 0) fail("listen", &error);
  if (strcmp(words[2], "url") == 0) document.url = words[3];
  else document.text = words[3];
  options.party = words[1];
  options.document = &document;
  if (rcml_agent_call(agent, &options, NULL, &error) < 0) fail("call", &error);
  while (rcml_agent_wait(agent, 40000, &event) > 0) {
    answer(agent, &event);
    if (event.kind == RCML_EVENT_ENDED) rcml_agent_drain(agent);
    if (event.kind == RCML_EVENT_DRAINED) break;
    if (event.reason_code == 0) continue;
    printf("%s\t%s\t%d\t%s\n", rcml_event_name(event.kind), event.reason, (int)event.reason_code,
           event.reason_text);
  }
  return rcml_agent_destroy(agent) < 0;
}
