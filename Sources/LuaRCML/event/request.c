/* Requests for host: URLs, answered by functions instead of a web server. */
#include "event.h"

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
void push_request(lua_State *L, int agent, const rcml_event *event) {
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
void request_answer_results(lua_State *L, int request, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  int32_t status = 0;
  size_t length = 0;
  const char *body = NULL, *type = NULL;
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
