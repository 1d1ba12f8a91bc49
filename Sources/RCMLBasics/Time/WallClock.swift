/// What the calendar said at one instant; from then on the monotonic time carries it forward.
///
/// Wall time is an input like any other. A jump of the machine's clock arrives as a new `WallClock` and
/// changes time stamps, never a timer or a duration (failures H10).
public struct WallClock: Hashable, Sendable {
  /// Microseconds since 1970-01-01 00:00:00 UTC at `instant`.
  public var unixMicroseconds: Int64
  public var instant: Instant

  public init(unixMicroseconds: Int64, at instant: Instant) {
    self.unixMicroseconds = unixMicroseconds
    self.instant = instant
  }

  public func unixMicroseconds(at now: Instant) -> Int64 {
    let (sum, overflow) = unixMicroseconds.addingReportingOverflow(
      (now - instant).nanoseconds / 1_000)
    return overflow ? unixMicroseconds : sum
  }

  /// The time of an event, as this clock has it.
  public func time(at now: Instant) -> WallTime {
    WallTime(unixMicroseconds: unixMicroseconds(at: now))
  }

  /// The time of an event as spec K-11 wants it: `Wed, 02 Oct 2024 13:05:09 +0000`.
  public func timestamp(at now: Instant) -> String { time(at: now).text }
}
