/* The lines of a configuration, each judged when it is added. */
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

rcml_configuration *rcml_configuration_create(rcml_error *error) {
  rcml_configuration *configuration = calloc(1, sizeof *configuration);
  if (!configuration) {
    rcml_fail(error, RCML_E_SYSTEM, "there is no memory for a configuration");
    return NULL;
  }
  atomic_init(&configuration->references, 1);
  return configuration;
}

/* An agent judges names and values, and is not kept for longer: it holds descriptors. */
static void dismiss_judge(rcml_configuration *configuration) {
  rcml_agent_destroy(configuration->scratch);
  configuration->scratch = NULL;
}

rcml_configuration *rcml_configuration_retain(rcml_configuration *configuration) {
  if (configuration) atomic_fetch_add(&configuration->references, 1);
  return configuration;
}

void rcml_configuration_release(rcml_configuration *configuration) {
  if (!configuration || atomic_fetch_sub(&configuration->references, 1) != 1) return;
  dismiss_judge(configuration);
  rcml_module_free(configuration->memory);
  free(configuration);
}

/* ---- What is asked of it ------------------------------------------------------------------------------------ */

const char *rcml_configuration_value(
    const rcml_configuration *configuration, const char *section, const char *name) {
  const char *value = NULL;
  for (const struct rcml_line *line = configuration->first; line; line = line->next)
    if (strcmp(line->section, section) == 0 && strcmp(line->name, name) == 0) value = line->value;
  return value;
}

bool rcml_configuration_has(const rcml_configuration *configuration, const char *section) {
  const struct rcml_line *line = configuration->first;
  while (line && strcmp(line->section, section) != 0) line = line->next;
  return line != NULL;
}

bool rcml_configuration_channels(const rcml_configuration *configuration) {
  const char *targets = rcml_configuration_value(configuration, "general", "targets");
  const char *listen = rcml_configuration_value(configuration, "general", "listen");
  return targets ? strcmp(targets, "channels") == 0 : !listen || !*listen;
}

static bool is_secret(const char *name) {
  rcml_setting_info info;
  return rcml_find_setting(name, &info) && info.kind == RCML_SETTING_SECRET;
}

void rcml_configuration_list(
    const rcml_configuration *configuration,
    void (*function)(void *context, const char *section, const char *name, const char *value), void *context) {
  for (const struct rcml_line *line = configuration->first; line; line = line->next)
    function(context, line->section, line->name, is_secret(line->name) ? "***" : line->value);
}

/* Whether "name=value" is among them. */
static bool is_named(const char *const *settings, size_t count, const char *name) {
  size_t length = strlen(name);
  for (size_t at = 0; at < count; at++)
    if (strncmp(settings[at], name, length) == 0 && settings[at][length] == '=') return true;
  return false;
}

int32_t rcml_configuration_settings(
    const rcml_configuration *configuration, const char *section, const char *const *before, size_t before_count,
    struct rcml_memory **memory, const char *const **settings, size_t *count) {
  size_t room = before_count;
  const char **list;
  for (const struct rcml_line *line = configuration->first; line; line = line->next) room++;
  list = rcml_memory_block(memory, (room + 1) * sizeof *list);
  if (!list) return RCML_E_SYSTEM;
  for (*count = 0; *count < before_count; ++*count) {
    list[*count] = rcml_memory_text(memory, before[*count]);
    if (!list[*count]) return RCML_E_SYSTEM;
  }
  for (const struct rcml_line *line = configuration->first; line; line = line->next) {
    size_t size = strlen(line->name) + strlen(line->value) + 2;
    char *text;
    if (strcmp(line->section, section) != 0 || rcml_is_key(line->name, false)) continue;
    if (is_named(list, *count, line->name)) continue;
    text = rcml_memory_block(memory, size);
    if (!text) return RCML_E_SYSTEM;
    /* The last line of a name holds. */
    snprintf(text, size, "%s=%s", line->name, rcml_configuration_value(configuration, section, line->name));
    list[(*count)++] = text;
  }
  *settings = list;
  return RCML_OK;
}

/* ---- Judging a line ----------------------------------------------------------------------------------------- */

static int32_t judge_template(const char *name, const char *value, rcml_error *error) {
  for (const char *at = value; (at = strstr(at, "${")); at += 2)
    if (strncmp(at, "${USER}", 7) != 0 && strncmp(at, "${DOMAIN}", 9) != 0)
      return rcml_fail(error, RCML_E_SETTING, "%s may hold ${USER} and ${DOMAIN}, and no other ${…}", name);
  if (*value) return RCML_OK;
  return rcml_fail(error, RCML_E_SETTING, "%s is empty: say a dial string, PJSIP/${USER} for instance", name);
}

static int32_t judge_one_of(
    const char *name, const char *value, const char *const *words, const char *list, rcml_error *error) {
  while (*words && strcasecmp(*words, value) != 0) words++;
  if (*words) return RCML_OK;
  return rcml_fail(error, RCML_E_SETTING, "%s is one of %s, not “%s”", name, list, value);
}

static int32_t judge_address(const char *address, rcml_error *error) {
  if (strncmp(address, "udp:", 4) == 0 || strncmp(address, "tcp:", 4) == 0 || strncmp(address, "tls:", 4) == 0)
    return RCML_OK;
  return rcml_fail(error, RCML_E_SETTING, "listen: “%s” is no address; say udp:127.0.0.1:5060", address);
}

/* Only what the words alone can show: an address is bound, and a folder opened, when it is used. */
static int32_t judge_key(rcml_configuration *configuration, const char *name, const char *value, rcml_error *error) {
  static const char *const ways[] = {"channels", "sip", NULL}, *const answers[] = {"yes", "no", "true", "false", "on",
                                                                                  "off", "1", "0", NULL},
                          *const methods[] = {"GET", "POST", NULL};
  char word[256];
  const char *rest = value;
  if (!strcmp(name, "targets")) return judge_one_of(name, value, ways, "channels, sip", error);
  if (!strcmp(name, "raw_targets")) return judge_one_of(name, value, answers, "yes, no", error);
  if (!strcmp(name, "method")) return judge_one_of(name, value, methods, "GET, POST", error);
  if (!strcmp(name, "sip") || !strcmp(name, "client") || !strcmp(name, "number"))
    return judge_template(name, value, error);
  if (!strcmp(name, "max_calls")) return rcml_agent_set(configuration->scratch, name, value, error);
  if (!strcmp(name, "base")) return rcml_agent_set(configuration->scratch, "base_url", value, error);
  if (!strcmp(name, "url") && strncmp(value, "http://", 7) != 0 && strncmp(value, "https://", 8) != 0)
    return rcml_fail(error, RCML_E_SETTING, "url: “%s” is neither http: nor https:; a file is “file”", value);
  if (!strcmp(name, "documents") && *value != '/')
    return rcml_fail(error, RCML_E_SETTING, "documents is a folder from the root on, not “%s”", value);
  while (!strcmp(name, "listen") && rcml_next_word(&rest, word, sizeof word))
    if (judge_address(word, error) != RCML_OK) return RCML_E_SETTING;
  return RCML_OK;
}

static int32_t judge_setting(
    rcml_configuration *configuration, const char *section, const rcml_setting_info *info, const char *value,
    rcml_error *error) {
  bool general = strcmp(section, "general") == 0;
  if (!strcmp(info->name, "ask_targets"))
    return rcml_fail(error, RCML_E_SETTING, "ask_targets is the module's own; say targets = channels or sip");
  if (!strcmp(info->name, "media") && !strcmp(value, "direct"))
    return rcml_fail(error, RCML_E_SETTING, "media = direct leaves no sound for channels of this server");
  if (!general && !strcmp(info->scope, "agent"))
    return rcml_fail(error, RCML_E_SETTING, "%s belongs to all calls: into [general] with it", info->name);
  return rcml_agent_set(configuration->scratch, info->name, value, error);
}

static int32_t judge(
    rcml_configuration *configuration, const char *section, const char *name, const char *value, rcml_error *error) {
  bool general = strcmp(section, "general") == 0;
  rcml_setting_info info;
  const char *nearest;
  if (rcml_is_key(name, general)) return judge_key(configuration, name, value, error);
  if (rcml_find_setting(name, &info)) return judge_setting(configuration, section, &info, value, error);
  nearest = rcml_nearest_name(name, general);
  if (*nearest)
    return rcml_fail(error, RCML_E_SETTING, "there is no “%s” in [%s]; did you mean “%s”?", name, section, nearest);
  return rcml_fail(error, RCML_E_SETTING, "there is no “%s” in [%s]", name, section);
}

int32_t rcml_configuration_add(
    rcml_configuration *configuration, const char *section, const char *name, const char *value, int32_t number,
    rcml_error *error) {
  rcml_error why = RCML_ERROR_INIT;
  struct rcml_line *line;
  int32_t result;
  if (!configuration || !section || !name || !value || !*section || !*name)
    return rcml_fail(error, RCML_E_ARGUMENT, "a line is a section, a name and a value");
  if (!configuration->scratch) configuration->scratch = rcml_agent_create(error);
  if (!configuration->scratch) return RCML_E_SYSTEM;
  result = judge(configuration, section, name, value, &why);
  if (result < 0) {
    if (number > 0) rcml_fail(error, RCML_E_SETTING, "line %d: %.230s", number, why.message);
    else rcml_fail(error, RCML_E_SETTING, "%s", why.message);
    if (error) error->line = number;
    return RCML_E_SETTING;
  }
  line = rcml_memory_block(&configuration->memory, sizeof *line);
  if (!line) return rcml_fail(error, RCML_E_SYSTEM, "there is no memory for line %d", number);
  line->section = rcml_memory_text(&configuration->memory, section);
  line->name = rcml_memory_text(&configuration->memory, name);
  line->value = rcml_memory_text(&configuration->memory, value);
  line->number = number;
  if (!line->section || !line->name || !line->value)
    return rcml_fail(error, RCML_E_SYSTEM, "there is no memory for line %d", number);
  if (configuration->last) configuration->last->next = line;
  else configuration->first = line;
  configuration->last = line;
  return RCML_OK;
}

int32_t rcml_configuration_check(rcml_configuration *configuration, rcml_error *error) {
  dismiss_judge(configuration);
  for (const struct rcml_line *line = configuration->first; line; line = line->next) {
    bool has_url, has_file;
    if (!strcmp(line->section, "general")) continue;
    has_url = rcml_configuration_value(configuration, line->section, "url") != NULL;
    has_file = rcml_configuration_value(configuration, line->section, "file") != NULL;
    if (has_url == has_file) {
      rcml_fail(error, RCML_E_SETTING, "[%s] is a document and wants %s", line->section,
                has_url ? "one of url and file, not both" : "url or file");
      if (error) error->line = line->number;
      return RCML_E_SETTING;
    }
    if (has_file && !rcml_configuration_value(configuration, "general", "documents"))
      return rcml_fail(error, RCML_E_SETTING, "[%s] is a file, but [general] has no “documents”", line->section);
  }
  return RCML_OK;
}
