#define _GNU_SOURCE
#include "CDigest.h"

#include <dlfcn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <string.h>

/* libcrypto is found at run time, on first use: loading it takes 1.5 ms and 1.8 MB, the algorithms another 0.8 ms and
 * 1.3 MB, which a dialer whose targets ask for no credentials should not pay. */
static struct {
  __typeof__(OSSL_LIB_CTX_new) *context_new;
  __typeof__(EVP_MD_fetch) *md_fetch;
  __typeof__(EVP_Digest) *digest;
  __typeof__(EVP_MAC_fetch) *mac_fetch;
  __typeof__(EVP_MAC_CTX_new) *mac_new;
  __typeof__(EVP_MAC_CTX_free) *mac_free;
  __typeof__(EVP_MAC_init) *mac_init;
  __typeof__(EVP_MAC_update) *mac_update;
  __typeof__(EVP_MAC_final) *mac_final;
} crypto;

static const char *const names[DIGEST_KINDS] = {"MD5", "SHA1", "SHA256", "SHA512-256"};
static EVP_MD *kinds[DIGEST_KINDS];
static EVP_MAC *hmac;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  /* It registers handlers of its own at exit, so it must stay mapped. */
  void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) return;
  const struct {
    const char *name;
    void *place;
  } wanted[] = {
      {"OSSL_LIB_CTX_new", &crypto.context_new}, {"EVP_MD_fetch", &crypto.md_fetch},
      {"EVP_Digest", &crypto.digest},            {"EVP_MAC_fetch", &crypto.mac_fetch},
      {"EVP_MAC_CTX_new", &crypto.mac_new},      {"EVP_MAC_CTX_free", &crypto.mac_free},
      {"EVP_MAC_init", &crypto.mac_init},        {"EVP_MAC_update", &crypto.mac_update},
      {"EVP_MAC_final", &crypto.mac_final},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    void *found = dlsym(library, wanted[i].name);
    if (found == NULL) return;
    memcpy(wanted[i].place, &found, sizeof found);
  }
  /* A context of our own: neither openssl.cnf nor what the host did to the default one changes our answers, and
   * MD5, which SIP cannot do without, is there even where the host allows approved algorithms only. */
  OSSL_LIB_CTX *context = crypto.context_new();
  if (context == NULL) return;
  for (int kind = 0; kind < DIGEST_KINDS; kind++)
    kinds[kind] = crypto.md_fetch(context, names[kind], NULL);
  hmac = crypto.mac_fetch(context, "HMAC", NULL);
}

static bool is_there(int kind) {
  pthread_once(&once, load);
  return kind >= 0 && kind < DIGEST_KINDS && kinds[kind] != NULL;
}

size_t digest_hash(int kind, const void *bytes, size_t length, unsigned char *out) {
  unsigned char result[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!is_there(kind) || crypto.digest(bytes, length, result, &size, kinds[kind], NULL) != 1)
    return 0;
  if (size > DIGEST_MAXIMUM) return 0;
  memcpy(out, result, size);
  return size;
}

size_t digest_hmac(
    int kind, const void *key, size_t key_length, const void *bytes, size_t length,
    unsigned char *out) {
  if (!is_there(kind) || hmac == NULL) return 0;
  EVP_MAC_CTX *context = crypto.mac_new(hmac);
  if (context == NULL) return 0;
  /* Without a key EVP would take the one of last time. */
  static const unsigned char no_key[1];
  const OSSL_PARAM parameters[] = {
      {OSSL_MAC_PARAM_DIGEST, OSSL_PARAM_UTF8_STRING, (void *)names[kind], strlen(names[kind]),
       OSSL_PARAM_UNMODIFIED},
      OSSL_PARAM_END,
  };
  size_t size = 0;
  if (crypto.mac_init(context, key_length > 0 ? key : no_key, key_length, parameters) != 1
      || crypto.mac_update(context, bytes, length) != 1
      || crypto.mac_final(context, out, &size, DIGEST_MAXIMUM) != 1)
    size = 0;
  crypto.mac_free(context);
  return size;
}
