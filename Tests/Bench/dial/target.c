#include "calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AUDIO_PORT = 40002, TURNS = 64 };

static struct leg *leg_of(int call, int target) { return &run.legs[call * run.target_count + target]; }

static void respond(int target, const struct sockaddr_in *to, const char *status, const char *head, int port) {
  char out[ROOM];
  int length = append(out, 0, "SIP/2.0 %s\r\n%sContact: <sip:target@%s:%d>\r\n", status, head, run.own_name,
                      TARGET_PORT + target);
  send_octets(run.target_sockets[target], to, out, append_body(out, length, port));
}

static void forget(char **piece) {
  free(*piece);
  *piece = NULL;
}

/* A final response: repeated until it is acknowledged. */
static void respond_finally(int call, int target, const char *status, const char *more, int port) {
  struct leg *leg = leg_of(call, target);
  char out[ROOM];
  int length = append(out, 0, "SIP/2.0 %s\r\n%sContact: <sip:target@%s:%d>\r\n%s", status, leg->head, run.own_name,
                      TARGET_PORT + target, more);
  length = append_body(out, length, port);
  free(leg->answer);
  leg->answer = kept(out, length);
  leg->answer_length = length;
  send_octets(run.target_sockets[target], &leg->peer, out, length);
  waits_add(WAIT_TARGET, call, target);
}

static void challenge(int call, int target) {
  char nonce[NONCE], field[160];
  make_nonce(nonce, call, target);
  snprintf(field, sizeof field,
           "Proxy-Authenticate: Digest realm=\"bench\", nonce=\"%s\", algorithm=MD5, qop=\"auth\"\r\n", nonce);
  leg_of(call, target)->state = LEG_CHALLENGED;
  run.challenged++;
  respond_finally(call, target, "407 Proxy Authentication Required", field, 0);
}

static bool is_right(int call, int target, const struct message *message) {
  char nonce[NONCE];
  make_nonce(nonce, call, target);
  return credentials_are_right(message_field(message, "Proxy-Authorization"), nonce);
}

static void receive_repeated(int target, struct leg *leg) {
  run.repeated++;
  if (leg->answer != NULL) send_octets(run.target_sockets[target], &leg->peer, leg->answer, leg->answer_length);
  else if (leg->state == LEG_RINGING) respond(target, &leg->peer, "180 Ringing", leg->head, 0);
}

static void receive_invite(
    int call, int target, const struct message *message, const struct sockaddr_in *from, int64_t at) {
  struct leg *leg = leg_of(call, target);
  bool is_second = leg->state == LEG_CHALLENGED && message_field(message, "Proxy-Authorization").length > 0;
  if (leg->state != LEG_NEW && !is_second) {
    receive_repeated(target, leg);
    return;
  }
  char head[ROOM], tag[32];
  snprintf(tag, sizeof tag, "t%dx%dx%d", run.number, call, target);
  int length = message_repeat(message, head, tag);
  forget(&leg->head);
  forget(&leg->answer);
  leg->head = kept(head, length);
  leg->peer = *from;
  if (run.challenges && !is_second) {
    challenge(call, target);
    return;
  }
  if (run.challenges && !is_right(call, target, message)) {
    leg->state = LEG_REFUSED;
    respond_finally(call, target, "403 Forbidden", "", 0);
    return;
  }
  delays_add(DELAY_INVITE, at - run.calls[call].invited);
  leg->state = LEG_RINGING;
  respond(target, from, "100 Trying", leg->head, 0);
  respond(target, from, "180 Ringing", leg->head, 0);
  if (target == run.target_count - 1) waits_add(WAIT_ANSWER, call, target);
}

void target_answer(int call, int target) {
  struct leg *leg = leg_of(call, target);
  if (leg->state != LEG_RINGING) return;
  leg->state = LEG_ANSWERED;
  run.calls[call].answered = now();
  respond_finally(call, target, "200 OK", "", AUDIO_PORT);
}

static void receive_cancel(int call, int target, int64_t at) {
  struct leg *leg = leg_of(call, target);
  if (leg->state != LEG_RINGING) {
    if (leg->state == LEG_REFUSED || leg->state == LEG_ENDED) run.repeated++;
    return;
  }
  leg->state = LEG_REFUSED;
  if (run.calls[call].answered != 0) delays_add(DELAY_CANCEL, at - run.calls[call].answered);
  respond_finally(call, target, "487 Request Terminated", "", 0);
}

static void receive_acknowledgement(struct leg *leg) {
  forget(&leg->answer);
  if (leg->state == LEG_ANSWERED) leg->state = LEG_UP;
  if (leg->state == LEG_REFUSED) {
    leg->state = LEG_ENDED;
    forget(&leg->head);
  }
}

void target_receive(int target, const struct message *message, const struct sockaddr_in *from, int64_t at) {
  if (message->status != 0) {
    run.strange++;
    return;
  }
  int call = call_of(message);
  struct leg *leg = call >= 0 ? leg_of(call, target) : NULL;
  if (leg != NULL && text_is(message->method, "INVITE") && !message_has_tag(message)) {
    receive_invite(call, target, message, from, at);
    return;
  }
  if (text_is(message->method, "ACK")) {
    if (leg != NULL) receive_acknowledgement(leg);
    return;
  }
  char head[ROOM];
  message_repeat(message, head, "target");
  bool is_known = leg != NULL && leg->state != LEG_NEW;
  if (!is_known || text_is(message->method, "INVITE")) run.strange++;
  respond(target, from, is_known ? "200 OK" : "481 Call/Transaction Does Not Exist", head,
          is_known && text_is(message->method, "INVITE") ? AUDIO_PORT : 0);
  if (!is_known) return;
  if (text_is(message->method, "CANCEL")) {
    receive_cancel(call, target, at);
  } else if (text_is(message->method, "BYE")) {
    if (leg->state == LEG_ENDED) run.repeated++;
    leg->state = LEG_ENDED;
    forget(&leg->answer);
    forget(&leg->head);
  }
}

bool target_repeat(int call, int target, int turn) {
  struct leg *leg = leg_of(call, target);
  if (leg->answer == NULL || turn >= TURNS) return false;
  if (!is_time_to_repeat(turn)) return true;
  run.repeated++;
  send_octets(run.target_sockets[target], &leg->peer, leg->answer, leg->answer_length);
  return true;
}
