/* caller.c: a channel that runs RCML(), on its own thread. */

#include "app_rcml.h"

#include "asterisk/callerid.h"
#include "asterisk/causes.h"
#include "asterisk/pbx.h"

/* A channel while its document runs. */
struct caller {
  struct party party;
  bool over;       /* the engine has done with it */
  bool hung_up;    /* the channel has */
  bool go_on;      /* the dialplan goes on behind RCML() */
  bool rings;      /* it was told so */
};

/* The caller sees who talks to it. */
static void show_partner(struct ast_channel *channel, const char *to) {
  struct ast_party_connected_line connected;
  char number[AST_MAX_EXTENSION];
  user_of(to, number, sizeof(number));
  if (!number[0]) return;
  ast_party_connected_line_init(&connected);
  connected.id.number.valid = 1;
  connected.id.number.str = number;
  connected.id.number.presentation = AST_PRES_ALLOWED_NETWORK_NUMBER;
  connected.source = AST_CONNECTED_LINE_UPDATE_SOURCE_ANSWER;
  ast_channel_update_connected_line(channel, &connected, NULL);
}

static void over(struct caller *caller, const rcml_channel_event *event) {
  struct ast_channel *channel = caller->party.channel;
  caller->over = true;
  /* Only a document that says <Hangup/> hangs up: what failed or came to its end leaves the rest to the dialplan. */
  caller->go_on = strcmp(event->reason, "hangup") && strcmp(event->hangup_by, "caller");
  if (caller->rings) ast_indicate(channel, -1);
  ast_channel_lock(channel);
  ast_channel_hangupcause_set(channel, event->cause ? event->cause : AST_CAUSE_NORMAL_CLEARING);
  ast_channel_unlock(channel);
}

static void handle(struct caller *caller, const rcml_channel_event *event) {
  struct ast_channel *channel = caller->party.channel;
  switch (event->kind) {
    case RCML_CHANNEL_RING:
      caller->rings = true;
      ast_indicate(channel, event->sip_code == 183 ? AST_CONTROL_PROGRESS : AST_CONTROL_RINGING);
      break;
    case RCML_CHANNEL_ANSWER:
      if (caller->rings) ast_indicate(channel, -1);
      caller->rings = false;
      ast_raw_answer(channel);
      break;
    case RCML_CHANNEL_KEY: party_send_key(&caller->party, event->name[0]); break;
    case RCML_CHANNEL_LEG:
      if (!strcmp(event->name, "answered")) show_partner(channel, event->to);
      break;
    case RCML_CHANNEL_OVER: over(caller, event); break;
    default: break;
  }
  variables_of_event(channel, event);
}

/* Until the channel hangs up, or the engine has done with it. */
static void talk(struct caller *caller) {
  rcml_channel_event event;
  struct ast_frame *frame;
  while (!caller->over && !caller->hung_up) {
    while (!caller->over && rcml_channel_take(caller->party.line, &event) == 1) handle(caller, &event);
    if (caller->over) break;
    caller->hung_up = !party_wait(&caller->party, &frame);
    if (frame) ast_frfree(frame);
  }
}

static void left_by_caller(struct ast_channel *channel) {
  ast_channel_lock(channel);
  pbx_builtin_setvar_helper(
      channel, "RCMLSTATUS", ast_channel_state(channel) == AST_STATE_UP ? "completed" : "canceled");
  pbx_builtin_setvar_helper(channel, "RCMLHANGUPBY", "caller");
  ast_channel_unlock(channel);
}

static int run(
    struct ast_channel *channel, rcml_channel *line, const struct run_options *options) {
  struct caller caller = {.go_on = true};
  if (party_begin(&caller.party, channel, line)) {
    ast_log(LOG_ERROR, "%s: no way from its formats to 8 kHz linear\n", ast_channel_name(channel));
    rcml_channel_leave(line, 0);
    return -1;
  }
  talk(&caller);
  /* What is still to be done for the call is done without this channel: a web server may keep the engine
   * waiting. */
  rcml_channel_leave(line, 0);
  party_end(&caller.party);
  if (!caller.over) left_by_caller(channel);
  return caller.over && caller.go_on && !options->hang_up_after ? 0 : -1;
}

/* @return what the application returns when there is no call */
static int refused(
    struct ast_channel *channel, const struct run_options *options, const rcml_error *error) {
  ast_log(LOG_WARNING, "%s: RCML(%s) did not run: %s\n", ast_channel_name(channel), options->document,
          error->message);
  variables_of_failure(channel, error);
  return options->hang_up_after ? -1 : 0;
}

int caller_run(struct ast_channel *channel, const struct run_options *options) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options call = RCML_CHANNEL_OPTIONS_INIT;
  struct caller_texts texts;
  struct call_told *told = NULL;
  struct ast_str *parameters = NULL;
  const char *settings[1];
  rcml_module *module;
  rcml_channel *line = NULL;

  variables_clear(channel);
  if (options->answer_first && ast_channel_state(channel) != AST_STATE_UP && ast_raw_answer(channel)) return -1;
  module = engine_make(&error);
  if (!module) return refused(channel, options, &error);
  variables_read(channel, &texts);
  told = call_create(&texts);
  call.name = texts.channel;
  call.identity = texts.identity;
  call.context = told;
  call.document = options->document;
  call.method = options->method;
  call.base_url = options->base_url;
  call.targets = options->targets;
  call.wake_for_frames = true;
  call.call.from = S_OR(texts.from, NULL);
  call.call.name = S_OR(texts.name, NULL);
  call.call.to = S_OR(texts.to, NULL);
  call.call.diversion = S_OR(texts.diversion, NULL);
  call.call.headers = ast_str_strlen(texts.headers) ? ast_str_buffer(texts.headers) : NULL;
  call.call.withheld = texts.withheld;
  call.call.answered = ast_channel_state(channel) == AST_STATE_UP;
  if (options->parameters && (parameters = ast_str_create(256))) {
    ast_str_set(&parameters, 0, "extra_params=%s", options->parameters);
    settings[0] = ast_str_buffer(parameters);
    call.call.settings = settings;
    call.call.setting_count = 1;
  }
  /* The call's own reference is given back behind its last event. */
  if (told) ao2_ref(told, +1);
  line = rcml_channel_call(module, &call, &error);
  ast_free(parameters);
  variables_forget(&texts);
  if (!line) {
    if (told) ao2_ref(told, -1);
    ao2_cleanup(told);
    return refused(channel, options, &error);
  }
  call_tell_begin(told, rcml_channel_call_sid(line));
  ao2_cleanup(told);
  pbx_builtin_setvar_helper(channel, "RCMLCALLSID", rcml_channel_call_sid(line));
  return run(channel, line, options);
}
