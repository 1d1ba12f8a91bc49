/* Expected failures: `nil, err`; err.code, err.name, err.message, and tostring(err) for people. */
#include "value.h"

#include <string.h>

void push_failure(lua_State *L, int32_t code, const char *message) {
  lua_newtable(L);
  lua_pushinteger(L, code < 0 ? -(lua_Integer)code : code);
  lua_setfield(L, -2, "code");
  lua_pushstring(L, rcml_status_name(code));
  lua_setfield(L, -2, "name");
  /* C has agents that were destroyed; Lua has closed ones. */
  if (code == RCML_E_HANDLE) lua_pushliteral(L, "The agent is closed.");
  else lua_pushstring(L, message && *message ? message : rcml_status_text(code));
  lua_setfield(L, -2, "message");
  luaL_getmetatable(L, ERROR_TYPE);
  lua_setmetatable(L, -2);
}

int fail(lua_State *L, int32_t code, const rcml_error *error) {
  lua_pushnil(L);
  push_failure(L, code, error ? error->message : NULL);
  if (error && error->sip_status) {
    lua_pushinteger(L, error->sip_status);
    lua_setfield(L, -2, "sip_status");
  }
  if (error && error->line) {
    lua_pushinteger(L, error->line);
    lua_setfield(L, -2, "line");
    lua_pushinteger(L, error->column);
    lua_setfield(L, -2, "column");
  }
  return 2;
}

int done_or_fail(lua_State *L, int32_t code, const rcml_error *error) {
  if (code < 0) return fail(L, code, error);
  lua_pushboolean(L, 1);
  return 1;
}

/* For functions that our Lua wraps: `level` 2 is whoever called the wrapper. */
int misuse(lua_State *L, int level, const char *function, const char *message) {
  luaL_where(L, level);
  lua_pushfstring(L, "bad use of '%s' (%s)", function, message);
  lua_concat(L, 2);
  return lua_error(L);
}

static int failure_tostring(lua_State *L) {
  lua_getfield(L, 1, "message");
  if (!lua_isstring(L, -1)) lua_pushliteral(L, ERROR_TYPE);
  return 1;
}

void failure_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", failure_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{NULL, NULL}};
  compat_new_type(L, ERROR_TYPE, meta, methods);
}
