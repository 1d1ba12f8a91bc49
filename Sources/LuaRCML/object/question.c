/* What requests and questions have in common: a table that knows its number and its agent. */
#include "object.h"

/* Pushes a table with id, agent and deadline. */
void new_question(lua_State *L, int agent, const rcml_event *event) {
  lua_newtable(L);
  push_id(L, event->request);
  lua_setfield(L, -2, "id");
  lua_pushvalue(L, agent);
  lua_setfield(L, -2, "agent");
  lua_pushnumber(L, (lua_Number)event->deadline_ms / 1000);
  lua_setfield(L, -2, "deadline");
}

/* The agent that asked, and the number it asked under. */
agent_box *asked(lua_State *L, int question, rcml_request_id *id) {
  agent_box *box;
  lua_getfield(L, question, "id");
  *id = to_id(L, -1);
  lua_getfield(L, question, "agent");
  box = check_agent(L, lua_gettop(L));
  lua_pop(L, 2);
  return box;
}

/* Nothing said, or true. */
bool is_allowed(lua_State *L, int at) { return lua_isnoneornil(L, at) || lua_toboolean(L, at); }
