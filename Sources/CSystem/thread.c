#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "internal.h"

/* The 8 MiB that a thread has otherwise are addresses that a process may lack. */
enum { STACK = 512 * 1024 };

bool system_thread_start(pthread_t *thread, void *(*run)(void *), void *argument) {
  pthread_t nobodys;
  pthread_attr_t small;
  sigset_t all, before;
  bool is_small = pthread_attr_init(&small) == 0;
  if (is_small) (void)pthread_attr_setstacksize(&small, STACK);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool is_started = pthread_create(thread != NULL ? thread : &nobodys, is_small ? &small : NULL, run, argument) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (is_small) pthread_attr_destroy(&small);
  if (is_started && thread == NULL) pthread_detach(nobodys);
  return is_started;
}

struct system_waker {
  pthread_t thread;
  int epoll, rearm;
  void (*function)(void *);
  void *context;
  atomic_bool ends;
};

static void *sleep_for_the_host(void *argument) {
  system_waker *waker = argument;
  while (!atomic_load(&waker->ends)) {
    /* Two descriptors while armed; only `rearm` after the host was told, until it has been inside. */
    struct pollfd polled[2] = {
        {.fd = waker->rearm, .events = POLLIN}, {.fd = waker->epoll, .events = POLLIN}};
    if (poll(polled, 2, -1) < 0) continue;
    if (atomic_load(&waker->ends)) break;
    if (polled[0].revents != 0) {
      system_drain_counter(waker->rearm);
      continue; /* armed already: look at the loop again */
    }
    if (polled[1].revents == 0) continue;
    waker->function(waker->context);
    struct pollfd rearm = {.fd = waker->rearm, .events = POLLIN};
    while (!atomic_load(&waker->ends) && poll(&rearm, 1, -1) <= 0) {
    }
    system_drain_counter(waker->rearm);
  }
  return NULL;
}

system_waker *system_waker_create(int epoll, void (*function)(void *), void *context) {
  system_waker *waker = calloc(1, sizeof *waker);
  if (waker == NULL) return NULL;
  waker->epoll = epoll;
  waker->function = function;
  waker->context = context;
  waker->rearm = system_wake_create();
  if (waker->rearm < 0) {
    free(waker);
    return NULL;
  }
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = pthread_create(&waker->thread, NULL, sleep_for_the_host, waker);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (failed != 0) {
    close(waker->rearm);
    free(waker);
    return NULL;
  }
  return waker;
}

void system_waker_rearm(system_waker *waker) { system_wake(waker->rearm); }

void system_waker_destroy(system_waker *waker) {
  if (waker == NULL) return;
  atomic_store(&waker->ends, true);
  system_wake(waker->rearm);
  pthread_join(waker->thread, NULL);
  system_waker_abandon(waker);
}

void system_waker_abandon(system_waker *waker) {
  if (waker == NULL) return;
  close(waker->rearm);
  free(waker);
}
