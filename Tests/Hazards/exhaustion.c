/* A standard call while the system runs out of something (failures H11): descriptors, disk, addresses. Each level in a process
 * of its own; the call fails cleanly or goes on, another call stays, and once there is enough again the next call works.
 *
 * exhaustion descriptors   RLIMIT_NOFILE lowered to every level from none free to enough
 * exhaustion disk          journal and recordings on a full disk, a small one, and beyond RLIMIT_FSIZE
 * exhaustion memory        RLIMIT_AS at every 64 KiB above what is in use */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"

enum { SECONDS = 30 };

/* How one level went, told to the process that goes through them. */
typedef struct outcome {
  int is_over, opened, answered, ended, recordings, lost_bystander, leaked, later_failed, stray;
  int32_t problem;
} outcome;

static phones all;
static char folder[64];
static outcome *shared;
static int has_small_disk;

static rlim_t addresses_in_use(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file == NULL || fscanf(file, "%lu", &pages) != 1) pages = 0;
  if (file != NULL) fclose(file);
  return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void play(scene *s, outcome *o, int resource, rlim_t limit) {
  struct rlimit before, lower;
  int stands = 0;
  memset(o, 0, sizeof *o);
  getrlimit(resource, &before);
  lower = before;
  lower.rlim_cur = limit;
  if (limit != RLIM_INFINITY) setrlimit(resource, &lower);
  o->opened = scene_open(s, &all, folder) == 0;
  if (o->opened) {
    if (limit != RLIM_INFINITY) setrlimit(resource, &before);
    scene_bystander(s);
    stands = scene_drive(s, 5000, scene_has_bystander);
    if (limit != RLIM_INFINITY) setrlimit(resource, &lower);
    scene_call(s);
    o->ended = scene_drive(s, 3000, scene_has_ended);
    o->answered = s->answered > 0;
    o->recordings = s->recordings;
  }
  if (limit != RLIM_INFINITY) setrlimit(resource, &before);
  if (stands) o->lost_bystander = !scene_bystander_lives(s);
  o->problem = s->problem;
  scene_close(s);
}

/* The first call of the process is as any, but for one that lacks memory: what it uses stays mapped. Then the one that lacks
 * something, then another as any. */
static void run_level(int resource, rlim_t limit) {
  scene s;
  outcome first, later, *o = shared;
  alarm(SECONDS);
  if (resource != RLIMIT_AS) play(&s, &first, resource, RLIM_INFINITY);
  int descriptors = open_descriptors(), threads = count_threads();
  if (resource == RLIMIT_AS) limit += addresses_in_use();
  play(&s, o, resource, limit);
  o->stray = has_stray_child();
  o->leaked = open_descriptors() != descriptors || count_threads() != threads;
  if (has_small_disk) umount2(folder, MNT_DETACH);
  play(&s, &later, resource, RLIM_INFINITY);
  o->later_failed = !later.ended || !later.answered || later.recordings < 1 || later.lost_bystander;
  o->is_over = 1;
  _exit(0);
}

/* 1 when the level was endured; what happened is in `shared`. */
static int endure(int resource, rlim_t limit, const char *what, long level) {
  int status = 0;
  memset(shared, 0, sizeof *shared);
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) run_level(resource, limit);
  CHECK(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status) && shared->is_over && !shared->leaked && !shared->later_failed && !shared->lost_bystander &&
      !shared->stray)
    return 1;
  fprintf(stderr, "%s %ld: status %x, leaked %d, next failed %d, other call lost %d, process left %d, problem %d\n", what, level,
          (unsigned)status, shared->leaked, shared->later_failed, shared->lost_bystander, shared->stray, (int)shared->problem);
  return 0;
}

/* From no descriptor free to as many as make no difference. */
static int descriptors(void) {
  int failed = 0, refused = 0, unanswered = 0, levels = 0, whole = 0;
  int used = open_descriptors() - 3; /* "." and "..", and the folder that is read */
  for (; levels < 100 && whole < 3; levels++) {
    failed += !endure(RLIMIT_NOFILE, (rlim_t)(used + levels), "free descriptors", levels);
    refused += !shared->opened;
    unanswered += shared->opened && !shared->answered;
    whole = shared->answered && shared->recordings >= 2 && shared->problem == 0 ? whole + 1 : 0;
  }
  printf("descriptors: %d levels; at %d no agent, at %d no call, the rest with what there was; %d failed\n", levels, refused,
         unanswered, failed);
  return failed != 0 || whole < 3;
}

static int disk(void) {
  int failed = 0, levels = 0, cut = 0;
  /* Octets a file may have: the kernel would end whoever writes more. */
  for (long limit = 0; limit < 65536; limit = limit < 64 ? limit + 22 : limit * 2, levels++) {
    failed += !endure(RLIMIT_FSIZE, (rlim_t)limit, "octets a file may have", limit);
    cut += shared->recordings < 2;
  }
  /* A disk of one to sixteen pages: needs the right to mount in a namespace of our own. */
  int has_mount = unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
  for (int pages = 1; has_mount && pages <= 16; pages++, levels++) {
    char size[32];
    snprintf(size, sizeof size, "size=%dk", 4 * pages);
    if (mount("none", folder, "tmpfs", 0, size) != 0) {
      has_mount = 0;
      break;
    }
    has_small_disk = 1;
    failed += !endure(RLIMIT_CORE, RLIM_INFINITY, "pages of a disk", pages);
    umount2(folder, MNT_DETACH);
    has_small_disk = 0;
  }
  printf("disk: %d levels%s; at %d recordings were cut; %d failed\n", levels,
         has_mount ? ", small disks among them" : " (nothing can be mounted here: no small disks)", cut, failed);
  return failed != 0;
}


/* What is left of the addresses. Whether the process ends for want of memory is what is counted. */
static int memory(void) {
  int failed = 0, levels = 0, refused = 0, answered = 0, whole = 0;
  for (long left = 0; left <= 24 << 20 && whole < 3; left += left < 2 << 20 ? 64 << 10 : 512 << 10, levels++) {
    failed += !endure(RLIMIT_AS, (rlim_t)left, "octets of addresses", left);
    refused += shared->problem == RCML_E_SYSTEM;
    answered += shared->answered;
    whole = shared->answered && shared->recordings >= 2 && shared->problem == 0 ? whole + 1 : 0;
  }
  printf("memory: %d levels; at %d functions were refused, at %d the call was answered; %d failed\n", levels, refused, answered,
         failed);
  return failed != 0;
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  int result = 2;
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(shared != MAP_FAILED);
  phones_start(&all);
  make_folder(folder);
  if (strcmp(what, "descriptors") == 0) result = descriptors();
  if (strcmp(what, "disk") == 0) result = disk();
  if (strcmp(what, "memory") == 0) result = memory();
  phones_end(&all);
  remove_folder(folder);
  return result;
}
