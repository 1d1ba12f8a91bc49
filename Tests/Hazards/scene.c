#define _GNU_SOURCE
#include "scene.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int scene_is_loud;

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int32_t keep(scene *s, int32_t result, const rcml_error *error) {
  if (result >= 0) return result;
  s->problem = result;
  snprintf(s->sentence, sizeof s->sentence, "%s", error != NULL ? error->message : "");
  return result;
}

static int32_t set(scene *s, const char *name, const char *value) {
  rcml_error error = RCML_ERROR_INIT;
  return keep(s, rcml_agent_set(s->agent, name, value, &error), &error);
}

int32_t scene_open(scene *s, phones *all, const char *folder) {
  rcml_error error = RCML_ERROR_INIT;
  char text[160];
  static int number;
  memset(s, 0, sizeof *s);
  s->phones = all;
  s->folder = folder;
  s->number = ++number;
  s->agent = rcml_agent_create(&error);
  if (s->agent == NULL) return keep(s, error.code < 0 ? error.code : RCML_E_SYSTEM, &error);
  snprintf(text, sizeof text, "%s/%d-%d.journal", folder, (int)getpid(), s->number);
  keep(s, rcml_agent_journal(s->agent, text, &error), &error);
  unlink(text); /* it is written all the same */
  set(s, "recordings", folder);
  set(s, "speech_program", speaker());
  if (scene_is_loud) set(s, "transport_log", "true");
  set(s, "http_retries", "0");
  set(s, "callback_retries", "0");
  snprintf(text, sizeof text, "127.0.0.1:%d", all->names);
  set(s, "dns_server", text);
  int32_t result = rcml_agent_listen(s->agent, "udp:127.0.0.1:0", &error);
  if (result < 0) return keep(s, result, &error);
  if (rcml_agent_listener(s->agent, 0, s->uri, sizeof s->uri) <= 0) s->uri[0] = 0;
  return 0;
}

void scene_call(scene *s) {
  if (s->uri[0] != 0) phones_call(s->phones, "standard", s->uri);
}

void scene_bystander(scene *s) {
  if (s->uri[0] != 0) phones_call(s->phones, "bystander", s->uri);
}

static void run(scene *s, rcml_call_id call, const char *text) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  document.text = text;
  keep(s, rcml_call_run(s->agent, call, &document, &error), &error);
}

static void came_in(scene *s, const rcml_event *event) {
  char text[1024];
  if (strstr(event->to, "bystander") != NULL) {
    s->bystander = event->call;
    keep(s, rcml_call_answer(s->agent, event->call, NULL), NULL);
    return;
  }
  s->call = event->call;
  s->begun = 1;
  snprintf(
      text, sizeof text,
      "<Response><Say>Good day</Say><Dial record=\"record-from-answer\" action=\"host:/action\" timeout=\"5\">"
      "<Sip statusCallbackEvent=\"initiated ringing answered completed\""
      " statusCallback=\"http://web.example:%d/status\">%s</Sip><Sip>%s</Sip></Dial></Response>",
      s->phones->web, s->phones->alice, s->phones->bob);
  run(s, event->call, text);
}

static void asked(scene *s, const rcml_event *event) {
  char text[256];
  int length = snprintf(
      text, sizeof text, "<Response><Play>http://web.example:%d/short.wav</Play><Hangup/></Response>", s->phones->web);
  rcml_agent_answer_request(s->agent, event->request, 200, NULL, text, (size_t)length, NULL);
}

static void happened(scene *s, const rcml_event *event) {
  char path[256];
  int ours = event->call != 0 && event->call == s->call;
  if (scene_is_loud)
    fprintf(stderr, "%s %s: %s %s %d %s\n", event->to, rcml_event_name(event->kind), event->name, event->status,
            (int)event->sip_code, event->text);
  switch (event->kind) {
    case RCML_EVENT_INCOMING: came_in(s, event); break;
    case RCML_EVENT_REQUEST: asked(s, event); break;
    case RCML_EVENT_ANSWERED:
      if (ours) s->answered++;
      if (event->call == s->bystander) s->bystander_answered = 1;
      if (!ours) break;
      snprintf(path, sizeof path, "%s/%d-%d.wav", s->folder, (int)getpid(), s->number);
      keep(s, rcml_call_record(s->agent, event->call, path, NULL), NULL);
      unlink(path);
      break;
    case RCML_EVENT_RECORDING: s->recordings += strcmp(event->status, "completed") == 0; break;
    case RCML_EVENT_DIAL: s->dials++; break;
    case RCML_EVENT_ENDED:
      if (ours) s->ended = 1;
      if (event->call == s->bystander) s->bystander_ended = 1;
      break;
    case RCML_EVENT_REFUSED: s->refused++; break;
    case RCML_EVENT_DRAINED: s->drained = 1; break;
    default: break;
  }
}

int scene_drive(scene *s, int milliseconds, int (*done)(const scene *)) {
  int64_t end = now_ms() + milliseconds;
  while (!done(s)) {
    rcml_event event = RCML_EVENT_INIT;
    int64_t left = end - now_ms(), sleep = rcml_agent_deadline_ms(s->agent);
    if (left <= 0) return 0;
    if (sleep < 0 || sleep > left) sleep = left;
    int fd = rcml_agent_fd(s->agent);
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    poll(&watched, 1, sleep > 20 ? 20 : (int)sleep);
    keep(s, rcml_agent_process(s->agent), NULL);
    while (rcml_agent_next_event(s->agent, &event) > 0) happened(s, &event);
  }
  return 1;
}

int scene_has_ended(const scene *s) { return s->ended; }
int scene_has_bystander(const scene *s) { return s->bystander_answered; }
static int has_bystander_ended(const scene *s) { return s->bystander_ended; }
static int has_drained(const scene *s) { return s->drained; }

int scene_bystander_lives(scene *s) {
  rcml_call_info info = RCML_CALL_INFO_INIT;
  if (rcml_call_state(s->agent, s->bystander, &info) != RCML_OK || !info.answered || s->bystander_ended) return 0;
  if (rcml_call_hang_up(s->agent, s->bystander, NULL) != RCML_OK) return 0;
  return scene_drive(s, 5000, has_bystander_ended);
}

void scene_close(scene *s) {
  if (s->agent == NULL) return;
  if (s->uri[0] != 0 && rcml_agent_stop(s->agent) == RCML_OK) scene_drive(s, 1000, has_drained);
  keep(s, rcml_agent_destroy(s->agent), NULL);
  s->agent = NULL;
}
