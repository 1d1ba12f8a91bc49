/* Sound of MPEG (MP3), by the decoder of libmpg123. Pure: what comes out depends on the octets alone. */
#ifndef CMPEG_H
#define CMPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

/* Whether this machine has libmpg123; it is looked for once, when somebody asks. */
bool mpeg_is_there(void);

enum {
  MPEG_SAMPLES, /* `count` samples of one channel at `rate` were written */
  MPEG_HUNGRY,  /* more octets are needed */
  MPEG_BROKEN   /* nothing more comes of this */
};

/* One stream of frames; NULL: there is no libmpg123, or no memory. */
void *mpeg_decoder_create(void);
void mpeg_decoder_destroy(void *decoder);
/* false: there is no memory. The octets are copied. */
bool mpeg_decoder_feed(void *decoder, const void *octets, size_t length);
/* Stereo becomes the mean of both. `rate` in Hz may change from one call to the next. */
int mpeg_decoder_read(void *decoder, int16_t *samples, size_t room, size_t *count, long *rate);

#pragma GCC visibility pop
#endif
