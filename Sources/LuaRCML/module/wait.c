/* Waits: call:wait, leg:wait, agent:wait and agent:sleep, the other style on the same objects.
 *
 * Who resumes a coroutine that waits is decided when it begins to wait:
 *   one that this module began (a handler, agent:spawn)    the agent, when it tells the event
 *   the main one                                           nobody: it drives the agent until the event is there
 *   one of a loop that agent:attach told of                the loop, as its function `wait` says
 *   any other                                              the agent, as with the first */
#include "module.h"

#include <string.h>

/* Lua cannot yield across C in 5.1 and LuaJIT, and the function of a loop may yield: so this much is Lua. */
static const char wait_chunk[] =
    "local begin, result = ...\n"
    "local function hold(record, suspend)\n"
    "  while not record.done do suspend(record) end\n"
    "  return result(record)\n"
    "end\n"
    "return function(self, events, seconds) return hold(begin('wait', self, events, seconds)) end,\n"
    "  function(self, seconds) return hold(begin('sleep', self, nil, seconds)) end\n";

/* What the main coroutine does instead: one turn of the agent. */
static int drive(lua_State *L) {
  int turned;
  lua_settop(L, 1);
  lua_getfield(L, 1, "agent"); /* 2 */
  lua_getfield(L, 1, "deadline");
  turned = agent_turn(L, 2, lua_isnil(L, 3) ? -1 : lua_tonumber(L, 3));
  if (turned < 0 && !has_flag(L, 1, "done")) {
    push_failure(L, turned, NULL);
    lua_setfield(L, 1, "failure");
    lua_pushboolean(L, 1);
    lua_setfield(L, 1, "done");
  }
  return 0;
}

/* result(record) -> event | nil, err; true when a sleep is over */
static int wait_result(lua_State *L) {
  lua_settop(L, 1);
  lua_getfield(L, 1, "event");
  if (!lua_isnil(L, 2)) return 1;
  lua_getfield(L, 1, "failure"); /* 3 */
  if (has_flag(L, 1, "sleeps")) {
    lua_getfield(L, 3, "code");
    if (lua_tointeger(L, 4) == 0) {
      lua_pushboolean(L, 1);
      return 1;
    }
  }
  lua_settop(L, 3);
  return 2;
}

typedef enum { OF_CALL, OF_LEG, OF_AGENT } waiter;

/* Events that can be waited for, and from how many on one that has happened already counts. */
static const char *const call_events[] = {"ringing", "answered", "ended", "status",   "dial",
                                          "digit",   "finding",  "recording", "callback", NULL};
static const char *const leg_events[] = {"initiated", "ringing", "answered", "completed", "status", "digit", NULL};
static const char *const agent_events[] = {"incoming", "ringing",  "answered",  "status",  "dial",
                                           "finding",  "digit",    "ended",     "message", "refused",
                                           "drained",  "callback", "recording", NULL};

static const char *const *events_of(waiter kind) {
  return kind == OF_CALL ? call_events : kind == OF_LEG ? leg_events : agent_events;
}

static void misuse_name(lua_State *L, waiter kind, const char *function, const char *name) {
  push_suggestion(L, name, events_of(kind));
  misuse(L, 2, function, lua_pushfstring(L, "no such event here: %s%s", name, lua_tostring(L, -1)));
}

/* Puts one name into the set at `names`; false = there is no such event here. An event that stays, as it has happened
 * already, goes into the record. */
static bool add_name(lua_State *L, waiter kind, int self, int record, int names, const char *name) {
  const char *const *list = events_of(kind);
  int i, staying = kind == OF_CALL ? 3 : kind == OF_LEG ? 4 : 0;
  for (i = 0; list[i] && strcmp(list[i], name) != 0; i++) {}
  if (!list[i]) return false;
  lua_pushboolean(L, 1);
  lua_setfield(L, names, name);
  if (i >= staying || has_flag(L, record, "done")) return true;
  lua_getfield(L, self, "events");
  lua_getfield(L, -1, name);
  if (!lua_isnil(L, -1)) {
    lua_setfield(L, record, "event");
    lua_pushboolean(L, 1);
    lua_setfield(L, record, "done");
    lua_pop(L, 1);
  } else {
    lua_pop(L, 2);
  }
  return true;
}

/* Reads one name or a list of them at `from`. */
static void read_names(lua_State *L, waiter kind, int self, int record, int from, const char *function) {
  int names, i, count;
  lua_newtable(L);
  names = lua_gettop(L);
  if (lua_type(L, from) == LUA_TSTRING) {
    if (!add_name(L, kind, self, record, names, lua_tostring(L, from)))
      misuse_name(L, kind, function, lua_tostring(L, from));
  } else if (lua_istable(L, from) && compat_length(L, from) > 0) {
    count = (int)compat_length(L, from);
    for (i = 1; i <= count; i++) {
      lua_rawgeti(L, from, i);
      if (lua_type(L, -1) != LUA_TSTRING) misuse(L, 2, function, "the names of events expected");
      if (!add_name(L, kind, self, record, names, lua_tostring(L, -1)))
        misuse_name(L, kind, function, lua_tostring(L, -1));
      lua_pop(L, 1);
    }
  } else {
    misuse(L, 2, function, "the name of an event, or a list of names, expected");
  }
  lua_setfield(L, record, "names");
}

/* Ends the wait at `record` at once when nothing can come any more. */
static void refuse_late(lua_State *L, waiter kind, int self, int record, agent_box *box) {
  if (has_flag(L, record, "done")) return;
  if (!box->handle || box->drained) {
    push_failure(L, box->handle ? RCML_E_CLOSED : RCML_E_HANDLE, NULL);
  } else if (kind != OF_AGENT) {
    lua_getfield(L, self, "events");
    lua_getfield(L, -1, kind == OF_LEG ? "completed" : "ended");
    if (lua_isnil(L, -1)) {
      lua_pop(L, 2);
      return;
    }
    push_gone(L, NULL, lua_gettop(L));
    lua_insert(L, -3);
    lua_pop(L, 2);
  } else {
    return;
  }
  lua_setfield(L, record, "failure");
  lua_pushboolean(L, 1);
  lua_setfield(L, record, "done");
}

/* Pushes the function that holds the running coroutine until its wait is over, and says in the record who ends that. */
static void push_suspend(lua_State *L, int agent, int record, const char *function) {
  agent_box *box = lua_touserdata(L, agent);
  int top = lua_gettop(L);
  if (lua_pushthread(L)) {
    if (box->dispatching) misuse(L, 2, function, "a handler is running: it may not drive the agent");
    lua_pushcfunction(L, drive);
    lua_replace(L, top + 1);
    return;
  }
  if (push_resumer(L) && ((agent_box *)lua_touserdata(L, top + 2))->running == L) {
    lua_setfield(L, record, "owner");
  } else {
    lua_settop(L, top + 1);
    push_part(L, agent, "loop");
    lua_getfield(L, -1, "wait");
    if (lua_isfunction(L, -1)) {
      lua_call(L, 0, 2); /* suspend, resume; nil = not a coroutine of that loop */
      if (lua_isfunction(L, -2) && lua_isfunction(L, -1)) {
        lua_setfield(L, record, "resume");
        lua_replace(L, top + 1);
        lua_settop(L, top + 1);
        return;
      }
    }
    lua_settop(L, top + 1);
  }
  lua_setfield(L, record, "co");
  lua_pushcfunction(L, suspend);
}

/* begin(function, self, names, seconds) -> record, suspend */
static int wait_begin(lua_State *L) {
  const char *function = lua_tostring(L, 1);
  bool sleeps = strcmp(function, "sleep") == 0;
  double seconds = -1;
  agent_box *box;
  waiter kind;
  lua_settop(L, 4);
  luaL_checkstack(L, 40, NULL);
  lua_pushvalue(L, 2);
  if (!sleeps && lua_type(L, 2) == LUA_TTABLE && compat_has_type(L, 2, LEG_TYPE)) {
    kind = OF_LEG;
    lua_getfield(L, 5, "call");
    lua_replace(L, 5);
  } else if (!sleeps && lua_type(L, 2) == LUA_TTABLE && compat_has_type(L, 2, CALL_TYPE)) {
    kind = OF_CALL;
  } else {
    kind = OF_AGENT;
  }
  if (kind != OF_AGENT) {
    lua_getfield(L, 5, "id");
    lua_getfield(L, 5, "agent"); /* 7 */
  } else {
    lua_pushinteger(L, 0);
    lua_pushvalue(L, 5);
  } /* 5 call, 6 id, 7 agent */
  if (!lua_isuserdata(L, 7) || !compat_has_type(L, 7, AGENT_TYPE))
    return misuse(L, 2, function, "agent, call or leg expected: call it with a colon");
  if (!lua_isnil(L, 4) || sleeps) {
    if (lua_type(L, 4) != LUA_TNUMBER) return misuse(L, 2, function, "seconds expected");
    seconds = lua_tonumber(L, 4);
    if (!(seconds >= 0)) return misuse(L, 2, function, "seconds must not be negative");
    if (seconds > 1e9) seconds = -1; /* longer than any process: for ever */
  }
  box = lua_touserdata(L, 7);
  lua_newtable(L); /* 8: the wait */
  lua_pushboolean(L, sleeps);
  lua_setfield(L, 8, "sleeps");
  if (!sleeps) read_names(L, kind, 2, 8, 3, function);
  refuse_late(L, kind, 2, 8, box);
  if (has_flag(L, 8, "done")) return 1;
  push_suspend(L, 7, 8, function); /* 9 */
  lua_pushvalue(L, 7);
  lua_setfield(L, 8, "agent");
  if (kind == OF_LEG) {
    lua_pushvalue(L, 2);
    lua_setfield(L, 8, "leg");
  }
  add_wait(L, 7, 6, 8);
  if (seconds >= 0) {
    double deadline = monotonic_seconds() + seconds;
    lua_pushnumber(L, deadline);
    lua_setfield(L, 8, "deadline");
    if (box->next_deadline < 0 || deadline < box->next_deadline) box->next_deadline = deadline;
    watch_deadline(box, box->next_deadline);
  }
  lua_pushvalue(L, 8);
  lua_pushvalue(L, 9);
  return 2;
}

static void add_method(lua_State *L, const char *type, const char *name, int function) {
  luaL_getmetatable(L, type);
  lua_getfield(L, -1, "methods");
  lua_pushvalue(L, function);
  lua_setfield(L, -2, name);
  lua_pop(L, 2);
}

/* After call_open and agent_open. */
void wait_open(lua_State *L) {
  int top = lua_gettop(L);
  if (luaL_loadbuffer(L, wait_chunk, sizeof wait_chunk - 1, "=rcml") != 0) lua_error(L);
  lua_pushcfunction(L, wait_begin);
  lua_pushcfunction(L, wait_result);
  lua_call(L, 2, 2);
  add_method(L, CALL_TYPE, "wait", top + 1);
  add_method(L, LEG_TYPE, "wait", top + 1);
  add_method(L, AGENT_TYPE, "wait", top + 1);
  add_method(L, AGENT_TYPE, "sleep", top + 2);
  lua_settop(L, top);
}
