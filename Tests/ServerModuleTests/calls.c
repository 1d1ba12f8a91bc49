/* Calls through the module, as a server's threads make them: sound, keys, and every way in which they end. */
#include "server.h"

#include <stdlib.h>
#include <unistd.h>

static const char *const usual[] = {
    "general domains=pbx.test", "general sip=Fake/${USER}", "general number=Fake/${USER}", NULL};

static void both_talk(rcml_module *module) {
  rcml_channel *caller = call_text(module, "<Response><Dial><Sip>sip:answer@pbx.test</Sip></Dial></Response>");
  rcml_channel_event event = await_event(caller, RCML_CHANNEL_RING);
  CHECK(event.sip_code == 180 && strlen(rcml_channel_call_sid(caller)) == 34);
  await_event(caller, RCML_CHANNEL_ANSWER);
  CHECK(talk(caller, 60) > 0.8);
  CHECK(rcml_channel_press(caller, 'x') == RCML_E_ARGUMENT);
  CHECK(rcml_channel_press(caller, '5') == RCML_OK);
  event = await_event(caller, RCML_CHANNEL_KEY); /* the leg presses what it hears */
  CHECK(strcmp(event.name, "5") == 0);
  CHECK(rcml_channel_hang_up(caller, 0) == RCML_OK);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(event.answered && event.cause == 16 && !strcmp(event.hangup_by, "caller"));
  CHECK(!strcmp(event.status, "completed"));
  event = await_event(caller, RCML_CHANNEL_ENDED);
  CHECK(strcmp(event.status, "completed") == 0);
  await_seen("leg over: ");
  await_seen("leg heard the caller\n");
  CHECK(was_seen("leg Fake/answer for Fake/caller\n"));
  rcml_channel_leave(caller, 0);
}

static void the_callee_is_busy(rcml_module *module) {
  rcml_channel *caller = call_text(module, "<Response><Dial><Sip>sip:busy@pbx.test</Sip></Dial></Response>");
  rcml_channel_event event = await_event(caller, RCML_CHANNEL_DIAL);
  CHECK(event.sip_code == 486 && event.cause == 17 && !strcmp(event.status, "busy") && !event.bridged);
  CHECK(strlen(event.sid) == 34 && !strcmp(event.reason, "refused") && *event.reason_text);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(!event.answered && !strcmp(event.reason, "dial-failed") && !strcmp(event.hangup_by, "engine"));
  CHECK(event.sip_code == 486 && event.cause == 17 && !strcmp(event.status, "busy"));
  rcml_channel_leave(caller, 0);
}

static void the_callee_hangs_up(rcml_module *module) {
  rcml_channel *caller = call_text(module, "<Response><Dial><Client>brief</Client></Dial><Hangup/></Response>");
  rcml_channel_event event;
  await_event(caller, RCML_CHANNEL_ANSWER);
  event = await_event(caller, RCML_CHANNEL_DIAL);
  CHECK(event.bridged && !strcmp(event.status, "completed"));
  CHECK(strstr(event.to, "brief") != NULL);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(!strcmp(event.reason, "hangup") && event.cause == 16 && event.answered);
  rcml_channel_leave(caller, 0);
}

static void the_caller_gives_up(rcml_module *module) {
  rcml_channel *caller;
  forget_seen();
  caller = call_text(module, "<Response><Dial><Number>ring</Number></Dial></Response>");
  await_event(caller, RCML_CHANNEL_RING);
  rcml_channel_leave(caller, 0); /* at once: the rest is done without it */
  await_seen("leg over: ");
  await_seen("ended canceled ");
}

static void it_can_be_heard_before_it_is_answered(rcml_module *module) {
  rcml_channel *caller = call_text(module, "<Response><Dial><Sip>sip:early@pbx.test</Sip></Dial></Response>");
  rcml_channel_event event = await_event(caller, RCML_CHANNEL_RING);
  while (event.sip_code != 183) event = await_event(caller, RCML_CHANNEL_RING); /* 180 comes at once */
  CHECK(talk(caller, 60) > 0.8);
  rcml_channel_leave(caller, 0);
}

static void a_document_refuses(rcml_module *module) {
  rcml_channel *caller = call_text(module, "<Response><Reject reason=\"busy\"/></Response>");
  rcml_channel_event event = await_event(caller, RCML_CHANNEL_OVER);
  char line[128];
  CHECK(strlen(rcml_channel_call_sid(caller)) == 34); /* though it was over at once */
  snprintf(line, sizeof line, "ended busy rejected Fake/caller %s\n", rcml_channel_call_sid(caller));
  await_seen(line);
  CHECK(event.sip_code == 486 && event.cause == 17 && !strcmp(event.reason, "rejected"));
  rcml_channel_leave(caller, 0);
  caller = call_text(module, "<Response><Dial");
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(!strcmp(event.reason, "no-document") && event.cause == 38 && !strcmp(event.status, "failed"));
  await_seen("finding "); /* the operator hears why */
  rcml_channel_leave(caller, 0);
}

static void a_web_page_dials_no_technology(rcml_module *module) {
  rcml_channel *caller;
  forget_seen();
  caller = call_text(module, "<Response><Dial><Number>Fake/answer</Number></Dial></Response>");
  await_event(caller, RCML_CHANNEL_OVER);
  await_seen("is not dialled: “Fake/answer” is a dial string");
  CHECK(!was_seen("leg Fake/answer"));
  rcml_channel_leave(caller, 0);
}

static void callers_are_limited(void) {
  static const char *const lines[] = {"general max_calls=2", "general domains=pbx.test",
                                      "general sip=Fake/${USER}", NULL};
  const char *text = "<Response><Dial><Sip>sip:ring@pbx.test</Sip></Dial></Response>";
  rcml_module *module = make_module(lines);
  rcml_channel *one = call_text(module, text), *two = call_text(module, text);
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  CHECK(rcml_channel_call(module, &options, &error) == NULL);
  CHECK(error.code == RCML_E_LIMIT && strstr(error.message, "max_calls"));
  rcml_channel_leave(one, 0);
  await_event(two, RCML_CHANNEL_RING);
  one = call_text(module, text);
  rcml_channel_leave(one, 0);
  rcml_channel_leave(two, 0);
  end_module(module, 3000);
}

static void kinds_of_frames(rcml_module *module) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_channel *caller;
  options.call.media = RCML_HOST_SDP;
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_ARGUMENT);
  options.call.media = RCML_HOST_PCMA;
  caller = rcml_channel_call(module, &options, &error);
  CHECK(caller && rcml_channel_frame_size(caller) == 160);
  rcml_channel_leave(caller, 0);
  options.document = "nowhere.xml";
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_ARGUMENT);
  options.document = NULL;
  options.call.from = "a\nb";
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_URI);
  options.call.from = NULL;
  document.url = "nonsense:";
  options.call.document = &document;
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_URI);
}

/* A file with settings of its own; what the dialplan says of this call goes before them. */
static void a_document_has_settings(void) {
  char folder[] = "/tmp/rcml-calls-XXXXXX", path[64], line[80];
  const char *lines[] = {line, "general domains=pbx.test", "general sip=Fake/${USER}", "ring file=ring.xml",
                         "ring answer_mode=immediate", NULL};
  static const char *const own[] = {"answer_mode=on-bridge"}, *const wrong[] = {"max_connections=5"};
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_module *module;
  rcml_channel *caller;
  rcml_channel_event event;
  FILE *file;
  CHECK(mkdtemp(folder) != NULL);
  snprintf(path, sizeof path, "%s/ring.xml", folder);
  snprintf(line, sizeof line, "general documents=%s", folder);
  CHECK((file = fopen(path, "w")) && fputs("<Response><Dial><Client>ring</Client></Dial></Response>", file) >= 0);
  CHECK(fclose(file) == 0);
  module = make_module(lines);
  options.document = "ring";
  CHECK((caller = rcml_channel_call(module, &options, &error)) != NULL);
  await_event(caller, RCML_CHANNEL_ANSWER); /* though the leg only rings */
  rcml_channel_leave(caller, 0);
  options.call.settings = own;
  options.call.setting_count = 1;
  CHECK((caller = rcml_channel_call(module, &options, &error)) != NULL);
  await_event(caller, RCML_CHANNEL_RING);
  rcml_channel_hang_up(caller, 0);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(!event.answered && !strcmp(event.status, "canceled") && !strcmp(event.hangup_by, "caller"));
  rcml_channel_leave(caller, 0);
  options.call.settings = wrong;
  CHECK(rcml_channel_call(module, &options, &error) == NULL && error.code == RCML_E_SETTING);
  end_module(module, 2000);
  CHECK(unlink(path) == 0 && rmdir(folder) == 0);
}

/* A channel that the dialplan has answered already. */
static void already_answered(rcml_module *module) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_channel *caller;
  rcml_channel_event event;
  document.text = "<Response><Dial><Client>busy</Client></Dial></Response>";
  options.call.document = &document;
  options.call.answered = true;
  CHECK((caller = rcml_channel_call(module, &options, &error)) != NULL);
  await_event(caller, RCML_CHANNEL_ANSWER);
  event = await_event(caller, RCML_CHANNEL_OVER);
  CHECK(event.answered && event.cause == 16 && !strcmp(event.status, "completed"));
  rcml_channel_leave(caller, 0);
}

/* Dial strings hold what a URI may not. */
static void a_dial_string_arrives_as_it_is(void) {
  static const char *const lines[] = {"general domains=pbx.test", "general sip=[a=b]Fake/${USER}%${DOMAIN}", NULL};
  rcml_module *module = make_module(lines);
  rcml_channel *caller;
  forget_seen();
  caller = call_text(module, "<Response><Dial><Sip>sip:bob@pbx.test</Sip></Dial></Response>");
  await_event(caller, RCML_CHANNEL_OVER);
  await_seen("leg [a=b]Fake/bob%pbx.test for Fake/caller\n");
  rcml_channel_leave(caller, 0);
  end_module(module, 2000);
}

int main(void) {
  rcml_module *module = make_module(usual);
  both_talk(module);
  the_callee_is_busy(module);
  the_callee_hangs_up(module);
  the_caller_gives_up(module);
  it_can_be_heard_before_it_is_answered(module);
  a_document_refuses(module);
  a_web_page_dials_no_technology(module);
  kinds_of_frames(module);
  already_answered(module);
  end_module(module, 3000);
  callers_are_limited();
  a_document_has_settings();
  a_dial_string_arrives_as_it_is();
  return 0;
}
