/* require "rcml": starts nothing. */
#include "module.h"

/* rcml.status(code) -> name, text */
static int module_status(lua_State *L) {
  int32_t code = (int32_t)luaL_checkinteger(L, 1);
  const char *name = rcml_status_name(code);
  if (!*name) return 0;
  lua_pushstring(L, name);
  lua_pushstring(L, rcml_status_text(code));
  return 2;
}

/* rcml.codes() -> list of {code, name, text, cause, fix} */
static int module_codes(lua_State *L) {
  rcml_catalogue_info entry = RCML_CATALOGUE_INFO_INIT;
  size_t i;
  lua_newtable(L);
  for (i = 0; rcml_catalogue_entry(i, &entry) > 0; i++) {
    lua_newtable(L);
    lua_pushinteger(L, entry.code);
    lua_setfield(L, -2, "code");
    lua_pushstring(L, entry.name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, entry.text);
    lua_setfield(L, -2, "text");
    lua_pushstring(L, entry.cause);
    lua_setfield(L, -2, "cause");
    lua_pushstring(L, entry.fix);
    lua_setfield(L, -2, "fix");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}

static int module_tostring(lua_State *L) {
  lua_pushfstring(L, "rcml %s", rcml_version());
  return 1;
}

__attribute__((visibility("default"))) int luaopen_rcml(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"agent", module_agent},       {"check", module_check},
       {"targets", module_targets},   {"replay", module_replay},
      {"ladder", module_ladder},     {"status", module_status}, {"codes", module_codes},
      {"simulate", module_simulate}, {"messages", module_messages},
      {"metrics", module_metrics},   {"settings", module_settings},
      {"parameter", module_parameter}, {NULL, NULL}};
  failure_open(L);
  call_open(L);
  request_open(L);
  credentials_open(L);
  target_open(L);
  url_open(L);
  speech_open(L);
  verb_open(L);
  agent_open(L);
  host_open(L);
  wait_open(L);
  lua_newtable(L);
  compat_methods(L, functions);
  lua_pushstring(L, rcml_version());
  lua_setfield(L, -2, "version");
  lua_newtable(L);
  lua_pushcfunction(L, module_tostring);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  return 1;
}
