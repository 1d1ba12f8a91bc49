/* Frames from one thread to one other. Neither waits: a full ring refuses, an empty one has none. */
#include "parts.h"

#include <string.h>

bool rcml_ring_put(struct rcml_ring *ring, const void *frame, size_t size) {
  uint32_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
  uint32_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
  if (written - read == RCML_RING_FRAMES || size > RCML_FRAME_OCTETS) return false;
  memcpy(ring->frames[written % RCML_RING_FRAMES], frame, size);
  atomic_store_explicit(&ring->written, written + 1, memory_order_release);
  return true;
}

bool rcml_ring_take(struct rcml_ring *ring, void *frame, size_t size) {
  uint32_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  uint32_t written = atomic_load_explicit(&ring->written, memory_order_acquire);
  if (written == read || size > RCML_FRAME_OCTETS) return false;
  memcpy(frame, ring->frames[read % RCML_RING_FRAMES], size);
  atomic_store_explicit(&ring->read, read + 1, memory_order_release);
  return true;
}

uint32_t rcml_ring_trim(struct rcml_ring *ring, uint32_t keep) {
  uint32_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
  uint32_t waiting = atomic_load_explicit(&ring->written, memory_order_acquire) - read;
  if (waiting <= keep) return 0;
  atomic_store_explicit(&ring->read, read + waiting - keep, memory_order_release);
  return waiting - keep;
}
