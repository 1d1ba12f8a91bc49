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
typedef struct rcml_agent rcml_agent;
typedef uint64_t rcml_call_id;
typedef uint64_t rcml_leg_id;
typedef uint64_t rcml_request_id;
typedef enum rcml_status {
  RCML_OK = 0,
  RCML_E_ARGUMENT = -1,
  RCML_E_HANDLE = -2,
  RCML_E_GONE = -3,
  RCML_E_STATE = -4,
  RCML_E_BUSY = -5,
  RCML_E_FORK = -6,
  RCML_E_SETTING = -7,
  RCML_E_ADDRESS = -8,
  RCML_E_URI = -9,
  RCML_E_BIND = -10,
  RCML_E_LIMIT = -11,
  RCML_E_CLOSED = -12,
  RCML_E_FILE = -13,
  RCML_E_DOCUMENT = -14,
  RCML_E_JOURNAL = -15,
  RCML_E_DIFFERS = -16,
  RCML_E_SYSTEM = -17,
  RCML_E_UNSUPPORTED = -18
} rcml_status;
typedef struct rcml_error {
  size_t struct_size;
  int32_t code;
  int32_t sip_status;
  int32_t line;
  int32_t column;
  char message[256];
} rcml_error;
#define RCML_ERROR_INIT {sizeof(rcml_error), 0, 0, 0, 0, {0}}
typedef struct rcml_document {
  size_t struct_size;
  const char *text;
  size_t length;
  const char *base_url;
  const char *url;
  const char *method;
  const char *const *settings;
  size_t setting_count;
} rcml_document;
#define RCML_DOCUMENT_INIT {sizeof(rcml_document), NULL, 0, NULL, NULL, NULL, NULL, 0}
typedef enum rcml_event_kind {
  RCML_EVENT_NONE = 0,
  RCML_EVENT_INCOMING = 1,
  RCML_EVENT_RINGING = 2,
  RCML_EVENT_ANSWERED = 3,
  RCML_EVENT_STATUS = 4,
  RCML_EVENT_DIAL = 5,
  RCML_EVENT_FINDING = 6,
  RCML_EVENT_DIGIT = 7,
  RCML_EVENT_ENDED = 8,
  RCML_EVENT_REQUEST = 9,
  RCML_EVENT_MESSAGE = 10,
  RCML_EVENT_REFUSED = 11,
  RCML_EVENT_DRAINED = 12,
  RCML_EVENT_CREDENTIALS = 13,
  RCML_EVENT_TARGET = 14,
  RCML_EVENT_CALLBACK = 15,
  RCML_EVENT_URL = 16,
  RCML_EVENT_RECORDING = 17,
  RCML_EVENT_SPEECH = 18,
  RCML_EVENT_HOST = 19,
  RCML_EVENT_VERB = 20,
  RCML_EVENT_EXCHANGE = 21
} rcml_event_kind;
typedef struct rcml_event {
  size_t struct_size;
  int32_t kind;
  int32_t severity;
  rcml_call_id call;
  rcml_leg_id leg;
  rcml_request_id request;
  const char *name;
  const char *status;
  const char *call_sid;
  const char *leg_sid;
  const char *from;
  const char *to;
  const char *hangup_by;
  const char *screening;
  int32_t sip_code;
  int32_t duration;
  int32_t ring_duration;
  bool bridged;
  bool sent;
  const char *text;
  size_t text_length;
  int32_t code;
  int32_t line;
  int32_t column;
  const char *peer;
  const char *method;
  const char *url;
  const char *body;
  size_t body_length;
  int32_t deadline_ms;
  const char *realm;
  int32_t attempts;
  const char *language;
  const char *markup;
  const char *content_type;
  int64_t size;
  int32_t elapsed_ms;
  const char *reason;
  int32_t reason_code;
  const char *reason_text;
  const char *from_name;
  void *context;
  const char *peer_name;
} rcml_event;
#define RCML_EVENT_INIT                                                                                   \
  {sizeof(rcml_event), 0, 0, 0, 0, 0, "", "", "", "", "", "", "", "", 0, 0, 0, false, false, "", 0, 0, 0, \
   0, "", "", "", "", 0, 0, "", 0, "", "", "", 0, 0, "", 0, "", "", NULL, ""}
typedef struct rcml_call_options {
  size_t struct_size;
  const char *party;
  const char *from;
  const rcml_document *document;
  int32_t timeout;
  void *context;
} rcml_call_options;
#define RCML_CALL_OPTIONS_INIT {sizeof(rcml_call_options), NULL, NULL, NULL, 0, NULL}
typedef enum rcml_host_media {
  RCML_HOST_SDP = 0,
  RCML_HOST_LINEAR16 = 1,
  RCML_HOST_PCMU = 2,
  RCML_HOST_PCMA = 3
} rcml_host_media;
typedef struct rcml_host_call_options {
  size_t struct_size;
  const char *from;
  const char *to;
  const char *name;
  int32_t media;
  const char *sdp;
  size_t sdp_length;
  const rcml_document *document;
  void *context;
  const char *headers;
  const char *diversion;
  bool withheld;
  bool answered;
  const char *const *settings;
  size_t setting_count;
} rcml_host_call_options;
#define RCML_HOST_CALL_OPTIONS_INIT                                                                     \
  {sizeof(rcml_host_call_options), NULL, NULL, NULL, RCML_HOST_LINEAR16, NULL, 0, NULL, NULL, NULL, NULL, \
   false, false, NULL, 0}
typedef struct rcml_call_info {
  size_t struct_size;
  const char *sid;
  const char *from;
  const char *to;
  const char *status;
  bool outgoing;
  bool answered;
  uint32_t legs;
  void *context;
} rcml_call_info;
#define RCML_CALL_INFO_INIT {sizeof(rcml_call_info), "", "", "", "", false, false, 0, NULL}
typedef struct rcml_leg_info {
  size_t struct_size;
  rcml_leg_id leg;
  const char *sid;
  const char *to;
  const char *status;
  int32_t sip_code;
  bool ended;
} rcml_leg_info;
#define RCML_LEG_INFO_INIT {sizeof(rcml_leg_info), 0, "", "", "", 0, false}
typedef struct rcml_finding {
  size_t struct_size;
  int32_t severity;
  int32_t code;
  const char *name;
  int32_t line;
  int32_t column;
  const char *text;
  const char *excerpt;
} rcml_finding;
typedef struct rcml_check_options {
  size_t struct_size;
  const char *base_url;
  const char *const *settings;
  size_t setting_count;
  const char *content_type;
} rcml_check_options;
#define RCML_CHECK_OPTIONS_INIT {sizeof(rcml_check_options), NULL, NULL, 0, NULL}
typedef struct rcml_target {
  size_t struct_size;
  int32_t dial;
  int32_t target;
  const char *noun;
  const char *text;
  const char *uri;
  const char *headers;
  const char *attributes;
  const char *username;
  const char *password;
  int32_t timeout;
  bool sequential;
  int32_t code;
  int32_t line;
  int32_t column;
} rcml_target;
typedef void (*rcml_target_function)(void *context, const rcml_target *target);
typedef void (*rcml_finding_function)(void *context, const rcml_finding *finding);
typedef void (*rcml_text_function)(void *context, const char *text, size_t length);
typedef void (*rcml_event_function)(void *context, rcml_agent *agent, const rcml_event *event);
typedef void (*rcml_wake_function)(void *context);
typedef struct rcml_catalogue_info {
  size_t struct_size;
  int32_t code;
  const char *name;
  const char *text;
  const char *cause;
  const char *fix;
} rcml_catalogue_info;
#define RCML_CATALOGUE_INFO_INIT {sizeof(rcml_catalogue_info), 0, "", "", "", ""}
typedef enum rcml_setting_kind {
  RCML_SETTING_CHOICE = 1,
  RCML_SETTING_FLAG = 2,
  RCML_SETTING_NUMBER = 3,
  RCML_SETTING_SECONDS = 4,
  RCML_SETTING_TEXT = 5,
  RCML_SETTING_LIST = 6,
  RCML_SETTING_SECRET = 7
} rcml_setting_kind;
typedef struct rcml_setting_info {
  size_t struct_size;
  int32_t kind;
  const char *name;
  const char *theme;
  const char *values;
  const char *default_value;
  const char *presets;
  const char *text;
  const char *example;
  const char *clause;
  int64_t minimum;
  int64_t maximum;
  const char *scope;
} rcml_setting_info;
#define RCML_SETTING_INFO_INIT {sizeof(rcml_setting_info), 0, "", "", "", "", "", "", "", "", 0, 0, ""}
typedef struct rcml_replay_result {
  size_t struct_size;
  uint64_t records;
  uint64_t inputs;
  uint64_t outputs;
  int64_t duration_ms;
  bool torn;
  char difference[512];
} rcml_replay_result;
#define RCML_REPLAY_RESULT_INIT {sizeof(rcml_replay_result), 0, 0, 0, 0, false, {0}}
typedef struct rcml_ladder_options {
  size_t struct_size;
  const char *call;
  const char *form;
  const char *choice;
  const char *time;
} rcml_ladder_options;
#define RCML_LADDER_OPTIONS_INIT {sizeof(rcml_ladder_options), NULL, NULL, NULL, NULL}
typedef struct rcml_trace_message {
  size_t struct_size;
  int64_t at_us;
  int64_t unix_us;
  bool sent;
  const char *local;
  const char *peer;
  uint64_t connection;
  const char *call_sid;
  const char *text;
  size_t length;
} rcml_trace_message;
typedef void (*rcml_trace_function)(void *context, const rcml_trace_message *message);
typedef struct rcml_simulated_answer {
  size_t struct_size;
  const char *url;
  int32_t status;
  const char *content_type;
  const char *body;
  size_t length;
} rcml_simulated_answer;
#define RCML_SIMULATED_ANSWER_INIT {sizeof(rcml_simulated_answer), NULL, 200, NULL, NULL, 0}
typedef struct rcml_simulation {
  size_t struct_size;
  const rcml_document *document;
  const char *const *outcomes;
  size_t outcome_count;
  const rcml_simulated_answer *const *answers;
  size_t answer_count;
  const char *const *settings;
  size_t setting_count;
  const char *from;
  const char *to;
  bool outgoing;
  int64_t caller_hangs_up_ms;
  uint64_t seed;
  const char *journal;
} rcml_simulation;
#define RCML_SIMULATION_INIT \
  {sizeof(rcml_simulation), NULL, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, false, -1, 0, NULL}
typedef void (*rcml_simulation_function)(void *context, int64_t at_ms, const rcml_event *event);
RCML_API const char *rcml_version(void);
RCML_API const char *rcml_status_name(int32_t code);
RCML_API const char *rcml_status_text(int32_t code);
RCML_API int32_t rcml_catalogue_entry(size_t index, rcml_catalogue_info *info);
RCML_API const char *rcml_event_name(int32_t kind);
RCML_API rcml_agent *rcml_agent_create(rcml_error *error);
RCML_API int32_t rcml_agent_destroy(rcml_agent *agent);
RCML_API int32_t rcml_agent_set(
    rcml_agent *agent, const char *name, const char *value, rcml_error *error);
RCML_API int32_t rcml_agent_get(
    rcml_agent *agent, const char *name, char *buffer, size_t size, rcml_error *error);
RCML_API int32_t rcml_setting_entry(size_t index, rcml_setting_info *info);
RCML_API int32_t rcml_agent_journal(rcml_agent *agent, const char *path, rcml_error *error);
RCML_API int32_t rcml_agent_trace(rcml_agent *agent, int32_t calls, rcml_error *error);
RCML_API int32_t rcml_agent_ladder(
    rcml_agent *agent, const rcml_ladder_options *options, rcml_text_function function, void *context,
    rcml_error *error);
RCML_API int32_t rcml_agent_listen(rcml_agent *agent, const char *address, rcml_error *error);
RCML_API int32_t rcml_agent_listener(rcml_agent *agent, size_t index, char *buffer, size_t size);
RCML_API int32_t rcml_agent_unlisten(rcml_agent *agent, size_t index, rcml_error *error);
RCML_API int32_t rcml_agent_default_document(
    rcml_agent *agent, const rcml_document *document, rcml_error *error);
RCML_API int32_t rcml_agent_call(
    rcml_agent *agent, const rcml_call_options *options, rcml_call_id *out_call, rcml_error *error);
RCML_API int32_t rcml_agent_answer_request(
    rcml_agent *agent, rcml_request_id request, int32_t status, const char *content_type,
    const char *body, size_t length, rcml_error *error);
RCML_API int32_t rcml_agent_answer_credentials(
    rcml_agent *agent, rcml_request_id request, const char *username, const char *password,
    rcml_error *error);
RCML_API int32_t rcml_agent_answer_target(
    rcml_agent *agent, rcml_request_id request, bool allow, const char *uri, const char *username,
    const char *password, rcml_error *error);
RCML_API int32_t rcml_agent_answer_url(
    rcml_agent *agent, rcml_request_id request, bool allow, rcml_error *error);
RCML_API int32_t rcml_agent_answer_speech(
    rcml_agent *agent, rcml_request_id request, const char *content_type, const char *body,
    size_t length, rcml_error *error);
RCML_API int32_t rcml_agent_answer_verb(
    rcml_agent *agent, rcml_request_id request, bool done, const rcml_document *document,
    rcml_error *error);
RCML_API int32_t rcml_agent_drain(rcml_agent *agent);
RCML_API int32_t rcml_agent_stop(rcml_agent *agent);
RCML_API int32_t rcml_agent_fd(rcml_agent *agent);
RCML_API int64_t rcml_agent_deadline_ms(rcml_agent *agent);
RCML_API int32_t rcml_agent_process(rcml_agent *agent);
RCML_API int32_t rcml_agent_next_event(rcml_agent *agent, rcml_event *event);
RCML_API int32_t rcml_event_parameter(
    const rcml_event *event, const char *name, char *buffer, size_t size);
RCML_API int32_t rcml_agent_wait(rcml_agent *agent, int64_t timeout_ms, rcml_event *event);
RCML_API int32_t rcml_agent_run(
    rcml_agent *agent, rcml_event_function function, void *context, rcml_error *error);
RCML_API int32_t rcml_agent_start(
    rcml_agent *agent, rcml_wake_function wake, void *context, rcml_error *error);
RCML_API int32_t rcml_call_run(
    rcml_agent *agent, rcml_call_id call, const rcml_document *document, rcml_error *error);
RCML_API int32_t rcml_call_ring(
    rcml_agent *agent, rcml_call_id call, int32_t sip_code, rcml_error *error);
RCML_API int32_t rcml_call_answer(rcml_agent *agent, rcml_call_id call, rcml_error *error);
RCML_API int32_t rcml_call_reject(
    rcml_agent *agent, rcml_call_id call, int32_t sip_code, const char *phrase, rcml_error *error);
RCML_API int32_t rcml_call_hang_up(rcml_agent *agent, rcml_call_id call, rcml_error *error);
RCML_API int32_t rcml_call_end_dial(rcml_agent *agent, rcml_call_id call, rcml_error *error);
RCML_API int32_t rcml_call_press_digit(
    rcml_agent *agent, rcml_call_id call, char key, rcml_error *error);
RCML_API int32_t rcml_call_record(
    rcml_agent *agent, rcml_call_id call, const char *path, rcml_error *error);
RCML_API int32_t rcml_call_set_context(rcml_agent *agent, rcml_call_id call, void *context);
RCML_API int32_t rcml_call_state(rcml_agent *agent, rcml_call_id call, rcml_call_info *info);
RCML_API int32_t rcml_call_leg(
    rcml_agent *agent, rcml_call_id call, size_t index, rcml_leg_info *info);
RCML_API int32_t rcml_agent_host_call(
    rcml_agent *agent, const rcml_host_call_options *options, rcml_call_id *out_call,
    rcml_error *error);
RCML_API int32_t rcml_host_ring(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, int32_t sip_code, const char *sdp,
    size_t sdp_length, rcml_error *error);
RCML_API int32_t rcml_host_answer(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, const char *sdp, size_t sdp_length,
    rcml_error *error);
RCML_API int32_t rcml_host_offer(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, const char *sdp, size_t sdp_length,
    rcml_error *error);
RCML_API int32_t rcml_host_refuse(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, int32_t sip_code, rcml_error *error);
RCML_API int32_t rcml_host_hang_up(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, int32_t sip_code, rcml_error *error);
RCML_API int32_t rcml_host_press_digit(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, char key, rcml_error *error);
RCML_API int32_t rcml_host_push(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, const void *frame, size_t length);
RCML_API int32_t rcml_host_pull(
    rcml_agent *agent, rcml_call_id call, rcml_leg_id leg, void *frame, size_t length);
typedef struct rcml_counters {
  size_t struct_size;
  uint64_t uptime_ms;
  uint64_t calls_active;
  uint64_t calls_incoming;
  uint64_t calls_outgoing;
  uint64_t calls_host;
  uint64_t calls_completed;
  uint64_t calls_busy;
  uint64_t calls_no_answer;
  uint64_t calls_failed;
  uint64_t calls_canceled;
  uint64_t legs_active;
  uint64_t legs_started;
  uint64_t legs_completed;
  uint64_t legs_busy;
  uint64_t legs_no_answer;
  uint64_t legs_failed;
  uint64_t legs_canceled;
  uint64_t invites_received;
  uint64_t invites_sent;
  uint64_t messages_received;
  uint64_t messages_sent;
  uint64_t retransmissions_received;
  uint64_t retransmissions_sent;
  uint64_t messages_refused;
  uint64_t responses_stray;
  uint64_t datagrams_dropped;
  uint64_t connections_active;
  uint64_t connections_accepted;
  uint64_t connections_opened;
  uint64_t connections_refused;
  uint64_t connections_overflowed;
  uint64_t http_active;
  uint64_t http_2xx;
  uint64_t http_3xx;
  uint64_t http_4xx;
  uint64_t http_5xx;
  uint64_t http_unresolved;
  uint64_t http_unreachable;
  uint64_t http_timed_out;
  uint64_t http_refused;
  uint64_t http_aborted;
  uint64_t http_failed;
  uint64_t callbacks_waiting;
  uint64_t callbacks_delivered;
  uint64_t callbacks_given_up;
  uint64_t events_waiting;
  uint64_t events_lost;
  uint64_t streams_active;
  uint64_t streams_refused;
  uint64_t packets_received;
  uint64_t packets_sent;
  uint64_t packets_stranger;
  uint64_t packets_malformed;
  uint64_t packets_unwanted;
  uint64_t packets_unsent;
  uint64_t recordings_active;
  uint64_t recordings_completed;
  uint64_t recordings_discarded;
  uint64_t recordings_failed;
  uint64_t keys_media;
  uint64_t keys_info;
  uint64_t keys_host;
  uint64_t journal_octets;
  uint64_t descriptors_open;
  uint64_t refused_max_calls;
  uint64_t refused_max_calls_per_source;
  uint64_t refused_max_memory;
  uint64_t refused_overload;
  uint64_t refused_max_connections;
  uint64_t refused_max_connections_per_address;
  uint64_t refused_web_turns;
  uint64_t refused_max_call_duration;
  uint64_t refused_max_documents_per_call;
  uint64_t refused_max_returns;
  uint64_t refused_max_breadth;
} rcml_counters;
#define RCML_COUNTERS_INIT                                                                                    \
  {sizeof(rcml_counters), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    \
   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,      \
   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
RCML_API int32_t rcml_agent_counters(rcml_agent *agent, rcml_counters *counters);
RCML_API int32_t rcml_agent_metrics(rcml_agent *agent, char *buffer, size_t size);
typedef enum rcml_metric_kind {
  RCML_METRIC_COUNTER = 1,
  RCML_METRIC_GAUGE = 2
} rcml_metric_kind;
typedef struct rcml_metric_info {
  size_t struct_size;
  int32_t kind;
  const char *name;
  const char *labels;
  const char *help;
  const char *member;
  size_t offset;
  uint64_t divisor;
} rcml_metric_info;
#define RCML_METRIC_INFO_INIT {sizeof(rcml_metric_info), 0, "", "", "", "", 0, 1}
typedef struct rcml_metrics_extension {
  size_t struct_size;
  int32_t (*entry)(size_t index, rcml_metric_info *info);
} rcml_metrics_extension;
#define RCML_METRICS_EXTENSION "rcml.metrics"
RCML_API const void *rcml_extension(const char *id, uint32_t revision);
RCML_API int32_t rcml_document_check(
    const char *text, size_t length, rcml_finding_function function, void *context,
    rcml_error *error);
RCML_API int32_t rcml_document_check_with(
    const char *text, size_t length, const rcml_check_options *options, rcml_finding_function function,
    void *context, rcml_error *error);
RCML_API int32_t rcml_document_targets(
    const char *text, size_t length, const rcml_check_options *options, rcml_target_function function,
    void *context, rcml_error *error);
RCML_API int32_t rcml_journal_replay(
    const char *path, rcml_replay_result *result, rcml_error *error);
RCML_API int32_t rcml_journal_ladder(
    const char *path, const rcml_ladder_options *options, rcml_text_function function, void *context,
    rcml_error *error);
RCML_API int32_t rcml_journal_messages(
    const char *path, const rcml_ladder_options *options, rcml_trace_function function, void *context,
    rcml_error *error);
RCML_API int32_t rcml_simulate(
    const rcml_simulation *simulation, rcml_simulation_function function, rcml_text_function ladder,
    void *context, rcml_error *error);
#ifdef __cplusplus
}
#endif
#endif
