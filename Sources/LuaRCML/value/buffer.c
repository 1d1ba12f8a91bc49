/* What the library tells a function of ours, collected in plain memory first: it becomes Lua values afterwards, and no
 * error of Lua unwinds through the library. */
#include "value.h"

#include <stdlib.h>
#include <string.h>

void buffer_append(buffer *b, const void *bytes, size_t length) {
  if (b->failed || length == 0) return;
  if (b->capacity - b->length < length) {
    size_t capacity = (b->capacity + length) * 2;
    char *larger = realloc(b->bytes, capacity);
    if (!larger) {
      b->failed = true;
      return;
    }
    b->bytes = larger;
    b->capacity = capacity;
  }
  memcpy(b->bytes + b->length, bytes, length);
  b->length += length;
}

void buffer_string(buffer *b, const char *text) { buffer_append(b, text, strlen(text) + 1); }

/* Hands the buffer over as a Lua string that is collected, and frees it. Protected by the caller's order: the
 * string is the only allocation while the buffer lives, made inside a protected call. */
static int push_buffer_protected(lua_State *L) {
  const buffer *b = lua_touserdata(L, 1);
  lua_pushlstring(L, b->bytes ? b->bytes : "", b->length);
  return 1;
}

/* Both at once, `second` on top: neither outlives an error about the other. `second` may be NULL. */
void push_buffers(lua_State *L, buffer *first, buffer *second) {
  bool failed = first->failed || (second && second->failed);
  int status = 0;
  if (!failed) {
    lua_pushcfunction(L, push_buffer_protected);
    lua_pushlightuserdata(L, first);
    status = lua_pcall(L, 1, 1, 0);
    if (second && status == 0) {
      lua_pushcfunction(L, push_buffer_protected);
      lua_pushlightuserdata(L, second);
      status = lua_pcall(L, 1, 1, 0);
    }
  }
  free(first->bytes);
  if (second) free(second->bytes);
  if (failed) luaL_error(L, "not enough memory");
  if (status != 0) lua_error(L);
}
