import RCMLBasics
import Testing

@Suite struct DeadlineQueueTests {
  @Test func deadlinesComeOutInTheOrderOfTheirInstants() {
    var random = RandomSource(seed: 3)
    var queue = DeadlineQueue()
    for owner in 0..<2_000 as Range<UInt64> {
      queue.add(Deadline(Instant(nanoseconds: random.next() % 500), TimerName("ring")), for: owner)
    }
    var last = (instant: Instant(nanoseconds: 0), owner: UInt64(0))
    var count = 0
    while let entry = queue.popFirst() {
      let current = (instant: entry.deadline.instant, owner: entry.owner)
      #expect(last.instant <= current.instant)
      // Equal instants come out as they went in: a run can be repeated.
      if count > 0, last.instant == current.instant { #expect(last.owner < current.owner) }
      last = current
      count += 1
    }
    #expect(count == 2_000 && queue.count == 0)
  }

  @Test func nothingIsTakenBeforeItsTime() {
    var queue = DeadlineQueue()
    queue.add(Deadline(Instant(nanoseconds: 10), TimerName("ring")), for: 1)
    #expect(queue.popFirst(dueAt: Instant(nanoseconds: 9)) == nil)
    #expect(queue.first?.deadline.instant == Instant(nanoseconds: 10))
    #expect(queue.popFirst(dueAt: Instant(nanoseconds: 10))?.owner == 1)
    #expect(queue.popFirst() == nil)
  }
}
