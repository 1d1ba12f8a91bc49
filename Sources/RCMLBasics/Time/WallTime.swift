/// What the calendar said when something happened. Its text is made where somebody reads it.
public struct WallTime: Hashable, Sendable {
  public var unixMicroseconds: Int64

  public init(unixMicroseconds: Int64) { self.unixMicroseconds = unixMicroseconds }

  /// `14:02:11.532`: the time of the day.
  public var clock: String {
    let milliseconds = floorDivide(unixMicroseconds, 1_000)
    let inDay = milliseconds - floorDivide(milliseconds, 86_400_000) * 86_400_000
    let second = inDay / 1_000
    return WallTime.padded(second / 3_600, 2) + ":" + WallTime.padded(second / 60 % 60, 2) + ":"
      + WallTime.padded(second % 60, 2) + "." + WallTime.padded(inDay % 1_000, 3)
  }

  /// `2026-11-30`: the day (RFC 3339).
  public var day: String {
    let (year, month, day) = WallTime.civil(
      daysSinceEpoch: floorDivide(unixMicroseconds, 86_400_000_000))
    return WallTime.padded(year, 4) + "-" + WallTime.padded(month, 2) + "-"
      + WallTime.padded(day, 2)
  }

  private static func padded(_ number: Int64, _ digits: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  /// As spec K-11 wants it: `Wed, 02 Oct 2024 13:05:09 +0000`.
  public var text: String {
    let seconds = floorDivide(unixMicroseconds, 1_000_000)
    let days = floorDivide(seconds, 86_400)
    let inDay = seconds - days * 86_400
    let (year, month, day) = WallTime.civil(daysSinceEpoch: days)
    let weekday = Int(((days % 7) + 11) % 7)  // 1970-01-01 was a Thursday
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    var writer = ByteWriter(capacity: 31)
    writer.append(text: names[weekday])
    writer.append(", ")
    WallTime.append(day, digits: 2, to: &writer)
    writer.append(" ")
    writer.append(text: months[Int(month) - 1])
    writer.append(" ")
    WallTime.append(year, digits: 4, to: &writer)
    writer.append(" ")
    WallTime.append(inDay / 3600, digits: 2, to: &writer)
    writer.append(":")
    WallTime.append(inDay / 60 % 60, digits: 2, to: &writer)
    writer.append(":")
    WallTime.append(inDay % 60, digits: 2, to: &writer)
    writer.append(" +0000")
    return writer.finishText()
  }

  private static func append(_ number: Int64, digits: Int, to writer: inout ByteWriter) {
    let text = "\(number)"
    for _ in text.utf8.count..<max(text.utf8.count, digits) { writer.append("0") }
    writer.append(text: text)
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

  /// Days since 1970 of a date of the proleptic Gregorian calendar: the way back.
  public static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

private func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
  let quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
