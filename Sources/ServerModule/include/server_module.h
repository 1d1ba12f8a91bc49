/* server_module.h: the part that modules of telephony servers share. One thread owns the agent; a thread of
 * the server for each of its channels talks to it by queues. Written over rcml.h and Linux; knows no server.
 *
 * WHO DOES WHAT
 *
 *   the agent's thread   made here, one a module. It alone calls the agent, sleeps until something happens,
 *                        and moves frames of all channels every 20 ms. It calls your observer.
 *   a channel's thread   the server's, one a channel. It puts frames, keys and hang-ups in, and takes frames and
 *                        events out. None of that waits for another thread.
 *   any other thread     commands, reload, stop. They run on the agent's thread, and wait for the result.
 *
 * A channel is one party of a call: a caller that the server brings (rcml_channel_call), or a leg that a
 * document dials and the server is to make (observer: leg). Each function says who may call it: [channel] the
 * one thread that has this channel, [observer] a function of your observer, [any] every thread. What is
 * [any] may be called by an observer, too: it runs at once there.
 *
 * THE LIFE OF A CHANNEL
 *
 *   rcml_channel_call or observer.leg → take, push, pull, press, … → rcml_channel_leave
 *
 * The events of a channel end with RCML_CHANNEL_OVER: the party is gone. The server's thread may leave at any
 * time, before that, too: what is still to be done for the call (callbacks to a web server, for instance) is
 * done without it, and the observer hears of it to the end.
 *
 * STRINGS are UTF-8 and NUL-terminated; what is passed in is copied. RESULTS are those of rcml.h: 0 and more is
 * good, below 0 a failure of rcml_status.
 */
#ifndef SERVER_MODULE_H
#define SERVER_MODULE_H

#include <rcml.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An agent, its thread and its channels. */
typedef struct rcml_module rcml_module;
/** One party of a call, which is a channel of the server: a caller or a leg. */
typedef struct rcml_channel rcml_channel;
/** What a configuration file says, read and judged. Never changes once a module has it. */
typedef struct rcml_configuration rcml_configuration;

/* ---- Configuration ---------------------------------------------------------------------------------------- */
/*
 * The server reads its own file and gives what stands in it, line by line: section, name, value. In the
 * section "general" stand the keys of the module and every setting of the engine by its name; every other section is
 * a document.
 *
 *   general    listen        addresses as rcml_agent_listen takes them, divided by commas; none = no SIP port
 *              targets       channels: parties that a document dials are channels of the server; sip: the engine
 *                            dials them itself. Without it: channels, when `listen` is empty, else sip
 *              domains       whose <Sip> parties are channels, divided by commas; * = all
 *              sip           dial string for those, say PJSIP/${USER}; also ${DOMAIN}
 *              client        dial string for <Client>; without it that of `sip`
 *              number        dial string for <Number> and tel:, say PJSIP/${USER}@trunk
 *              raw_targets   yes: a document may name a dial string itself (PJSIP/7); only for documents you trust
 *              documents     folder of documents that are files
 *              max_calls     so many callers at a time; one more is refused with RCML_E_LIMIT
 *              (a setting)   as rcml_agent_set takes it
 *   any other  url | file    where the document is: http:, https:, or a file below `documents`
 *              method, base  as in rcml_document
 *              (a setting)   for calls that run it, instead of that of [general]
 */

/** An empty configuration.
 *  @return NULL when there is no memory
 *  Thread: [any].  Ownership: yours until rcml_configuration_release. */
rcml_configuration *rcml_configuration_create(rcml_error *error);

/** One line of the file. One that cannot be taken changes nothing, and the others hold: refuse to
 *  load, or log it and go on.
 *  @param section  "general", or the name of a document
 *  @param line     where it stands, for the message; 0 = not known
 *  @return 0; RCML_E_SETTING with line, name and nearest name, or what is wrong with its value, in
 *           `error`
 *  Thread: [any], one at a time; no more once a module has it. */
int32_t rcml_configuration_add(
    rcml_configuration *configuration, const char *section, const char *name, const char *value, int32_t line,
    rcml_error *error);

/** What only the whole can show: a document without url and file, for instance. Call it behind the last line.
 *  @return 0, RCML_E_SETTING with the section in `error`
 *  Thread: [any]. */
int32_t rcml_configuration_check(rcml_configuration *configuration, rcml_error *error);

/** Calls `function` for each line taken, in order: `rcml show settings`. A secret has the value "***".
 *  Thread: [any]. */
void rcml_configuration_list(
    const rcml_configuration *configuration,
    void (*function)(void *context, const char *section, const char *name, const char *value), void *context);

/** One more owner, one owner less. NULL does nothing.
 *  Thread: [any]. */
rcml_configuration *rcml_configuration_retain(rcml_configuration *configuration);
void rcml_configuration_release(rcml_configuration *configuration);

/** A document by the word a dialplan has for it: an http: or https: URL, the name of a section, or a file below
 *  `documents`. Reads the file, so call it where that may take its time.
 *  @param document  is filled; rcml_module_free gives its memory back: pass `memory`
 *  @return 0; RCML_E_FILE when there is no such file or it lies elsewhere, RCML_E_ARGUMENT when `word` is none of them
 *  Thread: [any]. */
int32_t rcml_configuration_document(
    rcml_configuration *configuration, const char *word, rcml_document *document, void **memory,
    rcml_error *error);

/** Gives back memory that a function of this header handed out. NULL does nothing.
 *  Thread: [any]. */
void rcml_module_free(void *memory);

/* ---- Targets ---------------------------------------------------------------------------------------------- */

/** What becomes of a party that a document dials. */
typedef enum rcml_target_verdict {
  RCML_TARGET_SIP = 0,     /**< the engine dials it itself, as it is or as `uri` */
  RCML_TARGET_CHANNEL = 1, /**< it is a channel: `uri` is host:NAME, NAME its dial string with escapes */
  RCML_TARGET_DENIED = 2   /**< nobody dials it: `reason` */
} rcml_target_verdict;

/** Where a party is reached. */
typedef struct rcml_target_place {
  rcml_target_verdict verdict;
  char uri[512];      /**< "" = as it is */
  char username[128]; /**< credentials for `uri`; "" = none */
  char password[128];
  char reason[192]; /**< one sentence, for the log */
} rcml_target_place;

/** Where a party of a document is reached by `domains`, `sip`, `client`, `number` and `raw_targets`. Depends on nothing
 *  else.
 *  @param channels  are parties channels of the server (`targets`)?
 *  @param noun      Sip, Client, Number, Contact, …: name of RCML_EVENT_TARGET
 *  @param to        its URI or text: to of RCML_EVENT_TARGET
 *  Thread: [any]. */
void rcml_configuration_target(
    const rcml_configuration *configuration, bool channels, const char *noun, const char *to,
    rcml_target_place *place);

/** Writes "host:NAME" with every octet of `dial_string` escaped that needs it.
 *  @return false when `size` is too small
 *  Thread: [any]. */
bool rcml_target_host_uri(const char *dial_string, char *buffer, size_t size);

/* ---- The module ------------------------------------------------------------------------------------------- */

/** What you want to hear of. Every function runs on the agent's thread, so all calls wait for it:
 *  it must not block, call the server's locks that a channel's thread may hold for long, or write
 *  to a terminal. NULL = not wanted. */
typedef struct rcml_module_observer {
  void *context; /**< first argument of each */

  /** Every event of the engine, of SIP callers, too, findings and messages included.
   *  @param caller  the channel that called; NULL = it came by SIP, or the event belongs to no call. It may have been
   *                 left by its thread: its name and identity can still be asked for
   *  @param leg     the channel of event->leg; NULL = it is none of the server's */
  void (*event)(void *context, const rcml_event *event, rcml_channel *caller, rcml_channel *leg);

  /** Where is this party reached? NULL = as rcml_configuration_target says. Fill `place`, which holds that already. */
  void (*target)(void *context, const rcml_event *event, rcml_channel *caller, rcml_target_place *place);

  /** A leg is to be made: event->to is the dial string without escapes, from and from_name who is shown as calling,
   *  body the headers (form-encoded), call_sid the call. Start a thread for it that rings, answers, hangs up.
   *  `leg` is yours: rcml_channel_leave it. Copy the event's strings. NULL = every leg fails with 480
   *  @param caller  NULL = it came by SIP */
  void (*leg)(void *context, const rcml_event *event, rcml_channel *leg, rcml_channel *caller);

  /** A caller by SIP (`listen`): the word of the document it runs, borrowed until the next call of this function;
   *  NULL = refused with 404. Without this function: the section named after the called user, else "default". */
  const char *(*incoming)(void *context, const rcml_event *event);

  /** What the module itself has to say: a priority that is not allowed, a reload's problem.
   *  @param severity  0 note, 1 warning, 2 error */
  void (*log)(void *context, int32_t severity, const char *text);
} rcml_module_observer;

/** How to make a module. */
typedef struct rcml_module_options {
  rcml_configuration *configuration; /**< retained; NULL = an empty one */
  rcml_module_observer observer;
  int32_t priority;        /**< 1..99: real-time priority of the agent's thread (SCHED_RR), that of the server's media
                                threads; 0 = the usual scheduling. Not being allowed to is told, and no failure */
  const char *thread_name; /**< up to 15 characters; NULL = "rcml" */
} rcml_module_options;
#define RCML_MODULE_OPTIONS_INIT {NULL, {NULL, NULL, NULL, NULL, NULL, NULL}, 0, NULL}

/** Makes the agent, gives it the configuration, opens its listeners and starts its thread. Costs a
 *  millisecond: do it on first use, so that loading a module is not running it.
 *  @return NULL with `error` filled: RCML_E_SETTING, RCML_E_BIND, RCML_E_SYSTEM, …
 *  Thread: [any].  Ownership: yours until rcml_module_release. */
rcml_module *rcml_module_create(const rcml_module_options *options, rcml_error *error);

/** Takes no more calls, waits for those that are there, ends those that are left, ends the thread and the agent. Every
 *  channel has its RCML_CHANNEL_OVER by then. The observer is not called any more once this has returned.
 *  @param wait_ms  how long calls may go on; 0 = they end now
 *  @return 0, or RCML_E_STATE when another thread stops it already
 *  Thread: [any], but no observer. */
int32_t rcml_module_stop(rcml_module *module, int32_t wait_ms);

/** No more calls; those that are there go on. `rcml drain`.
 *  Thread: [any]. */
int32_t rcml_module_drain(rcml_module *module);

/** One owner less. Stop it before the last one; channels keep it as long as they need it. NULL does nothing.
 *  Thread: [any]. */
void rcml_module_release(rcml_module *module);

/** Another configuration, for new calls: settings that changed are set, those that vanished get
 *  their default, listeners that vanished are closed, new ones opened. Calls under way keep what
 *  they began with. What fails is told in `error`, and all else holds.
 *  Thread: [any].  Ownership: retained. */
int32_t rcml_module_reload(rcml_module *module, rcml_configuration *configuration, rcml_error *error);

/** The configuration it has now. @return retained: rcml_configuration_release it.
 *  Thread: [any]. */
rcml_configuration *rcml_module_configuration(rcml_module *module);

/** Runs a function of yours on the agent's thread, where every function of rcml.h but those that
 *  drive or destroy the agent is allowed, and waits for it.
 *  @return 0, RCML_E_CLOSED when the module has stopped
 *  Thread: [any]. */
int32_t rcml_module_run(
    rcml_module *module, void (*function)(void *context, rcml_agent *agent), void *context);

/** One call, for `rcml show calls`. Strings are borrowed for the length of the function that gets it. */
typedef struct rcml_module_call {
  rcml_call_id call;
  const char *sid;
  const char *from;
  const char *to;
  const char *status;   /**< queued, ringing, in-progress */
  const char *name;     /**< of the caller's channel; "" = it came by SIP */
  const char *identity; /**< likewise */
  int64_t age_ms;       /**< since it began */
  uint32_t legs;        /**< rung so far */
  bool left;            /**< its channel is gone; callbacks are being finished */
} rcml_module_call;

/** All calls there are, told on your thread.
 *  @return how many, or RCML_E_CLOSED, RCML_E_SYSTEM
 *  Thread: [any]. */
int32_t rcml_module_calls(
    rcml_module *module, void (*function)(void *context, const rcml_module_call *call), void *context);

/** The legs of a call, told on your thread.
 *  @param sid  of the call, or its first characters, when no other call has them
 *  @return how many, RCML_E_GONE, RCML_E_ARGUMENT when several calls begin so, RCML_E_CLOSED
 *  Thread: [any]. */
int32_t rcml_module_legs(
    rcml_module *module, const char *sid, void (*function)(void *context, const rcml_leg_info *leg),
    void *context);

/** Ends a call, whoever brought it.
 *  @param sid  as above
 *  @return 0, RCML_E_GONE, RCML_E_ARGUMENT when several calls begin so, RCML_E_CLOSED
 *  Thread: [any]. */
int32_t rcml_module_hang_up(rcml_module *module, const char *sid);

/** rcml_agent_set, rcml_agent_get, rcml_agent_counters, rcml_agent_metrics, rcml_agent_listener, on the agent's thread:
 *  `rcml set debug on` is transport_log = true. A reload does away with what was set so.
 *  @return as theirs, or RCML_E_CLOSED
 *  Thread: [any]. */
int32_t rcml_module_set(rcml_module *module, const char *name, const char *value, rcml_error *error);
int32_t rcml_module_get(rcml_module *module, const char *name, char *buffer, size_t size, rcml_error *error);
int32_t rcml_module_counters(rcml_module *module, rcml_counters *counters);
int32_t rcml_module_metrics(rcml_module *module, char *buffer, size_t size);
int32_t rcml_module_listener(rcml_module *module, size_t index, char *buffer, size_t size);

/** How the agent's thread keeps time. */
typedef struct rcml_module_timing {
  uint64_t ticks;          /**< turns of 20 ms that were done */
  uint64_t made_up;        /**< of these: later than 20 ms, one behind the other */
  uint64_t missed;         /**< never done: it was late by more than 16 of them */
  uint64_t latest_us;      /**< the longest a tick was late */
  uint64_t frames_refused; /**< of channels: the ring to the engine was full, or the one to the channel */
  uint32_t channels;       /**< now: parties that speak in frames */
} rcml_module_timing;

/** Thread: [any]; waits for nobody. */
void rcml_module_timing_of(rcml_module *module, rcml_module_timing *timing);

/* ---- Channels --------------------------------------------------------------------------------------------- */

/** Who dials the parties of a call. */
typedef enum rcml_channel_targets {
  RCML_CHANNEL_TARGETS_DEFAULT = 0, /**< as the configuration has it */
  RCML_CHANNEL_TARGETS_CHANNELS = 1,
  RCML_CHANNEL_TARGETS_SIP = 2
} rcml_channel_targets;

/** A caller that the server brings. */
typedef struct rcml_channel_options {
  const char *name;     /**< of the server's channel, for logs and events: PJSIP/bob-00000001; NULL = "" */
  const char *identity; /**< its unique id; NULL = "" */
  void *context;        /**< yours: rcml_channel_context */
  const char *document; /**< by the word a dialplan has for it (rcml_configuration_document); NULL = call.document */
  const char *method;   /**< instead of what belongs to `document`; NULL = that */
  const char *base_url; /**< likewise */
  int32_t targets;      /**< an rcml_channel_targets */
  bool wake_for_frames; /**< the descriptor becomes readable for every frame, too: the channel needs no timer */
  rcml_host_call_options call; /**< from, to, name, withheld, diversion, headers, answered, settings, and media:
                                    in frames. Its settings go before those of the document, its context is not used */
} rcml_channel_options;
#define RCML_CHANNEL_OPTIONS_INIT {NULL, NULL, NULL, NULL, NULL, NULL, 0, false, RCML_HOST_CALL_OPTIONS_INIT}

/** Begins a call. Waits for the agent's thread, which takes it in its turn.
 *  @return NULL with `error`: RCML_E_LIMIT (max_calls is reached), RCML_E_CLOSED (drained or stopped), RCML_E_FILE,
 *          RCML_E_ARGUMENT, RCML_E_URI, …
 *  Thread: [any]; the one who calls it has the channel.  Ownership: yours until rcml_channel_leave. */
rcml_channel *rcml_channel_call(rcml_module *module, const rcml_channel_options *options, rcml_error *error);

/** What a channel is told. */
typedef enum rcml_channel_event_kind {
  RCML_CHANNEL_NONE = 0,
  RCML_CHANNEL_RING = 1,      /**< caller: it rings; sip_code 180, or 183 when there is something to be heard */
  RCML_CHANNEL_ANSWER = 2,    /**< caller: answer it */
  RCML_CHANNEL_KEY = 3,       /**< the party is to hear a key: name = one of 0-9 * # A-D */
  RCML_CHANNEL_LEG = 4,       /**< caller: a leg moved on: name = initiated, ringing, answered, completed;
                                   status, to, sid, sip_code, cause, reason */
  RCML_CHANNEL_DIAL = 5,      /**< caller: a <Dial> is over: status, sip_code, cause, duration, bridged,
                                   sid and to = the leg that won or came last, reason, screening */
  RCML_CHANNEL_RECORDING = 6, /**< caller: name, status, url, duration */
  RCML_CHANNEL_OVER = 7,      /**< the party is gone, hang up: sip_code, cause, reason, reason_text, status, hangup_by,
                                   duration as far as it is known. Comes once, and for a leg as the last */
  RCML_CHANNEL_ENDED = 8      /**< caller: the call is over, callbacks too. The last; need not be waited for */
} rcml_channel_event_kind;

/** Something a channel is told. Strings are the channel's until the next rcml_channel_take or _leave; never NULL. */
typedef struct rcml_channel_event {
  int32_t kind; /**< an rcml_channel_event_kind */
  int32_t sip_code;
  int32_t cause; /**< Q.850, of sip_code; over: 16 when it was answered or the document just ended */
  int32_t duration;
  int32_t ring_duration;
  bool bridged;
  bool answered; /**< over: the caller had been answered */
  const char *name;
  const char *status;
  const char *sid; /**< of the leg */
  const char *to;
  const char *hangup_by;
  const char *screening;
  const char *reason;
  const char *reason_text;
  const char *url;
} rcml_channel_event;

/** The next event.
 *  @return 1 with an event, 0 without: then the descriptor is at rest until something happens
 *  Thread: [channel]. */
int32_t rcml_channel_take(rcml_channel *channel, rcml_channel_event *event);

/** Readable while there are events and, with wake_for_frames, for frames. Take until there are no more, then pull
 *  until there are no more, then wait. Never read or close it.
 *  Thread: [channel]. */
int32_t rcml_channel_descriptor(const rcml_channel *channel);

/** What the party says, 20 ms of it: 320 octets of RCML_HOST_LINEAR16, else 160.
 *  @return 1, or 0 when 16 frames wait already or the party is gone: the frame is dropped
 *  Thread: [channel]. */
int32_t rcml_channel_push(rcml_channel *channel, const void *frame);

/** What the party is to hear, 20 ms of it.
 *  @return 1 with a frame, 0 when there is none now
 *  Thread: [channel]. */
int32_t rcml_channel_pull(rcml_channel *channel, void *frame);

/** Drops what is to be heard but the newest `keep` frames, for a channel that pulls one frame a turn on a clock of its
 *  own: a delay cannot grow.
 *  @return how many were dropped
 *  Thread: [channel]. */
int32_t rcml_channel_trim(rcml_channel *channel, uint32_t keep);

/** The descriptor becomes readable for every frame, too, as wake_for_frames says for a caller: for legs.
 *  Thread: as rcml_channel_press. */
void rcml_channel_wake_for_frames(rcml_channel *channel, bool wake);

/** Octets of a frame: 320 or 160.  Thread: [any]. */
size_t rcml_channel_frame_size(const rcml_channel *channel);

/** The party pressed a key: one of 0-9 * # A-D.
 *  @return 0, RCML_E_ARGUMENT, RCML_E_GONE
 *  Thread: [any] while the channel was not left. */
int32_t rcml_channel_press(rcml_channel *channel, char key);

/** A leg rings (180), or can be heard already (183).  @return 0, RCML_E_GONE
 *  Thread: as rcml_channel_press. */
int32_t rcml_channel_ring(rcml_channel *channel, int32_t sip_code);

/** A leg answered.  @return 0, RCML_E_GONE
 *  Thread: as rcml_channel_press. */
int32_t rcml_channel_answer(rcml_channel *channel);

/** The party hung up, or does not come; RCML_CHANNEL_OVER follows.
 *  @param sip_code  of a leg that has not answered: 486, 603, … (rcml_sip_of_cause); 0 = 480
 *  @return 0, RCML_E_GONE
 *  Thread: as rcml_channel_press. */
int32_t rcml_channel_hang_up(rcml_channel *channel, int32_t sip_code);

/** The server's thread has done with the channel: hangs up if nobody did, and gives the channel
 *  back. NULL does nothing. Never waits.
 *  @param sip_code  as above
 *  Thread: [channel] [observer]; the channel is gone for you on return. */
void rcml_channel_leave(rcml_channel *channel, int32_t sip_code);

/** One more owner, for threads beside the channel's; rcml_channel_release is for that one only, and does not hang up.
 *  Thread: [any]. */
rcml_channel *rcml_channel_retain(rcml_channel *channel);
void rcml_channel_release(rcml_channel *channel);

/** What is known of it. Strings live as long as the channel.
 *  Thread: [any]. */
const char *rcml_channel_name(const rcml_channel *channel);     /**< of the server's channel; a leg's dial string */
const char *rcml_channel_identity(const rcml_channel *channel); /**< "" for a leg */
const char *rcml_channel_call_sid(const rcml_channel *channel); /**< CA and 32 hex digits */
void *rcml_channel_context(const rcml_channel *channel);        /**< NULL for a leg */
rcml_call_id rcml_channel_call_id(const rcml_channel *channel);
rcml_leg_id rcml_channel_leg_id(const rcml_channel *channel);   /**< 0 = a caller */
rcml_module *rcml_channel_module(const rcml_channel *channel);

/* ---- Causes ----------------------------------------------------------------------------------------------- */

/** The Q.850 cause for a SIP status, for HANGUPCAUSE: as RFC 3398 has it, but where telephony servers agree on another.
 *  @return 16 for 2xx, 127 for a status without one, 0 for 0
 *  Thread: [any]. */
int32_t rcml_cause_of_sip(int32_t sip_code);

/** The SIP status for a Q.850 cause, for a leg that does not come.
 *  @return 480 for 0, for 16 and for what has none of its own
 *  Thread: [any]. */
int32_t rcml_sip_of_cause(int32_t cause);

#endif
