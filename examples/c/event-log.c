/* Every event of a call as one line of JSON: what a log of yours could hold. The phone is its own: it runs anywhere. */
#include <rcml.h>
#include <stdio.h>

static void text(const char *name, const char *value) {
  if (!*value) return; /* does not apply */
  printf(",\"%s\":\"", name);
  for (; *value; value++) {
    unsigned char c = (unsigned char)*value;
    if (c == '"' || c == '\\') printf("\\%c", c);
    else if (c < 32) printf("\\u%04x", c);
    else putchar(c);
  }
  putchar('"');
}

static void log_event(const rcml_event *event) {
  printf("{\"event\":\"%s\",\"call\":%llu", rcml_event_name(event->kind), (unsigned long long)event->call);
  text("sid", event->leg ? event->leg_sid : event->call_sid);
  text("name", event->name);
  text("status", event->status);
  text("from", event->from);
  text("to", event->to);
  text("hangup_by", event->hangup_by);
  if (event->sip_code) printf(",\"sip_code\":%d", (int)event->sip_code);
  if (event->kind == RCML_EVENT_ENDED) printf(",\"duration\":%d", (int)event->duration);
  text("text", event->text);
  puts("}");
}

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_agent *phone = rcml_agent_create(&error), *agent = rcml_agent_create(&error);
  char uri[128] = "";
  rcml_agent_listen(phone, "udp:127.0.0.1:0", &error);
  rcml_agent_listener(phone, 0, uri, sizeof uri);
  rcml_agent_set(agent, "transport_log", "true", &error); /* the SIP messages, too; secrets are masked */
  document.text = "<Response><Pause length=\"1\"/></Response>";
  options.party = uri;
  options.document = &document;
  if (rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) < 0 || rcml_agent_call(agent, &options, NULL, &error) < 0)
    return puts(error.message), 1;
  while (event.kind != RCML_EVENT_ENDED) {
    if (rcml_agent_wait(phone, 10, &event) > 0 && event.kind == RCML_EVENT_INCOMING)
      rcml_call_answer(phone, event.call, NULL);
    if (rcml_agent_wait(agent, 10, &event) > 0) log_event(&event);
  }
  rcml_agent_destroy(agent);
  rcml_agent_destroy(phone);
  return 0;
}
