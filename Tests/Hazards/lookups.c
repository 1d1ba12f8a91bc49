/* A lookup for which there is no memory says so at once (failures H11): nobody waits for an answer that cannot come. Over
 * Sources/CSystem/names.c itself, with an allocator that refuses. */
#include <stdio.h>
#include <stdlib.h>

static int refused = -1; /* the allocation that is refused next, counted from 0; -1 = none */

static int is_refused(void) { return refused >= 0 && refused-- == 0; }
static void *get(size_t size) { return is_refused() ? NULL : malloc(size); }
static void *get_zeroed(size_t count, size_t size) { return is_refused() ? NULL : calloc(count, size); }

#define malloc get
#define calloc get_zeroed
#include "../../Sources/CSystem/names.c"
#undef malloc
#undef calloc

int system_epoll_set(int epoll, int descriptor, uint32_t events, uint64_t tag) {
  (void)epoll, (void)descriptor, (void)events, (void)tag;
  return 0;
}

int system_epoll_remove(int epoll, int descriptor) {
  (void)epoll, (void)descriptor;
  return 0;
}

void system_address_load(system_address *address, const struct sockaddr *storage) {
  (void)address, (void)storage;
}

static void expect(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "lookups: %s\n", what);
  exit(1);
}

int main(void) {
  static system_name_answer answer;
  system_names *names = system_names_create(-1, 0, "127.0.0.1:9");
  expect(names != NULL, "there can be no lookup");
  for (int each = 0; each < 2; each++) {
    for (int kind = SYSTEM_NAME_ADDRESS; kind <= SYSTEM_NAME_POINTER; kind++) {
      refused = each;
      expect(!system_names_lookup(names, 7, kind, "example.com"), "a lookup without memory is said to go on");
      refused = -1;
      expect(!system_names_next(names, &answer), "a lookup without memory has an answer");
    }
  }
  expect(system_names_lookup(names, 8, SYSTEM_NAME_SERVICE, "example.com"), "a lookup is said to fail");
  expect(system_names_use(names, "127.0.0.1:9"), "there are no other servers");
  expect(system_names_next(names, &answer) && answer.id == 8, "a lookup that was given up has no answer");
  system_names_destroy(names);
  return 0;
}
