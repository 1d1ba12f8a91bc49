/* Three standard calls, and what a process is afterwards: nothing was written to standard output or error, every signal is
 * handled and blocked as before, and locale, folder, mask of files, environment and limits are as they were (failures H8).
 * Scripts/hazards runs it under strace, and Tests/Hazards/audit.py reads what strace saw between the two marks. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scene.h"

extern char **environ;

typedef struct facts {
  struct sigaction handled[65];
  sigset_t blocked;
  char locale[256], folder[256];
  mode_t mask;
  int variables, rounding, standard_flags[3];
  struct rlimit limits[RLIM_NLIMITS];
} facts;

static void learn(facts *f) {
  memset(f, 0, sizeof *f);
  for (int i = 1; i < 65; i++) sigaction(i, NULL, &f->handled[i]);
  sigprocmask(SIG_SETMASK, NULL, &f->blocked);
  snprintf(f->locale, sizeof f->locale, "%s", setlocale(LC_ALL, NULL));
  CHECK(getcwd(f->folder, sizeof f->folder) != NULL);
  f->mask = umask(0);
  umask(f->mask);
  while (environ[f->variables] != NULL) f->variables++;
  f->rounding = fegetround();
  for (int i = 0; i < 3; i++) f->standard_flags[i] = fcntl(i, F_GETFL);
  for (int i = 0; i < RLIM_NLIMITS; i++) getrlimit((__rlimit_resource_t)i, &f->limits[i]);
}

/* Where strace's log begins and ends to count. */
static void mark(const char *name) { CHECK(access(name, F_OK) != 0); }

int main(void) {
  phones all;
  char folder[64], path[] = "silence-XXXXXX";
  facts before, after;
  struct stat written;
  scene s;
  CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
  phones_start(&all);
  make_folder(folder);
  int file = mkostemp(path, O_CLOEXEC), out = fcntl(1, F_DUPFD_CLOEXEC, 3), err = fcntl(2, F_DUPFD_CLOEXEC, 3);
  CHECK(file >= 0 && out >= 0 && err >= 0);
  unlink(path);
  fflush(NULL);
  dup2(file, 1);
  dup2(file, 2);
  learn(&before);
  mark("/begin-of-audit");
  int whole = 0;
  for (int i = 0; i < 3; i++) {
    if (scene_open(&s, &all, folder) != 0) break;
    scene_bystander(&s);
    scene_drive(&s, 5000, scene_has_bystander);
    scene_call(&s);
    whole += scene_drive(&s, 5000, scene_has_ended) && s.answered && s.recordings >= 2 && scene_bystander_lives(&s);
    scene_close(&s);
  }
  mark("/end-of-audit");
  learn(&after);
  dup2(out, 1);
  dup2(err, 2);
  CHECK(whole == 3);
  CHECK(fstat(file, &written) == 0 && written.st_size == 0);
  for (int i = 1; i < 65; i++) {
    if (before.handled[i].sa_handler == after.handled[i].sa_handler && ((before.handled[i].sa_flags ^ after.handled[i].sa_flags) & ~0x04000000) == 0)
      continue; /* SA_RESTORER is libc's own */
    fprintf(stderr, "signal %d is handled by %p instead of %p\n", i, (void *)(intptr_t)after.handled[i].sa_handler,
            (void *)(intptr_t)before.handled[i].sa_handler);
    return 1;
  }
  memcpy(after.handled, before.handled, sizeof after.handled);
  CHECK(memcmp(&before, &after, sizeof before) == 0);
  phones_end(&all);
  remove_folder(folder);
  printf("audit: 3 calls; signals, mask, locale, folder, environment and limits as before, nothing printed\n");
  return 0;
}
