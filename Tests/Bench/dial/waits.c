#include "calls.h"

#include <stdlib.h>

/* All waits of one kind last equally long, so whoever began first is due first: a queue each, and no timers to sort. */
struct wait {
  int64_t due;
  int call, target, turn;
};

static struct queue {
  int64_t delay;
  struct wait *waits;
  size_t first, count, room;
} queues[WAIT_KINDS];

void waits_set(enum wait_kind kind, int milliseconds) { queues[kind].delay = (int64_t)milliseconds * 1000000; }

static void put(struct queue *queue, struct wait wait) {
  if (queue->count == queue->room) {
    size_t room = queue->room > 0 ? 2 * queue->room : 1024;
    struct wait *waits = malloc(room * sizeof *waits);
    if (waits == NULL) abort();
    for (size_t i = 0; i < queue->count; i++) waits[i] = queue->waits[(queue->first + i) % queue->room];
    free(queue->waits);
    queue->waits = waits;
    queue->first = 0;
    queue->room = room;
  }
  queue->waits[(queue->first + queue->count++) % queue->room] = wait;
}

void waits_add(enum wait_kind kind, int call, int target) {
  put(&queues[kind], (struct wait){now() + queues[kind].delay, call, target, 1});
}

static bool do_due(enum wait_kind kind, const struct wait *wait) {
  switch (kind) {
    case WAIT_ANSWER: target_answer(wait->call, wait->target); return false;
    case WAIT_LEAVE: caller_leave(wait->call); return false;
    case WAIT_CALLER: return caller_repeat(wait->call, wait->target != 0, wait->turn);
    case WAIT_TARGET: return target_repeat(wait->call, wait->target, wait->turn);
    case WAIT_KINDS: break;
  }
  return false;
}

int64_t waits_turn(int64_t time) {
  int64_t next = INT64_MAX;
  for (int kind = 0; kind < WAIT_KINDS; kind++) {
    struct queue *queue = &queues[kind];
    while (queue->count > 0 && queue->waits[queue->first].due <= time) {
      struct wait wait = queue->waits[queue->first];
      queue->first = (queue->first + 1) % queue->room;
      queue->count--;
      if (!do_due((enum wait_kind)kind, &wait)) continue;
      wait.turn++;
      wait.due = time + queue->delay;
      put(queue, wait);
    }
    if (queue->count > 0 && queue->waits[queue->first].due < next) next = queue->waits[queue->first].due;
  }
  return next;
}
