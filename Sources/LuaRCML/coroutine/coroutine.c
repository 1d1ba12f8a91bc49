/* Coroutines of the program: each handler runs in one of its own, so that waits work in it, and protected, so that its
 * error ends nothing but itself. */
#include "coroutine.h"

#include <string.h>

/* Coroutines that stand in one another on the C stack of a thread. 5.1 and LuaJIT do not count those that C resumes. */
enum { MOST_DEPTH = 100 };
static __thread int depth;

static const char resumer_key = 0; /* the registry's place for the agent whose coroutine runs now */
static const char wait_mark = 0;   /* its address is what a wait yields */

static bool is_wait_mark(lua_State *L, int index) { return lua_touserdata(L, index) == (void *)&wait_mark; }

/* What a coroutine does that the agent will resume. */
int suspend(lua_State *L) {
  lua_pushlightuserdata(L, (void *)&wait_mark);
  return lua_yield(L, 1);
}

/* Pushes the agent that resumed whatever runs now; pushes nothing when no agent did. */
bool push_resumer(lua_State *L) {
  lua_pushlightuserdata(L, (void *)&resumer_key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (lua_isuserdata(L, -1)) return true;
  lua_pop(L, 1);
  return false;
}

/* Takes a value off the top and makes it the resumer. */
static void set_resumer(lua_State *L) {
  lua_pushlightuserdata(L, (void *)&resumer_key);
  lua_insert(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

/* Takes a message off the top: to agent.on_error, or kept until deliver() raises it. */
void report(lua_State *L, int agent) {
  agent_box *box = lua_touserdata(L, agent);
  push_part(L, agent, "fields");
  lua_getfield(L, -1, "on_error");
  lua_remove(L, -2);
  if (lua_isfunction(L, -1)) {
    bool outer = box->dispatching;
    lua_insert(L, -2);
    box->dispatching = true; /* it may not drive, either */
    if (lua_pcall(L, 1, 0, 0) != 0) lua_pop(L, 1);
    box->dispatching = outer;
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

static int describe(lua_State *L) {
  if (luaL_callmeta(L, 1, "__tostring")) lua_replace(L, 1);
  if (!lua_isstring(L, 1)) lua_pushliteral(L, "(an error that is not a string)");
  else lua_pushvalue(L, 1);
  return 1;
}

/* Reports the error on top of `co`, which has ended. Its __tostring may fail in its turn. */
static void report_error_of(lua_State *L, int agent, lua_State *co) {
  int top = lua_gettop(L);
  lua_pushcfunction(L, describe);
  lua_xmove(co, L, 1); /* moved, not copied: its stack may be full */
  if (lua_pcall(L, 1, 1, 0) != 0 || !lua_isstring(L, -1)) lua_pushliteral(L, "(an error without a text)");
  report_of(L, agent, co, lua_tostring(L, -1));
  lua_settop(L, top);
}

/* A handler's error that had no agent.on_error to go to. */
void raise_kept_failure(lua_State *L, int agent) {
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

/* Answers the request or question at `request` with `count` values from `first` on. */
static void answer_results(lua_State *L, int request, int first, int count) {
  if (compat_has_type(L, request, CREDENTIALS_TYPE))
    credentials_answer_results(L, request, first, count);
  else if (compat_has_type(L, request, TARGET_TYPE))
    target_answer_results(L, request, first, count);
  else if (compat_has_type(L, request, URL_TYPE))
    url_answer_results(L, request, first, count);
  else if (compat_has_type(L, request, SPEECH_TYPE))
    speech_answer_results(L, request, first, count);
  else if (compat_has_type(L, request, VERB_TYPE))
    verb_answer_results(L, request, first, count);
  else
    request_answer_results(L, request, first, count);
}

/* What is wrong with what a function returned as its answer: nothing, and what can be said in words, always is right. */
static const char *results_problem(lua_State *L, int request, int first, int count) {
  int type = count > 0 ? lua_type(L, first) : LUA_TNIL;
  bool is_word = type == LUA_TSTRING || type == LUA_TNUMBER;
  if (type == LUA_TNIL || type == LUA_TBOOLEAN) return NULL;
  if (compat_has_type(L, request, CREDENTIALS_TYPE))
    return is_word ? NULL : "a handler of \"credentials\" returns a user name and a password, or nothing, not a %s";
  if (compat_has_type(L, request, TARGET_TYPE))
    return type == LUA_TSTRING ? NULL : "a handler of \"target\" returns true, false, a URI, or nothing, not a %s";
  if (compat_has_type(L, request, URL_TYPE)) return "a handler of \"url\" returns true, false, or nothing, not a %s";
  if (compat_has_type(L, request, SPEECH_TYPE))
    return type == LUA_TSTRING ? NULL : "a handler of \"speech\" returns a sound, or nothing, not a %s";
  if (compat_has_type(L, request, VERB_TYPE))
    return is_word || type == LUA_TTABLE ? NULL : "a handler of \"verb\" returns true, a document, or nothing, not a %s";
  if (type == LUA_TNUMBER && count > 1) type = lua_type(L, first + 1);
  if (type == LUA_TNIL || type == LUA_TSTRING || type == LUA_TNUMBER) return NULL;
  return "a handler of agent:serve returns nothing, a body, or a status and a body, not a %s";
}

/* Reports it; false = there is nothing wrong. */
static bool refuse_results(lua_State *L, int agent, int thread, int request, int first, int count) {
  const char *problem = results_problem(L, request, first, count);
  int at = first;
  if (!problem) return false;
  if (lua_type(L, at) == LUA_TNUMBER && count > 1 && compat_has_type(L, request, REQUEST_TYPE)) at++;
  lua_pushfstring(L, problem, luaL_typename(L, at));
  report_of(L, agent, lua_tothread(L, thread), lua_tostring(L, -1));
  return true;
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

/* What came of a coroutine that has ended, well or not: its answer to the request it served. */
static void finish(lua_State *L, int agent, int thread, bool failed, int results) {
  lua_State *co = lua_tothread(L, thread);
  int request;
  take_serving(L, agent, thread);
  request = lua_gettop(L);
  if (!failed) {
    if (!lua_isnil(L, request) && lua_checkstack(L, results + 4)) {
      lua_xmove(co, L, results);
      if (refuse_results(L, agent, thread, request, request + 1, results)) {
        lua_settop(L, request);
        failed = true;
      } else {
        answer_results(L, request, request + 1, results);
      }
    }
  }
  if (!failed) {
    /* answered */
  } else if (!lua_isnil(L, request)) {
    bool serves = compat_has_type(L, request, REQUEST_TYPE);
    if (serves) lua_pushinteger(L, 500);
    answer_results(L, request, request + 1, serves ? 1 : 0);
  }
  lua_settop(L, request - 1);
}

/* Resumes the coroutine at `thread` with `arguments` values that are already on its stack. `ours` = it was begun by
 * spawn(); a coroutine that is not may yield whatever it likes to whomever resumes it next. */
void resume(lua_State *L, int agent, int thread, int arguments, bool ours) {
  agent_box *box = lua_touserdata(L, agent);
  lua_State *co = lua_tothread(L, thread), *outer_running = box->running;
  bool outer = box->dispatching;
  int results = 0, status;
  if (depth >= MOST_DEPTH) luaL_error(L, "too many coroutines within coroutines");
  luaL_checkstack(L, 20, "handlers within handlers");
  if (!push_resumer(L)) lua_pushnil(L);
  lua_pushvalue(L, agent);
  set_resumer(L);
  box->dispatching = true;
  box->running = ours ? co : NULL;
  depth++;
  status = compat_resume(co, L, arguments, &results);
  depth--;
  box->dispatching = outer;
  box->running = outer_running;
  set_resumer(L);
  if (status == LUA_YIELD) {
    bool waits = results == 1 && is_wait_mark(co, -1);
    lua_pop(co, results);
    if (waits || !ours) return;
    report_of(L, agent, co,
              "a handler yields only in wait and sleep of this module; what yields to another loop belongs into a "
              "coroutine of that loop");
  } else if (status != 0) {
    report_error_of(L, agent, co);
  }
  if (ours) finish(L, agent, thread, status != 0, results);
}

/* Runs the function on the stack with its arguments above it, and leaves its coroutine in their place; a request index
 * makes its results the answer. */
void spawn(lua_State *L, int agent, int arguments, int request) {
  lua_State *co;
  int thread;
  luaL_checkstack(L, 20, "handlers within handlers");
  co = lua_newthread(L);
  if (!lua_checkstack(co, arguments + 1)) luaL_error(L, "too many arguments");
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
  resume(L, agent, thread, arguments, true);
  lua_settop(L, thread);
}
