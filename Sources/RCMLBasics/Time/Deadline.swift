/// When something has to happen without anything else happening first, and why.
public struct Deadline: Hashable, Comparable, Sendable {
  public var instant: Instant
  public var timer: TimerName

  public init(_ instant: Instant, _ timer: TimerName) {
    self.instant = instant
    self.timer = timer
  }

  public static func < (a: Deadline, b: Deadline) -> Bool { a.instant < b.instant }
}
