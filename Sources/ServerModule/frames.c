/* What is done every 20 ms for all who speak in frames. */
#include "parts.h"

#include <sys/timerfd.h>
#include <unistd.h>

#define TICK_US 20000

static void set_timer(rcml_module *module, bool runs) {
  struct itimerspec times = {{0, 0}, {0, 0}};
  if (runs) times.it_interval.tv_nsec = times.it_value.tv_nsec = TICK_US * 1000L;
  timerfd_settime(module->timer, 0, &times, NULL);
  module->next_tick_us = rcml_now_us() + TICK_US;
}

void rcml_frames_begin(rcml_module *module, rcml_channel *channel) {
  if (channel->is_speaking) return;
  channel->is_speaking = true;
  channel->previous_speaking = NULL;
  channel->next_speaking = module->speaking;
  if (module->speaking) module->speaking->previous_speaking = channel;
  else set_timer(module, true);
  module->speaking = rcml_channel_retain(channel);
  atomic_fetch_add(&module->speakers, 1);
}

void rcml_frames_end(rcml_module *module, rcml_channel *channel) {
  if (!channel->is_speaking) return;
  channel->is_speaking = false;
  if (channel->next_speaking) channel->next_speaking->previous_speaking = channel->previous_speaking;
  if (channel->previous_speaking) channel->previous_speaking->next_speaking = channel->next_speaking;
  else module->speaking = channel->next_speaking;
  if (!module->speaking) set_timer(module, false);
  atomic_fetch_sub(&module->speakers, 1);
  rcml_channel_release(channel);
}

/* All that was said goes in at once: what came unsteadily is evened out by the engine, and a delay cannot grow here. */
static void push(rcml_module *module, rcml_channel *channel) {
  alignas(8) uint8_t frame[RCML_FRAME_OCTETS];
  while (rcml_ring_take(&channel->to_engine, frame, channel->frame_size))
    rcml_host_push(module->agent, channel->call, channel->leg, frame, channel->frame_size);
}

static void pull(rcml_module *module, rcml_channel *channel) {
  alignas(8) uint8_t frame[RCML_FRAME_OCTETS];
  if (rcml_host_pull(module->agent, channel->call, channel->leg, frame, channel->frame_size) != 1) return;
  if (!rcml_ring_put(&channel->to_party, frame, channel->frame_size)) {
    atomic_fetch_add_explicit(&module->frames_refused, 1, memory_order_relaxed);
    return;
  }
  if (atomic_load_explicit(&channel->wakes_for_frames, memory_order_relaxed)) rcml_bell_ring(&channel->bell);
}

/* How late the first of these ticks is. */
static void keep_time(rcml_module *module, uint64_t elapsed) {
  int64_t late = rcml_now_us() - module->next_tick_us;
  if (late > (int64_t)atomic_load_explicit(&module->latest_us, memory_order_relaxed))
    atomic_store_explicit(&module->latest_us, (uint64_t)late, memory_order_relaxed);
  module->next_tick_us += (int64_t)elapsed * TICK_US;
}

void rcml_frames_tick(rcml_module *module) {
  uint64_t elapsed, turns;
  rcml_channel *channel;
  if (read(module->timer, &elapsed, sizeof elapsed) != sizeof elapsed || !elapsed) return;
  keep_time(module, elapsed);
  turns = elapsed > RCML_RING_FRAMES ? RCML_RING_FRAMES : elapsed;
  for (channel = module->speaking; channel; channel = channel->next_speaking) push(module, channel);
  for (uint64_t turn = 0; turn < turns; turn++)
    for (channel = module->speaking; channel; channel = channel->next_speaking) pull(module, channel);
  atomic_fetch_add_explicit(&module->ticks, turns, memory_order_relaxed);
  atomic_fetch_add_explicit(&module->made_up, turns - 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&module->missed, elapsed - turns, memory_order_relaxed);
}
