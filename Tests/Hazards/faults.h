/* What a program that runs with libfaults.so preloaded can have fail. Only calls of the library and of what it is built on
 * count, never those of the program itself. */
#ifndef FAULTS_H
#define FAULTS_H

enum {
  FAULT_SYSTEM = 1, /* a call of the operating system */
  FAULT_LIBRARY = 2, /* memory that librcml.so itself asks for: Swift, our C, and libcurl, which asks through us */
  FAULT_OTHERS = 4   /* memory for libosip2, expat, c-ares, libcrypto, libc… */
};

typedef struct fault {
  const char *function; /* NULL = none was due */
  void *caller;
  int error;
} fault;

/* The `first` call from now on that counts fails (from 1; 0 = none, they are only counted), and so do the following ones up to
 * `length` altogether. `variant` chooses among the errors the call may have. */
void faults_arm(int kinds, long first, long length, int variant);
/* Nothing counts and nothing fails until it is called with 0. */
void faults_pause(int pauses);
/* How many were counted; what failed first goes to `out`. */
long faults_disarm(fault *out);
/* How many blocks of memory are in use. */
long faults_blocks(void);
/* How many of the counted calls were of each kind, function by function; NULL behind the last. */
const char *faults_counted(int index, long *count);

#endif
