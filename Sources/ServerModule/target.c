/* Where a party of a document is reached: by templates of the configuration, and by nothing else.
 * What comes from a web page is put into a dial string only when none of its characters means
 * something there. */
#include "parts.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void deny(rcml_target_place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void deny(rcml_target_place *place, const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(place->reason, sizeof place->reason, format, values);
  va_end(values);
  place->verdict = RCML_TARGET_DENIED;
  place->uri[0] = 0;
}

/* ASCII whatever the server's locale is. */
static bool is_letter_or_digit(char octet) {
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

bool rcml_target_host_uri(const char *dial_string, char *buffer, size_t size) {
  static const char digits[] = "0123456789ABCDEF";
  size_t at = 5;
  if (size < 6) return false;
  memcpy(buffer, "host:", 5);
  for (; *dial_string; dial_string++) {
    bool is_plain = is_letter_or_digit(*dial_string) || strchr("-._~/@+", *dial_string);
    if (at + (is_plain ? 1 : 3) >= size) return false;
    if (is_plain) {
      buffer[at++] = *dial_string;
    } else {
      buffer[at++] = '%';
      buffer[at++] = digits[(unsigned char)*dial_string >> 4];
      buffer[at++] = digits[*dial_string & 15];
    }
  }
  buffer[at] = 0;
  return true;
}

static void dial(rcml_target_place *place, const char *dial_string) {
  if (rcml_target_host_uri(dial_string, place->uri, sizeof place->uri)) place->verdict = RCML_TARGET_CHANNEL;
  else deny(place, "its dial string is too long");
}

/* A user or number as it may stand in a dial string: nothing that a channel driver takes apart. */
static bool is_harmless(const char *user) {
  if (!*user || *user == '-') return false;
  for (; *user; user++)
    if (!is_letter_or_digit(*user) && !strchr("+-_.!~*'#", *user)) return false;
  return true;
}

static bool is_harmless_domain(const char *domain) {
  for (; *domain; domain++)
    if (!is_letter_or_digit(*domain) && *domain != '.' && *domain != '-') return false;
  return true;
}

/* Puts the party into the template named `name`. */
static void fill(
    const rcml_configuration *configuration, const char *name, const char *user, const char *domain,
    rcml_target_place *place) {
  const char *template = rcml_configuration_value(configuration, "general", name);
  char dial_string[256];
  size_t at = 0;
  if (!template && !strcmp(name, "client"))
    template = rcml_configuration_value(configuration, "general", name = "sip");
  if (!template) {
    deny(place, "[general] has no template “%s”", name);
    return;
  }
  if (!is_harmless(user) || (strstr(template, "${DOMAIN}") && !is_harmless_domain(domain))) {
    deny(place, "“%.60s” holds what may not stand in a dial string", user);
    return;
  }
  while (*template) {
    const char *piece = template;
    size_t length = 1;
    if (strncmp(template, "${USER}", 7) == 0) {
      piece = user;
      length = strlen(user);
      template += 7;
    } else if (strncmp(template, "${DOMAIN}", 9) == 0) {
      piece = domain;
      length = strlen(domain);
      template += 9;
    } else {
      template++;
    }
    if (at + length >= sizeof dial_string) {
      deny(place, "its dial string is too long");
      return;
    }
    memcpy(dial_string + at, piece, length);
    at += length;
  }
  dial_string[at] = 0;
  dial(place, dial_string);
}

/* ---- Taking a target apart ---------------------------------------------------------------------------------- */

static int hex(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  digit |= 0x20;
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* The octets without their escapes; false when there is no room for them, or an escape is none. */
static bool unescape(const char *text, size_t length, char *buffer, size_t size) {
  size_t at = 0;
  for (size_t place = 0; place < length; place++) {
    char octet = text[place];
    if (octet == '%') {
      if (place + 2 >= length || hex(text[place + 1]) < 0 || hex(text[place + 2]) < 0) return false;
      octet = (char)(hex(text[place + 1]) << 4 | hex(text[place + 2]));
      place += 2;
      if (!octet) return false;
    }
    if (at + 1 >= size) return false;
    buffer[at++] = octet;
  }
  buffer[at] = 0;
  return true;
}

/* sip:USER[:PASSWORD]@HOST[:PORT][;…][?…] */
static bool split(const char *uri, char *user, char *domain, size_t size) {
  const char *start = strchr(uri, ':') + 1, *at = strchr(start, '@'), *host = at ? at + 1 : start;
  size_t user_length = at ? strcspn(start, "@:") : 0, host_length;
  if (*host == '[') host_length = strcspn(host, "]") + 1;
  else host_length = strcspn(host, ":;?");
  if (host_length >= size || host_length > strlen(host) || !host_length) return false;
  snprintf(domain, size, "%.*s", (int)host_length, host);
  return unescape(start, user_length, user, size);
}

static bool is_ours(const rcml_configuration *configuration, const char *domain) {
  const char *rest = rcml_configuration_value(configuration, "general", "domains");
  char word[256];
  while (rcml_next_word(&rest, word, sizeof word))
    if (!strcmp(word, "*") || !strcasecmp(word, domain)) return true;
  return false;
}

/* Somebody at a host that is none of the server's: only the engine could dial them, and only with a port of its own. */
static void foreign(const rcml_configuration *configuration, const char *domain, rcml_target_place *place) {
  const char *listen = rcml_configuration_value(configuration, "general", "listen");
  if (listen && *listen) place->verdict = RCML_TARGET_SIP;
  else deny(place, "%.80s is not among “domains”, and without “listen” nobody else is reached", domain);
}

static void sip(const rcml_configuration *configuration, const char *uri, rcml_target_place *place) {
  char user[128], domain[128];
  if (!split(uri, user, domain, sizeof user)) deny(place, "its URI cannot be read");
  else if (!is_ours(configuration, domain)) foreign(configuration, domain, place);
  else if (!*user) deny(place, "its URI names nobody at %.80s", domain);
  else fill(configuration, "sip", user, domain, place);
}

/* A number as people write it, +49 (30) 1-2, without what only the eye needs. */
static void number(const rcml_configuration *configuration, const char *text, size_t length, rcml_target_place *place) {
  static const char digits[] = "0123456789+*#", eye[] = " ()-./";
  char dialled[128];
  size_t at = 0, place_of = 0;
  if (length >= sizeof dialled) {
    deny(place, "it is too long for a number");
    return;
  }
  while (place_of < length && (strchr(digits, text[place_of]) || strchr(eye, text[place_of]))) place_of++;
  for (size_t next = 0; next < length; next++)
    if (place_of < length || strchr(digits, text[next])) dialled[at++] = text[next];
  dialled[at] = 0;
  fill(configuration, "number", dialled, "", place);
}

/* TECHNOLOGY/REST, as servers name channels. */
static bool is_dial_string(const char *text) {
  size_t length = 0;
  while (is_letter_or_digit(text[length]) || text[length] == '_') length++;
  return length > 0 && isalpha((unsigned char)text[0]) && text[length] == '/' && text[length + 1];
}

static bool has_control(const char *text) {
  while (*text && (unsigned char)*text >= 0x20 && *text != 0x7f) text++;
  return *text != 0;
}

void rcml_configuration_target(
    const rcml_configuration *configuration, bool channels, const char *noun, const char *to,
    rcml_target_place *place) {
  memset(place, 0, sizeof *place);
  if (!channels) return;
  if (has_control(to)) {
    deny(place, "it holds a control character");
  } else if (is_dial_string(to)) {
    if (rcml_is_yes(rcml_configuration_value(configuration, "general", "raw_targets"))) dial(place, to);
    else deny(place, "“%.60s” is a dial string, which only documents with raw_targets = yes may name", to);
  } else if (!strncasecmp(to, "sip:", 4) || !strncasecmp(to, "sips:", 5)) {
    sip(configuration, to, place);
  } else if (!strncasecmp(to, "tel:", 4)) {
    number(configuration, to + 4, strcspn(to + 4, ";?"), place);
  } else if (!strcmp(noun, "Number")) {
    number(configuration, to, strlen(to), place);
  } else if (!strcmp(noun, "Client")) {
    fill(configuration, "client", to, "", place);
  } else {
    deny(place, "no template says where a <%.40s> is reached", noun);
  }
}
