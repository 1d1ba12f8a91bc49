/* The parties that a document would dial. Collected in plain memory first, as in journal.c. */
#include "module.h"

#include <stdlib.h>
#include <string.h>

enum { DIAL, TARGET, TIMEOUT, SEQUENTIAL, CODE, LINE, COLUMN, NUMBERS };

static void keep_target(void *context, const rcml_target *target) {
  int32_t numbers[NUMBERS];
  numbers[DIAL] = target->dial;
  numbers[TARGET] = target->target;
  numbers[TIMEOUT] = target->timeout;
  numbers[SEQUENTIAL] = target->sequential;
  numbers[CODE] = target->code;
  numbers[LINE] = target->line;
  numbers[COLUMN] = target->column;
  buffer_append(context, numbers, sizeof numbers);
  buffer_string(context, target->noun);
  buffer_string(context, target->text);
  buffer_string(context, target->uri);
  buffer_string(context, target->headers);
  buffer_string(context, target->attributes);
  buffer_string(context, target->username);
  buffer_string(context, target->password);
}

/* What does not apply is absent. */
static const char *push_listed_target(lua_State *L, const char *at) {
  static const char *const texts[] = {"noun", "text", "uri", "headers", "attributes", "username", "password", NULL};
  int32_t numbers[NUMBERS];
  int i;
  memcpy(numbers, at, sizeof numbers);
  at += sizeof numbers;
  lua_newtable(L);
  set_number(L, "dial", numbers[DIAL]);
  set_number(L, "target", numbers[TARGET]);
  set_number(L, "timeout", numbers[TIMEOUT]);
  set_flag(L, "sequential", numbers[SEQUENTIAL] != 0);
  if (numbers[CODE]) set_number(L, "code", numbers[CODE]);
  set_number(L, "line", numbers[LINE]);
  set_number(L, "column", numbers[COLUMN]);
  for (i = 0; texts[i]; i++) {
    set_text(L, texts[i], at);
    at += strlen(at) + 1;
  }
  return at;
}

/* rcml.targets(text, {base_url =, settings =}) -> list of targets | nil, err */
int module_targets(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  buffer kept = {NULL, 0, 0, false};
  size_t length, size;
  const char *text = luaL_checklstring(L, 1, &length);
  const char *at, *end;
  int32_t code;
  int count = 0;
  read_check_options(L, &options);
  code = rcml_document_targets(length == 0 ? "" : text, length, &options, keep_target, &kept, &error);
  if (code < 0) {
    free(kept.bytes);
    return fail(L, code, &error);
  }
  push_buffers(L, &kept, NULL);
  at = lua_tolstring(L, -1, &size);
  end = at + size;
  lua_newtable(L);
  while (at < end) {
    at = push_listed_target(L, at);
    lua_rawseti(L, -2, ++count);
  }
  return 1;
}
