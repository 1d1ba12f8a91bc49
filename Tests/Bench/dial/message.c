#define _GNU_SOURCE
#include "calls.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct text trimmed(const char *start, const char *end) {
  while (start < end && (*start == ' ' || *start == '\t')) start++;
  while (start < end && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) end--;
  return (struct text){start, (int)(end - start)};
}

bool text_is(struct text text, const char *word) {
  return strlen(word) == (size_t)text.length && strncasecmp(text.start, word, (size_t)text.length) == 0;
}

static bool read_first_line(struct message *message, struct text line) {
  if (line.length > 12 && memcmp(line.start, "SIP/2.0 ", 8) == 0) {
    message->status = atoi(line.start + 8);
    return message->status >= 100;
  }
  const char *end = line.start + line.length, *uri = memchr(line.start, ' ', (size_t)line.length);
  const char *version = uri != NULL ? memchr(uri + 1, ' ', (size_t)(end - uri - 1)) : NULL;
  if (version == NULL) return false;
  message->uri = (struct text){uri + 1, (int)(version - uri - 1)};
  return true;
}

/* `octets` has a zero behind it. */
bool message_read(struct message *message, const char *octets, int length) {
  const char *end = octets + length, *start = octets;
  message->status = message->count = 0;
  message->body = message->uri = (struct text){end, 0};
  for (bool is_first = true; start < end; is_first = false) {
    const char *stop = memchr(start, '\n', (size_t)(end - start));
    if (stop == NULL) return false;
    struct text line = trimmed(start, stop);
    start = stop + 1;
    if (is_first) {
      if (!read_first_line(message, line)) return false;
      continue;
    }
    if (line.length == 0) break;
    const char *colon = memchr(line.start, ':', (size_t)line.length);
    if (colon == NULL || message->count == FIELDS) return false;
    message->fields[message->count].name = trimmed(line.start, colon);
    message->fields[message->count++].value = trimmed(colon + 1, line.start + line.length);
  }
  message->body = (struct text){start, (int)(end - start)};
  struct text sequence = message_field(message, "CSeq");
  const char *method = sequence.length > 0 ? memchr(sequence.start, ' ', (size_t)sequence.length) : NULL;
  if (method == NULL) return false;
  message->sequence = atoi(sequence.start);
  message->method = trimmed(method, sequence.start + sequence.length);
  return true;
}

struct text message_field(const struct message *message, const char *name) {
  for (int i = 0; i < message->count; i++)
    if (text_is(message->fields[i].name, name)) return message->fields[i].value;
  return (struct text){"", 0};
}

bool message_has_tag(const struct message *message) {
  struct text to = message_field(message, "To");
  return memmem(to.start, (size_t)to.length, ";tag=", 5) != NULL;
}

struct text text_uri(struct text contact) {
  const char *end = contact.start + contact.length, *open = memchr(contact.start, '<', (size_t)contact.length);
  const char *close = open != NULL ? memchr(open, '>', (size_t)(end - open)) : NULL;
  if (close != NULL) return (struct text){open + 1, (int)(close - open - 1)};
  return contact;
}

int message_repeat(const struct message *message, char *out, const char *tag) {
  static const char *const repeated[] = {"Via", "Record-Route", "From", "To", "Call-ID", "CSeq"};
  bool needs_tag = !message_has_tag(message);
  int length = 0;
  out[0] = 0;
  for (int i = 0; i < message->count; i++) {
    struct text name = message->fields[i].name, value = message->fields[i].value;
    for (size_t j = 0; j < sizeof repeated / sizeof *repeated; j++)
      if (text_is(name, repeated[j]))
        length = append(out, length, "%s: %.*s%s%s\r\n", repeated[j], value.length, value.start,
                        j == 3 && needs_tag ? ";tag=" : "", j == 3 && needs_tag ? tag : "");
  }
  return length;
}

int append(char *out, int length, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int more = vsnprintf(out + length, (size_t)(ROOM - length), format, arguments);
  va_end(arguments);
  return length + more < ROOM ? length + more : ROOM - 1;
}

int append_body(char *out, int length, int port) {
  char body[512];
  if (port == 0) return append(out, length, "Content-Length: 0\r\n\r\n");
  int octets = snprintf(body, sizeof body,
                        "v=0\r\no=phone %d 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %d RTP/AVP 0 8 101\r\n"
                        "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
                        "a=fmtp:101 0-15\r\na=ptime:20\r\n",
                        port, run.own_name, run.own_name, port);
  return append(out, length, "Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s", octets, body);
}

char *kept(const char *octets, int length) {
  char *piece = malloc((size_t)length + 1);
  if (piece == NULL) abort();
  memcpy(piece, octets, (size_t)length);
  piece[length] = 0;
  return piece;
}
