/* TLS by libssl of OpenSSL 3, which is loaded on first use. Sessions speak to nobody: octets of the wire go in and come out,
 * plain octets go in and come out. One thread at a time for a context and its sessions. */
#ifndef CTLS_H
#define CTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma GCC visibility push(hidden)

typedef struct tls_context tls_context;
typedef struct tls_session tls_session;

/* Whether this machine has the library. Loads it: 4 ms, once a process. */
bool tls_is_there(void);

/* What clients are asked for. */
enum { TLS_CLIENTS_OFF, TLS_CLIENTS_ASK, TLS_CLIENTS_REQUIRE };

/* Files are of PEM form; an empty text = none. */
typedef struct {
  const char *authorities; /* whom to trust, a file or a folder; empty = whom the system trusts */
  const char *certificate; /* ours, and those that lead to an authority */
  const char *key;         /* empty = it stands in the file of the certificate */
  const char *revoked;     /* lists of certificates that are good no more */
  const char *keylog;      /* keys of sessions are written there, for whoever is to read them on the wire */
  int clients;
  bool verifies; /* servers */
} tls_options;

/* NULL: `problem` says why, in half a sentence. */
tls_context *tls_context_create(const tls_options *options, char *problem, size_t size);
/* Sessions of it go on. */
void tls_context_release(tls_context *context);
/* It has a certificate. */
bool tls_context_can_accept(const tls_context *context);

enum { TLS_FILE_AUTHORITIES, TLS_FILE_CERTIFICATE, TLS_FILE_KEY, TLS_FILE_REVOKED };
/* false: `problem` says what is wrong with the file by itself. */
bool tls_file_check(int role, const char *path, char *problem, size_t size);

/* NULL: there is no memory, or no certificate. */
tls_session *tls_session_accept(tls_context *context);
/* `name`: the domain or the address that was dialled; `place`: where it is connected to. An earlier session with both is
 * resumed. */
tls_session *tls_session_connect(tls_context *context, const char *name, const char *place);
void tls_session_destroy(tls_session *session);

enum {
  TLS_GOES_ON, /* more has to come from the peer */
  TLS_OPEN,    /* both know who the other is */
  TLS_ENDED,   /* the peer says no more */
  TLS_FAILED   /* `tls_session_failure` says why */
};

/* What came from the peer; it stays where it is until `tls_session_read` finds nothing more in it. */
void tls_session_receive(tls_session *session, const void *bytes, size_t length);
/* Goes on with the handshake. */
int tls_session_shake(tls_session *session);
/* Plain octets of what came: how many, or 0 and `state` says why. */
size_t tls_session_read(tls_session *session, void *buffer, size_t size, int *state);
/* false: it failed. */
bool tls_session_write(tls_session *session, const void *bytes, size_t length);
/* We say no more. */
void tls_session_finish(tls_session *session);
/* What is to be sent to the peer, until the next call for the session. */
size_t tls_session_output(tls_session *session, const void **bytes);
/* That much of it was taken away. */
void tls_session_output_taken(tls_session *session);

/* Who the peer proved to be, one name after the other with commas between; empty = it proved nothing. The length. */
size_t tls_session_peer(tls_session *session, char *buffer, size_t size);
bool tls_session_is_resumed(tls_session *session);
/* `TLSv1.3 TLS_AES_256_GCM_SHA384`. */
size_t tls_session_describe(tls_session *session, char *buffer, size_t size);

enum {
  TLS_WHY_OTHER,         /* no handshake came about */
  TLS_WHY_NOT_TLS,       /* what came is no TLS */
  TLS_WHY_VERSION,       /* no version or cipher that both take */
  TLS_WHY_REFUSED,       /* the peer refuses us, or our certificate */
  TLS_WHY_MISSING,       /* it shows no certificate */
  TLS_WHY_TOO_LARGE,     /* its certificates are larger than any that are good for anything */
  TLS_WHY_EXPIRED,
  TLS_WHY_NOT_YET,
  TLS_WHY_NAME,          /* the certificate is another's */
  TLS_WHY_SELF_SIGNED,
  TLS_WHY_UNKNOWN_ISSUER,
  TLS_WHY_ISSUER,        /* an issuer that may issue no such certificate */
  TLS_WHY_USAGE,         /* it is for something else */
  TLS_WHY_REVOKED,
  TLS_WHY_UNCHECKED,     /* nobody can say whether it is revoked */
  TLS_WHY_WEAK,          /* its key or a signature can be forged */
  TLS_WHY_BROKEN,        /* a signature is wrong, or it cannot be read */
  TLS_WHYS
};
int tls_session_failure(const tls_session *session);

#pragma GCC visibility pop
#endif
