/* Secure RTP and RTCP (RFC 3711, RFC 7714), computed with the ciphers of libcrypto. Pure: what comes out depends on the
 * key and on the packets so far.
 *
 * One `secure_rtp` is one direction under one master key: what a party sends, or what is sent to it, of all its sources.
 * Packets are changed where they lie; nothing is allocated for one. */
#ifndef CSECURERTP_H
#define CSECURERTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

enum {
  SECURE_RTP_CM_SHA1_80, /* AES_CM_128_HMAC_SHA1_80 of RFC 4568 */
  SECURE_RTP_CM_SHA1_32, /* AES_CM_128_HMAC_SHA1_32: RTCP has 80 bits all the same */
  SECURE_RTP_GCM_128,    /* AEAD_AES_128_GCM of RFC 7714 */
  SECURE_RTP_GCM_256,    /* AEAD_AES_256_GCM */
  SECURE_RTP_SUITES
};

/* What a packet grows by at most. */
#define SECURE_RTP_GROWTH 20
/* Octets of the longest master key with its salt. */
#define SECURE_RTP_KEY_MAXIMUM 44

/* In the place of a length. */
enum {
  SECURE_RTP_MALFORMED = -1, /* no RTP, or no RTCP: lengths that do not fit */
  SECURE_RTP_FORGED = -2,    /* made with another key, or changed on its way */
  SECURE_RTP_REPLAYED = -3,  /* was there before, or is too old to tell */
  SECURE_RTP_USED_UP = -4,   /* the key has served for as many packets as it may */
  SECURE_RTP_FAILED = -5     /* no room, or libcrypto failed */
};

typedef struct secure_rtp secure_rtp;

/* Octets of a master key with its salt, as they stand behind `inline:`; 0: no such suite. */
size_t secure_rtp_key_length(int suite);
/* Whether this machine can compute the suite; libcrypto is looked for once, when somebody asks. */
bool secure_rtp_is_there(int suite);

/* `key`: the master key and its salt. NULL: the suite is not there, or no memory. */
secure_rtp *secure_rtp_create(int suite, const uint8_t *key);
/* Its keys are wiped. */
void secure_rtp_destroy(secure_rtp *stream);

/* Packets that come name their key with so many octets, the MKI of RFC 3711 section 3.1; there is but one key, so they are
 * passed over. Ours never do. */
void secure_rtp_expect_identifier(secure_rtp *stream, uint8_t length);
/* What RFC 3711 section 4.3 makes of a master key, given as it is: the examples of RFC 7714 begin behind it. An AEAD suite
 * has no use for `authentication`, 20 octets. false: libcrypto failed. */
bool secure_rtp_use_session_keys(
    secure_rtp *stream, bool is_control, const uint8_t *key, const uint8_t *authentication,
    const uint8_t *salt);

/* The packet's new length, or one of the above, and the packet is as it was. `room`: octets there are for it. */
long secure_rtp_protect(secure_rtp *stream, uint8_t *packet, size_t length, size_t room);
long secure_rtp_protect_control(secure_rtp *stream, uint8_t *packet, size_t length, size_t room);
/* The packet's new length, or one of the above, and then its octets say nothing any more. */
long secure_rtp_unprotect(secure_rtp *stream, uint8_t *packet, size_t length);
long secure_rtp_unprotect_control(secure_rtp *stream, uint8_t *packet, size_t length);

#pragma GCC visibility pop
#endif
