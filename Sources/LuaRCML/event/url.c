/* Questions about URLs: what a function given to agent:on("url", ...) returns is the answer. */
#include "event.h"

static int32_t answer(lua_State *L, int question, bool allow, rcml_error *error) {
  rcml_request_id id;
  agent_box *box = asked(L, question, &id);
  return rcml_agent_answer_url(box->handle, id, allow, error);
}

/* question:answer([allow]) */
static int url_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  luaL_argcheck(L, compat_has_type(L, 1, URL_TYPE), 1, "question expected");
  return done_or_fail(L, answer(L, 1, is_allowed(L, 2), &error), &error);
}

/* Answers with what a function returned: nothing or true, or false. */
void url_answer_results(lua_State *L, int question, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  lua_settop(L, first + count - 1);
  /* It may have timed out, or nobody may want the document any more: then nobody waits for the answer. */
  answer(L, question, is_allowed(L, first), &error);
}

/* method, url, call; no call when it has ended, for a callback about its end may come later. */
void push_url(lua_State *L, int agent, const rcml_event *event) {
  new_question(L, agent, event);
  lua_pushstring(L, event->method);
  lua_setfield(L, -2, "method");
  lua_pushstring(L, event->url);
  lua_setfield(L, -2, "url");
  if (*event->call_sid) {
    push_call(L, agent, event->call);
    lua_setfield(L, -2, "call");
  }
  luaL_getmetatable(L, URL_TYPE);
  lua_setmetatable(L, -2);
}

static int url_tostring(lua_State *L) {
  lua_getfield(L, 1, "method");
  lua_getfield(L, 1, "url");
  lua_pushfstring(L, "rcml.url %s %s", lua_tostring(L, -2), lua_tostring(L, -1));
  return 1;
}

void url_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", url_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"answer", url_answer}, {NULL, NULL}};
  compat_new_type(L, URL_TYPE, meta, methods);
}
