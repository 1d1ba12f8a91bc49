/* The names that may stand in a configuration: the keys of the module, and the settings of the engine. */
#include "parts.h"

#include <string.h>
#include <strings.h>

static const char *const general_keys[] = {"listen", "targets",     "domains",   "sip",       "client",
                                           "number", "raw_targets", "documents", "max_calls", NULL};
static const char *const document_keys[] = {"url", "file", "method", "base", NULL};

bool rcml_is_key(const char *name, bool general) {
  const char *const *key = general ? general_keys : document_keys;
  while (*key && strcmp(*key, name) != 0) key++;
  return *key != NULL;
}

bool rcml_find_setting(const char *name, rcml_setting_info *info) {
  *info = (rcml_setting_info)RCML_SETTING_INFO_INIT;
  for (size_t at = 0; rcml_setting_entry(at, info) == 1; at++)
    if (strcmp(info->name, name) == 0) return true;
  return false;
}

#define LONGEST 40

static size_t least(size_t one, size_t other) { return one < other ? one : other; }

/* How many letters have to be changed, added, left out or swapped with their neighbour. */
static size_t distance(const char *one, const char *other) {
  size_t rows[3][LONGEST + 1], length = strlen(other);
  if (strlen(one) > LONGEST || length > LONGEST) return LONGEST;
  for (size_t column = 0; column <= length; column++) rows[0][column] = column;
  for (size_t row = 1; one[row - 1]; row++) {
    size_t *now = rows[row % 3], *before = rows[(row + 2) % 3], *two_before = rows[(row + 1) % 3];
    now[0] = row;
    for (size_t column = 1; column <= length; column++) {
      size_t changed = before[column - 1] + (one[row - 1] != other[column - 1]);
      now[column] = least(changed, least(before[column], now[column - 1]) + 1);
      if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
        now[column] = least(now[column], two_before[column - 2] + 1);
    }
  }
  return rows[strlen(one) % 3][length];
}

static void consider(const char *name, const char *candidate, const char **best, size_t *shortest) {
  size_t far = distance(name, candidate);
  if (far >= *shortest) return;
  *shortest = far;
  *best = candidate;
}

const char *rcml_nearest_name(const char *name, bool general) {
  rcml_setting_info info = RCML_SETTING_INFO_INIT;
  const char *best = "";
  /* A third of the letters may be wrong; more, and it is another word. */
  size_t shortest = strlen(name) / 3 + 2;
  for (const char *const *key = general ? general_keys : document_keys; *key; key++)
    consider(name, *key, &best, &shortest);
  for (size_t at = 0; rcml_setting_entry(at, &info) == 1; at++) consider(name, info.name, &best, &shortest);
  return best;
}

bool rcml_is_yes(const char *value) {
  return value && (!strcasecmp(value, "yes") || !strcasecmp(value, "true") || !strcasecmp(value, "on") ||
                   strcmp(value, "1") == 0);
}

const char *rcml_next_word(const char **rest, char *word, size_t size) {
  const char *start = *rest, *end;
  size_t length;
  while (start && (*start == ',' || *start == ' ' || *start == '\t')) start++;
  if (!start || !*start) return NULL;
  end = start + strcspn(start, ",");
  *rest = end;
  while (end > start && (end[-1] == ' ' || end[-1] == '\t')) end--;
  length = least((size_t)(end - start), size - 1);
  memcpy(word, start, length);
  word[length] = 0;
  return word;
}
