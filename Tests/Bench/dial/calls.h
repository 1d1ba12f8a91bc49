/* Many calls, their callers and all whom they reach, in one process and by one clock: what its files share. */
#ifndef CALLS_H
#define CALLS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TARGETS = 8, ROOM = 4096, FIELDS = 48, CALLER_PORT = 5070, TARGET_PORT = 5080 };

/* message.c: as much of SIP as these phones need. */

struct text {
  const char *start;
  int length;
};

struct message {
  int status;         /* 0: a request */
  struct text uri;    /* of a request */
  struct text method; /* as CSeq has it */
  int sequence;
  int count;
  struct {
    struct text name, value;
  } fields[FIELDS];
  struct text body;
};

bool message_read(struct message *message, const char *octets, int length);
/* Empty where the message has none. */
struct text message_field(const struct message *message, const char *name);
bool message_has_tag(const struct message *message);
bool text_is(struct text text, const char *word);
/* The URI of a Contact. */
struct text text_uri(struct text contact);
/* The fields that a response repeats; `tag` is given to a To that has none. */
int message_repeat(const struct message *message, char *out, const char *tag);
/* Like snprintf behind `length` octets of `out`, which has ROOM of them. */
int append(char *out, int length, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Content-Type, Content-Length, the empty line and a body for one audio stream at `port`; 0: no body. */
int append_body(char *out, int length, int port);
/* A piece of memory that holds these octets and a zero. */
char *kept(const char *octets, int length);

/* main.c: the calls. */

enum caller_state {
  CALLER_NEW,
  CALLER_INVITED,
  CALLER_PROCEEDING,
  CALLER_UP,
  CALLER_LEAVING,
  CALLER_ENDED,
  CALLER_FAILED
};
enum leg_state { LEG_NEW, LEG_CHALLENGED, LEG_RINGING, LEG_ANSWERED, LEG_UP, LEG_REFUSED, LEG_ENDED };

struct leg {
  enum leg_state state;
  struct sockaddr_in peer;
  char *head;   /* what responses to its INVITE repeat */
  char *answer; /* its final response, while nobody acknowledged that */
  int answer_length;
};

struct call {
  enum caller_state state;
  int64_t invited, answered; /* when the INVITE left, and the winner's 200; ns */
  char *uri, *head;          /* of requests in the dialog */
};

extern struct run {
  struct sockaddr_in system, own;
  char system_name[32], own_name[32];
  const char *called; /* user part of the Request-URI */
  int target_count, number; /* the last target wins; `number` tells this run's messages from an earlier run's */
  int count, begun, ended, failed;
  double rate;
  bool challenges;
  struct call *calls;
  struct leg *legs; /* target_count for each call */
  int caller_socket, target_sockets[TARGETS];
  /* `repeated`: sent once more by us, or come once more; `strange`: nothing that belongs to a call. */
  int64_t sent, received, repeated, strange, challenged;
} run;

int64_t now(void);
/* Half seconds 1, 3, 7, 15 and then every eighth (RFC 3261 17.1 and 13.3.1.4). */
bool is_time_to_repeat(int turn);
/* Which call a message is of, by the user part of From; -1: of none. */
int call_of(const struct message *message);
void send_octets(int socket, const struct sockaddr_in *to, const char *octets, int length);

/* caller.c */

void caller_begin(int call);
void caller_receive(const struct message *message, const struct sockaddr_in *from, int64_t at);
void caller_leave(int call);
/* Whether the caller still waits for an answer to its INVITE, or to its BYE, and is to be looked after again. */
bool caller_repeat(int call, bool is_leaving, int turn);

/* target.c */

void target_receive(int target, const struct message *message, const struct sockaddr_in *from, int64_t at);
void target_answer(int call, int target);
bool target_repeat(int call, int target, int turn);

/* credentials.c: user bench, password secret, realm bench. */

enum { NONCE = 24 };
void make_nonce(char nonce[NONCE], int call, int target);
bool credentials_are_right(struct text field, const char *nonce);

/* waits.c */

enum wait_kind { WAIT_ANSWER, WAIT_LEAVE, WAIT_CALLER, WAIT_TARGET, WAIT_KINDS };
void waits_set(enum wait_kind kind, int milliseconds);
/* `target`: of WAIT_CALLER, 1 for its BYE, else 0. */
void waits_add(enum wait_kind kind, int call, int target);
/* Does what is due; when something is due next, ns, or INT64_MAX. */
int64_t waits_turn(int64_t time);

/* delays.c: times, all of them kept. */

/* DELAY_LATE: from when a call was due to when its INVITE left, this program's own. */
enum delay_kind { DELAY_INVITE, DELAY_ANSWER, DELAY_CANCEL, DELAY_LATE, DELAY_KINDS };
void delays_add(enum delay_kind kind, int64_t nanoseconds);
void delays_print(void);

#endif
