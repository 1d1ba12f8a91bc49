#define _GNU_SOURCE
#include "libcurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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
