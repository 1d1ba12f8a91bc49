/* Eight threads with agents of their own that call each other, and all of them at every agent's [any] and [loop] functions,
 * and at its end (failures H7). Built with the thread sanitizer it finds what two threads do to each other.
 * threads [SECONDS] */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <rcml.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

enum { THREADS = 8 };

/* What a thread has made public: its agent, which may be gone by the time it is used, and where it listens. */
static _Atomic(rcml_agent *) agents[THREADS];
static char uris[THREADS][128];
static pthread_mutex_t naming = PTHREAD_MUTEX_INITIALIZER;
static atomic_long placed, answered, ended, lives, raced, refused, woken;
static atomic_bool over;

static uint32_t draw(uint32_t *state) {
  *state = *state * 1664525 + 1013904223;
  return *state >> 8;
}

static void wake(void *context) {
  char octet = 0;
  atomic_fetch_add(&woken, 1);
  ssize_t written = write((int)(intptr_t)context, &octet, 1);
  (void)written;
}

static void no_text(void *context, const char *text, size_t length) {
  (void)context;
  (void)text;
  (void)length;
}

/* Functions without an agent. */
static void study(uint32_t *chance) {
  rcml_catalogue_info entry = RCML_CATALOGUE_INFO_INIT;
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  CHECK(*rcml_version() != 0 && *rcml_status_name(RCML_E_GONE) != 0 && *rcml_status_text(RCML_E_GONE) != 0);
  CHECK(*rcml_event_name(RCML_EVENT_ENDED) != 0);
  CHECK(rcml_catalogue_entry(draw(chance) % 10, &entry) == 1);
  CHECK(rcml_document_check("<Response><Dial><Sip>sip:a@b</Sip></Dial></Response>", 0, NULL, NULL, NULL) == RCML_OK);
  document.text = "<Response><Dial><Sip>sip:a@192.0.2.9</Sip></Dial></Response>";
  simulation.document = &document;
  simulation.seed = draw(chance);
  CHECK(rcml_simulate(&simulation, NULL, no_text, NULL, NULL) == RCML_OK);
}

/* Somebody else's agent: whatever is tried, it is done or refused. */
static void meddle(uint32_t *chance) {
  rcml_agent *agent = atomic_load(&agents[draw(chance) % THREADS]);
  rcml_event event = RCML_EVENT_INIT;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  int32_t result = 0;
  document.text = "<Response/>";
  switch (draw(chance) % 12) {
    case 0: result = rcml_agent_fd(agent); break;
    case 1: result = (int32_t)rcml_agent_deadline_ms(agent); break;
    case 2: result = rcml_agent_process(agent); break;
    case 3: result = rcml_agent_set(agent, "ringing_mode", "immediate", NULL); break;
    case 4: result = rcml_call_state(agent, draw(chance) % 64, &info); break;
    case 5: result = rcml_call_hang_up(agent, draw(chance) % 64, NULL); break;
    case 6: result = rcml_agent_default_document(agent, NULL, NULL); break;
    case 7: result = rcml_call_run(agent, draw(chance) % 64, &document, NULL); break;
    case 8: result = rcml_agent_listen(agent, "udp:127.0.0.1:0", NULL); break;
    case 9: result = rcml_agent_wait(agent, 0, &event); break;
    case 10: study(chance); break;
    default:
      if (draw(chance) % 16 != 0) break;
      result = draw(chance) % 2 ? rcml_agent_stop(agent) : rcml_agent_drain(agent);
      CHECK(result == RCML_OK || result == RCML_E_HANDLE);
  }
  if (result < 0) atomic_fetch_add(&refused, 1);
}

static void place(rcml_agent *agent, uint32_t *chance) {
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  char party[128];
  pthread_mutex_lock(&naming);
  strcpy(party, uris[draw(chance) % THREADS]);
  pthread_mutex_unlock(&naming);
  if (party[0] == 0) return;
  document.text = "<Response><Say>Good day</Say><Pause length=\"1\"/></Response>";
  options.party = party;
  options.document = &document;
  if (rcml_agent_call(agent, &options, NULL, NULL) == RCML_OK) atomic_fetch_add(&placed, 1);
}

static void happened(rcml_agent *agent, const rcml_event *event, uint32_t *chance) {
  if (event->kind == RCML_EVENT_ENDED) atomic_fetch_add(&ended, 1);
  if (event->kind == RCML_EVENT_INCOMING) rcml_call_answer(agent, event->call, NULL);
  if (event->kind == RCML_EVENT_ANSWERED) {
    atomic_fetch_add(&answered, 1);
    if (draw(chance) % 2) rcml_call_hang_up(agent, event->call, NULL);
  }
}

static void *destroy_too(void *agent) {
  int32_t result;
  do result = rcml_agent_destroy((rcml_agent *)agent);
  while (result == RCML_E_BUSY);
  CHECK(result == RCML_OK || result == RCML_E_HANDLE);
  if (result == RCML_OK) atomic_fetch_add(&raced, 1);
  return NULL;
}

/* One agent from its making to its end, for which two threads race. */
static void live(int index, uint32_t *chance) {
  int pipes[2], turns = 30 + (int)(draw(chance) % 60), has_thread = draw(chance) % 2;
  char uri[128];
  pthread_t other;
  CHECK(pipe2(pipes, O_CLOEXEC | O_NONBLOCK) == 0);
  rcml_agent *agent = rcml_agent_create(NULL);
  CHECK(agent != NULL);
  CHECK(rcml_agent_set(agent, "drain_timeout", "1", NULL) == RCML_OK);
  CHECK(rcml_agent_listen(agent, draw(chance) % 2 ? "udp:127.0.0.1:0" : "tcp:127.0.0.1:0", NULL) == 0);
  CHECK(rcml_agent_listener(agent, 0, uri, sizeof uri) > 0);
  if (has_thread) CHECK(rcml_agent_start(agent, wake, (void *)(intptr_t)pipes[1], NULL) == RCML_OK);
  pthread_mutex_lock(&naming);
  strcpy(uris[index], uri);
  pthread_mutex_unlock(&naming);
  atomic_store(&agents[index], agent);
  for (int i = 0; i < turns; i++) {
    rcml_event event = RCML_EVENT_INIT;
    char octets[64];
    struct pollfd watched = {.fd = has_thread ? pipes[0] : rcml_agent_fd(agent), .events = POLLIN};
    poll(&watched, 1, 5);
    while (has_thread && read(pipes[0], octets, sizeof octets) > 0) {
    }
    rcml_agent_process(agent);
    while (rcml_agent_next_event(agent, &event) > 0) happened(agent, &event, chance);
    if (draw(chance) % 8 == 0) place(agent, chance);
    meddle(chance);
  }
  CHECK(pthread_create(&other, NULL, destroy_too, agent) == 0);
  destroy_too(agent);
  CHECK(pthread_join(other, NULL) == 0);
  close(pipes[0]);
  close(pipes[1]);
  atomic_fetch_add(&lives, 1);
}

static void *run(void *argument) {
  int index = (int)(intptr_t)argument;
  uint32_t chance = 4711u + 977u * (uint32_t)index;
  while (!atomic_load(&over)) live(index, &chance);
  return NULL;
}

int main(int argc, char **argv) {
  int seconds = argc > 1 ? atoi(argv[1]) : 10, descriptors = open_descriptors();
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, run, (void *)(intptr_t)i) == 0);
  sleep((unsigned)seconds);
  atomic_store(&over, true);
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(open_descriptors() == descriptors);
  CHECK(atomic_load(&raced) == atomic_load(&lives));
  CHECK(placed > 0 && answered > 0 && ended > 0 && woken > 0 && refused > 0);
  printf("threads: %d for %d s; %ld agents, %ld calls, %ld answered, %ld ended, %ld times woken, %ld times refused\n", THREADS,
         seconds, lives, placed, answered, ended, woken, refused);
  return 0;
}
