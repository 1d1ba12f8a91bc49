/* Counts what a program allocates: its own malloc, calloc and realloc stand before those of the C library. */
#ifndef CCOUNTING_H
#define CCOUNTING_H

#include <stdint.h>

uint64_t counting_allocations(void);
/* Asked for, not what it took. */
uint64_t counting_octets(void);
/* Monotonic; for programs that measure, not for the library. */
uint64_t counting_nanoseconds(void);

#endif
