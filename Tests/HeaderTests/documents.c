/* Documents that are read without being run: by settings, and for whom they would dial [E-7, Q-34]. */
#include "check.h"

#define CHECK_TEXT(text, expected)                                  \
  do {                                                              \
    if (strcmp(text, expected) != 0) fprintf(stderr, "%s\n", text); \
    CHECK(strcmp(text, expected) == 0);                             \
  } while (0)

typedef struct told {
  int count;
  char lines[8][600];
} told;

static void keep_target(void *context, const rcml_target *target) {
  told *kept = (told *)context;
  snprintf(
      kept->lines[kept->count++], sizeof kept->lines[0], "%d.%d %s|%s|%s|%s|%s|%s|%s|%d|%d|%d|%d:%d", target->dial,
      target->target, target->noun, target->text, target->uri, target->headers, target->attributes, target->username,
      target->password, target->timeout, target->sequential, target->code, target->line, target->column);
}

static void count(void *context, const rcml_finding *finding) {
  (void)finding;
  ++*(int *)context;
}

static void targets(void) {
  static const char document[] =
      "<Response><Say>Hi</Say><Dial timeout='7'>\n"
      "<Sip username='bob' password='pw' url='screen' statusCallback='/cb' statusCallbackEvent='answered completed'>"
      "sip:bob@b.example;transport=tcp?X-Team=red</Sip>\n"
      "<Number password='no'>+49 30 1</Number></Dial>\n"
      "<Dial sequential='true'><Sip>sip:c@c.example;transport=ws</Sip><Client>dora</Client></Dial></Response>";
  static const char *const settings[] = {"number_uri=sip:{number}@gateway.example;user=phone"};
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  rcml_error error = RCML_ERROR_INIT;
  told kept;
  memset(&kept, 0, sizeof kept);
  options.base_url = "http://w.example/a/b";
  options.settings = settings;
  options.setting_count = 1;
  CHECK(rcml_document_targets(document, 0, &options, keep_target, &kept, &error) == RCML_OK);
  CHECK(kept.count == 4);
  CHECK_TEXT(
      kept.lines[0], "1.1 Sip|sip:bob@b.example;transport=tcp|sip:bob@b.example;transport=tcp|X-Team=red|"
                     "url=http%3A%2F%2Fw.example%2Fa%2Fscreen&method=POST&timeout=60&"
                     "statusCallback=http%3A%2F%2Fw.example%2Fcb&statusCallbackMethod=POST&"
                     "statusCallbackEvent=answered+completed&username=bob|bob|pw|7|0|0|2:1");
  CHECK_TEXT(kept.lines[1], "1.2 Number|+49 30 1|sip:+49301@gateway.example;user=phone|||||7|0|0|3:1");
  CHECK(strncmp(kept.lines[2], "2.1 Sip|sip:c@c.example;transport=ws||", 38) == 0 && !strstr(kept.lines[2], "|0|4:"));
  CHECK(strncmp(kept.lines[3], "2.2 Client|dora||||||30|1|", 25) == 0);
  kept.count = 0;
  CHECK(rcml_document_targets("<Response/>", 0, NULL, keep_target, &kept, &error) == RCML_OK && kept.count == 0);
  CHECK(rcml_document_targets("<Respons/>", 0, NULL, keep_target, &kept, &error) == RCML_E_DOCUMENT);
  CHECK(error.line == 1 && *error.message && kept.count == 0);
  CHECK(rcml_document_targets("<Response/>", 0, NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
}

static void settings_of_a_check(void) {
  static const char document[] = "<Response><Dial action='after'><Sip>sip:a@b.example</Sip></Dial></Response>";
  static const char *wrong[] = {"max_document_byte=1024"};
  static const char *small[] = {"max_document_bytes=1024"};
  char large[2000];
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  rcml_error error = RCML_ERROR_INIT;
  int findings = 0;
  CHECK(rcml_document_check_with(document, 0, NULL, count, &findings, &error) == RCML_OK && findings > 0);
  findings = 0;
  options.base_url = "http://w.example/";
  CHECK(rcml_document_check_with(document, 0, &options, count, &findings, &error) == RCML_OK && findings == 0);
  options.settings = wrong;
  options.setting_count = 1;
  CHECK(rcml_document_check_with(document, 0, &options, count, &findings, &error) == RCML_E_SETTING);
  CHECK(strstr(error.message, "max_document_bytes") != NULL);
  memset(large, ' ', sizeof large);
  memcpy(large, "<Response/>", 11);
  options.settings = small;
  CHECK(rcml_document_check_with(large, sizeof large, NULL, NULL, NULL, &error) == RCML_OK);
  CHECK(rcml_document_check_with(large, sizeof large, &options, NULL, NULL, &error) == RCML_E_DOCUMENT);
  options.setting_count = -1;
  CHECK(rcml_document_check_with(document, 0, &options, NULL, NULL, &error) == RCML_E_ARGUMENT);
}

/* What the type says that a web server sent is what a call goes by, too. */
static void content_type_of_a_check(void) {
  static const char latin[] = "<Response><Say>Gr\xfc\xdf" "e</Say></Response>";
  static const char wide[] = "<\0R\0e\0s\0p\0o\0n\0s\0e\0/\0>";
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  rcml_error error = RCML_ERROR_INIT;
  CHECK(rcml_document_check_with(latin, 0, &options, NULL, NULL, &error) == RCML_E_DOCUMENT);
  options.content_type = "text/xml; charset=\"ISO-8859-1\"";
  CHECK(rcml_document_check_with(latin, 0, &options, NULL, NULL, &error) == RCML_OK);
  options.content_type = "text/xml; charset=utf-16le";
  CHECK(rcml_document_check_with(wide, sizeof wide, &options, NULL, NULL, &error) == RCML_OK);
  options.content_type = "application/octet-stream";
  CHECK(rcml_document_check_with("<Response/>", 0, &options, NULL, NULL, &error) == RCML_E_DOCUMENT);
  CHECK(strstr(error.message, "application/octet-stream") != NULL);
  options.content_type = "application/json";
  CHECK(rcml_document_check_with("{}", 0, &options, NULL, NULL, &error) == RCML_E_DOCUMENT);
  CHECK(strstr(error.message, "JSON") != NULL);
  options.content_type = "text/html";
  CHECK(rcml_document_check_with("<html></html>", 0, &options, NULL, NULL, &error) == RCML_E_DOCUMENT);
  CHECK(strstr(error.message, "web page") != NULL);
  CHECK(rcml_document_check_with("<Response/>", 0, &options, NULL, NULL, &error) == RCML_OK);
  /* A call says it. */
  options.content_type = "text/plain";
  CHECK(rcml_document_check_with("Hello", 0, &options, NULL, NULL, &error) == RCML_OK);
  options.content_type = "application/octet-stream";
  CHECK(rcml_document_targets("<Response/>", 0, &options, keep_target, NULL, &error) == RCML_E_DOCUMENT);
  /* An older program has no such member. */
  options.struct_size = offsetof(rcml_check_options, content_type);
  CHECK(rcml_document_check_with("<Response/>", 0, &options, NULL, NULL, &error) == RCML_OK);
}

int main(void) {
  targets();
  settings_of_a_check();
  content_type_of_a_check();
  return 0;
}
