/* An agent as Lua holds it, and the tables that hang on it. */
#include "box.h"

agent_box *check_agent(lua_State *L, int index) {
  luaL_argcheck(L, lua_isuserdata(L, index) && compat_has_type(L, index, AGENT_TYPE), index,
                "agent expected");
  return lua_touserdata(L, index);
}

/* fields: what the program put on the agent (on_error among them)   handlers: event name -> list of functions
 * served: path -> function   serving: coroutine -> request it will answer   calls: id -> call
 * waiting: id of the call, or 0 -> list of waits   loop: what agent:attach was given */
void parts_new(lua_State *L, int agent) {
  static const char *const names[] = {"fields",  "handlers", "served",
                                      "serving", "calls",    "waiting", "loop"};
  size_t i;
  agent = compat_absolute(L, agent);
  lua_newtable(L);
  for (i = 0; i < sizeof names / sizeof names[0]; i++) {
    lua_newtable(L);
    lua_setfield(L, -2, names[i]);
  }
  compat_set_parts(L, agent);
}

void push_part(lua_State *L, int agent, const char *part) {
  compat_get_parts(L, agent);
  lua_getfield(L, -1, part);
  lua_remove(L, -2);
}
