/* The few functions and numbers of libcurl's stable ABI that http.c needs. libcurl is found at run time, on first
 * use, because loading it costs some 6 MB of memory that a dialer without webhooks should not pay. */
#ifndef CSYSTEM_LIBCURL_H
#define CSYSTEM_LIBCURL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
  OPTION_URL = 10002,
  OPTION_PROXY = 10004,
  OPTION_WRITE_FUNCTION = 20011,
  OPTION_WRITE_DATA = 10001,
  OPTION_HTTP_HEADER = 10023,
  OPTION_HEADER_DATA = 10029,
  OPTION_CUSTOM_REQUEST = 10036,
  OPTION_POST = 47,
  OPTION_FOLLOW_LOCATION = 52,
  OPTION_POST_FIELD_SIZE = 60,
  OPTION_SSL_VERIFY_PEER = 64,
  OPTION_FRESH_CONNECT = 74,
  OPTION_HEADER_FUNCTION = 20079,
  OPTION_SSL_VERIFY_HOST = 81,
  OPTION_NO_SIGNAL = 99,
  OPTION_ERROR_BUFFER = 10010,
  OPTION_CA_FILE = 10065,
  OPTION_CA_FOLDER = 10097,
  OPTION_SSL_CONTEXT_FUNCTION = 20108,
  OPTION_SSL_CONTEXT_DATA = 10109,
  OPTION_ACCEPT_ENCODING = 10102,
  OPTION_PRIVATE = 10103,
  OPTION_TIMEOUT_MS = 155,
  OPTION_CONNECT_TIMEOUT_MS = 156,
  OPTION_OPEN_SOCKET_FUNCTION = 20163,
  OPTION_OPEN_SOCKET_DATA = 10164,
  OPTION_COPY_POST_FIELDS = 10165,
  OPTION_PROTOCOLS = 181, /* a mask; older than PROTOCOLS_STR and still understood */
  OPTION_RESOLVE = 10203,
  OPTION_PATH_AS_IS = 234,
  OPTION_BEFORE_REQUEST_FUNCTION = 20312, /* since 7.80 */
  OPTION_BEFORE_REQUEST_DATA = 10313,

  MULTI_SOCKET_FUNCTION = 20001,
  MULTI_SOCKET_DATA = 10002,
  MULTI_TIMER_FUNCTION = 20004,
  MULTI_TIMER_DATA = 10005,
  MULTI_MAX_CONNECTS = 6,

  INFO_RESPONSE_CODE = 0x200002,
  INFO_PRETRANSFER_TIME = 0x300006,
  INFO_PRIVATE = 0x100015,
  INFO_PRIMARY_ADDRESS = 0x100020,
  INFO_OS_ERROR = 0x200019,
  INFO_CA_FILE = 0x10003d, /* since 7.84 */
  INFO_CA_FOLDER = 0x10003e,

  POLL_INPUT = 1,
  POLL_OUTPUT = 2,
  POLL_REMOVE = 4,
  SELECT_INPUT = 1,
  SELECT_OUTPUT = 2,
  SELECT_ERROR = 4,
  SOCKET_BAD = -1,
  PROTOCOL_HTTP = 1,
  PROTOCOL_HTTPS = 2,
  BEFORE_REQUEST_GO_ON = 0,
  BEFORE_REQUEST_ABORT = 1,
  MESSAGE_DONE = 1,
  GLOBAL_DEFAULT = 3,

  URL_WHOLE = 0,
  URL_SCHEME = 1,
  URL_HOST = 5,
  URL_PORT = 6,
  URL_DEFAULT_PORT = 1
};

/* The codes of CURLcode that mean something to us. */
enum {
  CURL_GOOD = 0,
  CURL_UNSUPPORTED_PROTOCOL = 1,
  CURL_FAILED_INIT = 2,
  CURL_URL_MALFORMAT = 3,
  CURL_COULD_NOT_RESOLVE = 6,
  CURL_COULD_NOT_CONNECT = 7,
  CURL_PARTIAL_FILE = 18,
  CURL_WRITE_ERROR = 23,
  CURL_OUT_OF_MEMORY = 27,
  CURL_TIMED_OUT = 28,
  CURL_SSL_CONNECT = 35,
  CURL_ABORTED_BY_CALLBACK = 42,
  CURL_GOT_NOTHING = 52,
  CURL_SSL_ENGINE_NOT_FOUND = 53,
  CURL_SSL_ENGINE_FAILED = 54,
  CURL_SEND_ERROR = 55,
  CURL_RECEIVE_ERROR = 56,
  CURL_SSL_CERTIFICATE = 58,
  CURL_SSL_CIPHER = 59,
  CURL_PEER_VERIFICATION = 60,
  CURL_BAD_ENCODING = 61,
  CURL_SSL_ENGINE_INIT = 66,
  CURL_SSL_CA_BAD = 77,
  CURL_SSL_SHUTDOWN = 80,
  CURL_SSL_CRL_BAD = 82,
  CURL_SSL_ISSUER = 83,
  CURL_SSL_PINNED = 90,
  CURL_SSL_STATUS = 91,
  CURL_SSL_CLIENT_CERTIFICATE = 98,
  CURL_TOO_LARGE = 100
};

struct curl_list {
  char *data;
  struct curl_list *next;
};

struct curl_message {
  int kind;
  void *easy;
  union {
    void *pointer;
    int result;
  } data;
};

struct curl_address {
  int family, type, protocol;
  unsigned int length;
  struct sockaddr address;
};

typedef struct {
  int (*global_init)(
      long flags, void *(*get)(size_t), void (*give_back)(void *), void *(*resize)(void *, size_t),
      char *(*copy)(const char *), void *(*zeroed)(size_t, size_t));
  void *(*easy_init)(void);
  int (*easy_setopt)(void *easy, int option, ...);
  int (*easy_getinfo)(void *easy, int info, ...);
  void (*easy_reset)(void *easy);
  void (*easy_cleanup)(void *easy);
  void *(*multi_init)(void);
  int (*multi_setopt)(void *multi, int option, ...);
  int (*multi_add_handle)(void *multi, void *easy);
  int (*multi_remove_handle)(void *multi, void *easy);
  int (*multi_socket_action)(void *multi, int socket, int events, int *running);
  struct curl_message *(*multi_info_read)(void *multi, int *left);
  int (*multi_cleanup)(void *multi);
  int (*multi_wakeup)(void *multi); /* NULL before 7.68 */
  struct curl_list *(*slist_append)(struct curl_list *list, const char *text);
  void (*slist_free_all)(struct curl_list *list);
  void *(*url)(void);
  void (*url_cleanup)(void *url);
  int (*url_set)(void *url, int part, const char *text, unsigned int flags);
  int (*url_get)(void *url, int part, char **text, unsigned int flags);
  void (*free)(void *pointer);
} curl_functions;

#pragma GCC visibility push(hidden)
/* NULL: there is no libcurl, or not all of it. */
const curl_functions *system_libcurl(void);
/* A function of libcurl, or of a library that it uses; NULL: there is none of that name. */
void *system_libcurl_symbol(const char *name);
#pragma GCC visibility pop

#endif
