#define _GNU_SOURCE
#include "CTelephony.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* What is used of spandsp/dtmf.h of libspandsp 0.0.6. The library is found at run time, on first use: it brings others
 * for fax with it, and only calls whose keys come as sound should pay for them. */
typedef struct dtmf_rx_state_s dtmf_rx_state_t;
typedef void (*digits_rx_callback_t)(void *user_data, const char *digits, int len);

static struct {
  dtmf_rx_state_t *(*init)(dtmf_rx_state_t *s, digits_rx_callback_t callback, void *user_data);
  int (*hear)(dtmf_rx_state_t *s, const int16_t amp[], int samples);
  size_t (*get)(dtmf_rx_state_t *s, char *digits, int max);
  int (*free)(dtmf_rx_state_t *s);
} spandsp;

static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libspandsp.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) return;
  const struct {
    const char *name;
    void *place;
  } wanted[] = {
      {"dtmf_rx_init", &spandsp.init},
      {"dtmf_rx", &spandsp.hear},
      {"dtmf_rx_get", &spandsp.get},
      {"dtmf_rx_free", &spandsp.free},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    void *found = dlsym(library, wanted[i].name);
    if (found == NULL) return;
    memcpy(wanted[i].place, &found, sizeof found);
  }
  is_there = true;
}

bool telephony_hears_keys(void) {
  pthread_once(&once, load);
  return is_there;
}

void *telephony_listener_create(void) {
  return telephony_hears_keys() ? spandsp.init(NULL, NULL, NULL) : NULL;
}

void telephony_listener_destroy(void *listener) {
  if (listener != NULL) spandsp.free(listener);
}

size_t telephony_listener_hear(
    void *listener, const int16_t *samples, int count, char *keys, size_t room) {
  /* What is taken out is followed by a NUL. */
  char taken[16];
  if (listener == NULL || samples == NULL || count <= 0) return 0;
  spandsp.hear(listener, samples, count);
  size_t found = spandsp.get(listener, taken, sizeof taken - 1);
  if (found > room) found = room;
  memcpy(keys, taken, found);
  return found;
}
