/* The lists of waits: which wait an event ends, and in which order. */
#include "coroutine.h"

#include <string.h>

bool has_flag(lua_State *L, int table, const char *name) {
  bool flag;
  lua_getfield(L, table, name);
  flag = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  return flag;
}

/* Ends the wait at `record` with the value at `event`, or with nil and the value at `failure`. */
static void settle(lua_State *L, int agent, int record, int event, int failure) {
  int top = lua_gettop(L);
  luaL_checkstack(L, 20, "waits within waits");
  lua_pushvalue(L, event ? event : failure);
  lua_setfield(L, record, event ? "event" : "failure");
  lua_pushboolean(L, 1);
  lua_setfield(L, record, "done");
  lua_getfield(L, record, "resume"); /* top + 1 */
  lua_getfield(L, record, "co");     /* top + 2 */
  lua_getfield(L, record, "owner");  /* top + 3 */
  if (lua_isfunction(L, top + 1)) {
    lua_settop(L, top + 1);
    if (lua_pcall(L, 0, 0, 0) != 0) report(L, agent);
  } else if (lua_isthread(L, top + 2) && lua_status(lua_tothread(L, top + 2)) == LUA_YIELD) {
    bool ours = !lua_isnil(L, top + 3);
    resume(L, ours ? top + 3 : agent, top + 2, 0, ours);
  }
  lua_settop(L, top);
}

void add_wait(lua_State *L, int agent, int id, int record) {
  push_part(L, agent, "waiting");
  lua_pushvalue(L, id);
  lua_rawget(L, -2);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, id);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_pushvalue(L, record);
  lua_rawseti(L, -2, (int)compat_length(L, -2) + 1);
  lua_pop(L, 2);
}

/* Does the wait at `record` want the event at `event`? */
static bool wants(lua_State *L, int record, int event) {
  int top = lua_gettop(L);
  bool wanted = false;
  lua_getfield(L, record, "names"); /* top + 1 */
  lua_getfield(L, event, "kind");   /* top + 2 */
  if (!lua_istable(L, top + 1)) {
    lua_settop(L, top);
    return false;
  }
  lua_getfield(L, record, "leg"); /* top + 3 */
  if (lua_isnil(L, top + 3)) {
    lua_pushvalue(L, top + 2);
    lua_rawget(L, top + 1);
    wanted = lua_toboolean(L, -1) != 0;
  } else {
    lua_getfield(L, event, "leg");
    if (lua_rawequal(L, top + 3, -1)) {
      lua_pushvalue(L, top + 2);
      lua_rawget(L, top + 1);
      lua_getfield(L, event, "name"); /* of a status event: initiated, ringing, answered, completed */
      if (lua_isnil(L, -1) || strcmp(lua_tostring(L, top + 2), "status") != 0) lua_pushnil(L);
      else lua_rawget(L, top + 1);
      wanted = lua_toboolean(L, -1) || lua_toboolean(L, top + 5);
    }
  }
  lua_settop(L, top);
  return wanted;
}

/* Is the wait at `record` one for a leg that the event at `event` ended? */
static bool ends_leg(lua_State *L, int record, int event) {
  int top = lua_gettop(L);
  bool ended;
  lua_getfield(L, record, "leg");
  lua_getfield(L, event, "leg");
  lua_getfield(L, event, "name");
  ended = !lua_isnil(L, top + 1) && lua_rawequal(L, top + 1, top + 2) && lua_isstring(L, top + 3) &&
          strcmp(lua_tostring(L, top + 3), "completed") == 0;
  lua_settop(L, top);
  return ended;
}

void push_gone(lua_State *L, const char *message, int event) {
  push_failure(L, RCML_E_GONE, message);
  lua_pushvalue(L, event);
  lua_setfield(L, -2, "event");
}

/* Ends those waits of the list of `id` that the event ends, in the order in which they began. */
static void wake_list(lua_State *L, int agent, int id, int event, bool call_ended) {
  int list, i, count;
  push_part(L, agent, "waiting");
  lua_pushvalue(L, id);
  lua_rawget(L, -2);
  list = lua_gettop(L);
  if (lua_isnil(L, list)) {
    lua_pop(L, 2);
    return;
  }
  lua_pushvalue(L, id);
  lua_pushnil(L);
  lua_rawset(L, list - 1); /* those who wait again join a new list */
  count = (int)compat_length(L, list);
  for (i = 1; i <= count; i++) {
    int record = list + 1;
    lua_rawgeti(L, list, i);
    if (has_flag(L, record, "done")) {
      /* a handler before this one closed the agent */
    } else if (wants(L, record, event)) {
      settle(L, agent, record, event, 0);
    } else if (call_ended) {
      push_gone(L, "The call ended before that happened.", event);
      settle(L, agent, record, 0, record + 1);
    } else if (ends_leg(L, record, event)) {
      push_gone(L, "The leg ended before that happened.", event);
      settle(L, agent, record, 0, record + 1);
    } else {
      add_wait(L, agent, id, record);
    }
    lua_settop(L, list);
  }
  lua_settop(L, list - 2);
}

/* Ends the waits that the event at `event` ends: those of the call at `call` (0 = none), then those of the agent. */
void wake(lua_State *L, int agent, int call, int event) {
  int top = lua_gettop(L);
  if (call) {
    bool ended;
    lua_getfield(L, event, "kind");
    ended = strcmp(lua_tostring(L, -1), "ended") == 0;
    lua_getfield(L, call, "id");
    wake_list(L, agent, top + 2, event, ended);
    lua_settop(L, top);
  }
  lua_pushinteger(L, 0);
  wake_list(L, agent, top + 1, event, false);
  lua_settop(L, top);
}

/* Moves those waits whose end has come (all = every one) from the lists into the table at `out`. */
static int collect(lua_State *L, int agent, int out, bool all, double *next) {
  double now = monotonic_seconds();
  int top = lua_gettop(L), i, count, found = 0;
  *next = -1;
  push_part(L, agent, "waiting");
  lua_pushnil(L);
  while (lua_next(L, top + 1)) { /* top + 2: id, top + 3: list */
    int kept = 0;
    count = (int)compat_length(L, top + 3);
    for (i = 1; i <= count; i++) {
      double deadline;
      lua_rawgeti(L, top + 3, i);
      lua_getfield(L, -1, "deadline");
      deadline = lua_isnil(L, -1) ? -1 : lua_tonumber(L, -1);
      lua_pop(L, 1);
      if (all || (deadline >= 0 && deadline <= now)) {
        lua_rawseti(L, out, ++found);
      } else {
        lua_rawseti(L, top + 3, ++kept);
        if (deadline >= 0 && (*next < 0 || deadline < *next)) *next = deadline;
      }
    }
    for (i = kept + 1; i <= count; i++) {
      lua_pushnil(L);
      lua_rawseti(L, top + 3, i);
    }
    lua_pop(L, 1);
  }
  lua_settop(L, top);
  return found;
}

static int settle_collected(lua_State *L) {
  agent_box *box = lua_touserdata(L, 1);
  bool all = lua_toboolean(L, 2);
  int i, found;
  lua_settop(L, 2);
  luaL_checkstack(L, 40, NULL);
  lua_newtable(L); /* 3 */
  found = collect(L, 1, 3, all, &box->next_deadline);
  if (all) {
    push_failure(L, RCML_E_CLOSED, "The agent has stopped.");
  } else {
    push_failure(L, 0, "That did not happen in time.");
    lua_pushliteral(L, "timeout");
    lua_setfield(L, 4, "name");
  }
  for (i = 1; i <= found; i++) {
    lua_rawgeti(L, 3, i);
    if (!has_flag(L, 5, "done")) settle(L, 1, 5, 0, 4);
    lua_settop(L, 4);
  }
  return 0;
}

static void settle_some(lua_State *L, int agent, bool all) {
  lua_pushcfunction(L, settle_collected);
  lua_pushvalue(L, agent);
  lua_pushboolean(L, all);
  if (lua_pcall(L, 2, 0, 0) != 0) report(L, agent);
}

/* Ends the waits whose time is over. */
void expire_waits(lua_State *L, int agent) {
  agent_box *box = lua_touserdata(L, agent);
  if (box->next_deadline >= 0 && monotonic_seconds() >= box->next_deadline) settle_some(L, agent, false);
  watch_deadline(box, box->next_deadline);
  raise_kept_failure(L, agent);
}

/* Ends all waits: the agent is closed, or has drained. Errors are kept. */
void end_waits(lua_State *L, int agent) { settle_some(L, agent, true); }
