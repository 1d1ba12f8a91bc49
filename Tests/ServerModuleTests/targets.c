/* Where parties of a document are reached, and which are dialled by nobody. */
#include "server.h"

struct row {
  const char *noun, *to, *uri, *reason; /* uri: NULL = denied, "" = by the engine */
};

static void hold(const rcml_configuration *configuration, const struct row *rows, size_t count) {
  for (const struct row *row = rows; row < rows + count; row++) {
    rcml_target_place place;
    rcml_configuration_target(configuration, true, row->noun, row->to, &place);
    if (row->uri && (*row->uri != (place.verdict == RCML_TARGET_CHANNEL ? 'h' : 0) || strcmp(place.uri, row->uri)))
      fprintf(stderr, "<%s>%s: %d %s %s\n", row->noun, row->to, place.verdict, place.uri, place.reason);
    if (!row->uri) {
      if (!strstr(place.reason, row->reason)) fprintf(stderr, "<%s>%s: %s\n", row->noun, row->to, place.reason);
      CHECK(place.verdict == RCML_TARGET_DENIED && strstr(place.reason, row->reason) && !*place.uri);
    } else if (*row->uri) {
      CHECK(place.verdict == RCML_TARGET_CHANNEL && strcmp(place.uri, row->uri) == 0);
    } else {
      CHECK(place.verdict == RCML_TARGET_SIP && !*place.uri);
    }
  }
}
#define HOLD(configuration, rows) hold(configuration, rows, sizeof rows / sizeof *rows)

static void by_templates(void) {
  static const char *const lines[] = {"general domains=pbx.test, Other.Test", "general sip=PJSIP/${USER}",
                                      "general number=PJSIP/${USER}@trunk", NULL};
  static const struct row rows[] = {
      {"Sip", "sip:bob@pbx.test", "host:PJSIP/bob", ""},
      {"Sip", "sips:bob@PBX.TEST:5061;transport=tls?X=1", "host:PJSIP/bob", ""},
      {"Sip", "sip:bob:secret@other.test", "host:PJSIP/bob", ""},
      {"Sip", "sip:o%27neil@pbx.test", "host:PJSIP/o%27neil", ""},
      {"Contact", "sip:bob@pbx.test", "host:PJSIP/bob", ""},
      {"Client", "bob", "host:PJSIP/bob", ""},
      {"Number", "+49 (30) 1-2/3.4", "host:PJSIP/+4930123" "4@trunk", ""},
      {"Number", "tel:+49-30-12;phone-context=x", "host:PJSIP/+493012@trunk", ""},
      {"Sip", "tel:110", "host:PJSIP/110@trunk", ""},
      {"Number", "*21#", "host:PJSIP/%2A21%23@trunk", ""},
      {"Number", "front-desk", "host:PJSIP/front-desk@trunk", ""},
      /* Nothing of a web page is taken apart by a channel driver. */
      {"Sip", "sip:bob@elsewhere.test", NULL, "not among “domains”"},
      {"Sip", "sip:pbx.test", NULL, "names nobody"},
      {"Sip", "sip:x%2Fsip%3Aevil%40h@pbx.test", NULL, "may not stand"},
      {"Sip", "sip:a&b@pbx.test", NULL, "may not stand"},
      {"Sip", "sip:bob;x=1@pbx.test", NULL, "may not stand"},
      {"Sip", "sip:b%ob@pbx.test", NULL, "cannot be read"},
      {"Sip", "sip:b%00ob@pbx.test", NULL, "cannot be read"},
      {"Sip", "sip:@", NULL, "cannot be read"},
      {"Sip", "sip:x@[::1", NULL, "cannot be read"},
      {"Sip", "sip:-o@pbx.test", NULL, "may not stand"},
      {"Client", "bob@evil", NULL, "may not stand"},
      {"Client", "bob,tT", NULL, "may not stand"},
      {"Client", "${SHELL(id)}", NULL, "may not stand"},
      {"Client", "", NULL, "may not stand"},
      {"Number", "12@evil", NULL, "may not stand"},
      {"Number", "()", NULL, "may not stand"},
      {"Number", "Local/1@internal", NULL, "raw_targets"},
      {"Sip", "PJSIP/dave", NULL, "raw_targets"},
      {"Client", "a\nb", NULL, "control character"},
      {"Queue", "support", NULL, "no template"},
  };
  rcml_configuration *configuration = make_configuration(lines);
  rcml_target_place place;
  char longest[400];
  HOLD(configuration, rows);
  /* `targets = sip`: all of it is the engine's. */
  rcml_configuration_target(configuration, false, "Sip", "sip:bob@pbx.test", &place);
  CHECK(place.verdict == RCML_TARGET_SIP && !*place.uri);
  memset(longest, '1', sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  rcml_configuration_target(configuration, true, "Number", longest, &place);
  CHECK(place.verdict == RCML_TARGET_DENIED);
  rcml_configuration_target(configuration, true, "Client", longest, &place);
  CHECK(place.verdict == RCML_TARGET_DENIED);
  rcml_configuration_release(configuration);
}

static void by_other_templates(void) {
  static const char *const lines[] = {"general domains=*", "general sip=sofia/internal/${USER}%${DOMAIN}",
                                      "general client=[x=y]user/${USER}", "general raw_targets=yes", NULL};
  static const struct row rows[] = {
      {"Sip", "sip:bob@any.test", "host:sofia/internal/bob%25any.test", ""},
      {"Sip", "sip:bob@[::1]", NULL, "may not stand"},
      {"Client", "bob", "host:%5Bx%3Dy%5Duser/bob", ""},
      {"Number", "123", NULL, "no template “number”"},
      {"Number", "PJSIP/t/sip:b@h", "host:PJSIP/t/sip%3Ab@h", ""},
      {"Client", "Local/1@here", "host:Local/1@here", ""},
      {"Number", "7/1", NULL, "no template “number”"},
  };
  rcml_configuration *configuration = make_configuration(lines);
  HOLD(configuration, rows);
  rcml_configuration_release(configuration);
}

/* With a port of its own the engine reaches whoever is not a channel. */
static void with_a_listener(void) {
  static const char *const lines[] = {"general domains=pbx.test", "general sip=PJSIP/${USER}",
                                      "general listen=udp:127.0.0.1:0", NULL};
  static const struct row rows[] = {
      {"Sip", "sip:bob@elsewhere.test", "", ""},
      {"Sip", "sip:bob@pbx.test", "host:PJSIP/bob", ""},
  };
  rcml_configuration *configuration = make_configuration(lines);
  HOLD(configuration, rows);
  rcml_configuration_release(configuration);
}

static void escapes(void) {
  char buffer[16];
  CHECK(rcml_target_host_uri("PJSIP/a b", buffer, sizeof buffer) == false);
  CHECK(rcml_target_host_uri("a b\xc3\xbc", buffer, sizeof buffer) == false);
  CHECK(rcml_target_host_uri("a b", buffer, sizeof buffer) && strcmp(buffer, "host:a%20b") == 0);
  CHECK(rcml_target_host_uri("\xc3", buffer, sizeof buffer) && strcmp(buffer, "host:%C3") == 0);
  CHECK(!rcml_target_host_uri("a", buffer, 5));
}

int main(void) {
  by_templates();
  by_other_templates();
  with_a_listener();
  escapes();
  return 0;
}
