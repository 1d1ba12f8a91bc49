/* libosip2 as Swift may see it: the include order its headers need, and functions for its macros. */
#ifndef COSIP_SHIM_H
#define COSIP_SHIM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <osipparser2/osip_parser.h>
#include <osipparser2/sdp_message.h>

/* osip writes each parse error to stdout until somebody takes its trace; ours says nothing. */
static void rcml_osip_silence(const char *file, int line, osip_trace_level_t level,
                              const char *format, va_list arguments) {
  (void)file; (void)line; (void)level; (void)format; (void)arguments;
}

/* Once per process, before the first parse. */
static inline void rcml_osip_start(void) {
  osip_trace_initialize_func(TRACE_LEVEL0, &rcml_osip_silence);
  parser_init();
}

/* osip_free is a macro over a function pointer that a host may have replaced. */
static inline void rcml_osip_free(void *memory) { osip_free(memory); }

#endif
