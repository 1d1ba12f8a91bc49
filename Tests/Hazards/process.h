/* What a process has, and a check that names itself. */
#ifndef PROCESS_H
#define PROCESS_H

#include <stdio.h>
#include <stdlib.h>

int open_descriptors(void);
int count_threads(void);
long resident_kilobytes(void);
/* Has a child ended that was not waited for? */
int has_stray_child(void);
/* A new folder; it is removed with what is in it by remove_folder. */
void make_folder(char path[64]);
void remove_folder(const char *path);
/* Where the program that speaks is: $HAZARDS_SPEAKER. */
const char *speaker(void);

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1);                                                                \
    }                                                                         \
  } while (0)

#endif
