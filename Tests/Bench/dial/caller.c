#include "calls.h"

#include <stdlib.h>

enum { AUDIO_PORT = 40000, TURNS = 64 };

static void end(int number, bool is_good) {
  struct call *call = &run.calls[number];
  if (call->state == CALLER_ENDED || call->state == CALLER_FAILED) return;
  call->state = is_good ? CALLER_ENDED : CALLER_FAILED;
  run.ended++;
  if (!is_good) run.failed++;
  free(call->uri);
  free(call->head);
  call->uri = call->head = NULL;
}

/* From, Call-ID: what every request of a caller has. */
static int append_identity(char *out, int length, int number) {
  length = append(out, length, "Max-Forwards: 70\r\nFrom: \"Caller %d\" <sip:c%dx%d@%s:%d>;tag=f%dx%d\r\n", number,
                  run.number, number, run.own_name, CALLER_PORT, run.number, number);
  return append(out, length, "Call-ID: %dx%d@%s\r\n", run.number, number, run.own_name);
}

static int append_via(char *out, int length, int number, const char *branch) {
  return append(out, length, "Via: SIP/2.0/UDP %s:%d;branch=z9hG4bK%d.%d.%s\r\n", run.own_name, CALLER_PORT,
                run.number, number, branch);
}

static void invite(int number) {
  char out[ROOM];
  int length = append(out, 0, "INVITE sip:%s@%s SIP/2.0\r\n", run.called, run.system_name);
  length = append_via(out, length, number, "invite");
  length = append_identity(out, length, number);
  length = append(out, length,
                  "To: <sip:%s@%s>\r\nCSeq: 1 INVITE\r\nContact: <sip:c%dx%d@%s:%d>\r\n"
                  "Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE\r\nSupported: replaces\r\nUser-Agent: bench\r\n",
                  run.called, run.system_name, run.number, number, run.own_name, CALLER_PORT);
  send_octets(run.caller_socket, &run.system, out, append_body(out, length, AUDIO_PORT));
}

static void send_in_dialog(int number, const char *method, int sequence) {
  char out[ROOM];
  struct call *call = &run.calls[number];
  int length = append(out, 0, "%s %s SIP/2.0\r\n", method, call->uri);
  length = append_via(out, length, number, method);
  length = append(out, length, "%sCSeq: %d %s\r\n", call->head, sequence, method);
  send_octets(run.caller_socket, &run.system, out, append_body(out, length, 0));
}

void caller_begin(int number) {
  run.calls[number].state = CALLER_INVITED;
  run.calls[number].invited = now();
  invite(number);
  waits_add(WAIT_CALLER, number, 0);
}

/* Route set (RFC 3261 12.1.2: the last Record-Route first), remote target and tag of a 200. */
static void keep_dialog(int number, const struct message *message) {
  char out[ROOM];
  int length = 0;
  struct text to = message_field(message, "To"), uri = text_uri(message_field(message, "Contact"));
  for (int i = message->count; i-- > 0;)
    if (text_is(message->fields[i].name, "Record-Route"))
      length = append(out, length, "Route: %.*s\r\n", message->fields[i].value.length, message->fields[i].value.start);
  length = append_identity(out, length, number);
  length = append(out, length, "To: %.*s\r\n", to.length, to.start);
  run.calls[number].uri = kept(uri.start, uri.length);
  run.calls[number].head = kept(out, length);
}

static void acknowledge_refusal(int number, const struct message *message) {
  char out[ROOM];
  struct text to = message_field(message, "To");
  int length = append(out, 0, "ACK sip:%s@%s SIP/2.0\r\n", run.called, run.system_name);
  length = append_via(out, length, number, "invite");
  length = append_identity(out, length, number);
  length = append(out, length, "To: %.*s\r\nCSeq: 1 ACK\r\n", to.length, to.start);
  send_octets(run.caller_socket, &run.system, out, append_body(out, length, 0));
}

static void receive_answer(int number, const struct message *message, int64_t at) {
  struct call *call = &run.calls[number];
  if (message->status < 200) {
    if (call->state == CALLER_INVITED) call->state = CALLER_PROCEEDING;
  } else if (message->status >= 300) {
    if (call->state == CALLER_FAILED) run.repeated++;
    acknowledge_refusal(number, message);
    end(number, false);
  } else if (call->state < CALLER_UP) {
    call->state = CALLER_UP;
    if (call->answered != 0) delays_add(DELAY_ANSWER, at - call->answered);
    keep_dialog(number, message);
    send_in_dialog(number, "ACK", 1);
    waits_add(WAIT_LEAVE, number, 0);
  } else {
    run.repeated++;
    if (call->uri != NULL) send_in_dialog(number, "ACK", 1);
  }
}

/* The system itself asks: nothing of what is measured here does, but it must not go on asking. */
static void receive_request(const struct message *message, const struct sockaddr_in *from) {
  char out[ROOM], head[ROOM];
  run.strange++;
  if (text_is(message->method, "ACK")) return;
  message_repeat(message, head, "caller");
  int length = append(out, 0, "SIP/2.0 200 OK\r\n%s", head);
  send_octets(run.caller_socket, from, out, append_body(out, length, 0));
}

void caller_receive(const struct message *message, const struct sockaddr_in *from, int64_t at) {
  if (message->status == 0) {
    receive_request(message, from);
    return;
  }
  int number = call_of(message);
  if (number < 0 || run.calls[number].state == CALLER_NEW) run.strange++;
  else if (text_is(message->method, "INVITE")) receive_answer(number, message, at);
  else if (run.calls[number].state != CALLER_LEAVING) run.repeated++;
  else if (message->status >= 200) end(number, message->status < 300);
}

void caller_leave(int number) {
  if (run.calls[number].state != CALLER_UP) return;
  run.calls[number].state = CALLER_LEAVING;
  send_in_dialog(number, "BYE", 2);
  waits_add(WAIT_CALLER, number, 1);
}

bool caller_repeat(int number, bool is_leaving, int turn) {
  enum caller_state state = run.calls[number].state;
  if (is_leaving ? state != CALLER_LEAVING : state != CALLER_INVITED && state != CALLER_PROCEEDING) return false;
  if (turn >= TURNS) {
    end(number, false);
    return false;
  }
  if (state == CALLER_PROCEEDING || !is_time_to_repeat(turn)) return true;
  run.repeated++;
  if (is_leaving) send_in_dialog(number, "BYE", 2);
  else invite(number);
  return true;
}
