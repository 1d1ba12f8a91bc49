#define _GNU_SOURCE
#include "libcurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

static curl_functions functions;
static bool is_loaded;
static void *library;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
  for (size_t i = 0; i < sizeof names / sizeof *names && library == NULL; i++)
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
  const struct {
    const char *name;
    void *place;
  } wanted[] = {
      {"curl_global_init_mem", &functions.global_init},
      {"curl_easy_init", &functions.easy_init},
      {"curl_easy_setopt", &functions.easy_setopt},
      {"curl_easy_getinfo", &functions.easy_getinfo},
      {"curl_easy_reset", &functions.easy_reset},
      {"curl_easy_cleanup", &functions.easy_cleanup},
      {"curl_multi_init", &functions.multi_init},
      {"curl_multi_setopt", &functions.multi_setopt},
      {"curl_multi_add_handle", &functions.multi_add_handle},
      {"curl_multi_remove_handle", &functions.multi_remove_handle},
      {"curl_multi_socket_action", &functions.multi_socket_action},
      {"curl_multi_info_read", &functions.multi_info_read},
      {"curl_multi_cleanup", &functions.multi_cleanup},
      {"curl_slist_append", &functions.slist_append},
      {"curl_slist_free_all", &functions.slist_free_all},
      {"curl_url", &functions.url},
      {"curl_url_cleanup", &functions.url_cleanup},
      {"curl_url_set", &functions.url_set},
      {"curl_url_get", &functions.url_get},
      {"curl_free", &functions.free},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    void *found = dlsym(library, wanted[i].name);
    if (found == NULL) return; /* stays mapped: unloading what may have registered handlers is worse */
    memcpy(wanted[i].place, &found, sizeof found);
  }
  void *wakeup = dlsym(library, "curl_multi_wakeup");
  memcpy(&functions.multi_wakeup, &wakeup, sizeof wakeup);
  /* Refused memory at some points, libcurl 7.88 divides by zero later on. Where the host was first, its choice stands. */
  is_loaded = functions.global_init(
                  GLOBAL_DEFAULT, system_memory_get, free, system_memory_resize, system_memory_copy,
                  system_memory_zeroed) == 0;
}

const curl_functions *system_libcurl(void) {
  pthread_once(&once, load);
  return is_loaded ? &functions : NULL;
}

void *system_libcurl_symbol(const char *name) { return library == NULL ? NULL : dlsym(library, name); }

/* Loading takes 25 ms and more, because of all that libcurl is linked with: it is done by a thread, so that nobody waits for
 * it but those who want it. */
typedef struct load_waiter {
  struct load_waiter *next;
  int event;
} load_waiter;

static pthread_once_t handlers = PTHREAD_ONCE_INIT;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_loaded = PTHREAD_COND_INITIALIZER;
static bool is_loading, was_loaded;
static load_waiter *waiters;

static void forget_waiters(void) {
  while (waiters != NULL) {
    load_waiter *next = waiters->next;
    free(waiters);
    waiters = next;
  }
}

/* A child that was forked has no such thread, and half a library: forking waits until it is loaded. */
static void before_fork(void) {
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec += 2;
  pthread_mutex_lock(&lock);
  while (is_loading && pthread_cond_timedwait(&has_loaded, &lock, &limit) == 0) {
  }
}

static void in_parent(void) { pthread_mutex_unlock(&lock); }

static void in_child(void) {
  is_loading = false;
  forget_waiters();
  pthread_mutex_unlock(&lock);
}

static void add_handlers(void) { (void)pthread_atfork(before_fork, in_parent, in_child); }

static void *load_it(void *nothing) {
  (void)nothing;
  (void)system_libcurl();
  pthread_mutex_lock(&lock);
  is_loading = false;
  was_loaded = true;
  pthread_cond_broadcast(&has_loaded);
  for (load_waiter *each = waiters; each != NULL; each = each->next) system_wake(each->event);
  forget_waiters();
  pthread_mutex_unlock(&lock);
  return NULL;
}

bool system_http_load(int event) {
  pthread_once(&handlers, add_handlers);
  load_waiter *waiter = malloc(sizeof *waiter);
  pthread_mutex_lock(&lock);
  bool waits = waiter != NULL && !was_loaded;
  if (waits && !is_loading) waits = is_loading = system_thread_start(NULL, load_it, NULL);
  if (waits) {
    waiter->event = event;
    waiter->next = waiters;
    waiters = waiter;
  }
  pthread_mutex_unlock(&lock);
  if (!waits) free(waiter);
  return !waits;
}

void system_http_load_leave(int event) {
  pthread_mutex_lock(&lock);
  for (load_waiter **each = &waiters; *each != NULL;) {
    load_waiter *one = *each;
    if (one->event != event) {
      each = &one->next;
      continue;
    }
    *each = one->next;
    free(one);
  }
  pthread_mutex_unlock(&lock);
}
