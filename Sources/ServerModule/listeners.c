/* What a configuration says of the agent as a whole: its settings and its listeners. The agent's
 * thread, or before it runs. */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* ---- Settings ----------------------------------------------------------------------------------------------- */

/* The first failure is told; the others only logged. */
static void note(rcml_module *module, int32_t code, const rcml_error *why, int32_t *result, rcml_error *error) {
  if (code >= 0) return;
  rcml_module_say(module, 2, "%s", why->message);
  if (*result >= 0) *result = rcml_fail(error, code, "%s", why->message);
}

/* Every setting gets its value or its default, so that what was set by a command is gone, too. "preset" comes first: it
 * says what the defaults of others are. */
static int32_t settings(rcml_module *module, const rcml_configuration *configuration, rcml_error *error) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  int32_t result = RCML_OK;
  for (int presets = 1; presets >= 0; presets--) {
    for (size_t at = 0; rcml_setting_entry(at, &info) == 1; at++) {
      rcml_error why = RCML_ERROR_INIT;
      const char *value = rcml_configuration_value(configuration, "general", info.name);
      if ((strcmp(info.name, "preset") == 0) != (presets == 1)) continue;
      if (strcmp(info.name, "ask_targets") == 0) value = "all";
      note(module, rcml_agent_set(module->agent, info.name, value, &why), &why, &result, error);
    }
  }
  return result;
}

/* ---- Listeners ---------------------------------------------------------------------------------------------- */

static bool is_wanted(const rcml_configuration *configuration, const char *address) {
  const char *rest = rcml_configuration_value(configuration, "general", "listen");
  char word[256];
  while (rcml_next_word(&rest, word, sizeof word))
    if (strcmp(word, address) == 0) return true;
  return false;
}

static void close_unwanted(rcml_module *module, const rcml_configuration *configuration) {
  struct rcml_listener **place = &module->listeners;
  while (*place) {
    struct rcml_listener *listener = *place;
    if (is_wanted(configuration, listener->address)) {
      place = &listener->next;
      continue;
    }
    if (listener->index >= 0) rcml_agent_unlisten(module->agent, (size_t)listener->index, NULL);
    *place = listener->next;
    free(listener->address);
    free(listener);
  }
}

static struct rcml_listener *listener_of(rcml_module *module, const char *address) {
  struct rcml_listener **place = &module->listeners, *listener;
  for (; *place; place = &(*place)->next)
    if (strcmp((*place)->address, address) == 0) return *place;
  listener = calloc(1, sizeof *listener);
  if (!listener || !(listener->address = strdup(address))) {
    free(listener);
    return NULL;
  }
  listener->index = -1;
  return *place = listener;
}

static int32_t open_wanted(rcml_module *module, const rcml_configuration *configuration, rcml_error *error) {
  const char *rest = rcml_configuration_value(configuration, "general", "listen");
  char word[256];
  int32_t result = RCML_OK;
  while (rcml_next_word(&rest, word, sizeof word)) {
    rcml_error why = RCML_ERROR_INIT;
    struct rcml_listener *listener = listener_of(module, word);
    if (listener && listener->index >= 0) continue;
    if (listener) listener->index = rcml_agent_listen(module->agent, word, &why);
    else rcml_fail(&why, RCML_E_SYSTEM, "there is no memory for a listener");
    note(module, listener ? listener->index : RCML_E_SYSTEM, &why, &result, error);
  }
  return result;
}

/* A port that calls still held when the configuration was read anew may be free by now. */
void rcml_listeners_retry(rcml_module *module) {
  for (struct rcml_listener *listener = module->listeners; listener; listener = listener->next) {
    if (listener->index >= 0) continue;
    listener->index = rcml_agent_listen(module->agent, listener->address, NULL);
    if (listener->index >= 0) rcml_module_say(module, 0, "listening at %s now", listener->address);
  }
}

void rcml_listeners_free(rcml_module *module) {
  struct rcml_listener *listener;
  while ((listener = module->listeners)) {
    module->listeners = listener->next;
    free(listener->address);
    free(listener);
  }
}

/* ---- Both --------------------------------------------------------------------------------------------------- */

int32_t rcml_module_apply(rcml_module *module, rcml_configuration *configuration, rcml_error *error) {
  rcml_error later = RCML_ERROR_INIT;
  const char *max_calls = rcml_configuration_value(configuration, "general", "max_calls");
  int32_t result = settings(module, configuration, error), opened;
  close_unwanted(module, configuration);
  opened = open_wanted(module, configuration, result < 0 ? &later : error);
  module->max_calls = max_calls ? (uint32_t)strtoul(max_calls, NULL, 10) : 0;
  return result < 0 ? result : opened;
}
