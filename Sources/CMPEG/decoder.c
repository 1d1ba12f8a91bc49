#define _GNU_SOURCE
#include "CMPEG.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* What is used of mpg123.h, whose numbers are the same since 1.13. The library is found at run time, on first use: only calls
 * that play MP3 should pay for it. */
typedef struct mpg123_handle_struct mpg123_handle;

enum {
  PARAMETER_ADD_FLAGS = 2,
  PARAMETER_RESYNC_LIMIT = 14,
  FLAG_MONO_MIX = 0x4,
  FLAG_QUIET = 0x20, /* nothing is printed */
  FLAG_SKIP_ID3V2 = 0x2000,
  ENCODING_SIGNED_16 = 0xd0,
  CHANNELS_MONO = 1,
  CODE_DONE = -12,
  CODE_NEW_FORMAT = -11,
  CODE_NEED_MORE = -10,
  CODE_GOOD = 0,
  BROKEN_LIMIT = 64 * 1024 /* octets in a row that are no frame: then it is no sound any more */
};

static struct {
  int (*init)(void);
  mpg123_handle *(*create)(const char *decoder, int *error);
  void (*destroy)(mpg123_handle *handle);
  int (*param)(mpg123_handle *handle, int type, long value, double fraction);
  int (*open_feed)(mpg123_handle *handle);
  int (*feed)(mpg123_handle *handle, const unsigned char *octets, size_t length);
  int (*read)(mpg123_handle *handle, void *out, size_t size, size_t *done);
  int (*get_format)(mpg123_handle *handle, long *rate, int *channels, int *encoding);
  int (*format_none)(mpg123_handle *handle);
  int (*format)(mpg123_handle *handle, long rate, int channels, int encodings);
} mpg123;

static bool is_there;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen("libmpg123.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) return;
  const struct {
    const char *name;
    void *place;
  } wanted[] = {
      {"mpg123_init", &mpg123.init},           {"mpg123_new", &mpg123.create},
      {"mpg123_delete", &mpg123.destroy},      {"mpg123_param", &mpg123.param},
      {"mpg123_open_feed", &mpg123.open_feed}, {"mpg123_feed", &mpg123.feed},
      {"mpg123_read", &mpg123.read},           {"mpg123_getformat", &mpg123.get_format},
      {"mpg123_format_none", &mpg123.format_none},
      {"mpg123_format", &mpg123.format},
  };
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    void *found = dlsym(library, wanted[i].name);
    if (found == NULL) return;
    memcpy(wanted[i].place, &found, sizeof found);
  }
  is_there = mpg123.init() == CODE_GOOD;
}

bool mpeg_is_there(void) {
  pthread_once(&once, load);
  return is_there;
}

void *mpeg_decoder_create(void) {
  static const long rates[] = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000};
  if (!mpeg_is_there()) return NULL;
  mpg123_handle *handle = mpg123.create(NULL, NULL);
  if (handle == NULL) return NULL;
  bool is_good =
      mpg123.param(handle, PARAMETER_ADD_FLAGS, FLAG_MONO_MIX | FLAG_QUIET | FLAG_SKIP_ID3V2, 0) == CODE_GOOD &&
      mpg123.param(handle, PARAMETER_RESYNC_LIMIT, BROKEN_LIMIT, 0) == CODE_GOOD &&
      mpg123.format_none(handle) == CODE_GOOD;
  for (size_t i = 0; i < sizeof rates / sizeof *rates && is_good; i++)
    is_good = mpg123.format(handle, rates[i], CHANNELS_MONO, ENCODING_SIGNED_16) == CODE_GOOD;
  if (is_good && mpg123.open_feed(handle) == CODE_GOOD) return handle;
  mpg123.destroy(handle);
  return NULL;
}

void mpeg_decoder_destroy(void *decoder) {
  if (decoder != NULL) mpg123.destroy(decoder);
}

bool mpeg_decoder_feed(void *decoder, const void *octets, size_t length) {
  return mpg123.feed(decoder, octets, length) == CODE_GOOD;
}

int mpeg_decoder_read(void *decoder, int16_t *samples, size_t room, size_t *count, long *rate) {
  size_t done = 0;
  int channels = 0, encoding = 0;
  int code = mpg123.read(decoder, samples, room * sizeof *samples, &done);
  /* Told before the first samples of it, and where nothing was decoded of it perhaps more than once. */
  for (int i = 0; i < 8 && code == CODE_NEW_FORMAT && done == 0; i++)
    code = mpg123.read(decoder, samples, room * sizeof *samples, &done);
  *count = done / sizeof *samples;
  if (*count > 0)
    return mpg123.get_format(decoder, rate, &channels, &encoding) == CODE_GOOD && channels == CHANNELS_MONO &&
                   encoding == ENCODING_SIGNED_16
               ? MPEG_SAMPLES
               : MPEG_BROKEN;
  return code == CODE_NEED_MORE || code == CODE_DONE || code == CODE_GOOD ? MPEG_HUNGRY : MPEG_BROKEN;
}
