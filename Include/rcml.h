#ifndef RCML_H
#define RCML_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#endif
