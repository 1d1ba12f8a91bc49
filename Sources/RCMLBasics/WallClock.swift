/// What the calendar said at one instant; from then on the monotonic time carries it forward.
///
/// Wall time is an input like any other. A jump of the machine's clock arrives as a new `WallClock` and
/// changes time stamps, never a timer or a duration (failures H10).
package struct WallClock: Hashable, Sendable {
  /// Microseconds since 1970-01-01 00:00:00 UTC at `instant`.
  package var unixMicroseconds: Int64
  package var instant: Instant

  package init(unixMicroseconds: Int64, at instant: Instant) {
    self.unixMicroseconds = unixMicroseconds
    self.instant = instant
  }

  package func unixMicroseconds(at now: Instant) -> Int64 {
    let (sum, overflow) = unixMicroseconds.addingReportingOverflow(
      (now - instant).nanoseconds / 1_000)
    return overflow ? unixMicroseconds : sum
  }

  /// The time of an event as spec K-11 wants it: `Wed, 02 Oct 2024 13:05:09 +0000`.
  package func timestamp(at now: Instant) -> String {
    let seconds = floorDivide(unixMicroseconds(at: now), 1_000_000)
    let days = floorDivide(seconds, 86_400)
    let inDay = seconds - days * 86_400
    let (year, month, day) = WallClock.civil(daysSinceEpoch: days)
    let weekday = Int(((days % 7) + 11) % 7)  // 1970-01-01 was a Thursday
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let time = two(inDay / 3600) + ":" + two(inDay / 60 % 60) + ":" + two(inDay % 60)
    let padded = String(repeating: "0", count: max(0, 4 - "\(year)".utf8.count)) + "\(year)"
    return "\(names[weekday]), \(two(day)) \(months[Int(month) - 1]) \(padded) \(time) +0000"
  }

  /// Days since 1970 to the proleptic Gregorian date (era arithmetic of 400 years).
  private static func civil(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = daysSinceEpoch + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
