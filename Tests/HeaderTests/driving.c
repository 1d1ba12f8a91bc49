/* The same call driven in four ways: the events the host pulls, the SIP messages and the ladder of the journal are the
 * same.
 *
 * What may differ between two runs is taken out before they are compared, and nothing else:
 *   - times, because machines are not equally fast. Which message follows which is compared.
 *   - words that are drawn at random or given by the system: ids, tags, branches, ports. Every word of four and more
 *     letters and digits with a digit in it is replaced by the number of the place where it came up first, so that
 *     "the same tag again" is still compared.
 *   - Content-Length, because those numbers are not all equally long.
 *   - messages that are repeated octet for octet: a machine that stands still for half a second repeats (timer A). The ladder calls
 *     them "again".
 * How often the loop was turned is no part of it: that is just what the four ways differ in. */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

enum way { LOOP, BLOCKING, RUN, THREAD, WAYS };
static const char *const journals[] = {"loop.journal", "blocking.journal", "run.journal", "thread.journal"};

static rcml_agent *phones;
static char busy[160], talks[160];

/* ---- what is compared ---- */

typedef struct text {
  char octets[65536];
  size_t length;
} text;

static text events[WAYS], messages[WAYS], ladders[WAYS];
static text words; /* of one journal, each followed by a newline */

static void put(text *target, const char *octets, size_t length) {
  CHECK(target->length + length < sizeof target->octets);
  memcpy(target->octets + target->length, octets, length);
  target->length += length;
  target->octets[target->length] = 0;
}

static bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_random(const char *word, size_t length) {
  size_t i;
  for (i = 0; i < length; i++)
    if (word[i] >= '0' && word[i] <= '9') return length >= 4;
  return false;
}

/* The place at which the word came up first. */
static int number_of(const char *word, size_t length) {
  const char *line = words.octets, *end;
  int number = 0;
  for (; (end = strchr(line, '\n')) != NULL; line = end + 1, number++)
    if ((size_t)(end - line) == length && memcmp(line, word, length) == 0) return number;
  put(&words, word, length);
  put(&words, "\n", 1);
  return number;
}

static void put_normalised(text *target, const char *octets, size_t length) {
  size_t i = 0, end;
  char number[16];
  while (i < length) {
    for (end = i; end < length && is_word(octets[end]); end++) {}
    if (end == i) {
      put(target, octets + i++, 1);
      continue;
    }
    if (is_random(octets + i, end - i)) {
      snprintf(number, sizeof number, "#%d", number_of(octets + i, end - i));
      put(target, number, strlen(number));
    } else {
      put(target, octets + i, end - i);
    }
    i = end;
  }
}

static void note_message(void *context, const rcml_trace_message *message) {
  text *target = (text *)context;
  static text seen; /* of this journal: "sent" and the message, each with a NUL behind it */
  size_t at;
  const char *line, *end;
  if (target->length == 0) seen.length = 0;
  for (at = 0; at < seen.length; at += strlen(seen.octets + at) + 1)
    if (seen.octets[at] == (message->sent ? '>' : '<') && strcmp(seen.octets + at + 1, message->text) == 0) return;
  put(&seen, message->sent ? ">" : "<", 1);
  put(&seen, message->text, message->length + 1);
  put(target, message->sent ? "sent\n" : "received\n", message->sent ? 5 : 9);
  for (line = message->text; *line; line = end + 1) {
    end = strchr(line, '\n');
    if (end == NULL) end = line + strlen(line) - 1;
    if (strncmp(line, "Content-Length:", 15) != 0) put_normalised(target, line, (size_t)(end + 1 - line));
  }
}

static text piece;

static void collect(void *context, const char *octets, size_t length) {
  (void)context;
  put(&piece, octets, length);
}

/* Of the lines with a time what stands behind it. */
static void read_journal(enum way way) {
  rcml_replay_result replayed = RCML_REPLAY_RESULT_INIT;
  rcml_error error = RCML_ERROR_INIT;
  const char *line, *end;
  bool repeated;
  CHECK(rcml_journal_replay(journals[way], &replayed, &error) == RCML_OK);
  CHECK(replayed.inputs > 10 && replayed.outputs > 10 && !replayed.torn);
  words.length = 0;
  words.octets[0] = 0;
  CHECK(rcml_journal_messages(journals[way], NULL, note_message, &messages[way], &error) == RCML_OK);
  piece.length = 0;
  CHECK(rcml_journal_ladder(journals[way], NULL, collect, NULL, &error) == RCML_OK);
  for (line = piece.octets; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    size_t blanks = strspn(line, " "), digits = strspn(line + blanks, "0123456789.");
    if (blanks == 0 || digits < 5) continue;
    piece.octets[end - piece.octets] = 0;
    repeated = strstr(line, " again ") != NULL;
    piece.octets[end - piece.octets] = '\n';
    if (repeated) continue;
    put_normalised(&ladders[way], line + blanks + digits, (size_t)(end + 1 - line) - blanks - digits);
  }
}

static void compare(const char *what, const text *first, const text *other, enum way way) {
  if (strcmp(first->octets, other->octets) == 0) return;
  fprintf(stderr, "%s of %s differ:\n%s\n---- and in a loop:\n%s\n", what, journals[way], other->octets, first->octets);
  exit(1);
}

/* ---- the host: what it does about an event, whoever drives ----
 *
 * It does something only while nobody else is about to say anything, so that no run is different by chance. */

static rcml_call_id ended;

static void note(rcml_agent *agent, const rcml_event *event, enum way way) {
  rcml_call_info info = RCML_CALL_INFO_INIT;
  rcml_leg_info leg = RCML_LEG_INFO_INIT;
  char line[256];
  snprintf(line, sizeof line, "%s %s %s %d %s %s\n", rcml_event_name(event->kind), event->name, event->status,
           (int)event->sip_code, event->url, event->hangup_by);
  put(&events[way], line, strlen(line));
  if (event->kind == RCML_EVENT_REQUEST) {
    char next[256];
    snprintf(next, sizeof next, "<Response><Dial><Sip>%s</Sip></Dial></Response>", talks);
    CHECK(rcml_agent_answer_request(agent, event->request, 200, NULL, next, strlen(next), NULL) == RCML_OK);
  }
  if (event->kind == RCML_EVENT_STATUS && strcmp(event->name, "answered") == 0) {
    CHECK(rcml_call_state(agent, event->call, &info) == RCML_OK);
    CHECK(info.outgoing && info.answered && info.legs == 2);
    CHECK(strlen(info.sid) == 34 && strcmp(info.sid, event->call_sid) == 0); /* spec P-1 */
    CHECK(rcml_call_leg(agent, event->call, 1, &leg) == 1);
    CHECK(leg.leg == event->leg && !leg.ended && strcmp(leg.sid, event->leg_sid) == 0);
    CHECK(rcml_call_leg(agent, event->call, 2, &leg) == 0);
    CHECK(rcml_call_hang_up(agent, event->call, NULL) == RCML_OK);
  }
  if (event->kind == RCML_EVENT_ENDED) ended = event->call;
  if (event->kind == RCML_EVENT_DRAINED) {
    CHECK(rcml_call_state(agent, ended, &info) == RCML_E_GONE);
    CHECK(rcml_call_hang_up(agent, ended, NULL) == RCML_E_GONE);
  }
}

/* ---- the four ways ---- */

static bool take_events(rcml_agent *agent, enum way way) {
  rcml_event event = RCML_EVENT_INIT;
  bool drained = false;
  CHECK(rcml_agent_process(agent) >= 0);
  while (rcml_agent_next_event(agent, &event) > 0) {
    note(agent, &event, way);
    drained |= event.kind == RCML_EVENT_DRAINED;
  }
  return drained;
}

static void in_a_loop(rcml_agent *agent) {
  do {
    int64_t sleep = rcml_agent_deadline_ms(agent);
    struct pollfd watched;
    watched.fd = rcml_agent_fd(agent);
    watched.events = POLLIN;
    poll(&watched, 1, sleep < 0 ? -1 : sleep > 10000 ? 10000 : (int)sleep);
  } while (!take_events(agent, LOOP));
}

static void blocking(rcml_agent *agent) {
  rcml_event event = RCML_EVENT_INIT;
  int32_t result;
  while ((result = rcml_agent_wait(agent, -1, &event)) >= 0)
    if (result > 0) note(agent, &event, BLOCKING);
  CHECK(result == RCML_E_CLOSED);
}

static void pulled(void *context, rcml_agent *agent, const rcml_event *event) {
  (void)context;
  note(agent, event, RUN);
}

/* Called on the library's thread: all it may do is wake. */
static void wake(void *context) {
  const int *end = (const int *)context;
  CHECK(write(*end, "", 1) == 1);
}

/* This thread sleeps on nothing but its own pipe: no descriptor and no deadline of the agent. */
static void own_thread(rcml_agent *agent) {
  rcml_error error = RCML_ERROR_INIT;
  int ends[2];
  char octet;
  CHECK(pipe(ends) == 0);
  CHECK(rcml_agent_start(agent, wake, &ends[1], &error) == RCML_OK);
  CHECK(rcml_agent_start(agent, wake, &ends[1], &error) == RCML_E_STATE);
  do CHECK(read(ends[0], &octet, 1) == 1);
  while (!take_events(agent, THREAD));
  CHECK(rcml_agent_destroy(agent) == RCML_OK); /* our thread ends before its pipe does */
  close(ends[0]);
  close(ends[1]);
}

static void drive(enum way way) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_call_id call = 0;
  rcml_agent *agent = make_agent();
  char first[256];
  CHECK(rcml_agent_journal(agent, journals[way], &error) == RCML_OK);
  CHECK(rcml_agent_listen(agent, "udp:127.0.0.1:0", &error) == 0);
  snprintf(first, sizeof first, "<Response><Dial action=\"host:/next\"><Sip>%s</Sip></Dial></Response>", busy);
  document.text = first;
  options.party = talks;
  options.document = &document;
  if (rcml_agent_call(agent, &options, &call, &error) != RCML_OK) {
    fprintf(stderr, "%s\n", error.message);
    exit(1);
  }
  CHECK(call != 0);
  CHECK(rcml_agent_drain(agent) == RCML_OK); /* over when this call is */
  if (way == LOOP) in_a_loop(agent);
  if (way == BLOCKING) blocking(agent);
  if (way == RUN) CHECK(rcml_agent_run(agent, pulled, NULL, &error) == RCML_OK);
  if (way == THREAD) own_thread(agent);
  else CHECK(rcml_agent_destroy(agent) == RCML_OK);
}

/* All phones are one agent with one socket, so that what they say comes in the order in which they said it. */
static void *turn_phones(void *unused) {
  rcml_event event = RCML_EVENT_INIT;
  (void)unused;
  while (rcml_agent_wait(phones, -1, &event) >= 0)
    if (event.kind == RCML_EVENT_INCOMING) {
      CHECK(rcml_call_ring(phones, event.call, 0, NULL) == RCML_OK);
      if (strstr(event.to, "busy")) {
        CHECK(rcml_call_reject(phones, event.call, 486, NULL, NULL) == RCML_OK);
        continue;
      }
      CHECK(rcml_call_answer(phones, event.call, NULL) == RCML_OK);
      CHECK(rcml_call_reject(phones, event.call, 486, NULL, NULL) == RCML_E_STATE);
    }
  return NULL;
}

int main(void) {
  char place[128];
  pthread_t thread;
  int way;
  phones = make_listening(place, sizeof place);
  snprintf(busy, sizeof busy, "sip:busy@%s", place + 4);
  snprintf(talks, sizeof talks, "sip:talks@%s", place + 4);
  CHECK(pthread_create(&thread, NULL, turn_phones, NULL) == 0);
  for (way = LOOP; way < WAYS; way++) {
    drive((enum way)way);
    read_journal((enum way)way);
    compare("events", &events[LOOP], &events[way], (enum way)way);
    compare("messages", &messages[LOOP], &messages[way], (enum way)way);
    compare("ladders", &ladders[LOOP], &ladders[way], (enum way)way);
  }
  /* The comparison is about something. */
  CHECK(strstr(events[LOOP].octets, "status completed busy 486") && strstr(events[LOOP].octets, "ended"));
  CHECK(strstr(events[LOOP].octets, "request") && strstr(events[LOOP].octets, "host:/next"));
  CHECK(strstr(messages[LOOP].octets, "INVITE sip:busy@") && strstr(messages[LOOP].octets, "BYE "));
  CHECK(strstr(messages[LOOP].octets, "branch=#") && strstr(messages[LOOP].octets, "tag=#"));
  CHECK(strstr(ladders[LOOP].octets, "486") && strstr(ladders[LOOP].octets, "BYE"));
  CHECK(rcml_agent_stop(phones) == RCML_OK);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK(rcml_agent_destroy(phones) == RCML_OK);
  return 0;
}
