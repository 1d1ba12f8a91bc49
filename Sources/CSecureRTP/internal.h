#ifndef CSECURERTP_INTERNAL_H
#define CSECURERTP_INTERNAL_H

#include "CSecureRTP.h"

/* SHA1_Init and the like are passed over by OpenSSL 3, and stay in it: EVP's HMAC asks malloc for three contexts a packet. */
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/evp.h>
#include <openssl/sha.h>

#pragma GCC visibility push(hidden)

/* What is used of libcrypto. */
typedef struct {
  __typeof__(OSSL_LIB_CTX_new) *context_new;
  __typeof__(EVP_CIPHER_fetch) *cipher_fetch;
  __typeof__(EVP_CIPHER_CTX_new) *cipher_new;
  __typeof__(EVP_CIPHER_CTX_free) *cipher_free;
  __typeof__(EVP_CipherInit_ex2) *cipher_init;
  __typeof__(EVP_CipherUpdate) *cipher_update;
  __typeof__(EVP_CipherFinal_ex) *cipher_final;
  __typeof__(EVP_CIPHER_CTX_ctrl) *cipher_ctrl;
  __typeof__(CRYPTO_memcmp) *compare;
  __typeof__(OPENSSL_cleanse) *wipe;
  __typeof__(SHA1_Init) *sha1_init;
  __typeof__(SHA1_Update) *sha1_update;
  __typeof__(SHA1_Final) *sha1_final;
} secure_rtp_crypto;

enum { CIPHER_CTR_128, CIPHER_CTR_256, CIPHER_GCM_128, CIPHER_GCM_256, CIPHER_KINDS };

/* NULL: this machine has no libcrypto 3. */
const secure_rtp_crypto *secure_rtp_library(void);
/* NULL: it does not have that cipher. */
const EVP_CIPHER *secure_rtp_cipher(int kind);

enum { SALT_MAXIMUM = 14, TAG_SHA1_80 = 10, TAG_SHA1_32 = 4, TAG_GCM = 16 };

/* The session keys of RTP, or of RTCP. */
typedef struct {
  EVP_CIPHER_CTX *cipher;
  SHA_CTX inner, outer; /* of HMAC-SHA1, the key taken in */
  uint8_t salt[SALT_MAXIMUM];
} secure_rtp_keys;

typedef struct {
  size_t key, salt, tag;
  bool is_aead;
  int cipher, derivation;
} secure_rtp_suite;

/* The packets of one source that were there: bit 0 of `seen` is the newest. */
typedef struct {
  uint64_t newest;
  uint64_t seen[2];
  bool has_begun;
} secure_rtp_window;

typedef struct {
  uint32_t source;
  uint64_t used_at; /* 0: the place is free */
  secure_rtp_window packets, reports;
} secure_rtp_source;

/* A party begins a new source with each hold and each transfer. Past so many the one unused for longest goes. */
enum { SOURCES = 16 };

struct secure_rtp {
  const secure_rtp_suite *suite;
  secure_rtp_keys packets, reports;
  secure_rtp_source sources[SOURCES];
  uint64_t clock;
  uint8_t identifier; /* octets of the MKI of what comes */
};

/* replay.c */

enum { WINDOW = 128 };

/* NULL: that source has not been heard. */
secure_rtp_source *secure_rtp_find(secure_rtp *stream, uint32_t source);
/* The same, or the place of a new one. */
secure_rtp_source *secure_rtp_admit(secure_rtp *stream, uint32_t source);
bool secure_rtp_is_new(const secure_rtp_window *window, uint64_t index);
void secure_rtp_note(secure_rtp_window *window, uint64_t index);
/* The index of 48 bits that a sequence number stands for (RFC 3711 section 3.3.1); UINT64_MAX: one before the first. */
uint64_t secure_rtp_index(const secure_rtp_window *window, uint16_t sequence);

#pragma GCC visibility pop
#endif
