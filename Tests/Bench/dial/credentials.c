#include "calls.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "CDigest.h"

void make_nonce(char nonce[NONCE], int call, int target) {
  snprintf(nonce, NONCE, "n%xx%xx%x", (unsigned)run.number & 0xffff, (unsigned)call, (unsigned)target & 0xf);
}

/* The value of a parameter, without its quotes. */
static void read_parameter(struct text field, const char *name, char *out, size_t room) {
  const char *end = field.start + field.length;
  size_t length = strlen(name), count = 0;
  for (const char *at = field.start; at + length + 1 < end; at++) {
    if (at == field.start || (at[-1] != ' ' && at[-1] != ',') || at[length] != '=') continue;
    if (strncasecmp(at, name, length) != 0) continue;
    at += length + 1;
    bool is_quoted = *at == '"';
    if (is_quoted) at++;
    while (at < end && count + 1 < room && (is_quoted ? *at != '"' : *at != ',' && *at != ' ')) out[count++] = *at++;
    break;
  }
  out[count] = 0;
}

static void hash(const char *text, char hex[33]) {
  unsigned char octets[DIGEST_MAXIMUM] = {0};
  digest_hash(DIGEST_MD5, text, strlen(text), octets);
  for (int i = 0; i < 16; i++) snprintf(hex + 2 * i, 3, "%02x", octets[i]);
}

bool credentials_are_right(struct text field, const char *nonce) {
  char uri[256], given_nonce[64], response[64], qop[16], count[16], cnonce[128], text[640];
  char secret[33], request[33], expected[33];
  read_parameter(field, "uri", uri, sizeof uri);
  read_parameter(field, "nonce", given_nonce, sizeof given_nonce);
  read_parameter(field, "response", response, sizeof response);
  read_parameter(field, "qop", qop, sizeof qop);
  read_parameter(field, "nc", count, sizeof count);
  read_parameter(field, "cnonce", cnonce, sizeof cnonce);
  hash("bench:bench:secret", secret);
  snprintf(text, sizeof text, "INVITE:%s", uri);
  hash(text, request);
  if (qop[0] == 0) snprintf(text, sizeof text, "%s:%s:%s", secret, given_nonce, request);
  else snprintf(text, sizeof text, "%s:%s:%s:%s:%s:%s", secret, given_nonce, count, cnonce, qop, request);
  hash(text, expected);
  return strcmp(given_nonce, nonce) == 0 && strcasecmp(response, expected) == 0;
}
