#include <string.h>

#include "internal.h"

secure_rtp_source *secure_rtp_find(secure_rtp *stream, uint32_t source) {
  for (int i = 0; i < SOURCES; i++)
    if (stream->sources[i].source == source && stream->sources[i].used_at != 0)
      return &stream->sources[i];
  return NULL;
}

secure_rtp_source *secure_rtp_admit(secure_rtp *stream, uint32_t source) {
  secure_rtp_source *place = secure_rtp_find(stream, source);
  if (place == NULL) {
    place = stream->sources;
    for (int i = 1; i < SOURCES; i++)
      if (stream->sources[i].used_at < place->used_at) place = &stream->sources[i];
    memset(place, 0, sizeof *place);
    place->source = source;
  }
  place->used_at = ++stream->clock;
  return place;
}

bool secure_rtp_is_new(const secure_rtp_window *window, uint64_t index) {
  if (!window->has_begun || index > window->newest) return true;
  uint64_t age = window->newest - index;
  if (age >= WINDOW) return false;
  return (window->seen[age / 64] >> (age % 64) & 1) == 0;
}

void secure_rtp_note(secure_rtp_window *window, uint64_t index) {
  if (!window->has_begun) {
    window->has_begun = true;
    window->newest = index;
  }
  if (index <= window->newest) {
    uint64_t age = window->newest - index;
    if (age < WINDOW) window->seen[age / 64] |= (uint64_t)1 << (age % 64);
    return;
  }
  uint64_t step = index - window->newest;
  if (step >= WINDOW) {
    window->seen[0] = window->seen[1] = 0;
  } else if (step >= 64) {
    window->seen[1] = window->seen[0] << (step - 64);
    window->seen[0] = 0;
  } else {
    window->seen[1] = window->seen[1] << step | window->seen[0] >> (64 - step);
    window->seen[0] <<= step;
  }
  window->newest = index;
  window->seen[0] |= 1;
}

uint64_t secure_rtp_index(const secure_rtp_window *window, uint16_t sequence) {
  if (!window->has_begun) return sequence;
  uint64_t rollover = window->newest >> 16;
  int distance = (int)sequence - (int)(window->newest & 0xffff);
  if (distance > 32768) {
    if (rollover == 0) return UINT64_MAX;
    rollover -= 1;
  } else if (distance < -32768) {
    rollover += 1;
  }
  return rollover << 16 | sequence;
}
