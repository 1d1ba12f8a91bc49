/* What the functions of the header cost whoever owns the loop (failures I-H2: no call takes more than 1 ms of CPU time in
 * host-driven mode): 200 standard calls begin within ten seconds, beside 20 that stand, with sound, recordings, callbacks
 * and a journal. Prints; judges nothing, because a machine has other work.
 * cost [CALLS] */
#define _GNU_SOURCE
#include <poll.h>
#include <string.h>
#include <time.h>

#include "scene.h"

enum { SAMPLES = 2000000 };

static double *samples;
static int count;
static struct { const char *name; double most; } worst[8];

static double cpu_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void took(const char *name, double from) {
  double length = cpu_us() - from;
  if (count < SAMPLES) samples[count++] = length;
  for (int i = 0; i < 8; i++) {
    if (worst[i].name == NULL) worst[i].name = name;
    if (worst[i].name != name) continue;
    if (length > worst[i].most) worst[i].most = length;
    return;
  }
}

static int32_t measured_process(rcml_agent *agent) {
  double from = cpu_us();
  int32_t result = rcml_agent_process(agent);
  took("rcml_agent_process", from);
  return result;
}

static int32_t measured_next(rcml_agent *agent, rcml_event *event) {
  double from = cpu_us();
  int32_t result = rcml_agent_next_event(agent, event);
  took("rcml_agent_next_event", from);
  return result;
}

static int32_t measured_run(rcml_agent *agent, rcml_call_id call, const rcml_document *document) {
  double from = cpu_us();
  int32_t result = rcml_call_run(agent, call, document, NULL);
  took("rcml_call_run", from);
  return result;
}

static int32_t measured_answer(rcml_agent *agent, const rcml_event *event, const char *text) {
  double from = cpu_us();
  int32_t result = rcml_agent_answer_request(agent, event->request, 200, NULL, text, strlen(text), NULL);
  took("rcml_agent_answer_request", from);
  return result;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
  int calls = argc > 1 ? atoi(argv[1]) : 200, begun = 0, ended = 0, standing = 0, over = 0;
  phones all;
  char folder[64], text[1024], action[256];
  scene s;
  samples = (double *)malloc(SAMPLES * sizeof *samples);
  CHECK(samples != NULL);
  phones_start(&all);
  make_folder(folder);
  CHECK(scene_open(&s, &all, folder) == 0);
  snprintf(text, sizeof text,
           "<Response><Say>Good day</Say><Dial record=\"record-from-answer\" action=\"host:/action\" timeout=\"5\">"
           "<Sip statusCallbackEvent=\"initiated ringing answered completed\""
           " statusCallback=\"http://web.example:%d/status\">%s</Sip><Sip>%s</Sip></Dial></Response>",
           all.web, all.alice, all.bob);
  snprintf(action, sizeof action, "<Response><Play>http://web.example:%d/short.wav</Play><Hangup/></Response>", all.web);
  for (int i = 0; i < 20; i++) scene_bystander(&s);
  int64_t start = now_ms(), next = start + 500;
  while (over < calls && now_ms() < start + 60000) {
    rcml_event event = RCML_EVENT_INIT;
    struct pollfd watched = {.fd = rcml_agent_fd(s.agent), .events = POLLIN};
    int64_t sleep = rcml_agent_deadline_ms(s.agent);
    poll(&watched, 1, sleep < 0 || sleep > 10 ? 10 : (int)sleep);
    if (begun < calls && now_ms() >= next) {
      scene_call(&s);
      begun++;
      next += 50;
    }
    measured_process(s.agent);
    while (measured_next(s.agent, &event) > 0) {
      rcml_document document = RCML_DOCUMENT_INIT;
      document.text = text;
      if (event.kind == RCML_EVENT_INCOMING && strstr(event.to, "bystander") != NULL) {
        standing += rcml_call_answer(s.agent, event.call, NULL) == RCML_OK;
      } else if (event.kind == RCML_EVENT_INCOMING) {
        CHECK(measured_run(s.agent, event.call, &document) == RCML_OK);
      } else if (event.kind == RCML_EVENT_REQUEST) {
        measured_answer(s.agent, &event, action);
      } else if (event.kind == RCML_EVENT_ENDED) {
        over++;
        ended += strcmp(event.status, "completed") == 0;
      }
    }
  }
  qsort(samples, (size_t)count, sizeof *samples, compare);
  printf("cost: %d calls beside %d, %d completed; %d calls of functions, CPU time in us: median %.1f, 99 %% %.1f, 99.9 %% %.1f, most %.1f\n",
         calls, standing, ended, count, samples[count / 2], samples[count * 99L / 100], samples[count * 999L / 1000],
         samples[count - 1]);
  int above = 0;
  while (above < count && samples[count - 1 - above] > 1000) above++;
  printf("cost: %d above 1 ms", above);
  for (int i = 0; i < 8 && worst[i].name != NULL; i++) printf("; %s at most %.1f", worst[i].name, worst[i].most);
  printf("\n");
  scene_close(&s);
  phones_end(&all);
  remove_folder(folder);
  return ended == calls ? 0 : 1;
}
