/* An agent in a worker of Kamailio would be driven by nobody: it is refused there. */
#include "module.h"

/* A global as it is, without a word to whoever watches for names that are not there. */
static void push_global(lua_State *L, const char *name) {
#if LUA_VERSION_NUM >= 502
  lua_pushglobaltable(L);
#else
  lua_pushvalue(L, LUA_GLOBALSINDEX);
#endif
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  lua_remove(L, -2);
}

/* Every process of Kamailio has a state with the global KSR. rcml_kamailio is there in the one whose timer calls the
 * function of rcml.kamailio's owner; `worker = true` among the options says that the program drives the agent itself. */
bool is_worker(lua_State *L, int options) {
  bool worker;
  push_global(L, "KSR");
  push_global(L, "rcml_kamailio");
  lua_getfield(L, options, "worker");
  luaL_argcheck(L, lua_isnil(L, -1) || lua_isboolean(L, -1), 1, "'worker' must be true or false");
  worker = !lua_isnil(L, -3) && !lua_istable(L, -2) && !lua_toboolean(L, -1);
  lua_pop(L, 3);
  return worker;
}

int refuse_worker(lua_State *L) {
  lua_pushnil(L);
  push_failure(L, RCML_E_STATE,
               "This is a worker of Kamailio; make the agent in a process of rtimer (see rcml.kamailio), "
               "or run rcml serve.");
  return 2;
}
