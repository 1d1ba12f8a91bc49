/* Calls and legs as tables: one call, one table. */
#include "object.h"

/* The call with this id, made when it is not known yet: one call, one table, so that `==` means the same call. */
void push_call(lua_State *L, int agent, rcml_call_id id) {
  agent = compat_absolute(L, agent);
  push_part(L, agent, "calls");
  push_id(L, id);
  lua_rawget(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
    push_id(L, id);
    lua_setfield(L, -2, "id");
    lua_pushvalue(L, agent);
    lua_setfield(L, -2, "agent");
    lua_newtable(L);
    lua_setfield(L, -2, "legs");
    lua_newtable(L);
    lua_setfield(L, -2, "events");
    luaL_getmetatable(L, CALL_TYPE);
    lua_setmetatable(L, -2);
    push_id(L, id);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_remove(L, -2);
}

/* The leg with this id, from the list of the call at `call`; a new one joins the list. */
void push_leg(lua_State *L, int call, rcml_leg_id id) {
  size_t count, i;
  lua_getfield(L, call, "legs");
  count = compat_length(L, -1);
  for (i = count; i >= 1; i--) {
    bool same;
    lua_rawgeti(L, -1, (int)i);
    lua_getfield(L, -1, "id");
    same = to_id(L, -1) == id;
    lua_pop(L, 1);
    if (same) {
      lua_remove(L, -2);
      return;
    }
    lua_pop(L, 1);
  }
  lua_newtable(L);
  push_id(L, id);
  lua_setfield(L, -2, "id");
  lua_pushvalue(L, call);
  lua_setfield(L, -2, "call");
  lua_newtable(L);
  lua_setfield(L, -2, "events");
  luaL_getmetatable(L, LEG_TYPE);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, (int)count + 1);
  lua_remove(L, -2);
}
