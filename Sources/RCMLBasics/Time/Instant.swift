/// A point of monotonic time, handed in from outside: below the reactor nobody asks what time it is.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since an origin that only the giver knows.
  public var nanoseconds: UInt64

  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// The end of time: a deadline that never comes.
  public static let distantFuture = Instant(nanoseconds: .max)

  @inlinable public static func < (a: Instant, b: Instant) -> Bool {
    a.nanoseconds < b.nanoseconds
  }

  /// Saturates at both ends: a deadline far away stays far away, it does not wrap into the past.
  public static func + (a: Instant, b: Interval) -> Instant {
    if b.nanoseconds >= 0 {
      let (sum, overflow) = a.nanoseconds.addingReportingOverflow(UInt64(b.nanoseconds))
      return Instant(nanoseconds: overflow ? .max : sum)
    }
    let (sum, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds.magnitude)
    return Instant(nanoseconds: overflow ? 0 : sum)
  }

  public static func - (a: Instant, b: Instant) -> Interval {
    if a >= b { return Interval(nanoseconds: Int64(clamping: a.nanoseconds - b.nanoseconds)) }
    return Interval(nanoseconds: -Int64(clamping: b.nanoseconds - a.nanoseconds))
  }
}
