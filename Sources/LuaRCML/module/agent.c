/* The agent: made from one table of options, driven by run, by a wait, or by somebody's loop. */
#include "module.h"

#include <math.h>
#include <string.h>

enum { MOST_KINDS = 255 };

static void push_uri(lua_State *L, rcml_agent *agent, size_t index) {
  char uri[256];
  int32_t length = rcml_agent_listener(agent, index, uri, sizeof uri);
  if (length > 0) lua_pushstring(L, uri);
  else lua_pushnil(L);
}

/* A port that an agent still holds whose last calls are being ended in the background is ours. */
static int32_t listen_at(rcml_agent *agent, const char *address, rcml_error *error) {
  int32_t index = rcml_agent_listen(agent, address, error);
  if (index == RCML_E_BIND && linger_give_up()) index = rcml_agent_listen(agent, address, error);
  return index;
}

/* agent:listen(address) -> the URI as bound */
static int agent_listen(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  int32_t index = listen_at(box->handle, luaL_checkstring(L, 2), &error);
  if (index < 0) return fail(L, index, &error);
  push_uri(L, box->handle, (size_t)index);
  return 1;
}

/* agent:listeners() -> list of URIs */
static int agent_listeners(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  size_t i;
  int count = 0;
  lua_newtable(L);
  for (i = 0; rcml_agent_listener(box->handle, i, NULL, 0) != 0; i++) {
    push_uri(L, box->handle, i);
    if (lua_isnil(L, -1)) lua_pop(L, 1); /* it takes no more calls */
    else lua_rawseti(L, -2, ++count);
  }
  return 1;
}

/* agent:unlisten(uri) -> whether its port is free now | nil, err */
static int agent_unlisten(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  const char *wanted = luaL_checkstring(L, 2);
  size_t i;
  int32_t code;
  for (i = 0; (code = rcml_agent_listener(box->handle, i, NULL, 0)) != 0; i++) {
    bool is_wanted;
    push_uri(L, box->handle, i);
    is_wanted = !lua_isnil(L, -1) && strcmp(lua_tostring(L, -1), wanted) == 0;
    lua_pop(L, 1);
    if (!is_wanted && (code > 0 || code == RCML_E_GONE)) continue;
    code = rcml_agent_unlisten(box->handle, i, &error);
    if (code < 0) return fail(L, code, &error);
    lua_pushboolean(L, code);
    return 1;
  }
  return fail(L, RCML_E_GONE, NULL);
}

static int agent_journal(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  return done_or_fail(L, rcml_agent_journal(box->handle, luaL_checkstring(L, 2), &error), &error);
}

static int agent_trace(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  return done_or_fail(L, rcml_agent_trace(box->handle, (int32_t)luaL_checkinteger(L, 2), &error), &error);
}

/* agent:default_document(document or nil) */
static int agent_default_document(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document;
  agent_box *box = check_agent(L, 1);
  if (!lua_isnoneornil(L, 2)) read_document(L, 2, 2, &document);
  return done_or_fail(
      L,
      rcml_agent_default_document(box->handle, lua_isnoneornil(L, 2) ? NULL : &document, &error),
      &error);
}

/* agent:call{to = party, from =, document = text or table, timeout =} -> call | nil, err */
static int agent_call(lua_State *L) {
  static const char *const names[] = {"to",       "from", "document", "timeout",  "party", "text",
                                      "base_url", "url",  "method",   "settings", NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_call_id id = 0;
  int32_t code;
  agent_box *box = check_agent(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  check_fields(L, 2, 2, names);
  lua_getfield(L, 2, "to"); /* 3 */
  if (lua_isnil(L, 3)) {
    lua_getfield(L, 2, "party");
    lua_replace(L, 3);
  }
  luaL_argcheck(L, lua_type(L, 3) == LUA_TSTRING, 2, "field 'to' must be the party to call");
  options.party = lua_tostring(L, 3);
  lua_getfield(L, 2, "from"); /* 4 */
  luaL_argcheck(L, lua_isnil(L, 4) || lua_isstring(L, 4), 2, "field 'from' must be a string");
  options.from = lua_tostring(L, 4);
  lua_getfield(L, 2, "timeout"); /* 5 */
  if (!lua_isnil(L, 5)) {
    luaL_argcheck(L, lua_type(L, 5) == LUA_TNUMBER && lua_tonumber(L, 5) >= 1 && lua_tonumber(L, 5) <= 600, 2,
                  "field 'timeout' must be seconds from 1 to 600");
    options.timeout = (int32_t)ceil(lua_tonumber(L, 5));
  }
  lua_getfield(L, 2, "document"); /* 6 */
  if (lua_isnil(L, 6)) {
    read_document_fields(L, 2, 2, &document); /* url = ... beside to */
  } else {
    luaL_argcheck(L, lua_isstring(L, 6) || lua_istable(L, 6), 2,
                  "field 'document' must be a string or a table");
    read_document(L, 6, 2, &document);
  }
  options.document = &document;
  code = rcml_agent_call(box->handle, &options, &id, &error);
  if (code < 0) return fail(L, code, &error);
  push_call(L, 1, id);
  lua_pushvalue(L, 3);
  lua_setfield(L, -2, "to");
  lua_pushliteral(L, "queued");
  lua_setfield(L, -2, "status");
  return 1;
}

/* " Did you mean 'incoming'?" on the stack, or nothing of it. */
static void push_event_suggestion(lua_State *L, const char *name) {
  const char *found = NULL;
  int best = spelling_bound(name);
  int32_t kind;
  for (kind = 1; kind <= MOST_KINDS; kind++)
    if (*rcml_event_name(kind)) consider(name, rcml_event_name(kind), &found, &best);
  push_question(L, found);
}

/* agent:on(event, function): one more handler; nil removes those of the event */
static int agent_on(lua_State *L) {
  const char *name = luaL_checkstring(L, 2);
  int32_t kind, found = 0;
  check_agent(L, 1);
  if (strcmp(name, "warning") == 0) name = rcml_event_name(RCML_EVENT_FINDING);
  for (kind = 1; kind <= MOST_KINDS && !found; kind++) /* numbers that mean nothing yet may stand between */
    if (*name && strcmp(rcml_event_name(kind), name) == 0) found = kind;
  kind = found;
  if (!found) {
    push_event_suggestion(L, name);
    lua_pushfstring(L, "no such event: %s%s", name, lua_tostring(L, -1));
    return luaL_argerror(L, 2, lua_tostring(L, -1));
  }
  if (!lua_isnil(L, 3)) luaL_checktype(L, 3, LUA_TFUNCTION);
  lua_settop(L, 3);
  push_part(L, 1, "handlers"); /* 4 */
  if (lua_isnil(L, 3)) {
    lua_pushnil(L);
  } else {
    lua_getfield(L, 4, name);
    if (lua_isnil(L, -1)) {
      lua_pop(L, 1);
      lua_newtable(L);
    }
    lua_pushvalue(L, 3);
    lua_rawseti(L, -2, (int)compat_length(L, -2) + 1);
  }
  lua_setfield(L, 4, name);
  if (kind == RCML_EVENT_CREDENTIALS) /* who has a handler wants to be asked; a closed agent asks nobody */
    rcml_agent_set(check_agent(L, 1)->handle, "ask_credentials", lua_isnil(L, 3) ? "false" : "true", NULL);
  if (kind == RCML_EVENT_TARGET)
    rcml_agent_set(check_agent(L, 1)->handle, "ask_targets", lua_isnil(L, 3) ? "none" : "all", NULL);
  if (kind == RCML_EVENT_URL)
    rcml_agent_set(check_agent(L, 1)->handle, "ask_urls", lua_isnil(L, 3) ? "none" : "all", NULL);
  if (kind == RCML_EVENT_SPEECH)
    rcml_agent_set(check_agent(L, 1)->handle, "ask_speech", lua_isnil(L, 3) ? "false" : "true", NULL);
  if (kind == RCML_EVENT_VERB)
    rcml_agent_set(check_agent(L, 1)->handle, "ask_verbs", lua_isnil(L, 3) ? "false" : "true", NULL);
  lua_pushvalue(L, 1);
  return 1;
}

/* agent:serve(path, function): answers requests for host:path */
static int agent_serve(lua_State *L) {
  const char *path;
  check_agent(L, 1);
  path = luaL_checkstring(L, 2);
  /* As a document writes it, too. */
  if (strncmp(path, "host:", 5) == 0) {
    for (path += 5; path[0] == '/' && path[1] == '/'; path++) {}
    lua_pushstring(L, path);
    lua_replace(L, 2);
  }
  luaL_argcheck(L, !strpbrk(path, ":?#"), 2, "a path of host: expected, like \"/screen\", without a query");
  if (!lua_isnil(L, 3)) luaL_checktype(L, 3, LUA_TFUNCTION);
  push_part(L, 1, "served");
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_rawset(L, -3);
  lua_pushvalue(L, 1);
  return 1;
}

/* agent:spawn(function, ...) -> the coroutine, which has run up to its first wait */
static int agent_spawn(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  int count = lua_gettop(L) - 2;
  luaL_checktype(L, 2, LUA_TFUNCTION);
  spawn(L, 1, count, 0);
  if (!box->dispatching) raise_kept_failure(L, 1);
  return 1;
}

static void attach_field(lua_State *L, const char *name) {
  lua_getfield(L, 2, name);
  luaL_argcheck(L, lua_isnil(L, -1) || lua_isfunction(L, -1), 2, "wait and close are functions");
  lua_setfield(L, 3, name);
}

/* agent:attach{wait = function, close = function}: how the coroutines of somebody's loop wait, and who hears that there is
 * nothing to watch any more. nil = forget it. */
static int agent_attach(lua_State *L) {
  check_agent(L, 1);
  if (lua_isnoneornil(L, 2)) {
    lua_settop(L, 1);
    lua_newtable(L);
  }
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  push_part(L, 1, "loop"); /* 3 */
  attach_field(L, "wait");
  attach_field(L, "close");
  lua_settop(L, 1);
  return 1;
}

static int agent_fd(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  int32_t fd = watch_descriptor(check_agent(L, 1));
  if (fd < 0) return fail(L, fd, &error);
  lua_pushinteger(L, fd);
  return 1;
}

/* agent:deadline() -> seconds to sleep at most; nil = for ever */
static int agent_deadline(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  int64_t milliseconds = rcml_agent_deadline_ms(box->handle);
  double seconds = milliseconds < 0 ? -1 : (double)milliseconds / 1000;
  if (box->next_deadline >= 0) {
    double left = box->next_deadline - monotonic_seconds();
    if (left < 0) left = 0;
    if (seconds < 0 || left < seconds) seconds = left;
  }
  if (seconds < 0) return 0;
  lua_pushnumber(L, seconds);
  return 1;
}

static int agent_events(lua_State *L) {
  check_agent(L, 1);
  lua_pushliteral(L, "r");
  return 1;
}

static void refuse_inside_handler(lua_State *L, const agent_box *box) {
  if (box->dispatching) luaL_error(L, "a handler is running: it may not drive the agent (see call:wait)");
}

/* agent:process(): does what is to be done now and tells the handlers; nil, err when nothing will come any more */
static int agent_process(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  agent_box *box = check_agent(L, 1);
  int32_t code;
  refuse_inside_handler(L, box);
  code = box->handle && box->drained ? RCML_E_CLOSED : rcml_agent_process(box->handle);
  while (code >= 0 && box->handle && (code = rcml_agent_next_event(box->handle, &event)) > 0)
    deliver(L, 1, &event);
  expire_waits(L, 1);
  return done_or_fail(L, code, &error);
}

/* agent:run([seconds]): until the agent has drained, or that long */
static int agent_run(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  double seconds = luaL_optnumber(L, 2, -1);
  double until = seconds >= 0 ? monotonic_seconds() + seconds : -1;
  refuse_inside_handler(L, box);
  if (!box->handle) return fail(L, RCML_E_HANDLE, &error);
  for (;;) {
    int code = agent_turn(L, 1, until);
    if (code == RCML_E_CLOSED) break;
    if (code < 0) return fail(L, code, &error);
    if (until >= 0 && monotonic_seconds() >= until) break;
  }
  lua_pushboolean(L, 1);
  return 1;
}

static int agent_drain(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  return done_or_fail(L, rcml_agent_drain(check_agent(L, 1)->handle), &error);
}

static int agent_stop(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  return done_or_fail(L, rcml_agent_stop(check_agent(L, 1)->handle), &error);
}

/* __gc: as agent:close(), but no Lua runs: the state may be closing. */
static int agent_gc(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  rcml_agent *handle = box->handle;
  box->handle = NULL;
  watch_close(box);
  /* One that has drained has nothing more to say, and gives its ports back at once. */
  if (handle && box->drained) rcml_agent_destroy(handle);
  else if (handle) linger(handle);
  return 0;
}

/* agent:close() and __close, also again and in any order: waits end, the loop lets go, and what is to be said to the peers
 * is said in the background (linger.c). */
static int agent_close(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  if (!box->handle) return 0;
  lua_settop(L, 1);
  tell_loop(L, 1); /* while there still is a descriptor */
  agent_gc(L);
  end_waits(L, 1);
  if (!box->dispatching) raise_kept_failure(L, 1);
  return 0;
}

static int agent_index(lua_State *L) {
  lua_getmetatable(L, 1);
  lua_getfield(L, -1, "methods");
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);
  if (!lua_isnil(L, -1)) return 1;
  push_part(L, 1, "fields");
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);
  return 1;
}

/* What pairs(agent) shows from 5.2 on: the program's fields, then the methods. */
static int agent_pairs(lua_State *L) {
  static const char *const parts[] = {"methods", "fields"};
  int i;
  lua_getglobal(L, "next");
  lua_newtable(L);
  for (i = 0; i < 2; i++) {
    if (i == 0) {
      lua_getmetatable(L, 1);
      lua_getfield(L, -1, parts[i]);
      lua_remove(L, -2);
    } else {
      push_part(L, 1, parts[i]);
    }
    lua_pushnil(L);
    while (lua_next(L, -2)) {
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, -5);
    }
    lua_pop(L, 1);
  }
  lua_pushnil(L);
  return 3;
}

static int agent_newindex(lua_State *L) {
  push_part(L, 1, "fields");
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_rawset(L, -3);
  return 0;
}

static int agent_tostring(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  if (!box->handle) {
    lua_pushliteral(L, "rcml.agent (closed)");
    return 1;
  }
  push_uri(L, box->handle, 0);
  lua_pushfstring(L, "rcml.agent %s", lua_isnil(L, -1) ? "(no listener)" : lua_tostring(L, -1));
  return 1;
}

/* One option of rcml.agent{...}; leaves the stack as it was. On failure nil and err are on it, and 2 is returned. */
static int option(lua_State *L, const char *name, int value) {
  static const char *const own[] = {"listen", "document", "journal", "on_error", "worker", NULL};
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = lua_touserdata(L, 2);
  int32_t code = RCML_OK;
  int top = lua_gettop(L);
  rcml_document document;
  if (strcmp(name, "listen") == 0 && lua_istable(L, value)) {
    int i, count = (int)compat_length(L, value);
    for (i = 1; i <= count && code >= 0; i++) {
      lua_rawgeti(L, value, i);
      luaL_argcheck(L, lua_type(L, -1) == LUA_TSTRING, 1, "'listen' must be a string, or a list of strings");
      code = listen_at(box->handle, lua_tostring(L, -1), &error);
      lua_pop(L, 1);
    }
  } else if (strcmp(name, "listen") == 0) {
    luaL_argcheck(L, lua_type(L, value) == LUA_TSTRING, 1, "'listen' must be a string, or a list of strings");
    code = listen_at(box->handle, lua_tostring(L, value), &error);
  } else if (strcmp(name, "document") == 0) {
    luaL_argcheck(L, lua_istable(L, value) || lua_isstring(L, value), 1,
                  "field 'document' must be a string or a table");
    read_document(L, value, 1, &document);
    code = rcml_agent_default_document(box->handle, &document, &error);
    lua_settop(L, top);
  } else if (strcmp(name, "on_error") == 0) {
    luaL_argcheck(L, lua_isfunction(L, value), 1, "'on_error' must be a function");
    push_part(L, 2, "fields");
    lua_pushvalue(L, value);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
  } else {
    code = rcml_agent_set(box->handle, name, setting_text(L, value, 1, name), &error);
    if (code == RCML_E_SETTING && rcml_agent_get(box->handle, name, NULL, 0, NULL) < 0) {
      /* It may be meant for an option that is no setting. */
      push_option_suggestion(L, name, own);
      lua_pushfstring(L, "There is no option or setting '%s'%s", name, lua_tostring(L, -1));
      lua_pushnil(L);
      push_failure(L, code, lua_tostring(L, -2));
      return 2;
    }
  }
  return code < 0 ? fail(L, code, &error) : 0;
}

/* rcml.agent{listen = address or list, document =, journal =, on_error =, worker =, any setting = value} -> agent | nil, err */
int module_agent(lua_State *L) {
  static const char *const late[] = {"document", "listen"};
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box;
  int i;
  if (lua_isnoneornil(L, 1)) {
    lua_settop(L, 0);
    lua_newtable(L);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  if (is_worker(L, 1)) return refuse_worker(L);
  box = lua_newuserdata(L, sizeof *box); /* 2 */
  box->handle = NULL;
  box->next_deadline = -1;
  box->dispatching = box->drained = false;
  box->running = NULL;
  box->watched = box->alarm = -1;
  parts_new(L, 2);
  luaL_getmetatable(L, AGENT_TYPE);
  lua_setmetatable(L, 2);
  compat_get_parts(L, 2);
  if (luaL_loadstring(L, "") != 0) return lua_error(L);
  lua_setfield(L, -2, "nothing");
  lua_settop(L, 2);
  box->handle = rcml_agent_create(&error);
  if (!box->handle) return fail(L, error.code, &error);
  /* The journal first, then settings, then the document, and listeners last: from then on calls may come. */
  lua_getfield(L, 1, "journal");
  if (!lua_isnil(L, -1)) {
    int32_t code;
    luaL_argcheck(L, lua_type(L, -1) == LUA_TSTRING, 1, "'journal' must be a string");
    code = rcml_agent_journal(box->handle, lua_tostring(L, -1), &error);
    if (code < 0) return fail(L, code, &error);
  }
  lua_settop(L, 2);
  lua_pushnil(L);
  while (lua_next(L, 1)) {
    const char *name = lua_type(L, 3) == LUA_TSTRING ? lua_tostring(L, 3) : NULL;
    luaL_argcheck(L, name != NULL, 1, "options are name = value");
    if (strcmp(name, "journal") != 0 && strcmp(name, "document") != 0 && strcmp(name, "listen") != 0
        && strcmp(name, "worker") != 0) {
      if (option(L, name, 4)) return 2;
    }
    lua_settop(L, 3);
  }
  for (i = 0; i < 2; i++) {
    lua_settop(L, 2);
    lua_getfield(L, 1, late[i]);
    if (!lua_isnil(L, 3) && option(L, late[i], 3)) return 2;
  }
  lua_settop(L, 2);
  return 1;
}

void agent_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__index", agent_index},   {"__newindex", agent_newindex},
                                  {"__gc", agent_gc},         {"__close", agent_close},
                                  {"__pairs", agent_pairs},   {"__tostring", agent_tostring},
                                  {NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"set", agent_set},
      {"get", agent_get},
      {"listen", agent_listen},
      {"listeners", agent_listeners},
      {"unlisten", agent_unlisten},
      {"journal", agent_journal},
      {"trace", agent_trace},
      {"ladder", agent_ladder},
      {"default_document", agent_default_document},
      {"call", agent_call},
      {"host_call", agent_host_call},
      {"on", agent_on},
      {"serve", agent_serve},
      {"spawn", agent_spawn},
      {"attach", agent_attach},
      {"fd", agent_fd},
      {"deadline", agent_deadline},
      {"process", agent_process},
      {"run", agent_run},
      {"drain", agent_drain},
      {"stop", agent_stop},
      {"close", agent_close},
      {"counters", agent_counters},
      {"metrics", agent_metrics},
      {"pollfd", agent_fd}, /* what cqueues asks */
      {"events", agent_events},
      {"timeout", agent_deadline},
      {NULL, NULL}};
  compat_new_type(L, AGENT_TYPE, meta, methods);
}
