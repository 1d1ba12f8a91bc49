/* libssl and libcrypto as they were found at run time. */
#ifndef CTLS_LIBRARY_H
#define CTLS_LIBRARY_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "CTLS.h"

#define TLS_CRYPTO_FUNCTIONS(X)                                                                  \
  X(ASN1_STRING_get0_data) X(ASN1_STRING_length) X(BIO_clear_flags) X(BIO_get_data)  \
  X(BIO_meth_new) X(BIO_meth_set_create) X(BIO_meth_set_ctrl) X(BIO_meth_set_read)               \
  X(BIO_meth_set_write) X(BIO_new) X(BIO_set_data) X(BIO_set_flags) X(BIO_set_init)              \
  X(ERR_clear_error) X(ERR_peek_error) X(EXTENDED_KEY_USAGE_free) X(GENERAL_NAMES_free)          \
  X(OBJ_obj2txt) X(OPENSSL_sk_num) X(OPENSSL_sk_value) X(OSSL_LIB_CTX_new) X(X509_free)          \
  X(X509_LOOKUP_file) X(X509_STORE_CTX_get_current_cert) X(X509_STORE_CTX_get_error)             \
  X(X509_STORE_CTX_get_error_depth) X(X509_STORE_CTX_get_ex_data) X(X509_STORE_CTX_set_error)    \
  X(X509_STORE_add_lookup) X(X509_STORE_load_file_ex) X(X509_STORE_load_path)                    \
  X(X509_STORE_set_default_paths_ex) X(X509_STORE_set_flags) X(X509_VERIFY_PARAM_set_purpose)    \
  X(X509_get_ext_d2i) X(X509_get_extension_flags) X(X509_get_key_usage) X(X509_load_crl_file)

#define TLS_SSL_FUNCTIONS(X)                                                                     \
  X(SSL_CIPHER_get_name) X(SSL_CTX_check_private_key) X(SSL_CTX_ctrl) X(SSL_CTX_free)            \
  X(SSL_CTX_get_cert_store) X(SSL_CTX_new_ex)                             \
  X(SSL_CTX_sess_set_new_cb) X(SSL_CTX_set_default_passwd_cb)                                    \
  X(SSL_CTX_set_default_passwd_cb_userdata)                               \
  X(SSL_CTX_set_keylog_callback) X(SSL_CTX_set_num_tickets) X(SSL_CTX_set_options)               \
  X(SSL_CTX_set_security_level) X(SSL_CTX_set_session_id_context)          \
  X(SSL_CTX_use_PrivateKey_file) X(SSL_CTX_use_certificate_chain_file) X(SSL_SESSION_free)       \
  X(SSL_ctrl) X(SSL_do_handshake) X(SSL_free) X(SSL_get0_param) X(SSL_get1_peer_certificate)     \
  X(SSL_get_current_cipher) X(SSL_get_error)                                  \
  X(SSL_get_ex_data) X(SSL_get_ex_data_X509_STORE_CTX_idx) X(SSL_get_verify_result)              \
  X(SSL_get_version) X(SSL_new) X(SSL_read) X(SSL_session_reused)        \
  X(SSL_set_accept_state) X(SSL_set_bio) X(SSL_set_connect_state) X(SSL_set_ex_data)             \
  X(SSL_set_session) X(SSL_set_verify) X(SSL_shutdown) X(SSL_write) X(TLS_method)

#define TLS_MEMBER(name) __typeof__(name) *name;
typedef struct {
  TLS_CRYPTO_FUNCTIONS(TLS_MEMBER)
  TLS_SSL_FUNCTIONS(TLS_MEMBER)
} tls_library;

#pragma GCC visibility push(hidden)
extern tls_library tls;
/* A library context of our own: neither openssl.cnf nor what the host did to the default one changes what we accept. */
extern OSSL_LIB_CTX *tls_world;

/* Where names are compared and uses are judged (identity.c). */
bool tls_names_match(X509 *certificate, const char *dialled);
size_t tls_names_list(X509 *certificate, char *buffer, size_t size);
/* The certificate, or one that leads to it, may be used for signalling. */
bool tls_use_is_right(X509 *certificate, bool is_leaf);

/* Sessions that may be resumed (resumption.c). */
typedef struct tls_tickets tls_tickets;
tls_tickets *tls_tickets_create(void);
void tls_tickets_destroy(tls_tickets *tickets);
/* Takes over the session. */
void tls_tickets_keep(tls_tickets *tickets, const char *key, SSL_SESSION *session);
/* The caller's from now on; NULL = none. A ticket is used once (RFC 8446 appendix C.4). */
SSL_SESSION *tls_tickets_take(tls_tickets *tickets, const char *key);

struct tls_context {
  SSL_CTX *ssl;
  tls_tickets *tickets;
  int references;
  int keylog;
  bool can_accept;
  bool verifies;
  int clients;
};

struct tls_session {
  SSL *ssl;
  tls_context *context;
  char *name; /* that was dialled; NULL = the peer came to us */
  char *key;  /* by which it may be resumed */
  const unsigned char *input;
  size_t input_left;
  unsigned char *output;
  size_t output_length, output_size;
  int failure;
  bool has_failed, was_open;
};
#pragma GCC visibility pop
#endif
