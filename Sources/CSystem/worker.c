#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

#include "internal.h"

typedef struct work {
  struct work *next;
  void *job;
} work;

typedef struct {
  work *first, **last;
} line;

struct system_worker {
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  line given, done;
  int event;
  bool (*function)(void *);
  bool ends;
};

static void append(line *queue, work *one) {
  one->next = NULL;
  *queue->last = one;
  queue->last = &one->next;
}

static work *take(line *queue) {
  work *one = queue->first;
  if (one == NULL) return NULL;
  queue->first = one->next;
  if (queue->first == NULL) queue->last = &queue->first;
  return one;
}

static void *do_the_work(void *argument) {
  system_worker *worker = argument;
  pthread_mutex_lock(&worker->lock);
  while (!worker->ends) {
    work *one = take(&worker->given);
    if (one == NULL) {
      pthread_cond_wait(&worker->changed, &worker->lock);
      continue;
    }
    pthread_mutex_unlock(&worker->lock);
    bool is_awaited = worker->function(one->job);
    pthread_mutex_lock(&worker->lock);
    append(&worker->done, one);
    if (is_awaited) system_wake(worker->event);
  }
  pthread_mutex_unlock(&worker->lock);
  return NULL;
}

system_worker *system_worker_create(int event, bool (*function)(void *)) {
  system_worker *worker = calloc(1, sizeof *worker);
  if (worker == NULL) return NULL;
  worker->event = event;
  worker->function = function;
  worker->given.last = &worker->given.first;
  worker->done.last = &worker->done.first;
  pthread_mutex_init(&worker->lock, NULL);
  pthread_cond_init(&worker->changed, NULL);
  if (system_thread_start(&worker->thread, do_the_work, worker)) return worker;
  pthread_cond_destroy(&worker->changed);
  pthread_mutex_destroy(&worker->lock);
  free(worker);
  return NULL;
}

bool system_worker_give(system_worker *worker, void *job) {
  work *one = malloc(sizeof *one);
  if (one == NULL) return false;
  one->job = job;
  pthread_mutex_lock(&worker->lock);
  append(&worker->given, one);
  pthread_cond_signal(&worker->changed);
  pthread_mutex_unlock(&worker->lock);
  return true;
}

void *system_worker_next(system_worker *worker) {
  pthread_mutex_lock(&worker->lock);
  work *one = take(&worker->done);
  /* Once the thread has ended, what it did not come to is handed back as well. */
  if (one == NULL && worker->ends) one = take(&worker->given);
  pthread_mutex_unlock(&worker->lock);
  if (one == NULL) return NULL;
  void *job = one->job;
  free(one);
  return job;
}

void system_worker_end(system_worker *worker) {
  pthread_mutex_lock(&worker->lock);
  worker->ends = true;
  pthread_cond_signal(&worker->changed);
  pthread_mutex_unlock(&worker->lock);
  pthread_join(worker->thread, NULL);
}

void system_worker_destroy(system_worker *worker) {
  pthread_cond_destroy(&worker->changed);
  pthread_mutex_destroy(&worker->lock);
  free(worker);
}
