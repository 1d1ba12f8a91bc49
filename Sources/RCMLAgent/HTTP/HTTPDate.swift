import RCMLBasics

/// Seconds since 1970 of a date in HTTP (RFC 9110 §5.6.7), in each of the three forms that a recipient has to read.
enum HTTPDate {
  static func seconds(_ octets: [UInt8]) -> Int64? {
    // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`
    let words = octets.split { $0 == 32 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "-") }
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count >= 5 else { return nil }
    let isOldest = Int(words[2]) != nil
    if isOldest {
      return seconds(day: words[2], month: words[1], year: words[4], time: words[3])
    }
    return seconds(day: words[1], month: words[2], year: words[3], time: words[4])
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private static func seconds(day: String, month: String, year: String, time: String) -> Int64? {
    let clock = time.split(separator: ":", omittingEmptySubsequences: false).compactMap {
      number($0)
    }
    guard let day = number(day[...]), (1...31).contains(day),
      let month = months.firstIndex(of: month.lowercased()), let written = number(year[...]),
      clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60
    else { return nil }
    // Two digits: this century's, unless that were more than 50 years ahead of when this was written.
    let year = year.utf8.count == 2 ? written + (written > 75 ? 1_900 : 2_000) : written
    guard (1_600...9_999).contains(year) else { return nil }
    let days = WallTime.days(year: year, month: Int64(month) + 1, day: day)
    return days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
  }

  private static func number(_ text: Substring) -> Int64? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int64(text)
  }
}
