/* Settings: read, set, given back, listed. */
#include "module.h"

#include <string.h>

static const char *const kinds[] = {"text", "choice", "flag", "number", "seconds", "text", "list", "secret"};

static const char *kind_name(int32_t kind) { return kinds[kind >= 1 && kind <= 7 ? kind : 0]; }

/* A value as the library takes it: a string, a number, a boolean; NULL for nil = the default again. */
const char *setting_text(lua_State *L, int index, int argument, const char *name) {
  int type = lua_type(L, index);
  if (type == LUA_TNIL) return NULL;
  if (type == LUA_TBOOLEAN) return lua_toboolean(L, index) ? "true" : "false";
  if (type != LUA_TSTRING && type != LUA_TNUMBER) {
    lua_pushfstring(L, "'%s' must be a string, a number or a boolean, not a %s", name, lua_typename(L, type));
    luaL_argerror(L, argument, lua_tostring(L, -1));
  }
  return lua_tostring(L, index);
}

/* agent:set(name, value): nil = its default again */
int agent_set(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  const char *name = luaL_checkstring(L, 2);
  luaL_checkany(L, 3);
  return done_or_fail(L, rcml_agent_set(box->handle, name, setting_text(L, 3, 3, name), &error), &error);
}

static int32_t kind_of(const char *name) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  size_t i;
  for (i = 0; rcml_setting_entry(i, &info) > 0; i++)
    if (strcmp(info.name, name) == 0) return info.kind;
  return 0;
}

/* Pushes a value as agent:set takes it. */
static void push_value(lua_State *L, int32_t kind, const char *text) {
  if (kind == RCML_SETTING_FLAG) {
    lua_pushboolean(L, strcmp(text, "true") == 0);
    return;
  }
  lua_pushstring(L, text);
  if (kind != RCML_SETTING_NUMBER && kind != RCML_SETTING_SECONDS) return;
#if LUA_VERSION_NUM >= 503
  if (!strchr(text, '.')) {
    lua_pushinteger(L, lua_tointeger(L, -1));
    lua_replace(L, -2);
    return;
  }
#endif
  lua_pushnumber(L, lua_tonumber(L, -1));
  lua_replace(L, -2);
}

/* agent:get(name) -> value | nil, err */
int agent_get(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  const char *name = luaL_checkstring(L, 2);
  size_t size = 256;
  for (;;) {
    char *text = lua_newuserdata(L, size);
    int32_t length = rcml_agent_get(box->handle, name, text, size, &error);
    if (length < 0) return fail(L, length, &error);
    if ((size_t)length < size) {
      push_value(L, kind_of(name), text);
      return 1;
    }
    size = (size_t)length + 1;
    lua_pop(L, 1);
  }
}

/* "restcomm=immediate twilio=immediate" as a table. */
static void set_presets(lua_State *L, const char *text) {
  lua_newtable(L);
  while (*text) {
    size_t name = strcspn(text, "="), value = strcspn(text + name, " ");
    lua_pushlstring(L, text, name);
    lua_pushlstring(L, text + name + 1, value - 1);
    lua_rawset(L, -3);
    text += name + value;
    if (*text) text++;
  }
  lua_setfield(L, -2, "presets");
}

/* rcml.settings() -> list of {name, theme, kind, values, default, presets, text, example, clause, scope, minimum,
 * maximum} */
int module_settings(lua_State *L) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  size_t i;
  lua_newtable(L);
  for (i = 0; rcml_setting_entry(i, &info) > 0; i++) {
    lua_newtable(L);
    set_text(L, "name", info.name);
    set_text(L, "theme", info.theme);
    set_text(L, "kind", kind_name(info.kind));
    set_text(L, "values", info.values);
    push_value(L, info.kind, info.default_value);
    lua_setfield(L, -2, "default");
    set_presets(L, info.presets);
    set_text(L, "text", info.text);
    set_text(L, "example", info.example);
    set_text(L, "clause", info.clause);
    set_text(L, "scope", info.scope);
    if (info.maximum > info.minimum) {
      set_number(L, "minimum", (lua_Integer)info.minimum);
      set_number(L, "maximum", (lua_Integer)info.maximum);
    }
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

/* The option of rcml.agent{...}, or the setting, that `name` is nearest to. */
void push_option_suggestion(lua_State *L, const char *name, const char *const *own) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  const char *found = NULL;
  int best = spelling_bound(name), i;
  size_t at;
  for (i = 0; own[i]; i++) consider(name, own[i], &found, &best);
  for (at = 0; rcml_setting_entry(at, &info) > 0; at++) consider(name, info.name, &found, &best);
  push_question(L, found);
}

/* rcml.parameter(subject, name) -> value | nil: of a request, a question or an event */
int module_parameter(lua_State *L) {
  rcml_event event = RCML_EVENT_INIT;
  const char *name = luaL_checkstring(L, 2);
  size_t size = 1024;
  luaL_argcheck(L, lua_istable(L, 1), 1, "a request, a question or an event expected");
  lua_settop(L, 2);
  lua_getfield(L, 1, "body");
  if (lua_isnil(L, 3)) {
    lua_getfield(L, 1, "attributes");
    lua_replace(L, 3);
  }
  lua_getfield(L, 1, "url");
  if (lua_type(L, 3) == LUA_TSTRING) event.body = lua_tolstring(L, 3, &event.body_length);
  if (lua_type(L, 4) == LUA_TSTRING) event.url = lua_tostring(L, 4);
  for (;;) {
    char *text = lua_newuserdata(L, size);
    int32_t length = rcml_event_parameter(&event, name, text, size);
    if (length < 0) return 0;
    if ((size_t)length < size) {
      lua_pushlstring(L, text, (size_t)length);
      return 1;
    }
    size = (size_t)length + 1;
    lua_pop(L, 1);
  }
}
