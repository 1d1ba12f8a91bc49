#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int count_entries(const char *path) {
  DIR *folder = opendir(path);
  int count = 0;
  if (folder == NULL) return -1;
  while (readdir(folder) != NULL) count++;
  closedir(folder);
  return count;
}

int open_descriptors(void) { return count_entries("/proc/self/fd"); }
int count_threads(void) { return count_entries("/proc/self/task") - 2; }

long resident_kilobytes(void) {
  long pages = 0, ignored = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL || fscanf(file, "%ld %ld", &ignored, &pages) != 2) pages = 0;
  if (file != NULL) fclose(file);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

int has_stray_child(void) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

void make_folder(char path[64]) {
  const char *base = getenv("TMPDIR");
  snprintf(path, 64, "%.40s/hazards-XXXXXX", base != NULL ? base : "/tmp");
  if (mkdtemp(path) == NULL) {
    perror(path);
    exit(1);
  }
}

void remove_folder(const char *path) {
  DIR *folder = opendir(path);
  if (folder == NULL) return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    char name[400];
    snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    if (entry->d_name[0] != '.') unlink(name);
  }
  closedir(folder);
  rmdir(path);
}

const char *speaker(void) {
  const char *path = getenv("HAZARDS_SPEAKER");
  if (path == NULL) {
    fprintf(stderr, "HAZARDS_SPEAKER must name the program that speaks: Scripts/hazards does\n");
    exit(1);
  }
  return path;
}
