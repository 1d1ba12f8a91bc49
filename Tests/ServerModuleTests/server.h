/* A server that is none: its channels are threads of this program. What a leg does is said by its dial string,
 * Fake/answer, Fake/busy, …; callers are driven by the test. */
#ifndef SERVER_H
#define SERVER_H

#include "check.h"
#include "server_module.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define FRAME 160

/** Milliseconds of a clock that only grows. */
int64_t now_ms(void);
void nap(int milliseconds);

/** 20 ms of a tone; `at` counts frames, so that one follows the other. */
void tone_frame(int16_t *frame, int hertz, int64_t at);
/** How much of what was heard is this tone: 0 nothing, 1 all of it. */
double tone_share(const int16_t *heard, size_t count, int hertz);

/** What the observer saw, for tests to read: counts of events by name. */
struct seen {
  pthread_mutex_t lock;
  char log[64 * 1024]; /* one line an event: "ended completed", "finding document-error", "log …" */
  atomic_int legs_running;
  atomic_int keys_for_callers;
};
extern struct seen seen;
bool was_seen(const char *line);
/** Waits until the line is there; fails after five seconds. */
void await_seen(const char *line);
void forget_seen(void);

/** Hertz that every leg of Fake/answer says. */
#define LEG_TONE 880
/** Frames that a leg of Fake/answer heard with CALLER_TONE in them, for more than half of them. */
#define CALLER_TONE 620

/** A module whose legs are made by this server. The lines: "section name=value", NULL at the end. */
rcml_module *make_module(const char *const *lines);
rcml_configuration *make_configuration(const char *const *lines);
/** Stops and releases it, and sees to it that no leg's thread is left. */
void end_module(rcml_module *module, int32_t wait_ms);

/** A caller that runs a document. */
rcml_channel *call_text(rcml_module *module, const char *text);
/** The next event of this kind; those before it are passed over. Fails after five seconds. */
rcml_channel_event await_event(rcml_channel *channel, int32_t kind);
/** Speaks CALLER_TONE for so many frames and returns the share of LEG_TONE in what was heard in the second half. */
double talk(rcml_channel *channel, int frames);

#endif
