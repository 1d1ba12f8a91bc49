/* A standard call with one failure, at every point where there can be one (failures H11): each in a process of its own,
 * which must go on, give back what it took, and then place the same call without a failure.
 *
 * sweep system|library|others [--points N] [--cold] [--length N] [--variant N] [--only N] [--traps N]
 *   --points N    that many, evenly spread; without it all
 *   --cold        the failure hits the first call of its process; otherwise the second, and memory is counted, too
 *   --length N    so many failures in a row
 *   --variant N   which of the errors a call may have
 *   --only N      this point alone, with what it says
 *   --traps N     so many processes may be ended for want of memory: libstdc++ asks for some in its own name, for the
 *                 names of types that Swift's runtime reads when it first meets them */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "scene.h"

enum { POINTS = 100000, WORKERS = 12, SECONDS = 25 };

typedef struct outcome {
  int is_over, has_ended, has_answered, opened;
  int lost_bystander, descriptors, threads, stray, later_failed;
  long blocks, counted;
  int32_t problem;
  int error;
  char function[32], caller[64];
} outcome;

typedef struct options {
  int kinds, is_cold, variant;
  long traps, points, length, only;
} options;

static phones all;
static char folder[64];

static void describe(outcome *o, const fault *f) {
  Dl_info info;
  if (f->function == NULL) return;
  snprintf(o->function, sizeof o->function, "%s", f->function);
  o->error = f->error;
  if (dladdr(f->caller, &info) == 0) return;
  const char *file = strrchr(info.dli_fname, '/');
  snprintf(
      o->caller, sizeof o->caller, "%s+%lx", file != NULL ? file + 1 : info.dli_fname,
      (unsigned long)((char *)f->caller - (char *)info.dli_fbase));
}

/* Where it ends, for whoever looks for the reason. */
static void ended_by(int number) {
  void *frames[64];
  backtrace_symbols_fd(frames, backtrace(frames, 64), 2);
  signal(number, SIG_DFL);
  raise(number);
}

/* One call; how it went is in `s` and `o`. */
static void play(scene *s, outcome *o) {
  o->opened = scene_open(s, &all, folder) == 0;
  if (o->opened) {
    int stands;
    faults_pause(1);
    scene_bystander(s);
    stands = scene_drive(s, 3000, scene_has_bystander);
    faults_pause(0);
    scene_call(s);
    o->has_ended = scene_drive(s, 6000, scene_has_ended);
    o->has_answered = s->answered > 0;
    o->lost_bystander = stands && !scene_bystander_lives(s);
  }
  o->problem = s->problem;
  scene_close(s);
}

static void run_point(long point, const options *wanted, outcome *o) {
  scene s;
  outcome later = {0};
  fault f;
  alarm(SECONDS);
  if (wanted->only != 0) {
    static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) signal(deadly[i], ended_by);
  }
  if (!wanted->is_cold) play(&s, &later);
  scene_is_loud = wanted->only != 0;
  int descriptors = open_descriptors(), threads = count_threads();
  /* What a failure needs for the first time may stay; what each one costs is a leak. */
  for (int turn = 0; turn < (wanted->is_cold ? 1 : 3); turn++) {
    long blocks = faults_blocks();
    faults_arm(wanted->kinds, point, wanted->length, wanted->variant);
    play(&s, o);
    o->counted = faults_disarm(&f);
    if (turn == 0) describe(o, &f);
    o->stray |= has_stray_child();
    memset(&later, 0, sizeof later);
    play(&s, &later);
    o->later_failed |= !later.has_ended || !later.has_answered || later.lost_bystander;
    o->blocks = wanted->is_cold ? 0 : faults_blocks() - blocks;
    if (o->blocks <= 0) break;
  }
  o->descriptors = open_descriptors() - descriptors;
  /* A thread that was waited for is listed a moment longer. */
  for (int i = 0; i < 100 && count_threads() != threads; i++) usleep(2000);
  o->threads = count_threads() - threads;
  o->is_over = 1;
  _exit(0);
}

/* How many points a call has, and of what kind. */
static long count_points(const options *wanted) {
  int result[2], status;
  long points = 0;
  CHECK(pipe(result) == 0);
  pid_t child = fork();
  if (child == 0) {
    scene s;
    outcome o = {0};
    if (!wanted->is_cold) play(&s, &o);
    faults_arm(wanted->kinds, 0, 0, 0);
    play(&s, &o);
    points = faults_disarm(NULL);
    if (!o.has_ended || !o.has_answered || o.lost_bystander) {
      fprintf(stderr, "the call without a failure does not work: %d %s\n", (int)s.problem, s.sentence);
      _exit(1);
    }
    for (int i = 0; i < 64; i++) {
      long count;
      const char *name = faults_counted(i, &count);
      if (name != NULL && count > 0) fprintf(stderr, "  %6ld %s\n", count, name);
    }
    _exit(write(result[1], &points, sizeof points) == sizeof points ? 0 : 1);
  }
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(read(result[0], &points, sizeof points) == sizeof points);
  close(result[0]);
  close(result[1]);
  return points;
}

typedef struct totals {
  long runs, hit, ended, answered, unopened, refused, crashed, trapped, hung, lost, leaks, foreign, later;
} totals;

/* libosip2 5.3.0 does not ask whether what it has parsed could be put into its list, and forgets it when not. We can do
 * nothing about that: they are some hundred octets, once. */
static int is_of_libosip2(const outcome *o) {
  return strncmp(o->caller, "libosipparser2", 14) == 0 && o->blocks <= 10;
}

static void judge(long point, int status, const outcome *o, const options *wanted, totals *t) {
  char what[256] = "";
  t->runs++;
  if (WIFSIGNALED(status)) {
    int signal = WTERMSIG(status);
    int is_trap = signal == SIGILL || signal == SIGTRAP || signal == SIGABRT || signal == SIGSEGV;
    if (signal == SIGALRM) t->hung++, snprintf(what, sizeof what, "hangs");
    else if (is_trap && t->trapped < wanted->traps) t->trapped++;
    else t->crashed++, snprintf(what, sizeof what, "is ended by signal %d", signal);
  } else if (!o->is_over) {
    t->crashed++;
    snprintf(what, sizeof what, "has exited with %d", WEXITSTATUS(status));
  } else {
    t->hit += o->function[0] != 0;
    t->ended += o->has_ended;
    t->answered += o->has_answered;
    t->unopened += !o->opened;
    t->refused += o->problem != 0;
    int leaks = o->descriptors != 0 || o->threads != 0 || o->stray || o->blocks > 0;
    if (o->blocks > 0 && o->descriptors == 0 && o->threads == 0 && !o->stray && is_of_libosip2(o)) {
      t->foreign++;
      leaks = 0;
    }
    t->leaks += leaks;
    t->lost += o->lost_bystander;
    t->later += o->later_failed;
    if (leaks)
      snprintf(what, sizeof what, "leaves %d descriptors, %d threads, %d processes, %ld blocks", o->descriptors,
               o->threads, o->stray, o->blocks);
    else if (o->later_failed) snprintf(what, sizeof what, "spoils the next call");
    else if (o->lost_bystander) snprintf(what, sizeof what, "ends another call");
  }
  if (what[0] != 0 || wanted->only != 0)
    fprintf(stderr, "point %ld (%s %s, error %d): %s, ended %d, answered %d, problem %d\n", point, o->function, o->caller,
            o->error, what, o->has_ended, o->has_answered, (int)o->problem);
}

static totals sweep(const options *wanted, long points) {
  static pid_t running[WORKERS];
  static long at[WORKERS];
  totals t = {0};
  outcome *outcomes = mmap(NULL, WORKERS * sizeof *outcomes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  long runs = wanted->only != 0 ? 1 : wanted->points != 0 && wanted->points < points ? wanted->points : points;
  long given = 0, busy = 0;
  CHECK(outcomes != MAP_FAILED);
  while (given < runs || busy > 0) {
    int status, slot = 0;
    while (slot < WORKERS && running[slot] != 0) slot++;
    if (given < runs && slot < WORKERS) {
      long point = wanted->only != 0 ? wanted->only : 1 + given * points / runs;
      memset(&outcomes[slot], 0, sizeof outcomes[slot]);
      at[slot] = point;
      given++;
      busy++;
      running[slot] = fork();
      CHECK(running[slot] >= 0);
      if (running[slot] == 0) run_point(point, wanted, &outcomes[slot]);
      continue;
    }
    pid_t child = waitpid(-1, &status, 0);
    CHECK(child > 0);
    for (slot = 0; slot < WORKERS && running[slot] != child; slot++) {
    }
    CHECK(slot < WORKERS); /* otherwise the phones have ended */
    running[slot] = 0;
    busy--;
    judge(at[slot], status, &outcomes[slot], wanted, &t);
  }
  return t;
}

static int kinds_of(const char *word) {
  if (strcmp(word, "system") == 0) return FAULT_SYSTEM;
  if (strcmp(word, "library") == 0) return FAULT_LIBRARY;
  if (strcmp(word, "others") == 0) return FAULT_OTHERS;
  return 0;
}

int main(int argc, char **argv) {
  options wanted = {.length = 1, .kinds = argc > 1 ? kinds_of(argv[1]) : 0};
  CHECK(wanted.kinds != 0);
  for (int i = 2; i < argc; i++) {
    if (strcmp(argv[i], "--cold") == 0) wanted.is_cold = 1;
    else if (i + 1 == argc) return 2;
    else if (strcmp(argv[i], "--traps") == 0) wanted.traps = atol(argv[++i]);
    else if (strcmp(argv[i], "--points") == 0) wanted.points = atol(argv[++i]);
    else if (strcmp(argv[i], "--length") == 0) wanted.length = atol(argv[++i]);
    else if (strcmp(argv[i], "--variant") == 0) wanted.variant = atoi(argv[++i]);
    else if (strcmp(argv[i], "--only") == 0) wanted.only = atol(argv[++i]);
    else return 2;
  }
  phones_start(&all);
  make_folder(folder);
  long points = count_points(&wanted);
  totals t = sweep(&wanted, points);
  phones_end(&all);
  remove_folder(folder);
  printf("%s%s: %ld points in a call, %ld tried, %ld hit; %ld calls answered, %ld ended, %ld agents could not listen, %ld with a "
         "refused function; %ld crashed, %ld trapped, %ld hung, %ld left something behind (%ld more: libosip2), %ld ended another call, %ld spoiled the next\n",
         argv[1], wanted.is_cold ? ", cold" : "", points, t.runs, t.hit + t.trapped, t.answered, t.ended, t.unopened, t.refused, t.crashed,
         t.trapped, t.hung, t.leaks, t.foreign, t.lost, t.later);
  return t.crashed + t.hung + t.leaks + t.lost + t.later == 0 ? 0 : 1;
}
