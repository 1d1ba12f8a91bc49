/* The certificates that servers are trusted by: one store for all agents of a process. */
#ifndef CSYSTEM_TRUST_H
#define CSYSTEM_TRUST_H

#include <stdbool.h>

#include "libcurl.h"

/* Whoever waits for the store: `event` is woken once when it is there, or will not be. */
typedef struct trust_waiter {
  struct trust_waiter *next;
  int event;
  bool is_waiting;
} trust_waiter;

#pragma GCC visibility push(hidden)
/* False: the store is being read, and the waiter will be woken. */
bool system_trust_prepare(trust_waiter *waiter);
/* Nobody is woken any more. */
void system_trust_leave(trust_waiter *waiter);
/* Nothing is read for this exchange, its SSL_CTX will be handed the store; where there is none, libcurl reads for itself. */
void system_trust_use(const curl_functions *curl, void *easy);
void system_trust_hand_over(void *context);
#pragma GCC visibility pop

#endif
