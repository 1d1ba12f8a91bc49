/* Settings as the header has them: "name=value". */
#include "value.h"

size_t count_pairs(lua_State *L, int table, const char *name) {
  size_t count = 0;
  lua_pushnil(L);
  while (lua_next(L, table)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "the keys of '%s' must be strings", name);
    count++;
  }
  return count;
}

const char *const *push_settings(lua_State *L, int table, size_t *count) {
  const char **list;
  size_t i = 0;
  int texts;
  *count = count_pairs(L, table, "settings");
  list = lua_newuserdata(L, (*count + 1) * sizeof *list);
  lua_newtable(L);
  texts = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    const char *value = lua_isboolean(L, -1) ? (lua_toboolean(L, -1) ? "true" : "false") : lua_tostring(L, -1);
    if (!value) luaL_error(L, "a setting must be a string, a number or a boolean");
    list[i] = lua_pushfstring(L, "%s=%s", lua_tostring(L, -2), value);
    lua_rawseti(L, texts, (int)++i);
    lua_pop(L, 1);
  }
  return list;
}
