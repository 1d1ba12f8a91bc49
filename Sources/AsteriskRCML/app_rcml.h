/* app_rcml.h: what the files of the module share. A file is a noun; app_rcml.c puts them together.
 *
 *   app_rcml    load, unload, reload, and the application RCML() with its options
 *   engine      the one agent and its configuration: made on first use, reloaded, stopped
 *   caller      a channel that runs RCML(), on its own thread
 *   leg         a channel that a document dials: a thread of its own
 *   party       what both are: sound in both directions, keys, and waiting
 *   variables   what the dialplan gives us and gets from us
 *   call        a call as the manager interface is told of it; the log
 *   manager     actions of the manager interface
 *   cli         commands
 *
 * Two rules keep it simple. A channel is touched by the thread that has it, and by no other: what happens in the engine
 * reaches it through its line (server_module.h). And the agent's thread, on which the functions of call.c run, never
 * sees a channel, and waits for nobody.
 *
 * Licence of the files in this folder: MIT or GPL-2, at your choice; see README.md for what a built module is.
 */
#ifndef APP_RCML_H
#define APP_RCML_H

#include "asterisk.h"

#include "asterisk/channel.h"
#include "asterisk/logger.h"
#include "asterisk/module.h"
#include "asterisk/smoother.h"
#include "asterisk/strings.h"

#include "server_module.h"

/* ---- app_rcml.c ------------------------------------------------------------------------------------------- */

/** Options of RCML(), as the dialplan writes them. Strings are the application's. */
struct run_options {
  const char *document;
  const char *method;     /**< m(); NULL = as the document has it */
  const char *base_url;   /**< b() */
  const char *parameters; /**< p(): name=value, joined with & */
  int32_t targets;        /**< t(): an rcml_channel_targets */
  bool answer_first;      /**< A */
  bool hang_up_after;     /**< h */
};

/* ---- engine.c --------------------------------------------------------------------------------------------- */

/** Reads rcml.conf. On load a problem is told and the module is not loaded; on reload the old configuration stays.
 *  @return 0, or -1 after saying why in the log */
int engine_configure(bool reload);
/** The agent's module, made now if there is none. For channels in RCML(), which keep us from being unloaded.
 *  @return NULL with `error` */
rcml_module *engine_make(rcml_error *error);
/** The same, without making it, and it stays until engine_release(). For commands.
 *  @return NULL when nothing has run yet: there is nothing to release */
rcml_module *engine_acquire(void);
void engine_release(rcml_module *module);
/** The configuration that new calls get. @return retained, NULL before engine_configure */
rcml_configuration *engine_configuration(void);
/** Calls that somebody still hears: those that wait for callbacks alone do not count. */
int engine_calls_heard(void);
void engine_stop(int32_t wait_ms);
void engine_forget_configuration(void);

/* ---- party.c ---------------------------------------------------------------------------------------------- */

/** A channel and its line to the engine. */
struct party {
  struct ast_channel *channel;
  rcml_channel *line;
  struct ast_smoother *smoother; /**< frames of any length become frames of 20 ms */
  struct ast_format *read_before;
  struct ast_format *write_before;
  char keys[64];                 /**< keys that wait to be sent; the first one is under way while `key_ends` is set */
  struct timeval key_ends;       /**< when the key that is being sent ends */
  struct timeval key_next;       /**< and when the next one may begin */
};

/** Sets the channel's formats and what else it needs. @return 0, or -1: nothing was changed */
int party_begin(struct party *party, struct ast_channel *channel, rcml_channel *line);
/** Writes what the line has for the channel, and sleeps until there is more, the line has events, or the channel has
 *  something. Sound and keys of the channel go to the line.
 *  @param frame  gets a frame that is neither, of a kind AST_FRAME_CONTROL, to be freed; NULL = none
 *  @return false when the channel has hung up */
bool party_wait(struct party *party, struct ast_frame **frame);
/** Sends a key, without sleeping while it lasts. */
void party_send_key(struct party *party, char key);
/** Gives the channel its formats back; the line is not touched. */
void party_end(struct party *party);

/* ---- caller.c, leg.c -------------------------------------------------------------------------------------- */

/** Runs a document on a channel, to its end or until the channel hangs up.
 *  @return what the application returns: 0 = the dialplan goes on, -1 = hang up */
int caller_run(struct ast_channel *channel, const struct run_options *options);
/** Makes the channel of a leg, on a thread of its own. An rcml_module_observer.leg. */
void leg_start(void *context, const rcml_event *event, rcml_channel *line, rcml_channel *caller);
/** Waits for the threads of legs whose channels are gone. */
void leg_join_all(void);

/* ---- variables.c ------------------------------------------------------------------------------------------ */

/** What a channel brings for a call: caller, called, headers. Memory is in `texts`. */
struct caller_texts {
  char from[256];
  char name[256];
  char to[AST_MAX_EXTENSION];
  char diversion[320];
  char identity[AST_MAX_UNIQUEID];
  char channel[AST_CHANNEL_NAME];
  bool withheld;
  struct ast_str *headers; /**< form-encoded */
};

void variables_read(struct ast_channel *channel, struct caller_texts *texts);
void variables_forget(struct caller_texts *texts);
/** As `name`=`value`, form-encoded, behind what is there. */
void variables_append(struct ast_str **form, const char *name, const char *value);
/** Calls `function` for each parameter of a form, decoded. */
void variables_each(
    const char *form, void (*function)(void *context, const char *name, const char *value), void *context);
/** All variables of RCML() get their values of before a call. */
void variables_clear(struct ast_channel *channel);
void variables_of_event(struct ast_channel *channel, const rcml_channel_event *event);
/** The status of a call that never was: NODOCUMENT, UNAVAILABLE, BUSY. */
void variables_of_failure(struct ast_channel *channel, const rcml_error *error);
/** User part of a sip: URI, or the text itself. */
void user_of(const char *uri, char *buffer, size_t size);

/* ---- call.c ----------------------------------------------------------------------------------------------- */

/** A call that a channel brought, as the manager interface is told of it. The channel's thread and the
 *  agent's have it, so it is counted (ao2): one reference is the call's own, and is given back behind its
 *  last event. */
struct call_told;
/** @return NULL when there is no memory: nothing is told then */
struct call_told *call_create(const struct caller_texts *texts);
/** Tells that it begins, unless that was told. NULL does nothing. */
void call_tell_begin(struct call_told *call, const char *sid);
/** Everything that the engine tells, for log and manager interface. Called by the agent's thread. */
void call_observe(void *context, const rcml_event *event, rcml_channel *caller, rcml_channel *leg);
void call_log(void *context, int32_t severity, const char *text);
/** Which calls' SIP messages are shown: all with "", none with NULL, or those of a CallSid. */
void call_set_debug(const char *sid);
/** Blanks instead of what could end a line. */
void call_one_line(const char *text, char *buffer, size_t size);

/* ---- manager.c, cli.c ------------------------------------------------------------------------------------- */

int manager_register(void);
void manager_unregister(void);
int commands_register(void);
void commands_unregister(void);

#endif
