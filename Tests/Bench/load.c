/* What it costs a host to have the library: load LIBRARY prints one line: milliseconds of dlopen, of a first agent that
 * listens, of both; kilobytes of memory that became this process's own (written to), and kilobytes that became
 * resident, of which the rest are pages of files that all processes share. */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <rcml.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Kilobytes in the line of smaps_rollup that begins with `word`. */
static long kilobytes(const char *word) {
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  char line[256];
  long number = -1;
  if (!file) return -1;
  while (fgets(line, sizeof line, file))
    if (!strncmp(line, word, strlen(word))) sscanf(line + strlen(word), "%ld", &number);
  fclose(file);
  return number;
}

int main(int argc, char **argv) {
  double start, loaded, made;
  long resident, own;
  void *library;
  rcml_agent *(*create)(rcml_error *) = NULL;
  int32_t (*listen)(rcml_agent *, const char *, rcml_error *) = NULL;
  int32_t (*destroy)(rcml_agent *) = NULL;
  rcml_agent *agent;
  if (argc != 2) return 2;
  (void)now_ms();
  resident = kilobytes("Rss:");
  own = kilobytes("Private_Dirty:");
  start = now_ms();
  library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  loaded = now_ms();
  if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
  *(void **)&create = dlsym(library, "rcml_agent_create");
  *(void **)&listen = dlsym(library, "rcml_agent_listen");
  *(void **)&destroy = dlsym(library, "rcml_agent_destroy");
  agent = create ? create(NULL) : NULL;
  if (!agent || !listen || listen(agent, "udp:127.0.0.1:0", NULL) < 0) return fprintf(stderr, "it does not listen\n"), 1;
  made = now_ms();
  if (!destroy) return fprintf(stderr, "no agent\n"), 1;
  resident = kilobytes("Rss:") - resident;
  own = kilobytes("Private_Dirty:") - own;
  printf("%.3f %.3f %.3f %ld %ld\n", loaded - start, made - loaded, made - start, own, resident);
  return destroy(agent);
}
