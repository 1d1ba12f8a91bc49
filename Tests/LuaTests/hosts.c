/* What a host does to a plugin: many Lua states in one process, opened and closed in any order, on several threads, in
 * the middle of calls, and left by exit. hosts STATES THREADS SECONDS; LUA_CPATH leads to the module. Prints nothing
 * when all is well, but for figures when FIGURES is set. Scripts/test-lua builds it for each Lua. */
#include <fcntl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATES_PER_THREAD = 8, MOST_THREADS = 64 };

static const char *own_path;
static int prints_figures;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void fail(const char *what) {
  fprintf(stderr, "hosts: %s\n", what ? what : "(no words)");
  _exit(1);
}

static long resident_kilobytes(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &pages, &resident) != 2) fail("no /proc/self/statm");
  fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int open_descriptors(void) {
  int count = 0, i;
  for (i = 0; i < 4096; i++) count += fcntl(i, F_GETFD) != -1;
  return count;
}

static lua_State *open_state(const char *script) {
  lua_State *L = luaL_newstate();
  if (!L) fail("no Lua state");
  luaL_openlibs(L);
  if (luaL_loadstring(L, script) != 0 || lua_pcall(L, 0, 0, 0) != 0) fail(lua_tostring(L, -1));
  return L;
}

/* Calls a global function of the state; its result as a number. */
static long run(lua_State *L, const char *function) {
  long result;
  lua_getglobal(L, function);
  if (lua_pcall(L, 0, 1, 0) != 0) fail(lua_tostring(L, -1));
  result = lua_isnumber(L, -1) ? (long)lua_tonumber(L, -1) : lua_toboolean(L, -1);
  lua_pop(L, 1);
  return result;
}

/* A phone and a caller that talk until told to end. */
static const char talk[] =
    "local rcml = require 'rcml'\n"
    "local phone = assert(rcml.agent { listen = 'udp:127.0.0.1:0' })\n"
    "local agent = assert(rcml.agent { listen = 'udp:127.0.0.1:0' })\n"
    "local calls, call = 0\n"
    "phone:on('incoming', function(incoming) incoming:answer() end)\n"
    "local uri = phone:listeners()[1]\n"
    "function step() phone:run(0.001) agent:run(0.001) end\n"
    "function begin() call = assert(agent:call { to = uri, document = '<Response><Pause length=\"600\"/></Response>' }) end\n"
    "function talks() step() return call.status == 'in-progress' end\n"
    "function hang_up() return call:hang_up() ~= nil end\n"
    "function ended() step() return call.status == 'completed' end\n"
    "function one_call()\n" /* a step of a program that calls again and again */
    "  if not call then begin() end\n"
    "  step()\n"
    "  if call.events.answered and not call.hung then call.hung = true call:hang_up() end\n"
    "  if call.events.ended then call = nil calls = calls + 1 end\n"
    "  return calls\n"
    "end\n";

/* What another script of the host may leave behind: idle, waiting, ringing, talking, failing, collected, closed. */
static const char leaves[] =
    "local rcml = require 'rcml'\n"
    "local phone = assert(rcml.agent { listen = 'udp:127.0.0.1:0' })\n"
    "local agent = assert(rcml.agent { listen = 'udp:127.0.0.1:0' })\n"
    "local uri, kind = phone:listeners()[1], KIND\n"
    "local function turn(count) for _ = 1, count do agent:process() phone:process() end end\n"
    "phone:on('incoming', function(call)\n"
    "  if kind == 5 then error('a handler fails') end\n"
    "  if kind >= 4 then call:answer() else call:ring() end\n"
    "end)\n"
    "if kind == 1 then agent:spawn(function() agent:wait 'incoming' end) end\n"
    "if kind >= 3 then\n"
    "  call = assert(agent:call { to = uri, document = '<Response><Pause length=\"600\"/></Response>' })\n"
    "  agent:spawn(function() call:wait('ended', 60) end)\n"
    "  local ok, message = pcall(turn, 8)\n"
    "  assert(ok == (kind ~= 5) and (ok or message:find 'a handler fails'), message)\n"
    "end\n"
    "if kind == 6 then call, agent = nil, nil collectgarbage() collectgarbage() end\n"
    "if kind == 7 then agent:close() phone:close() agent:close() end\n"
    "kept = { agent, phone }\n";

static lua_State *open_leaver(int kind) {
  char script[sizeof leaves + 32];
  snprintf(script, sizeof script, "KIND = %d\n%s", kind, leaves);
  return open_state(script);
}

/* States come and go while a call runs in one of them. */
static void many_states(int count) {
  lua_State *host = open_state(talk);
  double begun = seconds();
  long before = 0;
  int i, descriptors = 0;
  run(host, "begin");
  while (!run(host, "talks")) {
    if (seconds() - begun > 10) fail("the call was not answered");
  }
  for (i = 0; i < count; i++) {
    lua_close(open_leaver(i % 8));
    if (!run(host, "talks")) fail("the call of another state ended");
    if (i == count / 4) {
      before = resident_kilobytes();
      descriptors = open_descriptors();
    }
  }
  if (prints_figures)
    fprintf(stderr, "%d states while a call runs: %.2f s, %ld KiB more after the first quarter, %d descriptors more\n",
            count, seconds() - begun, resident_kilobytes() - before, open_descriptors() - descriptors);
  if (count >= 1000 && resident_kilobytes() - before > 16384) fail("more than 16 MiB stayed behind");
  if (!run(host, "hang_up")) fail("the call could not be hung up");
  begun = seconds();
  while (!run(host, "ended")) {
    if (seconds() - begun > 10) fail("the call did not end");
  }
  lua_close(host);
}

/* States that were opened in one order and are closed in another. */
static void any_order(void) {
  enum { COUNT = 24 };
  lua_State *states[COUNT];
  unsigned seed = 7, left = COUNT, i;
  for (i = 0; i < COUNT; i++) states[i] = open_leaver((int)i % 8);
  while (left > 0) {
    seed = seed * 1103515245 + 12345;
    i = (seed >> 16) % left;
    lua_close(states[i]);
    states[i] = states[--left];
  }
}

static double ends_at;
static long calls_of_threads, states_of_threads;
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

/* Each thread has its own states, calls in all of them by turns, and closes one now and then wherever it stands. */
static void *own_states(void *argument) {
  lua_State *states[STATES_PER_THREAD];
  long counts[STATES_PER_THREAD] = {0}, calls = 0, opened = STATES_PER_THREAD;
  unsigned seed = 1 + (unsigned)(size_t)argument, turns = 0;
  int i;
  for (i = 0; i < STATES_PER_THREAD; i++) states[i] = open_state(talk);
  while (seconds() < ends_at) {
    for (i = 0; i < STATES_PER_THREAD; i++) counts[i] = run(states[i], "one_call");
    if (++turns % 16 != 0) continue;
    seed = seed * 1103515245 + 12345;
    i = (int)((seed >> 16) % STATES_PER_THREAD);
    calls += counts[i];
    lua_close(states[i]);
    states[i] = open_state(talk);
    counts[i] = 0;
    opened++;
  }
  for (i = 0; i < STATES_PER_THREAD; i++) {
    calls += counts[i];
    lua_close(states[i]);
  }
  pthread_mutex_lock(&counting);
  calls_of_threads += calls;
  states_of_threads += opened;
  pthread_mutex_unlock(&counting);
  return NULL;
}

static void many_threads(int count, double duration) {
  pthread_t threads[MOST_THREADS];
  int i;
  ends_at = seconds() + duration;
  for (i = 0; i < count; i++)
    if (pthread_create(&threads[i], NULL, own_states, (void *)(size_t)i) != 0) fail("no thread");
  for (i = 0; i < count; i++) pthread_join(threads[i], NULL);
  if (prints_figures)
    fprintf(stderr, "%d states on %d threads for %.1f s: %ld calls, %ld states opened\n", count * STATES_PER_THREAD, count,
            duration, calls_of_threads, states_of_threads);
  if (calls_of_threads < count) fail("the threads made no calls");
}

/* A process that ends in the middle: by itself, with its state closed, in a handler, with goodbyes under way. */
static void exit_child(int way) {
  static const char *const ways[] = {
      "os.exit(7)", "os.exit(7, true)", "agent:spawn(function() os.exit(7) end)",
      "agent, phone = nil, nil collectgarbage() collectgarbage() os.exit(7)", "agent:close() os.exit(7)"};
  char script[1024];
  snprintf(script, sizeof script,
           "local rcml = require 'rcml'\n"
           "phone = assert(rcml.agent { listen = 'udp:127.0.0.1:0' })\n"
           "agent = assert(rcml.agent { listen = 'udp:127.0.0.1:0' })\n"
           "phone:on('incoming', function(call) call:answer() end)\n"
           "assert(agent:call { to = phone:listeners()[1], document = '<Response><Pause length=\"9\"/></Response>' })\n"
           "for _ = 1, 10 do phone:run(0.001) agent:run(0.001) end\n%s\n",
           ways[way]);
  open_state(script);
  fail("the process did not end");
}

static void exits(void) {
  int way;
  for (way = 0; way < 5; way++) {
    char number[16];
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
      snprintf(number, sizeof number, "%d", way);
      setenv("ASAN_OPTIONS", "detect_leaks=0", 1); /* who exits in the middle frees nothing */
      execl(own_path, own_path, "exit", number, (char *)NULL);
      _exit(1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) fail("no child");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 7) {
      fprintf(stderr, "hosts: way %d to leave gave status %x\n", way, (unsigned)status);
      _exit(1);
    }
  }
}

static double require_once(lua_State *L) {
  double begun = seconds();
  if (luaL_loadstring(L, "require 'rcml'") != 0 || lua_pcall(L, 0, 0, 0) != 0) fail(lua_tostring(L, -1));
  return seconds() - begun;
}

static int compare(const void *one, const void *other) {
  return *(const double *)one < *(const double *)other ? -1 : 1;
}

/* How long the first require of a process takes, then one in a new state, and one more in the same state. */
static void require_times(void) {
  enum { TIMES = 301 };
  double in_new[TIMES], again[TIMES], first = 0;
  int i;
  for (i = -1; i < TIMES; i++) {
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    if (i < 0) first = require_once(L);
    else in_new[i] = require_once(L);
    if (i >= 0) again[i] = require_once(L);
    lua_close(L);
  }
  qsort(in_new, TIMES, sizeof in_new[0], compare);
  qsort(again, TIMES, sizeof again[0], compare);
  if (prints_figures)
    fprintf(stderr, "require: first %.0f us; in a new state %.0f us (median; least %.0f); in the same state %.1f us\n",
            first * 1e6, in_new[TIMES / 2] * 1e6, in_new[0] * 1e6, again[TIMES / 2] * 1e6);
  /* The least, because others may be at work on the machine. */
  if ((in_new[0] > 2e-4 || again[0] > 2e-4) && !getenv("UNDER_A_CHECKER"))
    fail("require takes more than 0.2 ms the second time");
}

int main(int count, char **arguments) {
  prints_figures = getenv("FIGURES") != NULL;
  own_path = arguments[0];
  if (count == 3 && strcmp(arguments[1], "exit") == 0) exit_child(atoi(arguments[2]));
  if (count != 4 || atoi(arguments[2]) > MOST_THREADS) fail("usage: hosts STATES THREADS SECONDS");
  require_times();
  many_states(atoi(arguments[1]));
  any_order();
  exits();
  many_threads(atoi(arguments[2]), atof(arguments[3]));
  return 0;
}
