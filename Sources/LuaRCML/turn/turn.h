/* Layer 7: the agent works, and what happened is told. */
#ifndef RCML_LUA_TURN_H
#define RCML_LUA_TURN_H

#include "../coroutine/coroutine.h"

int agent_turn(lua_State *L, int agent, double until);
void deliver(lua_State *L, int agent, const rcml_event *event);
void tell_loop(lua_State *L, int agent);

#endif
