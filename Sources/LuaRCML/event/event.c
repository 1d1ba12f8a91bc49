/* An event as Lua sees it: a table with the words of the header; what does not apply is absent. */
#include "event.h"

/* What every kind of event has, as a table. */
void push_fields(lua_State *L, const rcml_event *event) {
  static const char *const severities[] = {"note", "warning", "error"};
  bool finding = event->kind == RCML_EVENT_FINDING;
  lua_newtable(L);
  set_text(L, "kind", rcml_event_name(event->kind));
  set_text(L, event->kind == RCML_EVENT_DIGIT ? "digit" : "name", event->name);
  set_text(L, "status", event->status);
  set_text(L, "call_sid", event->call_sid);
  set_text(L, "leg_sid", event->leg_sid);
  set_text(L, "from", event->from);
  set_text(L, "from_name", event->from_name);
  set_text(L, "peer_name", event->peer_name);
  set_text(L, "to", event->to);
  set_text(L, "hangup_by", event->hangup_by);
  set_text(L, "screening", event->screening);
  set_text(L, event->kind == RCML_EVENT_CREDENTIALS ? "host" : "peer", event->peer);
  set_text(L, "realm", event->realm);
  set_text(L, "language", event->language);
  set_text(L, "markup", event->markup);
  set_text(L, "reason", event->reason);
  if (event->reason_code) set_number(L, "reason_code", event->reason_code);
  set_text(L, "reason_text", event->reason_text);
  if (event->sip_code) set_number(L, "sip_code", event->sip_code);
  if (event->deadline_ms) {
    lua_pushnumber(L, (lua_Number)event->deadline_ms / 1000);
    lua_setfield(L, -2, "deadline");
  }
  if (event->kind == RCML_EVENT_DIAL) {
    set_number(L, "ring_duration", event->ring_duration);
    set_flag(L, "bridged", event->bridged);
  }
  if (event->kind == RCML_EVENT_DIAL || event->kind == RCML_EVENT_ENDED ||
      event->kind == RCML_EVENT_STATUS)
    set_number(L, "duration", event->duration);
  if (event->kind == RCML_EVENT_MESSAGE) set_flag(L, "sent", event->sent);
  if (event->text_length) {
    lua_pushlstring(L, event->text, event->text_length);
    lua_setfield(L, -2, "text");
  }
  if (event->kind == RCML_EVENT_CALLBACK) {
    set_text(L, "method", event->method);
    set_text(L, "url", event->url);
    set_number(L, "code", event->code);
    set_number(L, "attempts", event->attempts);
    lua_pushlstring(L, event->body, event->body_length);
    lua_setfield(L, -2, "body");
  }
  if (event->kind == RCML_EVENT_INCOMING) {
    set_text(L, "url", event->url);
    lua_pushlstring(L, event->body, event->body_length);
    lua_setfield(L, -2, "body");
  }
  if (event->kind == RCML_EVENT_EXCHANGE) {
    set_text(L, "method", event->method);
    set_text(L, "url", event->url);
    set_text(L, "content_type", event->content_type);
    if (event->code) set_number(L, "code", event->code);
    set_number(L, "size", event->size);
    lua_pushnumber(L, (lua_Number)event->elapsed_ms / 1000);
    lua_setfield(L, -2, "elapsed");
    lua_pushlstring(L, event->body, event->body_length);
    lua_setfield(L, -2, "body");
  }
  if (event->kind == RCML_EVENT_HOST && event->body_length) {
    lua_pushlstring(L, event->body, event->body_length);
    lua_setfield(L, -2, "body");
  }
  if (event->kind == RCML_EVENT_RECORDING) {
    set_text(L, "sid", event->name);
    set_text(L, "url", event->url);
    set_number(L, "duration", event->duration);
  }
  if (finding) {
    set_text(L, "severity", severities[event->severity >= 0 && event->severity <= 2 ? event->severity : 2]);
    set_number(L, "code", event->code);
    if (event->line) set_number(L, "line", event->line);
    if (event->column) set_number(L, "column", event->column);
  }
}

/* What the table of the call on top says from now on. */
static void note_call(lua_State *L, const rcml_event *event) {
  set_text(L, "sid", event->call_sid);
  switch (event->kind) {
    case RCML_EVENT_INCOMING:
      set_text(L, "from", event->from);
      set_text(L, "to", event->to);
      set_text(L, "status", "ringing");
      break;
    case RCML_EVENT_RINGING: set_text(L, "status", "ringing"); break;
    case RCML_EVENT_ANSWERED:
      set_flag(L, "answered", true);
      set_text(L, "status", "in-progress");
      break;
    case RCML_EVENT_ENDED: set_text(L, "status", event->status); break;
    default: break;
  }
}

/* What the table of the leg on top says from now on; the event's table is at `table`. */
static void note_leg(lua_State *L, int table, const rcml_event *event) {
  set_text(L, "sid", event->leg_sid);
  if (event->kind != RCML_EVENT_STATUS) return;
  set_text(L, "to", event->to);
  set_text(L, "status", event->status);
  lua_getfield(L, -1, "events");
  lua_pushvalue(L, table);
  lua_setfield(L, -2, event->name);
  lua_pop(L, 1);
}

/* Pushes the subject (call, leg, request, question or agent), the event, and the call or nil; keeps what the tables of
 * call and leg say up to date. */
void push_event(lua_State *L, int agent, const rcml_event *event) {
  int call, table;
  agent = compat_absolute(L, agent);
  if (event->kind == RCML_EVENT_REQUEST) push_request(L, agent, event);
  else if (event->kind == RCML_EVENT_CREDENTIALS) push_credentials(L, agent, event);
  else if (event->kind == RCML_EVENT_TARGET) push_target(L, agent, event);
  else if (event->kind == RCML_EVENT_URL) push_url(L, agent, event);
  else if (event->kind == RCML_EVENT_SPEECH) push_speech(L, agent, event);
  else if (event->kind == RCML_EVENT_VERB) push_verb(L, agent, event);
  else if (event->call) push_call(L, agent, event->call);
  else lua_pushvalue(L, agent);
  push_fields(L, event);
  if (!event->call || event->kind == RCML_EVENT_REQUEST ||
      event->kind == RCML_EVENT_CREDENTIALS || event->kind == RCML_EVENT_TARGET ||
      event->kind == RCML_EVENT_URL || event->kind == RCML_EVENT_SPEECH || event->kind == RCML_EVENT_VERB) {
    lua_pushnil(L);
    return;
  }
  call = lua_gettop(L) - 1;
  table = call + 1;
  lua_pushvalue(L, call);
  lua_setfield(L, table, "call");
  lua_getfield(L, call, "events");
  lua_pushvalue(L, table);
  lua_setfield(L, -2, rcml_event_name(event->kind));
  lua_pop(L, 1);
  lua_pushvalue(L, call); /* what set_text writes to */
  note_call(L, event);
  if (event->leg) {
    push_leg(L, call, event->leg);
    note_leg(L, table, event);
    lua_pushvalue(L, -1);
    lua_setfield(L, table, "leg");
    if (event->kind == RCML_EVENT_STATUS || event->kind == RCML_EVENT_HOST) lua_replace(L, call);
    else lua_pop(L, 1);
  }
  /* subject event call */
}
