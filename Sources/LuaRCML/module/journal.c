/* Documents and journals. A Lua error must not unwind through the library: what it hands to a function of ours is
 * collected in plain memory first and becomes Lua values afterwards. */
#include "module.h"

#include <stdlib.h>
#include <string.h>

static void keep_finding(void *context, const rcml_finding *finding) {
  int32_t numbers[4];
  numbers[0] = finding->severity;
  numbers[1] = finding->code;
  numbers[2] = finding->line;
  numbers[3] = finding->column;
  buffer_append(context, numbers, sizeof numbers);
  buffer_string(context, finding->name);
  buffer_string(context, finding->text);
  buffer_string(context, finding->excerpt);
}

static void keep_text(void *context, const char *text, size_t length) {
  buffer_append(context, text, length);
}

static const char *push_text_field(lua_State *L, const char *at, const char *name) {
  lua_pushstring(L, at);
  lua_setfield(L, -2, name);
  return at + strlen(at) + 1;
}

/* The table at 2: {base_url =, content_type =, settings =}; leaves what the pointers point to on the stack. */
void read_check_options(lua_State *L, rcml_check_options *options) {
  static const char *const names[] = {"base_url", "content_type", "settings", NULL};
  if (lua_isnoneornil(L, 2)) return;
  luaL_checktype(L, 2, LUA_TTABLE);
  check_fields(L, 2, 2, names);
  lua_getfield(L, 2, "base_url");
  if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "'base_url' must be a string");
  options->base_url = lua_tostring(L, -1);
  lua_getfield(L, 2, "content_type");
  if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TSTRING) luaL_error(L, "'content_type' must be a string");
  options->content_type = lua_tostring(L, -1);
  lua_getfield(L, 2, "settings");
  if (lua_isnil(L, -1)) return;
  if (!lua_istable(L, -1)) luaL_error(L, "'settings' must be a table");
  options->settings = push_settings(L, lua_gettop(L), &options->setting_count);
}

/* rcml.check(text, {base_url =, content_type =, settings =}) -> list of findings, with .ok = it would run */
int module_check(lua_State *L) {
  static const char *const severities[] = {"note", "warning", "error"};
  static const char *const fields[] = {"code", "line", "column"};
  rcml_error error = RCML_ERROR_INIT;
  buffer kept = {NULL, 0, 0, false};
  size_t length, size;
  const char *text = luaL_checklstring(L, 1, &length);
  const char *at, *end;
  int count = 0, i;
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  int32_t code;
  read_check_options(L, &options);
  code = rcml_document_check_with(length == 0 ? "" : text, length, &options, keep_finding, &kept, &error);
  if (code < 0 && code != RCML_E_DOCUMENT) {
    free(kept.bytes);
    return fail(L, code, &error);
  }
  push_buffers(L, &kept, NULL);
  at = lua_tolstring(L, -1, &size);
  end = at + size;
  lua_newtable(L);
  while (at < end) {
    int32_t numbers[4];
    memcpy(numbers, at, sizeof numbers);
    at += sizeof numbers;
    lua_newtable(L);
    lua_pushstring(L, numbers[0] >= 0 && numbers[0] <= 2 ? severities[numbers[0]] : "error");
    lua_setfield(L, -2, "severity");
    for (i = 0; i < 3; i++) {
      lua_pushinteger(L, numbers[i + 1]);
      lua_setfield(L, -2, fields[i]);
    }
    at = push_text_field(L, at, "name");
    at = push_text_field(L, at, "text");
    at = push_text_field(L, at, "excerpt");
    lua_rawseti(L, -2, ++count);
  }
  lua_pushboolean(L, code == RCML_OK);
  lua_setfield(L, -2, "ok");
  return 1;
}

/* rcml.replay(path) -> {records, inputs, outputs, duration, torn} | nil, err with .difference */
int module_replay(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_replay_result result = RCML_REPLAY_RESULT_INIT;
  int32_t code = rcml_journal_replay(luaL_checkstring(L, 1), &result, &error);
  if (code < 0) {
    fail(L, code, &error);
    if (*result.difference) {
      lua_pushstring(L, result.difference);
      lua_setfield(L, -2, "difference");
    }
    return 2;
  }
  lua_newtable(L);
  push_id(L, result.records);
  lua_setfield(L, -2, "records");
  push_id(L, result.inputs);
  lua_setfield(L, -2, "inputs");
  push_id(L, result.outputs);
  lua_setfield(L, -2, "outputs");
  lua_pushnumber(L, (lua_Number)result.duration_ms / 1000);
  lua_setfield(L, -2, "duration");
  lua_pushboolean(L, result.torn);
  lua_setfield(L, -2, "torn");
  return 1;
}

/* {call = "CA...", form =, choice =, time =}: what of which calls is shown. */
static void read_options(lua_State *L, int at, int argument, rcml_ladder_options *options) {
  static const char *const names[] = {"call", "form", "choice", "time", NULL};
  if (lua_isnoneornil(L, at)) return;
  luaL_checktype(L, at, LUA_TTABLE);
  check_fields(L, at, argument, names);
  options->call = text_field(L, at, "call");
  options->form = text_field(L, at, "form");
  options->choice = text_field(L, at, "choice");
  options->time = text_field(L, at, "time");
}

/* path [, options]: of which journal. */
static const char *read_path(lua_State *L, rcml_ladder_options *options) {
  const char *path = luaL_checkstring(L, 1);
  read_options(L, 2, 2, options);
  return path;
}

/* agent:ladder([options]) -> text | nil, err */
int agent_ladder(lua_State *L) {
  agent_box *box = check_agent(L, 1);
  rcml_error error = RCML_ERROR_INIT;
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  buffer drawn = {NULL, 0, 0, false};
  int32_t code;
  read_options(L, 2, 1, &options);
  code = rcml_agent_ladder(box->handle, &options, keep_text, &drawn, &error);
  if (code < 0) {
    free(drawn.bytes);
    return fail(L, code, &error);
  }
  push_buffers(L, &drawn, NULL);
  return 1;
}

/* rcml.ladder(path [, {call = "CA..."}]) -> text | nil, err */
int module_ladder(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  buffer drawn = {NULL, 0, 0, false};
  int32_t code;
  const char *path = read_path(L, &options);
  code = rcml_journal_ladder(path, &options, keep_text, &drawn, &error);
  if (code < 0) {
    free(drawn.bytes);
    return fail(L, code, &error);
  }
  push_buffers(L, &drawn, NULL);
  return 1;
}

/* A message of a journal: numbers, then strings with their NUL, then the octets. */
static void keep_message(void *context, const rcml_trace_message *message) {
  int64_t numbers[5];
  numbers[0] = message->at_us;
  numbers[1] = message->unix_us;
  numbers[2] = message->sent;
  numbers[3] = (int64_t)message->length;
  numbers[4] = (int64_t)message->connection;
  buffer_append(context, numbers, sizeof numbers);
  buffer_string(context, message->local);
  buffer_string(context, message->peer);
  buffer_string(context, message->call_sid);
  buffer_append(context, message->text, message->length);
}

/* rcml.messages(path [, {call = "CA..."}]) -> list of {at, time, sent, local_address, peer, connection, call_sid, text}
 * | nil, err */
int module_messages(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_ladder_options options = RCML_LADDER_OPTIONS_INIT;
  buffer kept = {NULL, 0, 0, false};
  const char *path = read_path(L, &options), *at, *end;
  size_t size;
  int32_t code;
  int count = 0;
  code = rcml_journal_messages(path, &options, keep_message, &kept, &error);
  if (code < 0) {
    free(kept.bytes);
    return fail(L, code, &error);
  }
  push_buffers(L, &kept, NULL);
  at = lua_tolstring(L, -1, &size);
  end = at + size;
  lua_newtable(L);
  while (at < end) {
    int64_t numbers[5];
    memcpy(numbers, at, sizeof numbers);
    at += sizeof numbers;
    lua_newtable(L);
    if (numbers[4]) {
      push_id(L, (uint64_t)numbers[4]);
      lua_setfield(L, -2, "connection");
    }
    lua_pushnumber(L, (lua_Number)numbers[0] / 1000000);
    lua_setfield(L, -2, "at");
    lua_pushnumber(L, (lua_Number)numbers[1] / 1000000);
    lua_setfield(L, -2, "time");
    lua_pushboolean(L, numbers[2] != 0);
    lua_setfield(L, -2, "sent");
    at = push_text_field(L, at, "local_address");
    at = push_text_field(L, at, "peer");
    at = push_text_field(L, at, "call_sid");
    lua_pushlstring(L, at, (size_t)numbers[3]);
    lua_setfield(L, -2, "text");
    at += numbers[3];
    lua_rawseti(L, -2, ++count);
  }
  return 1;
}
