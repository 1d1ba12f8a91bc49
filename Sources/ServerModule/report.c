/* What commands ask: which calls there are, what was counted, what is set. All of it on the agent's thread. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- Lists, copied there and told here ---------------------------------------------------------------------- */

struct list {
  rcml_module *module;
  const char *sid;
  struct rcml_memory *memory;
  rcml_module_call *calls;
  rcml_leg_info *legs;
  size_t count;
  int32_t result;
};

static const char *kept(struct list *list, const char *text) {
  const char *copy = rcml_memory_text(&list->memory, text);
  if (!copy) list->result = RCML_E_SYSTEM;
  return copy ? copy : "";
}

static void list_calls(void *context, rcml_agent *agent) {
  struct list *list = context;
  const struct rcml_calls *calls = &list->module->calls;
  const struct rcml_call_entry *entry = NULL;
  list->calls = rcml_memory_block(&list->memory, (calls->count + 1) * sizeof *list->calls);
  if (!list->calls) {
    list->result = RCML_E_SYSTEM;
    return;
  }
  while ((entry = rcml_calls_next(calls, entry))) {
    rcml_module_call *call = &list->calls[list->count];
    rcml_call_info info = RCML_CALL_INFO_INIT;
    if (rcml_call_state(agent, entry->call, &info) != RCML_OK) continue;
    call->call = entry->call;
    call->sid = kept(list, entry->sid);
    call->from = kept(list, info.from);
    call->to = kept(list, info.to);
    call->status = kept(list, info.status);
    call->name = kept(list, entry->caller ? entry->caller->name : "");
    call->identity = kept(list, entry->caller ? entry->caller->identity : "");
    call->age_ms = rcml_now_us() / 1000 - entry->begun_ms;
    call->legs = info.legs;
    call->left = entry->caller && entry->caller->has_left;
    list->count++;
  }
}

static int by_age(const void *one, const void *other) {
  int64_t first = ((const rcml_module_call *)one)->age_ms, second = ((const rcml_module_call *)other)->age_ms;
  return first > second ? -1 : first < second;
}

int32_t rcml_module_calls(
    rcml_module *module, void (*function)(void *context, const rcml_module_call *call), void *context) {
  struct list list = {module, NULL, NULL, NULL, NULL, 0, RCML_OK};
  int32_t result = rcml_module_run(module, list_calls, &list);
  if (result == RCML_OK) result = list.result;
  if (result == RCML_OK && list.count) qsort(list.calls, list.count, sizeof *list.calls, by_age);
  for (size_t at = 0; result == RCML_OK && at < list.count; at++) function(context, &list.calls[at]);
  rcml_module_free(list.memory);
  return result == RCML_OK ? (int32_t)list.count : result;
}

/* The call with this SID, or the only one that begins so. */
static int32_t find(const rcml_module *module, const char *sid, rcml_call_id *call) {
  const struct rcml_call_entry *entry = NULL;
  size_t length = sid ? strlen(sid) : 0, count = 0;
  if (!length) return RCML_E_ARGUMENT;
  while ((entry = rcml_calls_next(&module->calls, entry))) {
    if (strncmp(entry->sid, sid, length) != 0) continue;
    *call = entry->call;
    count++;
  }
  if (count > 1) return RCML_E_ARGUMENT;
  return count ? RCML_OK : RCML_E_GONE;
}

static void list_legs(void *context, rcml_agent *agent) {
  struct list *list = context;
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  rcml_call_id call = 0;
  uint32_t room;
  list->result = find(list->module, list->sid, &call);
  if (list->result == RCML_OK) list->result = rcml_call_state(agent, call, &info);
  if (list->result != RCML_OK) return;
  room = info.legs;
  list->legs = rcml_memory_block(&list->memory, (room + 1) * sizeof *list->legs);
  if (!list->legs) list->result = RCML_E_SYSTEM;
  while (list->legs && list->count < room && rcml_call_leg(agent, call, list->count, &leg) == 1) {
    leg.sid = kept(list, leg.sid);
    leg.to = kept(list, leg.to);
    leg.status = kept(list, leg.status);
    list->legs[list->count++] = leg;
    leg = (rcml_leg_info)RCML_LEG_INFO_INIT;
  }
}

int32_t rcml_module_legs(
    rcml_module *module, const char *sid, void (*function)(void *context, const rcml_leg_info *leg),
    void *context) {
  struct list list = {module, sid, NULL, NULL, NULL, 0, RCML_OK};
  int32_t result = rcml_module_run(module, list_legs, &list);
  if (result == RCML_OK) result = list.result;
  for (size_t at = 0; result == RCML_OK && at < list.count; at++) function(context, &list.legs[at]);
  rcml_module_free(list.memory);
  return result == RCML_OK ? (int32_t)list.count : result;
}

static void end_call(void *context, rcml_agent *agent) {
  struct list *list = context;
  rcml_call_id call = 0;
  list->result = find(list->module, list->sid, &call);
  if (list->result == RCML_OK) list->result = rcml_call_hang_up(agent, call, NULL);
}

int32_t rcml_module_hang_up(rcml_module *module, const char *sid) {
  struct list list = {module, sid, NULL, NULL, NULL, 0, RCML_OK};
  int32_t result = rcml_module_run(module, end_call, &list);
  return result == RCML_OK ? list.result : result;
}

/* ---- One function of the agent each ------------------------------------------------------------------------- */

struct question {
  const char *name, *value;
  char *buffer;
  size_t size, index;
  rcml_counters *counters;
  rcml_error *error;
  int32_t result;
};

static void ask_set(void *context, rcml_agent *agent) {
  struct question *question = context;
  question->result = rcml_agent_set(agent, question->name, question->value, question->error);
}
static void ask_get(void *context, rcml_agent *agent) {
  struct question *question = context;
  question->result = rcml_agent_get(agent, question->name, question->buffer, question->size, question->error);
}
static void ask_counters(void *context, rcml_agent *agent) {
  struct question *question = context;
  question->result = rcml_agent_counters(agent, question->counters);
}
static void ask_metrics(void *context, rcml_agent *agent) {
  struct question *question = context;
  question->result = rcml_agent_metrics(agent, question->buffer, question->size);
}
static void ask_listener(void *context, rcml_agent *agent) {
  struct question *question = context;
  question->result = rcml_agent_listener(agent, question->index, question->buffer, question->size);
}

static int32_t ask(rcml_module *module, void (*function)(void *, rcml_agent *), struct question *question) {
  if (rcml_module_run(module, function, question) == RCML_OK) return question->result;
  return rcml_fail(question->error, RCML_E_CLOSED, "the module has stopped");
}

int32_t rcml_module_set(rcml_module *module, const char *name, const char *value, rcml_error *error) {
  struct question question = {.name = name, .value = value, .error = error};
  /* Without it no party of a document would be a channel any more. */
  if (name && strcmp(name, "ask_targets") == 0)
    return rcml_fail(error, RCML_E_SETTING, "ask_targets is the module's own");
  return ask(module, ask_set, &question);
}

int32_t rcml_module_get(rcml_module *module, const char *name, char *buffer, size_t size, rcml_error *error) {
  struct question question = {.name = name, .buffer = buffer, .size = size, .error = error};
  return ask(module, ask_get, &question);
}

int32_t rcml_module_counters(rcml_module *module, rcml_counters *counters) {
  struct question question = {.counters = counters};
  return ask(module, ask_counters, &question);
}

int32_t rcml_module_metrics(rcml_module *module, char *buffer, size_t size) {
  struct question question = {.buffer = buffer, .size = size};
  return ask(module, ask_metrics, &question);
}

int32_t rcml_module_listener(rcml_module *module, size_t index, char *buffer, size_t size) {
  struct question question = {.index = index, .buffer = buffer, .size = size};
  return ask(module, ask_listener, &question);
}

void rcml_module_timing_of(rcml_module *module, rcml_module_timing *timing) {
  timing->ticks = atomic_load(&module->ticks);
  timing->made_up = atomic_load(&module->made_up);
  timing->missed = atomic_load(&module->missed);
  timing->latest_us = atomic_load(&module->latest_us);
  timing->frames_refused = atomic_load(&module->frames_refused);
  timing->channels = atomic_load(&module->speakers);
}
