#define _GNU_SOURCE
#include "server.h"

#include <math.h>
#include <stdarg.h>
#include <poll.h>
#include <unistd.h>

struct seen seen = {PTHREAD_MUTEX_INITIALIZER, "", 0, 0};

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void nap(int milliseconds) {
  struct timespec length = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  nanosleep(&length, NULL);
}

static int16_t wave[8000];
static pthread_once_t wave_is_made = PTHREAD_ONCE_INIT;
static void make_wave(void) {
  for (int i = 0; i < 8000; i++) wave[i] = (int16_t)(8000 * sin(2 * M_PI * i / 8000));
}

/* From a table, so that what a test measures is not its own tones. */
void tone_frame(int16_t *frame, int hertz, int64_t at) {
  pthread_once(&wave_is_made, make_wave);
  for (int i = 0; i < FRAME; i++) frame[i] = wave[(at * FRAME + i) * hertz % 8000];
}

/* In pieces of 20 ms, so that a frame that is missing is no other tone. */
double tone_share(const int16_t *heard, size_t count, int hertz) {
  double tone = 0, all = 0;
  for (size_t from = 0; from + FRAME <= count; from += FRAME) {
    double sine = 0, cosine = 0;
    for (int i = 0; i < FRAME; i++) {
      sine += heard[from + i] * sin(2 * M_PI * hertz * i / 8000);
      cosine += heard[from + i] * cos(2 * M_PI * hertz * i / 8000);
      all += (double)heard[from + i] * heard[from + i];
    }
    tone += (sine * sine + cosine * cosine) * 2 / FRAME;
  }
  return all > 0 ? tone / all : 0;
}

/* ---- What was seen ------------------------------------------------------------------------------------------ */

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *format, ...) {
  va_list values;
  size_t length;
  pthread_mutex_lock(&seen.lock);
  length = strlen(seen.log);
  va_start(values, format);
  vsnprintf(seen.log + length, sizeof seen.log - length, format, values);
  va_end(values);
  pthread_mutex_unlock(&seen.lock);
}

bool was_seen(const char *line) {
  bool found;
  pthread_mutex_lock(&seen.lock);
  found = strstr(seen.log, line) != NULL;
  pthread_mutex_unlock(&seen.lock);
  return found;
}

void await_seen(const char *line) {
  int64_t end = now_ms() + 5000;
  while (!was_seen(line) && now_ms() < end) nap(5);
  if (!was_seen(line)) fprintf(stderr, "not seen: %s\n%s", line, seen.log);
  CHECK(was_seen(line));
}

void forget_seen(void) {
  pthread_mutex_lock(&seen.lock);
  seen.log[0] = 0;
  pthread_mutex_unlock(&seen.lock);
}

/* ---- Legs --------------------------------------------------------------------------------------------------- */

/* Talks until it is over; a key it hears it presses itself. */
static void talk_to_the_end(rcml_channel *leg) {
  rcml_channel_event event;
  int16_t frame[FRAME], *all = calloc(6000, sizeof frame);
  struct pollfd watched = {rcml_channel_descriptor(leg), POLLIN, 0};
  int64_t said = 0, count = 0, start = now_ms();
  bool is_over = false;
  while (!is_over) {
    int64_t rest = start + said * 20 - now_ms();
    if (rest > 0) poll(&watched, 1, (int)rest);
    while (rcml_channel_take(leg, &event)) {
      is_over |= event.kind == RCML_CHANNEL_OVER;
      if (event.kind == RCML_CHANNEL_KEY) rcml_channel_press(leg, *event.name);
    }
    while (rcml_channel_pull(leg, frame))
      if (count < 6000) memcpy(all + count++ * FRAME, frame, sizeof frame);
    if (now_ms() < start + said * 20) continue;
    tone_frame(frame, LEG_TONE, said++);
    rcml_channel_push(leg, frame);
  }
  note("leg over: %s\n", event.reason);
  if (count > 20 && tone_share(all + count / 2 * FRAME, (size_t)(count - count / 2) * FRAME, CALLER_TONE) > 0.5)
    note("leg heard the caller\n");
  free(all);
}

static void *leg_thread(void *context) {
  rcml_channel *leg = context;
  const char *name = rcml_channel_name(leg);
  rcml_channel_event event;
  if (!strcmp(name, "Fake/busy")) {
    rcml_channel_leave(leg, rcml_sip_of_cause(17));
  } else if (!strcmp(name, "Fake/early")) {
    rcml_channel_ring(leg, 183);
    talk_to_the_end(leg);
    rcml_channel_leave(leg, 0);
  } else if (!strcmp(name, "Fake/ring")) {
    rcml_channel_ring(leg, 180);
    event = await_event(leg, RCML_CHANNEL_OVER);
    note("leg over: %s\n", event.reason);
    rcml_channel_leave(leg, 0);
  } else if (!strcmp(name, "Fake/brief")) {
    rcml_channel_answer(leg);
    nap(200);
    rcml_channel_hang_up(leg, 0);
    event = await_event(leg, RCML_CHANNEL_OVER);
    CHECK(strcmp(event.hangup_by, "callee") == 0);
    CHECK(rcml_channel_press(leg, '1') == RCML_E_GONE);
    rcml_channel_leave(leg, 0);
  } else if (!strcmp(name, "Fake/answer")) {
    rcml_channel_ring(leg, 180);
    rcml_channel_answer(leg);
    talk_to_the_end(leg);
    rcml_channel_leave(leg, 0);
  } else {
    rcml_channel_leave(leg, 404);
  }
  atomic_fetch_sub(&seen.legs_running, 1);
  return NULL;
}

static void leg_wanted(void *context, const rcml_event *event, rcml_channel *leg, rcml_channel *caller) {
  pthread_t thread;
  pthread_attr_t attributes;
  (void)context;
  note("leg %s for %s\n", event->to, caller ? rcml_channel_name(caller) : "SIP");
  if (!strcmp(event->to, "Fake/never")) { /* no thread for it: refused on the agent's */
    rcml_channel_leave(leg, 603);
    return;
  }
  atomic_fetch_add(&seen.legs_running, 1);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 128 * 1024);
  CHECK(pthread_create(&thread, &attributes, leg_thread, leg) == 0);
  pthread_attr_destroy(&attributes);
}

/* ---- The module --------------------------------------------------------------------------------------------- */

static void happened(void *context, const rcml_event *event, rcml_channel *caller, rcml_channel *leg) {
  (void)context;
  (void)leg;
  if (event->kind == RCML_EVENT_FINDING) note("finding %s\n", event->name);
  if (event->kind == RCML_EVENT_ENDED)
    note("ended %s %s %s %s\n", event->status, event->reason, caller ? rcml_channel_name(caller) : "SIP",
         event->call_sid);
  if (event->kind == RCML_EVENT_HOST && event->leg == 0 && !strcmp(event->name, "key"))
    atomic_fetch_add(&seen.keys_for_callers, 1);
}

static void logged(void *context, int32_t severity, const char *text) {
  (void)context;
  note("log %d %s\n", severity, text);
}

rcml_configuration *make_configuration(const char *const *lines) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *configuration = rcml_configuration_create(&error);
  CHECK(configuration != NULL);
  for (int32_t number = 1; lines && *lines; lines++, number++) {
    char section[64], name[64];
    const char *value = strchr(*lines, '=') + 1;
    CHECK(sscanf(*lines, "%63s %63[^=]", section, name) == 2);
    if (rcml_configuration_add(configuration, section, name, value, number, &error) < 0) puts(error.message);
    CHECK(*error.message == 0);
  }
  CHECK(rcml_configuration_check(configuration, &error) == RCML_OK);
  return configuration;
}

rcml_module *make_module(const char *const *lines) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_module_options options = RCML_MODULE_OPTIONS_INIT;
  rcml_module *module;
  options.configuration = make_configuration(lines);
  options.observer.event = happened;
  options.observer.leg = leg_wanted;
  options.observer.log = logged;
  module = rcml_module_create(&options, &error);
  if (!module) puts(error.message);
  CHECK(module != NULL);
  rcml_configuration_release(options.configuration);
  return module;
}

void end_module(rcml_module *module, int32_t wait_ms) {
  int64_t end;
  CHECK(rcml_module_stop(module, wait_ms) == RCML_OK);
  CHECK(rcml_module_stop(module, 0) == RCML_E_STATE);
  rcml_module_release(module);
  for (end = now_ms() + 5000; atomic_load(&seen.legs_running) && now_ms() < end;) nap(5);
  CHECK(atomic_load(&seen.legs_running) == 0);
}

/* ---- Callers ------------------------------------------------------------------------------------------------ */

rcml_channel *call_text(rcml_module *module, const char *text) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_channel *channel;
  document.text = text;
  options.name = "Fake/caller";
  options.identity = "1.1";
  options.call.from = "+49 30 100";
  options.call.to = "200";
  options.call.document = &document;
  channel = rcml_channel_call(module, &options, &error);
  if (!channel) puts(error.message);
  CHECK(channel != NULL);
  return channel;
}

rcml_channel_event await_event(rcml_channel *channel, int32_t kind) {
  struct pollfd watched = {rcml_channel_descriptor(channel), POLLIN, 0};
  int16_t frame[FRAME];
  rcml_channel_event event;
  int64_t end = now_ms() + 5000;
  do {
    while (rcml_channel_take(channel, &event))
      if (event.kind == kind) return event;
    while (rcml_channel_pull(channel, frame)) continue;
    poll(&watched, 1, 20);
  } while (now_ms() < end);
  fprintf(stderr, "no event %d of %s\n", kind, rcml_channel_name(channel));
  CHECK(now_ms() < end);
  return event;
}

double talk(rcml_channel *channel, int frames) {
  int16_t frame[FRAME], *all = calloc((size_t)frames + 1, sizeof frame);
  int64_t start = now_ms();
  int count = 0;
  double share;
  for (int at = 0; at < frames; at++) {
    tone_frame(frame, CALLER_TONE, at);
    CHECK(rcml_channel_push(channel, frame) == 1);
    while (now_ms() < start + (at + 1) * 20) nap(1);
    while (rcml_channel_pull(channel, frame))
      if (count < frames) memcpy(all + count++ * FRAME, frame, sizeof frame);
  }
  CHECK(count > frames / 2);
  share = tone_share(all + count / 2 * FRAME, (size_t)(count - count / 2) * FRAME, LEG_TONE);
  free(all);
  return share;
}
