/* slowdisk.so: a disk that takes its time, for whoever is started with it in LD_PRELOAD. Whatever is done with a file below
 * SLOW_DISK waits SLOW_DISK_MS milliseconds first: making, writing, closing and removing it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static int is_slow_path(const char *path) {
  const char *folder = getenv("SLOW_DISK");
  return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_slow(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_slow_path(path);
}

static void wait_for_the_disk(void) {
  const char *text = getenv("SLOW_DISK_MS");
  long milliseconds = text == NULL ? 0 : atol(text);
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static int open_late(const char *name, const char *path, int flags, mode_t mode) {
  int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
  if (is_slow_path(path) && (flags & O_CREAT) != 0) wait_for_the_disk();
  return next(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open_late("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
  va_end(list);
  return open_late("open64", path, flags, mode);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  ssize_t (*next)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  if (length > 8 && is_slow(descriptor)) wait_for_the_disk();
  return next(descriptor, bytes, length);
}

static ssize_t write_late(const char *name, int descriptor, const void *bytes, size_t length, off_t offset) {
  ssize_t (*next)(int, const void *, size_t, off_t) = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name);
  if (is_slow(descriptor)) wait_for_the_disk();
  return next(descriptor, bytes, length, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_late("pwrite", descriptor, bytes, length, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off_t offset) {
  return write_late("pwrite64", descriptor, bytes, length, offset);
}

int unlink(const char *path) {
  int (*next)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  if (is_slow_path(path)) wait_for_the_disk();
  return next(path);
}
