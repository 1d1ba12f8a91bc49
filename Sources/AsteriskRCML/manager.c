/* manager.c: actions of the manager interface. Their documentation is in app_rcml-en_US.xml. */

#include "app_rcml.h"

#include "asterisk/manager.h"

struct listing {
  struct mansession *session;
  char id[256];
  int count;
};

static void list_call(void *context, const rcml_module_call *call) {
  struct listing *listing = context;
  char from[256], to[256];
  call_one_line(call->from, from, sizeof(from));
  call_one_line(call->to, to, sizeof(to));
  astman_append(
      listing->session,
      "Event: RCMLCall\r\n%sChannel: %s\r\nUniqueid: %s\r\nCallSid: %s\r\nFrom: %s\r\nTo: %s\r\nStatus: %s\r\n"
      "Seconds: %lld\r\nLegs: %u\r\nLeft: %s\r\n\r\n",
      listing->id, call->name, call->identity, call->sid, from, to, call->status,
      (long long)(call->age_ms / 1000), call->legs, call->left ? "yes" : "no");
  listing->count++;
}

static int show_calls(struct mansession *session, const struct message *message) {
  struct listing listing = {.session = session};
  const char *id = astman_get_header(message, "ActionID");
  rcml_module *module = engine_acquire();
  if (!ast_strlen_zero(id)) snprintf(listing.id, sizeof(listing.id), "ActionID: %s\r\n", id);
  astman_send_listack(session, message, "Calls will follow", "start");
  if (module) rcml_module_calls(module, list_call, &listing);
  engine_release(module);
  astman_send_list_complete_start(session, message, "RCMLShowCallsComplete", listing.count);
  astman_send_list_complete_end(session);
  return 0;
}

static int hang_up(struct mansession *session, const struct message *message) {
  const char *sid = astman_get_header(message, "CallSid");
  rcml_module *module;
  int32_t result = RCML_E_GONE;
  if (ast_strlen_zero(sid)) {
    astman_send_error(session, message, "CallSid is missing");
    return 0;
  }
  if ((module = engine_acquire())) result = rcml_module_hang_up(module, sid);
  engine_release(module);
  if (result == 0) astman_send_ack(session, message, "The call is being ended");
  else if (result == RCML_E_ARGUMENT) astman_send_error(session, message, "Several calls begin so");
  else astman_send_error(session, message, "There is no such call");
  return 0;
}

int manager_register(void) {
  return ast_manager_register_xml("RCMLShowCalls", EVENT_FLAG_SYSTEM | EVENT_FLAG_REPORTING, show_calls)
      || ast_manager_register_xml("RCMLHangup", EVENT_FLAG_SYSTEM | EVENT_FLAG_CALL, hang_up);
}

void manager_unregister(void) {
  ast_manager_unregister("RCMLShowCalls");
  ast_manager_unregister("RCMLHangup");
}
