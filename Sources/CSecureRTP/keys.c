#include <stdlib.h>
#include <string.h>

#include "internal.h"

static const secure_rtp_suite suites[SECURE_RTP_SUITES] = {
    {16, 14, TAG_SHA1_80, false, CIPHER_CTR_128, CIPHER_CTR_128},
    {16, 14, TAG_SHA1_32, false, CIPHER_CTR_128, CIPHER_CTR_128},
    {16, 12, TAG_GCM, true, CIPHER_GCM_128, CIPHER_CTR_128},
    {32, 12, TAG_GCM, true, CIPHER_GCM_256, CIPHER_CTR_256},
};

enum { AUTHENTICATION_KEY = 20, HASH_BLOCK = 64, KEY_MAXIMUM = 32 };

size_t secure_rtp_key_length(int suite) {
  if (suite < 0 || suite >= SECURE_RTP_SUITES) return 0;
  return suites[suite].key + suites[suite].salt;
}

bool secure_rtp_is_there(int suite) {
  if (suite < 0 || suite >= SECURE_RTP_SUITES) return false;
  return secure_rtp_cipher(suites[suite].cipher) != NULL
         && secure_rtp_cipher(suites[suite].derivation) != NULL;
}

/* RFC 3711 section 4.3: the key stream of the master key, from where label and salt say. A salt of 96 bits has zeros
 * behind it (RFC 7714 section 11). */
static bool derive(
    EVP_CIPHER_CTX *master, const uint8_t *salt, uint8_t label, uint8_t *out, size_t length) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint8_t begin[16] = {0};
  int count = 0;
  memcpy(begin, salt, SALT_MAXIMUM);
  begin[7] ^= label;
  memset(out, 0, length);
  return crypto->cipher_init(master, NULL, NULL, begin, 1, NULL) == 1
         && crypto->cipher_update(master, out, &count, out, (int)length) == 1;
}

/* RFC 2104: what is hashed of the key does not change from packet to packet. */
static void key_hash(secure_rtp_keys *keys, const uint8_t *key) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint8_t block[HASH_BLOCK];
  memset(block, 0x36, sizeof block);
  for (int i = 0; i < AUTHENTICATION_KEY; i++) block[i] ^= key[i];
  crypto->sha1_init(&keys->inner);
  crypto->sha1_update(&keys->inner, block, sizeof block);
  for (size_t i = 0; i < sizeof block; i++) block[i] ^= 0x36 ^ 0x5c;
  crypto->sha1_init(&keys->outer);
  crypto->sha1_update(&keys->outer, block, sizeof block);
  crypto->wipe(block, sizeof block);
}

bool secure_rtp_use_session_keys(
    secure_rtp *stream, bool is_control, const uint8_t *key, const uint8_t *authentication,
    const uint8_t *salt) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  const secure_rtp_suite *suite = stream->suite;
  secure_rtp_keys *keys = is_control ? &stream->reports : &stream->packets;
  memcpy(keys->salt, salt, suite->salt);
  if (!suite->is_aead) key_hash(keys, authentication);
  if (keys->cipher == NULL) keys->cipher = crypto->cipher_new();
  const EVP_CIPHER *cipher = secure_rtp_cipher(suite->cipher);
  return keys->cipher != NULL
         && crypto->cipher_init(keys->cipher, cipher, key, NULL, 1, NULL) == 1;
}

static bool derive_keys(
    secure_rtp *stream, EVP_CIPHER_CTX *master, const uint8_t *master_salt, bool is_control) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  const secure_rtp_suite *suite = stream->suite;
  uint8_t key[KEY_MAXIMUM], authentication[AUTHENTICATION_KEY], salt[SALT_MAXIMUM];
  uint8_t label = is_control ? 3 : 0;
  bool is_good =
      derive(master, master_salt, label, key, suite->key)
      && derive(master, master_salt, (uint8_t)(label + 1), authentication, AUTHENTICATION_KEY)
      && derive(master, master_salt, (uint8_t)(label + 2), salt, suite->salt)
      && secure_rtp_use_session_keys(stream, is_control, key, authentication, salt);
  crypto->wipe(key, sizeof key);
  crypto->wipe(authentication, sizeof authentication);
  crypto->wipe(salt, sizeof salt);
  return is_good;
}

static bool derive_all(secure_rtp *stream, const uint8_t *key) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  const secure_rtp_suite *suite = stream->suite;
  uint8_t salt[SALT_MAXIMUM] = {0};
  memcpy(salt, key + suite->key, suite->salt);
  EVP_CIPHER_CTX *master = crypto->cipher_new();
  bool is_good =
      master != NULL
      && crypto->cipher_init(master, secure_rtp_cipher(suite->derivation), key, NULL, 1, NULL) == 1
      && derive_keys(stream, master, salt, false)
      && derive_keys(stream, master, salt, true);
  if (master != NULL) crypto->cipher_free(master);
  crypto->wipe(salt, sizeof salt);
  return is_good;
}

secure_rtp *secure_rtp_create(int suite, const uint8_t *key) {
  if (!secure_rtp_is_there(suite)) return NULL;
  secure_rtp *stream = calloc(1, sizeof *stream);
  if (stream == NULL) return NULL;
  stream->suite = &suites[suite];
  if (derive_all(stream, key)) return stream;
  secure_rtp_destroy(stream);
  return NULL;
}

void secure_rtp_expect_identifier(secure_rtp *stream, uint8_t length) {
  stream->identifier = length;
}

void secure_rtp_destroy(secure_rtp *stream) {
  if (stream == NULL) return;
  const secure_rtp_crypto *crypto = secure_rtp_library();
  if (stream->packets.cipher != NULL) crypto->cipher_free(stream->packets.cipher);
  if (stream->reports.cipher != NULL) crypto->cipher_free(stream->reports.cipher);
  crypto->wipe(stream, sizeof *stream);
  free(stream);
}
