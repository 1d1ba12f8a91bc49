/* Handlers and waits. Every handler runs in a coroutine of its own, so that call:wait works in it, and protected, so that
 * its error ends nothing but itself. Events are pulled: no frame of the library is below anything here. */
#include "lua_rcml.h"

#include <string.h>
#include <time.h>

static int wait_mark; /* its address is what call:wait yields */

double monotonic_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Takes a message off the top: to agent.on_error, or kept until deliver() raises it. */
static void report(lua_State *L, int agent) {
  push_part(L, agent, "fields");
  lua_getfield(L, -1, "on_error");
  lua_remove(L, -2);
  if (lua_isfunction(L, -1)) {
    lua_insert(L, -2);
    if (lua_pcall(L, 1, 0, 0) != 0) lua_pop(L, 1);
    return;
  }
  lua_pop(L, 1);
  compat_get_parts(L, agent);
  lua_insert(L, -2);
  lua_setfield(L, -2, "failure");
  lua_pop(L, 1);
}

static void report_of(lua_State *L, int agent, lua_State *co, const char *message) {
  char kept[512]; /* the traceback may collect what `message` points into */
  strncpy(kept, message, sizeof kept - 1);
  kept[sizeof kept - 1] = 0;
  compat_traceback(L, co, kept);
  report(L, agent);
}

static const char *error_text(lua_State *co) {
  if (luaL_callmeta(co, -1, "__tostring")) lua_remove(co, -2);
  return lua_isstring(co, -1) ? lua_tostring(co, -1) : "(an error that is not a string)";
}

/* Answers the request or question at `request` with `count` values from `first` on. */
static void answer_results(lua_State *L, int agent, int request, int first, int count) {
  if (compat_has_type(L, request, CREDENTIALS_TYPE))
    credentials_answer_results(L, request, first, count);
  else if (compat_has_type(L, request, TARGET_TYPE))
    target_answer_results(L, request, first, count);
  else if (compat_has_type(L, request, URL_TYPE))
    url_answer_results(L, request, first, count);
  else
    request_answer_results(L, agent, request, first, count);
}

/* Pushes the request that the coroutine at `thread` answers when it returns, or nil; forgets it. */
static void take_serving(lua_State *L, int agent, int thread) {
  push_part(L, agent, "serving");
  lua_pushvalue(L, thread);
  lua_rawget(L, -2);
  lua_pushvalue(L, thread);
  lua_pushnil(L);
  lua_rawset(L, -4);
  lua_remove(L, -2);
}

/* Resumes the coroutine at `thread` with `arguments` values that are already on its stack. */
static void resume(lua_State *L, int agent, int thread, int arguments) {
  agent_box *box = lua_touserdata(L, agent);
  lua_State *co = lua_tothread(L, thread);
  bool outer = box->dispatching;
  int results = 0, status, request;
  box->dispatching = true;
  status = compat_resume(co, L, arguments, &results);
  box->dispatching = outer;
  if (status == LUA_YIELD) {
    bool waits = results == 1 && lua_touserdata(co, -1) == (void *)&wait_mark;
    lua_pop(co, results);
    if (waits) return;
    report_of(L, agent, co, "a handler may yield only in call:wait");
  }
  take_serving(L, agent, thread);
  request = lua_gettop(L);
  if (status == 0) {
    if (!lua_isnil(L, request) && lua_checkstack(L, results + 4)) {
      lua_xmove(co, L, results);
      answer_results(L, agent, request, request + 1, results);
    }
  } else {
    if (status != LUA_YIELD) report_of(L, agent, co, error_text(co));
    if (!lua_isnil(L, request)) {
      bool failed = compat_has_type(L, request, REQUEST_TYPE);
      if (failed) lua_pushinteger(L, 500);
      answer_results(L, agent, request, request + 1, failed ? 1 : 0);
    }
  }
  lua_settop(L, request - 1);
}

/* Runs the function on the stack with its arguments above it; a request index makes its results the answer. */
void spawn(lua_State *L, int agent, int arguments, int request) {
  lua_State *co = lua_newthread(L);
  int thread;
  lua_insert(L, -(arguments + 2));
  lua_xmove(L, co, arguments + 1);
  thread = lua_gettop(L);
  if (request) {
    push_part(L, agent, "serving");
    lua_pushvalue(L, thread);
    lua_pushvalue(L, request);
    lua_rawset(L, -3);
    lua_pop(L, 1);
  }
  resume(L, agent, thread, arguments);
  lua_settop(L, thread - 1);
}

/* Ends the wait at `record` with the value at `event`, or with nil and the value at `failure`. */
static void settle(lua_State *L, int agent, int record, int event, int failure) {
  lua_pushboolean(L, 1);
  lua_setfield(L, record, "done");
  lua_pushvalue(L, event ? event : failure);
  lua_setfield(L, record, event ? "event" : "failure");
  lua_getfield(L, record, "co");
  if (lua_isthread(L, -1)) {
    lua_State *co = lua_tothread(L, -1);
    int thread = lua_gettop(L), count = 0;
    if (lua_status(co) == LUA_YIELD && lua_checkstack(co, 2)) {
      if (event) {
        lua_pushvalue(L, event);
        count = 1;
      } else {
        lua_pushnil(L);
        lua_pushvalue(L, failure);
        count = 2;
      }
      lua_xmove(L, co, count);
      resume(L, agent, thread, count);
    }
  }
  lua_pop(L, 1);
}

static void add_wait(lua_State *L, int agent, int id, int record) {
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

/* Ends the waits of the call at `call` that wait for `name`; all of them when the call has ended. */
static void wake(lua_State *L, int agent, int call, int event, const char *name) {
  bool ended = strcmp(name, "ended") == 0;
  int list, id, record, failure, i, count;
  push_part(L, agent, "waiting");
  lua_getfield(L, call, "id");
  id = lua_gettop(L);
  lua_pushvalue(L, id);
  lua_rawget(L, -3);
  list = lua_gettop(L);
  if (lua_isnil(L, list)) {
    lua_pop(L, 3);
    return;
  }
  lua_pushvalue(L, id);
  lua_pushnil(L);
  lua_rawset(L, -5);
  push_failure(L, RCML_E_GONE, "The call ended before that happened.");
  lua_pushvalue(L, event);
  lua_setfield(L, -2, "event");
  failure = lua_gettop(L);
  count = (int)compat_length(L, list);
  for (i = 1; i <= count; i++) {
    bool wanted;
    lua_rawgeti(L, list, i);
    record = lua_gettop(L);
    lua_getfield(L, record, "name");
    wanted = strcmp(lua_tostring(L, -1), name) == 0;
    lua_pop(L, 1);
    if (wanted) settle(L, agent, record, event, 0);
    else if (ended) settle(L, agent, record, 0, failure);
    else add_wait(L, agent, id, record);
    lua_settop(L, record - 1);
  }
  lua_settop(L, list - 3);
}

static int dispatch(lua_State *L) {
  const rcml_event *event = lua_touserdata(L, 2);
  const char *name = rcml_event_name(event->kind);
  int kind = event->kind, count, i;
  bool is_question = kind == RCML_EVENT_CREDENTIALS || kind == RCML_EVENT_TARGET || kind == RCML_EVENT_URL;
  /* The last event of a call, or one about a call that has ended: a callback's end may come later. */
  bool is_over = kind == RCML_EVENT_ENDED || (event->call && !*event->call_sid);
  lua_settop(L, 2);
  push_event(L, 1, event); /* 3 subject, 4 event, 5 call; from here on `event` is not read any more */
  push_part(L, 1, "handlers");
  lua_getfield(L, 6, name);
  count = lua_istable(L, 7) ? (int)compat_length(L, 7) : 0;
  if (kind == RCML_EVENT_REQUEST && count == 0) serve_request(L, 1, 3);
  for (i = 1; i <= count; i++) {
    lua_rawgeti(L, 7, i);
    if (lua_isfunction(L, -1)) {
      lua_pushvalue(L, 3);
      lua_pushvalue(L, 4);
      spawn(L, 1, 2, is_question ? 3 : 0);
    } else {
      lua_pop(L, 1);
    }
  }
  if (kind == RCML_EVENT_REQUEST || lua_isnil(L, 5)) return 0;
  wake(L, 1, 5, 4, name);
  if (is_over) {
    push_part(L, 1, "calls");
    lua_getfield(L, 5, "id");
    lua_pushnil(L);
    lua_rawset(L, -3);
  }
  return 0;
}

static void raise_kept_failure(lua_State *L, int agent) {
  compat_get_parts(L, agent);
  lua_getfield(L, -1, "failure");
  if (lua_isnil(L, -1)) {
    lua_pop(L, 2);
    return;
  }
  lua_pushnil(L);
  lua_setfield(L, -3, "failure");
  lua_error(L);
}

/* Tells handlers and waits. A handler's error that has no agent.on_error to go to is raised here, behind it all. */
void deliver(lua_State *L, int agent, const rcml_event *event) {
  lua_pushcfunction(L, dispatch);
  lua_pushvalue(L, agent);
  lua_pushlightuserdata(L, (void *)event);
  if (lua_pcall(L, 2, 0, 0) != 0) report(L, agent);
  raise_kept_failure(L, agent);
}

static int expire(lua_State *L) {
  agent_box *box = lua_touserdata(L, 1);
  double now = monotonic_seconds();
  int failure, i, count, expired = 0;
  box->next_deadline = -1;
  lua_newtable(L); /* 2: those whose time is over */
  push_part(L, 1, "waiting");
  lua_pushnil(L);
  while (lua_next(L, 3)) { /* 4 id, 5 list */
    int kept = 0;
    count = (int)compat_length(L, 5);
    for (i = 1; i <= count; i++) {
      double deadline;
      lua_rawgeti(L, 5, i);
      lua_getfield(L, -1, "deadline");
      deadline = lua_isnil(L, -1) ? -1 : lua_tonumber(L, -1);
      lua_pop(L, 1);
      if (deadline >= 0 && deadline <= now) {
        lua_rawseti(L, 2, ++expired);
      } else {
        lua_rawseti(L, 5, ++kept);
        if (deadline >= 0 && (box->next_deadline < 0 || deadline < box->next_deadline))
          box->next_deadline = deadline;
      }
    }
    for (i = kept + 1; i <= count; i++) {
      lua_pushnil(L);
      lua_rawseti(L, 5, i);
    }
    lua_pop(L, 1);
  }
  push_failure(L, 0, "That did not happen in time.");
  failure = lua_gettop(L);
  lua_pushliteral(L, "timeout");
  lua_setfield(L, failure, "name");
  for (i = 1; i <= expired; i++) {
    lua_rawgeti(L, 2, i);
    settle(L, 1, failure + 1, 0, failure);
    lua_settop(L, failure);
  }
  return 0;
}

/* Ends the waits whose time is over. */
void expire_waits(lua_State *L, int agent) {
  agent_box *box = lua_touserdata(L, agent);
  if (box->next_deadline < 0 || monotonic_seconds() < box->next_deadline) return;
  lua_pushcfunction(L, expire);
  lua_pushvalue(L, agent);
  if (lua_pcall(L, 1, 0, 0) != 0) report(L, agent);
  raise_kept_failure(L, agent);
}

/* call:wait(event [, seconds]) -> event | nil, err. In a coroutine it yields; outside it drives the agent meanwhile. What
 * has happened already is not waited for. */
int call_wait(lua_State *L) {
  static const char *const names[] = {"ringing", "answered", "status", "dial",
                                      "digit",   "finding",  "ended",  NULL};
  const char *name = names[luaL_checkoption(L, 2, NULL, names)];
  double seconds = luaL_optnumber(L, 3, -1), deadline;
  agent_box *box;
  luaL_argcheck(L, compat_has_type(L, 1, CALL_TYPE), 1, "call expected");
  lua_settop(L, 3);
  lua_getfield(L, 1, "agent"); /* 4 */
  box = check_open_agent(L, 4);
  lua_getfield(L, 1, "events"); /* 5 */
  if (strcmp(name, "ringing") == 0 || strcmp(name, "answered") == 0 || strcmp(name, "ended") == 0) {
    lua_getfield(L, 5, name);
    if (!lua_isnil(L, -1)) return 1;
    lua_pop(L, 1);
  }
  lua_getfield(L, 5, "ended");
  if (!lua_isnil(L, -1)) {
    rcml_error error = RCML_ERROR_INIT;
    return fail(L, RCML_E_GONE, &error);
  }
  lua_settop(L, 5);
  deadline = seconds >= 0 ? monotonic_seconds() + seconds : -1;
  lua_newtable(L); /* 6: the wait */
  lua_pushstring(L, name);
  lua_setfield(L, 6, "name");
  if (deadline >= 0) {
    lua_pushnumber(L, deadline);
    lua_setfield(L, 6, "deadline");
    if (box->next_deadline < 0 || deadline < box->next_deadline) box->next_deadline = deadline;
  }
  lua_getfield(L, 1, "id"); /* 7 */
  add_wait(L, 4, 7, 6);
  if (!lua_pushthread(L)) {
    lua_setfield(L, 6, "co");
    lua_pushlightuserdata(L, &wait_mark);
    return lua_yield(L, 1);
  }
  lua_settop(L, 7);
  for (;;) {
    int turned;
    lua_getfield(L, 6, "done");
    if (lua_toboolean(L, -1)) break;
    lua_settop(L, 7);
    turned = agent_turn(L, 4, deadline);
    if (turned < 0) {
      rcml_error error = RCML_ERROR_INIT;
      return fail(L, turned, &error);
    }
  }
  lua_getfield(L, 6, "event");
  lua_getfield(L, 6, "failure");
  return 2; /* event, nil or nil, err */
}
