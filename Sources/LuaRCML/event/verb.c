/* Verbs that only the host may know: what a function given to agent:on("verb", ...) returns is the answer. */
#include "event.h"

/* true = done; a document runs in its place; anything else = it is skipped. */
static int32_t answer(lua_State *L, int question, int value, rcml_error *error) {
  rcml_request_id id;
  rcml_document document;
  bool has_document = lua_type(L, value) == LUA_TSTRING || lua_istable(L, value);
  agent_box *box = asked(L, question, &id);
  if (has_document) read_document(L, value, 2, &document);
  return rcml_agent_answer_verb(box->handle, id, lua_toboolean(L, value) != 0, has_document ? &document : NULL, error);
}

/* question:answer([done | document]) */
static int verb_answer(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  luaL_argcheck(L, compat_has_type(L, 1, VERB_TYPE), 1, "question expected");
  lua_settop(L, 2);
  return done_or_fail(L, answer(L, 1, 2, &error), &error);
}

/* Answers with what a function returned. A document that cannot be is as bad as no answer. */
void verb_answer_results(lua_State *L, int question, int first, int count) {
  rcml_error error = RCML_ERROR_INIT;
  int32_t code;
  lua_settop(L, first + count - 1);
  lua_pushnil(L);
  code = answer(L, question, first, &error);
  if (code == RCML_E_ARGUMENT || code == RCML_E_URI) {
    lua_pushnil(L);
    answer(L, question, lua_gettop(L), &error);
  }
}

/* verb, text, attributes (form-encoded), document, call, leg. */
void push_verb(lua_State *L, int agent, const rcml_event *event) {
  new_question(L, agent, event);
  lua_pushstring(L, event->name);
  lua_setfield(L, -2, "verb");
  lua_pushlstring(L, event->text, event->text_length);
  lua_setfield(L, -2, "text");
  lua_pushlstring(L, event->body, event->body_length);
  lua_setfield(L, -2, "attributes");
  lua_pushstring(L, event->url);
  lua_setfield(L, -2, "document");
  push_call(L, agent, event->call);
  if (event->leg) {
    push_leg(L, lua_gettop(L), event->leg);
    lua_setfield(L, -3, "leg");
  }
  lua_setfield(L, -2, "call");
  luaL_getmetatable(L, VERB_TYPE);
  lua_setmetatable(L, -2);
}

static int verb_tostring(lua_State *L) {
  lua_getfield(L, 1, "verb");
  lua_pushfstring(L, "rcml.verb %s", lua_tostring(L, -1));
  return 1;
}

void verb_open(lua_State *L) {
  static const luaL_Reg meta[] = {{"__tostring", verb_tostring}, {NULL, NULL}};
  static const luaL_Reg methods[] = {{"answer", verb_answer}, {NULL, NULL}};
  compat_new_type(L, VERB_TYPE, meta, methods);
}
