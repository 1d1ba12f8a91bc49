#include <string.h>

#include "internal.h"

enum { INDEX_MAXIMUM_BITS = 48, FIXED_HEADER = 12 };

static uint32_t word(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void put(uint8_t *at, uint32_t word) {
  at[0] = (uint8_t)(word >> 24);
  at[1] = (uint8_t)(word >> 16);
  at[2] = (uint8_t)(word >> 8);
  at[3] = (uint8_t)word;
}

/* Octets in front of the payload: they stay readable, extension included. 0: it is no RTP. */
static size_t header_length(const uint8_t *packet, size_t length) {
  if (length < FIXED_HEADER || packet[0] >> 6 != 2) return 0;
  size_t header = FIXED_HEADER + (size_t)(packet[0] & 15) * 4;
  if (packet[0] & 0x10) {
    if (length < header + 4) return 0;
    header += 4 + ((size_t)packet[header + 2] << 8 | packet[header + 3]) * 4;
  }
  return header <= length ? header : 0;
}

/* RFC 3711 section 4.1.1. */
static bool counter_mode(
    const secure_rtp_keys *keys, uint32_t source, uint64_t index, uint8_t *octets, size_t length) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint8_t begin[16] = {0};
  int count = 0;
  memcpy(begin, keys->salt, SALT_MAXIMUM);
  for (int i = 0; i < 4; i++) begin[4 + i] ^= (uint8_t)(source >> (24 - 8 * i));
  for (int i = 0; i < 6; i++) begin[8 + i] ^= (uint8_t)(index >> (40 - 8 * i));
  return crypto->cipher_init(keys->cipher, NULL, NULL, begin, 1, NULL) == 1
         && crypto->cipher_update(keys->cipher, octets, &count, octets, (int)length) == 1;
}

/* HMAC-SHA1 of the octets and, for RTP, of the roll-over counter behind them (RFC 3711 section 4.2). */
static void authenticate(
    const secure_rtp_keys *keys, const uint8_t *octets, size_t length, const uint8_t *rollover,
    uint8_t tag[SHA_DIGEST_LENGTH]) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  SHA_CTX hash = keys->inner;
  crypto->sha1_update(&hash, octets, length);
  if (rollover != NULL) crypto->sha1_update(&hash, rollover, 4);
  crypto->sha1_final(tag, &hash);
  hash = keys->outer;
  crypto->sha1_update(&hash, tag, SHA_DIGEST_LENGTH);
  crypto->sha1_final(tag, &hash);
}

/* RFC 7714 sections 8.1 and 9.1: two zeros, the source, and the index in 48 bits, with the salt. `more`: what is
 * authenticated besides, behind `open`. */
static bool begin_aead(
    const secure_rtp_keys *keys, uint32_t source, uint64_t index, bool encrypts,
    const uint8_t *open, size_t open_length, const uint8_t *more) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint8_t begin[12];
  int count = 0;
  memcpy(begin, keys->salt, sizeof begin);
  for (int i = 0; i < 4; i++) begin[2 + i] ^= (uint8_t)(source >> (24 - 8 * i));
  for (int i = 0; i < 6; i++) begin[6 + i] ^= (uint8_t)(index >> (40 - 8 * i));
  return crypto->cipher_init(keys->cipher, NULL, NULL, begin, encrypts, NULL) == 1
         && crypto->cipher_update(keys->cipher, NULL, &count, open, (int)open_length) == 1
         && (more == NULL || crypto->cipher_update(keys->cipher, NULL, &count, more, 4) == 1);
}

/* The tag comes behind the octets. */
static bool seal(const secure_rtp_keys *keys, uint8_t *octets, size_t length) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint8_t rest[16];
  int count = 0;
  return (length == 0
          || crypto->cipher_update(keys->cipher, octets, &count, octets, (int)length) == 1)
         && crypto->cipher_final(keys->cipher, rest, &count) == 1
         && crypto->cipher_ctrl(keys->cipher, EVP_CTRL_AEAD_GET_TAG, TAG_GCM, octets + length) == 1;
}

static bool open_sealed(const secure_rtp_keys *keys, uint8_t *octets, size_t length) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint8_t rest[16];
  int count = 0;
  return crypto->cipher_ctrl(keys->cipher, EVP_CTRL_AEAD_SET_TAG, TAG_GCM, octets + length) == 1
         && (length == 0
             || crypto->cipher_update(keys->cipher, octets, &count, octets, (int)length) == 1)
         && crypto->cipher_final(keys->cipher, rest, &count) == 1;
}

/* ---- RTP */

long secure_rtp_protect(secure_rtp *stream, uint8_t *packet, size_t length, size_t room) {
  size_t header = header_length(packet, length), tag = stream->suite->tag;
  if (header == 0) return SECURE_RTP_MALFORMED;
  if (room < length + tag || length > 65535) return SECURE_RTP_FAILED;
  uint32_t source = word(packet + 8);
  const secure_rtp_window unheard = {0};
  const secure_rtp_source *known = secure_rtp_find(stream, source);
  const secure_rtp_window *window = known == NULL ? &unheard : &known->packets;
  uint64_t index = secure_rtp_index(window, (uint16_t)(packet[2] << 8 | packet[3]));
  /* The same number a second time would give two texts the same key stream. */
  if (index == UINT64_MAX || !secure_rtp_is_new(window, index)) return SECURE_RTP_REPLAYED;
  if (index >> INDEX_MAXIMUM_BITS != 0) return SECURE_RTP_USED_UP;
  secure_rtp_note(&secure_rtp_admit(stream, source)->packets, index);
  uint8_t *payload = packet + header;
  if (stream->suite->is_aead) {
    if (!begin_aead(&stream->packets, source, index, true, packet, header, NULL)
        || !seal(&stream->packets, payload, length - header))
      return SECURE_RTP_FAILED;
  } else {
    uint8_t rollover[4], hash[SHA_DIGEST_LENGTH];
    if (!counter_mode(&stream->packets, source, index, payload, length - header))
      return SECURE_RTP_FAILED;
    put(rollover, (uint32_t)(index >> 16));
    authenticate(&stream->packets, packet, length, rollover, hash);
    memcpy(packet + length, hash, tag);
  }
  return (long)(length + tag);
}

static bool open_packet(
    secure_rtp *stream, uint8_t *packet, size_t header, size_t length, uint64_t index) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  uint32_t source = word(packet + 8);
  uint8_t *payload = packet + header;
  if (stream->suite->is_aead) {
    if (begin_aead(&stream->packets, source, index, false, packet, header, NULL)
        && open_sealed(&stream->packets, payload, length - header))
      return true;
    /* What was changed is changed back: somebody may want to try another index. */
    int count = 0;
    if (length > header
        && begin_aead(&stream->packets, source, index, false, packet, header, NULL))
      (void)crypto->cipher_update(
          stream->packets.cipher, payload, &count, payload, (int)(length - header));
    return false;
  }
  uint8_t rollover[4], hash[SHA_DIGEST_LENGTH];
  put(rollover, (uint32_t)(index >> 16));
  authenticate(&stream->packets, packet, length, rollover, hash);
  return crypto->compare(hash, packet + length + stream->identifier, stream->suite->tag) == 0
         && counter_mode(&stream->packets, source, index, payload, length - header);
}

long secure_rtp_unprotect(secure_rtp *stream, uint8_t *packet, size_t length) {
  /* Behind the payload: its tag, and the octets that name the key, before or behind the tag. */
  size_t trailer = stream->suite->tag + stream->identifier;
  if (length < FIXED_HEADER + trailer || length > 65535) return SECURE_RTP_MALFORMED;
  length -= trailer;
  size_t header = header_length(packet, length);
  if (header == 0) return SECURE_RTP_MALFORMED;
  uint32_t source = word(packet + 8);
  uint16_t sequence = (uint16_t)(packet[2] << 8 | packet[3]);
  const secure_rtp_window unheard = {0};
  const secure_rtp_source *known = secure_rtp_find(stream, source);
  const secure_rtp_window *window = known == NULL ? &unheard : &known->packets;
  uint64_t index = secure_rtp_index(window, sequence);
  if (index == UINT64_MAX || !secure_rtp_is_new(window, index)) return SECURE_RTP_REPLAYED;
  if (index >> INDEX_MAXIMUM_BITS != 0) return SECURE_RTP_USED_UP;
  if (!open_packet(stream, packet, header, length, index)) {
    /* A party may have begun just below 65,536, and its numbers wrapped before we heard it or knew its key. */
    index |= 0x10000;
    if (window->has_begun || sequence >= 0x4000
        || !open_packet(stream, packet, header, length, index))
      return SECURE_RTP_FORGED;
  }
  /* Only who has the key gets a place. */
  secure_rtp_note(&secure_rtp_admit(stream, source)->packets, index);
  return (long)length;
}

/* ---- RTCP */

enum {
  OPEN_CONTROL = 8,   /* the first header and the source stay readable */
  CONTROL_INDEX = 4,  /* behind the packet: whether it is encrypted, and its index in 31 bits */
  INDEX_LIMIT = 0x7fffffff
};
#define CONTROL_ENCRYPTED 0x80000000u

long secure_rtp_protect_control(secure_rtp *stream, uint8_t *packet, size_t length, size_t room) {
  bool is_aead = stream->suite->is_aead;
  size_t tag = is_aead ? TAG_GCM : TAG_SHA1_80;
  if (length < OPEN_CONTROL || packet[0] >> 6 != 2) return SECURE_RTP_MALFORMED;
  if (room < length + tag + CONTROL_INDEX || length > 65535) return SECURE_RTP_FAILED;
  uint32_t source = word(packet + 4);
  secure_rtp_window *window = &secure_rtp_admit(stream, source)->reports;
  uint64_t index = window->has_begun ? window->newest + 1 : 1;
  if (index > INDEX_LIMIT) return SECURE_RTP_USED_UP;
  secure_rtp_note(window, index);
  uint8_t trailer[CONTROL_INDEX];
  put(trailer, CONTROL_ENCRYPTED | (uint32_t)index);
  uint8_t *secret = packet + OPEN_CONTROL;
  size_t count = length - OPEN_CONTROL;
  if (is_aead) {
    if (!begin_aead(&stream->reports, source, index, true, packet, OPEN_CONTROL, trailer)
        || !seal(&stream->reports, secret, count))
      return SECURE_RTP_FAILED;
    memcpy(packet + length + tag, trailer, sizeof trailer);
  } else {
    uint8_t hash[SHA_DIGEST_LENGTH];
    if (!counter_mode(&stream->reports, source, index, secret, count)) return SECURE_RTP_FAILED;
    memcpy(packet + length, trailer, sizeof trailer);
    authenticate(&stream->reports, packet, length + sizeof trailer, NULL, hash);
    memcpy(packet + length + sizeof trailer, hash, tag);
  }
  return (long)(length + tag + CONTROL_INDEX);
}

/* An AEAD packet that is only authenticated is open as a whole. */
static bool open_control(
    secure_rtp *stream, uint8_t *packet, size_t length, const uint8_t *trailer) {
  const secure_rtp_crypto *crypto = secure_rtp_library();
  const secure_rtp_keys *keys = &stream->reports;
  uint32_t source = word(packet + 4);
  uint32_t index = word(trailer) & INDEX_LIMIT;
  bool is_encrypted = (word(trailer) & CONTROL_ENCRYPTED) != 0;
  size_t open = is_encrypted ? OPEN_CONTROL : length;
  if (stream->suite->is_aead)
    return begin_aead(keys, source, index, false, packet, open, trailer)
           && open_sealed(keys, packet + open, length - open);
  uint8_t hash[SHA_DIGEST_LENGTH];
  authenticate(keys, packet, length + CONTROL_INDEX, NULL, hash);
  const uint8_t *tag = packet + length + CONTROL_INDEX + stream->identifier;
  if (crypto->compare(hash, tag, TAG_SHA1_80) != 0) return false;
  return !is_encrypted || counter_mode(keys, source, index, packet + open, length - open);
}

long secure_rtp_unprotect_control(secure_rtp *stream, uint8_t *packet, size_t length) {
  bool is_aead = stream->suite->is_aead;
  size_t tag = is_aead ? TAG_GCM : TAG_SHA1_80;
  size_t behind = tag + CONTROL_INDEX + stream->identifier;
  if (length < OPEN_CONTROL + behind || length > 65535 || packet[0] >> 6 != 2)
    return SECURE_RTP_MALFORMED;
  length -= behind;
  uint8_t trailer[CONTROL_INDEX];
  memcpy(trailer, packet + length + (is_aead ? tag : 0), sizeof trailer);
  uint32_t source = word(packet + 4), index = word(trailer) & INDEX_LIMIT;
  const secure_rtp_source *known = secure_rtp_find(stream, source);
  if (known != NULL && !secure_rtp_is_new(&known->reports, index)) return SECURE_RTP_REPLAYED;
  if (!open_control(stream, packet, length, trailer)) return SECURE_RTP_FORGED;
  secure_rtp_note(&secure_rtp_admit(stream, source)->reports, index);
  return (long)length;
}
