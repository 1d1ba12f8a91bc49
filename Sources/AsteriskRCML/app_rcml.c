/* app_rcml.c: load, unload, reload, and the application RCML() with its options. */

#include "app_rcml.h"

#include "asterisk/app.h"
#include "asterisk/pbx.h"

static const char application[] = "RCML";

enum option_flags {
  OPTION_METHOD = (1 << 0),
  OPTION_BASE = (1 << 1),
  OPTION_PARAMETERS = (1 << 2),
  OPTION_TARGETS = (1 << 3),
  OPTION_ANSWER = (1 << 4),
  OPTION_HANG_UP = (1 << 5),
};

enum option_arguments {
  ARGUMENT_METHOD,
  ARGUMENT_BASE,
  ARGUMENT_PARAMETERS,
  ARGUMENT_TARGETS,
  ARGUMENT_COUNT
};

AST_APP_OPTIONS(run_option_letters, {
  AST_APP_OPTION_ARG('m', OPTION_METHOD, ARGUMENT_METHOD),
  AST_APP_OPTION_ARG('b', OPTION_BASE, ARGUMENT_BASE),
  AST_APP_OPTION_ARG('p', OPTION_PARAMETERS, ARGUMENT_PARAMETERS),
  AST_APP_OPTION_ARG('t', OPTION_TARGETS, ARGUMENT_TARGETS),
  AST_APP_OPTION('A', OPTION_ANSWER),
  AST_APP_OPTION('h', OPTION_HANG_UP),
});

/* @return 0, or -1 after a line in the log */
static int options_read(
    struct run_options *options, struct ast_channel *channel, char *letters) {
  struct ast_flags flags = {0};
  char *arguments[ARGUMENT_COUNT] = {NULL};
  if (ast_strlen_zero(letters)) return 0;
  if (ast_app_parse_options(run_option_letters, &flags, arguments, letters)) return -1;
  options->method = S_OR(arguments[ARGUMENT_METHOD], NULL);
  options->base_url = S_OR(arguments[ARGUMENT_BASE], NULL);
  options->parameters = S_OR(arguments[ARGUMENT_PARAMETERS], NULL);
  options->answer_first = ast_test_flag(&flags, OPTION_ANSWER);
  options->hang_up_after = ast_test_flag(&flags, OPTION_HANG_UP);
  if (options->method && strcmp(options->method, "GET") && strcmp(options->method, "POST")) {
    ast_log(LOG_ERROR, "%s: RCML() has the option m(%s); it takes m(GET) and m(POST)\n",
            ast_channel_name(channel), options->method);
    return -1;
  }
  if (ast_test_flag(&flags, OPTION_TARGETS)) {
    const char *word = S_OR(arguments[ARGUMENT_TARGETS], "");
    if (!strcmp(word, "channels")) options->targets = RCML_CHANNEL_TARGETS_CHANNELS;
    else if (!strcmp(word, "sip")) options->targets = RCML_CHANNEL_TARGETS_SIP;
    else {
      ast_log(LOG_ERROR, "%s: RCML() has the option t(%s); it takes t(channels) and t(sip)\n",
              ast_channel_name(channel), word);
      return -1;
    }
  }
  return 0;
}

static int rcml_execute(struct ast_channel *channel, const char *data) {
  struct run_options options = {.targets = RCML_CHANNEL_TARGETS_DEFAULT};
  rcml_error error = RCML_ERROR_INIT;
  char *text;
  AST_DECLARE_APP_ARGS(arguments, AST_APP_ARG(document); AST_APP_ARG(options););

  text = ast_strdupa(S_OR(data, ""));
  AST_STANDARD_APP_ARGS(arguments, text);
  error.code = RCML_E_ARGUMENT;
  if (ast_strlen_zero(arguments.document)) {
    ast_log(LOG_ERROR, "%s: RCML() needs a document: a URL, a section of rcml.conf, or a file\n",
            ast_channel_name(channel));
    variables_of_failure(channel, &error);
    return 0;
  }
  options.document = arguments.document;
  if (options_read(&options, channel, arguments.options)) {
    variables_of_failure(channel, &error);
    return 0;
  }
  return caller_run(channel, &options);
}

static int load_module(void) {
  if (engine_configure(false)) return AST_MODULE_LOAD_DECLINE;
  if (ast_register_application_xml(application, rcml_execute) || commands_register()
      || manager_register()) {
    manager_unregister();
    commands_unregister();
    ast_unregister_application(application);
    engine_stop(0);
    engine_forget_configuration();
    return AST_MODULE_LOAD_DECLINE;
  }
  return AST_MODULE_LOAD_SUCCESS;
}

/* Channels in RCML() and threads of legs keep the module in use, so it gets here without any. What may be left
 * are calls that came by SIP, and calls whose channel is gone and whose callbacks are under way. */
static int unload_module(void) {
  const bool shutting_down = ast_shutting_down();
  const int heard = shutting_down ? 0 : engine_calls_heard();
  if (heard > 0) {
    ast_log(LOG_WARNING, "%d calls that came by SIP are running; drain first (rcml drain)\n", heard);
    return -1;
  }
  manager_unregister();
  commands_unregister();
  ast_unregister_application(application);
  engine_stop(shutting_down ? 5000 : 1000);
  engine_forget_configuration();
  return 0;
}

static int reload_module(void) {
  return engine_configure(true) ? AST_MODULE_LOAD_DECLINE : AST_MODULE_LOAD_SUCCESS;
}

AST_MODULE_INFO(
    ASTERISK_GPL_KEY, AST_MODFLAG_DEFAULT, "RCML documents for channels",
    .support_level = AST_MODULE_SUPPORT_EXTENDED,
    .load = load_module,
    .unload = unload_module,
    .reload = reload_module, );
