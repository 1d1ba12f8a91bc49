#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "library.h"

/* One for each peer, the oldest goes first: a peer whose ticket is gone pays for one more handshake. */
enum { PLACES = 256 };

struct tls_tickets {
  struct {
    char *key;
    SSL_SESSION *session;
  } places[PLACES];
  size_t next;
};

tls_tickets *tls_tickets_create(void) { return calloc(1, sizeof(tls_tickets)); }

static void empty(tls_tickets *tickets, size_t index) {
  free(tickets->places[index].key);
  tickets->places[index].key = NULL;
  if (tickets->places[index].session != NULL) tls.SSL_SESSION_free(tickets->places[index].session);
  tickets->places[index].session = NULL;
}

void tls_tickets_destroy(tls_tickets *tickets) {
  if (tickets == NULL) return;
  for (size_t index = 0; index < PLACES; index++) empty(tickets, index);
  free(tickets);
}

static size_t find(const tls_tickets *tickets, const char *key) {
  size_t index = 0;
  while (index < PLACES
         && (tickets->places[index].key == NULL || strcmp(tickets->places[index].key, key) != 0))
    index++;
  return index;
}

void tls_tickets_keep(tls_tickets *tickets, const char *key, SSL_SESSION *session) {
  size_t index = find(tickets, key);
  if (index == PLACES) {
    index = tickets->next;
    tickets->next = (tickets->next + 1) % PLACES;
  }
  char *copy = strdup(key);
  empty(tickets, index);
  if (copy == NULL) {
    tls.SSL_SESSION_free(session);
    return;
  }
  tickets->places[index].key = copy;
  tickets->places[index].session = session;
}

SSL_SESSION *tls_tickets_take(tls_tickets *tickets, const char *key) {
  size_t index = find(tickets, key);
  if (index == PLACES) return NULL;
  SSL_SESSION *session = tickets->places[index].session;
  tickets->places[index].session = NULL;
  empty(tickets, index);
  return session;
}
