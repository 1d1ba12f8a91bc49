#define _GNU_SOURCE
#include <time.h>

#include "internal.h"

int64_t system_seconds_east(int64_t unix_seconds) {
  time_t seconds = (time_t)unix_seconds;
  struct tm local;
  if (localtime_r(&seconds, &local) == NULL) return 0;
  return local.tm_gmtoff;
}
