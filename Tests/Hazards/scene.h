/* A standard call with sound and recording, as a host makes it happen: somebody calls, a program speaks to them, two
 * phones ring over UDP and TCP, alice answers and both talk, it is recorded and told to a web server, alice hangs up, a
 * sound of the web follows. Nothing here is asserted: under a fault every step may fail, and says so. */
#ifndef SCENE_H
#define SCENE_H

#include <rcml.h>
#include <stdio.h>

#include "phones.h"
#include "process.h"

typedef struct scene {
  phones *phones;
  const char *folder; /* for journal and recordings */
  rcml_agent *agent;
  char uri[128];
  rcml_call_id call, bystander;
  int begun, ended, answered, recordings, dials; /* of the standard call */
  int bystander_answered, bystander_ended;
  int drained, refused, number;
  int32_t problem; /* the last failure of a function */
  char sentence[256];
} scene;

/* Events are written to standard error as they come. */
extern int scene_is_loud;

/* An agent that journals, listens and knows the phones. 0, or the failure; what was made stays in `scene`. */
int32_t scene_open(scene *s, phones *all, const char *folder);
/* The standard call begins; without a listener nothing happens. */
void scene_call(scene *s);
/* Another call, answered, that stays until it is ended. */
void scene_bystander(scene *s);
/* Works until `done` says so, at most `milliseconds`. 1 when done. */
int scene_drive(scene *s, int milliseconds, int (*done)(const scene *));
int scene_has_ended(const scene *s);
int scene_has_bystander(const scene *s);
/* The other call stands as it did; it is hung up, and says that it has ended. */
int scene_bystander_lives(scene *s);
/* Stops, waits a moment for the end, and destroys. */
void scene_close(scene *s);

#endif
