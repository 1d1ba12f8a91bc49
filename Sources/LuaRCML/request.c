/* Requests for host: URLs, answered by functions instead of a web server. */
#include "lua_rcml.h"

static int32_t answer(lua_State *L, int request, int32_t status, const char *type, const char *body,
                      size_t length, rcml_error *error) {
  rcml_request_id id;
  agent_box *box = asked(L, request, &id);
  return rcml_agent_answer_request(box->handle, id, status, type, body, length, error);
}

/* request:answer([status,] [body [, content type]]) */
static int request_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length = 0;
  const char *body, *type;
  int32_t status;
  int at = 2;
  luaL_argcheck(L, compat_has_type(L, 1, REQUEST_TYPE), 1, "request expected");
  status = lua_type(L, at) == LUA_TNUMBER ? (int32_t)lua_tointeger(L, at++) : 0;
  body = luaL_optlstring(L, at, NULL, &length);
  type = luaL_optstring(L, at + 1, NULL);
  if (status == 0) status = body ? 200 : 204;
  return done_or_fail(L, answer(L, 1, status, type, body, length, &error), &error);
}

/* Answers with what a function returned: nothing, a body, or a status with a body and a content type. */
void request_answer_results(lua_State *L, int agent, int request, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  int32_t status = 0;
  size_t length = 0;
  const char *body = NULL, *type = NULL;
  (void)agent;
  lua_settop(L, first + count - 1);
  lua_pushnil(L);
  lua_pushnil(L);
  lua_pushnil(L);
  if (lua_type(L, first) == LUA_TNUMBER) status = (int32_t)lua_tointeger(L, first++);
  if (lua_isstring(L, first)) body = lua_tolstring(L, first, &length);
  if (lua_isstring(L, first + 1)) type = lua_tostring(L, first + 1);
  if (status == 0) status = body ? 200 : 204;
  /* It may have timed out, or its call may have ended: then nobody waits for the answer. */
  answer(L, request, status, type, body, length, &error);
}

/* Runs the function that agent:serve gave this path; without one the answer is 404. */
void serve_request(lua_State *L, int agent, int request) {
  push_part(L, agent, "served");
  lua_getfield(L, request, "path");
  lua_rawget(L, -2);
  lua_remove(L, -2);
  if (lua_isfunction(L, -1)) {
    lua_pushvalue(L, request);
    spawn(L, agent, 1, request);
    lua_pop(L, 1);
    return;
  }
  lua_pop(L, 1);
  lua_pushinteger(L, 404);
  request_answer_results(L, agent, request, lua_gettop(L), 1);
}

static int request_tostring(lua_State *L) {
  lua_getfield(L, 1, "method");
  lua_getfield(L, 1, "url");
  lua_pushfstring(L, "rcml.request %s %s", lua_tostring(L, -2), lua_tostring(L, -1));
  return 1;
}

void request_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", request_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"answer", request_answer}, {NULL, NULL}};
  compat_new_type(L, REQUEST_TYPE, meta, methods);
}
