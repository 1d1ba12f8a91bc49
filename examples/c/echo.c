/* Parties of your own, without a phone, a port or a packet: a caller in frames of 20 ms, and a noun that this program
 * answers for, whose party says what it hears. A PBX's channel or a microphone takes the caller's place. */
#include <rcml.h>
#include <stdio.h>
#include <string.h>

static rcml_leg_id echo; /* 0 = not called yet */
static int over;

static void happened(rcml_agent *agent, const rcml_event *event) {
  if (event->kind == RCML_EVENT_TARGET) /* <Client>echo</Client> */
    rcml_agent_answer_target(agent, event->request, !strcmp(event->to, "echo"), "host:echo", NULL, NULL, NULL);
  if (event->kind == RCML_EVENT_HOST) printf("%s %s\n", event->leg ? "echo" : "caller", event->name);
  if (event->kind == RCML_EVENT_HOST && !strcmp(event->name, "call")) {
    echo = event->leg;
    rcml_host_answer(agent, event->call, echo, NULL, 0, NULL);
  }
  over |= event->kind == RCML_EVENT_ENDED;
}

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_call_id call;
  int16_t saw[160], frame[160];
  int i, heard = 0;
  rcml_agent *agent = rcml_agent_create(&error);
  for (i = 0; i < 160; i++) saw[i] = (int16_t)(i % 2 ? -12288 : 12288);
  document.text = "<Response><Dial><Client>echo</Client></Dial></Response>";
  options.from = "100";
  options.document = &document;
  rcml_agent_set(agent, "ask_targets", "nouns", &error);
  if (rcml_agent_host_call(agent, &options, &call, &error) < 0) return puts(error.message), 1;
  for (i = 0; !over; i++) {
    if (i == 100) rcml_host_hang_up(agent, call, 0, 0, &error);
    rcml_host_push(agent, call, 0, saw, sizeof saw);
    if (echo && rcml_host_pull(agent, call, echo, frame, sizeof frame) > 0)
      rcml_host_push(agent, call, echo, frame, sizeof frame);
    memset(frame, 0, sizeof frame);
    heard += rcml_host_pull(agent, call, 0, frame, sizeof frame) > 0 && frame[80] != 0;
    /* A real one is paced by its sound card; this one by what is left of 20 ms. */
    while (rcml_agent_wait(agent, 20, &event) > 0) happened(agent, &event);
  }
  printf("%d frames came back\n", heard);
  rcml_agent_destroy(agent);
  return heard > 50 ? 0 : 1;
}
