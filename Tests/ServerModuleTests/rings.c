/* Frames from one thread to one other, and orders from many to one: nothing is lost, nothing is
 * doubled, nothing is mixed up. */
#include "server.h"
#include "parts.h"

#include <poll.h>

#define FRAMES 200000
#define WRITERS 4
#define NODES 200000

static void a_ring_holds_sixteen(void) {
  static struct rcml_ring ring;
  uint8_t frame[RCML_FRAME_OCTETS];
  for (int turn = 0; turn < 100; turn++) {
    memset(frame, turn, sizeof frame);
    CHECK(!rcml_ring_take(&ring, frame, 320));
    for (int at = 0; at < RCML_RING_FRAMES; at++) {
      memset(frame, turn + at, sizeof frame);
      CHECK(rcml_ring_put(&ring, frame, 320));
    }
    CHECK(!rcml_ring_put(&ring, frame, 320));
    CHECK(rcml_ring_trim(&ring, 20) == 0 && rcml_ring_trim(&ring, 5) == 11 && rcml_ring_trim(&ring, 5) == 0);
    for (int at = 11; at < RCML_RING_FRAMES; at++) {
      CHECK(rcml_ring_take(&ring, frame, 320));
      CHECK(frame[0] == (uint8_t)(turn + at) && frame[319] == frame[0]);
    }
  }
}

/* Its numbers run over after 2^32 frames, 2.7 years of one call. */
static void a_ring_runs_over(void) {
  static struct rcml_ring ring;
  uint32_t value, heard;
  atomic_store(&ring.written, UINT32_MAX - 3);
  atomic_store(&ring.read, UINT32_MAX - 3);
  for (value = 0; value < RCML_RING_FRAMES; value++) CHECK(rcml_ring_put(&ring, &value, sizeof value));
  CHECK(!rcml_ring_put(&ring, &value, sizeof value));
  for (value = 0; value < RCML_RING_FRAMES; value++)
    CHECK(rcml_ring_take(&ring, &heard, sizeof heard) && heard == value);
  CHECK(!rcml_ring_take(&ring, &heard, sizeof heard));
}

static struct rcml_ring shared_ring;

static void *writer(void *context) {
  uint32_t frame[RCML_FRAME_OCTETS / 4];
  for (uint32_t at = 0; at < FRAMES; at++) {
    for (size_t place = 0; place < sizeof frame / 4; place++) frame[place] = at;
    while (!rcml_ring_put(&shared_ring, frame, sizeof frame)) sched_yield();
  }
  return context;
}

static void two_threads_share_a_ring(void) {
  uint32_t frame[RCML_FRAME_OCTETS / 4];
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, writer, NULL) == 0);
  for (uint32_t at = 0; at < FRAMES; at++) {
    while (!rcml_ring_take(&shared_ring, frame, sizeof frame)) sched_yield();
    CHECK(frame[0] == at && frame[40] == at && frame[79] == at);
  }
  pthread_join(thread, NULL);
}

struct item {
  struct rcml_node node;
  int writer, number;
};
static struct rcml_queue queue;
static struct rcml_bell bell;
static struct item items[WRITERS][NODES];

static void *ordering(void *context) {
  int writer = (int)(intptr_t)context;
  for (int number = 0; number < NODES; number++) {
    items[writer][number].writer = writer;
    items[writer][number].number = number;
    CHECK(rcml_queue_put(&queue, &items[writer][number].node));
    rcml_bell_ring(&bell);
  }
  return NULL;
}

/* The reader sleeps whenever there is nothing; a bell that was lost would let it sleep for ever. */
static void many_threads_share_a_queue(void) {
  pthread_t threads[WRITERS];
  struct pollfd watched = {0, POLLIN, 0};
  int next[WRITERS] = {0}, count = 0;
  CHECK(rcml_bell_open(&bell));
  watched.fd = bell.descriptor;
  for (intptr_t at = 0; at < WRITERS; at++) CHECK(pthread_create(&threads[at], NULL, ordering, (void *)at) == 0);
  while (count < WRITERS * NODES) {
    CHECK(poll(&watched, 1, 5000) == 1);
    rcml_bell_rest(&bell);
    for (struct rcml_node *node = rcml_queue_take(&queue); node; node = node->next) {
      const struct item *item = (const struct item *)node;
      CHECK(item->number == next[item->writer]++); /* each writer's in its order */
      count++;
    }
  }
  for (int at = 0; at < WRITERS; at++) pthread_join(threads[at], NULL);
  rcml_bell_close(&bell);
}

static void a_closed_queue_takes_nothing(void) {
  static struct rcml_queue own;
  struct rcml_node one, two, three, *all;
  CHECK(!rcml_queue_take(&own));
  CHECK(rcml_queue_put(&own, &one) && rcml_queue_put(&own, &two));
  all = rcml_queue_close(&own);
  CHECK(all == &one && all->next == &two && !two.next);
  CHECK(!rcml_queue_put(&own, &three) && !rcml_queue_take(&own) && !rcml_queue_close(&own));
}

static void calls_are_found(void) {
  struct rcml_calls calls;
  struct rcml_call_entry *entry = NULL;
  size_t count = 0;
  char sid[32];
  memset(&calls, 0, sizeof calls);
  CHECK(!rcml_calls_find(&calls, 7) && !rcml_calls_next(&calls, NULL));
  for (rcml_call_id call = 1; call <= 1000; call++) {
    snprintf(sid, sizeof sid, "CA%d", (int)call);
    entry = rcml_calls_make(&calls, call, sid);
    CHECK(entry && rcml_calls_make(&calls, call, "") == entry);
  }
  for (rcml_call_id call = 1; call <= 1000; call += 2) rcml_calls_drop(&calls, call);
  for (entry = NULL; (entry = rcml_calls_next(&calls, entry)); count++) CHECK(entry->call % 2 == 0);
  CHECK(count == 500 && calls.count == 500 && !rcml_calls_find(&calls, 1) && rcml_calls_find(&calls, 1000));
  CHECK(strcmp(rcml_calls_find(&calls, 44)->sid, "CA44") == 0);
  rcml_calls_free(&calls);
  CHECK(calls.count == 0 && !rcml_calls_find(&calls, 44));
}

int main(void) {
  a_ring_holds_sixteen();
  a_ring_runs_over();
  two_threads_share_a_ring();
  many_threads_share_a_queue();
  a_closed_queue_takes_nothing();
  calls_are_found();
  return 0;
}
