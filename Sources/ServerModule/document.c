/* Documents by the word a dialplan has for them: a URL, a section, a file. */
#include "parts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Larger ones the engine would refuse (max_document_bytes is 1 MiB at most). */
#define LARGEST (1024 * 1024)

static int32_t read_file(const char *path, struct rcml_memory **memory, rcml_document *document, rcml_error *error) {
  FILE *file = fopen(path, "rbe");
  struct stat state;
  char *text = NULL;
  if (!file) return rcml_fail(error, RCML_E_FILE, "%.180s: %s", path, strerror(errno));
  if (fstat(fileno(file), &state) == 0 && S_ISREG(state.st_mode) && state.st_size <= LARGEST)
    text = rcml_memory_block(memory, (size_t)state.st_size + 1);
  if (text) {
    document->length = fread(text, 1, (size_t)state.st_size, file);
    document->text = text;
  }
  fclose(file);
  if (!text) return rcml_fail(error, RCML_E_FILE, "%.180s is no file of at most 1 MiB", path);
  if (!document->length) return rcml_fail(error, RCML_E_FILE, "%.180s is empty", path);
  return RCML_OK;
}

/* A file that lies below the folder, also when links and .. were followed. */
static int32_t read_below(
    const char *folder, const char *name, struct rcml_memory **memory, rcml_document *document, rcml_error *error) {
  char joined[PATH_MAX], *root = realpath(folder, NULL), *path = NULL;
  size_t length = root ? strlen(root) : 0;
  int32_t result;
  if (!root) return rcml_fail(error, RCML_E_FILE, "documents: %.180s: %s", folder, strerror(errno));
  if (snprintf(joined, sizeof joined, "%s/%s", root, name) < (int)sizeof joined) path = realpath(joined, NULL);
  if (!path) {
    result = rcml_fail(error, RCML_E_FILE, "%.100s is no URL, no section, and no file below %.100s", name, root);
  } else if (strncmp(path, root, length) != 0 || (path[length] != '/' && length > 1)) {
    result = rcml_fail(error, RCML_E_FILE, "%.100s does not lie below %.100s", name, root);
  } else {
    result = read_file(path, memory, document, error);
  }
  free(path);
  free(root);
  return result;
}

static const char *copied(
    const rcml_configuration *configuration, const char *section, const char *name, struct rcml_memory **memory) {
  const char *value = rcml_configuration_value(configuration, section, name);
  return value ? rcml_memory_text(memory, value) : NULL;
}

static int32_t of_section(
    const rcml_configuration *configuration, const char *section, struct rcml_memory **memory,
    rcml_document *document, rcml_error *error) {
  const char *folder = rcml_configuration_value(configuration, "general", "documents");
  const char *file = rcml_configuration_value(configuration, section, "file");
  document->url = copied(configuration, section, "url", memory);
  document->method = copied(configuration, section, "method", memory);
  document->base_url = copied(configuration, section, "base", memory);
  if (rcml_configuration_settings(
          configuration, section, NULL, 0, memory, &document->settings, &document->setting_count) != RCML_OK)
    return rcml_fail(error, RCML_E_SYSTEM, "there is no memory for the document [%s]", section);
  if (document->url) return RCML_OK;
  if (!file || !folder) return rcml_fail(error, RCML_E_ARGUMENT, "[%s] has neither url nor file", section);
  return read_below(folder, file, memory, document, error);
}

int32_t rcml_configuration_document(
    rcml_configuration *configuration, const char *word, rcml_document *document, void **memory,
    rcml_error *error) {
  struct rcml_memory *blocks = NULL;
  const char *folder = rcml_configuration_value(configuration, "general", "documents");
  int32_t result;
  *document = (rcml_document)RCML_DOCUMENT_INIT;
  *memory = NULL;
  if (!word || !*word) return rcml_fail(error, RCML_E_ARGUMENT, "no document is named");
  if (strncmp(word, "http://", 7) == 0 || strncmp(word, "https://", 8) == 0) {
    document->url = rcml_memory_text(&blocks, word);
    result = document->url ? RCML_OK : rcml_fail(error, RCML_E_SYSTEM, "there is no memory for the URL");
  } else if (strcmp(word, "general") != 0 && rcml_configuration_has(configuration, word)) {
    result = of_section(configuration, word, &blocks, document, error);
  } else if (folder) {
    result = read_below(folder, word, &blocks, document, error);
  } else {
    result = rcml_fail(error, RCML_E_ARGUMENT,
                       "%.100s is no URL and no section, and [general] names no folder of documents", word);
  }
  if (result == RCML_OK) {
    *memory = blocks;
  } else {
    rcml_module_free(blocks);
    *document = (rcml_document)RCML_DOCUMENT_INIT;
  }
  return result;
}
