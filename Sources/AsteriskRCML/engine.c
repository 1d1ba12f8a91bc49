/* engine.c: the one agent and its configuration. Loading is not running: the agent is made when the first
 * call needs it, or at once where it has to listen for calls by SIP. */

#include "app_rcml.h"

#include "asterisk/config.h"
#include "asterisk/lock.h"
#include "asterisk/options.h"

static const char file_name[] = "rcml.conf";

/* Both are changed under the lock. */
AST_MUTEX_DEFINE_STATIC(engine_lock);
static rcml_configuration *configuration;
static rcml_module *module;

static void find_listen(void *context, const char *section, const char *name, const char *value) {
  bool *found = context;
  if (!strcmp(section, "general") && !strcmp(name, "listen") && !ast_strlen_zero(value)) *found = true;
}

/* @return how many lines could not be taken, each told in the log */
static int read_lines(rcml_configuration *into, struct ast_config *file) {
  const char *section = NULL;
  int problems = 0;
  while ((section = ast_category_browse(file, section))) {
    const struct ast_variable *line;
    for (line = ast_variable_browse(file, section); line; line = line->next) {
      rcml_error error = RCML_ERROR_INIT;
      if (rcml_configuration_add(into, section, line->name, line->value, line->lineno, &error) == 0) continue;
      ast_log(LOG_ERROR, "%s: %s\n", file_name, error.message);
      problems++;
    }
  }
  return problems;
}

/* @return a configuration, NULL after saying in the log what is wrong */
static rcml_configuration *read_file(void) {
  rcml_error error = RCML_ERROR_INIT;
  struct ast_flags flags = {0};
  struct ast_config *file = ast_config_load(file_name, flags);
  rcml_configuration *read = NULL;
  int problems = 0;
  if (file == CONFIG_STATUS_FILEINVALID) {
    ast_log(LOG_ERROR, "%s cannot be read\n", file_name);
    return NULL;
  }
  read = rcml_configuration_create(&error);
  if (!read) {
    ast_log(LOG_ERROR, "%s: %s\n", file_name, error.message);
  } else if (file) {
    problems = read_lines(read, file);
  } else {
    ast_log(LOG_NOTICE, "there is no %s; documents are URLs, and no party is dialled as a channel\n", file_name);
  }
  if (file) ast_config_destroy(file);
  if (read && problems == 0 && rcml_configuration_check(read, &error) != 0) {
    ast_log(LOG_ERROR, "%s: %s\n", file_name, error.message);
    problems = 1;
  }
  if (problems) {
    rcml_configuration_release(read);
    read = NULL;
  }
  return read;
}

/* With the lock held. */
static int make_module(rcml_error *error) {
  rcml_module_options options = RCML_MODULE_OPTIONS_INIT;
  options.configuration = configuration;
  options.observer.event = call_observe;
  options.observer.leg = leg_start;
  options.observer.log = call_log;
  /* Asterisk's own media threads have this priority with the option -p. */
  options.priority = ast_opt_high_priority ? 10 : 0;
  options.thread_name = "rcml";
  module = rcml_module_create(&options, error);
  return module ? 0 : -1;
}

int engine_configure(bool reload) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *read = read_file();
  bool listens = false;
  int result = 0;
  if (!read) {
    if (reload) ast_log(LOG_ERROR, "%s: the configuration of before stays\n", file_name);
    return -1;
  }
  rcml_configuration_list(read, find_listen, &listens);
  ast_mutex_lock(&engine_lock);
  rcml_configuration_release(configuration);
  configuration = read;
  if (module) {
    if (rcml_module_reload(module, configuration, &error) != 0) {
      ast_log(LOG_ERROR, "%s: %s\n", file_name, error.message);
      result = -1;
    }
  } else if (listens && make_module(&error) != 0) {
    ast_log(LOG_ERROR, "%s: %s\n", file_name, error.message);
    result = -1;
  }
  if (result && !reload) {
    rcml_configuration_release(configuration);
    configuration = NULL;
  }
  ast_mutex_unlock(&engine_lock);
  return result;
}

rcml_configuration *engine_configuration(void) {
  rcml_configuration *now;
  ast_mutex_lock(&engine_lock);
  now = rcml_configuration_retain(configuration);
  ast_mutex_unlock(&engine_lock);
  return now;
}

rcml_module *engine_make(rcml_error *error) {
  rcml_module *now;
  ast_mutex_lock(&engine_lock);
  if (!module) make_module(error);
  now = module;
  ast_mutex_unlock(&engine_lock);
  return now;
}

rcml_module *engine_acquire(void) {
  rcml_module *now;
  ast_mutex_lock(&engine_lock);
  now = module;
  /* We are not unloaded while somebody uses us, and only unloading ends the module. */
  if (now) ast_module_ref(AST_MODULE_SELF);
  ast_mutex_unlock(&engine_lock);
  return now;
}

void engine_release(rcml_module *used) {
  if (used) ast_module_unref(AST_MODULE_SELF);
}

static void count_heard(void *context, const rcml_module_call *call) {
  int *count = context;
  if (!call->left) (*count)++;
}

int engine_calls_heard(void) {
  rcml_module *now = engine_acquire();
  int count = 0;
  if (now) rcml_module_calls(now, count_heard, &count);
  engine_release(now);
  return count;
}

void engine_stop(int32_t wait_ms) {
  rcml_module *last;
  ast_mutex_lock(&engine_lock);
  last = module;
  module = NULL;
  ast_mutex_unlock(&engine_lock);
  if (!last) return;
  rcml_module_stop(last, wait_ms);
  leg_join_all();
  rcml_module_release(last);
}

void engine_forget_configuration(void) {
  ast_mutex_lock(&engine_lock);
  rcml_configuration_release(configuration);
  configuration = NULL;
  ast_mutex_unlock(&engine_lock);
}
