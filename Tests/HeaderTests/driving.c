/* The same call driven in three ways: events and their order are the same. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <poll.h>

enum way { LOOP, BLOCKING, RUN };

static char trace[2048];
static rcml_agent *phones;

static void note(rcml_agent *agent, const rcml_event *event) {
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  size_t used = strlen(trace);
  snprintf(trace + used, sizeof trace - used, "%s %s %s %d\n", rcml_event_name(event->kind), event->name,
           event->status, (int)event->sip_code);
  if (event->kind == RCML_EVENT_STATUS && strcmp(event->name, "answered") == 0) {
    CHECK(rcml_call_state(agent, event->call, &info) == RCML_OK);
    CHECK(info.outgoing && info.answered && info.legs == 1);
    CHECK(strlen(info.sid) == 34 && strcmp(info.sid, event->call_sid) == 0); /* spec P-1 */
    CHECK(rcml_call_leg(agent, event->call, 0, &leg) == 1);
    CHECK(leg.leg == event->leg && !leg.ended && strcmp(leg.sid, event->leg_sid) == 0);
    CHECK(rcml_call_leg(agent, event->call, 1, &leg) == 0);
    CHECK(rcml_call_hang_up(agent, event->call, NULL) == RCML_OK);
  }
  if (event->kind == RCML_EVENT_ENDED) {
    CHECK(rcml_call_state(agent, event->call, &info) == RCML_E_GONE);
    CHECK(rcml_call_hang_up(agent, event->call, NULL) == RCML_E_GONE);
    CHECK(rcml_agent_drain(agent) == RCML_OK);
  }
}

static void turn_phones(void) {
  rcml_event event = RCML_EVENT_INIT;
  while (rcml_agent_wait(phones, 1, &event) > 0)
    if (event.kind == RCML_EVENT_INCOMING) {
      CHECK(rcml_call_ring(phones, event.call, 0, NULL) == RCML_OK);
      CHECK(rcml_call_answer(phones, event.call, NULL) == RCML_OK);
      CHECK(rcml_call_reject(phones, event.call, 486, NULL, NULL) == RCML_E_STATE);
    }
}

static void pulled(void *context, rcml_agent *agent, const rcml_event *event) {
  (void)context;
  note(agent, event);
}

static void in_a_loop(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  int drained = 0, turns;
  for (turns = 0; turns < 5000 && !drained; turns++) {
    int64_t sleep = rcml_agent_deadline_ms(agent);
    struct pollfd watched;
    watched.fd = rcml_agent_fd(agent);
    watched.events = POLLIN;
    poll(&watched, 1, sleep < 0 || sleep > 5 ? 5 : (int)sleep);
    CHECK(rcml_agent_process(agent) >= 0);
    while (rcml_agent_next_event(agent, &event) > 0) {
      note(agent, &event);
      drained |= event.kind == RCML_EVENT_DRAINED;
    }
    turn_phones();
  }
  CHECK(drained);
}

static void blocking(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t result;
  while ((result = rcml_agent_wait(agent, 2, &event)) >= 0) {
    if (result > 0) note(agent, &event);
    turn_phones();
  }
  CHECK(result == RCML_E_CLOSED);
}

static void drive(enum way way, const char *phone) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_call_id call = 0;
  char uri[128], text[256];
  rcml_agent *agent = make_listening(uri, sizeof uri);
  trace[0] = 0;
  snprintf(text, sizeof text, "<Response><Dial><Sip>%s</Sip></Dial></Response>", phone);
  document.text = text;
  options.party = phone;
  options.document = &document;
  if (rcml_agent_call(agent, &options, &call, &error) != RCML_OK) {
    fprintf(stderr, "%s\n", error.message);
    exit(1);
  }
  CHECK(call != 0);
  if (way == LOOP) in_a_loop(agent);
  if (way == BLOCKING) blocking(agent);
  if (way == RUN) CHECK(rcml_agent_run(agent, pulled, NULL, &error) == RCML_OK);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* For rcml_agent_run, which sleeps by itself, the phones answer by a document of their own. */
static void *turn_for_ever(void *unused) {
  rcml_event event = RCML_EVENT_INIT;
  (void)unused;
  while (rcml_agent_wait(phones, -1, &event) >= 0)
    if (event.kind == RCML_EVENT_INCOMING) {
      rcml_call_ring(phones, event.call, 0, NULL);
      rcml_call_answer(phones, event.call, NULL);
    }
  return NULL;
}

#include <pthread.h>

int main(void) {
  char phone[128], first[sizeof trace];
  pthread_t thread;
  phones = make_listening(phone, sizeof phone);
  drive(LOOP, phone);
  strcpy(first, trace);
  CHECK(strstr(first, "answered") && strstr(first, "dial") && strstr(first, "ended"));
  drive(BLOCKING, phone);
  CHECK(strcmp(first, trace) == 0);
  CHECK(pthread_create(&thread, NULL, turn_for_ever, NULL) == 0);
  drive(RUN, phone);
  CHECK(strcmp(first, trace) == 0);
  CHECK(rcml_agent_stop(phones) == RCML_OK);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(rcml_agent_destroy(phones) == RCML_OK);
  return 0;
}
