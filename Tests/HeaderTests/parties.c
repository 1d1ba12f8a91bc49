/* Parties of the host's own: a caller in frames here, a target in frames there, SIP and RTP between them. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <time.h>

#define FRAME 160

/* A tone of 8000 / `period` Hz; period 8 or 16. */
static const int16_t slow[16] = {0,     3061,  5657,  7391,  8000,  7391,  5657,  3061,
                                 0,     -3061, -5657, -7391, -8000, -7391, -5657, -3061};

static void tone(int16_t *frame, int period) {
  int i;
  for (i = 0; i < FRAME; i++) frame[i] = slow[(i * (16 / period)) % 16];
}

/* How much of a tone is in what was heard: 0 = nothing, about 8000 = a tone as above and nothing else. */
static double level(const int16_t *heard, int count, int period) {
  double sine = 0, cosine = 0, square, root;
  int i, step = 16 / period;
  for (i = 0; i < count; i++) {
    sine += (double)heard[i] * slow[(i * step) % 16] / 8000;
    cosine += (double)heard[i] * slow[(i * step + 4) % 16] / 8000;
  }
  square = (sine * sine + cosine * cosine) * 4 / ((double)count * count);
  for (root = 8000, i = 0; i < 30; i++) root = root > 0 ? (root + square / root) / 2 : 0;
  return root;
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static rcml_agent *pbx, *desk; /* brings the caller; has the party that is called */
static rcml_call_id call, desk_call;
static rcml_leg_id desk_leg;
static int answered, desk_hung_up, ended, rang;
static char digits[16], desk_digits[16], told_keys[16];

static void of_pbx(const rcml_event *event) {
  if (event->kind == RCML_EVENT_HOST) {
    CHECK(strcmp(rcml_event_name(event->kind), "host") == 0);
    CHECK(event->call == call && event->leg == 0 && strlen(event->call_sid) == 34);
    if (strcmp(event->name, "key") == 0) strncat(told_keys, event->text, 1); /* Q-30: this party hears it */
    CHECK(event->text_length == (strcmp(event->name, "key") == 0));
    rang |= strcmp(event->name, "ring") == 0 && event->sip_code == 180;
    answered |= strcmp(event->name, "answer") == 0;
  }
  if (event->kind == RCML_EVENT_DIGIT && event->leg != 0) strncat(digits, event->name, 1);
  ended |= event->kind == RCML_EVENT_ENDED;
}

static void of_desk(const rcml_event *event) {
  rcml_error error = RCML_ERROR_INIT;
  if (event->kind == RCML_EVENT_TARGET) {
    CHECK(strcmp(event->name, "Client") == 0 && strcmp(event->to, "front") == 0);
    CHECK(rcml_agent_answer_target(desk, event->request, true, "host:front;media=tape", NULL, NULL, &error) ==
          RCML_E_URI);
    CHECK(rcml_agent_answer_target(desk, event->request, true, "host:front;media=pcma", NULL, NULL, &error) ==
          RCML_OK);
  }
  if (event->kind == RCML_EVENT_HOST && strcmp(event->name, "call") == 0) {
    CHECK(strcmp(event->to, "front") == 0 && strcmp(event->status, "pcma") == 0); /* Q-31 */
    CHECK(strncmp(event->from, "sip:100@", 8) == 0 && !strchr(event->from, '>') && event->leg != 0);
    CHECK(strcmp(event->from_name, "Alice") == 0);
    CHECK(strcmp(event->peer_name, "") == 0);
    desk_call = event->call;
    desk_leg = event->leg;
    CHECK(rcml_host_ring(desk, desk_call, desk_leg, 0, NULL, 0, &error) == RCML_OK);
    CHECK(rcml_host_answer(desk, desk_call, desk_leg, NULL, 0, &error) == RCML_OK);
    CHECK(rcml_host_answer(desk, desk_call, desk_leg, NULL, 0, &error) == RCML_E_STATE);
  }
  if (event->kind == RCML_EVENT_HOST && strcmp(event->name, "hang-up") == 0) desk_hung_up = 1;
  if (event->kind == RCML_EVENT_DIGIT && event->leg == 0) strncat(desk_digits, event->name, 1);
}

static void turn(int64_t until) {
  rcml_event event = RCML_EVENT_INIT;
  do {
    while (rcml_agent_wait(pbx, 1, &event) > 0) of_pbx(&event);
    while (rcml_agent_wait(desk, 1, &event) > 0) of_desk(&event);
  } while (now_ms() < until);
}

/* A-law is decoded by the library of the caller's side: here only its octets are compared. */
static uint8_t a_law_of(int16_t sample) {
  int sign = sample < 0 ? 0 : 0x80, magnitude = (sample < 0 ? ~sample : sample) >> 4, exponent = 0;
  while (magnitude > 31) {
    magnitude >>= 1;
    exponent++;
  }
  if (magnitude > 15) exponent++;
  return (uint8_t)((sign | exponent << 4 | (magnitude & 15)) ^ 0x55);
}

/* Both say something and hear the other, for `frames` times 20 ms. */
static void talk(int frames, int16_t *heard, uint8_t *desk_heard) {
  int16_t frame[FRAME];
  uint8_t octets[FRAME];
  int64_t start = now_ms();
  int i, at;
  for (at = 0; at < frames; at++) {
    tone(frame, 8);
    CHECK(rcml_host_push(pbx, call, 0, frame, sizeof frame) >= 0);
    tone(frame, 16);
    for (i = 0; i < FRAME; i++) octets[i] = a_law_of(frame[i]);
    CHECK(rcml_host_push(desk, desk_call, desk_leg, octets, sizeof octets) >= 0);
    if (rcml_host_pull(pbx, call, 0, heard + at * FRAME, 2 * FRAME) == 0)
      memset(heard + at * FRAME, 0, 2 * FRAME);
    if (rcml_host_pull(desk, desk_call, desk_leg, desk_heard + at * FRAME, FRAME) == 0)
      memset(desk_heard + at * FRAME, 0xd5, FRAME);
    turn(start + (at + 1) * 20);
  }
}

/* What the tone of the caller looks like to the desk: all eight of its A-law octets are there, and nothing else. */
static int is_tone(const uint8_t *heard, int count) {
  int i, k, known;
  for (i = 0; i < count; i++) {
    for (known = 0, k = 0; k < 16; k += 2) {
      int distance = (heard[i] ^ 0x55) - (a_law_of(slow[k]) ^ 0x55);
      known |= distance >= -1 && distance <= 1;
    }
    if (!known) return 0;
  }
  return 1;
}

static void refusals(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  rcml_call_id none = 0;
  int16_t frame[FRAME];
  memset(frame, 0, sizeof frame);
  CHECK(rcml_agent_host_call(pbx, NULL, &none, &error) == RCML_E_ARGUMENT);
  options.media = 9;
  CHECK(rcml_agent_host_call(pbx, &options, &none, &error) == RCML_E_ARGUMENT);
  options.media = RCML_HOST_SDP;
  options.sdp = "v=0";
  CHECK(rcml_agent_host_call(pbx, &options, &none, &error) == RCML_E_ARGUMENT && *error.message);
  options.media = RCML_HOST_PCMU;
  options.from = "a\r\nX-Evil: 1";
  CHECK(rcml_agent_host_call(pbx, &options, &none, &error) == RCML_E_URI && none == 0);
  CHECK(rcml_host_push(pbx, 77, 0, frame, sizeof frame) == RCML_E_GONE);
  CHECK(rcml_host_pull(pbx, 0, 0, frame, sizeof frame) == RCML_E_GONE);
  CHECK(rcml_host_push(pbx, call, 0, NULL, sizeof frame) == RCML_E_ARGUMENT);
  CHECK(rcml_host_push(pbx, call, 0, frame, 160) == RCML_E_ARGUMENT);
  CHECK(rcml_host_push(pbx, call, 12345, frame, sizeof frame) == RCML_E_GONE);
  CHECK(rcml_host_ring(pbx, call, 0, 200, NULL, 0, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_host_ring(pbx, call, 0, 180, NULL, 0, &error) == RCML_E_STATE);
  CHECK(rcml_host_offer(pbx, call, 0, "v=0", 0, &error) == RCML_E_STATE);
  CHECK(rcml_host_offer(pbx, call, 0, NULL, 0, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_host_refuse(pbx, call, 0, 0, &error) == RCML_E_STATE);
  CHECK(rcml_host_hang_up(pbx, call, 0, 200, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_host_press_digit(pbx, call, 0, 'x', &error) == RCML_E_ARGUMENT);
}

int main(void) {
  static int16_t heard[100 * FRAME];
  static uint8_t desk_heard[100 * FRAME];
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT, far = RCML_DOCUMENT_INIT;
  rcml_host_call_options options = RCML_HOST_CALL_OPTIONS_INIT;
  char uri[128], text[256];
  int64_t end;
  pbx = make_listening(uri, sizeof uri);
  desk = make_listening(uri, sizeof uri);
  CHECK(rcml_agent_set(desk, "ask_targets", "nouns", &error) == RCML_OK);
  far.text = "<Response><Dial><Client>front</Client></Dial></Response>";
  CHECK(rcml_agent_default_document(desk, &far, &error) == RCML_OK);
  snprintf(text, sizeof text, "<Response><Dial><Sip>%s</Sip></Dial></Response>", uri);
  document.text = text;
  options.from = "100";
  options.to = "200";
  options.name = "Alice";
  options.document = &document;
  CHECK(rcml_agent_host_call(pbx, &options, &call, &error) == RCML_OK && call != 0);
  for (end = now_ms() + 5000; !answered && now_ms() < end;) turn(0);
  CHECK(rang && answered && desk_leg != 0);
  refusals();
  talk(100, heard, desk_heard);
  /* Both hear the other, and nothing of themselves. */
  CHECK(level(heard + 50 * FRAME, 50 * FRAME, 16) > 6000);
  CHECK(level(heard + 50 * FRAME, 50 * FRAME, 8) < 300);
  CHECK(is_tone(desk_heard + 50 * FRAME, 50 * FRAME));
  CHECK(rcml_host_press_digit(pbx, call, 0, '5', &error) == RCML_OK);
  for (end = now_ms() + 3000; !*desk_digits && now_ms() < end;) turn(0);
  CHECK(strcmp(desk_digits, "5") == 0);
  CHECK(rcml_host_press_digit(desk, desk_call, desk_leg, '#', &error) == RCML_OK);
  for (end = now_ms() + 3000; !*digits && now_ms() < end;) turn(0);
  CHECK(strcmp(digits, "#") == 0);
  for (end = now_ms() + 3000; !*told_keys && now_ms() < end;) turn(0);
  CHECK(strcmp(told_keys, "#") == 0);
  CHECK(rcml_host_hang_up(pbx, call, 0, 0, &error) == RCML_OK);
  for (end = now_ms() + 5000; !(desk_hung_up && ended) && now_ms() < end;) turn(0);
  CHECK(desk_hung_up && ended);
  CHECK(rcml_host_hang_up(pbx, call, 0, 0, &error) == RCML_E_GONE);
  CHECK(rcml_host_pull(pbx, call, 0, heard, 2 * FRAME) == RCML_E_GONE);
  finish(pbx);
  finish(desk);
  return 0;
}
