/* The calls of an agent, and which of their parties are channels. The agent's thread alone knows them. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FIRST_BUCKETS 64

int64_t rcml_now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static size_t bucket_of(const struct rcml_calls *calls, rcml_call_id call) {
  return (size_t)(call * 0x9E3779B97F4A7C15u >> 20) & (calls->bucket_count - 1);
}

struct rcml_call_entry *rcml_calls_find(const struct rcml_calls *calls, rcml_call_id call) {
  struct rcml_call_entry *entry;
  if (!calls->bucket_count || !call) return NULL;
  entry = calls->buckets[bucket_of(calls, call)];
  while (entry && entry->call != call) entry = entry->next;
  return entry;
}

/* Twice the buckets; without memory it stays as it is, which is only slower. */
static bool grow(struct rcml_calls *calls) {
  struct rcml_calls larger = *calls;
  larger.bucket_count = calls->bucket_count ? calls->bucket_count * 2 : FIRST_BUCKETS;
  larger.buckets = calloc(larger.bucket_count, sizeof *larger.buckets);
  if (!larger.buckets) return calls->bucket_count > 0;
  for (size_t at = 0; at < calls->bucket_count; at++) {
    struct rcml_call_entry *entry = calls->buckets[at];
    while (entry) {
      struct rcml_call_entry *next = entry->next, **place = &larger.buckets[bucket_of(&larger, entry->call)];
      entry->next = *place;
      *place = entry;
      entry = next;
    }
  }
  free(calls->buckets);
  *calls = larger;
  return true;
}

struct rcml_call_entry *rcml_calls_make(struct rcml_calls *calls, rcml_call_id call, const char *sid) {
  struct rcml_call_entry *entry = rcml_calls_find(calls, call), **place;
  if (entry) return entry;
  if (calls->count >= calls->bucket_count && !grow(calls)) return NULL;
  entry = calloc(1, sizeof *entry);
  if (!entry) return NULL;
  entry->call = call;
  snprintf(entry->sid, sizeof entry->sid, "%s", sid);
  entry->begun_ms = rcml_now_us() / 1000;
  place = &calls->buckets[bucket_of(calls, call)];
  entry->next = *place;
  *place = entry;
  calls->count++;
  return entry;
}

struct rcml_call_entry *rcml_calls_next(const struct rcml_calls *calls, const struct rcml_call_entry *after) {
  size_t at = 0;
  if (after && after->next) return after->next;
  if (after) at = bucket_of(calls, after->call) + 1;
  while (at < calls->bucket_count && !calls->buckets[at]) at++;
  return at < calls->bucket_count ? calls->buckets[at] : NULL;
}

rcml_channel *rcml_calls_leg(const struct rcml_call_entry *entry, rcml_leg_id leg) {
  rcml_channel *channel = entry ? entry->legs : NULL;
  while (channel && channel->leg != leg) channel = channel->next_of_call;
  return channel;
}

void rcml_calls_drop_leg(struct rcml_call_entry *entry, rcml_channel *leg) {
  rcml_channel **place = &entry->legs;
  while (*place && *place != leg) place = &(*place)->next_of_call;
  if (!*place) return;
  *place = leg->next_of_call;
  rcml_channel_release(leg);
}

void rcml_calls_drop(struct rcml_calls *calls, rcml_call_id call) {
  struct rcml_call_entry *entry = rcml_calls_find(calls, call), **place;
  if (!entry) return;
  place = &calls->buckets[bucket_of(calls, call)];
  while (*place != entry) place = &(*place)->next;
  *place = entry->next;
  while (entry->legs) rcml_calls_drop_leg(entry, entry->legs);
  if (entry->caller) rcml_channel_release(entry->caller);
  free(entry);
  calls->count--;
}

void rcml_calls_free(struct rcml_calls *calls) {
  struct rcml_call_entry *entry;
  while ((entry = rcml_calls_next(calls, NULL))) rcml_calls_drop(calls, entry->call);
  free(calls->buckets);
  memset(calls, 0, sizeof *calls);
}
