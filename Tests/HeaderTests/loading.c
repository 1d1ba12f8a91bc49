/* Loaded and unloaded 1,000 times, with an agent each tenth time: nothing starts on load, nothing breaks (failures H5).
 * Argument: the library. Uses nothing of it by linking. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <rcml.h>
#include <stdio.h>
#include <string.h>

typedef rcml_agent *(*create_function)(rcml_error *);
typedef int32_t (*destroy_function)(rcml_agent *);

static void *symbol(void *library, const char *name, void *function) {
  void *found = dlsym(library, name);
  memcpy(function, &found, sizeof found);
  return found;
}

int main(int argc, char **argv) {
  int i;
  if (argc != 2) return 2;
  for (i = 0; i < 1000; i++) {
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    create_function create;
    destroy_function destroy;
    if (!library) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    if (!symbol(library, "rcml_agent_create", &create)) return 1;
    if (!symbol(library, "rcml_agent_destroy", &destroy)) return 1;
    if (i % 10 == 0) {
      rcml_agent *agent = create(NULL);
      if (!agent || destroy(agent) != RCML_OK) return 1;
    }
    dlclose(library);
  }
  return 0;
}
