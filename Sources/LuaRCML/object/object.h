/* Layer 4: the tables that stand for calls, legs and questions. */
#ifndef RCML_LUA_OBJECT_H
#define RCML_LUA_OBJECT_H

#include "../box/box.h"

#define CALL_TYPE "rcml.call"
#define LEG_TYPE "rcml.leg"

/* object.c */
void push_call(lua_State *L, int agent, rcml_call_id id);
void push_leg(lua_State *L, int call, rcml_leg_id id);

/* question.c */
void new_question(lua_State *L, int agent, const rcml_event *event);
agent_box *asked(lua_State *L, int question, rcml_request_id *id);
bool is_allowed(lua_State *L, int at);

#endif
