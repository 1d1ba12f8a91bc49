/* cli.c: commands of Asterisk's command line. They run on the thread of the one who types, and ask the agent's. */

#include "app_rcml.h"

#include "asterisk/cli.h"

static const char nothing_runs[] = "Nothing has run yet: the engine starts with the first call.\n";

/* ---- Completion ------------------------------------------------------------------------------------------- */

struct choice {
  const char *word;
  int wanted; /* the n-th that begins with `word` */
  char *found;
};

static void choose_sid(void *context, const rcml_module_call *call) {
  struct choice *choice = context;
  if (choice->found || strncasecmp(call->sid, choice->word, strlen(choice->word))) return;
  if (choice->wanted-- == 0) choice->found = ast_strdup(call->sid);
}

static char *complete_sid(const char *word, int n) {
  struct choice choice = {word, n, NULL};
  rcml_module *module = engine_acquire();
  if (module) rcml_module_calls(module, choose_sid, &choice);
  engine_release(module);
  return choice.found;
}

struct section_choice {
  struct choice choice;
  char last[128];
};

static void choose_section(void *context, const char *section, const char *name, const char *value) {
  struct section_choice *sections = context;
  struct choice *choice = &sections->choice;
  (void)name;
  (void)value;
  if (choice->found || !strcmp(section, "general") || !strcmp(section, sections->last)) return;
  ast_copy_string(sections->last, section, sizeof(sections->last));
  if (strncasecmp(section, choice->word, strlen(choice->word))) return;
  if (choice->wanted-- == 0) choice->found = ast_strdup(section);
}

static char *complete_section(const char *word, int n) {
  struct section_choice sections = {{word, n, NULL}, ""};
  rcml_configuration *configuration = engine_configuration();
  if (configuration) rcml_configuration_list(configuration, choose_section, &sections);
  rcml_configuration_release(configuration);
  return sections.choice.found;
}

/* ---- Showing ---------------------------------------------------------------------------------------------- */

struct table {
  int fd;
  int count;
};

static void show_call_line(void *context, const rcml_module_call *call) {
  struct table *table = context;
  if (!table->count++)
    ast_cli(table->fd, "%-34s %-28s %-14s %-14s %-12s %8s %4s\n", "CallSid", "Channel", "From", "To",
            "Status", "Seconds", "Legs");
  ast_cli(table->fd, "%-34s %-28.28s %-14.14s %-14.14s %-12s %8lld %4u\n", call->sid,
          call->left ? "(left)" : S_OR(call->name, "(by SIP)"), call->from, call->to, call->status,
          (long long)(call->age_ms / 1000), call->legs);
}

static char *show_calls(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  struct table table = {.count = 0};
  rcml_module *module;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml show calls";
      entry->usage = "Usage: rcml show calls\n       Calls that run a document now.\n";
      return NULL;
    case CLI_GENERATE: return NULL;
    default: break;
  }
  if (arguments->argc != 3) return CLI_SHOWUSAGE;
  table.fd = arguments->fd;
  if ((module = engine_acquire())) rcml_module_calls(module, show_call_line, &table);
  engine_release(module);
  ast_cli(arguments->fd, "%d call%s\n", table.count, table.count == 1 ? "" : "s");
  return CLI_SUCCESS;
}

static void show_leg_line(void *context, const rcml_leg_info *leg) {
  struct table *table = context;
  if (!table->count++) ast_cli(table->fd, "%-34s %-40s %-12s %s\n", "Leg", "To", "Status", "SIP");
  ast_cli(table->fd, "%-34s %-40.40s %-12s %d\n", leg->sid, leg->to, leg->status, leg->sip_code);
}

static char *show_call(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  struct table table = {.count = 0};
  rcml_module *module;
  int32_t legs = RCML_E_GONE;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml show call";
      entry->usage = "Usage: rcml show call <CallSid>\n"
                     "       The parties that a call has rung so far. The first characters of its CallSid do.\n";
      return NULL;
    case CLI_GENERATE: return arguments->pos == 3 ? complete_sid(arguments->word, arguments->n) : NULL;
    default: break;
  }
  if (arguments->argc != 4) return CLI_SHOWUSAGE;
  table.fd = arguments->fd;
  if ((module = engine_acquire())) legs = rcml_module_legs(module, arguments->argv[3], show_leg_line, &table);
  engine_release(module);
  if (legs == RCML_E_ARGUMENT) ast_cli(arguments->fd, "Several calls begin with %s.\n", arguments->argv[3]);
  else if (legs < 0) ast_cli(arguments->fd, "There is no call %s.\n", arguments->argv[3]);
  else ast_cli(arguments->fd, "%d leg%s\n", legs, legs == 1 ? "" : "s");
  return legs < 0 ? CLI_FAILURE : CLI_SUCCESS;
}

static void show_setting_line(void *context, const char *section, const char *name, const char *value) {
  struct table *table = context;
  table->count++;
  ast_cli(table->fd, "%-16s %-28s %s\n", section, name, value);
}

static char *show_settings(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  struct table table = {.count = 0};
  rcml_configuration *configuration;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml show settings";
      entry->usage = "Usage: rcml show settings\n       What rcml.conf says, as new calls get it; a secret is ***.\n";
      return NULL;
    case CLI_GENERATE: return NULL;
    default: break;
  }
  if (arguments->argc != 3) return CLI_SHOWUSAGE;
  table.fd = arguments->fd;
  configuration = engine_configuration();
  if (configuration) rcml_configuration_list(configuration, show_setting_line, &table);
  rcml_configuration_release(configuration);
  ast_cli(arguments->fd, "%d lines; everything else has its default\n", table.count);
  return CLI_SUCCESS;
}

static void show_timing(int fd, rcml_module *module) {
  rcml_module_timing timing;
  rcml_module_timing_of(module, &timing);
  ast_cli(fd, "%-46s %llu\n%-46s %llu\n%-46s %llu\n%-46s %llu us\n%-46s %llu\n", "turns of 20 ms",
          (unsigned long long)timing.ticks, "of these late", (unsigned long long)timing.made_up, "turns missed",
          (unsigned long long)timing.missed, "latest turn", (unsigned long long)timing.latest_us, "frames dropped",
          (unsigned long long)timing.frames_refused);
}

static char *show_counters(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  const rcml_metrics_extension *metrics = rcml_extension(RCML_METRICS_EXTENSION, 1);
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_metric_info info = RCML_METRIC_INFO_INIT;
  rcml_module *module;
  size_t index;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml show counters";
      entry->usage = "Usage: rcml show counters\n"
                     "       What the engine counted since it started, and how its clock does.\n";
      return NULL;
    case CLI_GENERATE: return NULL;
    default: break;
  }
  if (arguments->argc != 3) return CLI_SHOWUSAGE;
  module = engine_acquire();
  if (!module || !metrics || rcml_module_counters(module, &counters) != 0) {
    engine_release(module);
    ast_cli(arguments->fd, "%s", nothing_runs);
    return CLI_SUCCESS;
  }
  for (index = 0; metrics->entry(index, &info) == 1; index++) {
    uint64_t value;
    memcpy(&value, (const char *)&counters + info.offset, sizeof(value));
    if (value) ast_cli(arguments->fd, "%-46s %llu\n", info.member, (unsigned long long)value);
  }
  show_timing(arguments->fd, module);
  engine_release(module);
  return CLI_SUCCESS;
}

static char *show_version(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml show version";
      entry->usage = "Usage: rcml show version\n"
                     "       The version of librcml, and what this module was compiled with.\n";
      return NULL;
    case CLI_GENERATE: return NULL;
    default: break;
  }
  if (arguments->argc != 3) return CLI_SHOWUSAGE;
  ast_cli(arguments->fd, "librcml %s; compiled with the header of %d.%d, for Asterisk's build options %s\n",
          rcml_version(), RCML_VERSION_MAJOR, RCML_VERSION_MINOR, AST_BUILDOPT_SUM);
  return CLI_SUCCESS;
}

/* ---- Doing ------------------------------------------------------------------------------------------------ */

static char *set_debug(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  static const char *const choices[] = {"on", "off", NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_module *module;
  const char *value;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml set debug";
      entry->usage = "Usage: rcml set debug {on|off} [<CallSid>]\n"
                     "       Shows every SIP message and every request to a web server, of one call or of all,\n"
                     "       secrets masked. Parties that are channels have none here: pjsip set logger on.\n";
      return NULL;
    case CLI_GENERATE:
      if (arguments->pos == 3) return ast_cli_complete(arguments->word, choices, arguments->n);
      return arguments->pos == 4 ? complete_sid(arguments->word, arguments->n) : NULL;
    default: break;
  }
  if (arguments->argc < 4 || arguments->argc > 5) return CLI_SHOWUSAGE;
  if (!strcasecmp(arguments->argv[3], "on")) value = "true";
  else if (!strcasecmp(arguments->argv[3], "off")) value = "false";
  else return CLI_SHOWUSAGE;
  if (!(module = engine_make(&error))) {
    ast_cli(arguments->fd, "%s\n", error.message);
    return CLI_FAILURE;
  }
  call_set_debug(arguments->argc == 5 ? arguments->argv[4] : "");
  rcml_module_set(module, "transport_log", value, &error);
  rcml_module_set(module, "http_log", value, &error);
  ast_cli(arguments->fd, "Messages are%s shown%s.\n", *value == 't' ? "" : " not",
          *value == 't' ? " of calls that begin from now on" : "");
  return CLI_SUCCESS;
}

static char *hang_up(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  rcml_module *module;
  int32_t result = RCML_E_GONE;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml hangup";
      entry->usage = "Usage: rcml hangup <CallSid>\n"
                     "       Ends a call's document and its parties; its channel goes on in the dialplan.\n";
      return NULL;
    case CLI_GENERATE: return arguments->pos == 2 ? complete_sid(arguments->word, arguments->n) : NULL;
    default: break;
  }
  if (arguments->argc != 3) return CLI_SHOWUSAGE;
  if ((module = engine_acquire())) result = rcml_module_hang_up(module, arguments->argv[2]);
  engine_release(module);
  if (result == 0) ast_cli(arguments->fd, "The call is being ended.\n");
  else if (result == RCML_E_ARGUMENT) ast_cli(arguments->fd, "Several calls begin with %s.\n", arguments->argv[2]);
  else ast_cli(arguments->fd, "There is no call %s.\n", arguments->argv[2]);
  return result == 0 ? CLI_SUCCESS : CLI_FAILURE;
}

static void show_finding(void *context, const rcml_finding *finding) {
  static const char *const severities[] = {"note", "warning", "error"};
  struct table *table = context;
  table->count++;
  ast_cli(table->fd, "%d:%d: %s: %s (%s)\n%s%s", finding->line, finding->column,
          severities[finding->severity > 1 ? 2 : finding->severity], finding->text, finding->name, finding->excerpt,
          finding->excerpt[0] ? "\n" : "");
}

static char *check(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_check_options options = RCML_CHECK_OPTIONS_INIT;
  rcml_configuration *configuration;
  struct table table = {.count = 0};
  void *memory = NULL;
  int32_t result;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml check";
      entry->usage = "Usage: rcml check <document>\n"
                     "       What is wrong with a document: a file below `documents`, or a section of rcml.conf\n"
                     "       that names one.\n";
      return NULL;
    case CLI_GENERATE: return arguments->pos == 2 ? complete_section(arguments->word, arguments->n) : NULL;
    default: break;
  }
  if (arguments->argc != 3) return CLI_SHOWUSAGE;
  if (!(configuration = engine_configuration())) return CLI_FAILURE;
  table.fd = arguments->fd;
  result = rcml_configuration_document(configuration, arguments->argv[2], &document, &memory, &error);
  if (result == 0 && document.text) {
    options.base_url = document.base_url;
    options.settings = document.settings;
    options.setting_count = document.setting_count;
    result = rcml_document_check_with(document.text, document.length, &options, show_finding, &table, &error);
    ast_cli(arguments->fd, "%s: %d finding%s; it would%s run\n", arguments->argv[2], table.count,
            table.count == 1 ? "" : "s", result == 0 ? "" : " not");
  } else if (result == 0) {
    ast_cli(arguments->fd, "%s is at %s: ask it with \"rcml check URL\" in a shell.\n", arguments->argv[2],
            document.url);
  } else {
    ast_cli(arguments->fd, "%s\n", error.message);
  }
  rcml_module_free(memory);
  rcml_configuration_release(configuration);
  return result == 0 ? CLI_SUCCESS : CLI_FAILURE;
}

static char *drain(struct ast_cli_entry *entry, int command, struct ast_cli_args *arguments) {
  rcml_module *module;
  switch (command) {
    case CLI_INIT:
      entry->command = "rcml drain";
      entry->usage = "Usage: rcml drain\n"
                     "       No more calls until the module is loaded again; those that are there go on.\n";
      return NULL;
    case CLI_GENERATE: return NULL;
    default: break;
  }
  if (arguments->argc != 2) return CLI_SHOWUSAGE;
  if (!(module = engine_acquire())) {
    ast_cli(arguments->fd, "%s", nothing_runs);
    return CLI_SUCCESS;
  }
  rcml_module_drain(module);
  engine_release(module);
  ast_cli(arguments->fd, "No more calls are taken.\n");
  return CLI_SUCCESS;
}

static struct ast_cli_entry commands[] = {
  AST_CLI_DEFINE(show_calls, "Calls that run an RCML document"),
  AST_CLI_DEFINE(show_call, "The parties of a call"),
  AST_CLI_DEFINE(show_settings, "What rcml.conf says"),
  AST_CLI_DEFINE(show_counters, "What the engine counted"),
  AST_CLI_DEFINE(show_version, "The version of librcml"),
  AST_CLI_DEFINE(set_debug, "Show SIP messages and web requests"),
  AST_CLI_DEFINE(hang_up, "End a call's document"),
  AST_CLI_DEFINE(check, "What is wrong with a document"),
  AST_CLI_DEFINE(drain, "Take no more calls"),
};

int commands_register(void) { return ast_cli_register_multiple(commands, ARRAY_LEN(commands)); }

void commands_unregister(void) { ast_cli_unregister_multiple(commands, ARRAY_LEN(commands)); }
