/* Parties of the program's own: a caller it brings, a leg it is told to call. Methods of calls (their caller) and legs. */
#include "module.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct party {
  rcml_agent *agent;
  rcml_call_id call;
  rcml_leg_id leg;
} party;

/* The party at index 1: a call's caller, or a leg. What is pushed stays below what follows. */
static party check_party(lua_State *L) {
  party p = {NULL, 0, 0};
  int call = 1;
  luaL_argcheck(L, compat_has_type(L, 1, CALL_TYPE) || compat_has_type(L, 1, LEG_TYPE), 1, "call or leg expected");
  if (compat_has_type(L, 1, LEG_TYPE)) {
    lua_getfield(L, 1, "id");
    p.leg = to_id(L, -1);
    lua_getfield(L, 1, "call");
    luaL_argcheck(L, compat_has_type(L, -1, CALL_TYPE), 1, "leg without a call");
    call = lua_gettop(L);
  }
  lua_getfield(L, call, "id");
  p.call = to_id(L, -1);
  lua_getfield(L, call, "agent");
  p.agent = check_agent(L, lua_gettop(L))->handle;
  return p;
}

/* SDP that may be absent; `length` 0 with a pointer would mean "up to its NUL", so an empty string is none. */
static const char *opt_sdp(lua_State *L, int index, size_t *length) {
  const char *sdp = luaL_optlstring(L, index, NULL, length);
  if (!sdp || !*length) {
    *length = 0;
    return NULL;
  }
  return sdp;
}

/* party:host_ring([sip_code [, sdp]]) */
static int host_ring(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length = 0;
  int32_t code = (int32_t)luaL_optinteger(L, 2, 0);
  const char *sdp = opt_sdp(L, 3, &length);
  party p = check_party(L);
  return done_or_fail(L, rcml_host_ring(p.agent, p.call, p.leg, code, sdp, length, &error), &error);
}

/* party:host_answer([sdp]) */
static int host_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length = 0;
  const char *sdp = opt_sdp(L, 2, &length);
  party p = check_party(L);
  return done_or_fail(L, rcml_host_answer(p.agent, p.call, p.leg, sdp, length, &error), &error);
}

/* party:host_offer(sdp) */
static int host_offer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length;
  const char *sdp = luaL_checklstring(L, 2, &length);
  party p = check_party(L);
  return done_or_fail(L, rcml_host_offer(p.agent, p.call, p.leg, sdp, length, &error), &error);
}

/* party:host_refuse([sip_code]) */
static int host_refuse(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  int32_t code = (int32_t)luaL_optinteger(L, 2, 0);
  party p = check_party(L);
  return done_or_fail(L, rcml_host_refuse(p.agent, p.call, p.leg, code, &error), &error);
}

/* party:host_hang_up([sip_code]) */
static int host_hang_up(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  int32_t code = (int32_t)luaL_optinteger(L, 2, 0);
  party p = check_party(L);
  return done_or_fail(L, rcml_host_hang_up(p.agent, p.call, p.leg, code, &error), &error);
}

/* party:host_press_digit(key) */
static int host_press_digit(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length;
  const char *key = luaL_checklstring(L, 2, &length);
  party p;
  luaL_argcheck(L, length == 1, 2, "one key expected");
  p = check_party(L);
  return done_or_fail(L, rcml_host_press_digit(p.agent, p.call, p.leg, key[0], &error), &error);
}

/* party:host_push(frame) -> whether somebody hears it | nil, err */
static int host_push(lua_State *L) {
  size_t length;
  const char *frame = luaL_checklstring(L, 2, &length);
  party p = check_party(L);
  int32_t taken = rcml_host_push(p.agent, p.call, p.leg, frame, length);
  if (taken < 0) return fail(L, taken, NULL);
  lua_pushboolean(L, taken);
  return 1;
}

/* party:host_pull() -> frame, or false when nothing has come yet | nil, err */
static int host_pull(lua_State *L) {
  char frame[320];
  party p = check_party(L);
  size_t length = sizeof frame;
  int32_t there = rcml_host_pull(p.agent, p.call, p.leg, frame, length);
  if (there == RCML_E_ARGUMENT) { /* a party in G.711 */
    length = 160;
    there = rcml_host_pull(p.agent, p.call, p.leg, frame, length);
  }
  if (there < 0) return fail(L, there, NULL);
  if (there) lua_pushlstring(L, frame, length);
  else lua_pushboolean(L, 0);
  return 1;
}

static int32_t media_named(lua_State *L, const char *name) {
  static const char *const names[] = {"sdp", "linear16", "pcmu", "pcma", NULL};
  static const int32_t media[] = {RCML_HOST_SDP, RCML_HOST_LINEAR16, RCML_HOST_PCMU, RCML_HOST_PCMA};
  int i;
  for (i = 0; names[i]; i++)
    if (strcmp(names[i], name) == 0) return media[i];
  return luaL_argerror(L, 2, "field 'media' must be sdp, linear16, pcmu or pcma");
}

static const char *option(lua_State *L, const char *name) {
  lua_getfield(L, 2, name); /* stays on the stack, and its text with it */
  luaL_argcheck(L, lua_isnil(L, -1) || lua_isstring(L, -1), 2, "from, to, name, media, sdp and diversion are strings");
  return lua_tostring(L, -1);
}

/* One octet as a form has it. */
static void add_form_octet(buffer *form, unsigned char octet) {
  static const char digits[] = "0123456789ABCDEF";
  char text[3] = {'%', digits[octet >> 4], digits[octet & 15]};
  if (isalnum(octet) || octet == '-' || octet == '.' || octet == '_') buffer_append(form, &octet, 1);
  else buffer_append(form, text, 3);
}

static void add_form_text(lua_State *L, buffer *form, int index) {
  size_t length, i;
  const char *text = lua_tolstring(L, index, &length);
  for (i = 0; i < length; i++) add_form_octet(form, (unsigned char)text[i]);
}

static void add_header(lua_State *L, buffer *form, int name, int value) {
  if (form->length) buffer_append(form, "&", 1);
  add_form_text(L, form, name);
  buffer_append(form, "=", 1);
  add_form_text(L, form, value);
}

/* A string that is a form already, or a table from names to values or lists of them. The form stays on the stack. */
static const char *headers_option(lua_State *L) {
  buffer form = {NULL, 0, 0, false};
  int table, i, is_wrong = 0;
  lua_getfield(L, 2, "headers");
  if (!lua_istable(L, -1)) {
    luaL_argcheck(L, lua_isnil(L, -1) || lua_isstring(L, -1), 2, "field 'headers' must be a table or a form");
    return lua_tostring(L, -1);
  }
  table = lua_gettop(L);
  for (lua_pushnil(L); !is_wrong && lua_next(L, table); lua_pop(L, 1)) {
    is_wrong = lua_type(L, -2) != LUA_TSTRING;
    if (is_wrong) continue;
    if (lua_istable(L, -1))
      for (i = 1; lua_rawgeti(L, -1, i), !lua_isnil(L, -1); lua_pop(L, 1), i++) {
        if (lua_isstring(L, -1)) add_header(L, &form, -3, -1);
        else is_wrong = 1;
      }
    if (lua_istable(L, -2)) lua_pop(L, 1); /* the nil behind the list */
    else if (lua_isstring(L, -1)) add_header(L, &form, -2, -1);
    else is_wrong = 1;
  }
  if (is_wrong) {
    free(form.bytes);
    luaL_argerror(L, 2, "the values of 'headers' must be strings or lists of strings");
  }
  push_buffers(L, &form, NULL);
  return lua_tostring(L, -1);
}

static bool flag_option(lua_State *L, const char *name) {
  bool flag;
  lua_getfield(L, 2, name);
  flag = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  return flag;
}

/* agent:host_call{from =, to =, name =, media =, sdp =, document =, headers =, diversion =, withheld =, answered =,
 * settings =} -> call | nil, err */
int agent_host_call(lua_State *L) {
  static const char *const names[] = {"from",    "to",        "name",     "media",    "sdp",      "document",
                                      "headers", "diversion", "withheld", "answered", "settings", NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document;
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_call_id id = 0;
  const char *media;
  int32_t code;
  agent_box *box = check_agent(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  check_fields(L, 2, 2, names);
  options.from = option(L, "from");
  options.to = option(L, "to");
  options.name = option(L, "name");
  media = option(L, "media");
  if (media) options.media = media_named(L, media);
  options.sdp = option(L, "sdp");
  if (options.sdp) options.sdp = opt_sdp(L, lua_gettop(L), &options.sdp_length);
  options.headers = headers_option(L);
  options.diversion = option(L, "diversion");
  options.withheld = flag_option(L, "withheld");
  options.answered = flag_option(L, "answered");
  lua_getfield(L, 2, "settings");
  if (!lua_isnil(L, -1)) {
    luaL_argcheck(L, lua_istable(L, -1), 2, "field 'settings' must be a table");
    options.settings = push_settings(L, lua_gettop(L), &options.setting_count);
  }
  lua_getfield(L, 2, "document");
  if (!lua_isnil(L, -1)) {
    read_document(L, lua_gettop(L), 2, &document);
    options.document = &document;
  }
  code = rcml_agent_host_call(box->handle, &options, &id, &error);
  if (code < 0) return fail(L, code, &error);
  push_call(L, 1, id);
  lua_getfield(L, 2, "from");
  lua_setfield(L, -2, "from");
  lua_getfield(L, 2, "to");
  lua_setfield(L, -2, "to");
  return 1;
}

void host_open(lua_State *L) {
  static const luaL_Reg methods[] = {
      {"host_ring", host_ring},       {"host_answer", host_answer},
      {"host_offer", host_offer},     {"host_refuse", host_refuse},
      {"host_hang_up", host_hang_up}, {"host_press_digit", host_press_digit},
      {"host_push", host_push},       {"host_pull", host_pull},
      {NULL, NULL}};
  compat_add_methods(L, CALL_TYPE, methods);
  compat_add_methods(L, LEG_TYPE, methods);
}
