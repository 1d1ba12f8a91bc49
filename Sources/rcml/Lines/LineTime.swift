import Glibc

/// When something happened, as it stands before its line: `--utc`, `--relative`, else local time.
struct LineTime: Sendable {
  enum Kind: Sendable {
    case local
    case utc
    /// Since this moment, in microseconds of 1970.
    case relative(since: Int64)
  }

  let kind: Kind
  /// Lines that are kept are read on another day.
  let hasDate: Bool

  init(_ options: Options, hasDate: Bool) throws(Problem) {
    switch (options.has("utc"), options.has("relative")) {
    case (true, true): throw .usage("--utc and --relative exclude each other.")
    case (true, false): kind = .utc
    case (false, true): kind = .relative(since: LineTime.now)
    case (false, false): kind = .local
    }
    self.hasDate = hasDate
  }

  /// Microseconds since 1970.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }

  /// `2026-11-30 14:03:07.123`, with a Z behind it in UTC; `+12.345` seconds since the beginning.
  func text(_ moment: Int64) -> String {
    switch kind {
    case .local: LineTime.calendar(moment, isUTC: false, hasDate ? "%F %T" : "%T")
    case .utc: LineTime.calendar(moment, isUTC: true, hasDate ? "%F %T" : "%T") + "Z"
    case .relative(let since):
      "+" + LineTime.seconds((moment - since) / 1_000)
    }
  }

  /// As a member of an object: RFC 3339 in UTC, which programs compare as text; or `at_ms` as in a simulation.
  func add(_ moment: Int64, to line: inout JSONLine) {
    switch kind {
    case .local, .utc: line.add("time", LineTime.calendar(moment, isUTC: true, "%FT%T") + "Z")
    case .relative(let since): line.add("at_ms", (moment - since) / 1_000)
    }
  }

  private static func calendar(_ moment: Int64, isUTC: Bool, _ format: String) -> String {
    var seconds = time_t(moment / 1_000_000)
    var parts = tm()
    if isUTC { gmtime_r(&seconds, &parts) } else { localtime_r(&seconds, &parts) }
    var text = [CChar](repeating: 0, count: 64)
    let length = strftime(&text, text.count, format, &parts)
    let digits = String(1_000 + moment / 1_000 % 1_000).dropFirst()
    return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) + "."
      + digits
  }

  private static func seconds(_ milliseconds: Int64) -> String {
    "\(milliseconds / 1_000)." + String(1_000 + milliseconds % 1_000).dropFirst()
  }
}
