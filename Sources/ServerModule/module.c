/* The agent's thread: it sleeps until somebody wants something of the agent, or the agent of it. */
#include "parts.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* After calls were told to end, what still holds them (a web server that does not answer) is waited for so long. */
#define LAST_WAIT_MS 2000
/* Packets of parties reached by RTP come one by one. While there is sound, those of 2 ms are taken
 * together: a fifth of the work of 200 calls is saved, and no frame is later for it. */
#define GATHER_MS 2

void rcml_module_say(rcml_module *module, int32_t severity, const char *format, ...) {
  char text[320];
  va_list values;
  if (!module->observer.log) return;
  va_start(values, format);
  vsnprintf(text, sizeof text, format, values);
  va_end(values);
  module->observer.log(module->observer.context, severity, text);
}

/* Not compared by pthread_t: that of a thread that has ended may be another's by now. */
static _Thread_local const rcml_module *module_of_thread;

bool rcml_module_is_here(const rcml_module *module) { return module_of_thread == module; }

rcml_module *rcml_module_keep(rcml_module *module) {
  atomic_fetch_add(&module->references, 1);
  return module;
}

/* ---- Orders ------------------------------------------------------------------------------------------------- */

bool rcml_module_order(rcml_module *module, struct rcml_order *order) {
  if (!rcml_queue_put(&module->orders, &order->node)) return false;
  rcml_bell_ring(&module->bell);
  return true;
}

static void hang_up(rcml_module *module, rcml_channel *channel, int32_t sip_code) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t result = rcml_host_hang_up(module->agent, channel->call, channel->leg, sip_code, NULL);
  if (result == RCML_E_ARGUMENT) rcml_host_hang_up(module->agent, channel->call, channel->leg, 0, NULL);
  event.sip_code = sip_code;
  rcml_party_over(module, channel, &event, channel->leg ? "callee" : "caller");
}

static void perform(rcml_module *module, struct rcml_order *order) {
  rcml_channel *channel = order->channel;
  rcml_agent *agent = module->agent;
  if (channel->is_over && order->kind != RCML_ORDER_LEAVE) return;
  switch (order->kind) {
    case RCML_ORDER_PRESS: rcml_host_press_digit(agent, channel->call, channel->leg, (char)order->number, NULL); break;
    case RCML_ORDER_RING: rcml_host_ring(agent, channel->call, channel->leg, order->number, NULL, 0, NULL); break;
    case RCML_ORDER_ANSWER:
      if (rcml_host_answer(agent, channel->call, channel->leg, NULL, 0, NULL) == RCML_OK) channel->was_answered = true;
      break;
    case RCML_ORDER_HANG_UP: hang_up(module, channel, order->number); break;
    case RCML_ORDER_LEAVE:
      channel->has_left = true;
      if (!channel->is_over) hang_up(module, channel, order->number);
      break;
    case RCML_ORDER_RUN: break;
  }
}

/* What is in an order may be gone as soon as its owner was told. */
static void finish(rcml_module *module, struct rcml_order *order, bool is_closed) {
  rcml_channel *channel = order->channel;
  if (order->kind == RCML_ORDER_RUN) {
    order->was_done = !is_closed;
    if (!is_closed) order->function(order->context, module->agent);
    sem_post(order->done);
    return;
  }
  if (!is_closed) perform(module, order);
  if (order->kind != RCML_ORDER_LEAVE) free(order);
  rcml_channel_release(channel);
}

static bool finish_all(rcml_module *module, struct rcml_node *node, bool is_closed) {
  bool had_any = node != NULL;
  while (node) {
    struct rcml_node *next = node->next;
    finish(module, (struct rcml_order *)node, is_closed);
    node = next;
  }
  return had_any;
}

int32_t rcml_module_run(
    rcml_module *module, void (*function)(void *context, rcml_agent *agent), void *context) {
  struct rcml_order order = {{NULL}, RCML_ORDER_RUN, NULL, 0, function, context, NULL, false};
  sem_t done;
  if (rcml_module_is_here(module)) {
    function(context, module->agent);
    return RCML_OK;
  }
  sem_init(&done, 0, 0);
  order.done = &done;
  if (rcml_module_order(module, &order))
    while (sem_wait(&done) < 0 && errno == EINTR) continue;
  sem_destroy(&done);
  return order.was_done ? RCML_OK : RCML_E_CLOSED;
}

/* ---- The thread --------------------------------------------------------------------------------------------- */

static void take_priority(rcml_module *module) {
  struct sched_param parameters = {.sched_priority = module->priority};
  int result;
  if (module->priority <= 0) return;
  result = pthread_setschedparam(pthread_self(), SCHED_RR, &parameters);
  if (result != 0) rcml_module_say(module, 1, "real-time priority %d: %s", module->priority, strerror(result));
}

/* All that the agent has to say. Below 0: it cannot be worked with any more. */
static int32_t hear(rcml_module *module) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t result = rcml_agent_process(module->agent);
  while (rcml_agent_next_event(module->agent, &event) > 0) {
    rcml_happened(module, &event);
    event = (rcml_event)RCML_EVENT_INIT;
  }
  rcml_turn_over(module);
  return result;
}

static bool is_done(rcml_module *module) {
  return atomic_load(&module->is_abandoned) || (module->has_drained && atomic_load(&module->is_stopping));
}

static void work(rcml_module *module) {
  struct pollfd watched[3] = {{0, POLLIN, 0}, {module->bell.descriptor, POLLIN, 0}, {module->timer, POLLIN, 0}};
  int32_t descriptor = rcml_agent_fd(module->agent);
  bool has_heard = false;
  while (!is_done(module)) {
    bool gathers = has_heard && module->speaking, was_ordered = false;
    watched[0].fd = gathers ? -1 : descriptor;
    watched[0].revents = 0;
    if (poll(watched, 3, gathers ? GATHER_MS : -1) < 0 && errno != EINTR) break;
    if (watched[1].revents) {
      rcml_bell_rest(&module->bell);
      was_ordered = finish_all(module, rcml_queue_take(&module->orders), false);
    }
    if (watched[2].revents) rcml_frames_tick(module);
    has_heard = watched[0].revents || was_ordered;
    if (has_heard && hear(module) < 0) descriptor = -1;
  }
}

static void *thread_of(void *context) {
  rcml_module *module = context;
  module_of_thread = module;
  take_priority(module);
  work(module);
  rcml_all_over(module);
  finish_all(module, rcml_queue_close(&module->orders), true);
  rcml_agent_destroy(module->agent);
  pthread_mutex_lock(&module->lock);
  module->agent = NULL;
  module->is_finished = true;
  pthread_cond_broadcast(&module->finish);
  pthread_mutex_unlock(&module->lock);
  return NULL;
}

/* ---- Making and ending it ----------------------------------------------------------------------------------- */

static void free_module(rcml_module *module) {
  if (module->agent) rcml_agent_destroy(module->agent);
  rcml_listeners_free(module);
  rcml_configuration_release(module->configuration);
  if (module->timer >= 0) close(module->timer);
  rcml_bell_close(&module->bell);
  pthread_cond_destroy(&module->finish);
  pthread_mutex_destroy(&module->lock);
  free(module);
}

void rcml_module_release(rcml_module *module) {
  if (module && atomic_fetch_sub(&module->references, 1) == 1) free_module(module);
}

/* A thread of lower priority that holds the lock gets ours meanwhile. */
static void make_lock(rcml_module *module) {
  pthread_mutexattr_t kind;
  pthread_condattr_t clock;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
  pthread_mutex_init(&module->lock, &kind);
  pthread_mutexattr_destroy(&kind);
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&module->finish, &clock);
  pthread_condattr_destroy(&clock);
}

/* Signals are for the server's threads. */
static int start(rcml_module *module) {
  sigset_t all, before;
  int result;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  result = pthread_create(&module->thread, NULL, thread_of, module);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (result == 0) pthread_setname_np(module->thread, module->thread_name);
  return result;
}

rcml_module *rcml_module_create(const rcml_module_options *options, rcml_error *error) {
  rcml_module *module = calloc(1, sizeof *module);
  if (!module) {
    rcml_fail(error, RCML_E_SYSTEM, "there is no memory for a module");
    return NULL;
  }
  atomic_init(&module->references, 1);
  make_lock(module);
  module->observer = options->observer;
  module->priority = options->priority;
  snprintf(module->thread_name, sizeof module->thread_name, "%s", options->thread_name ? options->thread_name : "rcml");
  module->bell.descriptor = -1;
  module->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (module->timer < 0 || !rcml_bell_open(&module->bell)) {
    rcml_fail(error, RCML_E_SYSTEM, "there is no descriptor for a module: %s", strerror(errno));
    free_module(module);
    return NULL;
  }
  module->configuration =
      options->configuration ? rcml_configuration_retain(options->configuration) : rcml_configuration_create(error);
  module->agent = module->configuration ? rcml_agent_create(error) : NULL;
  if (!module->agent || rcml_module_apply(module, module->configuration, error) < 0) {
    free_module(module);
    return NULL;
  }
  if (start(module) == 0) return module;
  rcml_fail(error, RCML_E_SYSTEM, "there is no thread for a module");
  free_module(module);
  return NULL;
}

static void drain(void *context, rcml_agent *agent) {
  (void)context;
  rcml_agent_drain(agent);
}

static void stop(void *context, rcml_agent *agent) {
  (void)context;
  rcml_agent_stop(agent);
}

int32_t rcml_module_drain(rcml_module *module) { return rcml_module_run(module, drain, NULL); }

/* Whether the thread has ended within this time. */
static bool is_finished_within(rcml_module *module, int32_t milliseconds) {
  struct timespec until;
  bool is_finished;
  int result = 0;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += milliseconds / 1000;
  until.tv_nsec += milliseconds % 1000 * 1000000L;
  if (until.tv_nsec >= 1000000000L) {
    until.tv_nsec -= 1000000000L;
    until.tv_sec++;
  }
  pthread_mutex_lock(&module->lock);
  while (!module->is_finished && result == 0) result = pthread_cond_timedwait(&module->finish, &module->lock, &until);
  is_finished = module->is_finished;
  pthread_mutex_unlock(&module->lock);
  return is_finished;
}

int32_t rcml_module_stop(rcml_module *module, int32_t wait_ms) {
  if (atomic_exchange(&module->is_stopping, true)) return RCML_E_STATE;
  rcml_module_run(module, drain, NULL);
  if (wait_ms <= 0 || !is_finished_within(module, wait_ms)) {
    rcml_module_run(module, stop, NULL);
    if (!is_finished_within(module, LAST_WAIT_MS)) {
      atomic_store(&module->is_abandoned, true);
      rcml_bell_ring(&module->bell);
    }
  }
  pthread_join(module->thread, NULL);
  return RCML_OK;
}

/* ---- Configuration ------------------------------------------------------------------------------------------ */

rcml_configuration *rcml_module_configuration(rcml_module *module) {
  rcml_configuration *configuration;
  pthread_mutex_lock(&module->lock);
  configuration = rcml_configuration_retain(module->configuration);
  pthread_mutex_unlock(&module->lock);
  return configuration;
}

struct reload {
  rcml_module *module;
  rcml_configuration *configuration;
  rcml_error *error;
  int32_t result;
};

static void reload(void *context, rcml_agent *agent) {
  struct reload *wish = context;
  rcml_module *module = wish->module;
  rcml_configuration *before;
  (void)agent;
  wish->result = rcml_module_apply(module, wish->configuration, wish->error);
  pthread_mutex_lock(&module->lock);
  before = module->configuration;
  module->configuration = rcml_configuration_retain(wish->configuration);
  pthread_mutex_unlock(&module->lock);
  rcml_configuration_release(before);
}

int32_t rcml_module_reload(rcml_module *module, rcml_configuration *configuration, rcml_error *error) {
  struct reload wish = {module, configuration, error, RCML_OK};
  if (rcml_module_run(module, reload, &wish) == RCML_OK) return wish.result;
  return rcml_fail(error, RCML_E_CLOSED, "the module has stopped");
}
