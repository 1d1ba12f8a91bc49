#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

/* ---- Octets between OpenSSL and us */

static int bio_read(BIO *bio, char *buffer, int size) {
  tls_session *session = tls.BIO_get_data(bio);
  tls.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  if (session->input_left == 0 || size <= 0) {
    tls.BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
    return -1;
  }
  size_t count = session->input_left < (size_t)size ? session->input_left : (size_t)size;
  memcpy(buffer, session->input, count);
  session->input += count;
  session->input_left -= count;
  return (int)count;
}

static int bio_write(BIO *bio, const char *bytes, int length) {
  tls_session *session = tls.BIO_get_data(bio);
  tls.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  if (length <= 0) return 0;
  size_t wanted = session->output_length + (size_t)length;
  if (wanted > session->output_size) {
    size_t size = wanted + 1024;
    unsigned char *more = realloc(session->output, size);
    if (more == NULL) return -1;
    session->output = more;
    session->output_size = size;
  }
  memcpy(session->output + session->output_length, bytes, (size_t)length);
  session->output_length = wanted;
  return length;
}

static long bio_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio, (void)number, (void)pointer;
  return command == BIO_CTRL_FLUSH;
}

static int bio_create(BIO *bio) {
  tls.BIO_set_init(bio, 1);
  return 1;
}

static BIO_METHOD *method(void) {
  /* One for the process; threads that make one each lose a few octets. */
  static BIO_METHOD *made;
  BIO_METHOD *found = __atomic_load_n(&made, __ATOMIC_ACQUIRE);
  if (found != NULL) return found;
  found = tls.BIO_meth_new(BIO_TYPE_SOURCE_SINK, "rcml");
  if (found == NULL) return NULL;
  tls.BIO_meth_set_read(found, bio_read);
  tls.BIO_meth_set_write(found, bio_write);
  tls.BIO_meth_set_ctrl(found, bio_control);
  tls.BIO_meth_set_create(found, bio_create);
  __atomic_store_n(&made, found, __ATOMIC_RELEASE);
  return found;
}

/* ---- Judging the peer */

static int why_of_certificate(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return TLS_WHY_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID: return TLS_WHY_NOT_YET;
    case X509_V_ERR_HOSTNAME_MISMATCH: return TLS_WHY_NAME;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return TLS_WHY_SELF_SIGNED;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return TLS_WHY_UNKNOWN_ISSUER;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX: return TLS_WHY_ISSUER;
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_CERT_REJECTED: return TLS_WHY_USAGE;
    case X509_V_ERR_CERT_REVOKED: return TLS_WHY_REVOKED;
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER: return TLS_WHY_UNCHECKED;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: return TLS_WHY_WEAK;
    default: return TLS_WHY_BROKEN;
  }
}

/* Called for each certificate from the authority down to the peer's own. */
static int judge(int is_good, X509_STORE_CTX *chain) {
  SSL *ssl = tls.X509_STORE_CTX_get_ex_data(chain, tls.SSL_get_ex_data_X509_STORE_CTX_idx());
  tls_session *session = ssl == NULL ? NULL : tls.SSL_get_ex_data(ssl, 0);
  if (session == NULL) return 0;
  int error = tls.X509_STORE_CTX_get_error(chain);
  /* Of an issuer without a list nothing is revoked as far as anybody here knows. */
  if (!is_good && error == X509_V_ERR_UNABLE_TO_GET_CRL) return 1;
  X509 *certificate = tls.X509_STORE_CTX_get_current_cert(chain);
  const int depth = tls.X509_STORE_CTX_get_error_depth(chain);
  if (is_good && certificate != NULL) {
    if (!tls_use_is_right(certificate, depth == 0)) error = X509_V_ERR_INVALID_PURPOSE;
    else if (depth == 0 && session->name != NULL && !tls_names_match(certificate, session->name))
      error = X509_V_ERR_HOSTNAME_MISMATCH;
    else return 1;
    tls.X509_STORE_CTX_set_error(chain, error);
  }
  if (!session->has_failed) {
    session->has_failed = true;
    session->failure = why_of_certificate(error);
  }
  return 0;
}

static int why_of_protocol(unsigned long error) {
  const int reason = ERR_GET_REASON(error);
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
    case SSL_R_WRONG_SSL_VERSION: return TLS_WHY_NOT_TLS;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION: return TLS_WHY_VERSION;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return TLS_WHY_MISSING;
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
    case SSL_R_DATA_LENGTH_TOO_LONG: return TLS_WHY_TOO_LARGE;
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL:
    case SSL_R_CA_MD_TOO_WEAK: return TLS_WHY_WEAK;
    default: break;
  }
  if (ERR_GET_LIB(error) != ERR_LIB_SSL && ERR_GET_LIB(error) != 0) return TLS_WHY_BROKEN;
  return reason > SSL_AD_REASON_OFFSET ? TLS_WHY_REFUSED : TLS_WHY_OTHER;
}

/* What a call that did not go on to its end means. */
static int state_after(tls_session *session, int result) {
  int state = TLS_FAILED;
  switch (tls.SSL_get_error(session->ssl, result)) {
    case SSL_ERROR_WANT_READ: state = TLS_GOES_ON; break;
    case SSL_ERROR_ZERO_RETURN: state = TLS_ENDED; break;
    default:
      if (session->has_failed) break;
      session->has_failed = true;
      session->failure = why_of_protocol(tls.ERR_peek_error());
  }
  /* Nothing of ours is left to the host, which may ask the same queue. */
  tls.ERR_clear_error();
  return state;
}

/* ---- Beginning and end */

static tls_session *make(tls_context *context) {
  BIO_METHOD *ways = method();
  tls_session *session = ways == NULL ? NULL : calloc(1, sizeof *session);
  if (session == NULL) return NULL;
  session->context = context;
  context->references++;
  session->ssl = tls.SSL_new(context->ssl);
  BIO *bio = session->ssl == NULL ? NULL : tls.BIO_new(ways);
  if (bio == NULL) {
    tls_session_destroy(session);
    tls.ERR_clear_error();
    return NULL;
  }
  tls.BIO_set_data(bio, session);
  tls.SSL_set_bio(session->ssl, bio, bio);
  tls.SSL_set_ex_data(session->ssl, 0, session);
  /* What it is for, `judge` says. */
  tls.X509_VERIFY_PARAM_set_purpose(tls.SSL_get0_param(session->ssl), X509_PURPOSE_ANY);
  return session;
}

tls_session *tls_session_accept(tls_context *context) {
  if (!context->can_accept) return NULL;
  tls_session *session = make(context);
  if (session == NULL) return NULL;
  int mode = SSL_VERIFY_NONE;
  if (context->clients != TLS_CLIENTS_OFF) mode = SSL_VERIFY_PEER;
  if (context->clients == TLS_CLIENTS_REQUIRE) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  tls.SSL_set_verify(session->ssl, mode, judge);
  tls.SSL_set_accept_state(session->ssl);
  return session;
}

static bool is_address(const char *name) {
  unsigned char octets[16];
  return name[0] == '[' || inet_pton(AF_INET, name, octets) == 1
         || inet_pton(AF_INET6, name, octets) == 1;
}

tls_session *tls_session_connect(tls_context *context, const char *name, const char *place) {
  tls_session *session = make(context);
  if (session == NULL) return NULL;
  size_t size = strlen(name) + strlen(place) + 2;
  session->name = strdup(name);
  session->key = malloc(size);
  if (session->name == NULL || session->key == NULL) {
    tls_session_destroy(session);
    return NULL;
  }
  /* RFC 6066 section 3: without the dot at its end. */
  size_t length = strlen(session->name);
  if (length > 1 && session->name[length - 1] == '.') session->name[length - 1] = 0;
  snprintf(session->key, size, "%s %s", session->name, place);
  tls.SSL_set_verify(
      session->ssl, context->verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
      context->verifies ? judge : NULL);
  tls.SSL_set_connect_state(session->ssl);
  if (!is_address(name))
    tls.SSL_ctrl(
        session->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, session->name);
  SSL_SESSION *ticket = tls_tickets_take(context->tickets, session->key);
  if (ticket != NULL) {
    tls.SSL_set_session(session->ssl, ticket);
    tls.SSL_SESSION_free(ticket);
  }
  tls.ERR_clear_error();
  return session;
}

void tls_session_destroy(tls_session *session) {
  if (session == NULL) return;
  if (session->ssl != NULL) tls.SSL_free(session->ssl);
  tls.ERR_clear_error();
  tls_context_release(session->context);
  free(session->name);
  free(session->key);
  free(session->output);
  free(session);
}

/* ---- Octets */

void tls_session_receive(tls_session *session, const void *bytes, size_t length) {
  session->input = bytes;
  session->input_left = length;
}

int tls_session_shake(tls_session *session) {
  if (session->has_failed) return TLS_FAILED;
  tls.ERR_clear_error();
  int result = tls.SSL_do_handshake(session->ssl);
  if (result == 1) session->was_open = true;
  return result == 1 ? TLS_OPEN : state_after(session, result);
}

size_t tls_session_read(tls_session *session, void *buffer, size_t size, int *state) {
  *state = TLS_FAILED;
  if (session->has_failed) return 0;
  tls.ERR_clear_error();
  int result = tls.SSL_read(session->ssl, buffer, size > 1 << 20 ? 1 << 20 : (int)size);
  *state = result > 0 ? TLS_OPEN : state_after(session, result);
  return result > 0 ? (size_t)result : 0;
}

bool tls_session_write(tls_session *session, const void *bytes, size_t length) {
  const unsigned char *next = bytes;
  while (length > 0) {
    if (session->has_failed) return false;
    tls.ERR_clear_error();
    int result = tls.SSL_write(session->ssl, next, length > 1 << 20 ? 1 << 20 : (int)length);
    if (result <= 0) {
      if (state_after(session, result) != TLS_FAILED) session->has_failed = true;
      return false;
    }
    next += result;
    length -= (size_t)result;
  }
  return true;
}

void tls_session_finish(tls_session *session) {
  if (session->has_failed || !session->was_open) return;
  tls.ERR_clear_error();
  (void)tls.SSL_shutdown(session->ssl);
  tls.ERR_clear_error();
}

size_t tls_session_output(tls_session *session, const void **bytes) {
  *bytes = session->output;
  return session->output_length;
}

void tls_session_output_taken(tls_session *session) {
  free(session->output);
  session->output = NULL;
  session->output_length = session->output_size = 0;
}

/* ---- What is known */

size_t tls_session_peer(tls_session *session, char *buffer, size_t size) {
  if (!session->was_open || tls.SSL_get_verify_result(session->ssl) != X509_V_OK) return 0;
  if (session->name != NULL) {
    size_t length = session->context->verifies ? strlen(session->name) : 0;
    if (length > size) return 0;
    memcpy(buffer, session->name, length);
    return length;
  }
  if (session->context->clients == TLS_CLIENTS_OFF) return 0;
  X509 *certificate = tls.SSL_get1_peer_certificate(session->ssl);
  if (certificate == NULL) return 0;
  size_t length = tls_names_list(certificate, buffer, size);
  tls.X509_free(certificate);
  return length;
}

bool tls_session_is_resumed(tls_session *session) {
  return tls.SSL_session_reused(session->ssl) == 1;
}

size_t tls_session_describe(tls_session *session, char *buffer, size_t size) {
  const SSL_CIPHER *cipher = tls.SSL_get_current_cipher(session->ssl);
  int length = snprintf(
      buffer, size, "%s %s", tls.SSL_get_version(session->ssl),
      cipher == NULL ? "" : tls.SSL_CIPHER_get_name(cipher));
  return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

int tls_session_failure(const tls_session *session) { return session->failure; }
