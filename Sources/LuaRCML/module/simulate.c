/* rcml.simulate: a document against scripted phones, without an agent of the program's own. What the library tells
 * is collected in plain memory first, as in document.c. */
#include "module.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef struct kept {
  buffer events, ladder;
} kept;

/* The strings of an event. */
static const size_t strings[] = {
    offsetof(rcml_event, name),   offsetof(rcml_event, status), offsetof(rcml_event, call_sid),
    offsetof(rcml_event, leg_sid), offsetof(rcml_event, from),   offsetof(rcml_event, to),
    offsetof(rcml_event, hangup_by), offsetof(rcml_event, screening), offsetof(rcml_event, text),
    offsetof(rcml_event, peer),   offsetof(rcml_event, method), offsetof(rcml_event, url),
    offsetof(rcml_event, body),   offsetof(rcml_event, realm),  offsetof(rcml_event, language),
    offsetof(rcml_event, markup)};
enum { string_count = sizeof strings / sizeof strings[0] };

static void keep_event(void *context, int64_t at, const rcml_event *event) {
  buffer *b = &((kept *)context)->events;
  size_t i;
  buffer_append(b, &at, sizeof at);
  buffer_append(b, event, sizeof *event);
  for (i = 0; i < string_count; i++) {
    const char *text;
    memcpy(&text, (const char *)event + strings[i], sizeof text);
    buffer_string(b, text);
  }
}

static void keep_ladder(void *context, const char *text, size_t length) {
  buffer_append(&((kept *)context)->ladder, text, length);
}

/* What keep_event wrote, as the table on top; returns where the next one begins. */
static const char *push_kept(lua_State *L, const char *at) {
  rcml_event event;
  int64_t milliseconds;
  size_t i;
  memcpy(&milliseconds, at, sizeof milliseconds);
  at += sizeof milliseconds;
  memcpy(&event, at, sizeof event);
  at += sizeof event;
  for (i = 0; i < string_count; i++) {
    memcpy((char *)&event + strings[i], &at, sizeof at);
    at += strlen(at) + 1;
  }
  event.text_length = strlen(event.text);
  event.body_length = strlen(event.body);
  push_fields(L, &event);
  lua_pushnumber(L, (lua_Number)milliseconds / 1000);
  lua_setfield(L, -2, "at");
  if (event.leg) {
    lua_pushinteger(L, (lua_Integer)(event.leg & 0xFFFFF));
    lua_setfield(L, -2, "leg");
  }
  if (event.kind == RCML_EVENT_REQUEST) {
    lua_pushstring(L, event.method);
    lua_setfield(L, -2, "method");
    lua_pushstring(L, event.url);
    lua_setfield(L, -2, "url");
    lua_pushstring(L, event.body);
    lua_setfield(L, -2, "body");
    lua_pushinteger(L, event.code);
    lua_setfield(L, -2, "code");
  }
  return at;
}

static const char *text_option(lua_State *L, const char *name) {
  const char *text;
  lua_getfield(L, 1, name);
  if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "'%s' must be a string", name);
  text = lua_tostring(L, -1);
  lua_pop(L, 1); /* the table keeps it alive */
  return text;
}

static lua_Number number_option(lua_State *L, const char *name, lua_Number otherwise) {
  lua_Number number = otherwise;
  lua_getfield(L, 1, name);
  if (!lua_isnil(L, -1)) {
    if (!lua_isnumber(L, -1)) luaL_error(L, "'%s' must be a number", name);
    number = lua_tonumber(L, -1);
  }
  lua_pop(L, 1);
  return number;
}

/* Pushes the table `name`, or an empty one. */
static int table_option(lua_State *L, const char *name) {
  lua_getfield(L, 1, name);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_newtable(L);
  }
  if (!lua_istable(L, -1)) luaL_error(L, "'%s' must be a table", name);
  return lua_gettop(L);
}

/* outcomes = {"1:180,after=2:200"}; leaves what the pointers point to on the stack. */
static void read_outcomes(lua_State *L, rcml_simulation *simulation) {
  int table = table_option(L, "outcomes");
  size_t count = compat_length(L, table), i;
  const char **list = lua_newuserdata(L, (count + 1) * sizeof *list);
  for (i = 0; i < count; i++) {
    lua_rawgeti(L, table, (int)i + 1);
    if (lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "an outcome must be a string");
    list[i] = lua_tostring(L, -1);
    lua_pop(L, 1);
  }
  simulation->outcomes = list;
  simulation->outcome_count = count;
}

/* settings = {ringing_mode = "on-ringing"}; leaves what the pointers point to on the stack. */
static void read_settings(lua_State *L, rcml_simulation *simulation) {
  int table = table_option(L, "settings");
  simulation->settings = push_settings(L, table, &simulation->setting_count);
}

/* {status =, content_type =, body =} on top; the strings live as long as the table does. */
static void read_answer(lua_State *L, rcml_simulated_answer *answer) {
  static const char *const names[] = {"status", "content_type", "body", NULL};
  check_fields(L, lua_gettop(L), 1, names);
  lua_getfield(L, -1, "status");
  if (!lua_isnil(L, -1)) answer->status = (int32_t)lua_tointeger(L, -1);
  lua_getfield(L, -2, "content_type");
  if (lua_type(L, -1) == LUA_TSTRING) answer->content_type = lua_tostring(L, -1);
  lua_getfield(L, -3, "body");
  if (lua_type(L, -1) == LUA_TSTRING) answer->body = lua_tolstring(L, -1, &answer->length);
  else if (lua_isnil(L, -3)) luaL_error(L, "an answer needs a body or a status");
  lua_pop(L, 3);
}

/* answers = {["http://example.com/"] = "<Response/>", ["http://example.com/hello"] = {content_type = "audio/wav", body = wav},
 * ["*"] = 404} */
static void read_answers(lua_State *L, rcml_simulation *simulation) {
  static const rcml_simulated_answer empty = RCML_SIMULATED_ANSWER_INIT;
  int table = table_option(L, "answers");
  size_t count = count_pairs(L, table, "answers"), i = 0;
  rcml_simulated_answer *answers = lua_newuserdata(L, (count + 1) * sizeof *answers);
  const rcml_simulated_answer **list = lua_newuserdata(L, (count + 1) * sizeof *list);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    answers[i] = empty;
    answers[i].url = lua_tostring(L, -2);
    if (lua_type(L, -1) == LUA_TNUMBER) answers[i].status = (int32_t)lua_tointeger(L, -1);
    else if (lua_type(L, -1) == LUA_TSTRING) answers[i].body = lua_tolstring(L, -1, &answers[i].length);
    else if (lua_istable(L, -1)) read_answer(L, &answers[i]);
    else luaL_error(L, "an answer must be a document, a status, or a table with them");
    list[i] = &answers[i];
    i++;
    lua_pop(L, 1);
  }
  simulation->answers = list;
  simulation->answer_count = count;
}

/* rcml.simulate{document=, outcomes=, answers=, settings=, from=, to=, outgoing=, caller_hangs_up=, journal=, seed=}
 * -> {events, ladder, lost} | nil, err */
int module_simulate(lua_State *L) {
  static const char *const names[] = {"document", "outcomes", "answers", "settings", "from", "to", "outgoing",
                                      "caller_hangs_up", "journal", "seed", NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document;
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  kept told = {{NULL, 0, 0, false}, {NULL, 0, 0, false}};
  lua_Number leaves;
  const char *at, *end;
  size_t size;
  int32_t code;
  int count = 0, result;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  check_fields(L, 1, 1, names);
  lua_getfield(L, 1, "document");
  if (lua_type(L, -1) != LUA_TSTRING && !lua_istable(L, -1))
    return luaL_error(L, "'document' must be a string or a table");
  read_document(L, 2, 1, &document);
  simulation.document = &document;
  read_outcomes(L, &simulation);
  read_settings(L, &simulation);
  read_answers(L, &simulation);
  simulation.from = text_option(L, "from");
  simulation.to = text_option(L, "to");
  simulation.journal = text_option(L, "journal");
  lua_getfield(L, 1, "outgoing");
  simulation.outgoing = lua_toboolean(L, -1);
  leaves = number_option(L, "caller_hangs_up", -1);
  if (leaves >= 0 && leaves < 1e9) simulation.caller_hangs_up_ms = (int64_t)(leaves * 1000);
  lua_getfield(L, 1, "seed");
  if (!lua_isnil(L, -1)) simulation.seed = to_id(L, -1);
  code = rcml_simulate(&simulation, keep_event, keep_ladder, &told, &error);
  if (code < 0) {
    free(told.events.bytes);
    free(told.ladder.bytes);
    return fail(L, code, &error);
  }
  push_buffers(L, &told.events, &told.ladder);
  result = lua_gettop(L) + 1;
  lua_newtable(L);
  lua_pushvalue(L, result - 1);
  lua_setfield(L, result, "ladder");
  lua_pushboolean(L, code == 1);
  lua_setfield(L, result, "lost");
  lua_newtable(L);
  at = lua_tolstring(L, result - 2, &size);
  end = at + size;
  while (at < end) {
    at = push_kept(L, at);
    lua_rawseti(L, -2, ++count);
  }
  lua_setfield(L, result, "events");
  return 1;
}
