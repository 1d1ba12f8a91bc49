/// A length of time with its unit in its type.
///
/// `Swift.Duration` counts attoseconds in 128 bits; timers are compared on the packet path, so this counts
/// nanoseconds in 64 (292 years).
public struct Interval: Hashable, Comparable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = Interval(nanoseconds: 0)

  public static func seconds(_ count: Int) -> Interval { scaled(count, by: 1_000_000_000) }
  public static func milliseconds(_ count: Int) -> Interval { scaled(count, by: 1_000_000) }
  public static func microseconds(_ count: Int) -> Interval { scaled(count, by: 1_000) }

  /// Whole seconds, rounded down (RCML counts durations so: spec M-6).
  public var wholeSeconds: Int { Int(nanoseconds / 1_000_000_000) }
  public var wholeMilliseconds: Int { Int(nanoseconds / 1_000_000) }

  public static func < (a: Interval, b: Interval) -> Bool { a.nanoseconds < b.nanoseconds }

  public static func * (a: Interval, factor: Int) -> Interval {
    let (product, overflow) = a.nanoseconds.multipliedReportingOverflow(by: Int64(factor))
    return Interval(nanoseconds: overflow ? .max : product)
  }

  private static func scaled(_ count: Int, by unit: Int64) -> Interval {
    let (product, overflow) = Int64(count).multipliedReportingOverflow(by: unit)
    return Interval(nanoseconds: overflow ? (count < 0 ? .min : .max) : product)
  }
}
