/* libosip2 as Swift may see it: the include order its headers need, and functions for its macros. */
#ifndef COSIP_SHIM_H
#define COSIP_SHIM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include <osipparser2/osip_parser.h>
#include <osipparser2/sdp_message.h>

#endif
