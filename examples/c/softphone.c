/* A softphone on a terminal: softphone [LISTEN]. It shows who calls and obeys lines: call sip:alice@192.0.2.7, answer,
 * key 5, hangup, quit. It has no microphone: it signals, rings, and sends keys and hears them. */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <rcml.h>
#include <stdio.h>
#include <string.h>

static rcml_agent *agent;
static rcml_call_id call; /* one at a time */
static void show(const rcml_event *event) {
  if (event->kind == RCML_EVENT_INCOMING) {
    if (call) rcml_call_reject(agent, event->call, 486, NULL, NULL);
    else if (rcml_call_ring(agent, event->call, 0, NULL) == RCML_OK) call = event->call;
  }
  if (event->call != call) return;
  printf("%s %s %s\n", rcml_event_name(event->kind), *event->from ? event->from : event->name, event->status);
  if (event->kind == RCML_EVENT_ENDED) call = 0;
}

static void obey(char *line) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  char text[128] = "<Response><Pause length=\"86400\"/></Response>", *argument = strchr(line, ' ');
  int32_t result = 1;
  if (argument) *argument++ = 0;
  document.text = text;
  options.party = argument;
  options.document = &document;
  if (!strcmp(line, "call") && !call) result = rcml_agent_call(agent, &options, &call, &error);
  if (!strcmp(line, "answer")) result = rcml_call_answer(agent, call, &error);
  if (!strcmp(line, "hangup")) result = rcml_call_hang_up(agent, call, &error);
  if (!strcmp(line, "quit")) result = rcml_agent_stop(agent);
  if (!strcmp(line, "key") && argument) {
    snprintf(text, sizeof text, "<Response><Play digits=\"%.9s\"/><Pause length=\"86400\"/></Response>", argument);
    result = rcml_call_run(agent, call, &document, &error);
  }
  if (result) puts(result < 0 ? error.message : "call PARTY, answer, key KEYS, hangup, quit");
}

int main(int argc, char **argv) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  struct pollfd watched[2] = {{0, POLLIN, 0}, {-1, POLLIN, 0}};
  char line[256] = "";
  setvbuf(stdin, NULL, _IONBF, 0); /* what came stays where poll() sees it */
  setvbuf(stdout, NULL, _IOLBF, 256);
  agent = rcml_agent_create(&error);
  if (rcml_agent_listen(agent, argc > 1 ? argv[1] : "udp:127.0.0.1:0", &error) < 0) return puts(error.message), 1;
  rcml_agent_listener(agent, 0, line, sizeof line);
  for (puts(line), watched[1].fd = rcml_agent_fd(agent); event.kind != RCML_EVENT_DRAINED;) {
    poll(watched, 2, -1);
    if (watched[0].revents && !fgets(line, sizeof line, stdin)) strcpy(line, "quit"), watched[0].fd = -1;
    if (watched[0].revents) line[strcspn(line, "\n")] = 0, obey(line);
    rcml_agent_process(agent);
    while (event.kind != RCML_EVENT_DRAINED && rcml_agent_next_event(agent, &event) > 0) show(&event);
  }
  return rcml_agent_destroy(agent);
}
