#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/* Swift ends the process when it is refused memory, and so do some libraries (failures H11). So some is put by: it is given
 * back to the system the moment a request fails, which is then repeated, and whoever comes in afterwards is turned away until
 * there is as much again. Nobody touches it, so it costs addresses and no memory. */
enum { RESERVE = 1 << 20 };

static _Atomic(void *) reserve;

/* realloc(), of which the compiler would make malloc() where there is no old block. */
static void *(*volatile ask)(void *, size_t) = realloc;

bool system_memory_is_kept(void) {
  if (atomic_load(&reserve) != NULL) return true;
  void *nobody = NULL, *block = ask(NULL, RESERVE);
  if (block == NULL) return false;
  if (!atomic_compare_exchange_strong(&reserve, &nobody, block)) free(block);
  return true;
}

/* Another thread may just have done the same: what it gave back serves both. */
static void give_back(void) { free(atomic_exchange(&reserve, NULL)); }

void *system_memory_get(size_t size) {
  void *block = ask(NULL, size);
  if (block != NULL || size > RESERVE) return block;
  give_back();
  return ask(NULL, size);
}

void *system_memory_zeroed(size_t count, size_t size) {
  size_t total = 0;
  if (__builtin_mul_overflow(count, size, &total)) return NULL;
  void *block = system_memory_get(total);
  return block == NULL ? NULL : memset(block, 0, total);
}

void *system_memory_resize(void *old, size_t size) {
  void *block = realloc(old, size);
  if (block != NULL || size == 0 || size > RESERVE) return block;
  give_back();
  return realloc(old, size);
}

char *system_memory_copy(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = system_memory_get(size);
  return copy == NULL ? NULL : memcpy(copy, text, size);
}

int64_t system_memory_resident(void) {
  char text[128];
  int descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return 0;
  ssize_t length = read(descriptor, text, sizeof text - 1);
  close(descriptor);
  if (length <= 0) return 0;
  text[length] = 0;
  /* "size resident ...", in pages */
  const char *blank = strchr(text, ' ');
  return blank == NULL ? 0 : strtoll(blank + 1, NULL, 10) * sysconf(_SC_PAGESIZE);
}

void system_memory_trim(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

/* The distribution links Swift's runtime statically, and Package.swift lets the linker send here what it and the code that
 * the compiler made ask of malloc(), calloc(), posix_memalign() and operator new. That is why what stands above does not
 * call them. */
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
int __wrap_posix_memalign(void **out, size_t alignment, size_t size);
void *__wrap__Znwm(size_t size);
void *__real__Znwm(size_t size) __attribute__((weak));
void *__wrap__ZnwmSt11align_val_t(size_t size, size_t alignment);
void *__real__ZnwmSt11align_val_t(size_t size, size_t alignment) __attribute__((weak));
/* Both operators, with a const std::nothrow_t & behind. */
void *_ZnwmRKSt9nothrow_t(size_t size, const void *nothrow) __attribute__((weak));
void *_ZnwmSt11align_val_tRKSt9nothrow_t(size_t size, size_t alignment, const void *nothrow) __attribute__((weak));

void *__wrap_malloc(size_t size) { return system_memory_get(size); }

void *__wrap_calloc(size_t count, size_t size) { return system_memory_zeroed(count, size); }

int __wrap_posix_memalign(void **out, size_t alignment, size_t size) {
  size_t whole = (size + alignment - 1) / alignment * alignment;
  void *block = whole < size ? NULL : aligned_alloc(alignment, whole);
  if (block == NULL && size <= RESERVE) {
    give_back();
    block = aligned_alloc(alignment, whole);
  }
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

static const char nothrow;

/* The host may have an operator of its own, which must see what its operator delete will. */
void *__wrap__Znwm(size_t size) {
  /* A fully static program may have none: a weak name brings nothing in. */
  if (_ZnwmRKSt9nothrow_t == NULL) return __real__Znwm(size);
  void *block = _ZnwmRKSt9nothrow_t(size, &nothrow);
  if (block == NULL && size <= RESERVE) give_back();
  return block != NULL ? block : __real__Znwm(size);
}

void *__wrap__ZnwmSt11align_val_t(size_t size, size_t alignment) {
  if (_ZnwmSt11align_val_tRKSt9nothrow_t == NULL) return __real__ZnwmSt11align_val_t(size, alignment);
  void *block = _ZnwmSt11align_val_tRKSt9nothrow_t(size, alignment, &nothrow);
  if (block == NULL && size <= RESERVE) give_back();
  return block != NULL ? block : __real__ZnwmSt11align_val_t(size, alignment);
}
