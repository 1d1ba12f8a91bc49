/* Versions, codes and names: static, complete, in order. */
#include "check.h"

int main(void) {
  rcml_catalogue_info entry = RCML_CATALOGUE_INFO_INIT;
  char version[32];
  size_t index;
  int32_t before = 0, kind, code;

  snprintf(version, sizeof version, "%d.%d.", RCML_VERSION_MAJOR, RCML_VERSION_MINOR);
  CHECK(strncmp(rcml_version(), version, strlen(version)) == 0);

  for (index = 0; rcml_catalogue_entry(index, &entry) == 1; index++) {
    CHECK(entry.code > before);
    before = entry.code;
    CHECK(*entry.name && *entry.text && *entry.cause && *entry.fix);
    CHECK(strcmp(rcml_status_name(entry.code), entry.name) == 0);
    CHECK(strcmp(rcml_status_name(-entry.code), entry.name) == 0);
    CHECK(strcmp(rcml_status_text(entry.code), entry.text) == 0);
  }
  CHECK(index > 30);
  CHECK(rcml_catalogue_entry(index, &entry) == 0);
  CHECK(rcml_catalogue_entry((size_t)-1, &entry) == 0);
  CHECK(rcml_catalogue_entry(0, NULL) == RCML_E_ARGUMENT);

  /* Every result a function can have is in it. */
  for (code = RCML_E_ARGUMENT; code >= RCML_E_UNSUPPORTED; code--) CHECK(*rcml_status_name(code));
  CHECK(strcmp(rcml_status_name(RCML_E_GONE), "gone") == 0);
  CHECK(strcmp(rcml_status_name(0), "ok") == 0);
  CHECK(*rcml_status_name(999999) == 0);
  CHECK(*rcml_status_text(INT32_MIN) == 0);

  for (kind = RCML_EVENT_INCOMING; kind <= RCML_EVENT_HOST; kind++) CHECK(*rcml_event_name(kind));
  CHECK(*rcml_event_name(RCML_EVENT_NONE) == 0);
  CHECK(*rcml_event_name(-1) == 0);
  CHECK(*rcml_event_name(1000) == 0);
  return 0;
}
