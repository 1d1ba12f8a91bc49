/* Blocks that are given back together, and how a failure is told. */
#include "parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rcml_memory {
  struct rcml_memory *next;
  alignas(max_align_t) char octets[];
};

void *rcml_memory_block(struct rcml_memory **memory, size_t size) {
  struct rcml_memory *block = calloc(1, sizeof *block + size);
  if (!block) return NULL;
  block->next = *memory;
  *memory = block;
  return block->octets;
}

char *rcml_memory_text(struct rcml_memory **memory, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = rcml_memory_block(memory, size);
  return copy ? memcpy(copy, text, size) : NULL;
}

void rcml_module_free(void *memory) {
  struct rcml_memory *block = memory;
  while (block) {
    struct rcml_memory *next = block->next;
    free(block);
    block = next;
  }
}

int32_t rcml_fail(rcml_error *error, int32_t code, const char *format, ...) {
  va_list values;
  if (!error) return code;
  va_start(values, format);
  vsnprintf(error->message, sizeof error->message, format, values);
  va_end(values);
  error->code = code;
  error->sip_status = error->line = error->column = 0;
  return code;
}
