/* What many threads put in and one takes out: a stack that its reader takes whole and turns round, so that neither
 * side can keep the other waiting. And the bell beside it, which a sleeping reader hears. */
#include "parts.h"

#include <sys/eventfd.h>
#include <unistd.h>

/* Stands in a queue that was closed. */
static struct rcml_node closed;

bool rcml_queue_put(struct rcml_queue *queue, struct rcml_node *node) {
  struct rcml_node *newest = atomic_load(&queue->newest);
  do {
    if (newest == &closed) return false;
    node->next = newest;
  } while (!atomic_compare_exchange_weak(&queue->newest, &newest, node));
  return true;
}

static struct rcml_node *oldest_first(struct rcml_node *newest) {
  struct rcml_node *oldest = NULL;
  if (newest == &closed) return NULL;
  while (newest) {
    struct rcml_node *before = newest->next;
    newest->next = oldest;
    oldest = newest;
    newest = before;
  }
  return oldest;
}

struct rcml_node *rcml_queue_take(struct rcml_queue *queue) {
  struct rcml_node *newest = atomic_load(&queue->newest);
  if (!newest || newest == &closed) return NULL;
  return oldest_first(atomic_exchange(&queue->newest, NULL));
}

struct rcml_node *rcml_queue_close(struct rcml_queue *queue) {
  return oldest_first(atomic_exchange(&queue->newest, &closed));
}

bool rcml_bell_open(struct rcml_bell *bell) {
  atomic_init(&bell->rung, false);
  bell->descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return bell->descriptor >= 0;
}

void rcml_bell_close(struct rcml_bell *bell) {
  if (bell->descriptor >= 0) close(bell->descriptor);
  bell->descriptor = -1;
}

void rcml_bell_ring(struct rcml_bell *bell) {
  uint64_t one = 1;
  if (atomic_exchange(&bell->rung, true)) return;
  /* It can only be refused when it is readable already. */
  if (write(bell->descriptor, &one, sizeof one) < 0) return;
}

/* Emptied before `rung` is taken back: the other way round, a ring between the two would be swallowed, and the bell
 * thought rung for ever. */
void rcml_bell_rest(struct rcml_bell *bell) {
  uint64_t count;
  if (!atomic_load(&bell->rung)) return;
  if (read(bell->descriptor, &count, sizeof count) < 0) count = 0;
  atomic_store(&bell->rung, false);
}
