#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "library.h"

/* A name as it stands in a certificate: octets, which may be anything. */
typedef struct {
  const char *octets;
  size_t length;
} text;

/* RFC 5922 section 7.1: a name of its own kind says who a SIP domain is, one of a host is as good, and the common name, in
 * which anything may stand, is nothing. */
enum { OTHER, DOMAIN, HOST, ADDRESS };

static bool is_host(text name) {
  if (name.length == 0 || name.length > 253) return false;
  for (size_t i = 0; i < name.length; i++) {
    unsigned char octet = (unsigned char)name.octets[i];
    bool is_letter = (octet | 0x20) >= 'a' && (octet | 0x20) <= 'z';
    bool is_digit = octet >= '0' && octet <= '9';
    /* NUL is none of these: a name that ends in its midst for others does not end here. */
    if (!is_letter && !is_digit && strchr("-._*:[]", octet) == NULL) return false;
    if (octet == 0) return false;
  }
  return true;
}

/* `sip:example.com`: no user, no parameters that would make it something else, no port. */
static bool read_domain(text uri, text *domain) {
  if (uri.length < 5 || strncasecmp(uri.octets, "sip:", 4) != 0) return false;
  *domain = (text){uri.octets + 4, uri.length - 4};
  if (memchr(domain->octets, '@', domain->length) != NULL) return false;
  const char *end = memchr(domain->octets, ';', domain->length);
  if (end != NULL) domain->length = (size_t)(end - domain->octets);
  return is_host(*domain) && memchr(domain->octets, '*', domain->length) == NULL;
}

static int read_name(const GENERAL_NAME *name, text *out) {
  const ASN1_STRING *string;
  switch (name->type) {
    case GEN_URI: string = name->d.uniformResourceIdentifier; break;
    case GEN_DNS: string = name->d.dNSName; break;
    case GEN_IPADD: string = name->d.iPAddress; break;
    default: return OTHER;
  }
  int length = tls.ASN1_STRING_length(string);
  *out = (text){(const char *)tls.ASN1_STRING_get0_data(string), length > 0 ? (size_t)length : 0};
  if (name->type == GEN_URI) return read_domain(*out, out) ? DOMAIN : OTHER;
  if (name->type == GEN_DNS) return is_host(*out) ? HOST : OTHER;
  return out->length == 4 || out->length == 16 ? ADDRESS : OTHER;
}

static bool is_same(text name, const char *dialled, size_t length) {
  return name.length == length && strncasecmp(name.octets, dialled, length) == 0;
}

/* RFC 5922 knows no wildcard; trunks have them. One that is the whole first label stands for one label, and two more have to
 * follow it. */
static bool matches_wildcard(text name, const char *dialled, size_t length) {
  if (name.length < 3 || name.octets[0] != '*' || name.octets[1] != '.') return false;
  text rest = {name.octets + 1, name.length - 1};
  if (memchr(rest.octets, '*', rest.length) != NULL) return false;
  if (memchr(rest.octets + 1, '.', rest.length - 1) == NULL) return false;
  const char *dot = memchr(dialled, '.', length);
  if (dot == NULL || dot == dialled) return false;
  return is_same(rest, dot, length - (size_t)(dot - dialled));
}

static size_t read_address(const char *dialled, unsigned char *octets) {
  char bare[64];
  size_t length = strlen(dialled);
  if (length >= 2 && length < sizeof bare && dialled[0] == '[' && dialled[length - 1] == ']') {
    memcpy(bare, dialled + 1, length - 2);
    bare[length - 2] = 0;
    return inet_pton(AF_INET6, bare, octets) == 1 ? 16 : 0;
  }
  if (inet_pton(AF_INET, dialled, octets) == 1) return 4;
  return inet_pton(AF_INET6, dialled, octets) == 1 ? 16 : 0;
}

static GENERAL_NAMES *names_of(X509 *certificate) {
  return tls.X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}

bool tls_names_match(X509 *certificate, const char *dialled) {
  unsigned char address[16];
  const size_t address_length = read_address(dialled, address);
  size_t length = strlen(dialled);
  if (length > 1 && dialled[length - 1] == '.') length--;
  GENERAL_NAMES *names = names_of(certificate);
  if (names == NULL) return false;
  bool matches = false;
  const int count = tls.OPENSSL_sk_num((const OPENSSL_STACK *)names);
  for (int i = 0; i < count && !matches; i++) {
    text name;
    switch (read_name(tls.OPENSSL_sk_value((const OPENSSL_STACK *)names, i), &name)) {
      case DOMAIN: matches = is_same(name, dialled, length); break;
      case HOST:
        matches = address_length == 0
                  && (is_same(name, dialled, length) || matches_wildcard(name, dialled, length));
        break;
      case ADDRESS:
        matches = address_length > 0 && name.length == address_length
                  && memcmp(name.octets, address, address_length) == 0;
        break;
      default: break;
    }
  }
  tls.GENERAL_NAMES_free(names);
  return matches;
}

/* Adds a name that does not stand in the list. */
static size_t append(char *buffer, size_t size, size_t used, text name) {
  for (size_t i = 0; i + name.length <= used; i++)
    if ((i == 0 || buffer[i - 1] == ',') && strncasecmp(buffer + i, name.octets, name.length) == 0
        && (i + name.length == used || buffer[i + name.length] == ','))
      return used;
  if (used + name.length + 1 > size) return used;
  if (used > 0) buffer[used++] = ',';
  for (size_t i = 0; i < name.length; i++) {
    char octet = name.octets[i];
    buffer[used++] = octet >= 'A' && octet <= 'Z' ? (char)(octet | 0x20) : octet;
  }
  return used;
}

size_t tls_names_list(X509 *certificate, char *buffer, size_t size) {
  GENERAL_NAMES *names = names_of(certificate);
  if (names == NULL) return 0;
  size_t used = 0;
  const int count = tls.OPENSSL_sk_num((const OPENSSL_STACK *)names);
  /* Domains stand before hosts. */
  for (int kind = DOMAIN; kind <= ADDRESS; kind++)
    for (int i = 0; i < count; i++) {
      text name;
      char address[INET6_ADDRSTRLEN];
      if (read_name(tls.OPENSSL_sk_value((const OPENSSL_STACK *)names, i), &name) != kind) continue;
      if (kind == ADDRESS) {
        if (inet_ntop(name.length == 4 ? AF_INET : AF_INET6, name.octets, address, sizeof address) == NULL)
          continue;
        name = (text){address, strlen(address)};
      }
      used = append(buffer, size, used, name);
    }
  tls.GENERAL_NAMES_free(names);
  return used;
}

/* RFC 5924: who may be used for SIP says so by a use of its own, or by those of web servers and their clients. A SIP server
 * calls as well as it is called, and authorities issue little for clients any more, so each is good for both. */
bool tls_use_is_right(X509 *certificate, bool is_leaf) {
  if (is_leaf && tls.X509_get_extension_flags(certificate) & EXFLAG_KUSAGE
      && !(tls.X509_get_key_usage(certificate)
           & (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_KEY_AGREEMENT)))
    return false;
  int critical = 0;
  EXTENDED_KEY_USAGE *uses =
      tls.X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, NULL);
  /* -1: there is none; anything else that is none cannot be read. */
  if (uses == NULL) return critical == -1;
  static const char *const good[] = {
      "1.3.6.1.5.5.7.3.20" /* sipDomain */, "1.3.6.1.5.5.7.3.1" /* serverAuth */,
      "1.3.6.1.5.5.7.3.2" /* clientAuth */, "2.5.29.37.0" /* anyExtendedKeyUsage */};
  bool is_right = false;
  const int count = tls.OPENSSL_sk_num((const OPENSSL_STACK *)uses);
  for (int i = 0; i < count; i++) {
    char name[64] = "";
    tls.OBJ_obj2txt(
        name, sizeof name, tls.OPENSSL_sk_value((const OPENSSL_STACK *)uses, i), 1);
    for (size_t j = 0; j < sizeof good / sizeof *good; j++)
      if (strcmp(name, good[j]) == 0) is_right = true;
  }
  tls.EXTENDED_KEY_USAGE_free(uses);
  return is_right;
}
