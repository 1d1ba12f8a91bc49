#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

tls_library tls;
OSSL_LIB_CTX *tls_world;

static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool find(void *library, const char *name, void *place) {
  void *found = dlsym(library, name);
  memcpy(place, &found, sizeof found);
  return found != NULL;
}

/* By the name that holds its version, and for nobody but us: a host may have an OpenSSL of its own, of this version or of
 * another, and keeps it. Nothing of it is ever cleaned up: it registers handlers at exit, and the host may use the same. */
static void load(void) {
  const int mode = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
  void *crypto = dlopen("libcrypto.so.3", mode);
  void *ssl = dlopen("libssl.so.3", mode);
  if (crypto == NULL || ssl == NULL) return;
#define TLS_FIND_CRYPTO(name) if (!find(crypto, #name, &tls.name)) return;
#define TLS_FIND_SSL(name) if (!find(ssl, #name, &tls.name)) return;
  TLS_CRYPTO_FUNCTIONS(TLS_FIND_CRYPTO)
  TLS_SSL_FUNCTIONS(TLS_FIND_SSL)
  tls_world = tls.OSSL_LIB_CTX_new();
  is_there = tls_world != NULL;
}

bool tls_is_there(void) {
  pthread_once(&once, load);
  return is_there;
}
