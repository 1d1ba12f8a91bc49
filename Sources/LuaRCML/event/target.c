/* Questions about targets: what a function given to agent:on("target", ...) returns is the answer. */
#include "event.h"

static int32_t answer(lua_State *L, int question, bool allow, const char *uri, const char *username,
                      const char *password, rcml_error *error) {
  rcml_request_id id;
  agent_box *box = asked(L, question, &id);
  return rcml_agent_answer_target(box->handle, id, allow, uri, username, password, error);
}

/* question:answer([allow | uri [, username [, password]]]) */
static int target_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  const char *uri = NULL;
  luaL_argcheck(L, compat_has_type(L, 1, TARGET_TYPE), 1, "question expected");
  if (lua_type(L, 2) == LUA_TSTRING) uri = lua_tostring(L, 2);
  return done_or_fail(L,
                      answer(L, 1, is_allowed(L, 2), uri, luaL_optstring(L, 3, NULL),
                             luaL_optstring(L, 4, NULL), &error),
                      &error);
}

/* Answers with what a function returned: nothing or true, false, or a URI with its credentials. A URI that cannot be
 * read is as bad as no party. */
void target_answer_results(lua_State *L, int question, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  const char *uri = NULL;
  lua_settop(L, first + count - 1);
  lua_pushnil(L);
  lua_pushnil(L);
  lua_pushnil(L);
  if (lua_type(L, first) == LUA_TSTRING) uri = lua_tostring(L, first);
  if (answer(L, question, is_allowed(L, first), uri, lua_tostring(L, first + 1), lua_tostring(L, first + 2),
             &error) == RCML_E_URI)
    answer(L, question, false, NULL, NULL, NULL, &error);
}

/* noun, text, attributes (form-encoded), document, call. */
void push_target(lua_State *L, int agent, const rcml_event *event) {
  new_question(L, agent, event);
  lua_pushstring(L, event->name);
  lua_setfield(L, -2, "noun");
  lua_pushstring(L, event->to);
  lua_setfield(L, -2, "text");
  lua_pushlstring(L, event->body, event->body_length);
  lua_setfield(L, -2, "attributes");
  lua_pushstring(L, event->url);
  lua_setfield(L, -2, "document");
  push_call(L, agent, event->call);
  lua_setfield(L, -2, "call");
  luaL_getmetatable(L, TARGET_TYPE);
  lua_setmetatable(L, -2);
}

static int target_tostring(lua_State *L) {
  lua_getfield(L, 1, "noun");
  lua_getfield(L, 1, "text");
  lua_pushfstring(L, "rcml.target %s %s", lua_tostring(L, -2), lua_tostring(L, -1));
  return 1;
}

void target_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", target_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"answer", target_answer}, {NULL, NULL}};
  compat_new_type(L, TARGET_TYPE, meta, methods);
}
