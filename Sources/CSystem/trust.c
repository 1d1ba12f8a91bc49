#define _GNU_SOURCE
#include "trust.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

/* libcurl opens and parses the file of certificates, some 200 KB, anew for each connection: 20 ms in which the loop serves
 * nobody. So they are read once, by a thread, and again after a day; libcurl is handed the store as it makes a connection.
 * What is not OpenSSL is left to itself. */
static const uint64_t LIFETIME = 86400 * UINT64_C(1000000000), PAUSE = 60 * UINT64_C(1000000000);

/* Of the libraries that libcurl itself uses. */
static struct {
  void *(*make)(void);
  void (*release)(void *store);
  int (*retain)(void *store);
  int (*read)(void *store, const char *file, const char *folder);
  int (*set_flags)(void *store, unsigned long flags);
  void (*use)(void *context, void *store);
} openssl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_known;
static char *file, *folder;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_read = PTHREAD_COND_INITIALIZER;
static void *store;
static bool is_reading;
/* When it is to be read again. */
static uint64_t end;
static trust_waiter *waiters;

/* A child that was forked has no thread that reads, and OpenSSL would wait for ever for what that holds: forking waits until
 * it has read, 20 ms, or for a second where the disk hangs. */
static void hold(void) {
  struct timespec limit;
  clock_gettime(CLOCK_REALTIME, &limit);
  limit.tv_sec++;
  pthread_mutex_lock(&lock);
  while (is_reading && pthread_cond_timedwait(&has_read, &lock, &limit) == 0) {
  }
}

static void go_on(void) { pthread_mutex_unlock(&lock); }

/* Somebody may have held the store: a child reads one of its own. */
static void start_over(void) {
  store = NULL;
  is_reading = false;
  end = 0;
  waiters = NULL;
  go_on();
}

static bool find(void *place, const char *name) {
  void *found = system_libcurl_symbol(name);
  memcpy(place, &found, sizeof found);
  return found != NULL;
}

static void look(void) {
  const curl_functions *curl = system_libcurl();
  const char *(*version)(void) = NULL;
  if (curl == NULL || !find(&version, "curl_version") || strstr(version(), " OpenSSL/") == NULL) return;
  if (!find(&openssl.make, "X509_STORE_new") || !find(&openssl.release, "X509_STORE_free") ||
      !find(&openssl.retain, "X509_STORE_up_ref") || !find(&openssl.read, "X509_STORE_load_locations") ||
      !find(&openssl.set_flags, "X509_STORE_set_flags") || !find(&openssl.use, "SSL_CTX_set_cert_store"))
    return;
  char *names[2] = {NULL, NULL};
  void *easy = curl->easy_init();
  if (easy == NULL) return;
  if (curl->easy_getinfo(easy, INFO_CA_FILE, &names[0]) == 0 && names[0] != NULL) file = strdup(names[0]);
  if (curl->easy_getinfo(easy, INFO_CA_FOLDER, &names[1]) == 0 && names[1] != NULL) folder = strdup(names[1]);
  curl->easy_cleanup(easy);
  /* Of a folder nothing is read before it is needed. Without the handlers a child might wait for the lock for ever. */
  is_known = file != NULL && pthread_atfork(hold, go_on, start_over) == 0;
}

static void *read_store(void *nothing) {
  (void)nothing;
  enum { TRUSTED_FIRST = 0x8000, PARTIAL_CHAIN = 0x80000 }; /* as libcurl sets them */
  void *made = openssl.make();
  if (made != NULL && (openssl.read(made, file, folder) != 1 ||
                       openssl.set_flags(made, TRUSTED_FIRST | PARTIAL_CHAIN) != 1)) {
    openssl.release(made);
    made = NULL;
  }
  pthread_mutex_lock(&lock);
  void *old = made != NULL ? store : NULL;
  if (made != NULL) store = made;
  end = system_monotonic() + (made != NULL ? LIFETIME : PAUSE);
  is_reading = false;
  pthread_cond_broadcast(&has_read);
  for (trust_waiter *each = waiters; each != NULL; each = each->next) {
    each->is_waiting = false;
    system_wake(each->event);
  }
  waiters = NULL;
  if (old != NULL) openssl.release(old);
  pthread_mutex_unlock(&lock);
  return NULL;
}

bool system_trust_prepare(trust_waiter *waiter) {
  pthread_once(&once, look);
  if (!is_known) return true;
  pthread_mutex_lock(&lock);
  if (!is_reading && system_monotonic() >= end) {
    is_reading = system_thread_start(NULL, read_store, NULL);
    if (!is_reading) end = system_monotonic() + PAUSE;
  }
  bool is_ready = store != NULL || !is_reading;
  if (!is_ready && !waiter->is_waiting) {
    waiter->is_waiting = true;
    waiter->next = waiters;
    waiters = waiter;
  }
  pthread_mutex_unlock(&lock);
  return is_ready;
}

void system_trust_leave(trust_waiter *waiter) {
  pthread_mutex_lock(&lock);
  for (trust_waiter **each = &waiters; *each != NULL; each = &(*each)->next) {
    if (*each != waiter) continue;
    *each = waiter->next;
    break;
  }
  waiter->is_waiting = false;
  pthread_mutex_unlock(&lock);
}

void system_trust_use(const curl_functions *curl, void *easy) {
  if (!is_known) return;
  pthread_mutex_lock(&lock);
  bool is_there = store != NULL;
  pthread_mutex_unlock(&lock);
  if (!is_there) return;
  curl->easy_setopt(easy, OPTION_CA_FILE, (char *)NULL);
  curl->easy_setopt(easy, OPTION_CA_FOLDER, (char *)NULL);
}

void system_trust_hand_over(void *context) {
  if (!is_known) return;
  pthread_mutex_lock(&lock);
  if (store != NULL && openssl.retain(store) == 1) openssl.use(context, store);
  pthread_mutex_unlock(&lock);
}
