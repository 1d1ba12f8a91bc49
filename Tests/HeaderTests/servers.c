/* What telephony servers need: callers and parties of their own without any listener, what callers bring with them, settings
 * and a pointer of the host's for each call, listeners that are given up, frames from any thread. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#define CALLS 24
#define FRAME_OCTETS 320

static rcml_error error = RCML_ERROR_INIT;

/* ---- one call after the other, until what is waited for has come ---- */

typedef struct seen {
  char told[16384]; /* the bodies of all requests */
  char to[128], from[128], reason[32];
  rcml_call_id call;
  rcml_leg_id leg;
  int ended, contexts, strangers;
} seen;

static void *const mine = &error;

static void put(char *text, size_t size, const char *value) {
  strncpy(text, value, size - 1);
  text[size - 1] = 0;
}

static void hear(rcml_agent *agent, const rcml_event *event, seen *seen, const char *target) {
  if (event->call && event->context == mine) seen->contexts++;
  if (event->call && *event->call_sid && event->context != mine) seen->strangers++;
  if (event->kind == RCML_EVENT_REQUEST) {
    CHECK(strlen(seen->told) + event->body_length + 2 < sizeof seen->told);
    strcat(strcat(seen->told, event->body), "\n");
    CHECK(rcml_agent_answer_request(agent, event->request, 200, NULL, "<Response/>", 0, &error) == RCML_OK);
  }
  if (event->kind == RCML_EVENT_TARGET)
    CHECK(rcml_agent_answer_target(agent, event->request, true, target, NULL, NULL, &error) == RCML_OK);
  if (event->kind == RCML_EVENT_HOST && strcmp(event->name, "call") == 0) {
    put(seen->to, sizeof seen->to, event->to);
    put(seen->from, sizeof seen->from, event->from);
    seen->call = event->call;
    seen->leg = event->leg;
    CHECK(rcml_host_answer(agent, event->call, event->leg, NULL, 0, &error) == RCML_OK);
  }
  if (event->kind == RCML_EVENT_ENDED) {
    put(seen->reason, sizeof seen->reason, event->reason);
    seen->ended++;
  }
}

/* Until the call has ended, or its leg is up. */
static void turn(rcml_agent *agent, seen *seen, const char *target, int to_the_end) {
  rcml_event event = RCML_EVENT_INIT;
  int turns;
  for (turns = 0; turns < 500 && !seen->ended && (to_the_end || !seen->leg); turns++)
    while (rcml_agent_wait(agent, 10, &event) > 0) hear(agent, &event, seen, target);
  CHECK(turns < 500);
}

/* ---- what a caller brings ---- */

static void brings(void) {
  static const char *const settings[] = {"account_sid=AC7", "extra_params=Tenant=7"};
  static const char *const of_document[] = {"api_version=2026"};
  rcml_agent *agent = make_agent();
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_call_id call = 0;
  seen seen = {{0}, {0}, {0}, {0}, 0, 0, 0, 0, 0};
  CHECK(rcml_agent_set(agent, "ask_targets", "all", &error) == RCML_OK);
  document.text =
      "<Response><Dial action='host:after'><Sip statusCallback='host:told' url='host:screen'>"
      "sip:bob@pbx.test</Sip></Dial></Response>";
  document.settings = of_document;
  document.setting_count = 1;
  options.from = "+49 30 1";
  options.name = "Alice";
  options.to = "200";
  options.document = &document;
  options.context = mine;
  options.headers = "X-Account=17%2F4&Subject=none";
  options.diversion = "<sip:302@pbx.test>;reason=no-answer";
  options.withheld = true;
  options.settings = settings;
  options.setting_count = 2;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_OK);
  CHECK(rcml_call_state(agent, call, &info) == RCML_OK && info.context == mine);
  turn(agent, &seen, "host:PJSIP%2Fbob", 0);
  CHECK(strcmp(seen.to, "PJSIP/bob") == 0);
  CHECK(strcmp(seen.from, "sip:anonymous@anonymous.invalid") == 0); /* withheld */
  CHECK(rcml_host_hang_up(agent, call, seen.leg, 0, &error) == RCML_OK);
  turn(agent, &seen, "", 1);
  CHECK(strcmp(seen.reason, "end") == 0);
  CHECK(seen.contexts > 5 && seen.strangers == 0);
  /* The host's word is for the host; the web application is told what the document and the caller say. */
  CHECK(strstr(seen.told, "To=sip%3Abob%40pbx.test") && !strstr(seen.told, "PJSIP"));
  CHECK(strstr(seen.told, "SipHeader_X-Account=17%2F4") && !strstr(seen.told, "Subject"));
  CHECK(strstr(seen.told, "ForwardedFrom=302"));
  CHECK(strstr(seen.told, "AccountSid=AC7") && strstr(seen.told, "Tenant=7") && strstr(seen.told, "ApiVersion=2026"));
  finish(agent);
}

static void refuses_what_is_wrong(void) {
  static const char *const of_agent[] = {"max_calls=3"};
  static const char *const none[] = {"acount_sid=AC7"};
  rcml_agent *agent = make_agent();
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_id call = 0;
  options.headers = "X-A=1%0d%0aX-Evil%3A+1";
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_E_ARGUMENT && strstr(error.message, "X-A"));
  options.headers = "a%20b=1";
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_E_ARGUMENT);
  options.headers = NULL;
  options.settings = of_agent;
  options.setting_count = 1;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_E_SETTING && strstr(error.message, "max_calls"));
  options.settings = none;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_E_SETTING && strstr(error.message, "account_sid"));
  options.settings = NULL;
  options.setting_count = 1;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_E_ARGUMENT);
  /* Nothing has begun, and a default document has no call of its own. */
  document.text = "<Response/>";
  document.settings = none;
  document.setting_count = 1;
  CHECK(rcml_agent_default_document(agent, &document, &error) == RCML_E_ARGUMENT);
  options.setting_count = 0;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_OK && call == 1);
  CHECK(rcml_call_run(agent, call, &document, &error) == RCML_E_SETTING);
  document.setting_count = 0;
  CHECK(rcml_call_run(agent, call, &document, &error) == RCML_OK);
  CHECK(rcml_call_set_context(agent, call + 1, mine) == RCML_E_GONE);
  finish(agent);
}

/* A channel that is up already, and a pointer that comes later. */
static void is_answered_already(void) {
  rcml_agent *agent = make_agent();
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_call_id call = 0;
  int answers = 0, rejects = 0, ended = 0, turns;
  options.answered = true;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_OK);
  CHECK(rcml_call_set_context(agent, call, mine) == RCML_OK);
  document.text = "<Response><Pause length='1'/></Response>";
  CHECK(rcml_call_run(agent, call, &document, &error) == RCML_OK);
  for (turns = 0; turns < 300 && !ended; turns++)
    while (rcml_agent_wait(agent, 10, &event) > 0) {
      CHECK(event.call != call || event.context == mine);
      if (event.kind == RCML_EVENT_HOST && strcmp(event.name, "answer") == 0) answers++;
      if (event.kind == RCML_EVENT_HOST && strcmp(event.name, "reject") == 0) rejects++;
      if (event.kind == RCML_EVENT_ENDED) ended++;
    }
  CHECK(answers == 1 && rejects == 0 && ended == 1);
  finish(agent);
}

/* A call may be over before its first event is pulled: its events have its name and pointer all the same. */
static void is_over_at_once(void) {
  static const char *const documents[] = {"<Response><Hangup/></Response>", "<Response><Reject/></Response>", "<html/>"};
  rcml_agent *agent = make_agent();
  rcml_event event = RCML_EVENT_INIT;
  size_t i;
  for (i = 0; i < 3; i++) {
    rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
    rcml_document document = RCML_DOCUMENT_INIT;
    rcml_call_info info = RCML_CALL_INFO_INIT;
    rcml_call_id call = 0;
    char sid[64] = "";
    int ended = 0, turns;
    document.text = documents[i];
    options.document = &document;
    options.context = mine;
    CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_OK);
    if (rcml_call_state(agent, call, &info) == RCML_OK) put(sid, sizeof sid, info.sid);
    for (turns = 0; turns < 500 && !ended; turns++)
      while (rcml_agent_wait(agent, 10, &event) > 0) {
        if (event.call != call) continue;
        CHECK(strlen(event.call_sid) == 34 && event.context == mine);
        CHECK(!*sid || strcmp(sid, event.call_sid) == 0);
        ended |= event.kind == RCML_EVENT_ENDED;
      }
    CHECK(ended);
  }
  finish(agent);
}

/* What is told of a call behind its end brings neither its name nor its pointer back, and nobody remembers it for that. */
static void is_told_of_behind_its_end(void) {
  rcml_agent *agent = make_agent();
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_call_id call = 0;
  rcml_request_id waiting[8];
  int ended = 0, callbacks = 0, count = 0, turns, i;
  CHECK(rcml_agent_set(agent, "ask_targets", "all", &error) == RCML_OK);
  CHECK(rcml_agent_set(agent, "callback_events", "true", &error) == RCML_OK);
  document.text =
      "<Response><Dial><Sip statusCallback='host:told' statusCallbackEvent='completed'>sip:a@b.test</Sip></Dial></Response>";
  options.document = &document;
  options.context = mine;
  CHECK(rcml_agent_host_call(agent, &options, &call, &error) == RCML_OK);
  for (turns = 0; turns < 500 && !callbacks; turns++) {
    while (rcml_agent_wait(agent, 10, &event) > 0) {
      if (event.kind == RCML_EVENT_TARGET)
        CHECK(rcml_agent_answer_target(agent, event.request, false, NULL, NULL, NULL, &error) == RCML_OK);
      if (event.kind == RCML_EVENT_REQUEST && count < 8) waiting[count++] = event.request;
      if (event.kind == RCML_EVENT_ENDED) ended = 1;
      if (event.kind == RCML_EVENT_CALLBACK) {
        callbacks++;
        CHECK(ended && event.call == call && !*event.call_sid && event.context == NULL);
      }
    }
    if (!ended) continue;
    for (i = 0; i < count; i++)
      CHECK(rcml_agent_answer_request(agent, waiting[i], 204, NULL, NULL, 0, &error) == RCML_OK);
    count = 0;
  }
  CHECK(callbacks == 1);
  CHECK(rcml_call_state(agent, call, &info) == RCML_E_GONE);
  CHECK(rcml_call_set_context(agent, call, mine) == RCML_E_GONE);
  finish(agent);
}

/* ---- listeners ---- */

static void gives_up_listeners(void) {
  rcml_agent *agent = make_agent(), *other = make_agent(), *phone;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_event event = RCML_EVENT_INIT;
  char uri[128], address[160], phone_uri[128];
  rcml_call_id call = 0;
  int turns, heard = 0;
  static const char *const kinds[] = {"udp", "tcp"};
  size_t index;
  for (index = 0; index < 2; index++) {
    snprintf(address, sizeof address, "%s:127.0.0.1:0", kinds[index]);
    CHECK(rcml_agent_listen(agent, address, &error) == (int32_t)index);
    CHECK(rcml_agent_listener(agent, index, uri, sizeof uri) > 0);
    snprintf(address, sizeof address, "%s:127.0.0.1:%d", kinds[index], atoi(strrchr(uri, ':') + 1));
    CHECK(rcml_agent_listen(other, address, &error) == RCML_E_BIND);
    CHECK(rcml_agent_unlisten(agent, index, &error) == 1);
    CHECK(rcml_agent_unlisten(agent, index, &error) == RCML_E_GONE);
    CHECK(rcml_agent_listener(agent, index, uri, sizeof uri) == RCML_E_GONE);
    CHECK(rcml_agent_listen(other, address, &error) == (int32_t)index);
  }
  CHECK(rcml_agent_unlisten(agent, 2, &error) == RCML_E_GONE);
  CHECK(rcml_agent_listener(agent, 2, uri, sizeof uri) == 0);

  /* A call that is up goes on, and its port is free when it is over. */
  phone = make_listening(phone_uri, sizeof phone_uri);
  CHECK(rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) == 2);
  CHECK(rcml_agent_listener(agent, 2, uri, sizeof uri) > 0);
  snprintf(address, sizeof address, "udp:127.0.0.1:%d", atoi(strrchr(uri, ':') + 1));
  document.text = "<Response><Pause length='2'/></Response>";
  options.party = phone_uri;
  options.document = &document;
  CHECK(rcml_agent_call(agent, &options, &call, &error) == RCML_OK);
  for (turns = 0; turns < 500 && !heard; turns++) {
    while (rcml_agent_wait(phone, 1, &event) > 0)
      if (event.kind == RCML_EVENT_INCOMING) CHECK(rcml_call_answer(phone, event.call, &error) == RCML_OK);
    while (rcml_agent_wait(agent, 1, &event) > 0) heard |= event.kind == RCML_EVENT_ANSWERED;
  }
  CHECK(heard && rcml_agent_unlisten(agent, 2, &error) == 0);
  CHECK(rcml_agent_listen(other, address, &error) == RCML_E_BIND);
  for (turns = 0, heard = 0; turns < 2000 && !heard; turns++) {
    while (rcml_agent_wait(phone, 1, &event) > 0) {
    }
    while (rcml_agent_wait(agent, 1, &event) > 0)
      if (event.kind == RCML_EVENT_ENDED) {
        heard = 1;
        CHECK(strcmp(event.status, "completed") == 0 && strcmp(event.reason, "end") == 0);
      }
  }
  CHECK(heard);
  for (turns = 0; turns < 4000 && rcml_agent_listen(other, address, &error) < 0; turns++) {
    rcml_agent_wait(phone, 1, &event);
    rcml_agent_wait(agent, 10, &event);
  }
  CHECK(turns < 4000);
  finish(phone);
  finish(agent);
  finish(other);
}

/* ---- frames from any thread ---- */

static rcml_agent *shared;
static rcml_call_id calls[CALLS];
static rcml_leg_id legs[CALLS];
static int up, stopping;
static int32_t refused, silent;

static void *drive(void *unused) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t code;
  (void)unused;
  while ((code = rcml_agent_wait(shared, -1, &event)) >= 0) {
    if (code == 0) continue;
    if (event.kind == RCML_EVENT_TARGET)
      CHECK(rcml_agent_answer_target(shared, event.request, true, "host:desk", NULL, NULL, &error) == RCML_OK);
    if (event.kind == RCML_EVENT_HOST && strcmp(event.name, "call") == 0) {
      CHECK(rcml_host_answer(shared, event.call, event.leg, NULL, 0, &error) == RCML_OK);
      legs[event.call - 1] = event.leg;
    }
    if (event.kind == RCML_EVENT_HOST && strcmp(event.name, "answer") == 0)
      __atomic_add_fetch(&up, 1, __ATOMIC_SEQ_CST);
  }
  CHECK(code == RCML_E_CLOSED);
  return NULL;
}

/* Both parties of one call, from a thread of their own: what the caller says, the leg hears. */
static void *speak(void *number) {
  const size_t at = (size_t)number;
  int16_t said[FRAME_OCTETS / 2], heard[FRAME_OCTETS / 2];
  struct timespec pause = {0, 20000000};
  int frame, loud = 0;
  size_t i;
  for (i = 0; i < FRAME_OCTETS / 2; i++) said[i] = (int16_t)(i % 2 ? 3000 : -3000);
  for (frame = 0; frame < 40; frame++) {
    int32_t pushed = rcml_host_push(shared, calls[at], 0, said, sizeof said);
    int32_t pulled = rcml_host_pull(shared, calls[at], legs[at], heard, sizeof heard);
    if (pushed < 0 || pulled < 0) __atomic_add_fetch(&refused, 1, __ATOMIC_SEQ_CST);
    if (pulled == 1 && (heard[80] > 2000 || heard[80] < -2000)) loud++;
    nanosleep(&pause, NULL);
  }
  if (loud < 20) __atomic_add_fetch(&silent, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

static void *push_until_destroyed(void *unused) {
  static const char frame[FRAME_OCTETS] = {0};
  int32_t result;
  (void)unused;
  do result = rcml_host_push(shared, calls[0], 0, frame, sizeof frame);
  while (!__atomic_load_n(&stopping, __ATOMIC_SEQ_CST) || result != RCML_E_HANDLE);
  return NULL;
}

static void any_thread_hands_over_frames(void) {
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  pthread_t driver, speakers[CALLS], last;
  size_t i;
  shared = make_agent();
  CHECK(rcml_agent_set(shared, "ask_targets", "all", &error) == RCML_OK);
  document.text = "<Response><Dial><Client>desk</Client></Dial></Response>";
  options.document = &document;
  for (i = 0; i < CALLS; i++) CHECK(rcml_agent_host_call(shared, &options, &calls[i], &error) == RCML_OK);
  CHECK(pthread_create(&driver, NULL, drive, NULL) == 0);
  while (__atomic_load_n(&up, __ATOMIC_SEQ_CST) < CALLS) sched_yield();
  for (i = 0; i < CALLS; i++) CHECK(pthread_create(&speakers[i], NULL, speak, (void *)i) == 0);
  for (i = 0; i < CALLS; i++) CHECK(pthread_join(speakers[i], NULL) == 0);
  CHECK(refused == 0 && silent == 0);
  CHECK(pthread_create(&last, NULL, push_until_destroyed, NULL) == 0);
  CHECK(rcml_agent_stop(shared) == RCML_OK);
  CHECK(pthread_join(driver, NULL) == 0);
  CHECK(rcml_agent_destroy(shared) == RCML_OK);
  __atomic_store_n(&stopping, 1, __ATOMIC_SEQ_CST);
  CHECK(pthread_join(last, NULL) == 0);
}

int main(void) {
  brings();
  refuses_what_is_wrong();
  is_answered_already();
  is_over_at_once();
  is_told_of_behind_its_end();
  any_thread_hands_over_frames();
  gives_up_listeners();
  return 0;
}
