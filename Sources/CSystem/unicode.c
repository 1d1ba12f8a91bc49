#include <stdint.h>

#include "internal.h"

/* Nothing here asks for the name of a character. The distribution links the Swift runtime statically, and the
 * table of names behind this one function would be 553,000 octets of eight million: Package.swift lets the linker send
 * the runtime's question here, and "no name" is a valid answer. */
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity);

intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity) {
  (void)scalar;
  (void)buffer;
  (void)capacity;
  return 0;
}
