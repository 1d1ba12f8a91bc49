#include "calls.h"

#include <stdio.h>
#include <stdlib.h>

static struct {
  uint32_t *microseconds;
  size_t count, room;
} delays[DELAY_KINDS];

static const char *const names[DELAY_KINDS] = {"invite", "answer", "cancel", "late"};

void delays_add(enum delay_kind kind, int64_t nanoseconds) {
  if (delays[kind].count == delays[kind].room) {
    delays[kind].room = delays[kind].room > 0 ? 2 * delays[kind].room : 4096;
    delays[kind].microseconds = realloc(delays[kind].microseconds, delays[kind].room * sizeof(uint32_t));
    if (delays[kind].microseconds == NULL) abort();
  }
  int64_t microseconds = nanoseconds / 1000;
  delays[kind].microseconds[delays[kind].count++] = microseconds > 0 ? (uint32_t)microseconds : 0;
}

static int ascending(const void *one, const void *other) {
  uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
  return a < b ? -1 : a > b;
}

/* Members of a JSON object, each with a comma behind it; null where there was none of a kind. */
void delays_print(void) {
  for (int kind = 0; kind < DELAY_KINDS; kind++) {
    size_t count = delays[kind].count;
    if (count == 0) {
      printf("\"%s\":null,", names[kind]);
      continue;
    }
    uint32_t *sorted = delays[kind].microseconds;
    qsort(sorted, count, sizeof *sorted, ascending);
    printf("\"%s\":{\"p50\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u},", names[kind], sorted[count / 2],
           sorted[count * 99 / 100], sorted[count * 999 / 1000], sorted[count - 1]);
  }
}
