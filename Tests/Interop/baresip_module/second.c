/* A module for baresip with an agent that baresip's loop knows nothing of: it lives in a loop and a thread of its
 * own, and plays prompt.wav to whoever calls it. In baresip's config: module_app second.so, second_listen ADDRESS,
 * second_sounds FOLDER. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>
#include <pthread.h>
#include <rcml.h>
#include <string.h>

struct conf *conf_cur(void);
void info(const char *format, ...);
void warning(const char *format, ...);

static rcml_agent *agent;
static pthread_t thread;
static int calls;

static void happened(void *unused, rcml_agent *self, const rcml_event *event) {
  (void)unused, (void)self;
  calls += event->kind == RCML_EVENT_ENDED;
}

static void *run(void *unused) {
  rcml_agent_run(agent, happened, unused, NULL);
  return NULL;
}

static int stop(void) {
  if (!agent) return 0;
  rcml_agent_stop(agent);
  pthread_join(thread, NULL);
  info("second: %d calls ended\n", calls);
  rcml_agent_destroy(agent);
  agent = NULL;
  return 0;
}

static int start(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  char address[256] = "", sounds[512] = "";
  conf_get_str(conf_cur(), "second_listen", address, sizeof address);
  conf_get_str(conf_cur(), "second_sounds", sounds, sizeof sounds);
  document.text = "<Response><Play loop=\"0\">file:prompt.wav</Play></Response>";
  agent = rcml_agent_create(&error);
  if (!agent || rcml_agent_set(agent, "sounds", sounds, &error) < 0 ||
      rcml_agent_default_document(agent, &document, &error) < 0 ||
      rcml_agent_listen(agent, address, &error) < 0 || pthread_create(&thread, NULL, run, NULL) != 0)
    return warning("second: %s\n", error.message), rcml_agent_destroy(agent), agent = NULL, EINVAL;
  return 0;
}

EXPORT_SYM const struct mod_export exports = {"second", "application", start, stop};
