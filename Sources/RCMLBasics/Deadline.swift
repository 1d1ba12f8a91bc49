/// When something has to happen without anything else happening first, and why.
package struct Deadline: Hashable, Comparable, Sendable {
  package var instant: Instant
  package var timer: TimerName

  package init(_ instant: Instant, _ timer: TimerName) {
    self.instant = instant
    self.timer = timer
  }

  package static func < (a: Deadline, b: Deadline) -> Bool { a.instant < b.instant }
}
