/* Layer 8: what the program calls: the module's functions, and the methods of agents, calls and legs. */
#ifndef RCML_LUA_MODULE_H
#define RCML_LUA_MODULE_H

#include "../turn/turn.h"

/* agent.c */
int module_agent(lua_State *L);
void agent_open(lua_State *L);

/* call.c, host.c, wait.c: methods; the last two add theirs to types that are open */
void call_open(lua_State *L);
int agent_host_call(lua_State *L);
void host_open(lua_State *L);
void wait_open(lua_State *L);

/* settings.c */
int agent_set(lua_State *L);
int agent_get(lua_State *L);
int module_settings(lua_State *L);
int module_parameter(lua_State *L);
const char *setting_text(lua_State *L, int index, int argument, const char *name);
void push_option_suggestion(lua_State *L, const char *name, const char *const *own);

/* worker.c */
bool is_worker(lua_State *L, int options);
int refuse_worker(lua_State *L);

/* counters.c */
int agent_counters(lua_State *L);
int agent_metrics(lua_State *L);
int module_metrics(lua_State *L);

/* journal.c, simulate.c */
int module_check(lua_State *L);
void read_check_options(lua_State *L, rcml_check_options *options);
int module_replay(lua_State *L);
int module_ladder(lua_State *L);
int module_messages(lua_State *L);
int module_simulate(lua_State *L);

/* targets.c */
int module_targets(lua_State *L);
int agent_ladder(lua_State *L);

#endif
