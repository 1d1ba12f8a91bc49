/* A configuration: what is taken, what is refused and how that is said, and what a reload changes. */
#include "server.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void bad(const char *section, const char *name, const char *value, const char *said) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *configuration = rcml_configuration_create(&error);
  CHECK(rcml_configuration_add(configuration, section, name, value, 12, &error) == RCML_E_SETTING);
  if (!strstr(error.message, said) || strncmp(error.message, "line 12: ", 9))
    fprintf(stderr, "[%s] %s=%s: %s\n", section, name, value, error.message);
  CHECK(strstr(error.message, said) && strncmp(error.message, "line 12: ", 9) == 0 && error.line == 12);
  rcml_configuration_release(configuration);
}

static void bad_lines(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *configuration = rcml_configuration_create(&error);
  bad("general", "domans", "pbx.test", "did you mean “domains”");
  bad("general", "call_timeuot", "60", "did you mean “call_timeout”");
  bad("general", "qqqqqqqqqqqq", "1", "there is no “qqqqqqqqqqqq” in [general]");
  bad("general", "call_timeout", "0", "call_timeout");
  bad("general", "call_timeout", "soon", "call_timeout");
  bad("general", "targets", "everything", "channels, sip");
  bad("general", "raw_targets", "perhaps", "yes, no");
  bad("general", "sip", "PJSIP/${USR}", "${USER} and ${DOMAIN}");
  bad("general", "number", "", "is empty");
  bad("general", "listen", "127.0.0.1:5060", "udp:127.0.0.1:5060");
  bad("general", "documents", "relative", "from the root on");
  bad("general", "max_calls", "many", "max_calls");
  bad("general", "ask_targets", "none", "the module's own");
  bad("general", "media", "direct", "no sound");
  bad("general", "url", "http://x/", "there is no “url” in [general]");
  bad("ring", "url", "ftp://x/", "neither http: nor https:");
  bad("ring", "method", "PUT", "GET, POST");
  bad("ring", "methd", "GET", "did you mean “method”");
  bad("ring", "domains", "x", "in [ring]");
  bad("ring", "max_connections", "5", "belongs to all calls");
  bad("ring", "call_timeout", "soon", "call_timeout");
  CHECK(rcml_configuration_add(configuration, "general", "", "x", 1, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_configuration_add(configuration, "general", "domains", NULL, 1, &error) == RCML_E_ARGUMENT);
  /* What only the whole shows. */
  CHECK(rcml_configuration_add(configuration, "ring", "method", "get", 3, &error) == RCML_OK);
  CHECK(rcml_configuration_check(configuration, &error) == RCML_E_SETTING);
  CHECK(strstr(error.message, "[ring]") && error.line == 3);
  CHECK(rcml_configuration_add(configuration, "ring", "file", "ring.xml", 4, &error) == RCML_OK);
  CHECK(rcml_configuration_check(configuration, &error) == RCML_E_SETTING && strstr(error.message, "documents"));
  rcml_configuration_release(configuration);
  rcml_configuration_release(NULL);
}

static char listed[1024];
static void list(void *context, const char *section, const char *name, const char *value) {
  (void)context;
  snprintf(listed + strlen(listed), sizeof listed - strlen(listed), "%s %s=%s\n", section, name, value);
}

static void secrets_are_not_shown(void) {
  static const char *const lines[] = {"general signing_key=geheim", "general domains=a", NULL};
  rcml_configuration *configuration = make_configuration(lines);
  rcml_configuration_list(configuration, list, NULL);
  CHECK(strcmp(listed, "general signing_key=***\ngeneral domains=a\n") == 0);
  rcml_configuration_release(configuration);
}

static void write_file(const char *folder, const char *name, const char *text) {
  char path[512];
  FILE *file;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  file = fopen(path, "w");
  CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static rcml_configuration *with_documents(const char *folder) {
  static char line[600];
  const char *lines[] = {line,
                         "ring file=ring.xml",
                         "ring base=http://base.test/",
                         "ring call_timeout=7",
                         "ring account_sid=AC00000000000000000000000000000001",
                         "ring call_timeout=8",
                         "web url=https://web.test/doc",
                         "web method=GET",
                         NULL};
  snprintf(line, sizeof line, "general documents=%s", folder);
  return make_configuration(lines);
}

static void documents(void) {
  char folder[] = "/tmp/rcml-documents-XXXXXX", below[64], link[128];
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document;
  rcml_configuration *configuration;
  void *memory;
  CHECK(mkdtemp(folder) != NULL);
  snprintf(below, sizeof below, "%s/below", folder);
  CHECK(mkdir(below, 0700) == 0);
  write_file(folder, "secret.xml", "<Response/>");
  write_file(below, "ring.xml", "<Response><Hangup/></Response>");
  write_file(below, "empty.xml", "");
  snprintf(link, sizeof link, "%s/link.xml", below);
  CHECK(symlink("../secret.xml", link) == 0);
  configuration = with_documents(below);

  CHECK(rcml_configuration_document(configuration, "ring", &document, &memory, &error) == RCML_OK);
  CHECK(!strcmp(document.text, "<Response><Hangup/></Response>") && document.length == strlen(document.text));
  CHECK(!document.url && !strcmp(document.base_url, "http://base.test/") && document.setting_count == 2);
  CHECK(!strcmp(document.settings[0], "call_timeout=8")); /* the last line of a name holds */
  CHECK(!strcmp(document.settings[1], "account_sid=AC00000000000000000000000000000001"));
  rcml_module_free(memory);
  CHECK(rcml_configuration_document(configuration, "web", &document, &memory, &error) == RCML_OK);
  CHECK(!document.text && !strcmp(document.url, "https://web.test/doc") && !strcmp(document.method, "GET"));
  rcml_module_free(memory);
  CHECK(rcml_configuration_document(configuration, "http://x.test/y", &document, &memory, &error) == RCML_OK);
  CHECK(!strcmp(document.url, "http://x.test/y") && !document.method);
  rcml_module_free(memory);
  CHECK(rcml_configuration_document(configuration, "ring.xml", &document, &memory, &error) == RCML_OK);
  rcml_module_free(memory);
  /* Nothing beside the folder is a document. */
  CHECK(rcml_configuration_document(configuration, "../secret.xml", &document, &memory, &error) == RCML_E_FILE);
  CHECK(strstr(error.message, "does not lie below") && !document.text && !memory);
  CHECK(rcml_configuration_document(configuration, "link.xml", &document, &memory, &error) == RCML_E_FILE);
  CHECK(rcml_configuration_document(configuration, "missing.xml", &document, &memory, &error) == RCML_E_FILE);
  CHECK(rcml_configuration_document(configuration, "empty.xml", &document, &memory, &error) == RCML_E_FILE);
  CHECK(rcml_configuration_document(configuration, ".", &document, &memory, &error) == RCML_E_FILE);
  CHECK(rcml_configuration_document(configuration, "", &document, &memory, &error) == RCML_E_ARGUMENT);
  rcml_configuration_release(configuration);
  CHECK(unlink(link) == 0);
  snprintf(link, sizeof link, "rm -r %s", folder);
  CHECK(system(link) == 0);
}

/* Every line of FreeSWITCH's sample is taken: its <param>s, by the element they stand in. */
static void the_sample_is_good(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *configuration = rcml_configuration_create(&error);
  char line[512], section[64] = "general", name[64], value[256];
  FILE *file = fopen(ROOT "/examples/freeswitch/rcml.conf.xml", "r");
  int count = 0;
  CHECK(file != NULL);
  while (fgets(line, sizeof line, file)) {
    sscanf(line, " <document name=\"%63[^\"]\"", section);
    if (sscanf(line, " <param name=\"%63[^\"]\" value=\"%255[^\"]\"", name, value) != 2) continue;
    if (rcml_configuration_add(configuration, section, name, value, ++count, &error) < 0) puts(error.message);
    CHECK(*error.message == 0);
  }
  fclose(file);
  CHECK(count == 10 && rcml_configuration_check(configuration, &error) == RCML_OK);
  rcml_configuration_release(configuration);
}

static void is_set(rcml_module *module, const char *name, const char *expected) {
  rcml_error error = RCML_ERROR_INIT;
  char value[128];
  CHECK(rcml_module_get(module, name, value, sizeof value, &error) >= 0);
  if (strcmp(value, expected) != 0) fprintf(stderr, "%s is %s, not %s\n", name, value, expected);
  CHECK(strcmp(value, expected) == 0);
}

static void reload(void) {
  static const char *const first[] = {"general call_timeout=33", "general max_calls=1", "general http_timeout=4",
                                      "general listen=udp:127.20.0.1:0", NULL};
  static const char *const second[] = {"general http_timeout=5", "general listen=tcp:127.20.0.1:0", NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_module *module = make_module(first);
  rcml_configuration *configuration = make_configuration(second), *now;
  char uri[128];
  is_set(module, "call_timeout", "33");
  is_set(module, "ask_targets", "all");
  CHECK(rcml_module_listener(module, 0, uri, sizeof uri) > 0 && strstr(uri, "udp"));
  CHECK(rcml_module_set(module, "transport_log", "true", &error) == RCML_OK);
  CHECK(rcml_module_set(module, "ask_targets", "none", &error) == RCML_E_SETTING);
  CHECK(rcml_module_reload(module, configuration, &error) == RCML_OK);
  is_set(module, "call_timeout", "60");      /* gone from the file: its default */
  is_set(module, "http_timeout", "5");       /* another */
  is_set(module, "transport_log", "false");  /* set by hand */
  is_set(module, "ask_targets", "all");
  CHECK(rcml_module_listener(module, 0, uri, sizeof uri) == RCML_E_GONE);
  CHECK(rcml_module_listener(module, 1, uri, sizeof uri) > 0 && strstr(uri, "tcp"));
  now = rcml_module_configuration(module);
  CHECK(now == configuration);
  rcml_configuration_release(now);
  rcml_configuration_release(configuration);
  end_module(module, 0);
}

static void a_port_that_is_taken(void) {
  static const char *const none[] = {"general call_timeout=33", NULL};
  static const char *const taken[] = {"general listen=udp:127.20.0.1:50601", NULL};
  static const char *const moved[] = {"general call_timeout=34", "general listen=udp:127.20.0.1:50601", NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_module_options options = RCML_MODULE_OPTIONS_INIT;
  rcml_module *holder = make_module(taken), *module = make_module(none);
  options.configuration = make_configuration(taken);
  CHECK(rcml_module_create(&options, &error) == NULL && error.code == RCML_E_BIND);
  rcml_configuration_release(options.configuration);
  /* A reload tells it, and all else holds; the port is taken as soon as a call ends after it became free. */
  options.configuration = make_configuration(moved);
  CHECK(rcml_module_reload(module, options.configuration, &error) == RCML_E_BIND);
  is_set(module, "call_timeout", "34");
  end_module(holder, 0);
  rcml_channel_leave(call_text(module, "<Response><Reject/></Response>"), 0);
  await_seen("listening at udp:127.20.0.1:50601 now");
  rcml_configuration_release(options.configuration);
  end_module(module, 1000);
}

int main(void) {
  bad_lines();
  secrets_are_not_shown();
  documents();
  the_sample_is_good();
  reload();
  a_port_that_is_taken();
  return 0;
}
