/* An event as Lua sees it: a table with the words of the header; what does not apply is absent. */
#include "lua_rcml.h"

static void set_text(lua_State *L, const char *name, const char *text) {
  if (!text || !*text) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, lua_Integer number) {
  lua_pushinteger(L, number);
  lua_setfield(L, -2, name);
}

static void set_flag(lua_State *L, const char *name, bool flag) {
  lua_pushboolean(L, flag);
  lua_setfield(L, -2, name);
}

/* The call with this id, made when it is not known yet: one call, one table, so that `==` means the same call. */
void push_call(lua_State *L, int agent, rcml_call_id id) {
  agent = compat_absolute(L, agent);
  push_part(L, agent, "calls");
  push_id(L, id);
  lua_rawget(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
    push_id(L, id);
    lua_setfield(L, -2, "id");
    lua_pushvalue(L, agent);
    lua_setfield(L, -2, "agent");
    lua_newtable(L);
    lua_setfield(L, -2, "legs");
    lua_newtable(L);
    lua_setfield(L, -2, "events");
    luaL_getmetatable(L, CALL_TYPE);
    lua_setmetatable(L, -2);
    push_id(L, id);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_remove(L, -2);
}

/* The leg with this id, from the list of the call at `call`; a new one joins the list. */
void push_leg(lua_State *L, int call, rcml_leg_id id) {
  size_t count, i;
  lua_getfield(L, call, "legs");
  count = compat_length(L, -1);
  for (i = count; i >= 1; i--) {
    bool same;
    lua_rawgeti(L, -1, (int)i);
    lua_getfield(L, -1, "id");
    same = to_id(L, -1) == id;
    lua_pop(L, 1);
    if (same) {
      lua_remove(L, -2);
      return;
    }
    lua_pop(L, 1);
  }
  lua_newtable(L);
  push_id(L, id);
  lua_setfield(L, -2, "id");
  lua_pushvalue(L, call);
  lua_setfield(L, -2, "call");
  lua_newtable(L);
  lua_setfield(L, -2, "events");
  luaL_getmetatable(L, LEG_TYPE);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, (int)count + 1);
  lua_remove(L, -2);
}

/* Percent- and plus-decodes name=value&... into the table on top. */
static void set_parameters(lua_State *L, const char *text, size_t length) {
  size_t at = 0;
  while (at < length) {
    luaL_Buffer b;
    int part;
    for (part = 0; part < 2; part++) { /* name, then value */
      char stop = part == 0 ? '=' : '&';
      luaL_buffinit(L, &b);
      while (at < length && text[at] != stop && text[at] != '&') {
        char c = text[at++];
        if (c == '+') c = ' ';
        if (c == '%' && at + 2 <= length) {
          int digit, value = 0, ok = 1;
          for (digit = 0; digit < 2; digit++) {
            char h = text[at + (size_t)digit];
            int n = h >= '0' && h <= '9'   ? h - '0'
                    : h >= 'a' && h <= 'f' ? h - 'a' + 10
                    : h >= 'A' && h <= 'F' ? h - 'A' + 10
                                           : -1;
            ok = ok && n >= 0;
            value = value * 16 + n;
          }
          if (ok) {
            c = (char)value;
            at += 2;
          }
        }
        luaL_addchar(&b, c);
      }
      luaL_pushresult(&b);
      if (part == 0 && at < length && text[at] == '=') at++;
    }
    if (at < length) at++; /* the & */
    lua_rawset(L, -3);
  }
}

/* A request for a host: URL: url, path, method, body, params, call. */
static void push_request(lua_State *L, int agent, const rcml_event *event) {
  const char *path = event->url, *query;
  size_t i;
  for (i = 0; i < 5 && path[i] && path[i] == "host:"[i]; i++) {}
  if (i == 5) path += 5;
  while (path[0] == '/' && path[1] == '/') path++;
  for (query = path; *query && *query != '?' && *query != '#'; query++) {}
  new_question(L, agent, event);
  set_text(L, "url", event->url);
  lua_pushlstring(L, path, (size_t)(query - path));
  lua_setfield(L, -2, "path");
  set_text(L, "method", event->method);
  lua_pushlstring(L, event->body, event->body_length);
  lua_setfield(L, -2, "body");
  lua_newtable(L);
  if (*query == '?') {
    const char *end = ++query;
    while (*end && *end != '#') end++;
    set_parameters(L, query, (size_t)(end - query));
  }
  set_parameters(L, event->body, event->body_length);
  lua_setfield(L, -2, "params");
  if (event->call) {
    push_call(L, agent, event->call);
    lua_setfield(L, -2, "call");
  }
  luaL_getmetatable(L, REQUEST_TYPE);
  lua_setmetatable(L, -2);
}

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
  set_text(L, "to", event->to);
  set_text(L, "hangup_by", event->hangup_by);
  set_text(L, "screening", event->screening);
  set_text(L, event->kind == RCML_EVENT_CREDENTIALS ? "host" : "peer", event->peer);
  set_text(L, "realm", event->realm);
  set_text(L, "language", event->language);
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
  else if (event->call) push_call(L, agent, event->call);
  else lua_pushvalue(L, agent);
  push_fields(L, event);
  if (!event->call || event->kind == RCML_EVENT_REQUEST ||
      event->kind == RCML_EVENT_CREDENTIALS || event->kind == RCML_EVENT_TARGET ||
      event->kind == RCML_EVENT_URL || event->kind == RCML_EVENT_SPEECH) {
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
