/* One agent, many threads, as in a server whose calls have a thread each: one owns the agent, alone calls its [loop]
 * functions, and sleeps in poll(). The others hand over by rings: frames, keys and hang-ups there, frames back; an eventfd
 * says what is urgent. Nobody waits for anybody. Each caller here talks to a party that says what it hears. */
#define _POSIX_C_SOURCE 200809L
#include <poll.h>
#include <pthread.h>
#include <rcml.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { CHANNELS = 8, ROOM = 16 };
typedef struct mail { char what; int16_t frame[160]; } mail; /* 'f' = a frame, 'h' = hang up, else a key */
typedef struct ring { unsigned begin, end; mail mails[ROOM]; } ring;
typedef struct channel { ring out, in; int over, heard; pthread_t thread; rcml_call_id call; rcml_leg_id echo; } channel;
static channel channels[CHANNELS];
static int urgent, ended, keys;

/* One thread puts and moves the end, another takes and moves the beginning. */
static int put(ring *to, const mail *given) {
  if (to->end - __atomic_load_n(&to->begin, __ATOMIC_ACQUIRE) == ROOM) return 0; /* full */
  to->mails[to->end % ROOM] = *given;
  __atomic_store_n(&to->end, to->end + 1, __ATOMIC_RELEASE);
  return 1;
}

static int take(ring *from, mail *taken) {
  if (from->begin == __atomic_load_n(&from->end, __ATOMIC_ACQUIRE)) return 0;
  *taken = from->mails[from->begin % ROOM];
  __atomic_store_n(&from->begin, from->begin + 1, __ATOMIC_RELEASE);
  return 1;
}

/* A channel's thread: calls nothing of the library. A real one is paced by its line. */
static void *talk(void *argument) {
  channel *self = (channel *)argument;
  mail say, got;
  uint64_t one = 1;
  int i;
  for (i = 0; i < 160; i++) say.frame[i] = (int16_t)(i % 2 ? -12288 : 12288);
  for (i = 0; !__atomic_load_n(&self->over, __ATOMIC_ACQUIRE);) {
    say.what = i == 50 ? '5' : i < 100 ? 'f' : 'h';
    if (put(&self->out, &say)) i++; /* else the same again, 20 ms later */
    if (say.what != 'f' && write(urgent, &one, sizeof one) < 0) break;
    while (take(&self->in, &got)) self->heard += got.frame[80] != 0;
    poll(NULL, 0, 20);
  }
  return NULL;
}

/* Strings of an event are good until the next one: what another thread is to have of them would be copied here. */
static void happened(rcml_agent *agent, const rcml_event *event) {
  channel *one = channels;
  while (one < channels + CHANNELS - 1 && one->call != event->call) one++;
  if (event->kind == RCML_EVENT_TARGET)
    rcml_agent_answer_target(agent, event->request, true, "host:echo", NULL, NULL, NULL);
  if (event->kind == RCML_EVENT_HOST && !strcmp(event->name, "call"))
    rcml_host_answer(agent, event->call, one->echo = event->leg, NULL, 0, NULL);
  keys += event->kind == RCML_EVENT_HOST && !strcmp(event->name, "key");
  if (event->kind == RCML_EVENT_ENDED) ended++, __atomic_store_n(&one->over, 1, __ATOMIC_RELEASE);
}

/* What came from a channel, and what is to go there: once for each 20 ms gone by, or it is late from then on. */
static void serve(rcml_agent *agent, channel *one, uint64_t ticks) {
  mail each;
  while (take(&one->out, &each))
    if (each.what == 'f') rcml_host_push(agent, one->call, 0, each.frame, sizeof each.frame);
    else if (each.what == 'h') rcml_host_hang_up(agent, one->call, 0, 0, NULL);
    else rcml_host_press_digit(agent, one->call, 0, each.what, NULL);
  for (each.what = 'f'; ticks > 0; ticks--) {
    if (rcml_host_pull(agent, one->call, 0, each.frame, sizeof each.frame) > 0) put(&one->in, &each);
    if (one->echo && rcml_host_pull(agent, one->call, one->echo, each.frame, sizeof each.frame) > 0)
      rcml_host_push(agent, one->call, one->echo, each.frame, sizeof each.frame);
  }
}

int main(void) {
  rcml_event event = RCML_EVENT_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  struct itimerspec every = {{0, 20000000}, {0, 20000000}};
  rcml_agent *agent = rcml_agent_create(NULL);
  int i, heard = 0, pulse = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  struct pollfd watched[3] = {{rcml_agent_fd(agent), POLLIN, 0}, {pulse, POLLIN, 0}, {urgent, POLLIN, 0}};
  watched[2].fd = urgent = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  timerfd_settime(pulse, 0, &every, NULL);
  rcml_agent_set(agent, "ask_targets", "nouns", NULL);
  document.text = "<Response><Dial><Client>echo</Client></Dial></Response>";
  options.document = &document;
  for (i = 0; i < CHANNELS; i++) {
    rcml_agent_host_call(agent, &options, &channels[i].call, NULL);
    pthread_create(&channels[i].thread, NULL, talk, &channels[i]);
  }
  while (ended < CHANNELS) {
    uint64_t ticks = 0, count;
    poll(watched, 3, -1); /* not rcml_agent_wait: that one sleeps inside the agent */
    if (read(urgent, &count, sizeof count) < 0) count = 0; /* nothing is urgent */
    if (read(pulse, &ticks, sizeof ticks) < 0) ticks = 0;
    for (i = 0; i < CHANNELS; i++) serve(agent, &channels[i], ticks);
    rcml_agent_process(agent);
    while (rcml_agent_next_event(agent, &event) > 0) happened(agent, &event);
  }
  for (i = 0; i < CHANNELS; i++) {
    pthread_join(channels[i].thread, NULL);
    heard += channels[i].heard > 50;
  }
  rcml_agent_destroy(agent);
  printf("%d of %d heard their echo, %d keys came through\n", heard, CHANNELS, keys);
  return heard == CHANNELS && keys == CHANNELS ? 0 : 1;
}
