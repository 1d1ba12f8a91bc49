/* libfaults.so: stands between a program and libc, and has the n-th call fail (failures H11). */
#define _GNU_SOURCE
#include "faults.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NAMES = 64, ERRORS = 5 };

typedef struct { uintptr_t start, end; } range;

static atomic_int kinds, paused;
static atomic_long counted, blocks;
static long first, length;
static int variant;
static fault happened;
static range program, library, standard; /* the program itself; librcml.so; libstdc++, which only Swift's runtime uses */
static const char *names[NAMES];
static atomic_long name_counts[NAMES];

/* ---- Who calls */

static int lies(range r, uintptr_t at) { return at >= r.start && at < r.end; }

static int look(struct dl_phdr_info *info, size_t size, void *data) {
  range whole = {UINTPTR_MAX, 0};
  (void)size;
  int *index = data;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[i];
    if (part->p_type != PT_LOAD) continue;
    uintptr_t start = info->dlpi_addr + part->p_vaddr;
    if (start < whole.start) whole.start = start;
    if (start + part->p_memsz > whole.end) whole.end = start + part->p_memsz;
  }
  if ((*index)++ == 0) program = whole;
  if (strstr(info->dlpi_name, "librcml.so") != NULL) library = whole;
  if (strstr(info->dlpi_name, "libstdc++") != NULL) standard = whole;
  return 0;
}

/* Which kind of memory the caller wants; 0 = the program's own. */
static int kind_of(uintptr_t at) {
  if (lies(program, at)) return 0;
  return lies(library, at) || lies(standard, at) ? FAULT_LIBRARY : FAULT_OTHERS;
}

/* ---- Whether it fails */

void faults_arm(int what, long begin, long count, int choice) {
  int index = 0;
  if (program.end == 0) {
    dl_iterate_phdr(look, &index);
  }
  first = begin;
  length = count;
  variant = choice;
  memset(&happened, 0, sizeof happened);
  for (int i = 0; i < NAMES; i++) atomic_store(&name_counts[i], 0);
  atomic_store(&counted, 0);
  atomic_store(&kinds, what);
}

void faults_pause(int pauses) { atomic_store(&paused, pauses); }

long faults_disarm(fault *out) {
  atomic_store(&kinds, 0);
  if (out != NULL) *out = happened;
  return atomic_load(&counted);
}

long faults_blocks(void) { return atomic_load(&blocks); }

const char *faults_counted(int index, long *count) {
  if (index >= NAMES || names[index] == NULL) return NULL;
  *count = atomic_load(&name_counts[index]);
  return names[index];
}

static void note(const char *name) {
  for (int i = 0; i < NAMES; i++) {
    if (names[i] == NULL) names[i] = name;
    if (names[i] != name) continue;
    atomic_fetch_add(&name_counts[i], 1);
    return;
  }
}

static int is_due(int kind, const char *name, void *caller) {
  if ((atomic_load(&kinds) & kind) == 0 || atomic_load(&paused)) return 0;
  long number = atomic_fetch_add(&counted, 1) + 1;
  note(name);
  if (first == 0 || number < first || number >= first + length) return 0;
  if (happened.function == NULL) happened = (fault){name, caller, 0};
  return 1;
}

static int fails(const char *name, void *caller, const int errors[ERRORS]) {
  int count = 0;
  if ((atomic_load(&kinds) & FAULT_SYSTEM) == 0 || lies(program, (uintptr_t)caller)) return 0;
  if (!is_due(FAULT_SYSTEM, name, caller)) return 0;
  while (count < ERRORS && errors[count] != 0) count++;
  int error = errors[variant % count];
  if (happened.error == 0) happened.error = error;
  return error;
}

/* ---- Memory */

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static void *counts(void *block) {
  if (block != NULL) atomic_fetch_add(&blocks, 1);
  return block;
}

static int memory_fails(const char *name, void *caller) {
  int armed = atomic_load(&kinds) & (FAULT_LIBRARY | FAULT_OTHERS);
  if (armed == 0 || (kind_of((uintptr_t)caller) & armed) == 0 || !is_due(armed, name, caller)) return 0;
  errno = ENOMEM;
  happened.error = ENOMEM;
  return 1;
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size) { return memory_fails("malloc", CALLER) ? NULL : counts(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) {
  return memory_fails("calloc", CALLER) ? NULL : counts(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
  if (memory_fails("realloc", CALLER)) return NULL;
  if (block == NULL) return counts(__libc_realloc(NULL, size));
  if (size == 0) atomic_fetch_sub(&blocks, 1);
  return __libc_realloc(block, size);
}

void free(void *block) {
  if (block != NULL) atomic_fetch_sub(&blocks, 1);
  __libc_free(block);
}

void *memalign(size_t alignment, size_t size) {
  return memory_fails("memalign", CALLER) ? NULL : counts(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
  return memory_fails("aligned_alloc", CALLER) ? NULL : counts(__libc_memalign(alignment, size));
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  if (memory_fails("posix_memalign", CALLER)) return ENOMEM;
  void *block = counts(__libc_memalign(alignment, size));
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

/* Those of libc would ask for memory in their own name. */
char *strndup(const char *text, size_t limit) {
  size_t size = strnlen(text, limit);
  char *copy = memory_fails("strndup", CALLER) ? NULL : counts(__libc_malloc(size + 1));
  if (copy == NULL) return NULL;
  memcpy(copy, text, size);
  copy[size] = 0;
  return copy;
}

char *strdup(const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = memory_fails("strdup", CALLER) ? NULL : counts(__libc_malloc(size));
  return copy == NULL ? NULL : memcpy(copy, text, size);
}

/* ---- Calls of the operating system */

#define REAL(name)                                      \
  static __typeof__(name) *real;                        \
  if (real == NULL) {                                   \
    void *found = dlsym(RTLD_NEXT, #name);              \
    memcpy(&real, &found, sizeof found);                \
  }

/* The function, its result, parameters, arguments, what it returns when it fails, and the errors it may have. */
#define FAILS(result, name, parameters, arguments, failure, ...)      \
  result name parameters {                                            \
    static const int errors[ERRORS] = {__VA_ARGS__};                  \
    REAL(name)                                                        \
    int error = fails(#name, CALLER, errors);                         \
    if (error == 0) return real arguments;                            \
    errno = error;                                                    \
    return failure;                                                   \
  }

#define SOCKADDR __SOCKADDR_ARG
#define CONST_SOCKADDR __CONST_SOCKADDR_ARG

FAILS(int, socket, (int d, int t, int p), (d, t, p), -1, EMFILE, ENFILE, ENOBUFS, ENOMEM)
FAILS(int, socketpair, (int d, int t, int p, int v[2]), (d, t, p, v), -1, EMFILE, ENFILE)
FAILS(int, bind, (int f, CONST_SOCKADDR a, socklen_t l), (f, a, l), -1, EADDRINUSE, EACCES, ENOMEM)
FAILS(int, listen, (int f, int n), (f, n), -1, EADDRINUSE)
FAILS(int, connect, (int f, CONST_SOCKADDR a, socklen_t l), (f, a, l), -1, ENETUNREACH, EAGAIN, EADDRNOTAVAIL, ECONNREFUSED)
FAILS(int, accept4, (int f, SOCKADDR a, socklen_t *l, int g), (f, a, l, g), -1, EMFILE, ENFILE, ECONNABORTED, ENOBUFS)
FAILS(int, getsockname, (int f, SOCKADDR a, socklen_t *l), (f, a, l), -1, ENOBUFS)
FAILS(int, getsockopt, (int f, int v, int o, void *p, socklen_t *l), (f, v, o, p, l), -1, ENOBUFS, ENOMEM)
FAILS(int, setsockopt, (int f, int v, int o, const void *p, socklen_t l), (f, v, o, p, l), -1, ENOBUFS, ENOMEM, ENOPROTOOPT)
FAILS(int, shutdown, (int f, int h), (f, h), -1, ENOTCONN)
FAILS(ssize_t, send, (int f, const void *b, size_t n, int g), (f, b, n, g), -1, ECONNRESET, EPIPE, EAGAIN, ENOBUFS, EINTR)
FAILS(ssize_t, recv, (int f, void *b, size_t n, int g), (f, b, n, g), -1, ECONNRESET, EAGAIN, ETIMEDOUT, EINTR)
FAILS(ssize_t, sendto, (int f, const void *b, size_t n, int g, CONST_SOCKADDR a, socklen_t l), (f, b, n, g, a, l), -1,
      ENOBUFS, EPERM, ENETUNREACH)
FAILS(ssize_t, recvfrom, (int f, void *b, size_t n, int g, SOCKADDR a, socklen_t *l), (f, b, n, g, a, l), -1,
      ECONNREFUSED, EAGAIN, ENOMEM)
FAILS(ssize_t, recvmsg, (int f, struct msghdr *m, int g), (f, m, g), -1, ENOMEM, EAGAIN, EINTR)
FAILS(int, sendmmsg, (int f, struct mmsghdr *m, unsigned n, int g), (f, m, n, g), -1, ENOBUFS, EAGAIN, EPERM, ENETUNREACH, EINTR)
FAILS(ssize_t, sendmsg, (int f, const struct msghdr *m, int g), (f, m, g), -1, ENOBUFS, EAGAIN, EPERM, ENETUNREACH, EINTR)
FAILS(int, recvmmsg, (int f, struct mmsghdr *m, unsigned n, int g, struct timespec *t), (f, m, n, g, t), -1,
      ENOMEM, ECONNREFUSED, EINTR, ENOBUFS)
FAILS(int, epoll_create1, (int g), (g), -1, EMFILE, ENFILE, ENOMEM)
FAILS(int, epoll_ctl, (int e, int o, int f, struct epoll_event *v), (e, o, f, v), -1, ENOSPC, ENOMEM)
FAILS(int, epoll_wait, (int e, struct epoll_event *v, int n, int t), (e, v, n, t), -1, EINTR)
FAILS(int, poll, (struct pollfd *p, nfds_t n, int t), (p, n, t), -1, EINTR, ENOMEM)
FAILS(int, eventfd, (unsigned c, int g), (c, g), -1, EMFILE, ENFILE, ENOMEM)
FAILS(int, timerfd_create, (int c, int g), (c, g), -1, EMFILE, ENFILE, ENOMEM)
FAILS(int, timerfd_settime, (int f, int g, const struct itimerspec *n, struct itimerspec *o), (f, g, n, o), -1, EINVAL)
FAILS(int, memfd_create, (const char *n, unsigned g), (n, g), -1, EMFILE, ENFILE, ENOMEM)
FAILS(ssize_t, read, (int f, void *b, size_t n), (f, b, n), -1, EIO, EINTR, EAGAIN)
FAILS(ssize_t, write, (int f, const void *b, size_t n), (f, b, n), -1, ENOSPC, EIO, EDQUOT, EINTR)
FAILS(ssize_t, pread, (int f, void *b, size_t n, off_t o), (f, b, n, o), -1, EIO, EINTR)
FAILS(ssize_t, pwrite, (int f, const void *b, size_t n, off_t o), (f, b, n, o), -1, ENOSPC, EIO, EDQUOT, EINTR)
FAILS(int, ftruncate, (int f, off_t n), (f, n), -1, ENOSPC, EIO, EDQUOT, EINTR)
FAILS(int, fstat, (int f, struct stat *s), (f, s), -1, EIO, EOVERFLOW)
FAILS(off_t, lseek, (int f, off_t o, int w), (f, o, w), -1, EINVAL)
FAILS(int, unlink, (const char *p), (p), -1, EACCES, EROFS)
FAILS(ssize_t, getrandom, (void *b, size_t n, unsigned g), (b, n, g), -1, EINTR, ENOSYS)
FAILS(int, waitid, (idtype_t t, id_t i, siginfo_t *s, int o), (t, i, s, o), -1, EINTR)
FAILS(int, getrlimit, (__rlimit_resource_t r, struct rlimit *l), (r, l), -1, EPERM)
FAILS(int, prlimit, (pid_t p, __rlimit_resource_t r, const struct rlimit *n, struct rlimit *o), (p, r, n, o), -1, EPERM)
FAILS(int, pthread_create, (pthread_t *t, const pthread_attr_t *a, void *(*r)(void *), void *x), (t, a, r, x), errno, EAGAIN)
FAILS(int, posix_spawnp,
      (pid_t *p, const char *f, const posix_spawn_file_actions_t *x, const posix_spawnattr_t *a, char *const v[],
       char *const e[]),
      (p, f, x, a, v, e), errno, EAGAIN, ENOMEM, ENOENT, EMFILE)

int open(const char *path, int flags, ...) {
  static const int errors[ERRORS] = {EMFILE, ENOSPC, EACCES, EIO, ENFILE};
  REAL(open)
  va_list rest;
  va_start(rest, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  int error = fails("open", CALLER, errors);
  if (error == 0) return real(path, flags, mode);
  errno = error;
  return -1;
}

int fcntl(int descriptor, int command, ...) {
  static const int errors[ERRORS] = {EMFILE, EINVAL};
  REAL(fcntl)
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  int error = fails("fcntl", CALLER, errors);
  if (error == 0) return real(descriptor, command, argument);
  errno = error;
  return -1;
}

/* Only the one call that has no function of its own. */
long syscall(long number, ...) {
  static const int errors[ERRORS] = {EMFILE, ENOMEM, ENFILE};
  REAL(syscall)
  va_list rest;
  long given[6];
  va_start(rest, number);
  for (int i = 0; i < 6; i++) given[i] = va_arg(rest, long);
  va_end(rest);
  int error = number == SYS_pidfd_open ? fails("pidfd_open", CALLER, errors) : 0;
  if (error == 0) return real(number, given[0], given[1], given[2], given[3], given[4], given[5]);
  errno = error;
  return -1;
}

/* The descriptor is gone even when it fails (close(2), "Dealing with error returns"). */
int close(int descriptor) {
  static const int errors[ERRORS] = {EINTR, EIO};
  REAL(close)
  int error = fails("close", CALLER, errors), result = real(descriptor);
  if (error == 0) return result;
  errno = error;
  return -1;
}
