/* A channel as the server's thread has it: what it is told, what it wishes, and who still holds it. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a channel whose thread takes nothing, no more than so many events wait; that it is over always does. */
#define WAITING_LIMIT 256

const rcml_channel_event rcml_channel_no_event = {
    0, 0, 0, 0, 0, false, false, "", "", "", "", "", "", "", "", ""};

static struct rcml_node *take_all(rcml_channel *channel) { return rcml_queue_take(&channel->events); }

rcml_channel *rcml_channel_make(rcml_module *module, const char *name, const char *identity, size_t frame_size) {
  rcml_channel *channel = aligned_alloc(alignof(rcml_channel), sizeof *channel);
  if (!channel) return NULL;
  memset(channel, 0, sizeof *channel);
  atomic_init(&channel->references, 1);
  channel->name = strdup(name ? name : "");
  channel->identity = strdup(identity ? identity : "");
  channel->frame_size = frame_size;
  channel->bell.descriptor = -1;
  if (!channel->name || !channel->identity || !rcml_bell_open(&channel->bell)) {
    rcml_channel_release(channel);
    return NULL;
  }
  channel->module = rcml_module_keep(module);
  return channel;
}

rcml_channel *rcml_channel_retain(rcml_channel *channel) {
  atomic_fetch_add(&channel->references, 1);
  return channel;
}

static void forget(rcml_channel *channel, struct rcml_told *told) {
  if (told && told != &channel->over.told) free(told);
}

void rcml_channel_release(rcml_channel *channel) {
  struct rcml_node *node;
  if (!channel || atomic_fetch_sub(&channel->references, 1) != 1) return;
  forget(channel, channel->current);
  while ((node = channel->taken) || (node = channel->taken = take_all(channel))) {
    channel->taken = node->next;
    forget(channel, (struct rcml_told *)node);
  }
  rcml_bell_close(&channel->bell);
  rcml_configuration_release(channel->configuration);
  rcml_module_release(channel->module);
  free(channel->name);
  free(channel->identity);
  free(channel);
}

/* ---- What it is told, by the agent's thread ----------------------------------------------------------------- */

static const char *copied(char **place, const char *text) {
  size_t size = strlen(text) + 1;
  char *copy = memcpy(*place, text, size);
  *place += size;
  return copy;
}

static void tell(rcml_channel *channel, struct rcml_told *told) {
  atomic_fetch_add(&channel->waiting, 1);
  if (rcml_queue_put(&channel->events, &told->node)) rcml_bell_ring(&channel->bell);
}

void rcml_channel_tell(rcml_channel *channel, const rcml_channel_event *event) {
  const char *strings[] = {event->name,      event->status, event->sid,         event->to, event->hangup_by,
                           event->screening, event->reason, event->reason_text, event->url};
  size_t size = sizeof(struct rcml_told);
  struct rcml_told *told;
  char *place;
  if (channel->has_left) return;
  if (atomic_load(&channel->waiting) >= WAITING_LIMIT && event->kind != RCML_CHANNEL_ENDED) return;
  for (size_t at = 0; at < sizeof strings / sizeof *strings; at++) size += strlen(strings[at]) + 1;
  told = malloc(size);
  if (!told) return;
  told->event = *event;
  place = (char *)(told + 1);
  told->event.name = copied(&place, event->name);
  told->event.status = copied(&place, event->status);
  told->event.sid = copied(&place, event->sid);
  told->event.to = copied(&place, event->to);
  told->event.hangup_by = copied(&place, event->hangup_by);
  told->event.screening = copied(&place, event->screening);
  told->event.reason = copied(&place, event->reason);
  told->event.reason_text = copied(&place, event->reason_text);
  told->event.url = copied(&place, event->url);
  tell(channel, told);
}

/* What RCML_EVENT_ENDED will say, when it does not come in the same turn: callbacks may keep it for long. */
static const char *status_of(const rcml_channel *channel, int32_t sip_code) {
  if (channel->was_answered) return "completed";
  switch (sip_code) {
    case 486: case 600: return "busy";
    case 408: case 480: return "no-answer";
    case 487: return "canceled";
    default: return "failed";
  }
}

void rcml_channel_end(rcml_channel *channel, const rcml_event *event, const char *hangup_by) {
  struct rcml_over *over = &channel->over;
  rcml_channel_event *told = &over->told.event;
  bool is_first = !channel->is_over;
  if (channel->was_told_over) return;
  if (is_first) *told = rcml_channel_no_event;
  told->kind = RCML_CHANNEL_OVER;
  if (event->sip_code) told->sip_code = event->sip_code;
  if (event->duration) told->duration = event->duration;
  told->answered = channel->was_answered;
  if (*event->reason) {
    snprintf(over->reason, sizeof over->reason, "%s", event->reason);
    snprintf(over->reason_text, sizeof over->reason_text, "%s", event->reason_text);
  }
  snprintf(over->hangup_by, sizeof over->hangup_by, "%s", *event->hangup_by ? event->hangup_by : hangup_by);
  if (event->kind == RCML_EVENT_ENDED) snprintf(over->status, sizeof over->status, "%s", event->status);
  if (event->kind != RCML_EVENT_ENDED && is_first)
    snprintf(over->status, sizeof over->status, "%s", status_of(channel, told->sip_code));
  channel->is_over = true;
  atomic_store(&channel->is_gone, true);
}

void rcml_channel_tell_over(rcml_channel *channel) {
  struct rcml_over *over = &channel->over;
  rcml_channel_event *event = &over->told.event;
  bool is_usual = channel->was_answered || !strcmp(over->reason, "end") || !strcmp(over->reason, "hangup");
  if (channel->was_told_over) return;
  channel->was_told_over = true;
  event->status = over->status;
  event->hangup_by = over->hangup_by;
  event->reason = over->reason;
  event->reason_text = over->reason_text;
  event->cause = is_usual ? 16 : rcml_cause_of_sip(event->sip_code);
  tell(channel, &over->told);
}

/* ---- The channel's thread ----------------------------------------------------------------------------------- */

int32_t rcml_channel_take(rcml_channel *channel, rcml_channel_event *event) {
  forget(channel, channel->current);
  channel->current = NULL;
  if (!channel->taken) channel->taken = take_all(channel);
  if (!channel->taken) {
    rcml_bell_rest(&channel->bell);
    channel->taken = take_all(channel);
  }
  if (!channel->taken) {
    *event = rcml_channel_no_event;
    return 0;
  }
  channel->current = (struct rcml_told *)channel->taken;
  channel->taken = channel->taken->next;
  atomic_fetch_sub(&channel->waiting, 1);
  *event = channel->current->event;
  return 1;
}

int32_t rcml_channel_descriptor(const rcml_channel *channel) { return channel->bell.descriptor; }

int32_t rcml_channel_push(rcml_channel *channel, const void *frame) {
  if (atomic_load_explicit(&channel->is_gone, memory_order_relaxed)) return 0;
  if (rcml_ring_put(&channel->to_engine, frame, channel->frame_size)) return 1;
  atomic_fetch_add_explicit(&channel->module->frames_refused, 1, memory_order_relaxed);
  return 0;
}

int32_t rcml_channel_pull(rcml_channel *channel, void *frame) {
  return rcml_ring_take(&channel->to_party, frame, channel->frame_size);
}

int32_t rcml_channel_trim(rcml_channel *channel, uint32_t keep) {
  return (int32_t)rcml_ring_trim(&channel->to_party, keep);
}

void rcml_channel_wake_for_frames(rcml_channel *channel, bool wake) {
  atomic_store(&channel->wakes_for_frames, wake);
}

size_t rcml_channel_frame_size(const rcml_channel *channel) { return channel->frame_size; }

static int32_t wish(rcml_channel *channel, enum rcml_order_kind kind, int32_t number) {
  struct rcml_order *order;
  if (atomic_load(&channel->is_gone)) return RCML_E_GONE;
  order = calloc(1, sizeof *order);
  if (!order) return RCML_E_SYSTEM;
  order->kind = kind;
  order->number = number;
  order->channel = rcml_channel_retain(channel);
  if (rcml_module_order(channel->module, order)) return RCML_OK;
  rcml_channel_release(channel);
  free(order);
  return RCML_E_GONE;
}

int32_t rcml_channel_press(rcml_channel *channel, char key) {
  if (!key || !strchr("0123456789*#ABCD", key)) return RCML_E_ARGUMENT;
  return wish(channel, RCML_ORDER_PRESS, key);
}

int32_t rcml_channel_ring(rcml_channel *channel, int32_t sip_code) {
  return wish(channel, RCML_ORDER_RING, sip_code);
}

int32_t rcml_channel_answer(rcml_channel *channel) { return wish(channel, RCML_ORDER_ANSWER, 0); }

int32_t rcml_channel_hang_up(rcml_channel *channel, int32_t sip_code) {
  return wish(channel, RCML_ORDER_HANG_UP, sip_code);
}

void rcml_channel_leave(rcml_channel *channel, int32_t sip_code) {
  rcml_module *module;
  if (!channel) return;
  /* As soon as the order is in, the channel may be gone, and with it the last that kept the
   * module, whose bell is rung. */
  module = rcml_module_keep(channel->module);
  atomic_store(&channel->is_gone, true);
  channel->leaving.kind = RCML_ORDER_LEAVE;
  channel->leaving.number = sip_code;
  channel->leaving.channel = channel; /* with the reference of the server */
  if (!rcml_module_order(module, &channel->leaving)) rcml_channel_release(channel);
  rcml_module_release(module);
}

const char *rcml_channel_name(const rcml_channel *channel) { return channel->name; }
const char *rcml_channel_identity(const rcml_channel *channel) { return channel->identity; }
const char *rcml_channel_call_sid(const rcml_channel *channel) { return channel->call_sid; }
void *rcml_channel_context(const rcml_channel *channel) { return channel->context; }
rcml_call_id rcml_channel_call_id(const rcml_channel *channel) { return channel->call; }
rcml_leg_id rcml_channel_leg_id(const rcml_channel *channel) { return channel->leg; }
rcml_module *rcml_channel_module(const rcml_channel *channel) { return channel->module; }
