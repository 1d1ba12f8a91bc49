import RCMLBasics

/// How times are written in one text.
struct TraceTime {
  private let form: TraceOptions.Time

  init(_ form: TraceOptions.Time) { self.form = form }

  /// `   1.004` or `14:02:11.532`. Without a calendar it is the time since `start`.
  func text(of entry: LadderEntry, since start: Instant) -> String {
    text(entry.instant - start, entry.unixMicroseconds)
  }

  func text(_ interval: Interval, _ unixMicroseconds: Int64) -> String {
    let text = wall(unixMicroseconds)?.clock ?? TraceTime.seconds(interval)
    return String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }

  /// `2026-11-30 14:02:11.532 +01:00`; nil: relative, or no calendar.
  func whole(_ unixMicroseconds: Int64) -> String? {
    guard let wall = wall(unixMicroseconds) else { return nil }
    let east = (wall.unixMicroseconds - unixMicroseconds) / 60_000_000
    return "\(wall.day) \(wall.clock) \(TraceTime.zone(minutesEast: east))"
  }

  var width: Int {
    switch form {
    case .relative: 8
    case .wall: 12
    }
  }

  private func wall(_ unixMicroseconds: Int64) -> WallTime? {
    guard case .wall(let offset) = form, unixMicroseconds > 0 else { return nil }
    let east = offset(unixMicroseconds / 1_000_000)
    let (shifted, overflow) = unixMicroseconds.addingReportingOverflow(east &* 1_000_000)
    return overflow ? nil : WallTime(unixMicroseconds: shifted)
  }

  private static func zone(minutesEast: Int64) -> String {
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let size = minutesEast < 0 ? -minutesEast : minutesEast
    return (minutesEast < 0 ? "-" : "+") + two(size / 60) + ":" + two(size % 60)
  }

  private static func seconds(_ interval: Interval) -> String {
    let milliseconds = max(0, interval.wholeMilliseconds)
    return "\(milliseconds / 1000)." + String(milliseconds % 1000 + 1000).dropFirst()
  }
}
