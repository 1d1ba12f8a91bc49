/* Layer 6: functions of the program, run protected in coroutines, and the lists of those that wait for an event. */
#ifndef RCML_LUA_COROUTINE_H
#define RCML_LUA_COROUTINE_H

#include "../event/event.h"

/* coroutine.c */
void spawn(lua_State *L, int agent, int arguments, int request);
void resume(lua_State *L, int agent, int thread, int arguments, bool ours);
int suspend(lua_State *L);
bool push_resumer(lua_State *L);
void report(lua_State *L, int agent);
void raise_kept_failure(lua_State *L, int agent);

/* waits.c */
void add_wait(lua_State *L, int agent, int id, int record);
void wake(lua_State *L, int agent, int call, int event);
void expire_waits(lua_State *L, int agent);
void end_waits(lua_State *L, int agent);
void push_gone(lua_State *L, const char *message, int event);
bool has_flag(lua_State *L, int table, const char *name);

#endif
