/* What the files of this folder know of each other. Servers include server_module.h alone. */
#ifndef SERVER_MODULE_PARTS_H
#define SERVER_MODULE_PARTS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* pthread_setname_np */
#endif

#include "server_module.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>

#pragma GCC visibility push(hidden)

/* ---- ring.c: frames from one thread to one other, without a lock ------------------------------------------- */

#define RCML_RING_FRAMES 16
#define RCML_FRAME_OCTETS 320

/** `written` and `read` only grow; their difference is what waits. Each is written by one thread. */
struct rcml_ring {
  alignas(64) _Atomic uint32_t written;
  alignas(64) _Atomic uint32_t read;
  alignas(64) uint8_t frames[RCML_RING_FRAMES][RCML_FRAME_OCTETS];
};

bool rcml_ring_put(struct rcml_ring *ring, const void *frame, size_t size);
bool rcml_ring_take(struct rcml_ring *ring, void *frame, size_t size);
/** For the reader: drops the oldest until `keep` are left; how many went. */
uint32_t rcml_ring_trim(struct rcml_ring *ring, uint32_t keep);

/* ---- queue.c: what many threads put in and one takes out, without a lock ------------------------------------ */

struct rcml_node {
  struct rcml_node *next;
};
struct rcml_queue {
  _Atomic(struct rcml_node *) newest;
};

/** @return false when the queue was closed: the node is still the caller's */
bool rcml_queue_put(struct rcml_queue *queue, struct rcml_node *node);
/** All there is, oldest first. */
struct rcml_node *rcml_queue_take(struct rcml_queue *queue);
/** The same, and nobody can put anything in from now on. */
struct rcml_node *rcml_queue_close(struct rcml_queue *queue);

/** A descriptor that says "look": written once until its reader has rested it. */
struct rcml_bell {
  int descriptor;
  atomic_bool rung;
};

bool rcml_bell_open(struct rcml_bell *bell);
void rcml_bell_close(struct rcml_bell *bell);
void rcml_bell_ring(struct rcml_bell *bell);
/** Before the reader looks for the last time; what is put in afterwards rings again. */
void rcml_bell_rest(struct rcml_bell *bell);

/* ---- memory.c: blocks that are given back together ---------------------------------------------------------- */

struct rcml_memory;
/** A block of `*memory`, NULL when there is none to be had. rcml_module_free(memory) gives all of them back. */
void *rcml_memory_block(struct rcml_memory **memory, size_t size);
char *rcml_memory_text(struct rcml_memory **memory, const char *text);
/** Fills an error, and returns its code. `format` is a sentence. */
int32_t rcml_fail(rcml_error *error, int32_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- configuration.c, names.c, document.c ------------------------------------------------------------------- */

struct rcml_line {
  struct rcml_line *next;
  char *section, *name, *value;
  int32_t number;
};

struct rcml_configuration {
  atomic_uint references;
  struct rcml_memory *memory;
  struct rcml_line *first, *last;
  rcml_agent *scratch; /* judges lines while they are added; has neither socket nor thread */
};

/** A key of the module itself, say max_calls. */
bool rcml_is_key(const char *name, bool general);
/** A setting of the engine; false when it has none of that name. */
bool rcml_find_setting(const char *name, rcml_setting_info *info);
/** The key or setting that is written most like `name`, "" when none is. */
const char *rcml_nearest_name(const char *name, bool general);
/** The last value of a name, or NULL. */
const char *rcml_configuration_value(
    const rcml_configuration *configuration, const char *section, const char *name);
bool rcml_configuration_has(const rcml_configuration *configuration, const char *section);
bool rcml_is_yes(const char *value);
/** One word of a list divided by commas, without blanks around it; NULL behind the last. `*rest` begins as the list. */
const char *rcml_next_word(const char **rest, char *word, size_t size);
/** Every setting of a section, "name=value", those in `before` first and instead of those of the same name. */
int32_t rcml_configuration_settings(
    const rcml_configuration *configuration, const char *section, const char *const *before, size_t before_count,
    struct rcml_memory **memory, const char *const **settings, size_t *count);
/** The parties of a document are channels, unless the call says otherwise. */
bool rcml_configuration_channels(const rcml_configuration *configuration);

/* ---- channel.c ---------------------------------------------------------------------------------------------- */

/** An event of a channel, with room for its strings behind it. */
struct rcml_told {
  struct rcml_node node;
  rcml_channel_event event;
};

/** What the engine says of a party's end, kept until all of it is known; needs no memory when it is told. */
struct rcml_over {
  struct rcml_told told;
  char status[16], hangup_by[16], reason[32], reason_text[256];
};

/** Something that the agent's thread is to do. */
enum rcml_order_kind {
  RCML_ORDER_RUN,
  RCML_ORDER_PRESS,
  RCML_ORDER_RING,
  RCML_ORDER_ANSWER,
  RCML_ORDER_HANG_UP,
  RCML_ORDER_LEAVE
};

struct rcml_order {
  struct rcml_node node;
  enum rcml_order_kind kind;
  rcml_channel *channel; /* retained; of all but RUN */
  int32_t number;        /* a SIP status, a key */
  void (*function)(void *context, rcml_agent *agent);
  void *context;
  sem_t *done; /* RUN: somebody waits */
  bool was_done;
};

struct rcml_call_entry;

struct rcml_channel {
  atomic_uint references;
  rcml_module *module;
  rcml_configuration *configuration; /* of a caller: that of its beginning */
  char *name, *identity;
  char call_sid[40];
  void *context;
  rcml_call_id call;
  rcml_leg_id leg;
  int32_t targets;
  size_t frame_size;
  struct rcml_bell bell;
  atomic_bool wakes_for_frames;
  atomic_bool is_gone; /* the party is gone or was left: frames and keys have no meaning */
  atomic_uint waiting; /* events that were not taken */
  struct rcml_queue events;
  struct rcml_ring to_engine, to_party;
  struct rcml_order leaving; /* so that leaving needs no memory */
  /* The channel's thread alone. */
  struct rcml_node *taken;
  struct rcml_told *current;
  /* The agent's thread alone. */
  struct rcml_channel *next_of_call, *next_speaking, *previous_speaking, *next_over;
  bool is_speaking, was_answered, is_over, was_told_over, has_left;
  struct rcml_over over;
};

rcml_channel *rcml_channel_make(rcml_module *module, const char *name, const char *identity, size_t frame_size);
/** Puts an event in, its strings copied; dropped when there is no memory, or nobody takes them. Agent's thread. */
void rcml_channel_tell(rcml_channel *channel, const rcml_channel_event *event);
/** The party is gone; told at the end of the turn. Agent's thread. */
void rcml_channel_end(rcml_channel *channel, const rcml_event *event, const char *hangup_by);
void rcml_channel_tell_over(rcml_channel *channel);
extern const rcml_channel_event rcml_channel_no_event;

/* ---- calls.c: the calls of an agent and their channels; agent's thread alone ------------------------------- */

struct rcml_call_entry {
  struct rcml_call_entry *next; /* in its bucket */
  rcml_call_id call;
  char sid[40];
  int64_t begun_ms;
  rcml_channel *caller; /* retained; NULL = it came by SIP */
  rcml_channel *legs;   /* retained, by next_of_call */
};

struct rcml_calls {
  struct rcml_call_entry **buckets;
  size_t bucket_count, count;
  uint32_t callers; /* channels that are not over */
};

void rcml_calls_free(struct rcml_calls *calls);
struct rcml_call_entry *rcml_calls_find(const struct rcml_calls *calls, rcml_call_id call);
/** Finds or makes it; NULL without memory. */
struct rcml_call_entry *rcml_calls_make(struct rcml_calls *calls, rcml_call_id call, const char *sid);
/** The first of all (after = NULL), or the one behind `after`. */
struct rcml_call_entry *rcml_calls_next(const struct rcml_calls *calls, const struct rcml_call_entry *after);
rcml_channel *rcml_calls_leg(const struct rcml_call_entry *entry, rcml_leg_id leg);
/** Lets go of the leg's channel. */
void rcml_calls_drop_leg(struct rcml_call_entry *entry, rcml_channel *leg);
/** Lets go of all of its channels and forgets it. */
void rcml_calls_drop(struct rcml_calls *calls, rcml_call_id call);
int64_t rcml_now_us(void);

/* ---- module.c, frames.c, happenings.c, listeners.c, report.c ------------------------------------------------ */

struct rcml_listener {
  struct rcml_listener *next;
  char *address;
  int32_t index; /* below 0: not open yet */
};

struct rcml_module {
  atomic_uint references;
  rcml_module_observer observer;
  pthread_mutex_t lock; /* configuration, is_finished */
  pthread_cond_t finish;
  rcml_configuration *configuration;
  bool is_finished;
  atomic_bool is_stopping, is_abandoned;
  pthread_t thread;
  int32_t priority;
  char thread_name[16];
  struct rcml_bell bell;
  struct rcml_queue orders;
  int timer;
  _Atomic uint64_t ticks, made_up, missed, latest_us, frames_refused;
  _Atomic uint32_t speakers;
  /* The agent's thread alone, once it runs. */
  rcml_agent *agent;
  struct rcml_calls calls;
  struct rcml_listener *listeners;
  rcml_channel *speaking; /* the first */
  rcml_channel *over;     /* to be told at the end of the turn */
  int64_t next_tick_us;
  uint32_t max_calls; /* 0 = the engine's */
  bool has_drained;
};

bool rcml_module_is_here(const rcml_module *module); /* this is the agent's thread */
rcml_module *rcml_module_keep(rcml_module *module);
/** Puts an order in and rings; false when the module has stopped. */
bool rcml_module_order(rcml_module *module, struct rcml_order *order);
void rcml_module_say(rcml_module *module, int32_t severity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* frames.c: what is done every 20 ms */
void rcml_frames_begin(rcml_module *module, rcml_channel *channel);
void rcml_frames_end(rcml_module *module, rcml_channel *channel);
void rcml_frames_tick(rcml_module *module);

/* happenings.c: the engine's events */
void rcml_happened(rcml_module *module, const rcml_event *event);
/** A party is gone: its frames end, and its channel is told at the end of the turn. */
void rcml_party_over(
    rcml_module *module, rcml_channel *channel, const rcml_event *event, const char *hangup_by);
void rcml_turn_over(rcml_module *module);
/** Every channel is told that it is over, and let go of. */
void rcml_all_over(rcml_module *module);

/* listeners.c: the configuration, as the agent has it */
int32_t rcml_module_apply(rcml_module *module, rcml_configuration *configuration, rcml_error *error);
void rcml_listeners_retry(rcml_module *module);
void rcml_listeners_free(rcml_module *module);

#pragma GCC visibility pop
#endif
