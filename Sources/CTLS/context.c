#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library.h"

/* Certificates that are larger together are a peer's way to take memory. */
enum { CERTIFICATES_LIMIT = 32 * 1024 };

static const char absent[] = "there is no libssl.so.3 on this machine: install libssl3";

static bool say(char *problem, size_t size, const char *path, const char *what) {
  if (path == NULL) snprintf(problem, size, "%s", what);
  else snprintf(problem, size, "\"%s\" %s", path, what);
  return false;
}

static bool is_given(const char *path) { return path != NULL && path[0] != 0; }

/* Nobody is asked for a passphrase: a server that starts has nobody at its terminal. */
static int refuse_passphrase(char *buffer, int size, int is_writing, void *was_asked) {
  (void)buffer, (void)size, (void)is_writing;
  if (was_asked != NULL) *(bool *)was_asked = true;
  return -1;
}

static bool is_readable(const char *path, char *problem, size_t size) {
  if (access(path, R_OK) == 0) return true;
  snprintf(problem, size, "\"%s\" cannot be read: %s", path, strerror(errno));
  return false;
}

static bool read_certificate(SSL_CTX *ssl, const char *path, char *problem, size_t size) {
  if (!is_readable(path, problem, size)) return false;
  tls.ERR_clear_error();
  if (tls.SSL_CTX_use_certificate_chain_file(ssl, path) == 1) return true;
  /* SSL_R_EE_KEY_TOO_SMALL and SSL_R_CA_MD_TOO_WEAK: what peers would refuse. */
  int reason = ERR_GET_REASON(tls.ERR_peek_error());
  bool is_weak = reason == SSL_R_EE_KEY_TOO_SMALL || reason == SSL_R_CA_KEY_TOO_SMALL
                 || reason == SSL_R_CA_MD_TOO_WEAK;
  return say(
      problem, size, path,
      is_weak ? "has a key or a signature that is too weak" : "holds no certificate in PEM form");
}

static bool read_key(SSL_CTX *ssl, const char *path, char *problem, size_t size) {
  if (!is_readable(path, problem, size)) return false;
  bool was_asked = false;
  tls.SSL_CTX_set_default_passwd_cb(ssl, refuse_passphrase);
  tls.SSL_CTX_set_default_passwd_cb_userdata(ssl, &was_asked);
  bool is_read = tls.SSL_CTX_use_PrivateKey_file(ssl, path, SSL_FILETYPE_PEM) == 1;
  tls.SSL_CTX_set_default_passwd_cb_userdata(ssl, NULL);
  if (is_read) return true;
  /* A key that is none of the certificate's is refused here as well. */
  if (ERR_GET_REASON(tls.ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH)
    return say(problem, size, path, "is not the key of the certificate");
  return say(
      problem, size, path,
      was_asked ? "wants a passphrase: take it away (openssl pkey)"
                : "holds no private key in PEM form");
}

static bool read_authorities(X509_STORE *store, const char *path, char *problem, size_t size) {
  if (!is_given(path)) {
    if (tls.X509_STORE_set_default_paths_ex(store, tls_world, NULL) == 1) return true;
    return say(problem, size, NULL, "the certificates that the system trusts cannot be read");
  }
  if (!is_readable(path, problem, size)) return false;
  struct stat status;
  bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
  int is_read = is_folder ? tls.X509_STORE_load_path(store, path)
                          : tls.X509_STORE_load_file_ex(store, path, tls_world, NULL);
  return is_read == 1 || say(problem, size, path, "holds no certificates in PEM form");
}

static bool read_revoked(X509_STORE *store, const char *path, char *problem, size_t size) {
  if (!is_readable(path, problem, size)) return false;
  X509_LOOKUP *lookup = tls.X509_STORE_add_lookup(store, tls.X509_LOOKUP_file());
  if (lookup == NULL || tls.X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) < 1)
    return say(problem, size, path, "holds no list of revoked certificates (CRL) in PEM form");
  tls.X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return true;
}

bool tls_file_check(int role, const char *path, char *problem, size_t size) {
  if (!tls_is_there()) return say(problem, size, NULL, absent);
  SSL_CTX *ssl = tls.SSL_CTX_new_ex(tls_world, NULL, tls.TLS_method());
  if (ssl == NULL) return say(problem, size, NULL, "there is no memory");
  tls.SSL_CTX_set_security_level(ssl, 2);
  bool is_good = false;
  switch (role) {
    case TLS_FILE_AUTHORITIES:
      is_good = read_authorities(tls.SSL_CTX_get_cert_store(ssl), path, problem, size);
      break;
    case TLS_FILE_CERTIFICATE: is_good = read_certificate(ssl, path, problem, size); break;
    case TLS_FILE_KEY: is_good = read_key(ssl, path, problem, size); break;
    case TLS_FILE_REVOKED:
      is_good = read_revoked(tls.SSL_CTX_get_cert_store(ssl), path, problem, size);
      break;
    default: break;
  }
  tls.SSL_CTX_free(ssl);
  tls.ERR_clear_error();
  return is_good;
}

static void write_keys(const SSL *ssl, const char *line) {
  const tls_session *session = tls.SSL_get_ex_data(ssl, 0);
  if (session == NULL || session->context->keylog < 0) return;
  char text[512];
  int length = snprintf(text, sizeof text, "%s\n", line);
  if (length > 0 && (size_t)length < sizeof text)
    if (write(session->context->keylog, text, (size_t)length) < 0) return;
}

static int keep_session(SSL *ssl, SSL_SESSION *ticket) {
  tls_session *session = tls.SSL_get_ex_data(ssl, 0);
  if (session == NULL || session->key == NULL) return 0;
  tls_tickets_keep(session->context->tickets, session->key, ticket);
  return 1;
}

static void set_up(tls_context *context) {
  SSL_CTX *ssl = context->ssl;
  tls.SSL_CTX_ctrl(ssl, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL);
  /* RSA of 2,048 bits and SHA-256 are the least. */
  tls.SSL_CTX_set_security_level(ssl, 2);
  tls.SSL_CTX_set_options(
      ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE
               | SSL_OP_IGNORE_UNEXPECTED_EOF);
  /* An idle connection holds no room for records. */
  tls.SSL_CTX_ctrl(
      ssl, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE, NULL);
  tls.SSL_CTX_ctrl(ssl, SSL_CTRL_SET_MAX_CERT_LIST, CERTIFICATES_LIMIT, NULL);
  /* Servers keep nothing: tickets hold it, with a key that goes with the context. */
  tls.SSL_CTX_set_num_tickets(ssl, 1);
  tls.SSL_CTX_set_session_id_context(ssl, (const unsigned char *)"rcml", 4);
  tls.SSL_CTX_ctrl(
      ssl, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL, NULL);
  tls.SSL_CTX_sess_set_new_cb(ssl, keep_session);
  tls.SSL_CTX_set_default_passwd_cb(ssl, refuse_passphrase);
  if (context->keylog >= 0) tls.SSL_CTX_set_keylog_callback(ssl, write_keys);
}

static bool read_files(
    tls_context *context, const tls_options *options, char *problem, size_t size) {
  X509_STORE *store = tls.SSL_CTX_get_cert_store(context->ssl);
  /* Whoever is named himself is trusted, whoever has issued his certificate. */
  tls.X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  if (!read_authorities(store, options->authorities, problem, size)) return false;
  if (is_given(options->revoked) && !read_revoked(store, options->revoked, problem, size))
    return false;
  if (!is_given(options->certificate)) return true;
  if (!read_certificate(context->ssl, options->certificate, problem, size)) return false;
  const char *key = is_given(options->key) ? options->key : options->certificate;
  if (!read_key(context->ssl, key, problem, size)) return false;
  if (tls.SSL_CTX_check_private_key(context->ssl) != 1)
    return say(problem, size, key, "is not the key of the certificate");
  context->can_accept = true;
  return true;
}

tls_context *tls_context_create(const tls_options *options, char *problem, size_t size) {
  if (!tls_is_there()) {
    say(problem, size, NULL, absent);
    return NULL;
  }
  tls_context *context = calloc(1, sizeof *context);
  if (context == NULL) return NULL;
  context->references = 1;
  context->keylog = -1;
  context->clients = options->clients;
  context->verifies = options->verifies;
  context->tickets = tls_tickets_create();
  context->ssl = tls.SSL_CTX_new_ex(tls_world, NULL, tls.TLS_method());
  bool is_good = context->tickets != NULL && context->ssl != NULL;
  if (!is_good) say(problem, size, NULL, "there is no memory");
  if (is_good && is_given(options->keylog)) {
    context->keylog =
        open(options->keylog, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (context->keylog < 0) {
      snprintf(
          problem, size, "\"%s\" cannot be written to: %s", options->keylog, strerror(errno));
      is_good = false;
    }
  }
  if (is_good) {
    set_up(context);
    is_good = read_files(context, options, problem, size);
  }
  tls.ERR_clear_error();
  if (is_good) return context;
  tls_context_release(context);
  return NULL;
}

void tls_context_release(tls_context *context) {
  if (context == NULL || --context->references > 0) return;
  tls_tickets_destroy(context->tickets);
  if (context->ssl != NULL) tls.SSL_CTX_free(context->ssl);
  if (context->keylog >= 0) close(context->keylog);
  free(context);
}

bool tls_context_can_accept(const tls_context *context) { return context->can_accept; }
