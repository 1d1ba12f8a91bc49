/* Digests and keyed digests, computed by libcrypto of OpenSSL 3. Pure: what comes out depends on the arguments alone. */
#ifndef CDIGEST_H
#define CDIGEST_H

#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden)

enum { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512_256, DIGEST_KINDS };

#define DIGEST_MAXIMUM 32

/* The number of octets written to `out`, at most DIGEST_MAXIMUM; 0: there is no libcrypto, or it refuses this
 * algorithm. */
size_t digest_hash(int kind, const void *bytes, size_t length, unsigned char *out);
/* RFC 2104. */
size_t digest_hmac(
    int kind, const void *key, size_t key_length, const void *bytes, size_t length,
    unsigned char *out);

#pragma GCC visibility pop
#endif
