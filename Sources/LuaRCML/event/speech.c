/* What a <Say> sounds like: what a function given to agent:on("speech", ...) returns is the answer. */
#include "event.h"

static int32_t answer(lua_State *L, int question, const char *type, const char *body, size_t length,
                      rcml_error *error) {
  rcml_request_id id;
  agent_box *box = asked(L, question, &id);
  return rcml_agent_answer_speech(box->handle, id, type, body, length, error);
}

/* question:answer([sound [, content type]]) */
static int speech_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length = 0;
  const char *body;
  luaL_argcheck(L, compat_has_type(L, 1, SPEECH_TYPE), 1, "question expected");
  body = luaL_optlstring(L, 2, NULL, &length);
  return done_or_fail(L, answer(L, 1, luaL_optstring(L, 3, NULL), body, length, &error), &error);
}

/* Answers with what a function returned: nothing, or a sound and perhaps its content type. */
void speech_answer_results(lua_State *L, int question, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  size_t length = 0;
  const char *body = NULL, *type = NULL;
  lua_settop(L, first + count - 1);
  lua_pushnil(L);
  lua_pushnil(L);
  if (lua_type(L, first) == LUA_TSTRING) body = lua_tolstring(L, first, &length);
  if (lua_type(L, first + 1) == LUA_TSTRING) type = lua_tostring(L, first + 1);
  /* It may have timed out: then the program has said it. */
  answer(L, question, type, body, length, &error);
}

/* text, markup, voice, language, call. */
void push_speech(lua_State *L, int agent, const rcml_event *event) {
  new_question(L, agent, event);
  lua_pushlstring(L, event->text, event->text_length);
  lua_setfield(L, -2, "text");
  lua_pushstring(L, event->markup);
  lua_setfield(L, -2, "markup");
  lua_pushstring(L, event->name);
  lua_setfield(L, -2, "voice");
  lua_pushstring(L, event->language);
  lua_setfield(L, -2, "language");
  push_call(L, agent, event->call);
  lua_setfield(L, -2, "call");
  luaL_getmetatable(L, SPEECH_TYPE);
  lua_setmetatable(L, -2);
}

static int speech_tostring(lua_State *L) {
  lua_getfield(L, 1, "voice");
  lua_getfield(L, 1, "language");
  lua_pushfstring(L, "rcml.speech %s %s", lua_tostring(L, -2), lua_tostring(L, -1));
  return 1;
}

void speech_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", speech_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"answer", speech_answer}, {NULL, NULL}};
  compat_new_type(L, SPEECH_TYPE, meta, methods);
}
