/* epoll: for programs with many descriptors.
 * The agent calls a phone, then rings it for a second more: nobody takes that call, and a timer ends it. Both the agent and
 * the phone (a second agent) live in the same loop. Four loops, one program: loop-poll, loop-epoll, loop-uv, loop-glib. */
#include <unistd.h>
#include <rcml.h>
#include <stdio.h>
#include <sys/epoll.h>

static int over, rang;

/* Does all there is to do for an agent; whatever loop it is, this is what it calls. */
static void turn(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  rcml_agent_process(agent);
  while (rcml_agent_next_event(agent, &event) > 0) {
    if (event.kind == RCML_EVENT_INCOMING && !rang++) rcml_call_answer(agent, event.call, NULL);
    if (event.kind == RCML_EVENT_STATUS) printf("%s %s %s\n", event.to, event.name, event.status);
    over |= event.kind == RCML_EVENT_DRAINED;
  }
}

/* The phone, and the agent that calls it and is done when that call is over. */
static int start(rcml_agent **phone, rcml_agent **agent) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  char uri[128] = "", text[256];
  *phone = rcml_agent_create(&error);
  *agent = rcml_agent_create(&error);
  rcml_agent_listen(*phone, "udp:127.0.0.1:0", &error);
  rcml_agent_listener(*phone, 0, uri, sizeof uri);
  snprintf(text, sizeof text, "<Response><Dial timeout=\"1\"><Sip>%s</Sip></Dial></Response>", uri);
  document.text = text;
  options.party = uri;
  options.document = &document;
  if (rcml_agent_listen(*agent, "udp:127.0.0.1:0", &error) < 0 || rcml_agent_call(*agent, &options, NULL, &error) < 0)
    return puts(error.message), 1;
  return rcml_agent_drain(*agent);
}

/* The descriptor is readable at the agent's deadline, too: a loop that watches it needs no timer of its own. */
int main(void) {
  rcml_agent *agents[2];
  struct epoll_event event;
  int i, loop = epoll_create1(EPOLL_CLOEXEC), failed = start(&agents[0], &agents[1]);
  for (i = 0; i < 2; i++) {
    event.events = EPOLLIN;
    event.data.ptr = agents[i];
    epoll_ctl(loop, EPOLL_CTL_ADD, rcml_agent_fd(agents[i]), &event);
  }
  while (!failed && !over)
    if (epoll_wait(loop, &event, 1, -1) > 0) turn((rcml_agent *)event.data.ptr);
  for (i = 0; i < 2; i++) rcml_agent_destroy(agents[i]);
  return close(loop) || failed;
}
