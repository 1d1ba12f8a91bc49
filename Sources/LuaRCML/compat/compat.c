/* What differs between 5.1, LuaJIT, 5.3 and 5.4, and nothing else. */
#include "compat.h"

/* Takes the table on top as the parts of the userdata at `index`. */
void compat_set_parts(lua_State *L, int index) {
#if LUA_VERSION_NUM < 502
  lua_setfenv(L, index);
#else
  lua_setuservalue(L, index);
#endif
}

void compat_get_parts(lua_State *L, int index) {
#if LUA_VERSION_NUM < 502
  lua_getfenv(L, index);
#else
  lua_getuservalue(L, index);
#endif
}

int compat_resume(lua_State *co, lua_State *from, int arguments, int *results) {
#if LUA_VERSION_NUM >= 504
  return lua_resume(co, from, arguments, results);
#else
  int status;
#if LUA_VERSION_NUM >= 502
  status = lua_resume(co, from, arguments);
#else
  (void)from;
  status = lua_resume(co, arguments);
#endif
  *results = lua_gettop(co);
  return status;
#endif
}

/* Sets functions into the table on top. */
void compat_methods(lua_State *L, const luaL_Reg *methods) {
  for (; methods->name; methods++) {
    lua_pushcfunction(L, methods->func);
    lua_setfield(L, -2, methods->name);
  }
}

size_t compat_length(lua_State *L, int index) {
#if LUA_VERSION_NUM < 502
  return lua_objlen(L, index);
#else
  return lua_rawlen(L, index);
#endif
}

int compat_absolute(lua_State *L, int index) {
  return index > 0 || index <= LUA_REGISTRYINDEX ? index : lua_gettop(L) + index + 1;
}

/* Pushes the message with the traceback of `co`. */
void compat_traceback(lua_State *L, lua_State *co, const char *message) {
#if LUA_VERSION_NUM >= 502
  luaL_traceback(L, co, message, 0);
#else
  lua_getglobal(L, "debug");
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, "traceback");
    lua_remove(L, -2);
    if (lua_isfunction(L, -1)) {
      lua_pushthread(co);
      lua_xmove(co, L, 1);
      lua_pushstring(L, message);
      if (lua_pcall(L, 2, 1, 0) == 0 && lua_isstring(L, -1)) return;
    }
  }
  lua_pop(L, 1);
  lua_pushstring(L, message);
#endif
}

/* Is the value at `index` a table or userdata of ours of this type? */
bool compat_has_type(lua_State *L, int index, const char *type) {
  bool same;
  if (!lua_getmetatable(L, index)) return false;
  luaL_getmetatable(L, type);
  same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return same;
}

/* More methods for a type that is there. */
void compat_add_methods(lua_State *L, const char *type, const luaL_Reg *methods) {
  luaL_getmetatable(L, type);
  lua_getfield(L, -1, "methods");
  compat_methods(L, methods);
  lua_pop(L, 2);
}

/* Makes a metatable with methods behind __index, unless `meta` brings an __index of its own. */
void compat_new_type(lua_State *L, const char *type, const luaL_Reg *meta, const luaL_Reg *methods) {
  luaL_newmetatable(L, type);
  lua_newtable(L);
  compat_methods(L, methods);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__index");
  lua_setfield(L, -2, "methods");
  lua_pushstring(L, type);
  lua_setfield(L, -2, "__name");
  compat_methods(L, meta);
  lua_pop(L, 1);
}

/* Ids stay below 2^53, so that a double holds them. */
void push_id(lua_State *L, uint64_t id) {
#if LUA_VERSION_NUM >= 503
  lua_pushinteger(L, (lua_Integer)id);
#else
  lua_pushnumber(L, (lua_Number)id);
#endif
}

uint64_t to_id(lua_State *L, int index) {
  lua_Number number = lua_tonumber(L, index);
  return number >= 1 && number < 9007199254740992.0 ? (uint64_t)number : 0;
}
