/* rcml.h: librcml, the <Dial><Sip> engine for RCML documents. Version 0.1. MIT licence, see LICENSE.
 *
 * WHAT IT IS
 *
 * An `rcml_agent` is a SIP user agent that runs RCML documents. An INVITE arrives, a document says whom to
 * ring, the agent rings them, joins the first who accepts with the caller, cancels the others, and tells
 * you about every step. You bring documents and, if you like, your own event loop; it brings SIP, timers,
 * HTTP and the rules of RCML. A whole program:
 *
 *     rcml_error error = RCML_ERROR_INIT;
 *     rcml_event event = RCML_EVENT_INIT;
 *     rcml_document document = RCML_DOCUMENT_INIT;
 *     document.text = "<Response><Dial><Sip>sip:alice@192.0.2.7</Sip></Dial></Response>";
 *     rcml_agent *agent = rcml_agent_create(&error);
 *     if (rcml_agent_listen(agent, "udp:0.0.0.0:5060", &error) < 0) { puts(error.message); return 1; }
 *     int32_t code;
 *     while ((code = rcml_agent_wait(agent, -1, &event)) > 0)
 *       if (event.kind == RCML_EVENT_INCOMING)
 *         rcml_call_run(agent, event.call, &document, &error);
 *     if (code != RCML_E_CLOSED) puts(rcml_status_text(code));
 *     rcml_agent_destroy(agent);
 *
 * The one who calls is the call's caller; each party a <Dial> rings is a leg of that call.
 *
 * DRIVING
 *
 * Nothing happens behind your back: no thread, socket or timer exists before you ask for it. Choose one of
 * three ways; the results are the same.
 *
 *   Inside your loop   Watch rcml_agent_fd() for reading and sleep no longer than rcml_agent_deadline_ms().
 *                      When either comes, call rcml_agent_process(), then rcml_agent_next_event() until
 *                      it returns 0.
 *   Blocking           rcml_agent_wait() sleeps and works until there is an event and hands it to you;
 *                      rcml_agent_run() does so until the agent has stopped, with a function for the events.
 *   A thread of ours   rcml_agent_start() makes a thread that does one thing: it calls your wake function
 *                      when there is work. You then do what stands under "inside your loop", on your thread.
 *
 * Events are always pulled, so your code runs on your thread and never below ours.
 *
 * THREADS
 *
 * Each function names where it may be called:
 *   [loop]  by whoever drives this agent: any thread, but one at a time. While another thread is inside the
 *           agent (blocked in rcml_agent_wait, say), and from inside a wake function, the call is refused
 *           with RCML_E_BUSY and nothing has happened.
 *   [any]   by any thread at any time.
 *   [wake]  also inside a wake function.
 * A failure of the agent is RCML_E_BUSY, RCML_E_HANDLE, RCML_E_FORK or RCML_E_SYSTEM; only the first is named with each
 * function.
 * Different agents never share a lock. A signal handler may call nothing: set a flag, or write to a pipe.
 * An agent belongs to the process that made it. After fork() the child gets RCML_E_FORK for it; it makes
 * its own agents, and may destroy the inherited one (which closes nothing of the parent's calls).
 *
 * Many threads: a server that has a thread for each call gives the agent one more. That one owns the agent and alone
 * calls its [loop] functions. It sleeps in poll() on rcml_agent_fd() and on a descriptor of yours by which the others
 * wake it (an eventfd), not in rcml_agent_wait(), which sleeps inside the agent and keeps all others out. The others
 * put keys, hang-ups and new calls into a queue, and the owner hands events back by another; strings of an event are
 * copied before the next call of a [loop] function. Frames: rcml_host_push and _pull may be called by any thread, but
 * they wait for the agent's thread, and a call's thread then waits with them. So where there are many calls frames go
 * by rings, too, one each way, and the owner pushes and pulls for all calls: once for each 20 ms that have gone by,
 * not once for each time it woke, for a frame that was left out makes all that follow late. Whoever calls [loop]
 * functions from several threads all the same holds a lock of their own around each of them. examples/c/threads.c
 * does as it says here.
 *
 * OWNERSHIP
 *
 * You own agents: every rcml_agent_create() wants one rcml_agent_destroy(). Calls, legs and requests end by
 * themselves, so they are 64-bit ids, never reused within a process; 0 is none. An id that has ended gives
 * RCML_E_GONE; a destroyed agent, or a pointer that never was one, gives RCML_E_HANDLE. Everything you pass in
 * is copied before the function returns. Everything handed out is borrowed: each function says until when.
 *
 * QUESTIONS
 *
 * Some events want an answer. Everything else goes on meanwhile; each has its time, counted from when it happened, and
 * a default that holds when that is over. An answer that comes later finds RCML_E_GONE.
 *
 *   event         time   answer                              without one
 *   incoming      30 s   rcml_call_run, _answer or _reject   480 to the caller; ringing (rcml_call_ring) gives no more time,
 *                                                            the setting incoming_timeout (in seconds) does
 *   request       10 s   rcml_agent_answer_request           as a web server that does not answer
 *   credentials   10 s   rcml_agent_answer_credentials       there are none: the leg fails
 *   target        10 s   rcml_agent_answer_target            a <Sip> or contact is dialled as it is; a number or client by
 *                                                            number_uri, client_uri; another noun is not
 *   url           10 s   rcml_agent_answer_url               it is requested
 *   speech        10 s   rcml_agent_answer_speech            our own program says it, if there is one
 *   verb          10 s   rcml_agent_answer_verb              it is skipped, with its finding
 *
 * An incoming call is always asked about, unless there is a default document; a request comes for every host: URL; the
 * others only where a setting asks for them (ask_credentials, ask_targets, ask_urls, ask_speech,
 * ask_verbs).
 *
 * REASONS
 *
 * Whatever ends without success says why [E-9], in three members of its event that fit together: `reason`, a word that
 * programs compare; `reason_code`, finer, a number of the catalogue (which says what to do about it); `reason_text`, one
 * sentence with the peer or the URL in it, and never a password.
 *
 *   of a leg, a call, a request   refused (a SIP or HTTP status), unreachable, unresolved, timeout, no-transport,
 *                                 invalid-target, denied, media, authentication, loop, limit, canceled, screening
 *   of the end of a document      end, hangup, rejected, dial-failed, no-document, stopped, replaced
 *
 * An ended call always has one: `end` and `hangup` are no failures; after `no-document` nothing of what was to run has run, or
 * not all of it.
 *
 * ERRORS
 *
 * A result below 0 is a failure, 0 is good, and above 0 is good with an answer in it. The numbers are the
 * negated numbers of one catalogue (rcml_status_name, rcml_status_text, rcml_catalogue_entry) that also
 * holds the warnings of documents, under the families people know: 112xx retrieval, 121xx documents, 132xx
 * attributes. Functions with an `rcml_error *error` fill it on failure, and only then, with a sentence that says
 * what is wrong and what to do; NULL is allowed. There is no "last error", nothing is ever printed, and no
 * argument, document or peer can end your process.
 * Memory: the library keeps 1 MiB for the moment in which the system gives no more. What was under way is finished with
 * it, and from then on what could need memory returns RCML_E_SYSTEM until the 1 MiB can be had again: give some back,
 * or destroy agents (that, rcml_agent_stop and rcml_agent_drain always work). One function that needs more than the
 * reserve, or one piece that is larger, still ends the process: Swift, in which the library is written, cannot be
 * refused memory.
 *
 * SETTINGS
 *
 * How an agent behaves is said by settings, by name and as text: rcml_agent_set(agent, "media", "anchored", &error). What each
 * is for, its values, its default and an example stand in rcml-settings(7); `rcml settings` and rcml_setting_entry say the
 * same. By subject:
 *
 *   calls      preset, answer_mode, ringing_mode, screening_winner, screening_reject_ends,
 *              screening_reject_status, after_bridge, ring_timeout_status, status_480_408, reject_code,
 *              early_media, gather_default_action, late_offer, ring_tone, lost_race_prompt, cancel_wait,
 *              call_timeout, incoming_timeout
 *   limits     max_calls, max_calls_per_source, max_memory, max_connections, max_connections_per_address,
 *              max_targets, max_dials_per_call, max_breadth, max_returns, max_call_duration,
 *              max_documents_per_call, max_idle_documents, max_document_bytes
 *   sound      media, rtp_ports, rtp_lock, srtp, srtp_without_tls, media_timeout, speech_program, recordings,
 *              recording_url, sounds, sound_cache, inband_digits
 *   documents  base_url, fallback_url, fallback_method, sip_address_format, api_version, account_sid,
 *              extra_params, twilio_aliases, query_in_body, leg_results
 *   web        http_timeout, http_connect_timeout, http_retries, http_retry_on, http_block_private, tls_verify,
 *              traceparent
 *   callbacks  callback_default_events, callback_call_status, sequence_numbering, callback_retries,
 *              callback_timeout, drain_timeout, idempotency_header, signing_key, signature_header, signature_mode
 *   sip        header_prefix, id_header_prefix, pass_headers, from_domain, default_caller_id, trust_domain,
 *              pass_diversion, follow_redirects, session_expires, product, require_auth
 *   network    outbound_proxy, public_address, rewrite_contact, keepalive, naptr, dns_server, transport_log, hep,
 *              hep_id, hep_password, tls_certificate, tls_key, tls_ca, tls_crl, sip_tls_verify,
 *              tls_verify_clients, tls_keylog
 *   numbers    number_uri, client_uri, number_username, number_password
 *   host       ask_credentials, ask_targets, ask_urls, ask_speech, ask_verbs, callback_events, http_log,
 *              http_log_limit
 *   files      journal_limit, journal_refusals, log_limit, disk_reserve
 *
 * STRINGS
 *
 * UTF-8. In: NUL-terminated, unless a length stands beside it. Out: NUL-terminated, and never NULL where an event
 * or a finding holds it: what does not apply is "". Octets that are not UTF-8 become U+FFFD.
 *
 * VERSIONS
 *
 * RCML_VERSION_MAJOR and _MINOR say what you compiled with, rcml_version() what you run with. Within a major version
 * functions, enum values and struct members are only added, members at the end. Structs begin with
 * `struct_size`, set by their RCML_..._INIT, so that a newer library and an older program understand each other.
 * Be ready for enum values and event kinds you do not know: skip them. Powers that come and go beside all this are asked
 * for by name, with rcml_extension().
 */
#ifndef RCML_H
#define RCML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RCML_VERSION_MAJOR 0
#define RCML_VERSION_MINOR 1

#if defined(__GNUC__)
#define RCML_API __attribute__((visibility("default"))) extern
#else
#define RCML_API extern
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** One engine: its listeners, its calls, its HTTP. */
typedef struct rcml_agent rcml_agent;
/** A call: a caller leg that runs a document. 0 = none. */
typedef uint64_t rcml_call_id;
/** One party rung by a <Dial>. 0 = none. */
typedef uint64_t rcml_leg_id;
/** A question that waits for your answer: a host: URL, credentials, a target, a URL, speech, a verb. 0 = none. */
typedef uint64_t rcml_request_id;

/** What a function came to. Negated, each is a number of the catalogue. */
typedef enum rcml_status {
  RCML_OK = 0,
  RCML_E_ARGUMENT = -1,     /**< NULL, a bad length, a value out of its range */
  RCML_E_HANDLE = -2,       /**< not an agent, or one already destroyed */
  RCML_E_GONE = -3,         /**< the call, leg or request has ended */
  RCML_E_STATE = -4,        /**< not now: the agent or call is in another state */
  RCML_E_BUSY = -5,         /**< another thread, or a function of yours that we called, is inside */
  RCML_E_FORK = -6,         /**< the agent belongs to the parent process */
  RCML_E_SETTING = -7,      /**< no such setting, or a value it cannot have */
  RCML_E_ADDRESS = -8,      /**< a listener address that cannot be read */
  RCML_E_URI = -9,          /**< a party or URL that cannot be read */
  RCML_E_BIND = -10,        /**< the port is taken, or the address is not ours */
  RCML_E_LIMIT = -11,       /**< a bound of the engine is reached */
  RCML_E_CLOSED = -12,      /**< the agent has stopped, or takes no new calls */
  RCML_E_FILE = -13,        /**< a file cannot be read or written */
  RCML_E_DOCUMENT = -14,    /**< a document that would not run */
  RCML_E_JOURNAL = -15,     /**< not a journal, or a damaged one */
  RCML_E_DIFFERS = -16,     /**< a replay did something else than the journal says */
  RCML_E_SYSTEM = -17,      /**< the operating system refused something: descriptors, memory, threads */
  RCML_E_UNSUPPORTED = -18  /**< this version cannot do it yet */
} rcml_status;

/** Why a call failed. Yours; filled on failure only. */
typedef struct rcml_error {
  size_t struct_size;
  int32_t code;       /**< the result of the function, below 0 */
  int32_t sip_status; /**< a SIP status that says the same, 0 = none */
  int32_t line;       /**< in the document, from 1; 0 = no place */
  int32_t column;     /**< from 1 */
  char message[256];  /**< one sentence */
} rcml_error;
#define RCML_ERROR_INIT {sizeof(rcml_error), 0, 0, 0, 0, {0}}

/** A document: `text`, or else the URL it is fetched from when the call runs it. */
typedef struct rcml_document {
  size_t struct_size;
  const char *text;     /**< RCML, or NULL */
  size_t length;        /**< octets of `text`; 0 = up to its NUL */
  const char *base_url; /**< what relative URLs in `text` start from; NULL = the setting base_url [G-18] */
  const char *url;      /**< http:, https: or host:; used when `text` is NULL */
  const char *method;   /**< "GET" or "POST"; NULL = POST [H-1] */
  const char *const *settings; /**< "account_sid=AC…", of the call whose first document it is, instead of the agent's:
                                    rcml_call_run, rcml_agent_call, rcml_agent_host_call. rcml_setting_info.scope says
                                    which may be */
  size_t setting_count;
} rcml_document;
#define RCML_DOCUMENT_INIT {sizeof(rcml_document), NULL, 0, NULL, NULL, NULL, NULL, 0}

/** Kinds of events. Their names (rcml_event_name) are the words in brackets. */
typedef enum rcml_event_kind {
  RCML_EVENT_NONE = 0,
  RCML_EVENT_INCOMING = 1,  /**< (incoming) a call waits for run, answer or reject: call, call_sid, from, from_name, to,
                                 url = the Request-URI as it came, peer, body = the INVITE's header
                                 fields without credentials, form-encoded */
  RCML_EVENT_RINGING = 2,   /**< (ringing) the party of rcml_agent_call rings: call */
  RCML_EVENT_ANSWERED = 3,  /**< (answered) the caller was answered, or answered us: call */
  RCML_EVENT_STATUS = 4,    /**< (status) a leg moved on: call, leg, name, status, to, leg_sid, sip_code, reason; [K-2] */
  RCML_EVENT_DIAL = 5,      /**< (dial) a <Dial> is over: call, leg, status, duration, sip_code, bridged,
                                 reason [M-3] */
  RCML_EVENT_FINDING = 6,   /**< (finding) a document or request gave reason for a word: name, text, line */
  RCML_EVENT_DIGIT = 7,     /**< (digit) a key was pressed, other than by rcml_host_press_digit: call, name = the key, leg = who
                                 (0 = caller) */
  RCML_EVENT_ENDED = 8,     /**< (ended) last of a call: call, status, sip_code, duration, hangup_by, reason */
  RCML_EVENT_REQUEST = 9,   /**< (request) a host: URL wants rcml_agent_answer_request within deadline_ms */
  RCML_EVENT_MESSAGE = 10,  /**< (message) a SIP message, setting transport_log: sent, peer, text */
  RCML_EVENT_REFUSED = 11,  /**< (refused) a message from the network was dropped: sip_code, peer, text, reason */
  RCML_EVENT_DRAINED = 12,  /**< (drained) after drain or stop: nothing is left */
  RCML_EVENT_CREDENTIALS = 13, /**< (credentials) a 401 or 407 wants rcml_agent_answer_credentials within deadline_ms:
                                   call, leg (0 = the party of rcml_agent_call), request, realm, peer = host dialled;
                                   only with the setting ask_credentials */
  RCML_EVENT_TARGET = 14, /**< (target) a target is about to be dialled, or is a noun that only you know; wants
                              rcml_agent_answer_target within deadline_ms: call, request, name = noun, to = its URI or
                              text, url = the document's, body = the noun's attributes, form-encoded; only with the
                              setting ask_targets [Y-1, D-22] */
  RCML_EVENT_CALLBACK = 15, /**< (callback) a status or recording callback was delivered or given up: call, leg (0 = of
                                 a recording), name = its event, status = delivered or given-up, code = HTTP status,
                                 attempts, method, url, body; only with the setting callback_events [E-8] */
  RCML_EVENT_URL = 16, /**< (url) a URL is about to be requested, or a redirect leads there; wants rcml_agent_answer_url
                            within deadline_ms: call (it may have ended: then call_sid is ""), request, method, url =
                            without our parameters, user info and fragment; only with the setting ask_urls [Y-4] */
  RCML_EVENT_RECORDING = 17, /**< (recording) a recording of a <Dial>, or yours of rcml_call_record, began, is whole, or
                                  came to nothing: call, name = its RE and 32 hex digits ("" for yours), status =
                                  in-progress, completed or absent, url, duration [R, Q-26] */
  RCML_EVENT_SPEECH = 18, /**< (speech) a <Say> wants sound; wants rcml_agent_answer_speech within deadline_ms: call,
                               request, text = what to say, markup = the same as SSML, name = its voice, language; only
                               with the setting ask_speech [V-1, V-10, V-21, Q-26] */
  RCML_EVENT_HOST = 19, /**< (host) a party of your own is to do something, or is told something: call, leg (0 = the
                            caller of rcml_agent_host_call), name = what, see "Parties of your own" */
  RCML_EVENT_VERB = 20, /**< (verb) a verb that nobody here knows is reached; wants rcml_agent_answer_verb within
                            deadline_ms: call, leg (0 = the caller) whose document it stands in, request, name = the verb,
                            text = its text, url = the document's, body = its attributes, form-encoded, and those of the
                            elements in it as Stream.url; only with the setting ask_verbs [D-28] */
  RCML_EVENT_EXCHANGE = 21, /**< (exchange) a request to a web server is over: call (it may have ended: then call_sid is ""),
                                method, url, body = its parameters, status = answered or failed, code = the HTTP status,
                                content_type, size, elapsed_ms, text = what was answered, or why nothing was; secrets
                                masked; only with the setting http_log, bodies up to http_log_limit octets [E-8] */
  RCML_EVENT_SECRET = 22 /**< (secret) the sound of a party is secret from now on, with the setting srtp: call, leg (0 = the
                              caller), name = how, AES_CM_128_HMAC_SHA1_80 say. Nothing is told of open sound, and where
                              sound goes from phone to phone [T-19] */
} rcml_event_kind;

/** Something that happened. Every string is borrowed until the next rcml_agent_next_event or _wait. */
typedef struct rcml_event {
  size_t struct_size;
  int32_t kind;            /**< an rcml_event_kind */
  int32_t severity;        /**< finding: 0 note, 1 warning, 2 error */
  rcml_call_id call;
  rcml_leg_id leg;
  rcml_request_id request;
  const char *name;        /**< initiated, ringing, answered, completed; a key; a finding's name */
  const char *status;      /**< RCML's word: ringing, in-progress, completed, busy, no-answer, failed, canceled */
  const char *call_sid;    /**< CA and 32 hex digits [P-1] */
  const char *leg_sid;     /**< CA and 32 hex digits, too */
  const char *from;        /**< incoming: who calls; host: who is shown as calling */
  const char *to;          /**< incoming: who was called; status: the leg's party; target, host: whom to call */
  const char *hangup_by;   /**< caller, callee, engine, host; "" = nobody hung up [P-27] */
  const char *screening;   /**< accepted, rejected, timeout, failed, hangup; "" = none [P-49] */
  int32_t sip_code;        /**< the final or last SIP status; 0 = none */
  int32_t duration;        /**< whole seconds of conversation [M-6] */
  int32_t ring_duration;   /**< whole seconds of ringing [M-7] */
  bool bridged;            /**< dial: caller and leg were joined */
  bool sent;               /**< message: by us */
  const char *text;        /**< a sentence, or the SIP message */
  size_t text_length;
  int32_t code;            /**< finding: its number in the catalogue; callback: the HTTP status, 0 = none;
                                request of a simulation: the status it was answered */
  int32_t line;            /**< finding: where, from 1; 0 = no place */
  int32_t column;          /**< from 1 */
  const char *peer;        /**< udp:192.0.2.7:5060; tls: = nobody on the way reads along [T-7] */
  const char *method;      /**< request, callback, url: GET or POST */
  const char *url;         /**< request: host:/path?query; url: http: or https: */
  const char *body;        /**< request, callback: form-encoded parameters; incoming: header fields */
  size_t body_length;
  int32_t deadline_ms;     /**< request, credentials, target, url, speech, verb: answer within this time, or there is none */
  const char *realm;       /**< credentials: whose user */
  int32_t attempts;        /**< callback: requests that were sent; 0 = there was no room for it to wait, or its URL
                                was denied */
  const char *language;    /**< speech: as the document has it, "en" or "de-DE" */
  const char *markup;      /**< speech: the text with the elements in it, as SSML; "" = there are none */
  const char *content_type; /**< exchange: of the answer */
  int64_t size;            /**< exchange: octets of the whole answer; 0 for a sound */
  int32_t elapsed_ms;      /**< exchange: from the request to the end of the answer */
  const char *reason;      /**< status completed, dial, ended, refused, callback, recording, finding, host reject and hang-up:
                                why, a word (see REASONS); request: of what it tells of; "" = nothing has failed */
  int32_t reason_code;     /**< the same, finer: its number in the catalogue; 0 = nothing has failed */
  const char *reason_text; /**< the same as a sentence */
  const char *from_name;   /**< incoming, host call: display name of who calls, or is shown as calling [Q-31] */
  void *context;           /**< yours, of this call: the options had it, or rcml_call_set_context; NULL after ended, and in
                                what belongs to no call */
  const char *peer_name;   /**< incoming: who the peer proved to be by its certificate, the names with commas between
                                them; "" = nobody (tls_verify_clients) [T-8] */
} rcml_event;
#define RCML_EVENT_INIT                                                                                   \
  {sizeof(rcml_event), 0, 0, 0, 0, 0, "", "", "", "", "", "", "", "", 0, 0, 0, false, false, "", 0, 0, 0, \
   0, "", "", "", "", 0, 0, "", 0, "", "", "", 0, 0, "", 0, "", "", NULL, ""}

/** Whom to call, and what to run once they answer. */
typedef struct rcml_call_options {
  size_t struct_size;
  const char *party;             /**< sip:alice@192.0.2.7:5060;transport=tcp, alice@192.0.2.7; a number: "number_uri" */
  const char *from;              /**< who we are to them [U-1]; NULL = the setting default_caller_id */
  const rcml_document *document; /**< run when answered */
  int32_t timeout;               /**< seconds it may ring, 1..600; then it ends no-answer; 0 = setting call_timeout [U-65] */
  void *context;                 /**< yours: in every event of this call */
} rcml_call_options;
#define RCML_CALL_OPTIONS_INIT {sizeof(rcml_call_options), NULL, NULL, NULL, 0, NULL}

/** How a party of your own speaks and hears. */
typedef enum rcml_host_media {
  RCML_HOST_SDP = 0,      /**< in SDP: its sound goes by RTP, here or past here, as that of a SIP phone does */
  RCML_HOST_LINEAR16 = 1, /**< in frames of 20 ms: 160 samples of 16 bit, 8 kHz, this machine's byte order; 320 octets */
  RCML_HOST_PCMU = 2,     /**< in frames of 20 ms: 160 octets of G.711 mu-law */
  RCML_HOST_PCMA = 3      /**< in frames of 20 ms: 160 octets of G.711 A-law */
} rcml_host_media;

/** A caller whom you have on a line of your own. */
typedef struct rcml_host_call_options {
  size_t struct_size;
  const char *from;              /**< sip:alice@192.0.2.7, or a number or name alone, however it is written: what a SIP user
                                      may not hold is escaped, control characters and more than 64 octets are refused
                                      NULL = withheld */
  const char *to;                /**< whom they called, likewise; NULL = this agent */
  const char *name;              /**< display name of the caller; NULL = none */
  int32_t media;                 /**< an rcml_host_media */
  const char *sdp;               /**< RCML_HOST_SDP: their offer; NULL = they bring none and answer ours [L-6] */
  size_t sdp_length;             /**< octets of `sdp`; 0 = up to its NUL */
  const rcml_document *document; /**< run at once; NULL = the call waits 30 s for rcml_call_run, _answer or _reject */
  void *context;                 /**< yours: in every event of this call */
  const char *headers;           /**< what an INVITE of theirs would have brought, form-encoded: "X-Tenant=7&Subject=Hi". Treated
                                      as header fields of a SIP caller are (pass_headers, SipHeader_…); NULL = none */
  const char *diversion;         /**< who diverted them here, as a Diversion header has it; NULL = nobody [X-22, U-8] */
  bool withheld;                 /**< they do not want to be shown (RFC 3323): the parties are shown nobody, the web application is [U-3] */
  bool answered;                 /**< they are answered already: "answer" comes at once, and they hear what rings */
  const char *const *settings;   /**< of this call, instead of the agent's, as in rcml_document [Q-35] */
  size_t setting_count;
} rcml_host_call_options;
#define RCML_HOST_CALL_OPTIONS_INIT                                                                     \
  {sizeof(rcml_host_call_options), NULL, NULL, NULL, RCML_HOST_LINEAR16, NULL, 0, NULL, NULL, NULL, NULL, \
   false, false, NULL, 0}

/** What is known of a call. Strings are borrowed until the next [loop] function of the agent. */
typedef struct rcml_call_info {
  size_t struct_size;
  const char *sid;    /**< CA and 32 hex digits */
  const char *from;   /**< who calls */
  const char *to;     /**< who is called */
  const char *status; /**< queued, ringing, in-progress */
  bool outgoing;      /**< made with rcml_agent_call */
  bool answered;      /**< by us, or by the party of rcml_agent_call */
  uint32_t legs;      /**< parties rung so far; rcml_call_leg knows each */
  void *context;      /**< yours; NULL = none was given */
} rcml_call_info;
#define RCML_CALL_INFO_INIT {sizeof(rcml_call_info), "", "", "", "", false, false, 0, NULL}

/** What is known of a leg. Strings are borrowed as above. */
typedef struct rcml_leg_info {
  size_t struct_size;
  rcml_leg_id leg;
  const char *sid;    /**< CA and 32 hex digits */
  const char *to;     /**< its party */
  const char *status; /**< as in a status event */
  int32_t sip_code;   /**< the final or last SIP status; 0 = none */
  bool ended;         /**< its status event completed was told */
} rcml_leg_info;
#define RCML_LEG_INFO_INIT {sizeof(rcml_leg_info), 0, "", "", "", 0, false}

/** One finding about a document. Strings are borrowed for the length of the function you gave. */
typedef struct rcml_finding {
  size_t struct_size;
  int32_t severity;    /**< 0 note, 1 warning, 2 error */
  int32_t code;        /**< number in the catalogue */
  const char *name;    /**< unknown-attribute */
  int32_t line;        /**< from 1; 0 = no place */
  int32_t column;      /**< from 1, in characters */
  const char *text;    /**< one sentence, with "did you mean" where we can guess */
  const char *excerpt; /**< the line, and below it a caret: two lines without a newline at the end, or "" */
} rcml_finding;

/** By what a document is checked, where not by the default settings. */
typedef struct rcml_check_options {
  size_t struct_size;
  const char *base_url;        /**< where the document would come from; NULL = relative URLs have nothing to start from */
  const char *const *settings; /**< "ask_verbs=true", as in rcml_agent_set */
  size_t setting_count;
  const char *content_type;    /**< as a web server would send it: "text/xml; charset=iso-8859-1"; NULL = nobody says [G-2, G-4] */
} rcml_check_options;
#define RCML_CHECK_OPTIONS_INIT {sizeof(rcml_check_options), NULL, NULL, 0, NULL}

/** One party that a document would dial. Strings are borrowed for the length of the function you gave. */
typedef struct rcml_target {
  size_t struct_size;
  int32_t dial;           /**< which <Dial> of the document, from 1 */
  int32_t target;         /**< which party of it, from 1, in the order of the text */
  const char *noun;       /**< Sip, Number, Client, as it is written */
  const char *text;       /**< what stands in it; of a <Sip> its URI */
  const char *uri;        /**< the Request-URI that an INVITE would have; "" = only the host knows, or nobody can be dialled */
  const char *headers;    /**< custom headers of the INVITE, form-encoded */
  const char *attributes; /**< form-encoded, in order: of a <Sip> what they come to, URLs absolute; without a password */
  const char *username;   /**< for digest authentication; "" = none */
  const char *password;   /**< likewise */
  int32_t timeout;        /**< seconds that the <Dial> rings */
  bool sequential;        /**< one after the other, not all at once */
  int32_t code;           /**< why nobody can be dialled: its number in the catalogue; 0 = somebody can */
  int32_t line;           /**< where it stands, from 1 */
  int32_t column;         /**< from 1, in characters */
} rcml_target;

/** Gets one target. Calls nothing of this library. */
typedef void (*rcml_target_function)(void *context, const rcml_target *target);
/** Gets one finding. Calls nothing of this library. */
typedef void (*rcml_finding_function)(void *context, const rcml_finding *finding);
/** Gets a piece of text, not NUL-terminated. Calls nothing of this library. */
typedef void (*rcml_text_function)(void *context, const char *text, size_t length);
/** Gets an event on the thread of rcml_agent_run; may call every function of the agent but those that drive or
 *  destroy it. Must return: neither longjmp nor an exception may leave it. */
typedef void (*rcml_event_function)(void *context, rcml_agent *agent, const rcml_event *event);
/** Wakes your loop (writes to a pipe, posts a message). Called on our thread. */
typedef void (*rcml_wake_function)(void *context);

/** One entry of the catalogue. Strings are static. */
typedef struct rcml_catalogue_info {
  size_t struct_size;
  int32_t code;      /**< the number; a function that fails with it returns it negated */
  const char *name;  /**< bare-ampersand */
  const char *text;  /**< what it is */
  const char *cause; /**< why it happens */
  const char *fix;   /**< what to do */
} rcml_catalogue_info;
#define RCML_CATALOGUE_INFO_INIT {sizeof(rcml_catalogue_info), 0, "", "", "", ""}

/** How a setting is written. */
typedef enum rcml_setting_kind {
  RCML_SETTING_CHOICE = 1,  /**< one word of several */
  RCML_SETTING_FLAG = 2,    /**< true or false */
  RCML_SETTING_NUMBER = 3,  /**< a whole number from `minimum` to `maximum` */
  RCML_SETTING_SECONDS = 4, /**< the same, with up to three decimals */
  RCML_SETTING_TEXT = 5,    /**< text, of the form that `values` says */
  RCML_SETTING_LIST = 6,    /**< words divided by commas */
  RCML_SETTING_SECRET = 7   /**< text that is in no log, event or journal, and is not read back */
} rcml_setting_kind;

/** One setting of rcml_agent_set. Strings are static. */
typedef struct rcml_setting_info {
  size_t struct_size;
  int32_t kind;              /**< an rcml_setting_kind */
  const char *name;          /**< call_timeout */
  const char *theme;         /**< calls, limits, sound, documents, web, callbacks, sip, network, numbers, host, files */
  const char *values;        /**< seconds from 1 to 600 */
  const char *default_value; /**< 60; "" = nothing */
  const char *presets;       /**< where "preset" says otherwise: "restcomm=immediate twilio=immediate"; "" = nowhere */
  const char *text;          /**< one sentence: what it is for */
  const char *example;       /**< a value it may have */
  const char *clause;        /**< of the specification; "" = it has none */
  int64_t minimum;           /**< of a number or of seconds; 0 for all others */
  int64_t maximum;           /**< likewise */
  const char *scope;         /**< what may have its own value: "call" (rcml_document), "beginning": a call that is just being
                                  made by rcml_agent_call or rcml_agent_host_call, "agent" */
} rcml_setting_info;
#define RCML_SETTING_INFO_INIT {sizeof(rcml_setting_info), 0, "", "", "", "", "", "", "", "", 0, 0, ""}

/** What a replay found. Strings are in the struct. */
typedef struct rcml_replay_result {
  size_t struct_size;
  uint64_t records;     /**< records of the journal done again */
  uint64_t inputs;      /**< those that were fed: packets, answers, wishes of the host */
  uint64_t outputs;     /**< those that were compared */
  int64_t duration_ms;  /**< from the first to the last record */
  bool torn;            /**< the last record was cut off: its writer was killed; what stands before is proved */
  char difference[512]; /**< where and how the replay differs, in words; "" = it does not */
} rcml_replay_result;
#define RCML_REPLAY_RESULT_INIT {sizeof(rcml_replay_result), 0, 0, 0, 0, false, {0}}

/** What a ladder shows. Leg 1 is the first party of a call; the caller is leg 0. */
typedef struct rcml_ladder_options {
  size_t struct_size;
  const char *call;   /**< only this call: its number, CA... or the first characters of that, its Call-ID; NULL = all */
  const char *form;   /**< "ladder" (NULL); "list": a line a call; "why": why each call ended as it did, and what to try;
                       *   "json": an object a call, behind it one a message, request, event; each a line, and a piece of the text;
                       *   "calls": the objects of calls only */
  const char *choice; /**< NULL = all calls; "failed": those that did not complete, or in which something failed; "last" */
  const char *time;   /**< "relative" (NULL): seconds since the call began; "local" and "utc": what the clock said */
} rcml_ladder_options;
#define RCML_LADDER_OPTIONS_INIT {sizeof(rcml_ladder_options), NULL, NULL, NULL, NULL}

/** A SIP message of a journal. Strings are borrowed for the length of the function you gave. */
typedef struct rcml_trace_message {
  size_t struct_size;
  int64_t at_us;         /**< microseconds since the journal began */
  int64_t unix_us;       /**< microseconds since 1970, UTC; 0 = the journal does not know */
  bool sent;             /**< by us */
  const char *local;     /**< udp:192.0.2.1:5060 */
  const char *peer;      /**< udp:[2001:db8::7]:5060 */
  uint64_t connection;   /**< messages of one TCP connection share it; 0 = a datagram */
  const char *call_sid;  /**< the call it belongs to; "" = none that the journal knows */
  const char *text;      /**< its octets as they were, but for secrets, and a NUL behind them */
  size_t length;         /**< octets of `text` */
} rcml_trace_message;

/** Gets one message. Calls nothing of this library. */
typedef void (*rcml_trace_function)(void *context, const rcml_trace_message *message);

/** What the web server of a simulation says to requests for one URL. */
typedef struct rcml_simulated_answer {
  size_t struct_size;
  const char *url;          /**< whole, as it is asked for; without its query = whatever that is; "*" = all others */
  int32_t status;           /**< as in HTTP, 200..599 */
  const char *content_type; /**< NULL = application/xml */
  const char *body;         /**< may be NULL when `length` is 0 */
  size_t length;            /**< octets of `body` */
} rcml_simulated_answer;
#define RCML_SIMULATED_ANSWER_INIT {sizeof(rcml_simulated_answer), NULL, 200, NULL, NULL, 0}

/** A call that never leaves your process: what runs, and what everybody else does.
 *
 *  An outcome is what the phone of one leg does: `LEG:STEP,STEP…`, with LEG counted from 1 in the order in which the
 *  legs come to be, `*` for every leg without an outcome of its own, and 0 for the caller. A STEP is a SIP status (180,
 *  200, 486), `key=K` (a key is pressed, one of 0123456789*#ABCD), `bye`, `none` (nothing more comes), or `refused` (the
 *  network says that nobody is there), with `after=SECONDS:` before it when it does not come at once:
 *  "1:180,after=2:200,after=3:key=1,after=5:bye". Behind 401, 407 and 3xx stands what the next INVITE of the leg gets:
 *  the one with credentials, or the one to the phone's other Contact. A leg without an outcome rings at once, answers
 *  after 2 s and hangs up 10 s later. The caller of an incoming call has keys, `bye` and `none`, the first of them so
 *  long after calling: "0:after=3:key=5"; that of an outgoing one does what a leg does. Keys are told by INFO, so they
 *  are heard wherever sound goes; one that is pressed before there is an answer, or after the end, is lost. */
typedef struct rcml_simulation {
  size_t struct_size;
  const rcml_document *document;
  const char *const *outcomes; /**< see above */
  size_t outcome_count;
  const rcml_simulated_answer *const *answers; /**< a URL without one gets 404 */
  size_t answer_count;
  const char *const *settings; /**< "ringing_mode=on-ringing", as in rcml_agent_set */
  size_t setting_count;
  const char *from;           /**< sip: URI of the caller; NULL = sip:caller@192.0.2.2 */
  const char *to;             /**< sip: URI that is called; NULL = sip:service@192.0.2.1 */
  bool outgoing;              /**< as with rcml_agent_call: we call `to`, and run the document once they answer */
  int64_t caller_hangs_up_ms; /**< so long after calling or, outgoing, after answering; below 0 = stays to the end */
  uint64_t seed;              /**< for ids and tags; the same seed gives the same octets */
  const char *journal;        /**< a file that gets the journal, created or emptied; NULL = none */
} rcml_simulation;
#define RCML_SIMULATION_INIT \
  {sizeof(rcml_simulation), NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, -1, 0, NULL}

/** Gets an event of a simulation, `at_ms` after its beginning. Every HTTP request is an RCML_EVENT_REQUEST, with the
 *  status it was answered in `code`. Strings are borrowed for the length of the function. Calls nothing of this
 *  library. */
typedef void (*rcml_simulation_function)(void *context, int64_t at_ms, const rcml_event *event);

/* ---- Version and words ------------------------------------------------------------------------------------ */

/** The version that runs.
 *  @return "0.1.0"
 *  Thread: [any] [wake].  Ownership: static.  Since 0.1. */
RCML_API const char *rcml_version(void);

/** The name of a code, "gone".
 *  @param code  its number; the sign does not matter
 *  @return "" for a number that is not in the catalogue
 *  Thread: [any] [wake].  Ownership: static.  Since 0.1.  [G-22] */
RCML_API const char *rcml_status_name(int32_t code);

/** What a code means, in a sentence.
 *  @param code  its number; the sign does not matter
 *  @return "" for a number that is not in the catalogue
 *  Thread: [any] [wake].  Ownership: static.  Since 0.1.  [G-22] */
RCML_API const char *rcml_status_text(int32_t code);

/** The catalogue, entry by entry, ordered by number.
 *  @param index  from 0
 *  @return 1 and the entry, 0 behind the last one, RCML_E_ARGUMENT
 *  Thread: [any] [wake].  Ownership: strings are static.  Since 0.1.  [G-22] */
RCML_API int32_t rcml_catalogue_entry(size_t index, rcml_catalogue_info *info);

/** The name of an event kind, "incoming".
 *  @param kind  an rcml_event_kind
 *  @return "" for one this version does not know
 *  Thread: [any] [wake].  Ownership: static.  Since 0.1. */
RCML_API const char *rcml_event_name(int32_t kind);

/* ---- The agent -------------------------------------------------------------------------------------------- */

/** Makes an agent: no listener, default settings, nothing running.
 *  @return the agent, or NULL with RCML_E_SYSTEM in `error`
 *  Thread: [any].  Ownership: yours until rcml_agent_destroy.  Since 0.1. */
RCML_API rcml_agent *rcml_agent_create(rcml_error *error);

/** Closes everything the agent has at once; to end calls politely, stop and process until RCML_EVENT_DRAINED first.
 *  NULL and an agent already destroyed are allowed and do nothing. Our thread, if there is one, has ended on return.
 *  @return 0, RCML_E_HANDLE, or RCML_E_BUSY while the agent is in use: then nothing was destroyed
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_destroy(rcml_agent *agent);

/** Sets one setting, "ringing_mode" to "on-ringing". Calls under way keep the settings they began with. What each is for,
 *  its values, its default and an example: rcml_setting_entry, `rcml settings`, rcml-settings(7). What can be judged now is
 *  judged now: a program that is not there, a folder that cannot be written to, an address that is none.
 *  @param name   of the setting
 *  @param value  as text: a number, true or false, a word of the setting; NULL = its default again, or what "preset" says
 *  @return 0, RCML_E_SETTING with the nearest name, the values or what is missing, RCML_E_BUSY or another failure of
 *          the agent
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  */
RCML_API int32_t rcml_agent_set(
    rcml_agent *agent, const char *name, const char *value, rcml_error *error);

/** Reads one setting, as rcml_agent_set takes it. A secret is not read back: "***" says that there is one.
 *  @param name    of the setting
 *  @param buffer  gets the value and a NUL, cut off at `size`; may be NULL when `size` is 0
 *  @param size    octets of `buffer`
 *  @return the length of the whole value, RCML_E_SETTING with the nearest name, RCML_E_BUSY or another failure of the
 *          agent
 *  Thread: [loop].  Since 0.1.  */
RCML_API int32_t rcml_agent_get(
    rcml_agent *agent, const char *name, char *buffer, size_t size, rcml_error *error);

/** The settings, one by one, by subject.
 *  @param index  from 0
 *  @param info   set up with RCML_SETTING_INFO_INIT
 *  @return 1 and the setting, 0 behind the last one, RCML_E_ARGUMENT
 *  Thread: [any] [wake].  Ownership: strings are static.  Since 0.1.  */
RCML_API int32_t rcml_setting_entry(size_t index, rcml_setting_info *info);

/** Writes everything the agent hears, does and says into a journal, for rcml_journal_replay and rcml_journal_ladder.
 *  Secrets are masked. Must come before everything else is done with the agent. It never keeps the agent waiting: what its
 *  disk does not take in time is a gap that is marked and told, and a disk that is full is waited for [Y-7].
 *  @param path  a file, created or emptied
 *  @return 0, RCML_E_FILE, RCML_E_STATE when it comes too late, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1. */
RCML_API int32_t rcml_agent_journal(rcml_agent *agent, const char *path, rcml_error *error);

/** Keeps in memory what the last calls did, as a journal would tell it, for rcml_agent_ladder: no more than 20,000 messages and
 *  events, and 32 MiB. Must come before everything else but rcml_agent_journal.
 *  @param calls  how many, 1..10000
 *  @return 0, RCML_E_ARGUMENT, RCML_E_STATE when it comes too late or twice, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_trace(rcml_agent *agent, int32_t calls, rcml_error *error);

/** Draws the ladder of calls that rcml_agent_trace has kept, while they run or afterwards; the other forms as well.
 *  @param options   as of rcml_journal_ladder
 *  @param function  gets the text, piece by piece; it calls nothing of this library
 *  @return 0, RCML_E_ARGUMENT, RCML_E_GONE when no such call is kept, RCML_E_STATE when none are, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_ladder(
    rcml_agent *agent, const rcml_ladder_options *options, rcml_text_function function, void *context,
    rcml_error *error);

/** Opens a listener.
 *  Behind a NAT, ";public=HOST" or ";public=HOST:PORT" says under which address this one is known outside:
 *  "udp:10.0.0.5:5060;public=203.0.113.1". Calls by this listener show it in Via, Contact and SDP; without it they show
 *  the setting "public_address", and without that the address they leave from. Where there are several listeners, a
 *  call leaves by the one on the way to its party [T-5, U-64].
 *  @param address  "udp:127.0.0.1:5060", "tcp:[::1]:5060", "tls:192.0.2.1:5061" (wants tls_certificate); port 0 = any free one
 *  @return its index from 0, RCML_E_ADDRESS, RCML_E_BIND, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  */
RCML_API int32_t rcml_agent_listen(rcml_agent *agent, const char *address, rcml_error *error);

/** The SIP URI of a listener as it is bound, "sip:127.0.0.1:5060;transport=udp".
 *  @param index   from 0
 *  @param buffer  gets the URI and a NUL, cut off at `size`; may be NULL when `size` is 0
 *  @param size    octets of `buffer`
 *  @return the length of the whole URI, 0 behind the last listener, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_listener(rcml_agent *agent, size_t index, char *buffer, size_t size);

/** Takes no more calls by a listener, so that its port can be used by somebody else; calls that came or went by it go on to
 *  their end. A TCP port is free at once, and what is connected stays. A UDP port is what its calls are reached by: it is
 *  free when the last of them is over. INVITEs outside of dialogs get 503 until then.
 *  @param index  of rcml_agent_listen; it is not used again, and rcml_agent_listener gives RCML_E_GONE for it
 *  @return 1 when the port is free now, 0 when it will be, RCML_E_GONE, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Since 0.1.  */
RCML_API int32_t rcml_agent_unlisten(rcml_agent *agent, size_t index, rcml_error *error);

/** The document for incoming calls that you do not want to be asked about; NULL = ask (RCML_EVENT_INCOMING).
 *  @return 0, RCML_E_ARGUMENT, RCML_E_URI, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1. */
RCML_API int32_t rcml_agent_default_document(
    rcml_agent *agent, const rcml_document *document, rcml_error *error);

/** Calls somebody and runs a document on them once they answer. Progress arrives as events of the new call.
 *  @param out_call  gets the call; may be NULL
 *  @return 0, RCML_E_URI, RCML_E_LIMIT, RCML_E_CLOSED, RCML_E_BUSY
 *  Thread: [loop].  Ownership: all inputs are copied.  Since 0.1. */
RCML_API int32_t rcml_agent_call(
    rcml_agent *agent, const rcml_call_options *options, rcml_call_id *out_call, rcml_error *error);

/** Answers an RCML_EVENT_REQUEST: a document or a sound for a host: URL, or the outcome of a callback. A sound is kept for
 *  the call that asked; with a parameter in its content type ("audio/wav; max-age=60") for everybody, for so long. [V-20]
 *  @param status        as in HTTP, 200..599: 200 = take the body, 204 = nothing to say
 *  @param content_type  NULL = text/xml
 *  @param body          may be NULL when `length` is 0
 *  @param length        octets of `body`
 *  @return 0, RCML_E_GONE when it was answered, timed out, or its call has ended, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [H-1] */
RCML_API int32_t rcml_agent_answer_request(
    rcml_agent *agent, rcml_request_id request, int32_t status, const char *content_type,
    const char *body, size_t length, rcml_error *error);

/** Answers an RCML_EVENT_CREDENTIALS. Such events come only while the setting "ask_credentials" is "true", and only
 *  for targets without `username` (or for a second realm behind theirs); without an answer, and without the setting,
 *  a 401 or 407 ends the leg as failed. What you give is used for this leg and realm alone, and is in no log, event
 *  or journal.
 *  @param username  UTF-8 without control characters; NULL = there are none: the leg fails now
 *  @param password  NULL = empty
 *  @return 0, RCML_E_ARGUMENT, RCML_E_GONE when it was answered, timed out, or the leg has ended, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  */
RCML_API int32_t rcml_agent_answer_credentials(
    rcml_agent *agent, rcml_request_id request, const char *username, const char *password,
    rcml_error *error);

/** Answers an RCML_EVENT_TARGET. Such events come with the setting "ask_targets" = "nouns" (for nouns of a <Dial>
 *  other than <Sip>, and for tel: URIs) or "all" (for every target, too, and for contacts of a followed redirect: noun
 *  "Contact"). Without an answer in time a <Sip> or contact is dialled as it is, a number or client by number_uri or
 *  client_uri, and another noun is not. A target that is not dialled is a leg that fails; the others go on.
 *  @param allow     false = it is not dialled
 *  @param uri       sip: URI or number that is dialled instead, or host:NAME, a party of your own (see there); NULL = the
 *                   target as it is (a noun that no setting dials: there is no such party). The attributes url, method,
 *                   timeout, statusCallback… of the noun hold for it.
 *  @param username  credentials for `uri`, UTF-8 without control characters; NULL = none. Those in the document are
 *                   never shown to another host or port.
 *  @param password  NULL = empty
 *  @return 0, RCML_E_ARGUMENT, RCML_E_URI (the question stays open), RCML_E_GONE when it was answered, timed out, or
 *          its call has ended, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [Y-1, D-22, S-1, Q-17] */
RCML_API int32_t rcml_agent_answer_target(
    rcml_agent *agent, rcml_request_id request, bool allow, const char *uri, const char *username,
    const char *password, rcml_error *error);

/** Answers an RCML_EVENT_URL. Such events come with the setting "ask_urls" = "all", before the request of every http:
 *  and https: URL: documents, screening, action, sounds, callbacks, fallback, and each URL a redirect leads to. A
 *  repetition of the same request asks nothing, and host: URLs are yours already. Without an answer in time the URL is
 *  requested. One that is denied fails as if its address were refused: a document or a sound as one that cannot be had,
 *  a callback as given up, none of them tried again, with a finding (url-denied). Everything else goes on meanwhile.
 *  @param allow  false = it is not requested
 *  @return 0, RCML_E_GONE when it was answered, timed out, or nobody wants the document any more, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [Y-4] */
RCML_API int32_t rcml_agent_answer_url(
    rcml_agent *agent, rcml_request_id request, bool allow, rcml_error *error);

/** Answers an RCML_EVENT_SPEECH with the sound of a <Say>. Such events come while the setting "ask_speech" is "true", for
 *  each text, voice and language once: the sound is kept like what our own program says, for later calls, too. Without an
 *  answer in time the program of the setting "speech_program" says it; without one the <Say> is skipped (finding no-tts).
 *  A sound that cannot be played is left out as that of a <Play> is. Everything else goes on meanwhile.
 *  @param content_type  for octets without a header: audio/basic or audio/pcmu, audio/pcma; NULL = they have one
 *  @param body          WAV, AU, MP3, or mu-law or A-law of 8 kHz, as a <Play> takes them; NULL = our own program says it
 *  @param length        octets of `body`
 *  @return 0, RCML_E_ARGUMENT, RCML_E_GONE when it was answered or timed out, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [V-1, V-10, V-11, Q-26] */
RCML_API int32_t rcml_agent_answer_speech(
    rcml_agent *agent, rcml_request_id request, const char *content_type, const char *body,
    size_t length, rcml_error *error);

/** Answers an RCML_EVENT_VERB. Such events come while the setting "ask_verbs" is "true", for each element at the place of a
 *  verb that is none of RCML's: <Enqueue>, <Connect>, <Pay>, or a verb of your own. Everything else goes on meanwhile, but
 *  for the document it stands in.
 *  @param done      true = you have done what it asks for, and the next verb runs; false = it is skipped, with a finding
 *                   (unsupported-verb, unknown-verb), as without an answer
 *  @param document  runs in its place, and then the next verb, whatever `done` says; one that cannot be had or read is
 *                   told and passed over; NULL = none
 *  @return 0, RCML_E_ARGUMENT, RCML_E_URI, RCML_E_GONE when it was answered, timed out, or its call has ended,
 *          RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [D-28] */
RCML_API int32_t rcml_agent_answer_verb(
    rcml_agent *agent, rcml_request_id request, bool done, const rcml_document *document,
    rcml_error *error);

/** No new calls: INVITEs get 503. RCML_EVENT_DRAINED follows when the last call has ended.
 *  @return 0, RCML_E_HANDLE, RCML_E_FORK
 *  Thread: [any].  Since 0.1.  */
RCML_API int32_t rcml_agent_drain(rcml_agent *agent);

/** Ends every call now: 480 to callers not answered, BYE to the others. RCML_EVENT_DRAINED follows.
 *  @return 0, RCML_E_HANDLE, RCML_E_FORK
 *  Thread: [any].  Since 0.1.  */
RCML_API int32_t rcml_agent_stop(rcml_agent *agent);

/* ---- Driving ---------------------------------------------------------------------------------------------- */

/** A descriptor that is readable whenever rcml_agent_process has something to do. Watch it; never read or close it.
 *  @return the descriptor, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Ownership: the agent's, the same until it is destroyed.  Since 0.1. */
RCML_API int32_t rcml_agent_fd(rcml_agent *agent);

/** How long you may sleep before rcml_agent_process must be called even if nothing arrives. The descriptor becomes
 *  readable at that time, too: a loop that watches it, and pulls all events each time, needs no timer.
 *  @return milliseconds, rounded up; -1 = for ever; 0 also on RCML_E_BUSY or another failure of the agent, which
 *          rcml_agent_process names
 *  Thread: [loop].  Since 0.1. */
RCML_API int64_t rcml_agent_deadline_ms(rcml_agent *agent);

/** Does all that is to be done now: reads, answers, times out, sends. Never blocks.
 *  @return 1 when events are waiting, 0 when not, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_process(rcml_agent *agent);

/** The next event. A full queue loses messages, refusals, findings and digits, never the others.
 *  @param event  filled with what happened; kind = RCML_EVENT_NONE when nothing did
 *  @return 1 with an event, 0 without, RCML_E_ARGUMENT for an event that was not set up with RCML_EVENT_INIT,
 *          RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Ownership: strings are borrowed until the next rcml_agent_next_event or _wait.  Since 0.1. */
RCML_API int32_t rcml_agent_next_event(rcml_agent *agent, rcml_event *event);

/** One parameter of an event, decoded: of its form-encoded `body`, or else of the query of its `url`. "Digits" of a
 *  request, an attribute of a target or verb, a parameter of a callback.
 *  @param event   as rcml_agent_next_event or _wait has filled it
 *  @param name    of the parameter, letter for letter
 *  @param buffer  gets the value and a NUL, cut off at `size`; may be NULL when `size` is 0
 *  @param size    octets of `buffer`
 *  @return the length of the whole value; RCML_E_ARGUMENT when the event has no such parameter, and `buffer` is as it was
 *  Thread: [any] [wake].  Ownership: the event's strings are read, nothing is kept.  Since 0.1.  [H-1] */
RCML_API int32_t rcml_event_parameter(
    const rcml_event *event, const char *name, char *buffer, size_t size);

/** Works, sleeping in between, until there is an event.
 *  @param timeout_ms  at most this long; -1 = for ever, 0 = do not sleep
 *  @return 1 with an event, 0 when the time is over, RCML_E_CLOSED after RCML_EVENT_DRAINED was handed out,
 *          RCML_E_ARGUMENT for an event that was not set up with RCML_EVENT_INIT, RCML_E_BUSY or another failure of the
 *          agent. A loop that ends says why: rcml_status_text
 *  Thread: [loop].  Ownership: as rcml_agent_next_event.  Since 0.1. */
RCML_API int32_t rcml_agent_wait(rcml_agent *agent, int64_t timeout_ms, rcml_event *event);

/** Works until the agent has drained: somebody called rcml_agent_stop or rcml_agent_drain, and the last call is over.
 *  @param function  gets every event, RCML_EVENT_DRAINED as the last; may be NULL
 *  @return 0, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_run(
    rcml_agent *agent, rcml_event_function function, void *context, rcml_error *error);

/** Makes a thread that sleeps for you: it calls `wake` once whenever rcml_agent_process has something to do, and not
 *  again before you called that. It ends once the agent has drained, or is destroyed.
 *  @return 0, RCML_E_STATE when there is one already, RCML_E_SYSTEM, RCML_E_BUSY
 *  Thread: [loop].  Ownership: `context` must live until the agent is destroyed.  Since 0.1. */
RCML_API int32_t rcml_agent_start(
    rcml_agent *agent, rcml_wake_function wake, void *context, rcml_error *error);

/* ---- Calls ------------------------------------------------------------------------------------------------ */

/** Runs a document on a call that waits for one, or from now on instead of the one it runs.
 *  @return 0, RCML_E_GONE, RCML_E_URI, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [L-39] */
RCML_API int32_t rcml_call_run(
    rcml_agent *agent, rcml_call_id call, const rcml_document *document, rcml_error *error);

/** Tells an incoming caller that it rings, before a document runs.
 *  @param sip_code  180..189; 0 = 180
 *  @return 0, RCML_E_GONE, RCML_E_STATE, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_call_ring(
    rcml_agent *agent, rcml_call_id call, int32_t sip_code, rcml_error *error);

/** Answers an incoming caller without a document: the call stays until someone hangs up or you run one.
 *  @return 0, RCML_E_GONE, RCML_E_STATE, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_call_answer(rcml_agent *agent, rcml_call_id call, rcml_error *error);

/** Refuses an incoming caller who was not answered.
 *  @param sip_code  300..699
 *  @param phrase    the reason phrase; NULL = the usual one of the code
 *  @return 0, RCML_E_GONE, RCML_E_STATE, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1. */
RCML_API int32_t rcml_call_reject(
    rcml_agent *agent, rcml_call_id call, int32_t sip_code, const char *phrase, rcml_error *error);

/** Ends a call and all its legs, whatever it is doing.
 *  @return 0, RCML_E_GONE, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [L-39] */
RCML_API int32_t rcml_call_hang_up(rcml_agent *agent, rcml_call_id call, rcml_error *error);

/** Ends the <Dial> that runs; the document goes on behind it.
 *  @return 0, RCML_E_GONE, RCML_E_STATE when no <Dial> runs, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [L-39] */
RCML_API int32_t rcml_call_end_dial(rcml_agent *agent, rcml_call_id call, rcml_error *error);

/** As if the caller had pressed a key.
 *  @param key  one of 0123456789*#ABCD
 *  @return 0, RCML_E_GONE, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [U-25] */
RCML_API int32_t rcml_call_press_digit(
    rcml_agent *agent, rcml_call_id call, char key, rcml_error *error);

/** Writes what the caller is heard to say, from now to the end of the call, into a file: WAV, 16 bit, 8 kHz, readable
 *  by its owner alone, whole at every moment. RCML_EVENT_RECORDING tells of its beginning, and before RCML_EVENT_ENDED
 *  of its end, with url = `path`; status absent when it could not be written.
 *  @param path  a file that is not there yet
 *  @return 0, RCML_E_GONE, RCML_E_ARGUMENT, RCML_E_STATE when the call is not answered, is recorded already, or its
 *          sound does not come by here (setting "media"), RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  */
RCML_API int32_t rcml_call_record(
    rcml_agent *agent, rcml_call_id call, const char *path, rcml_error *error);

/** Ties something of yours to a call: every further event of it brings it back as `context`, and rcml_call_state tells it.
 *  @param context  any pointer; never followed. NULL = nothing
 *  @return 0, RCML_E_GONE, RCML_E_BUSY
 *  Thread: [loop].  Ownership: yours; it must live until RCML_EVENT_ENDED.  Since 0.1. */
RCML_API int32_t rcml_call_set_context(rcml_agent *agent, rcml_call_id call, void *context);

/** What is known of a call.
 *  @return 0, RCML_E_GONE, RCML_E_BUSY
 *  Thread: [loop].  Ownership: strings are borrowed until the next [loop] function of the agent.  Since 0.1. */
RCML_API int32_t rcml_call_state(rcml_agent *agent, rcml_call_id call, rcml_call_info *info);

/** What is known of a leg of a call.
 *  @param index  from 0, in the order in which they were rung
 *  @return 1 and the leg, 0 behind the last one, RCML_E_GONE, RCML_E_BUSY
 *  Thread: [loop].  Ownership: strings are borrowed until the next [loop] function of the agent.  Since 0.1. */
RCML_API int32_t rcml_call_leg(
    rcml_agent *agent, rcml_call_id call, size_t index, rcml_leg_info *info);

/* ---- Parties of your own ---------------------------------------------------------------------------------- */
/*
 * A caller need not come by SIP, and a target need not be reached by it: a PBX has channels, a program a microphone.
 * Such a party is on a line of your own. rcml_agent_host_call() brings a caller; answering RCML_EVENT_TARGET with the
 * URI "host:NAME" (or "host:NAME;media=sdp", linear16, pcmu, pcma; linear16 without it) makes a target one. Documents,
 * Dial, screening, digits, recordings and callbacks are the same for all parties. A document alone cannot name one.
 *
 * What your party is to do comes as RCML_EVENT_HOST, name =
 *   ring      caller: whom they called rings; sip_code 180, or 183 with what they may hear in `text` (SDP)
 *   answer    caller: answer them; text = SDP, the answer to their offer (or an offer, if they brought none)
 *   reject    caller: refuse them with sip_code; text = phrase. The party is gone
 *   call      leg: call `to`, NAME as you gave it; from = a URI, from_name, body = headers (form-encoded), status = sdp, linear16, pcmu or pcma, text = our offer
 *   hang-up   whatever they do, end it. The party is gone
 *   offer     other media, text = SDP: wants rcml_host_answer or rcml_host_refuse
 *   accepted  what rcml_host_offer asked for: text = SDP
 *   refused   the same refused, with sip_code; everything stays as it was
 *   key       the party it talks to pressed a key: text = one of 0-9 * # A-D; not for one that Gather, screening or hangupOnStar took
 * and what your party does you say with the functions below: leg 0 is the caller. RCML_EVENT_DIGIT tells
 * every key that you did not press yourself, whoever is to hear it. Frames are pushed and pulled in your own time, every
 * 20 ms; nothing of them is in a journal, and they need the setting "media" to be other than direct.
 */

/** Takes over a caller whom you have on a line of your own.
 *  @param out_call  gets the call; may be NULL
 *  @return 0, RCML_E_ARGUMENT when their SDP holds no audio, RCML_E_URI, RCML_E_STATE for frames, or a caller without
 *          SDP, while "media" is direct, RCML_E_CLOSED, RCML_E_BUSY
 *  Thread: [loop].  Ownership: all inputs are copied.  Since 0.1. */
RCML_API int32_t rcml_agent_host_call(
    rcml_agent *agent, const rcml_host_call_options *options, rcml_call_id *out_call,
    rcml_error *error);

/** Your party rings: after "call".
 *  @param leg         the event's
 *  @param sip_code    180..189; 183 = they can be heard already; 0 = 180
 *  @param sdp         RCML_HOST_SDP: the answer to our offer, or NULL; else ignored
 *  @param sdp_length  octets of `sdp`; 0 = up to its NUL
 *  @return 0, RCML_E_GONE, RCML_E_STATE, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [L-13, U-20] */
RCML_API int32_t rcml_host_ring(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, int32_t sip_code, const char *sdp,
    size_t sdp_length, rcml_error *error);

/** Your party answered: after "call", or takes what "offer" asked for (also an "answer" that held an offer).
 *  @param leg         0 = the caller
 *  @param sdp         RCML_HOST_SDP: the answer; else ignored
 *  @param sdp_length  octets of `sdp`; 0 = up to its NUL
 *  @return 0, RCML_E_GONE, RCML_E_STATE when nothing waits for an answer, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [L-17] */
RCML_API int32_t rcml_host_answer(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, const char *sdp, size_t sdp_length,
    rcml_error *error);

/** Your party wants other media (hold, another address): RCML_HOST_SDP only. "accepted" or "refused" follows.
 *  @param sdp         an offer, as in a re-INVITE (RFC 3264)
 *  @param sdp_length  octets of `sdp`; 0 = up to its NUL
 *  @return 0, RCML_E_GONE, RCML_E_STATE while another offer is open, or before somebody talks, RCML_E_BUSY
 *  Thread: [loop].  Ownership: copied.  Since 0.1.  [U-23] */
RCML_API int32_t rcml_host_offer(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, const char *sdp, size_t sdp_length,
    rcml_error *error);

/** Your party does not take what "offer" asked for; its media stays as it was.
 *  @param sip_code  300..699; 0 = 488
 *  @return 0, RCML_E_GONE, RCML_E_STATE, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [U-23] */
RCML_API int32_t rcml_host_refuse(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, int32_t sip_code, rcml_error *error);

/** Your party hung up, gave up waiting, or, a leg that has not answered, does not come.
 *  @param leg       0 = the caller
 *  @param sip_code  why a leg does not come: 486 busy, 603 declined, 404 nobody there, 300..699; 0 = 480, and for all
 *                   who talk or wait
 *  @return 0, RCML_E_GONE, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [L-18, L-27, L-32] */
RCML_API int32_t rcml_host_hang_up(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, int32_t sip_code, rcml_error *error);

/** Your party pressed a key.
 *  @param key  one of 0123456789*#ABCD
 *  @return 0, RCML_E_GONE, RCML_E_STATE before they talk, RCML_E_ARGUMENT, RCML_E_BUSY
 *  Thread: [loop].  Since 0.1.  [U-25] */
RCML_API int32_t rcml_host_press_digit(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, char key, rcml_error *error);

/** What your party says, 20 ms of it.
 *  @param frame   a frame as rcml_host_media has it
 *  @param length  320 octets for RCML_HOST_LINEAR16, else 160
 *  @return 1 when it was taken, 0 when nobody listens to your party yet: the frame is gone, as sound is; RCML_E_GONE,
 *          RCML_E_STATE when the party is none of yours or speaks in SDP, RCML_E_ARGUMENT; RCML_E_BUSY only inside a function
 *          of yours that the library called
 *  Thread: [any]; waits until whoever is at work in the agent is done, and not while that thread sleeps.  Ownership:
 *          copied.  Since 0.1.  */
RCML_API int32_t rcml_host_push(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, const void *frame, size_t length);

/** What your party is to hear next, 20 ms of it. What was lost on its way is made up for, and what comes unsteadily is
 *  evened out.
 *  @param frame   gets a frame
 *  @param length  its room: 320 octets for RCML_HOST_LINEAR16, else 160
 *  @return 1 with a frame; 0 when nothing has come for your party yet, and `frame` is as it was; RCML_E_GONE,
 *          RCML_E_STATE, RCML_E_ARGUMENT; RCML_E_BUSY only inside a function of yours that the library called
 *  Thread: [any], as rcml_host_push.  Since 0.1.  */
RCML_API int32_t rcml_host_pull(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, void *frame, size_t length);

/* ---- Counters and extensions ------------------------------------------------------------------------------ */

/** What an agent counted since it was made, and what is open now. Numbers only grow, but for those that say "now".
 *  Each is counted once, where it happens; nothing is ever reset. rcml_agent_metrics gives each its name for
 *  Prometheus, the extension rcml.metrics a list of them. */
typedef struct rcml_counters {
  size_t struct_size;
  uint64_t uptime_ms;                 /**< now: milliseconds since rcml_agent_create */
  uint64_t calls_active;              /**< now */
  uint64_t calls_incoming;            /**< begun: an INVITE that became a call */
  uint64_t calls_outgoing;            /**< begun: by rcml_agent_call */
  uint64_t calls_host;                /**< begun: by rcml_agent_host_call */
  uint64_t calls_completed;           /**< ended, by the status of RCML_EVENT_ENDED */
  uint64_t calls_busy;
  uint64_t calls_no_answer;
  uint64_t calls_failed;
  uint64_t calls_canceled;
  uint64_t legs_active;               /**< now: initiated, not completed */
  uint64_t legs_started;              /**< parties rung by <Dial>s */
  uint64_t legs_completed;            /**< ended, by their final status [K-7] */
  uint64_t legs_busy;
  uint64_t legs_no_answer;
  uint64_t legs_failed;
  uint64_t legs_canceled;
  uint64_t invites_received;          /**< outside of dialogs, each once however often it is repeated */
  uint64_t invites_sent;              /**< also: again with credentials, to another address, after a redirect */
  uint64_t messages_received;         /**< SIP, repetitions and what cannot be read included */
  uint64_t messages_sent;             /**< SIP, repetitions included */
  uint64_t retransmissions_received;  /**< requests that came again */
  uint64_t retransmissions_sent;      /**< requests, responses and ACKs that had to be sent again */
  uint64_t messages_refused;          /**< dropped or refused, each with an RCML_EVENT_REFUSED */
  uint64_t responses_stray;           /**< responses that belong to nothing under way: dropped */
  uint64_t datagrams_dropped;         /**< ours, lost because the socket's buffer was full */
  uint64_t connections_active;        /**< now: SIP over TCP */
  uint64_t connections_accepted;
  uint64_t connections_opened;
  uint64_t connections_refused;       /**< there was no descriptor for them */
  uint64_t connections_overflowed;    /**< closed, because their peer did not read */
  uint64_t http_active;               /**< now: requests without an answer */
  uint64_t http_2xx;                  /**< ended, by the answer; each repetition and redirect is a request of its own */
  uint64_t http_3xx;
  uint64_t http_4xx;
  uint64_t http_5xx;
  uint64_t http_unresolved;           /**< the server's name is not known */
  uint64_t http_unreachable;          /**< no connection to the server */
  uint64_t http_timed_out;
  uint64_t http_refused;              /**< the URL or its address may not be asked */
  uint64_t http_aborted;              /**< nobody wanted the answer any more */
  uint64_t http_failed;               /**< in any other way: TLS, an answer too large or garbled, no libcurl */
  uint64_t callbacks_waiting;         /**< now: under way, or behind one that is */
  uint64_t callbacks_delivered;
  uint64_t callbacks_given_up;
  uint64_t events_waiting;            /**< now: for rcml_agent_next_event */
  uint64_t events_lost;               /**< the queue was full */
  uint64_t streams_active;            /**< now: RTP, each with a port of its own */
  uint64_t streams_refused;           /**< there was no port or descriptor for them */
  uint64_t packets_received;          /**< RTP, and frames of rcml_host_push */
  uint64_t packets_sent;              /**< RTP and RTCP */
  uint64_t packets_stranger;          /**< dropped: from an address nobody named */
  uint64_t packets_malformed;         /**< dropped: no RTP, or a payload type nobody agreed on */
  uint64_t packets_unwanted;          /**< dropped: there was nobody to pass them on to */
  uint64_t packets_unsent;            /**< dropped: the socket's buffer was full */
  uint64_t recordings_active;         /**< now: files being written */
  uint64_t recordings_completed;
  uint64_t recordings_discarded;      /**< removed: nobody wanted them, or there was nothing to be heard */
  uint64_t recordings_failed;         /**< the file could not be made or written to its end */
  uint64_t keys_media;                /**< pressed: by RFC 4733, or heard in the sound */
  uint64_t keys_info;                 /**< pressed: by INFO */
  uint64_t keys_host;                 /**< pressed: by rcml_call_press_digit or rcml_host_press_digit */
  uint64_t journal_octets;            /**< written */
  uint64_t descriptors_open;          /**< now: of the loop, listeners, connections, RTP and files; libcurl, c-ares and
                                           programs that speak have their own */
  uint64_t refused_max_calls;         /**< calls, by max_calls [Y-13] */
  uint64_t refused_max_calls_per_source; /**< calls, by max_calls_per_source */
  uint64_t refused_max_memory;        /**< calls, by max_memory */
  uint64_t refused_overload;          /**< calls: what came before them waited too long */
  uint64_t refused_max_connections;   /**< SIP connections, by max_connections */
  uint64_t refused_max_connections_per_address; /**< SIP connections, by max_connections_per_address */
  uint64_t refused_web_turns;         /**< web requests that did not get their turn in time */
  uint64_t refused_max_call_duration; /**< calls that were ended, by max_call_duration */
  uint64_t refused_max_documents_per_call; /**< documents, by max_documents_per_call */
  uint64_t refused_max_returns;       /**< calls of ours that came back, by max_returns */
  uint64_t refused_max_breadth;       /**< legs, by max_breadth */
} rcml_counters;
#define RCML_COUNTERS_INIT                                                                                    \
  {sizeof(rcml_counters), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    \
   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,      \
   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}

/** Reads all counters. Changes nothing.
 *  @param counters  set up with RCML_COUNTERS_INIT
 *  @return 0, RCML_E_ARGUMENT, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_counters(rcml_agent *agent, rcml_counters *counters);

/** The counters in the text format of Prometheus, version 0.0.4: `# HELP`, `# TYPE`, samples. To be served as
 *  text/plain; version=0.0.4. Names and labels are never changed within a major version, only added to.
 *  @param buffer  gets the text and a NUL, cut off at `size`; may be NULL when `size` is 0; 16384 hold it all
 *  @param size    octets of `buffer`
 *  @return the length of the whole text, RCML_E_ARGUMENT, RCML_E_BUSY or another failure of the agent
 *  Thread: [loop].  Since 0.1. */
RCML_API int32_t rcml_agent_metrics(rcml_agent *agent, char *buffer, size_t size);

/** What a metric does. */
typedef enum rcml_metric_kind {
  RCML_METRIC_COUNTER = 1, /**< only grows */
  RCML_METRIC_GAUGE = 2    /**< how it stands now */
} rcml_metric_kind;

/** One member of rcml_counters under its name for Prometheus. Strings are static. */
typedef struct rcml_metric_info {
  size_t struct_size;
  int32_t kind;       /**< an rcml_metric_kind */
  const char *name;   /**< rcml_calls_total */
  const char *labels; /**< result="busy"; "" = none */
  const char *help;   /**< one sentence */
  const char *member; /**< calls_busy */
  size_t offset;      /**< of the member in rcml_counters: a uint64_t lies there */
  uint64_t divisor;   /**< the metric is the member divided by this: 1000 turns milliseconds into seconds */
} rcml_metric_info;
#define RCML_METRIC_INFO_INIT {sizeof(rcml_metric_info), 0, "", "", "", "", 0, 1}

/** The extension "rcml.metrics", revision 1: what rcml_agent_metrics writes, as a list, for hosts that feed another
 *  system than Prometheus, or add labels of their own. */
typedef struct rcml_metrics_extension {
  size_t struct_size;
  /** A metric by its place in rcml_counters: samples of one name need not stand side by side.
   *  @param index  from 0
   *  @return 1 and the metric, 0 behind the last one, RCML_E_ARGUMENT
   *  Thread: [any] [wake].  Ownership: strings are static.  Since 0.1. */
  int32_t (*entry)(size_t index, rcml_metric_info *info);
} rcml_metrics_extension;
#define RCML_METRICS_EXTENSION "rcml.metrics"

/** Powers that not every host wants and not every library has, by name. Ask at run time, use what you get, and do
 *  without when it is NULL; a program needs no newer library for it than for the rest of this header.
 *
 *  An id is lower-case words with dots between. Those of this project begin with "rcml."; those with "rcml.draft." are
 *  drafts, which may be gone in any later version. One that stays is found under its id without "draft", too, and under
 *  the old one until the next major version. Behind an id and a revision there is always the same struct of functions.
 *  It begins with struct_size, and grows only at its end: look at struct_size before you use a member that came later.
 *  What cannot be had that way is a new revision; older ones stay beside it within a major version, drafts excepted.
 *  @param id        RCML_METRICS_EXTENSION
 *  @param revision  from 1; the one whose struct you were compiled with
 *  @return the struct, or NULL when this library does not have that id in that revision
 *  Thread: [any] [wake].  Ownership: static, and the same each time.  Since 0.1. */
RCML_API const void *rcml_extension(const char *id, uint32_t revision);

/* ---- Documents and journals ------------------------------------------------------------------------------- */

/** Checks a document without running it: all findings in one pass, in the order of the text.
 *  @param text      the document
 *  @param length    octets of `text`; 0 = up to its NUL
 *  @param function  gets each finding; may be NULL
 *  @return 0 when it would run, perhaps with warnings; RCML_E_DOCUMENT when not, RCML_E_ARGUMENT
 *  Thread: [any].  Ownership: nothing is kept.  Since 0.1.  [E-7] */
RCML_API int32_t rcml_document_check(
    const char *text, size_t length, rcml_finding_function function, void *context,
    rcml_error *error);

/** Checks a document as rcml_document_check does, the way an agent with these settings would read it.
 *  @param text      the document
 *  @param length    octets of `text`; 0 = up to its NUL
 *  @param options   NULL = the default settings
 *  @param function  gets each finding; may be NULL
 *  @return as rcml_document_check, or RCML_E_SETTING
 *  Thread: [any].  Ownership: nothing is kept.  Since 0.1.  [E-7] */
RCML_API int32_t rcml_document_check_with(
    const char *text, size_t length, const rcml_check_options *options, rcml_finding_function function,
    void *context, rcml_error *error);

/** Reads the parties that a document would dial, without running it, for a host that dials them itself.
 *  @param text      the document
 *  @param length    octets of `text`; 0 = up to its NUL
 *  @param options   NULL = the default settings
 *  @param function  gets each of them, in the order of the text
 *  @return 0, RCML_E_DOCUMENT when the document would not run, RCML_E_SETTING, RCML_E_ARGUMENT
 *  Thread: [any].  Ownership: nothing is kept.  Since 0.1. */
RCML_API int32_t rcml_document_targets(
    const char *text, size_t length, const rcml_check_options *options, rcml_target_function function,
    void *context, rcml_error *error);

/** Feeds a journal to a fresh agent, without network and clock, and compares what it does, octet for octet.
 *  @param path    the journal
 *  @param result  what was found; may be NULL
 *  @return 0 when it is the same, RCML_E_DIFFERS, RCML_E_FILE, RCML_E_JOURNAL
 *  Thread: [any].  Since 0.1. */
RCML_API int32_t rcml_journal_replay(
    const char *path, rcml_replay_result *result, rcml_error *error);

/** Draws the ladder of a journal: SIP messages, HTTP requests, events, with times. Or lists its calls, says why they ended
 *  as they did, or hands all of it out as JSON (options: form).
 *  @param path      the journal
 *  @param options   NULL = all calls
 *  @param function  gets the text, piece by piece
 *  @return 0, RCML_E_ARGUMENT, RCML_E_FILE, RCML_E_JOURNAL, RCML_E_GONE when it holds no such call
 *  Thread: [any].  Since 0.1. */
RCML_API int32_t rcml_journal_ladder(
    const char *path, const rcml_ladder_options *options, rcml_text_function function, void *context,
    rcml_error *error);

/** Hands out the SIP messages of a journal in their order, whole also where TCP brought them in pieces.
 *  @param path     the journal
 *  @param options  NULL = all calls, and what belongs to no call
 *  @return 0, RCML_E_FILE, RCML_E_JOURNAL, RCML_E_GONE when it holds no such call
 *  Thread: [any].  Since 0.1. */
RCML_API int32_t rcml_journal_messages(
    const char *path, const rcml_ladder_options *options, rcml_trace_function function, void *context,
    rcml_error *error);

/** Runs a document in virtual time against scripted parties and a scripted web server: no network, no clock, and
 *  nothing but you is told. Hosts and targets are answered at once: a name leads to a made-up address, every target is
 *  dialled, every URL is asked for, nobody has credentials.
 *  @param function  gets every event as it happens; may be NULL
 *  @param ladder    gets the ladder of the call, as rcml_journal_ladder draws it; may be NULL
 *  @param context   for both functions
 *  @return 0; 1 when a status callback was lost; RCML_E_ARGUMENT, with the column in an outcome that cannot be read;
 *          RCML_E_SETTING, RCML_E_URI, RCML_E_FILE; after everything was told, RCML_E_STATE when the caller was turned
 *          away before there was a call, and RCML_E_LIMIT when the call has not ended within five hours or 100000 steps
 *  Thread: [any].  Ownership: nothing is kept.  Since 0.1.  [E-7] */
RCML_API int32_t rcml_simulate(
    const rcml_simulation *simulation, rcml_simulation_function function, rcml_text_function ladder,
    void *context, rcml_error *error);

#ifdef __cplusplus
}
#endif
#endif
