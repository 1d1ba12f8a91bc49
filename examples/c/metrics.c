/* Counters for a system of your own, StatsD here: the extension rcml.metrics lists them, so that the program need not know
 * their names. Everything that is not 0 after a call is printed. The phone is its own: it runs anywhere. */
#include <rcml.h>
#include <stdio.h>
#include <string.h>

static int print_counters(rcml_agent *agent) {
  const rcml_metrics_extension *metrics = (const rcml_metrics_extension *)rcml_extension(RCML_METRICS_EXTENSION, 1);
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_metric_info metric = RCML_METRIC_INFO_INIT;
  uint64_t value;
  int printed = 0;
  size_t i;
  if (!metrics || rcml_agent_counters(agent, &counters) < 0) return 0;
  for (i = 0; metrics->entry(i, &metric) > 0; i++) {
    if (metric.offset + sizeof value > sizeof counters) break; /* newer than this program */
    memcpy(&value, (const char *)&counters + metric.offset, sizeof value);
    if (value) printed += printf("rcml.%s:%llu|g\n", metric.member, (unsigned long long)value) > 0;
  }
  return printed;
}

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_agent *phone = rcml_agent_create(&error), *agent = rcml_agent_create(&error);
  char uri[128] = "";
  int printed;
  rcml_agent_listen(phone, "udp:127.0.0.1:0", &error);
  rcml_agent_listener(phone, 0, uri, sizeof uri);
  document.text = "<Response/>";
  options.party = uri;
  options.document = &document;
  if (rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) < 0 || rcml_agent_call(agent, &options, NULL, &error) < 0)
    return puts(error.message), 1;
  while (event.kind != RCML_EVENT_ENDED) {
    if (rcml_agent_wait(phone, 10, &event) > 0 && event.kind == RCML_EVENT_INCOMING)
      rcml_call_answer(phone, event.call, NULL);
    rcml_agent_wait(agent, 10, &event);
  }
  printed = print_counters(agent);
  rcml_agent_destroy(agent);
  rcml_agent_destroy(phone);
  return printed > 5 ? 0 : 1;
}
