/* Questions for credentials: what a function given to agent:on("credentials", ...) returns is the answer. */
#include "event.h"

static int32_t answer(lua_State *L, int question, const char *username, const char *password,
                      rcml_error *error) {
  rcml_request_id id;
  agent_box *box = asked(L, question, &id);
  return rcml_agent_answer_credentials(box->handle, id, username, password, error);
}

/* question:answer([username [, password]]) */
static int credentials_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  const char *username, *password;
  luaL_argcheck(L, compat_has_type(L, 1, CREDENTIALS_TYPE), 1, "question expected");
  username = luaL_optstring(L, 2, NULL);
  password = luaL_optstring(L, 3, NULL);
  return done_or_fail(L, answer(L, 1, username, password, &error), &error);
}

/* Answers with what a function returned: nothing, or a user name and a password. */
void credentials_answer_results(lua_State *L, int question, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  lua_settop(L, first + count - 1);
  lua_pushnil(L);
  lua_pushnil(L);
  /* It may have timed out, or its leg may have ended: then nobody waits for the answer. */
  answer(L, question, lua_tostring(L, first), lua_tostring(L, first + 1), &error);
}

/* realm, host, call, leg. */
void push_credentials(lua_State *L, int agent, const rcml_event *event) {
  new_question(L, agent, event);
  lua_pushstring(L, event->realm);
  lua_setfield(L, -2, "realm");
  lua_pushstring(L, event->peer);
  lua_setfield(L, -2, "host");
  push_call(L, agent, event->call);
  if (event->leg) {
    push_leg(L, lua_gettop(L), event->leg);
    lua_setfield(L, -3, "leg");
  }
  lua_setfield(L, -2, "call");
  luaL_getmetatable(L, CREDENTIALS_TYPE);
  lua_setmetatable(L, -2);
}

/* The realm and who asks; never what was answered. */
static int credentials_tostring(lua_State *L) {
  lua_getfield(L, 1, "realm");
  lua_getfield(L, 1, "host");
  lua_pushfstring(L, "rcml.credentials %s at %s", lua_tostring(L, -2), lua_tostring(L, -1));
  return 1;
}

void credentials_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", credentials_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"answer", credentials_answer}, {NULL, NULL}};
  compat_new_type(L, CREDENTIALS_TYPE, meta, methods);
}
