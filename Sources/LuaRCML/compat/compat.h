/* Layer 1: one spelling for Lua 5.1, LuaJIT, 5.3 and 5.4. Knows nothing of agents. */
#ifndef RCML_LUA_COMPAT_H
#define RCML_LUA_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void compat_set_parts(lua_State *L, int index);
void compat_get_parts(lua_State *L, int index);
int compat_resume(lua_State *co, lua_State *from, int arguments, int *results);
void compat_methods(lua_State *L, const luaL_Reg *methods);
void compat_add_methods(lua_State *L, const char *type, const luaL_Reg *methods);
size_t compat_length(lua_State *L, int index);
int compat_absolute(lua_State *L, int index);
void compat_traceback(lua_State *L, lua_State *co, const char *message);
bool compat_has_type(lua_State *L, int index, const char *type);
void compat_new_type(lua_State *L, const char *type, const luaL_Reg *meta, const luaL_Reg *methods);
void push_id(lua_State *L, uint64_t id);
uint64_t to_id(lua_State *L, int index);

#endif
