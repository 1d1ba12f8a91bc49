/* Keys heard in sound (ITU-T Q.23, Q.24), by the receiver of libspandsp. Pure: what is heard depends on the samples
 * alone. */
#ifndef CTELEPHONY_H
#define CTELEPHONY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Whether this machine has libspandsp; it is looked for once, when somebody asks. */
bool telephony_hears_keys(void);

/* A listener to one stream of samples at 8 kHz; NULL: there is no libspandsp, or no memory. */
void *telephony_listener_create(void);
void telephony_listener_destroy(void *listener);
/* Hears `count` samples. The number of keys that have begun, at most `room`, written to `keys` as people write them. */
size_t telephony_listener_hear(
    void *listener, const int16_t *samples, int count, char *keys, size_t room);

#pragma GCC visibility pop
#endif
