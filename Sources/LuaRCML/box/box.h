/* Layer 3: an agent as Lua holds it, with what it needs of the machine. Runs no function of the program. */
#ifndef RCML_LUA_BOX_H
#define RCML_LUA_BOX_H

#include "../value/value.h"

#define AGENT_TYPE "rcml.agent"

/* Its parts (box.c) hang on the userdata, not in the registry: an agent whose handlers refer to it is still collected. */
typedef struct agent_box {
  rcml_agent *handle;   /* NULL = closed */
  double next_deadline; /* no wait ends before this; monotonic seconds, below 0 = none */
  bool dispatching;     /* a handler is running */
  bool drained;         /* the last event was handed out */
  lua_State *running;   /* the coroutine of ours that runs now, NULL = none */
  int watched, alarm;   /* watch.c: what a foreign loop watches; below 0 = not asked for */
} agent_box;

/* box.c */
agent_box *check_agent(lua_State *L, int index);
void push_part(lua_State *L, int agent, const char *part);
void parts_new(lua_State *L, int agent);

/* clock.c */
double monotonic_seconds(void);

/* watch.c: one descriptor for the agent and for the ends of its waits */
int watch_descriptor(agent_box *box);
void watch_deadline(agent_box *box, double deadline);
void watch_close(agent_box *box);

/* linger.c: goodbyes of agents that were closed with calls under way */
void linger(rcml_agent *handle);
bool linger_give_up(void);

#endif
