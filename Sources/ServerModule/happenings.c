/* What the engine tells, and who hears of it: the channels, the observer, both. */
#include "parts.h"

#include <stdio.h>
#include <string.h>

#define IS(text, word) (strcmp(text, word) == 0)

/* ---- The end of a party ------------------------------------------------------------------------------------- */

void rcml_party_over(
    rcml_module *module, rcml_channel *channel, const rcml_event *event, const char *hangup_by) {
  bool is_first = !channel->is_over;
  rcml_channel_end(channel, event, hangup_by);
  if (!is_first) return;
  rcml_frames_end(module, channel);
  if (channel->leg == 0) module->calls.callers--;
  channel->next_over = module->over;
  module->over = rcml_channel_retain(channel);
}

void rcml_turn_over(rcml_module *module) {
  while (module->over) {
    rcml_channel *channel = module->over;
    module->over = channel->next_over;
    rcml_channel_tell_over(channel);
    rcml_channel_release(channel);
  }
}

void rcml_all_over(rcml_module *module) {
  rcml_event event = RCML_EVENT_INIT;
  struct rcml_call_entry *entry = NULL;
  event.reason = "stopped";
  event.reason_text = "the module has stopped";
  event.sip_code = 480;
  while ((entry = rcml_calls_next(&module->calls, entry))) {
    if (entry->caller) rcml_party_over(module, entry->caller, &event, "engine");
    for (rcml_channel *leg = entry->legs; leg; leg = leg->next_of_call) rcml_party_over(module, leg, &event, "engine");
  }
  rcml_turn_over(module);
  rcml_calls_free(&module->calls);
}

/* ---- Parties of the host's own ------------------------------------------------------------------------------ */

/* The engine wants a party to be called: it becomes a channel, and the observer makes it. */
static void leg_wanted(rcml_module *module, const rcml_event *event, struct rcml_call_entry *entry) {
  size_t frame_size = IS(event->status, "linear16") ? 320 : 160;
  rcml_channel *leg = NULL;
  if (module->observer.leg && entry && !IS(event->status, "sdp"))
    leg = rcml_channel_make(module, event->to, "", frame_size);
  if (!leg) {
    rcml_host_hang_up(module->agent, event->call, event->leg, 480, NULL);
    rcml_module_say(module, 2, "nobody can make a channel for %s", event->to);
    return;
  }
  leg->call = event->call;
  leg->leg = event->leg;
  snprintf(leg->call_sid, sizeof leg->call_sid, "%s", event->call_sid);
  leg->next_of_call = entry->legs;
  entry->legs = rcml_channel_retain(leg);
  rcml_frames_begin(module, leg);
  module->observer.leg(module->observer.context, event, leg, entry->caller);
}

static void host(rcml_module *module, const rcml_event *event, rcml_channel *channel) {
  rcml_channel_event told = rcml_channel_no_event;
  if (!channel) return;
  told.sip_code = event->sip_code;
  told.reason = event->reason;
  told.reason_text = event->reason_text;
  if (IS(event->name, "ring")) {
    told.kind = RCML_CHANNEL_RING;
  } else if (IS(event->name, "answer")) {
    told.kind = RCML_CHANNEL_ANSWER;
    channel->was_answered = true;
  } else if (IS(event->name, "key")) {
    told.kind = RCML_CHANNEL_KEY;
    told.name = event->text;
  } else if (IS(event->name, "reject") || IS(event->name, "hang-up")) {
    rcml_party_over(module, channel, event, "engine");
  }
  if (told.kind) rcml_channel_tell(channel, &told);
}

/* ---- Questions ---------------------------------------------------------------------------------------------- */

static void target(rcml_module *module, const rcml_event *event, rcml_channel *caller) {
  rcml_configuration *configuration = caller ? caller->configuration : module->configuration;
  bool channels = rcml_configuration_channels(configuration);
  rcml_target_place place;
  rcml_error error = RCML_ERROR_INIT;
  if (caller && caller->targets) channels = caller->targets == RCML_CHANNEL_TARGETS_CHANNELS;
  rcml_configuration_target(configuration, channels, event->name, event->to, &place);
  if (module->observer.target) module->observer.target(module->observer.context, event, caller, &place);
  if (place.verdict == RCML_TARGET_DENIED) {
    rcml_module_say(module, 1, "call %s: <%s> is not dialled: %s", event->call_sid, event->name, place.reason);
  } else if (rcml_agent_answer_target(
                 module->agent, event->request, true, *place.uri ? place.uri : NULL,
                 *place.username ? place.username : NULL, *place.username ? place.password : NULL, &error) !=
             RCML_E_URI) {
    return;
  } else {
    rcml_module_say(module, 1, "call %s: <%s> is not dialled: %s", event->call_sid, event->name, error.message);
  }
  rcml_agent_answer_target(module->agent, event->request, false, NULL, NULL, NULL, NULL);
}

/* The user of sip:USER@HOST, or the whole of a number or name. */
static void user_of(const char *party, char *user, size_t size) {
  const char *start = strncmp(party, "sip:", 4) == 0 ? party + 4 : party;
  size_t length = strcspn(start, "@;?");
  snprintf(user, size, "%.*s", (int)(length < size ? length : size - 1), start);
}

/* A call that is there already has begun with the agent's own of these: in the section of a document
 * they are for callers whom the server brings. */
static void keep_later_settings(rcml_document *document) {
  const char **settings = (const char **)(uintptr_t)document->settings;
  rcml_setting_info info;
  size_t kept = 0;
  for (size_t at = 0; at < document->setting_count; at++) {
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(settings[at], "="), settings[at]);
    if (rcml_find_setting(name, &info) && !IS(info.scope, "beginning")) settings[kept++] = settings[at];
  }
  document->setting_count = kept;
}

/* A caller by SIP: the document named after whom they called, or the one for everybody. */
static void incoming(rcml_module *module, const rcml_event *event) {
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_error error = RCML_ERROR_INIT;
  void *memory = NULL;
  char user[128];
  const char *word = NULL;
  if (module->observer.incoming) {
    word = module->observer.incoming(module->observer.context, event);
  } else {
    user_of(event->to, user, sizeof user);
    if (!IS(user, "general") && rcml_configuration_has(module->configuration, user)) word = user;
    else if (rcml_configuration_has(module->configuration, "default")) word = "default";
  }
  if (!word) {
    rcml_call_reject(module->agent, event->call, 404, NULL, NULL);
    return;
  }
  if (rcml_configuration_document(module->configuration, word, &document, &memory, &error) == RCML_OK)
    keep_later_settings(&document);
  if (error.code || rcml_call_run(module->agent, event->call, &document, &error) != RCML_OK) {
    rcml_module_say(module, 2, "call %s: %s", event->call_sid, error.message);
    rcml_call_reject(module->agent, event->call, 500, NULL, NULL);
  }
  rcml_module_free(memory);
}

/* ---- What a caller is told ---------------------------------------------------------------------------------- */

static void leg_of(rcml_module *module, const rcml_event *event, rcml_leg_info *info) {
  for (size_t at = 0; event->leg && rcml_call_leg(module->agent, event->call, at, info) == 1; at++)
    if (info->leg == event->leg) return;
  *info = (rcml_leg_info)RCML_LEG_INFO_INIT;
}

static void tell(rcml_module *module, int32_t kind, const rcml_event *event, rcml_channel *caller) {
  rcml_channel_event told = rcml_channel_no_event;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  told.kind = kind;
  told.sip_code = event->sip_code;
  told.cause = rcml_cause_of_sip(event->sip_code);
  told.duration = event->duration;
  told.ring_duration = event->ring_duration;
  told.bridged = event->bridged;
  told.answered = caller->was_answered;
  told.name = event->name;
  told.status = event->status;
  told.sid = event->leg_sid;
  told.to = event->to;
  told.hangup_by = event->hangup_by;
  told.screening = event->screening;
  told.reason = event->reason;
  told.reason_text = event->reason_text;
  told.url = event->url;
  if (kind == RCML_CHANNEL_DIAL) {
    leg_of(module, event, &leg);
    told.to = leg.to;
    told.sid = leg.sid;
  }
  rcml_channel_tell(caller, &told);
}

static void ended(rcml_module *module, const rcml_event *event, struct rcml_call_entry *entry) {
  if (!entry) return;
  if (entry->caller) {
    rcml_party_over(module, entry->caller, event, event->hangup_by);
    rcml_turn_over(module);
    tell(module, RCML_CHANNEL_ENDED, event, entry->caller);
  }
  for (rcml_channel *leg = entry->legs; leg; leg = leg->next_of_call) rcml_party_over(module, leg, event, "engine");
  rcml_calls_drop(&module->calls, event->call);
  rcml_listeners_retry(module);
}

static void leg_completed(
    rcml_module *module, const rcml_event *event, struct rcml_call_entry *entry, rcml_channel *leg) {
  rcml_party_over(module, leg, event, "engine");
  rcml_calls_drop_leg(entry, leg);
}

void rcml_happened(rcml_module *module, const rcml_event *event) {
  struct rcml_call_entry *entry = rcml_calls_find(&module->calls, event->call);
  rcml_channel *caller, *leg;
  /* Only what begins makes an entry: an exchange or a message of a call may be told behind its end. */
  if (!entry && event->kind == RCML_EVENT_INCOMING)
    entry = rcml_calls_make(&module->calls, event->call, event->call_sid);
  caller = entry ? entry->caller : NULL;
  leg = event->leg ? rcml_calls_leg(entry, event->leg) : NULL;
  if (module->observer.event) module->observer.event(module->observer.context, event, caller, leg);
  switch (event->kind) {
    case RCML_EVENT_INCOMING:
      if (!caller) incoming(module, event);
      break;
    case RCML_EVENT_TARGET: target(module, event, caller); break;
    case RCML_EVENT_HOST:
      if (IS(event->name, "call")) leg_wanted(module, event, entry);
      else host(module, event, event->leg ? leg : caller);
      break;
    case RCML_EVENT_STATUS:
      if (caller) tell(module, RCML_CHANNEL_LEG, event, caller);
      if (leg && IS(event->name, "completed")) leg_completed(module, event, entry, leg);
      break;
    case RCML_EVENT_DIAL:
      if (caller) tell(module, RCML_CHANNEL_DIAL, event, caller);
      break;
    case RCML_EVENT_RECORDING:
      if (caller) tell(module, RCML_CHANNEL_RECORDING, event, caller);
      break;
    case RCML_EVENT_ENDED: ended(module, event, entry); break;
    case RCML_EVENT_DRAINED: module->has_drained = true; break;
    default: break;
  }
}
