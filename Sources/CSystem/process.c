#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "internal.h"

int system_process(void) { return (int)getpid(); }

int system_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > INT32_MAX) return INT32_MAX;
  return (int)limit.rlim_cur;
}

/* The kernel empties the page in a child, whoever forked it, and asking costs no call of the system. */
const volatile uint8_t *system_mark_create(void) {
  size_t size = (size_t)sysconf(_SC_PAGESIZE);
  uint8_t *mark = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mark == MAP_FAILED) return NULL;
  if (madvise(mark, size, MADV_WIPEONFORK) == 0) {
    *mark = 1;
    return mark;
  }
  (void)munmap(mark, size);
  return NULL;
}

void system_mark_destroy(const volatile uint8_t *mark) {
  if (mark != NULL) (void)munmap((void *)mark, (size_t)sysconf(_SC_PAGESIZE));
}
