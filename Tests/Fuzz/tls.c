/* Two of our own sessions of TLS whose records are cut anywhere and changed on the way, under the address checker.
 *
 *     tls FOLDER SECONDS
 *
 * The folder is one that Tests/Certificates/make.py has made. What nobody has touched has to open, and only for the name
 * that was dialled; whatever is changed may fail in any way but a crash, a leak or an answer that was never given. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "CTLS.h"

static const char *folder;
static unsigned dice = 1;
static int open_count, failures[TLS_WHYS];

static const char *path(const char *name) {
  static char texts[8][1024];
  static unsigned next;
  char *text = texts[next++ % 8];
  snprintf(text, sizeof texts[0], "%s/%s", folder, name);
  return text;
}

static tls_context *make_context(int clients) {
  tls_options options = {
      path("authorities.pem"), path("client.pem"), path("leaf.key"), path("revoked.crl.pem"), "",
      clients, true};
  char problem[512];
  tls_context *context = tls_context_create(&options, problem, sizeof problem);
  if (context == NULL) {
    fprintf(stderr, "no context: %s\n", problem);
    exit(2);
  }
  return context;
}

static unsigned below(unsigned limit) { return (unsigned)rand_r(&dice) % limit; }

/* Carries what one side has said to the other in pieces; one bit in so many octets is another. false: nothing was said. */
static bool carry(tls_session *from, tls_session *to, unsigned rate) {
  const void *said;
  const size_t length = tls_session_output(from, &said);
  if (length == 0) return false;
  unsigned char *octets = malloc(length);
  if (octets == NULL) exit(2);
  memcpy(octets, said, length);
  tls_session_output_taken(from);
  for (size_t i = 0; rate > 0 && i < length; i++)
    if (below(rate) == 0) octets[i] ^= (unsigned char)(1 << below(8));
  for (size_t position = 0; position < length;) {
    const size_t piece = 1 + below((unsigned)(length - position));
    char plain[16384];
    int state = TLS_OPEN;
    tls_session_receive(to, octets + position, piece);
    if (tls_session_shake(to) == TLS_OPEN)
      while (tls_session_read(to, plain, sizeof plain, &state) > 0) {
      }
    position += piece;
  }
  free(octets);
  return true;
}

static void look(tls_session *session) {
  char text[64];
  tls_session_peer(session, text, sizeof text);
  tls_session_describe(session, text, sizeof text);
  tls_session_is_resumed(session);
}

static void round_of(tls_context *context, int number) {
  static const char octets[40000];
  const unsigned rate = number % 4 == 0 ? 0 : 16u << below(10);
  const bool is_right = number % 5 != 0;
  tls_session *server = tls_session_accept(context);
  tls_session *client =
      tls_session_connect(context, is_right ? "phone.example" : "other.example", "127.0.0.1:5061");
  if (server == NULL || client == NULL) exit(2);
  tls_session_shake(client);
  for (int turn = 0; turn < 12; turn++) {
    bool moved = carry(client, server, rate);
    moved |= carry(server, client, rate);
    if (!moved) break;
    if (turn == 4 && tls_session_shake(client) == TLS_OPEN) tls_session_write(client, octets, sizeof octets);
  }
  look(server);
  look(client);
  const bool is_open = tls_session_shake(server) == TLS_OPEN && tls_session_shake(client) == TLS_OPEN;
  if (is_open) open_count++;
  else failures[tls_session_failure(tls_session_shake(client) == TLS_FAILED ? client : server)]++;
  if ((rate == 0 && is_open != is_right) || (is_open && !is_right)) {
    fprintf(stderr, "round %d: %s\n", number, is_open ? "another was believed" : "the right one was not believed");
    abort();
  }
  tls_session_finish(client);
  tls_session_finish(server);
  tls_session_destroy(server);
  tls_session_destroy(client);
}

int main(int count, char **words) {
  if (count < 3) return 2;
  folder = words[1];
  const time_t end = time(NULL) + atoi(words[2]);
  tls_context *context = make_context(TLS_CLIENTS_REQUIRE);
  int number = 0;
  for (; time(NULL) < end; number++) {
    round_of(context, number);
    if (number % 50 != 49) continue;
    tls_context_release(context);
    context = make_context(number / 50 % 3);
  }
  tls_context_release(context);
  printf("%d handshakes, %d open, failures:", number, open_count);
  for (int why = 0; why < TLS_WHYS; why++) printf(" %d", failures[why]);
  printf("\n");
  return number > 0 && open_count > 0 ? 0 : 1;
}
