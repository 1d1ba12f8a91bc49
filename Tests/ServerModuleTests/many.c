/* Many callers at once, each a thread, each with a party of its own: sound and keys both ways, and
 * no frame refused. many [--calls N] [--seconds S] [--peer sip:answer@HOST:PORT] With --peer the
 * parties are phones reached by SIP and RTP; without it channels of the same module. Prints what
 * it took. */
#include "server.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOST_CALLS 1000
#define PHONE_TONE 880 /* what a phone of --peer plays */

static int calls = 200, seconds = 6;
static const char *peer;
static rcml_module *module;
static atomic_int talking, heard_well, heard_keys, legs_heard_well, legs_heard_keys, legs_running;
static atomic_bool may_end;

struct caller {
  pthread_t thread;
  int number;
  uint32_t *push_ns;
  int pushes;
};
static struct caller callers[MOST_CALLS];

/* Sixty tones 50 Hz apart: no two neighbours have the same. */
static int caller_tone(int number) { return 300 + number * 2 % 60 * 50; }
static int leg_tone(int number) { return 300 + (number * 2 + 1) % 60 * 50; }

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The newest second of what was heard. */
struct ear {
  int16_t samples[50 * FRAME];
  int count;
};

static void hear(struct ear *ear, rcml_channel *channel) {
  while (rcml_channel_pull(channel, ear->samples + ear->count % 50 * FRAME)) ear->count++;
}

static bool has_heard(const struct ear *ear, int hertz) {
  return ear->count >= 50 && tone_share(ear->samples, 50 * FRAME, hertz) > 0.8;
}

/* A leg has no clock: each frame it hears is the time to say one. */
static void *leg_thread(void *context) {
  rcml_channel *leg = context;
  struct ear *ear = calloc(1, sizeof *ear);
  struct pollfd watched = {rcml_channel_descriptor(leg), POLLIN, 0};
  rcml_channel_event event = {0};
  int16_t frame[FRAME];
  int number = atoi(strchr(rcml_channel_name(leg), '/') + 1), said = 0, before;
  rcml_channel_wake_for_frames(leg, true);
  rcml_channel_answer(leg);
  while (event.kind != RCML_CHANNEL_OVER) {
    poll(&watched, 1, -1);
    while (rcml_channel_take(leg, &event) && event.kind != RCML_CHANNEL_OVER) {
      if (event.kind != RCML_CHANNEL_KEY) continue;
      atomic_fetch_add(&legs_heard_keys, *event.name == '1');
      rcml_channel_press(leg, '2');
    }
    before = ear->count;
    hear(ear, leg);
    for (; before < ear->count; before++) {
      tone_frame(frame, leg_tone(number), said++);
      rcml_channel_push(leg, frame);
    }
  }
  atomic_fetch_add(&legs_heard_well, has_heard(ear, caller_tone(number)));
  rcml_channel_leave(leg, 0);
  free(ear);
  atomic_fetch_sub(&legs_running, 1);
  return NULL;
}

static void leg_wanted(void *context, const rcml_event *event, rcml_channel *leg, rcml_channel *caller) {
  pthread_t thread;
  pthread_attr_t attributes;
  (void)context, (void)event, (void)caller;
  atomic_fetch_add(&legs_running, 1);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  CHECK(pthread_create(&thread, &attributes, leg_thread, leg) == 0);
  pthread_attr_destroy(&attributes);
}

static rcml_channel *begin(int number) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_channel *channel;
  char text[256], channel_party[32];
  snprintf(channel_party, sizeof channel_party, "sip:%d@pbx.test", number);
  snprintf(text, sizeof text, "<Response><Dial><Sip>%s</Sip></Dial></Response>", peer ? peer : channel_party);
  document.text = text;
  options.call.document = &document;
  options.targets = peer ? RCML_CHANNEL_TARGETS_SIP : RCML_CHANNEL_TARGETS_CHANNELS;
  channel = rcml_channel_call(module, &options, &error);
  if (!channel) puts(error.message);
  CHECK(channel != NULL);
  return channel;
}

static void *caller_thread(void *context) {
  struct caller *caller = context;
  struct ear *ear = calloc(1, sizeof *ear);
  rcml_channel_event event;
  int16_t frame[FRAME];
  rcml_channel *channel = begin(caller->number);
  int64_t next, start;
  bool pressed = false, heard_key = false;
  await_event(channel, RCML_CHANNEL_ANSWER);
  atomic_fetch_add(&talking, 1);
  for (next = now_ns(); !atomic_load(&may_end); next += 20000000) {
    struct timespec until = {next / 1000000000, next % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    while (rcml_channel_take(channel, &event)) heard_key |= event.kind == RCML_CHANNEL_KEY && *event.name == '2';
    tone_frame(frame, caller_tone(caller->number), caller->pushes);
    start = now_ns();
    CHECK(rcml_channel_push(channel, frame) >= 0);
    caller->push_ns[caller->pushes++] = (uint32_t)(now_ns() - start);
    hear(ear, channel);
    if (!pressed && caller->pushes > 50 && atomic_load(&talking) == calls)
      pressed = rcml_channel_press(channel, '1') == RCML_OK;
    if (caller->pushes == 3000) break;
  }
  atomic_fetch_add(&heard_well, has_heard(ear, peer ? PHONE_TONE : leg_tone(caller->number)));
  atomic_fetch_add(&heard_keys, heard_key);
  rcml_channel_leave(channel, 0);
  free(ear);
  return NULL;
}

static int by_size(const void *one, const void *other) {
  uint32_t first = *(const uint32_t *)one, second = *(const uint32_t *)other;
  return first < second ? -1 : first > second;
}

static void print_pushes(void) {
  size_t count = 0;
  uint32_t *all = malloc(sizeof *all * 3000 * (size_t)calls);
  for (int at = 0; at < calls; at++) {
    memcpy(all + count, callers[at].push_ns, sizeof *all * (size_t)callers[at].pushes);
    count += (size_t)callers[at].pushes;
  }
  qsort(all, count, sizeof *all, by_size);
  printf("many: %zu pushes: half took %.1f us, 99 of 100 %.1f us, the longest %.1f us\n", count, all[count / 2] / 1e3,
         all[count * 99 / 100] / 1e3, all[count - 1] / 1e3);
  free(all);
}

static double cpu_seconds(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void make(void) {
  static const char *const lines[] = {"general domains=pbx.test",        "general sip=Many/${USER}",
                                      "general targets=channels",        "general max_calls=2000",
                                      "general listen=udp:127.20.0.5:0", "general rtp_lock=any",
                                      NULL};
  rcml_error error = RCML_ERROR_INIT;
  rcml_module_options options = RCML_MODULE_OPTIONS_INIT;
  options.configuration = make_configuration(lines);
  options.observer.leg = leg_wanted;
  module = rcml_module_create(&options, &error);
  CHECK(module != NULL);
  rcml_configuration_release(options.configuration);
}

static void start_callers(void) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  for (int at = 0; at < calls; at++) {
    callers[at].number = at;
    callers[at].push_ns = calloc(3000, sizeof *callers[at].push_ns);
    CHECK(pthread_create(&callers[at].thread, &attributes, caller_thread, &callers[at]) == 0);
    nap(5); /* 200 a second, and spread over the 20 ms */
  }
  pthread_attr_destroy(&attributes);
}

int main(int count, char **words) {
  rcml_module_timing before, timing;
  double used;
  int64_t start;
  for (int at = 1; at + 1 < count; at += 2) {
    if (!strcmp(words[at], "--calls")) calls = atoi(words[at + 1]);
    if (!strcmp(words[at], "--seconds")) seconds = atoi(words[at + 1]);
    if (!strcmp(words[at], "--peer")) peer = words[at + 1];
  }
  CHECK(calls > 0 && calls <= MOST_CALLS && seconds > 0 && seconds < 50);
  make();
  start_callers();
  for (start = now_ms(); atomic_load(&talking) < calls && now_ms() - start < 20000;) nap(20);
  CHECK(atomic_load(&talking) == calls);
  rcml_module_timing_of(module, &before);
  used = cpu_seconds();
  start = now_ms();
  nap(seconds * 1000);
  used = (cpu_seconds() - used) / ((double)(now_ms() - start) / 1000);
  rcml_module_timing_of(module, &timing);
  atomic_store(&may_end, true);
  for (int at = 0; at < calls; at++) pthread_join(callers[at].thread, NULL);
  for (start = now_ms(); atomic_load(&legs_running) && now_ms() - start < 10000;) nap(20);

  printf("many: %d callers, parties %s: %.0f %% of a core; %llu ticks, %llu made up, %llu missed, the latest %.1f ms\n",
         calls, peer ? "by SIP" : "in frames", used * 100, (unsigned long long)(timing.ticks - before.ticks),
         (unsigned long long)(timing.made_up - before.made_up), (unsigned long long)(timing.missed - before.missed),
         (double)timing.latest_us / 1000);
  print_pushes();
  printf("many: %d callers heard the other's tone; %llu frames refused\n", atomic_load(&heard_well),
         (unsigned long long)timing.frames_refused);
  if (!peer)
    printf("many: %d legs heard the caller's tone; %d callers and %d legs heard the other's key\n",
           atomic_load(&legs_heard_well), atomic_load(&heard_keys), atomic_load(&legs_heard_keys));
  CHECK(atomic_load(&heard_well) == calls);
  CHECK(peer || (atomic_load(&legs_heard_well) == calls && atomic_load(&heard_keys) == calls));
  CHECK(peer || (atomic_load(&legs_heard_keys) == calls && atomic_load(&legs_running) == 0));
  /* Sixteen frames are 320 ms: only a machine that stood still for so long may cost one. */
  CHECK(timing.frames_refused == 0 || timing.latest_us > 250000);
  CHECK(rcml_module_stop(module, 3000) == RCML_OK);
  rcml_module_release(module);
  for (int at = 0; at < calls; at++) free(callers[at].push_ns);
  return 0;
}
