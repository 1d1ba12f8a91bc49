/* Who goes first: the caller, the leg, the engine, the module; and what other threads may want meanwhile. */
#include "server.h"
#include "parts.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const usual[] = {"general domains=pbx.test", "general sip=Fake/${USER}", "general http_timeout=1",
                                    "general http_retries=0", "general callback_retries=0", NULL};
static const char talking[] = "<Response><Dial><Sip>sip:answer@pbx.test</Sip></Dial></Response>";

/* A web server that takes requests and never answers. */
static int silent_web_server(char *url, size_t size) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  inet_pton(AF_INET, "127.20.0.2", &address.sin_addr);
  CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 16) == 0);
  CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
  snprintf(url, size, "http://127.20.0.2:%d/after", ntohs(address.sin_port));
  return listener;
}

static int left_calls, all_calls;
static char listed_sid[64];
static void count_call(void *context, const rcml_module_call *call) {
  (void)context;
  all_calls++;
  left_calls += call->left;
  snprintf(listed_sid, sizeof listed_sid, "%s", call->sid);
  CHECK(!strcmp(call->name, "Fake/caller") && !strcmp(call->identity, "1.1") && call->age_ms >= 0);
}

/* The caller's thread has gone long before the web server was given up; the observer hears of the end. */
static void nobody_waits_for_a_web_server(rcml_module *module) {
  char url[64], text[256];
  int listener = silent_web_server(url, sizeof url);
  rcml_channel *caller;
  rcml_channel_event event;
  snprintf(text, sizeof text, "<Response><Dial action=\"%s\"><Sip>sip:answer@pbx.test</Sip></Dial></Response>", url);
  caller = call_text(module, text);
  await_event(caller, RCML_CHANNEL_ANSWER);
  forget_seen();
  CHECK(rcml_channel_hang_up(caller, 0) == RCML_OK);
  event = await_event(caller, RCML_CHANNEL_OVER); /* with all that can be known by now */
  CHECK(event.answered && !strcmp(event.status, "completed") && !strcmp(event.hangup_by, "caller"));
  rcml_channel_leave(caller, 0);
  await_seen("leg over: ");
  left_calls = all_calls = 0;
  CHECK(rcml_module_calls(module, count_call, NULL) == 1 && all_calls == 1 && left_calls == 1);
  CHECK(!was_seen("ended "));
  await_seen("ended completed ");
  CHECK(rcml_module_calls(module, count_call, NULL) == 0);
  close(listener);
}

/* The other way round: the document has ended, its callback has not. OVER does not wait for it. */
static void over_comes_before_the_callback(rcml_module *module) {
  char url[64], text[256];
  int listener = silent_web_server(url, sizeof url);
  rcml_channel_event event;
  rcml_channel *caller;
  snprintf(text, sizeof text,
           "<Response><Dial><Sip statusCallback=\"%s\" statusCallbackEvent=\"completed\">sip:brief@pbx.test</Sip>"
           "</Dial><Hangup/></Response>", url);
  forget_seen();
  caller = call_text(module, text);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(event.answered && !strcmp(event.status, "completed") && !strcmp(event.reason, "hangup"));
  CHECK(!strcmp(event.hangup_by, "engine") && event.cause == 16);
  rcml_channel_leave(caller, 0);
  await_seen("ended completed ");
  close(listener);
}

static int legs;
static char leg_status[32];
static void count_leg(void *context, const rcml_leg_info *leg) {
  (void)context;
  legs++;
  snprintf(leg_status, sizeof leg_status, "%s", leg->status);
}

static void other_threads_ask(rcml_module *module) {
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_module_timing timing;
  char metrics[64];
  rcml_channel *one = call_text(module, talking), *two = call_text(module, talking);
  rcml_channel_event event;
  await_event(one, RCML_CHANNEL_ANSWER);
  await_event(two, RCML_CHANNEL_ANSWER);
  CHECK(rcml_module_counters(module, &counters) == RCML_OK && counters.calls_active == 2);
  CHECK(rcml_module_metrics(module, metrics, sizeof metrics) > 1000 && strstr(metrics, "# HELP"));
  rcml_module_timing_of(module, &timing);
  CHECK(timing.channels == 4);
  CHECK(rcml_module_legs(module, rcml_channel_call_sid(one), count_leg, NULL) == 1 && legs == 1);
  CHECK(!strcmp(leg_status, "in-progress"));
  CHECK(rcml_module_hang_up(module, "CA") == RCML_E_ARGUMENT); /* which one? */
  CHECK(rcml_module_hang_up(module, "CAx") == RCML_E_GONE && rcml_module_hang_up(module, "") == RCML_E_ARGUMENT);
  CHECK(rcml_module_hang_up(module, rcml_channel_call_sid(one)) == RCML_OK);
  event = await_event(one, RCML_CHANNEL_OVER);
  CHECK(event.answered && event.cause == 16);
  CHECK(rcml_channel_press(one, '1') == RCML_E_GONE && rcml_channel_hang_up(one, 0) == RCML_E_GONE);
  rcml_channel_leave(one, 0);
  rcml_channel_leave(two, 0);
  rcml_channel_leave(NULL, 0);
}

static void a_leg_refused_at_once(rcml_module *module) {
  rcml_channel *caller = call_text(module, "<Response><Dial><Client>never</Client></Dial></Response>");
  rcml_channel_event event = await_event(caller, RCML_CHANNEL_DIAL);
  CHECK(event.sip_code == 603 && event.cause == 21);
  rcml_channel_leave(caller, 0);
}

/* Somebody else still asks for its name when its thread and the call are gone. */
static void another_owner(rcml_module *module) {
  rcml_channel *caller = rcml_channel_retain(call_text(module, "<Response><Reject/></Response>"));
  rcml_channel_leave(caller, 0);
  nap(100);
  CHECK(strcmp(rcml_channel_name(caller), "Fake/caller") == 0 && rcml_channel_module(caller) == module);
  CHECK(rcml_channel_call_id(caller) != 0 && rcml_channel_leg_id(caller) == 0 && !rcml_channel_context(caller));
  rcml_channel_release(caller);
}

/* A thread that takes nothing costs memory for 256 events, and still hears that it is over. */
static void a_thread_that_does_not_listen(rcml_module *module) {
  rcml_channel *caller = call_text(module, talking);
  rcml_channel_event event;
  int keys = 0;
  int64_t end;
  await_event(caller, RCML_CHANNEL_ANSWER);
  atomic_store(&seen.keys_for_callers, 0);
  for (int at = 0; at < 400; at++) {
    CHECK(rcml_channel_press(caller, '7') == RCML_OK);
    for (end = now_ms() + 5000; atomic_load(&seen.keys_for_callers) <= at && now_ms() < end;) nap(1);
  }
  rcml_channel_hang_up(caller, 0);
  for (end = now_ms() + 5000, event.kind = 0; event.kind != RCML_CHANNEL_OVER && now_ms() < end;) {
    if (!rcml_channel_take(caller, &event)) nap(5);
    keys += event.kind == RCML_CHANNEL_KEY;
  }
  CHECK(keys > 200 && keys <= 256 && event.kind == RCML_CHANNEL_OVER);
  rcml_channel_leave(caller, 0);
}

static void the_module_goes_first(void) {
  rcml_module *module = make_module(usual);
  rcml_channel *talks = call_text(module, talking);
  rcml_channel *rings = call_text(module, "<Response><Dial><Sip>sip:ring@pbx.test</Sip></Dial></Response>");
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_event event;
  int16_t frame[FRAME] = {0};
  await_event(talks, RCML_CHANNEL_ANSWER);
  await_event(rings, RCML_CHANNEL_RING);
  CHECK(rcml_module_stop(module, 100) == RCML_OK);
  event = await_event(talks, RCML_CHANNEL_OVER);
  CHECK(!strcmp(event.reason, "stopped") && event.answered);
  event = await_event(rings, RCML_CHANNEL_OVER);
  CHECK(!strcmp(event.reason, "stopped") && !event.answered);
  CHECK(rcml_channel_push(talks, frame) == 0 && rcml_channel_press(talks, '1') == RCML_E_GONE);
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_CLOSED);
  CHECK(rcml_module_counters(module, &counters) == RCML_E_CLOSED && rcml_module_drain(module) == RCML_E_CLOSED);
  rcml_module_release(module); /* the channels keep it */
  CHECK(rcml_channel_module(talks) == module);
  rcml_channel_leave(talks, 0);
  rcml_channel_leave(rings, 0);
  for (int turns = 0; atomic_load(&seen.legs_running) && turns < 500; turns++) nap(10);
  CHECK(atomic_load(&seen.legs_running) == 0);
}

/* Calls may end by themselves for as long as whoever stops it said. */
static void stopping_waits_for_calls(void) {
  rcml_module *module = make_module(usual);
  rcml_channel *caller = call_text(module, talking);
  int64_t start;
  await_event(caller, RCML_CHANNEL_ANSWER);
  start = now_ms();
  CHECK(rcml_module_stop(module, 1000) == RCML_OK);
  CHECK(now_ms() - start >= 1000);
  CHECK(!strcmp(await_event(caller, RCML_CHANNEL_OVER).reason, "stopped"));
  rcml_channel_leave(caller, 0);
  rcml_module_release(module);
}

/* A web server that never answers keeps nobody from unloading. */
static void stopping_is_bounded(void) {
  static const char *const patient[] = {"general domains=pbx.test",     "general sip=Fake/${USER}",
                                        "general http_timeout=60",      "general http_retries=0",
                                        "general callback_timeout=60",  "general drain_timeout=60", NULL};
  char url[64], text[256];
  int listener = silent_web_server(url, sizeof url);
  rcml_module *module = make_module(patient);
  rcml_channel *caller;
  int64_t start;
  snprintf(text, sizeof text,
           "<Response><Dial><Sip statusCallback=\"%s\" statusCallbackEvent=\"answered completed\">"
           "sip:answer@pbx.test</Sip></Dial></Response>", url);
  caller = call_text(module, text);
  await_event(caller, RCML_CHANNEL_ANSWER);
  start = now_ms();
  CHECK(rcml_module_stop(module, 0) == RCML_OK);
  CHECK(now_ms() - start < 30000); /* not the minute of the web server */
  CHECK(!strcmp(await_event(caller, RCML_CHANNEL_OVER).reason, "stopped"));
  rcml_channel_leave(caller, 0);
  rcml_module_release(module);
  close(listener);
}

/* An agent that cannot be worked with any more: nobody is left waiting for it. */
static void the_thread_gives_up(void) {
  rcml_module *module = make_module(usual);
  rcml_channel *caller = call_text(module, talking);
  rcml_channel_event event;
  await_event(caller, RCML_CHANNEL_ANSWER);
  atomic_store(&module->is_abandoned, true);
  rcml_bell_ring(&module->bell);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(!strcmp(event.reason, "stopped") && event.answered);
  rcml_channel_leave(caller, 0);
  end_module(module, 0);
}

static void drained(void) {
  rcml_module *module = make_module(usual);
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel *caller = call_text(module, talking);
  await_event(caller, RCML_CHANNEL_ANSWER);
  CHECK(rcml_module_drain(module) == RCML_OK);
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_CLOSED);
  CHECK(talk(caller, 20) > 0.5); /* what is there goes on */
  rcml_channel_leave(caller, 0);
  nap(100);
  CHECK(rcml_module_counters(module, &counters) == RCML_OK && counters.calls_active == 0); /* and can still be asked */
  end_module(module, 1000);
}

/* Callers by SIP: the document of the section that is called, else "default", else 404. */
static void callers_by_sip(void) {
  static const char *const far[] = {"general listen=udp:127.20.0.3:50610", "general targets=channels",
                                    "general domains=pbx.test", "general sip=Fake/${USER}",
                                    "hello url=http://127.20.0.2:1/x", "hello call_timeout=9",
                                    "hello trust_domain=true", NULL};
  static const char *const near[] = {"general listen=udp:127.20.0.4:0", NULL};
  rcml_module *callee = make_module(far), *module = make_module(near);
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel *caller;
  rcml_channel_event event;
  forget_seen();
  caller = call_text(module, "<Response><Dial><Sip>sip:nobody@127.20.0.3:50610</Sip></Dial></Response>");
  event = await_event(caller, RCML_CHANNEL_DIAL);
  CHECK(event.sip_code == 404);
  rcml_channel_leave(caller, 0);
  caller = call_text(module, "<Response><Dial><Sip>sip:hello@127.20.0.3:50610</Sip></Dial></Response>");
  event = await_event(caller, RCML_CHANNEL_DIAL); /* its document cannot be had */
  CHECK(event.sip_code == 500);
  rcml_channel_leave(caller, 0);
  /* One call may have its parties elsewhere than the others. */
  options.targets = RCML_CHANNEL_TARGETS_CHANNELS;
  options.call.document = &document;
  document.text = "<Response><Dial><Client>bob</Client></Dial></Response>";
  CHECK((caller = rcml_channel_call(module, &options, &error)) != NULL);
  await_event(caller, RCML_CHANNEL_OVER);
  await_seen("<Client> is not dialled: [general] has no template “sip”");
  rcml_channel_leave(caller, 0);
  await_seen("ended failed no-document SIP ");
  CHECK(!was_seen("log 2")); /* it ran: what only a call's beginning could have said was left out */
  end_module(module, 1000);
  end_module(callee, 1000);
}

int main(void) {
  rcml_module *module;
  alarm(100);
  module = make_module(usual);
  nobody_waits_for_a_web_server(module);
  over_comes_before_the_callback(module);
  other_threads_ask(module);
  a_leg_refused_at_once(module);
  another_owner(module);
  a_thread_that_does_not_listen(module);
  end_module(module, 5000);
  the_module_goes_first();
  stopping_waits_for_calls();
  stopping_is_bounded();
  the_thread_gives_up();
  drained();
  callers_by_sip();
  return 0;
}
