#ifndef CSYSTEM_INTERNAL_H
#define CSYSTEM_INTERNAL_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "CSystem.h"

#pragma GCC visibility push(hidden)
socklen_t system_address_store(const system_address *address, struct sockaddr_storage *storage);
void system_address_load(system_address *address, const struct sockaddr *storage);
/* A thread of ours: no signal reaches it, and it has no more addresses than it needs. `thread`: NULL = nobody joins it. */
bool system_thread_start(pthread_t *thread, void *(*run)(void *), void *argument);
#pragma GCC visibility pop

#endif
