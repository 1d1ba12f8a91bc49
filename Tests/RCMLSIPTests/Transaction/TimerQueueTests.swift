import RCMLBasics
import Testing

@testable import RCMLSIP

/// The deadlines of all layers come in the order of their instants, and those of one instant as they went in.
struct TimerQueueTests {
  private static func number(_ entry: TimerQueue.Entry) -> UInt64 {
    if case .client(let number) = entry.owner { number } else { 0 }
  }

  @Test func deadlinesComeOutInOrder() {
    var random = RandomSource(seed: 3)
    let queue = TimerQueue()
    for number in 1...2_000 as ClosedRange<UInt64> {
      let deadline = Deadline(Instant(nanoseconds: random.next() % 500), .a)
      queue.add(deadline, for: .client(number))
    }
    var last = (instant: Instant(nanoseconds: 0), number: UInt64(0))
    var count = 0
    while let entry = queue.popFirst() {
      let current = (instant: entry.deadline.instant, number: TimerQueueTests.number(entry))
      #expect(last.instant <= current.instant)
      if last.instant == current.instant { #expect(last.number < current.number) }
      last = current
      count += 1
    }
    #expect(count == 2_000)
    #expect(queue.first == nil)
  }

  @Test func nothingIsTakenBeforeItsTime() {
    let queue = TimerQueue()
    queue.add(Deadline(Instant(nanoseconds: 10), .b), for: .client(1))
    #expect(queue.popFirst(dueAt: Instant(nanoseconds: 9)) == nil)
    #expect(queue.first?.deadline.instant == Instant(nanoseconds: 10))
    #expect(queue.popFirst(dueAt: Instant(nanoseconds: 10)) != nil)
    #expect(queue.popFirst() == nil)
  }
}
