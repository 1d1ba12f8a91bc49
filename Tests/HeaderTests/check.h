/* A check that names itself, and two agents that can call each other. Compiles as C99 and as C++. */
#ifndef CHECK_H
#define CHECK_H

#include <rcml.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

static inline rcml_agent *make_agent(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_agent *agent = rcml_agent_create(&error);
  CHECK(agent != NULL);
  return agent;
}

/* An agent that listens on loopback; its URI goes to `uri`. */
static inline rcml_agent *make_listening(char *uri, size_t size) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_agent *agent = make_agent();
  CHECK(rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) == 0);
  CHECK(rcml_agent_listener(agent, 0, uri, size) > 0);
  return agent;
}

/* Ends everything politely; fails if that takes longer than ten seconds. */
static inline void finish(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  int turns;
  CHECK(rcml_agent_stop(agent) == RCML_OK);
  for (turns = 0; turns < 1000; turns++)
    if (rcml_agent_wait(agent, 10, &event) == RCML_E_CLOSED) break;
  CHECK(turns < 1000);
  CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

#endif
