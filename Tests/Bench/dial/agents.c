/* Agents of one process, each on a thread and a core of its own, as a program has them that links librcml.
 *
 *   agents ADDRESS:PORT CORE TARGET:PORT [ADDRESS:PORT CORE TARGET:PORT]…
 *
 * Each listens there and calls sip:service@TARGET for every call. They end with the process. */
#define _GNU_SOURCE
#include <pthread.h>
#include <rcml.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct place {
  const char *address, *target;
  int core;
};

static void fail(const char *what, const char *why) {
  fprintf(stderr, "agents: %s: %s\n", what, why);
  exit(1);
}

static void stay_on(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  if (sched_setaffinity(0, sizeof cores, &cores) < 0) fail("core", "there is none of that number");
}

static void *serve(void *given) {
  const struct place *place = given;
  char listener[64], text[256];
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  stay_on(place->core);
  snprintf(listener, sizeof listener, "udp:%s", place->address);
  snprintf(text, sizeof text, "<Response><Dial timeout=\"60\"><Sip>sip:service@%s</Sip></Dial></Response>", place->target);
  document.text = text;
  rcml_agent *agent = rcml_agent_create(&error);
  if (agent == NULL || rcml_agent_set(agent, "media", "direct", &error) < 0 ||
      rcml_agent_set(agent, "max_calls", "0", &error) < 0 || rcml_agent_listen(agent, listener, &error) < 0)
    fail(place->address, error.message);
  int32_t code;
  while ((code = rcml_agent_wait(agent, -1, &event)) > 0)
    if (event.kind == RCML_EVENT_INCOMING) rcml_call_run(agent, event.call, &document, &error);
  fail(place->address, rcml_status_text(code));
  return NULL;
}

int main(int argc, char **argv) {
  static struct place places[8];
  int count = (argc - 1) / 3;
  if (count < 1 || count > 8 || (argc - 1) % 3 != 0)
    return fputs("usage: agents ADDRESS:PORT CORE TARGET:PORT…\n", stderr), 2;
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    places[i] = (struct place){argv[1 + 3 * i], argv[3 + 3 * i], atoi(argv[2 + 3 * i])};
    if (pthread_create(&thread, NULL, serve, &places[i]) != 0) fail("thread", "it could not be made");
  }
  for (;;) pause();
}
