/* mod_rcml: RCML documents in FreeSWITCH's dialplan and console, over the part that server modules share.
 *
 *   application  rcml <document>      a URL, the name of a document in rcml.conf.xml, or a file below "documents"
 *   API          rcml show …          see usage below
 *
 * A session's thread owns its channel; nothing here is shared between sessions but the module itself. What runs on the
 * agent's thread only fires events and writes to the log, both of which FreeSWITCH queues. MIT licence, see LICENSE. */
#include <switch.h>

#include <poll.h>
#include <server_module.h>

SWITCH_MODULE_LOAD_FUNCTION(mod_rcml_load);
SWITCH_MODULE_SHUTDOWN_FUNCTION(mod_rcml_shutdown);
SWITCH_MODULE_DEFINITION(mod_rcml, mod_rcml_load, mod_rcml_shutdown, NULL);

#define EVENT_CALL "rcml::call"
#define EVENT_LEG "rcml::leg"
#define EVENT_DIAL "rcml::dial"
#define EVENT_FINDING "rcml::finding"
#define HEADER_VARIABLE "rcml_header_"
#define SAMPLES 160
/* What a session that reads on a clock of its own may have waiting: 80 ms. */
#define BACKLOG 4
/* Calls may go on so long when the module is unloaded. */
#define UNLOAD_WAIT_MS 2000

static struct {
  switch_mutex_t *mutex; /* configuration, module: made on first use */
  rcml_configuration *configuration;
  rcml_module *module;
} globals;

/* ---- Configuration ------------------------------------------------------------------------------------------ */

/* The <param>s of one element, as lines of a section; how many could not be taken. */
static int add_params(rcml_configuration *configuration, const char *section, switch_xml_t parent) {
  int bad = 0;
  for (switch_xml_t param = switch_xml_child(parent, "param"); param; param = param->next) {
    const char *name = switch_xml_attr_soft(param, "name"), *value = switch_xml_attr_soft(param, "value");
    rcml_error error = RCML_ERROR_INIT;
    if (rcml_configuration_add(configuration, section, name, value, 0, &error) == RCML_OK) continue;
    switch_log_printf(SWITCH_CHANNEL_LOG, SWITCH_LOG_ERROR, "rcml.conf.xml: %s\n", error.message);
    bad++;
  }
  return bad;
}

static int add_documents(rcml_configuration *configuration, switch_xml_t root) {
  switch_xml_t documents = switch_xml_child(root, "documents");
  int bad = 0;
  if (!documents) return 0;
  for (switch_xml_t document = switch_xml_child(documents, "document"); document; document = document->next)
    bad += add_params(configuration, switch_xml_attr_soft(document, "name"), document);
  return bad;
}

/* NULL when something is wrong in it: all of that stands in the log then. */
static rcml_configuration *read_configuration(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *configuration = rcml_configuration_create(&error);
  switch_xml_t file, root = NULL, settings;
  int bad = 0;
  if (!configuration) {
    switch_log_printf(SWITCH_CHANNEL_LOG, SWITCH_LOG_ERROR, "rcml: %s\n", error.message);
    return NULL;
  }
  file = switch_xml_open_cfg("rcml.conf", &root, NULL);
  if (!file) {
    switch_log_printf(SWITCH_CHANNEL_LOG, SWITCH_LOG_WARNING, "rcml.conf.xml cannot be opened; defaults hold\n");
    return configuration;
  }
  if ((settings = switch_xml_child(root, "settings"))) bad = add_params(configuration, "general", settings);
  bad += add_documents(configuration, root);
  switch_xml_free(file);
  if (rcml_configuration_check(configuration, &error) < 0) {
    switch_log_printf(SWITCH_CHANNEL_LOG, SWITCH_LOG_ERROR, "rcml.conf.xml: %s\n", error.message);
    bad++;
  }
  if (!bad) return configuration;
  rcml_configuration_release(configuration);
  return NULL;
}

/* ---- What the agent's thread tells -------------------------------------------------------------------------- */

static void add(switch_event_t *event, const char *name, const char *value) {
  if (value && *value) switch_event_add_header_string(event, SWITCH_STACK_BOTTOM, name, value);
}

/* CUSTOM events carry what all of them have in common, and then their own. */
static switch_event_t *make_event(const char *subclass, const rcml_event *told, rcml_channel *caller) {
  switch_event_t *event = NULL;
  if (switch_event_create_subclass(&event, SWITCH_EVENT_CUSTOM, subclass) != SWITCH_STATUS_SUCCESS) return NULL;
  add(event, "RCML-Call-SID", told->call_sid);
  if (caller) {
    add(event, "Unique-ID", rcml_channel_identity(caller));
    add(event, "Channel-Name", rcml_channel_name(caller));
  }
  add(event, "RCML-Name", told->name);
  add(event, "RCML-Status", told->status);
  add(event, "RCML-Reason", told->reason);
  add(event, "RCML-Reason-Text", told->reason_text);
  if (told->sip_code) switch_event_add_header(event, SWITCH_STACK_BOTTOM, "RCML-SIP-Code", "%d", told->sip_code);
  return event;
}

static void call_ended(const rcml_event *told, rcml_channel *caller) {
  switch_event_t *event = make_event(EVENT_CALL, told, caller);
  if (!event) return;
  add(event, "RCML-Hangup-By", told->hangup_by);
  switch_event_add_header(event, SWITCH_STACK_BOTTOM, "RCML-Duration", "%d", told->duration);
  switch_event_fire(&event);
}

static void leg_moved(const rcml_event *told, rcml_channel *caller) {
  switch_event_t *event = make_event(EVENT_LEG, told, caller);
  if (!event) return;
  add(event, "RCML-Leg-SID", told->leg_sid);
  add(event, "RCML-To", told->to);
  switch_event_fire(&event);
}

static void dial_over(const rcml_event *told, rcml_channel *caller) {
  switch_event_t *event = make_event(EVENT_DIAL, told, caller);
  if (!event) return;
  add(event, "RCML-Bridged", told->bridged ? "true" : "false");
  switch_event_add_header(event, SWITCH_STACK_BOTTOM, "RCML-Duration", "%d", told->duration);
  switch_event_fire(&event);
}

static void found(const rcml_event *told, rcml_channel *caller) {
  switch_event_t *event = make_event(EVENT_FINDING, told, caller);
  switch_log_printf(SWITCH_CHANNEL_LOG, told->severity > 0 ? SWITCH_LOG_WARNING : SWITCH_LOG_INFO,
                    "rcml: %s: %d:%d: %s (%s)\n", caller ? rcml_channel_name(caller) : told->call_sid, told->line,
                    told->column, told->text, told->name);
  if (!event) return;
  add(event, "RCML-Text", told->text);
  switch_event_add_header(event, SWITCH_STACK_BOTTOM, "RCML-Line", "%d", told->line);
  switch_event_add_header(event, SWITCH_STACK_BOTTOM, "RCML-Column", "%d", told->column);
  switch_event_fire(&event);
}

static void happened(void *context, const rcml_event *told, rcml_channel *caller, rcml_channel *leg) {
  (void)context, (void)leg;
  switch (told->kind) {
    case RCML_EVENT_STATUS: leg_moved(told, caller); break;
    case RCML_EVENT_DIAL: dial_over(told, caller); break;
    case RCML_EVENT_FINDING: found(told, caller); break;
    case RCML_EVENT_ENDED: call_ended(told, caller); break;
    case RCML_EVENT_MESSAGE:
      switch_log_printf(SWITCH_CHANNEL_LOG, SWITCH_LOG_CONSOLE, "rcml: %s %s\n%s\n",
                        told->sent ? "sent to" : "received from", told->peer, told->text);
      break;
    default: break;
  }
}

static void said(void *context, int32_t severity, const char *text) {
  static const switch_log_level_t levels[] = {SWITCH_LOG_INFO, SWITCH_LOG_WARNING, SWITCH_LOG_ERROR};
  (void)context;
  switch_log_printf(SWITCH_CHANNEL_LOG, levels[severity < 0 || severity > 2 ? 2 : severity], "rcml: %s\n", text);
}

/* ---- The module, made on first use -------------------------------------------------------------------------- */

/* Held as long as FreeSWITCH does not unload us, which it does not while a session or a command is in here. */
static rcml_module *module_of(rcml_error *error) {
  rcml_module_options options = RCML_MODULE_OPTIONS_INIT;
  rcml_module *module;
  switch_mutex_lock(globals.mutex);
  if (!globals.module) {
    options.configuration = globals.configuration;
    options.observer.event = happened;
    options.observer.log = said;
    globals.module = rcml_module_create(&options, error);
  }
  module = globals.module;
  switch_mutex_unlock(globals.mutex);
  return module;
}

/* ---- A session ---------------------------------------------------------------------------------------------- */

/* Appends "name=value" in form encoding; false when there is no more room. */
static switch_bool_t append_form(char *form, size_t size, const char *name, const char *value) {
  size_t at = strlen(form);
  int written = snprintf(form + at, size - at, "%s%s=", at ? "&" : "", name);
  if (written < 0 || at + (size_t)written >= size) return SWITCH_FALSE;
  for (at += (size_t)written; *value; value++) {
    switch_bool_t is_plain = isalnum((unsigned char)*value) || strchr("-._~", *value) ? SWITCH_TRUE : SWITCH_FALSE;
    if (at + 4 > size) return SWITCH_FALSE;
    at += (size_t)snprintf(form + at, size - at, is_plain ? "%c" : "%%%02X", (unsigned char)*value);
  }
  return SWITCH_TRUE;
}

/* What the dialplan wants the web application to see: set rcml_header_X-Tenant=7. */
static void headers_of(switch_channel_t *channel, char *form, size_t size) {
  switch_event_header_t *header;
  form[0] = 0;
  for (header = switch_channel_variable_first(channel); header; header = header->next) {
    size_t before = strlen(form);
    if (strncasecmp(header->name, HEADER_VARIABLE, strlen(HEADER_VARIABLE)) || !header->value) continue;
    if (!append_form(form, size, header->name + strlen(HEADER_VARIABLE), header->value)) form[before] = 0;
  }
  switch_channel_variable_last(channel);
}

static rcml_channel *begin(
    rcml_module *module, switch_core_session_t *session, const char *document, rcml_error *error) {
  switch_channel_t *channel = switch_core_session_get_channel(session);
  switch_caller_profile_t *profile = switch_channel_get_caller_profile(channel);
  rcml_channel_options options = RCML_CHANNEL_OPTIONS_INIT;
  char headers[4096], diversion[256];
  options.name = switch_channel_get_name(channel);
  options.identity = switch_core_session_get_uuid(session);
  options.document = document;
  options.call.media = RCML_HOST_LINEAR16;
  options.call.answered = switch_channel_test_flag(channel, CF_ANSWERED) != 0;
  headers_of(channel, headers, sizeof headers);
  if (*headers) options.call.headers = headers;
  if (profile) {
    options.call.from = zstr(profile->caller_id_number) ? NULL : profile->caller_id_number;
    options.call.name = zstr(profile->caller_id_name) ? NULL : profile->caller_id_name;
    options.call.to = zstr(profile->destination_number) ? NULL : profile->destination_number;
    options.call.withheld = switch_test_flag(profile, SWITCH_CPF_HIDE_NUMBER) != 0;
    if (!zstr(profile->rdnis)) {
      switch_snprintf(diversion, sizeof diversion, "<tel:%s>", profile->rdnis);
      options.call.diversion = diversion;
    }
  }
  return rcml_channel_call(module, &options, error);
}

/* One channel variable for each thing a dialplan may want to branch on. */
static void set_number(switch_channel_t *channel, const char *name, int32_t number) {
  if (number) switch_channel_set_variable_printf(channel, name, "%d", number);
}

static void set(switch_channel_t *channel, const char *name, const char *value) {
  if (*value) switch_channel_set_variable(channel, name, value);
}

static void remember(switch_channel_t *channel, const rcml_channel_event *event) {
  if (event->kind == RCML_CHANNEL_DIAL) {
    set(channel, "rcml_dial_status", event->status);
    set(channel, "rcml_dial_to", event->to);
    set_number(channel, "rcml_dial_sip_code", event->sip_code);
  } else if (event->kind == RCML_CHANNEL_RECORDING) {
    set(channel, "rcml_recording", event->url);
  } else if (event->kind == RCML_CHANNEL_OVER) {
    set(channel, "rcml_status", event->status);
    set(channel, "rcml_reason", event->reason);
    set(channel, "rcml_hangup_by", event->hangup_by);
    set_number(channel, "rcml_sip_code", event->sip_code);
  }
}

/* What the engine wants of the channel. True: the party is gone for it. */
static switch_bool_t obey(switch_core_session_t *session, const rcml_channel_event *event, switch_bool_t *hangs_up) {
  switch_channel_t *channel = switch_core_session_get_channel(session);
  remember(channel, event);
  switch (event->kind) {
    case RCML_CHANNEL_RING:
      if (switch_channel_test_flag(channel, CF_ANSWERED)) break;
      if (event->sip_code == 183) switch_channel_pre_answer(channel);
      else switch_channel_ring_ready(channel);
      break;
    case RCML_CHANNEL_ANSWER: switch_channel_answer(channel); break;
    case RCML_CHANNEL_KEY: switch_core_session_send_dtmf_string(session, event->name); break;
    case RCML_CHANNEL_OVER:
      *hangs_up = strcmp(event->reason, "hangup") ? SWITCH_FALSE : SWITCH_TRUE;
      return SWITCH_TRUE;
    default: break;
  }
  return SWITCH_FALSE;
}

/* One turn of a channel with media: its clock is that of what it reads. False: it is gone. */
static switch_bool_t exchange(switch_core_session_t *session, rcml_channel *party, switch_codec_t *codec) {
  switch_channel_t *channel = switch_core_session_get_channel(session);
  switch_frame_t *heard = NULL, spoken = {0};
  switch_dtmf_t key = {0};
  int16_t samples[SAMPLES];
  switch_status_t status = switch_core_session_read_frame(session, &heard, SWITCH_IO_FLAG_NONE, 0);
  if (!SWITCH_READ_ACCEPTABLE(status)) return SWITCH_FALSE;
  /* Comfort noise is no sound of 20 ms: the engine makes up for what does not come. */
  if (heard && !switch_test_flag(heard, SFF_CNG) && heard->datalen == sizeof samples)
    rcml_channel_push(party, heard->data);
  while (switch_channel_dequeue_dtmf(channel, &key) == SWITCH_STATUS_SUCCESS) rcml_channel_press(party, key.digit);
  rcml_channel_trim(party, BACKLOG);
  if (!rcml_channel_pull(party, samples)) return SWITCH_TRUE;
  spoken.codec = codec;
  spoken.data = samples;
  spoken.buflen = spoken.datalen = sizeof samples;
  spoken.samples = SAMPLES;
  spoken.rate = 8000;
  spoken.channels = 1;
  switch_core_session_write_frame(session, &spoken, SWITCH_IO_FLAG_NONE, 0);
  return SWITCH_TRUE;
}

/* Before there is media there is nothing to pace by: sleep until the engine wants something, or 100 ms. */
static void rest(switch_core_session_t *session, rcml_channel *party) {
  struct pollfd watched = {rcml_channel_descriptor(party), POLLIN, 0};
  int16_t samples[SAMPLES];
  poll(&watched, 1, 100);
  while (rcml_channel_pull(party, samples)) continue;
  switch_ivr_parse_all_events(session);
}

/* 8 kHz, 20 ms, linear, whatever the phone speaks: the core converts. */
static switch_bool_t open_codec(switch_core_session_t *session, switch_codec_t *codec) {
  if (switch_core_codec_init(codec, "L16", NULL, NULL, 8000, 20, 1, SWITCH_CODEC_FLAG_ENCODE | SWITCH_CODEC_FLAG_DECODE,
                             NULL, switch_core_session_get_pool(session)) != SWITCH_STATUS_SUCCESS)
    return SWITCH_FALSE;
  switch_core_session_set_read_codec(session, codec);
  return SWITCH_TRUE;
}

/* Until the engine has done with the party, or the party with us. */
static switch_bool_t converse(switch_core_session_t *session, rcml_channel *party) {
  switch_channel_t *channel = switch_core_session_get_channel(session);
  switch_codec_t codec = {0};
  switch_bool_t is_over = SWITCH_FALSE, hangs_up = SWITCH_FALSE, has_codec = SWITCH_FALSE;
  rcml_channel_event event;
  while (!is_over && switch_channel_ready(channel)) {
    while (!is_over && rcml_channel_take(party, &event)) is_over = obey(session, &event, &hangs_up);
    if (is_over) break;
    if (!switch_channel_media_ready(channel)) {
      rest(session, party);
      continue;
    }
    if (!has_codec && !(has_codec = open_codec(session, &codec))) {
      switch_log_printf(SWITCH_CHANNEL_SESSION_LOG(session), SWITCH_LOG_ERROR, "rcml: there is no L16 of 8 kHz\n");
      break;
    }
    if (!exchange(session, party, &codec)) break;
  }
  if (has_codec) {
    switch_core_session_set_read_codec(session, NULL);
    switch_core_codec_destroy(&codec);
  }
  return hangs_up;
}

/* The caller has gone: how that ended belongs into the call's record, and is known in a moment. */
static void hang_up(switch_channel_t *channel, rcml_channel *party) {
  struct pollfd watched = {rcml_channel_descriptor(party), POLLIN, 0};
  rcml_channel_event event;
  if (rcml_channel_hang_up(party, 0) != RCML_OK) return;
  for (int turns = 0; turns < 10; turns++) {
    while (rcml_channel_take(party, &event)) {
      remember(channel, &event);
      if (event.kind == RCML_CHANNEL_OVER) return;
    }
    poll(&watched, 1, 10);
  }
}

SWITCH_STANDARD_APP(rcml_application) {
  switch_channel_t *channel = switch_core_session_get_channel(session);
  rcml_error error = RCML_ERROR_INIT;
  rcml_module *module = module_of(&error);
  rcml_channel *party = NULL;
  switch_bool_t hangs_up;
  if (module && zstr(data)) {
    error.code = RCML_E_ARGUMENT;
    switch_snprintf(error.message, sizeof error.message, "usage: rcml <document>");
  } else if (module) {
    party = begin(module, session, data, &error);
  }
  if (!party) {
    switch_log_printf(SWITCH_CHANNEL_SESSION_LOG(session), SWITCH_LOG_ERROR, "rcml: %s\n", error.message);
    switch_channel_set_variable(channel, "rcml_status", "failed");
    switch_channel_set_variable(channel, "rcml_reason", rcml_status_name(error.code));
    return;
  }
  switch_channel_set_variable(channel, "rcml_call_sid", rcml_channel_call_sid(party));
  hangs_up = converse(session, party);
  if (!switch_channel_up(channel)) hang_up(channel, party);
  /* What the web server still wants to hear, the agent's thread tells it without us. */
  rcml_channel_leave(party, 0);
  if (hangs_up && switch_channel_up(channel)) switch_channel_hangup(channel, SWITCH_CAUSE_NORMAL_CLEARING);
}

/* ---- The API command ---------------------------------------------------------------------------------------- */

#define USAGE                                                                                                    \
  "show calls | show call <sid> | show settings | show counters | show timing | show version | "                 \
  "debug on|off | check <document> | hangup <sid> | drain | reload"

static void print_call(void *context, const rcml_module_call *call) {
  switch_stream_handle_t *stream = context;
  stream->write_function(stream, "%s %s %s -> %s, %u legs, %d s%s%s%s\n", call->sid, call->status, call->from, call->to,
                         call->legs, (int)(call->age_ms / 1000), *call->name ? ", " : "", call->name,
                         call->left ? ", callbacks only" : "");
}

static void print_leg(void *context, const rcml_leg_info *leg) {
  switch_stream_handle_t *stream = context;
  stream->write_function(stream, "%s %s %s %d\n", leg->sid, leg->status, leg->to, leg->sip_code);
}

static void print_line(void *context, const char *section, const char *name, const char *value) {
  switch_stream_handle_t *stream = context;
  stream->write_function(stream, "[%s] %s = %s\n", section, name, value);
}

static void print_finding(void *context, const rcml_finding *finding) {
  switch_stream_handle_t *stream = context;
  stream->write_function(stream, "%d:%d: %s: %s\n", finding->line, finding->column, finding->name, finding->text);
}

static void check(const char *word, switch_stream_handle_t *stream) {
  rcml_document document;
  rcml_error error = RCML_ERROR_INIT;
  rcml_configuration *configuration;
  void *memory = NULL;
  switch_mutex_lock(globals.mutex);
  configuration = rcml_configuration_retain(globals.configuration);
  switch_mutex_unlock(globals.mutex);
  if (rcml_configuration_document(configuration, word, &document, &memory, &error) < 0)
    stream->write_function(stream, "-ERR %s\n", error.message);
  else if (!document.text)
    stream->write_function(stream, "-ERR %s is fetched when a call runs it\n", document.url);
  else if (rcml_document_check(document.text, document.length, print_finding, stream, &error) < 0)
    stream->write_function(stream, "-ERR it would not run\n");
  else
    stream->write_function(stream, "+OK it would run\n");
  rcml_module_free(memory);
  rcml_configuration_release(configuration);
}

static void show(rcml_module *module, const char *what, const char *sid, switch_stream_handle_t *stream) {
  rcml_configuration *configuration;
  rcml_module_timing timing;
  char *metrics;
  if (!strcasecmp(what, "calls")) {
    stream->write_function(stream, "%d calls\n", rcml_module_calls(module, print_call, stream));
  } else if (!strcasecmp(what, "call")) {
    int32_t count = rcml_module_legs(module, sid, print_leg, stream);
    if (count < 0) stream->write_function(stream, "-ERR %s\n", rcml_status_text(count));
  } else if (!strcasecmp(what, "settings")) {
    configuration = rcml_module_configuration(module);
    rcml_configuration_list(configuration, print_line, stream);
    rcml_configuration_release(configuration);
  } else if (!strcasecmp(what, "counters") && (metrics = malloc(32768))) {
    if (rcml_module_metrics(module, metrics, 32768) > 0) stream->write_function(stream, "%s", metrics);
    free(metrics);
  } else if (!strcasecmp(what, "timing")) {
    rcml_module_timing_of(module, &timing);
    stream->write_function(stream, "%u channels, latest tick by %u us, %u ticks missed, %u frames refused\n",
                           timing.channels, (unsigned)timing.latest_us, (unsigned)timing.missed,
                           (unsigned)timing.frames_refused);
  } else if (!strcasecmp(what, "version")) {
    stream->write_function(stream, "librcml %s\n", rcml_version());
  } else {
    stream->write_function(stream, "-USAGE: rcml %s\n", USAGE);
  }
}

/* New calls get what changed. A file with a mistake in it changes nothing. */
static void reload(rcml_module *module, switch_stream_handle_t *stream) {
  rcml_configuration *configuration = read_configuration(), *before;
  rcml_error error = RCML_ERROR_INIT;
  if (!configuration) {
    stream->write_function(stream, "-ERR rcml.conf.xml was not taken, see the log\n");
    return;
  }
  switch_mutex_lock(globals.mutex);
  before = globals.configuration;
  globals.configuration = configuration;
  switch_mutex_unlock(globals.mutex);
  rcml_configuration_release(before);
  if (rcml_module_reload(module, configuration, &error) < 0) stream->write_function(stream, "-ERR %s\n", error.message);
  else stream->write_function(stream, "+OK\n");
}

static void answer(switch_stream_handle_t *stream, int32_t result) {
  if (result < 0) stream->write_function(stream, "-ERR %s\n", rcml_status_text(result));
  else stream->write_function(stream, "+OK\n");
}

static void command(rcml_module *module, int count, char **words, switch_stream_handle_t *stream) {
  const char *first = words[0], *second = count > 1 ? words[1] : "", *third = count > 2 ? words[2] : "";
  if (!strcasecmp(first, "show")) show(module, second, third, stream);
  else if (!strcasecmp(first, "hangup") && *second) answer(stream, rcml_module_hang_up(module, second));
  else if (!strcasecmp(first, "drain")) answer(stream, rcml_module_drain(module));
  else if (!strcasecmp(first, "reload")) reload(module, stream);
  else if (!strcasecmp(first, "debug") && (!strcasecmp(second, "on") || !strcasecmp(second, "off")))
    answer(stream, rcml_module_set(module, "transport_log", strcasecmp(second, "on") ? "false" : "true", NULL));
  else stream->write_function(stream, "-USAGE: rcml %s\n", USAGE);
}

SWITCH_STANDARD_API(rcml_api) {
  rcml_error error = RCML_ERROR_INIT;
  char *copy = zstr(cmd) ? NULL : strdup(cmd), *words[4] = {0};
  int count = copy ? switch_separate_string(copy, ' ', words, 4) : 0;
  rcml_module *module;
  (void)session;
  if (!count) {
    stream->write_function(stream, "-USAGE: rcml %s\n", USAGE);
  } else if (!strcasecmp(words[0], "check") && count == 2) {
    check(words[1], stream); /* needs no agent */
  } else if (!(module = module_of(&error))) {
    stream->write_function(stream, "-ERR %s\n", error.message);
  } else {
    command(module, count, words, stream);
  }
  switch_safe_free(copy);
  return SWITCH_STATUS_SUCCESS;
}

/* ---- Loading and unloading ---------------------------------------------------------------------------------- */

static const char *const subclasses[] = {EVENT_CALL, EVENT_LEG, EVENT_DIAL, EVENT_FINDING};

static void free_subclasses(void) {
  for (size_t at = 0; at < sizeof subclasses / sizeof *subclasses; at++) switch_event_free_subclass(subclasses[at]);
}

SWITCH_MODULE_LOAD_FUNCTION(mod_rcml_load) {
  switch_application_interface_t *application;
  switch_api_interface_t *api;
  memset(&globals, 0, sizeof globals);
  globals.configuration = read_configuration();
  if (!globals.configuration) return SWITCH_STATUS_TERM;
  switch_mutex_init(&globals.mutex, SWITCH_MUTEX_NESTED, pool);
  for (size_t at = 0; at < sizeof subclasses / sizeof *subclasses; at++) {
    if (switch_event_reserve_subclass(subclasses[at]) == SWITCH_STATUS_SUCCESS) continue;
    switch_log_printf(SWITCH_CHANNEL_LOG, SWITCH_LOG_ERROR, "rcml: the event %s is somebody else's\n", subclasses[at]);
    rcml_configuration_release(globals.configuration);
    return SWITCH_STATUS_TERM;
  }
  *module_interface = switch_loadable_module_create_module_interface(pool, modname);
  SWITCH_ADD_APP(application, "rcml", "Run an RCML document", "Runs an RCML document on this channel", rcml_application,
                 "<url>|<name>|<file>", SAF_SUPPORT_NOMEDIA);
  SWITCH_ADD_API(api, "rcml", "Look after RCML calls", rcml_api, USAGE);
  switch_console_set_complete("add rcml show calls");
  switch_console_set_complete("add rcml show counters");
  switch_console_set_complete("add rcml debug on");
  switch_console_set_complete("add rcml debug off");
  return SWITCH_STATUS_SUCCESS;
}

SWITCH_MODULE_SHUTDOWN_FUNCTION(mod_rcml_shutdown) {
  if (globals.module) {
    rcml_module_stop(globals.module, UNLOAD_WAIT_MS);
    rcml_module_release(globals.module);
  }
  rcml_configuration_release(globals.configuration);
  switch_console_set_complete("del rcml");
  free_subclasses();
  return SWITCH_STATUS_SUCCESS;
}
