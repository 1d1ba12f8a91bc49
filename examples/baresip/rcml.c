/* A module for baresip: whoever calls a port of rcml's own gets an RCML document. In baresip's config:
 *   module_app rcml.so, rcml_listen udp:127.0.0.1:5070, rcml_document FILE-OR-URL, rcml_set NAME=VALUE
 * An agent is one descriptor, readable whenever there is something to do, its timers included: baresip's
 * loop watches it beside its own, and all of this happens on baresip's thread. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <re.h>
#include <rcml.h>
#include <stdio.h>
#include <string.h>

/* Of baresip.h, which Debian does not package; the program has them for its modules. */
struct conf *conf_cur(void);
void info(const char *format, ...);
void warning(const char *format, ...);

static rcml_agent *agent;
static char place[512], text[65536];

static void ready(int flags, void *unused) {
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_error error = RCML_ERROR_INIT;
  rcml_event event = RCML_EVENT_INIT;
  (void)flags, (void)unused;
  document.text = text[0] ? text : NULL; /* else the URL is asked */
  document.url = place;
  rcml_agent_process(agent);
  while (rcml_agent_next_event(agent, &event) > 0) {
    if (event.kind == RCML_EVENT_INCOMING) {
      info("rcml: %s from %s\n", event.call_sid, event.from);
      if (rcml_call_run(agent, event.call, &document, &error) < 0) warning("rcml: %s\n", error.message);
    }
    if (event.kind == RCML_EVENT_STATUS) info("rcml: %s: %s %s\n", event.call_sid, event.to, event.name);
    if (event.kind == RCML_EVENT_FINDING) warning("rcml: line %d: %s\n", event.line, event.text);
    if (event.kind == RCML_EVENT_ENDED) info("rcml: %s %s, %s\n", event.call_sid, event.status, event.reason);
  }
}

/* Callers are told that it is over, and waited for as long as something comes of it: baresip's loop runs no more. */
static int stop(void) {
  rcml_event event = RCML_EVENT_INIT;
  if (!agent) return 0;
  fd_close(rcml_agent_fd(agent));
  rcml_agent_stop(agent);
  while (rcml_agent_wait(agent, 500, &event) > 0) continue;
  rcml_agent_destroy(agent);
  agent = NULL;
  return 0;
}

static int set(const struct pl *line, void *error) {
  char name[256], *value = name;
  pl_strcpy(line, name, sizeof name);
  strsep(&value, "=");
  return rcml_agent_set(agent, name, value, (rcml_error *)error) < 0 ? EINVAL : 0;
}

static int start(void) {
  rcml_error error = RCML_ERROR_INIT;
  char address[256] = "udp:127.0.0.1:5070";
  conf_get_str(conf_cur(), "rcml_document", place, sizeof place);
  conf_get_str(conf_cur(), "rcml_listen", address, sizeof address);
  if (!strstr(place, "://")) { /* a file: read now, and judged before somebody calls */
    FILE *file = fopen(place, "r");
    if (!file) return warning("rcml: rcml_document: “%s” cannot be read\n", place), ENOENT;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    if (rcml_document_check(text, 0, NULL, NULL, &error) < 0)
      return warning("rcml: %s:%d: %s\n", place, error.line, error.message), EINVAL;
  }
  if (!(agent = rcml_agent_create(&error)) || conf_apply(conf_cur(), "rcml_set", set, &error) ||
      rcml_agent_listen(agent, address, &error) < 0 || fd_listen(rcml_agent_fd(agent), FD_READ, ready, NULL))
    return warning("rcml: %s\n", error.message), stop(), EINVAL;
  return info("rcml: %s for callers of %s\n", place, address), 0;
}

EXPORT_SYM const struct mod_export exports = {"rcml", "application", start, stop};
