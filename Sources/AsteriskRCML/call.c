/* call.c: a call as the manager interface is told of it, and what the engine has for the log. Everything but the first
 * functions runs on the agent's thread. */

#include "app_rcml.h"

#include "asterisk/astobj2.h"
#include "asterisk/lock.h"
#include "asterisk/manager.h"

struct call_told {
  bool begun;
  char channel[AST_CHANNEL_NAME];
  char identity[AST_MAX_UNIQUEID];
  char from[256];
  char to[AST_MAX_EXTENSION];
};

/* Longer texts are cut off: an event of the manager interface is a line a field. */
#define FIELD 512

void call_one_line(const char *text, char *buffer, size_t size) {
  size_t index;
  ast_copy_string(buffer, text ? text : "", size);
  for (index = 0; buffer[index]; index++)
    if ((unsigned char)buffer[index] < ' ' || buffer[index] == 0x7f) buffer[index] = ' ';
}

struct call_told *call_create(const struct caller_texts *texts) {
  struct call_told *call = ao2_alloc(sizeof(*call), NULL);
  if (!call) return NULL;
  call_one_line(texts->channel, call->channel, sizeof(call->channel));
  call_one_line(texts->identity, call->identity, sizeof(call->identity));
  call_one_line(texts->withheld ? "" : texts->from, call->from, sizeof(call->from));
  call_one_line(texts->to, call->to, sizeof(call->to));
  return call;
}

/* Whoever comes first tells it, the channel's thread or the agent's; the other one waits for the moment that takes. */
void call_tell_begin(struct call_told *call, const char *sid) {
  if (!call) return;
  ao2_lock(call);
  if (!call->begun) {
    call->begun = true;
    manager_event(
        EVENT_FLAG_CALL, "RCMLCallBegin",
        "Channel: %s\r\nUniqueid: %s\r\nCallSid: %s\r\nFrom: %s\r\nTo: %s\r\n", call->channel, call->identity, sid,
        call->from, call->to);
  }
  ao2_unlock(call);
}

/* ---- Events of the manager interface ---------------------------------------------------------------------- */

/* What stands in each of them. */
static struct ast_str *head(const rcml_event *event, rcml_channel *caller) {
  struct ast_str *text = ast_str_create(512);
  char name[AST_CHANNEL_NAME];
  if (!text) return NULL;
  call_one_line(caller ? rcml_channel_name(caller) : "", name, sizeof(name));
  ast_str_set(&text, 0, "Channel: %s\r\nUniqueid: %s\r\nCallSid: %s\r\n", name,
              caller ? rcml_channel_identity(caller) : "", event->call_sid);
  return text;
}

static void field(struct ast_str **text, const char *name, const char *value) {
  char line[FIELD];
  call_one_line(value, line, sizeof(line));
  ast_str_append(text, 0, "%s: %s\r\n", name, line);
}

static void number(struct ast_str **text, const char *name, int32_t value) {
  ast_str_append(text, 0, "%s: %d\r\n", name, value);
}

static void tell(const char *event, struct ast_str *text) {
  manager_event(EVENT_FLAG_CALL, event, "%s", ast_str_buffer(text));
}

static void tell_leg(const rcml_event *event, struct ast_str *text) {
  field(&text, "Progress", event->name);
  field(&text, "LegSid", event->leg_sid);
  field(&text, "To", event->to);
  field(&text, "Status", event->status);
  number(&text, "SipCode", event->sip_code);
  field(&text, "Reason", event->reason);
  field(&text, "ReasonText", event->reason_text);
  tell("RCMLLeg", text);
  ast_free(text);
}

static void tell_dial(const rcml_event *event, struct ast_str *text) {
  field(&text, "Status", event->status);
  field(&text, "LegSid", event->leg_sid);
  field(&text, "To", event->to);
  number(&text, "SipCode", event->sip_code);
  number(&text, "Duration", event->duration);
  field(&text, "Bridged", event->bridged ? "yes" : "no");
  field(&text, "Reason", event->reason);
  tell("RCMLDial", text);
  ast_free(text);
}

static void tell_recording(const rcml_event *event, struct ast_str *text) {
  field(&text, "Name", event->name);
  field(&text, "Status", event->status);
  field(&text, "Url", event->url);
  number(&text, "Duration", event->duration);
  tell("RCMLRecording", text);
  ast_free(text);
}

static void tell_finding(const rcml_event *event, struct ast_str *text) {
  static const char *const severities[] = {"note", "warning", "error"};
  field(&text, "Name", event->name);
  field(&text, "Severity", severities[event->severity > 1 ? 2 : event->severity]);
  number(&text, "Line", event->line);
  number(&text, "Column", event->column);
  field(&text, "Text", event->text);
  tell("RCMLFinding", text);
  ast_free(text);
}

static void tell_end(const rcml_event *event, struct ast_str *text) {
  field(&text, "Status", event->status);
  number(&text, "SipCode", event->sip_code);
  number(&text, "Duration", event->duration);
  field(&text, "HangupBy", event->hangup_by);
  field(&text, "Reason", event->reason);
  field(&text, "ReasonText", event->reason_text);
  tell("RCMLCallEnd", text);
  ast_free(text);
}

static void tell_manager(const rcml_event *event, rcml_channel *caller) {
  void (*function)(const rcml_event *, struct ast_str *) = NULL;
  struct ast_str *text;
  switch (event->kind) {
    case RCML_EVENT_STATUS: function = tell_leg; break;
    case RCML_EVENT_DIAL: function = tell_dial; break;
    case RCML_EVENT_RECORDING: function = tell_recording; break;
    case RCML_EVENT_FINDING: function = tell_finding; break;
    case RCML_EVENT_ENDED: function = tell_end; break;
    default: return;
  }
  if ((text = head(event, caller))) function(event, text);
}

/* ---- The log ---------------------------------------------------------------------------------------------- */

AST_MUTEX_DEFINE_STATIC(debug_lock);
static char debug_sid[64];

void call_set_debug(const char *sid) {
  ast_mutex_lock(&debug_lock);
  ast_copy_string(debug_sid, sid, sizeof(debug_sid));
  ast_mutex_unlock(&debug_lock);
}

static bool is_shown(const char *sid) {
  bool shown;
  ast_mutex_lock(&debug_lock);
  shown = !strncmp(sid, debug_sid, strlen(debug_sid));
  ast_mutex_unlock(&debug_lock);
  return shown;
}

static const char *who(const rcml_event *event, const rcml_channel *caller) {
  if (caller && rcml_channel_name(caller)[0]) return rcml_channel_name(caller);
  return event->call_sid[0] ? event->call_sid : "RCML";
}

static void log_finding(const rcml_event *event, const rcml_channel *caller) {
  char text[FIELD], place[64] = "";
  call_one_line(event->text, text, sizeof(text));
  if (event->line) snprintf(place, sizeof(place), "line %d, column %d: ", event->line, event->column);
  if (event->severity > 0) ast_log(LOG_WARNING, "%s: %s%s (%s)\n", who(event, caller), place, text, event->name);
  else ast_log(LOG_NOTICE, "%s: %s%s (%s)\n", who(event, caller), place, text, event->name);
}

/* What failed without a finding: without a line here nobody would know why a caller went on in the dialplan. */
static void log_end(const rcml_event *event, const rcml_channel *caller) {
  char text[FIELD];
  if (!event->reason_code || !strcmp(event->reason, "end") || !strcmp(event->reason, "hangup")) return;
  call_one_line(event->reason_text, text, sizeof(text));
  ast_verb(3, "%s: the document ended, %s: %s\n", who(event, caller), event->reason, text);
}

static void log_event(const rcml_event *event, const rcml_channel *caller) {
  switch (event->kind) {
    case RCML_EVENT_FINDING: log_finding(event, caller); break;
    case RCML_EVENT_ENDED: log_end(event, caller); break;
    case RCML_EVENT_MESSAGE:
      if (is_shown(event->call_sid))
        ast_verbose("<--- RCML %s %s --->\n%.*s\n", event->sent ? "sends to" : "has got from", event->peer,
                    (int)event->text_length, event->text);
      break;
    case RCML_EVENT_EXCHANGE:
      if (is_shown(event->call_sid))
        ast_verbose("<--- RCML %s %s: %d, %d ms --->\n%s\n", event->method, event->url, event->code,
                    event->elapsed_ms, event->text);
      break;
    default: break;
  }
}

void call_observe(void *context, const rcml_event *event, rcml_channel *caller, rcml_channel *leg) {
  struct call_told *call = caller ? rcml_channel_context(caller) : NULL;
  (void)context;
  (void)leg;
  if (call) call_tell_begin(call, event->call_sid);
  log_event(event, caller);
  tell_manager(event, caller);
  if (call && event->kind == RCML_EVENT_ENDED) ao2_ref(call, -1);
}

void call_log(void *context, int32_t severity, const char *text) {
  (void)context;
  if (severity > 1) ast_log(LOG_ERROR, "%s\n", text);
  else if (severity == 1) ast_log(LOG_WARNING, "%s\n", text);
  else ast_log(LOG_NOTICE, "%s\n", text);
}
