/* Loaded and unloaded again and again with a call each time, while a call of other agents goes on (failures H5): nothing
 * breaks, and descriptors, threads and memory do not grow. Uses nothing of the library by linking.
 * load LIBRARY [TURNS] */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <rcml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"

typedef struct functions {
  __typeof__(rcml_agent_create) *create;
  __typeof__(rcml_agent_destroy) *destroy;
  __typeof__(rcml_agent_listen) *listen;
  __typeof__(rcml_agent_listener) *listener;
  __typeof__(rcml_agent_call) *call;
  __typeof__(rcml_agent_wait) *wait;
  __typeof__(rcml_call_answer) *answer;
  __typeof__(rcml_call_hang_up) *hang_up;
  __typeof__(rcml_call_state) *state;
} functions;

typedef struct pair {
  functions f;
  rcml_agent *caller, *called;
  rcml_call_id call;
  int answered, ended;
} pair;

static void *find(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  return found;
}

static void *load(const char *path, functions *f) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  f->create = (__typeof__(f->create))find(library, "rcml_agent_create");
  f->destroy = (__typeof__(f->destroy))find(library, "rcml_agent_destroy");
  f->listen = (__typeof__(f->listen))find(library, "rcml_agent_listen");
  f->listener = (__typeof__(f->listener))find(library, "rcml_agent_listener");
  f->call = (__typeof__(f->call))find(library, "rcml_agent_call");
  f->wait = (__typeof__(f->wait))find(library, "rcml_agent_wait");
  f->answer = (__typeof__(f->answer))find(library, "rcml_call_answer");
  f->hang_up = (__typeof__(f->hang_up))find(library, "rcml_call_hang_up");
  f->state = (__typeof__(f->state))find(library, "rcml_call_state");
  return library;
}

static void turn(pair *p) {
  rcml_event event = RCML_EVENT_INIT;
  while (p->f.wait(p->called, 0, &event) > 0)
    if (event.kind == RCML_EVENT_INCOMING) CHECK(p->f.answer(p->called, event.call, NULL) == RCML_OK);
  while (p->f.wait(p->caller, 1, &event) > 0) {
    p->answered |= event.kind == RCML_EVENT_ANSWERED;
    p->ended |= event.kind == RCML_EVENT_ENDED;
  }
}

static void begin(pair *p) {
  rcml_call_options options = RCML_CALL_OPTIONS_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  char uri[128];
  p->caller = p->f.create(NULL);
  p->called = p->f.create(NULL);
  CHECK(p->caller != NULL && p->called != NULL);
  CHECK(p->f.listen(p->caller, "udp:127.0.0.1:0", NULL) == 0);
  CHECK(p->f.listen(p->called, "udp:127.0.0.1:0", NULL) == 0);
  CHECK(p->f.listener(p->called, 0, uri, sizeof uri) > 0);
  document.text = "<Response><Pause length=\"3600\"/></Response>";
  options.party = uri;
  options.document = &document;
  CHECK(p->f.call(p->caller, &options, &p->call, NULL) == RCML_OK);
  for (int i = 0; i < 5000 && !p->answered; i++) turn(p);
  CHECK(p->answered);
}

static void end(pair *p) {
  CHECK(p->f.hang_up(p->caller, p->call, NULL) == RCML_OK);
  for (int i = 0; i < 5000 && !p->ended; i++) turn(p);
  CHECK(p->ended);
  CHECK(p->f.destroy(p->caller) == RCML_OK);
  CHECK(p->f.destroy(p->called) == RCML_OK);
}

int main(int argc, char **argv) {
  int turns = argc > 2 ? atoi(argv[2]) : 1000, descriptors = 0, threads = 0;
  long kilobytes = 0;
  pair resident = {0};
  CHECK(argc > 1);
  void *library = load(argv[1], &resident.f);
  begin(&resident);
  dlclose(library);
  for (int i = 0; i < turns; i++) {
    pair p = {0};
    rcml_call_info info = RCML_CALL_INFO_INIT;
    library = load(argv[1], &p.f);
    begin(&p);
    end(&p);
    dlclose(library);
    turn(&resident);
    CHECK(resident.f.state(resident.caller, resident.call, &info) == RCML_OK && info.answered);
    if (i + 1 != turns / 10) continue;
    descriptors = open_descriptors();
    threads = count_threads();
    kilobytes = resident_kilobytes();
  }
  CHECK(!resident.ended);
  CHECK(open_descriptors() == descriptors);
  CHECK(count_threads() == threads);
  long grown = resident_kilobytes() - kilobytes;
  CHECK(grown < 1024);
  end(&resident);
  printf("load: %d times with a call each, another call went on; %d descriptors, %d threads, %ld KiB more than after %d\n", turns,
         descriptors, threads, grown, turns / 10);
  return 0;
}
