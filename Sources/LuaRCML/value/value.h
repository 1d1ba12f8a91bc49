/* Layer 2: what crosses between Lua and rcml.h by value: failures, documents, octets. */
#ifndef RCML_LUA_VALUE_H
#define RCML_LUA_VALUE_H

#include "../compat/compat.h"

#include <rcml.h>

#define ERROR_TYPE "rcml.error"

/* failure.c: expected failures are `nil, err`; misuse is an error at the caller's line */
int fail(lua_State *L, int32_t code, const rcml_error *error);
void push_failure(lua_State *L, int32_t code, const char *message);
int done_or_fail(lua_State *L, int32_t code, const rcml_error *error);
int misuse(lua_State *L, int level, const char *function, const char *message);
void failure_open(lua_State *L);

/* field.c: fields of the table on top */
void set_text(lua_State *L, const char *name, const char *text);
void set_number(lua_State *L, const char *name, lua_Integer number);
void set_flag(lua_State *L, const char *name, bool flag);

/* settings.c: the table at `table`, whose keys must be strings, `name` it is called by; the pointers, and all they point
 * to, stand on the stack */
size_t count_pairs(lua_State *L, int table, const char *name);
const char *const *push_settings(lua_State *L, int table, size_t *count);

/* spelling.c */
void check_fields(lua_State *L, int table, int argument, const char *const *names);
void push_suggestion(lua_State *L, const char *word, const char *const *words);
void push_question(lua_State *L, const char *meant);
void consider(const char *word, const char *other, const char **found, int *best);
int spelling_bound(const char *word);

/* document.c: `argument` is the one to blame; settings stay on the stack */
void read_document(lua_State *L, int index, int argument, rcml_document *document);
void read_document_fields(lua_State *L, int index, int argument, rcml_document *document);
const char *text_field(lua_State *L, int index, const char *name);

/* buffer.c: octets that grow; `failed` when memory did not suffice */
typedef struct buffer {
  char *bytes;
  size_t length, capacity;
  bool failed;
} buffer;

void buffer_append(buffer *b, const void *bytes, size_t length);
void buffer_string(buffer *b, const char *text);
void push_buffers(lua_State *L, buffer *first, buffer *second);

#endif
