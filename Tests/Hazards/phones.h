/* The other end of every call: a process of its own with a caller, two phones, a web server and a name server, so that
 * what is done to the engine's process is not done to them. */
#ifndef PHONES_H
#define PHONES_H

#include <sys/types.h>

typedef struct phones {
  pid_t process;
  int commands;    /* to it */
  char alice[128]; /* answers, speaks for a moment, hangs up */
  char bob[128];   /* rings, over TCP, and never answers */
  int web;         /* a port: /short.wav, and 204 for everything else */
  int names;       /* a port: every name is 127.0.0.1 */
} phones;

/* Before anything else is done with the library in this process. Exits with a sentence when it cannot be. */
void phones_start(phones *all);
/* `user` of the engine at `uri` is called, by somebody who speaks until the other side hangs up. */
void phones_call(const phones *all, const char *user, const char *uri);
void phones_end(phones *all);

/* 60 ms of a tone, as a WAV file. */
enum { SHORT_WAV = 44 + 2 * 480 };
void short_wav(unsigned char octets[SHORT_WAV]);

#endif
