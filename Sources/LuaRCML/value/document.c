/* A document as Lua gives it: text, or a table. */
#include "value.h"

const char *text_field(lua_State *L, int index, const char *name) {
  const char *text = NULL;
  lua_getfield(L, index, name);
  if (!lua_isnil(L, -1)) {
    if (lua_type(L, -1) != LUA_TSTRING)
      luaL_error(L, "document field '%s' must be a string", name);
    text = lua_tostring(L, -1);
  }
  lua_pop(L, 1); /* the table keeps it alive */
  return text;
}

/* Of the call that runs it. They stay on the stack. */
static void read_document_settings(lua_State *L, int index, rcml_document *document) {
  lua_getfield(L, index, "settings");
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    return;
  }
  if (!lua_istable(L, -1)) luaL_error(L, "document field 'settings' must be a table");
  document->settings = push_settings(L, lua_gettop(L), &document->setting_count);
}

/* The fields of a document in a table that may hold others, too. */
void read_document_fields(lua_State *L, int index, int argument, rcml_document *document) {
  static const rcml_document empty = RCML_DOCUMENT_INIT;
  *document = empty;
  document->text = text_field(L, index, "text");
  if (document->text) {
    lua_getfield(L, index, "text");
    document->length = compat_length(L, -1);
    lua_pop(L, 1);
  }
  document->base_url = text_field(L, index, "base_url");
  document->url = text_field(L, index, "url");
  document->method = text_field(L, index, "method");
  read_document_settings(L, index, document);
  luaL_argcheck(L, document->text || document->url, argument, "a document needs text or url");
}

/* Text, or a table with text, base_url, url, method, settings. The strings live as long as the value at `index`, and what
 * is pushed for settings stays on the stack. */
void read_document(lua_State *L, int index, int argument, rcml_document *document) {
  static const rcml_document empty = RCML_DOCUMENT_INIT;
  static const char *const names[] = {"text", "base_url", "url", "method", "settings", NULL};
  if (lua_type(L, index) == LUA_TSTRING) {
    *document = empty;
    document->text = lua_tolstring(L, index, &document->length);
    return;
  }
  luaL_argcheck(L, lua_istable(L, index), argument, "a document is a string or a table with text or url");
  check_fields(L, index, argument, names);
  read_document_fields(L, index, argument, document);
}
