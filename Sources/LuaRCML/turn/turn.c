/* A turn of an agent: it works, and what happened is told to handlers and waits. Events are pulled: no frame of the
 * library is below anything here. */
#include "turn.h"

#include <math.h>

/* Tells the loop that agent:attach was given, once, that there is nothing to watch any more. */
void tell_loop(lua_State *L, int agent) {
  push_part(L, agent, "loop");
  lua_getfield(L, -1, "close");
  lua_pushnil(L);
  lua_setfield(L, -3, "close");
  if (lua_isfunction(L, -1)) {
    if (lua_pcall(L, 0, 0, 0) != 0) report(L, agent);
  } else {
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* Runs the function that agent:serve gave this path; without one the answer is 404. */
static void serve_request(lua_State *L, int agent, int request) {
  push_part(L, agent, "served");
  lua_getfield(L, request, "path");
  lua_rawget(L, -2);
  lua_remove(L, -2);
  if (lua_isfunction(L, -1)) {
    lua_pushvalue(L, request);
    spawn(L, agent, 1, request);
    lua_pop(L, 1);
    return;
  }
  lua_pop(L, 1);
  lua_pushinteger(L, 404);
  request_answer_results(L, request, lua_gettop(L), 1);
}

static int dispatch(lua_State *L) {
  agent_box *box = lua_touserdata(L, 1);
  const rcml_event *event = lua_touserdata(L, 2);
  const char *name = rcml_event_name(event->kind);
  int kind = event->kind, count, i;
  bool is_question = kind == RCML_EVENT_CREDENTIALS || kind == RCML_EVENT_TARGET || kind == RCML_EVENT_URL ||
                     kind == RCML_EVENT_SPEECH || kind == RCML_EVENT_VERB;
  /* The last event of a call, or one about a call that has ended: a callback's end may come later. */
  bool is_over = kind == RCML_EVENT_ENDED || (event->call && !*event->call_sid);
  lua_settop(L, 2);
  luaL_checkstack(L, 40, NULL);
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
      lua_pop(L, 1);
    } else {
      lua_pop(L, 1);
    }
  }
  if (kind == RCML_EVENT_REQUEST || is_question) return 0;
  wake(L, 1, lua_isnil(L, 5) ? 0 : 5, 4);
  if (kind == RCML_EVENT_DRAINED) {
    box->drained = true;
    end_waits(L, 1);
    tell_loop(L, 1);
  }
  if (lua_isnil(L, 5)) return 0;
  if (is_over) {
    push_part(L, 1, "calls");
    lua_getfield(L, 5, "id");
    lua_pushnil(L);
    lua_rawset(L, -3);
  }
  return 0;
}

/* Tells handlers and waits; errors that were kept are raised behind it all. */
void deliver(lua_State *L, int agent, const rcml_event *event) {
  lua_pushcfunction(L, dispatch);
  lua_pushvalue(L, agent);
  lua_pushlightuserdata(L, (void *)event);
  if (lua_pcall(L, 2, 0, 0) != 0) report(L, agent);
  raise_kept_failure(L, agent);
}

/* Sleeps and works until something happened, `until` at the latest (below 0 = for ever). What rcml_agent_wait returns. */
int agent_turn(lua_State *L, int agent, double until) {
  rcml_event event = RCML_EVENT_INIT;
  agent_box *box = lua_touserdata(L, agent);
  int64_t milliseconds = -1;
  int32_t code;
  if (!box->handle) return RCML_E_CLOSED;
  if (box->next_deadline >= 0 && (until < 0 || box->next_deadline < until)) until = box->next_deadline;
  if (until >= 0) {
    double left = ceil((until - monotonic_seconds()) * 1000);
    milliseconds = left <= 0 ? 0 : left > 1e12 ? (int64_t)1e12 : (int64_t)left;
  }
  code = rcml_agent_wait(box->handle, milliseconds, &event);
  if (code > 0) deliver(L, agent, &event);
  expire_waits(L, agent);
  /* A piece of Lua, so that the interpreter notices a Ctrl-C that came while we slept. */
  compat_get_parts(L, agent);
  lua_getfield(L, -1, "nothing");
  lua_call(L, 0, 0);
  lua_pop(L, 1);
  return code;
}
