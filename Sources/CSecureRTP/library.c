#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "internal.h"

static secure_rtp_crypto crypto;
static EVP_CIPHER *ciphers[CIPHER_KINDS];
static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Found at run time, on first use, and used in a context of our own (see CDigest): calls without keys do not pay for it.
 * libsrtp2 would do the same sums. Debian's does them with NSS: nine times as long a packet, nine times the memory a
 * direction, and a library that cannot be used any more in a process that was forked after its beginning. */
static void load(void) {
  /* It registers handlers of its own at exit, so it must stay mapped. */
  void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) return;
  const struct {
    const char *name;
    void *place;
  } wanted[] = {
      {"OSSL_LIB_CTX_new", &crypto.context_new},
      {"EVP_CIPHER_fetch", &crypto.cipher_fetch},
      {"EVP_CIPHER_CTX_new", &crypto.cipher_new},
      {"EVP_CIPHER_CTX_free", &crypto.cipher_free},
      {"EVP_CipherInit_ex2", &crypto.cipher_init},
      {"EVP_CipherUpdate", &crypto.cipher_update},
      {"EVP_CipherFinal_ex", &crypto.cipher_final},
      {"EVP_CIPHER_CTX_ctrl", &crypto.cipher_ctrl},
      {"CRYPTO_memcmp", &crypto.compare},
      {"OPENSSL_cleanse", &crypto.wipe},
      {"SHA1_Init", &crypto.sha1_init},
      {"SHA1_Update", &crypto.sha1_update},
      {"SHA1_Final", &crypto.sha1_final},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    void *found = dlsym(library, wanted[i].name);
    if (found == NULL) return;
    memcpy(wanted[i].place, &found, sizeof found);
  }
  OSSL_LIB_CTX *context = crypto.context_new();
  if (context == NULL) return;
  static const char *const names[CIPHER_KINDS] = {
      "AES-128-CTR", "AES-256-CTR", "AES-128-GCM", "AES-256-GCM"};
  for (int kind = 0; kind < CIPHER_KINDS; kind++)
    ciphers[kind] = crypto.cipher_fetch(context, names[kind], NULL);
  is_there = true;
}

const secure_rtp_crypto *secure_rtp_library(void) {
  pthread_once(&once, load);
  return is_there ? &crypto : NULL;
}

const EVP_CIPHER *secure_rtp_cipher(int kind) {
  return secure_rtp_library() == NULL ? NULL : ciphers[kind];
}
