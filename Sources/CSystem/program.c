#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

enum { ARGUMENTS = 16 };

/* A file without a name. Never one of the descriptors 0 to 2, which a host may have closed: the child's are made
 * of it. */
static int open_nameless(void) {
  int low = memfd_create("rcml", MFD_CLOEXEC);
  if (low < 0 || low > 2) return low < 0 ? -errno : low;
  int descriptor = fcntl(low, F_DUPFD_CLOEXEC, 3);
  int error = -errno;
  close(low);
  return descriptor < 0 ? error : descriptor;
}

static int open_input(const void *bytes, size_t length) {
  int descriptor = open_nameless();
  if (descriptor < 0) return descriptor;
  int status = system_file_write(descriptor, bytes, length);
  if (status == 0 && lseek(descriptor, 0, SEEK_SET) == 0) return descriptor;
  close(descriptor);
  return status < 0 ? status : -EIO;
}

/* Of our environment a program sees where programs are, and the language of its messages. */
static void make_environment(char *environment[3]) {
  static char usual[] = "PATH=/usr/local/bin:/usr/bin:/bin";
  environment[0] = usual;
  environment[1] = environment[2] = NULL;
  for (char **each = environ; each != NULL && *each != NULL; each++) {
    if (strncmp(*each, "PATH=", 5) == 0) environment[0] = *each;
    if (strncmp(*each, "LANG=", 5) == 0) environment[1] = *each;
  }
}

static bool is_executable(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

bool system_program_exists(const char *name) {
  if (strchr(name, '/') != NULL) return is_executable(name);
  const char *place = "/bin:/usr/bin";
  for (char **each = environ; each != NULL && *each != NULL; each++)
    if (strncmp(*each, "PATH=", 5) == 0) place = *each + 5;
  for (;;) {
    char path[4096];
    size_t length = strcspn(place, ":"), name_length = strlen(name);
    if (length + name_length + 2 < sizeof path) {
      memcpy(path, length == 0 ? "." : place, length == 0 ? 1 : length);
      size_t used = length == 0 ? 1 : length;
      path[used] = '/';
      memcpy(path + used + 1, name, name_length + 1);
      if (is_executable(path)) return true;
    }
    if (place[length] == 0) return false;
    place += length + 1;
  }
}

/* What posix_spawnp makes of `in` and `out`: descriptors 0 to 2 and no other, its own group, no signal blocked or
 * ignored. */
static int spawn(pid_t *process, char *const *arguments, int in, int out) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (posix_spawn_file_actions_init(&actions) != 0) return -ENOMEM;
  if (posix_spawnattr_init(&attributes) != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return -ENOMEM;
  }
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int error = posix_spawn_file_actions_adddup2(&actions, in, 0);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, out, 1);
  if (error == 0)
    error = posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  char *environment[3];
  make_environment(environment);
  if (error == 0)
    error = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return -error;
}

int system_program_start(
    const char *arguments, int count, const void *input, size_t length, size_t output_limit,
    system_program *out) {
  char *vector[ARGUMENTS + 1] = {NULL};
  if (count < 1 || count > ARGUMENTS) return -EINVAL;
  for (int i = 0; i < count; i++, arguments += strlen(arguments) + 1)
    vector[i] = (char *)(uintptr_t)arguments;
  int in = open_input(input, length);
  if (in < 0) return in;
  out->output = open_nameless();
  if (out->output < 0) {
    close(in);
    return out->output;
  }
  pid_t process = 0;
  int status = spawn(&process, vector, in, out->output);
  close(in);
  if (status < 0) {
    close(out->output);
    return status;
  }
  out->process = process;
  struct rlimit limit = {.rlim_cur = output_limit, .rlim_max = output_limit};
  (void)prlimit(process, RLIMIT_FSIZE, &limit, NULL);
  out->descriptor = (int)syscall(SYS_pidfd_open, process, 0);
  if (out->descriptor >= 0) return 0;
  status = -errno;
  /* A host that does not wait for children has the kernel take it the moment it ends: something else is readable. */
  if (status == -ESRCH) out->descriptor = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  if (out->descriptor >= 0) return 0;
  if (status != -ESRCH) {
    kill(-process, SIGKILL);
    (void)waitpid(process, NULL, 0);
  }
  close(out->output);
  return status;
}

/* A host that waits for every child may have taken ours: its number may be another's by now, so nobody is killed. */
static int look(const system_program *program, siginfo_t *info, int options) {
  memset(info, 0, sizeof *info);
  while (waitid((idtype_t)P_PIDFD, (id_t)program->descriptor, info, WEXITED | options) < 0)
    if (errno != EINTR) return -errno;
  return 0;
}

void system_program_kill(const system_program *program) {
  siginfo_t info;
  if (look(program, &info, WNOHANG | WNOWAIT) == 0) kill(-program->process, SIGKILL);
}

int system_program_end(const system_program *program) {
  siginfo_t info;
  int status = look(program, &info, WNOHANG | WNOWAIT);
  if (status == 0) {
    if (info.si_pid == 0) return -EAGAIN;
    /* Until it has been waited for, its group's number is nobody else's. */
    kill(-program->process, SIGKILL);
    status = look(program, &info, WNOHANG);
  }
  /* How it ended nobody can say any more when the host took it: its output will tell. */
  return status < 0 || (info.si_code == CLD_EXITED && info.si_status == 0) ? 1 : 0;
}

void system_program_abandon(const system_program *program) {
  system_program_kill(program);
  struct pollfd ended = {.fd = program->descriptor, .events = POLLIN};
  (void)poll(&ended, 1, 1000);
  (void)system_program_end(program);
  close(program->descriptor);
  close(program->output);
}
