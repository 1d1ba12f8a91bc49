#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "internal.h"

int system_file_create(const char *path) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  return descriptor < 0 ? -errno : descriptor;
}

void system_file_remove(const char *path) { (void)unlink(path); }

int system_file_create_new(const char *path) {
  int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  return descriptor < 0 ? -errno : descriptor;
}

/* The kernel ends a process that writes beyond its limit with SIGXFSZ: we stop before (failures H8). */
static rlim_t file_limit(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_FSIZE, &limit) < 0 ? RLIM_INFINITY : limit.rlim_cur;
}

static bool is_within_limit(rlim_t limit, uint64_t offset, size_t length) {
  return limit == RLIM_INFINITY || (offset <= limit && length <= limit - offset);
}

int system_file_write(int descriptor, const void *bytes, size_t length) {
  const uint8_t *rest = bytes;
  struct stat status;
  rlim_t limit = file_limit();
  if (limit != RLIM_INFINITY && fstat(descriptor, &status) == 0 &&
      !is_within_limit(limit, (uint64_t)status.st_size, length))
    return -EFBIG;
  while (length > 0) {
    ssize_t written = write(descriptor, rest, length);
    if (written < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    if (written == 0) return -EIO;
    rest += written;
    length -= (size_t)written;
  }
  return 0;
}

int system_file_write_at(int descriptor, uint64_t offset, const void *bytes, size_t length) {
  const uint8_t *rest = bytes;
  if (!is_within_limit(file_limit(), offset, length)) return -EFBIG;
  while (length > 0) {
    ssize_t written = pwrite(descriptor, rest, length, (off_t)offset);
    if (written < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    if (written == 0) return -EIO;
    rest += written;
    offset += (uint64_t)written;
    length -= (size_t)written;
  }
  return 0;
}

int system_file_extend(int descriptor, uint64_t length) {
  if (!is_within_limit(file_limit(), 0, (size_t)length)) return -EFBIG;
  while (ftruncate(descriptor, (off_t)length) < 0)
    if (errno != EINTR) return -errno;
  return 0;
}

bool system_file_is_regular(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

int64_t system_file_room(int descriptor, uint64_t reserve) {
  struct statvfs disk;
  if (reserve == 0 || !system_file_is_regular(descriptor)) return INT64_MAX;
  if (fstatvfs(descriptor, &disk) < 0 || disk.f_blocks == 0) return INT64_MAX;
  uint64_t all = (uint64_t)disk.f_blocks * disk.f_frsize, left = (uint64_t)disk.f_bavail * disk.f_frsize;
  if (reserve > all / 10) reserve = all / 10;
  return left > reserve ? (int64_t)(left - reserve) : 0;
}

int system_file_replace(const char *path, const char *older) {
  return rename(path, older) < 0 && errno != ENOENT ? -errno : 0;
}

int system_file_open(const char *path) {
  /* Opening a FIFO would wait for its writer. */
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) return -errno;
  struct stat status;
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  close(descriptor);
  return -EINVAL;
}

int64_t system_file_size(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) < 0 ? -errno : (int64_t)status.st_size;
}

int64_t system_file_read(int descriptor, void *buffer, size_t size) {
  uint8_t *room = buffer;
  size_t got = 0;
  while (got < size) {
    ssize_t count = pread(descriptor, room + got, size - got, (off_t)got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return -errno;
    if (count == 0) break;
    got += (size_t)count;
  }
  return (int64_t)got;
}
