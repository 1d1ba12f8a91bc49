/* Calls and legs: tables that the program may put its own fields on. Their wait is in wait.c. */
#include "module.h"

/* The agent and id of the call at index 1. Pushes the agent. */
static rcml_agent *check_call(lua_State *L, rcml_call_id *id) {
  luaL_argcheck(L, compat_has_type(L, 1, CALL_TYPE), 1, "call expected");
  lua_getfield(L, 1, "id");
  *id = to_id(L, -1);
  lua_pop(L, 1);
  lua_getfield(L, 1, "agent");
  return check_agent(L, lua_gettop(L))->handle;
}

/* call:run(document): runs it, or from now on instead of the one that runs */
static int call_run(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document;
  rcml_call_id id;
  rcml_agent *agent = check_call(L, &id);
  read_document(L, 2, 2, &document);
  return done_or_fail(L, rcml_call_run(agent, id, &document, &error), &error);
}

static int call_ring(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  int32_t code = (int32_t)luaL_optinteger(L, 2, 0);
  rcml_agent *agent = check_call(L, &id);
  return done_or_fail(L, rcml_call_ring(agent, id, code, &error), &error);
}

static int call_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  rcml_agent *agent = check_call(L, &id);
  return done_or_fail(L, rcml_call_answer(agent, id, &error), &error);
}

static int call_reject(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  int32_t code = (int32_t)luaL_optinteger(L, 2, 603);
  const char *phrase = luaL_optstring(L, 3, NULL);
  rcml_agent *agent = check_call(L, &id);
  return done_or_fail(L, rcml_call_reject(agent, id, code, phrase, &error), &error);
}

static int call_hang_up(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  rcml_agent *agent = check_call(L, &id);
  return done_or_fail(L, rcml_call_hang_up(agent, id, &error), &error);
}

static int call_end_dial(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  rcml_agent *agent = check_call(L, &id);
  return done_or_fail(L, rcml_call_end_dial(agent, id, &error), &error);
}

static int call_press_digit(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  size_t length;
  const char *key = luaL_checklstring(L, 2, &length);
  rcml_agent *agent = check_call(L, &id);
  luaL_argcheck(L, length == 1, 2, "one key expected");
  return done_or_fail(L, rcml_call_press_digit(agent, id, key[0], &error), &error);
}

static int call_record(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_id id;
  const char *path = luaL_checkstring(L, 2);
  rcml_agent *agent = check_call(L, &id);
  return done_or_fail(L, rcml_call_record(agent, id, path, &error), &error);
}

static void set_string(lua_State *L, const char *name, const char *text) {
  lua_pushstring(L, text);
  lua_setfield(L, -2, name);
}

/* call:state() -> {sid, from, to, status, outgoing, answered, legs = {{id, sid, to, status, sip_code, ended}...}} */
static int call_state(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  rcml_call_id id;
  size_t i;
  rcml_agent *agent = check_call(L, &id);
  int32_t code = rcml_call_state(agent, id, &info);
  if (code < 0) return fail(L, code, &error);
  lua_newtable(L);
  set_string(L, "sid", info.sid);
  set_string(L, "from", info.from);
  set_string(L, "to", info.to);
  set_string(L, "status", info.status);
  lua_pushboolean(L, info.outgoing);
  lua_setfield(L, -2, "outgoing");
  lua_pushboolean(L, info.answered);
  lua_setfield(L, -2, "answered");
  lua_newtable(L);
  for (i = 0; rcml_call_leg(agent, id, i, &leg) > 0; i++) {
    lua_newtable(L);
    push_id(L, leg.leg);
    lua_setfield(L, -2, "id");
    set_string(L, "sid", leg.sid);
    set_string(L, "to", leg.to);
    set_string(L, "status", leg.status);
    lua_pushinteger(L, leg.sip_code);
    lua_setfield(L, -2, "sip_code");
    lua_pushboolean(L, leg.ended);
    lua_setfield(L, -2, "ended");
    lua_rawseti(L, -2, (int)i + 1);
  }
  lua_setfield(L, -2, "legs");
  return 1;
}

static const char *field(lua_State *L, const char *name, const char *otherwise) {
  const char *text;
  lua_getfield(L, 1, name);
  text = lua_isstring(L, -1) ? lua_tostring(L, -1) : otherwise;
  return text; /* stays on the stack */
}

static int call_tostring(lua_State *L) {
  const char *sid, *status;
  lua_settop(L, 1);
  sid = field(L, "sid", "");
  status = field(L, "status", "");
  lua_pushfstring(L, "rcml.call %s %s", *sid ? sid : "(not begun)", status);
  return 1;
}

static int leg_tostring(lua_State *L) {
  const char *sid, *status, *to;
  lua_settop(L, 1);
  sid = field(L, "sid", "");
  status = field(L, "status", "");
  to = field(L, "to", "");
  lua_pushfstring(L, "rcml.leg %s %s %s", sid, status, to);
  return 1;
}

void call_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", call_tostring}, {NULL, NULL}};
  static const luaL_Reg leg_meta[] = {{"__tostring", leg_tostring}, {NULL, NULL}};
  static const luaL_Reg none[] = {{NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"run", call_run},           {"ring", call_ring},
      {"answer", call_answer},     {"reject", call_reject},
      {"hang_up", call_hang_up},   {"hangup", call_hang_up},
      {"end_dial", call_end_dial}, {"press_digit", call_press_digit},
      {"record", call_record},
      {"state", call_state},
      {NULL, NULL}};
  compat_new_type(L, CALL_TYPE, meta, methods);
  compat_new_type(L, LEG_TYPE, leg_meta, none);
}
