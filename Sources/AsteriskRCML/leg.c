/* leg.c: a channel that a document dials, with a thread of its own. */

#include "app_rcml.h"

#include <stdatomic.h>

#include "asterisk/callerid.h"
#include "asterisk/causes.h"
#include "asterisk/format_cache.h"
#include "asterisk/format_cap.h"
#include "asterisk/linkedlists.h"
#include "asterisk/lock.h"
#include "asterisk/pbx.h"
#include "asterisk/stasis_channels.h"
#include "asterisk/utils.h"

/* What a leg's thread is given, and its channel. */
struct leg {
  AST_LIST_ENTRY(leg) entry;
  pthread_t thread;
  atomic_bool done; /* the thread is about to end: joining it does not wait */
  rcml_channel *line;
  struct ast_channel *caller; /* a reference of the thread's own, NULL = it is gone, or none of ours */
  struct party party;
  bool answered;
  bool over;
  int sip_code;      /* why it does not come; 0 = its hang-up cause says it */
  char dial_string[AST_CHANNEL_NAME * 4];
  char caller_identity[AST_MAX_UNIQUEID]; /* of the channel that called; "" = none of ours */
  char from[256];
  char from_name[256];
  char *headers; /* form-encoded */
};

/* A detached thread could still be in our code when we are unloaded, so all are joined: by the next one that
 * starts, and by unloading. */
static AST_LIST_HEAD_STATIC(legs, leg);

static void leg_free(struct leg *leg) {
  ast_free(leg->headers);
  ast_free(leg);
}

static void join(bool all) {
  struct leg *leg;
  AST_LIST_HEAD(, leg) ended;
  AST_LIST_HEAD_INIT_NOLOCK(&ended);
  AST_LIST_LOCK(&legs);
  AST_LIST_TRAVERSE_SAFE_BEGIN(&legs, leg, entry) {
    if (!all && !atomic_load(&leg->done)) continue;
    AST_LIST_REMOVE_CURRENT(entry);
    AST_LIST_INSERT_TAIL(&ended, leg, entry);
  }
  AST_LIST_TRAVERSE_SAFE_END;
  AST_LIST_UNLOCK(&legs);
  while ((leg = AST_LIST_REMOVE_HEAD(&ended, entry))) {
    pthread_join(leg->thread, NULL);
    leg_free(leg);
  }
}

void leg_join_all(void) { join(true); }

/* ---- Making the channel ----------------------------------------------------------------------------------- */

static void set_identity(struct ast_channel *channel, const struct leg *leg) {
  struct ast_party_connected_line *connected = ast_channel_connected(channel);
  const bool withheld = !strncmp(leg->from, "sip:anonymous@", 14) || ast_strlen_zero(leg->from);
  char number[AST_MAX_EXTENSION] = "";
  if (!withheld) user_of(leg->from, number, sizeof(number));
  ast_party_connected_line_free(connected);
  ast_party_connected_line_init(connected);
  connected->id.number.valid = 1;
  connected->id.number.str = ast_strdup(number);
  connected->id.number.presentation =
      withheld ? AST_PRES_PROHIB_USER_NUMBER_NOT_SCREENED : AST_PRES_ALLOWED_USER_NUMBER_NOT_SCREENED;
  if (!withheld && leg->from_name[0]) {
    connected->id.name.valid = 1;
    connected->id.name.str = ast_strdup(leg->from_name);
    connected->id.name.presentation = AST_PRES_ALLOWED_USER_NUMBER_NOT_SCREENED;
  }
  connected->source = AST_CONNECTED_LINE_UPDATE_SOURCE_UNKNOWN;
}

/* What a dialled channel takes from the one that dials. */
static void inherit(struct ast_channel *channel, struct ast_channel *caller) {
  ast_channel_lock_both(channel, caller);
  ast_channel_inherit_variables(caller, channel);
  ast_channel_datastore_inherit(caller, channel);
  ast_channel_language_set(channel, ast_channel_language(caller));
  ast_channel_musicclass_set(channel, ast_channel_musicclass(caller));
  ast_channel_req_accountcodes(channel, caller, AST_CHANNEL_REQUESTOR_BRIDGE_PEER);
  ast_channel_unlock(caller);
  ast_channel_unlock(channel);
}

static void add_header(void *context, const char *name, const char *value) {
  struct ast_channel *channel = context;
  char function[192];
  if (strpbrk(name, "(),")) return;
  snprintf(function, sizeof(function), "PJSIP_HEADER(add,%s)", name);
  if (ast_func_write(channel, function, value))
    ast_log(LOG_WARNING, "%s: the header %s cannot be added\n", ast_channel_name(channel), name);
}

/* @return NULL with `cause`, a Q.850 one */
static struct ast_channel *request(struct leg *leg, int *cause) {
  char technology[AST_CHANNEL_NAME], *address;
  struct ast_format_cap *formats = ast_format_cap_alloc(AST_FORMAT_CAP_FLAG_DEFAULT);
  struct ast_channel *channel;
  ast_copy_string(technology, leg->dial_string, sizeof(technology));
  address = strchr(technology, '/');
  if (!formats || !address) {
    if (!address) ast_log(LOG_WARNING, "\"%s\" is no dial string: it has no /\n", leg->dial_string);
    ao2_cleanup(formats);
    *cause = AST_CAUSE_UNALLOCATED;
    return NULL;
  }
  *address = '\0';
  address = strchr(leg->dial_string, '/') + 1;
  ast_format_cap_append(formats, ast_format_slin, 0);
  channel = ast_request(technology, formats, NULL, leg->caller, address, cause);
  ao2_ref(formats, -1);
  if (!channel) return NULL;
  if (leg->caller) inherit(channel, leg->caller);
  ast_channel_lock(channel);
  set_identity(channel, leg);
  ast_channel_appl_set(channel, "AppRCML");
  ast_channel_data_set(channel, "(outgoing line)");
  ast_channel_unlock(channel);
  if (!strcasecmp(technology, "PJSIP") && leg->headers[0]) variables_each(leg->headers, add_header, channel);
  return channel;
}

/* ---- Its life --------------------------------------------------------------------------------------------- */

static const char *dial_status(const struct leg *leg) {
  if (leg->answered) return "ANSWER";
  if (leg->over) return "CANCEL";
  if (leg->sip_code == 486 || leg->sip_code == 600) return "BUSY";
  return leg->sip_code == 480 || leg->sip_code == 408 ? "NOANSWER" : "CONGESTION";
}

static void control(struct leg *leg, const struct ast_frame *frame) {
  const struct ast_control_pvt_cause_code *why;
  switch (frame->subclass.integer) {
    case AST_CONTROL_RINGING: if (!leg->answered) rcml_channel_ring(leg->line, 180); break;
    case AST_CONTROL_PROGRESS: if (!leg->answered) rcml_channel_ring(leg->line, 183); break;
    case AST_CONTROL_ANSWER:
      if (leg->answered) break;
      leg->answered = true;
      rcml_channel_answer(leg->line);
      ast_channel_publish_dial(leg->caller, leg->party.channel, NULL, dial_status(leg));
      break;
    case AST_CONTROL_BUSY: leg->sip_code = leg->sip_code ? leg->sip_code : 486; break;
    case AST_CONTROL_CONGESTION: leg->sip_code = leg->sip_code ? leg->sip_code : 503; break;
    case AST_CONTROL_PVT_CAUSE_CODE:
      /* The channel driver's own word, "SIP 486 Busy Here", is finer than a Q.850 cause. */
      why = frame->data.ptr;
      if (sscanf(why->code, "SIP %d", &leg->sip_code) != 1 || leg->sip_code < 300) leg->sip_code = 0;
      break;
    default: break;
  }
}

/* A Local channel and the like stay after they have said that they are busy. */
static bool is_refused(const struct ast_frame *frame) {
  return frame->subclass.integer == AST_CONTROL_BUSY || frame->subclass.integer == AST_CONTROL_CONGESTION;
}

static void talk(struct leg *leg) {
  rcml_channel_event event;
  struct ast_frame *frame;
  bool gone = false;
  while (!leg->over && !gone) {
    while (!leg->over && rcml_channel_take(leg->line, &event) == 1) {
      if (event.kind == RCML_CHANNEL_KEY) party_send_key(&leg->party, event.name[0]);
      else if (event.kind == RCML_CHANNEL_OVER) leg->over = true;
    }
    if (leg->over) break;
    gone = !party_wait(&leg->party, &frame);
    if (!frame) continue;
    control(leg, frame);
    gone = gone || is_refused(frame);
    ast_frfree(frame);
  }
}

static void call(struct leg *leg, struct ast_channel *channel) {
  if (party_begin(&leg->party, channel, leg->line)) {
    ast_log(LOG_WARNING, "%s: no way from its formats to 8 kHz linear\n", ast_channel_name(channel));
    leg->sip_code = 488;
    return;
  }
  if (ast_call(channel, strchr(leg->dial_string, '/') + 1, 0)) {
    leg->sip_code = rcml_sip_of_cause(ast_channel_hangupcause(channel));
  } else {
    ast_channel_publish_dial(leg->caller, channel, leg->dial_string, NULL);
    talk(leg);
    if (!leg->over && !leg->sip_code) leg->sip_code = rcml_sip_of_cause(ast_channel_hangupcause(channel));
    if (!leg->answered) ast_channel_publish_dial(leg->caller, channel, NULL, dial_status(leg));
  }
  party_end(&leg->party);
}

static void *leg_thread(void *data) {
  struct leg *leg = data;
  int cause = 0;
  struct ast_channel *channel;
  if (leg->caller_identity[0]) leg->caller = ast_channel_get_by_name(leg->caller_identity);
  channel = request(leg, &cause);
  if (channel) {
    ast_channel_ref(channel);
    call(leg, channel);
  } else {
    leg->sip_code = rcml_sip_of_cause(cause);
    ast_log(LOG_NOTICE, "%s cannot be dialled: %s\n", leg->dial_string, ast_cause2str(cause));
  }
  /* The engine hears of it first: hanging up can take its time. */
  rcml_channel_leave(leg->line, leg->answered ? 0 : leg->sip_code);
  if (channel) {
    ast_hangup(channel);
    ast_channel_unref(channel);
  }
  ast_channel_cleanup(leg->caller);
  ast_module_unref(AST_MODULE_SELF);
  atomic_store(&leg->done, true);
  return NULL;
}

void leg_start(void *context, const rcml_event *event, rcml_channel *line, rcml_channel *caller) {
  struct leg *leg = ast_calloc(1, sizeof(*leg));
  (void)context;
  if (leg) leg->headers = ast_strndup(event->body, event->body_length);
  if (!leg || !leg->headers) {
    if (leg) leg_free(leg);
    rcml_channel_leave(line, 500);
    return;
  }
  leg->line = line;
  rcml_channel_wake_for_frames(line, true);
  ast_copy_string(leg->dial_string, event->to, sizeof(leg->dial_string));
  ast_copy_string(leg->from, event->from, sizeof(leg->from));
  ast_copy_string(leg->from_name, event->from_name, sizeof(leg->from_name));
  if (caller) ast_copy_string(leg->caller_identity, rcml_channel_identity(caller), sizeof(leg->caller_identity));
  join(false);
  ast_module_ref(AST_MODULE_SELF);
  AST_LIST_LOCK(&legs);
  if (ast_pthread_create_background(&leg->thread, NULL, leg_thread, leg)) {
    AST_LIST_UNLOCK(&legs);
    ast_module_unref(AST_MODULE_SELF);
    rcml_channel_leave(line, 500);
    leg_free(leg);
    return;
  }
  AST_LIST_INSERT_TAIL(&legs, leg, entry);
  AST_LIST_UNLOCK(&legs);
}
