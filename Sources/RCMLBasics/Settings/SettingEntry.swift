/// One setting by its name: how its value is read, and what may be said instead of a wrong one.
struct SettingEntry: Sendable {
  let name: String
  /// For people: `on-bridge or immediate`, `a number from 0 to 10`.
  let values: String
  /// False: the value cannot be read, nothing was changed.
  let put: @Sendable (inout Settings, String) -> Bool
  /// What is wrong with a value, in half a sentence, where more can be said than `values` says.
  var problem: @Sendable (String) -> String? = { _ in nil }

  static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
    _ name: String, _ put: @escaping @Sendable (inout Settings, Choice) -> Void
  ) -> SettingEntry where Choice.RawValue == String {
    let values = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return SettingEntry(name: name, values: "one of \(values)") { settings, value in
      guard let choice = Choice(rawValue: value.lowercased()) else { return false }
      put(&settings, choice)
      return true
    }
  }

  static func flag(
    _ name: String, _ put: @escaping @Sendable (inout Settings, Bool) -> Void
  ) -> SettingEntry {
    SettingEntry(name: name, values: "true or false") { settings, value in
      switch value.lowercased() {
      case "true": put(&settings, true)
      case "false": put(&settings, false)
      default: return false
      }
      return true
    }
  }

  static func number(
    _ name: String, _ range: ClosedRange<Int>,
    _ put: @escaping @Sendable (inout Settings, Int) -> Void
  ) -> SettingEntry {
    SettingEntry(
      name: name, values: "a number from \(range.lowerBound) to \(range.upperBound)"
    ) { settings, value in
      guard let number = wholeNumber(value), range.contains(number) else { return false }
      put(&settings, number)
      return true
    }
  }

  /// Seconds, with up to three decimals.
  static func seconds(
    _ name: String, _ range: ClosedRange<Int>,
    _ put: @escaping @Sendable (inout Settings, Interval) -> Void
  ) -> SettingEntry {
    SettingEntry(
      name: name, values: "seconds from \(range.lowerBound) to \(range.upperBound)"
    ) { settings, value in
      let parts = value.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard let whole = parts.first.flatMap({ wholeNumber(String($0)) }), range.contains(whole)
      else { return false }
      var milliseconds = 0
      if parts.count == 2 {
        let decimals = String(parts[1])
        guard (1...3).contains(decimals.utf8.count), let fraction = wholeNumber(decimals) else {
          return false
        }
        milliseconds = fraction * [100, 10, 1][decimals.utf8.count - 1]
        if whole == range.upperBound, milliseconds > 0 { return false }
      }
      put(&settings, .milliseconds(whole * 1_000 + milliseconds))
      return true
    }
  }

  /// `user:password`, or nothing. What is wrong is never repeated.
  static func credentials(
    _ name: String, _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(name: name, values: "user:password, or nothing") { settings, value in
      guard isPrintable(value) else { return false }
      let mark = value.utf8.firstIndex(of: UInt8(ascii: ":"))
      guard value.isEmpty || mark.map({ $0 > value.startIndex }) ?? false else { return false }
      put(&settings, value)
      return true
    }
  }

  /// Printable text without line ends; it may be empty.
  static func text(
    _ name: String, _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(name: name, values: "text without control characters") { settings, value in
      guard isPrintable(value) else { return false }
      put(&settings, value)
      return true
    }
  }

  /// The value of a header: printable text in one line, whoever reads it, and no longer than `limit` octets; it may be
  /// empty.
  static func line(
    _ name: String, upTo limit: Int,
    _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(
      name: name, values: "one line of at most \(limit) octets without control characters"
    ) { settings, value in
      // U+0080 … U+009F are controls; U+2028 and U+2029 end lines.
      let isLine = value.unicodeScalars.allSatisfy {
        !(0x80...0x9f).contains($0.value) && $0.value != 0x2028 && $0.value != 0x2029
      }
      guard isLine, isPrintable(value), value.utf8.count <= limit else { return false }
      put(&settings, value)
      return true
    }
  }

  /// The two letters of a country whose ring tone is known (spec D-10).
  static func country(
    _ name: String, _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(name: name, values: "the two letters of a country whose tone is known, like us") {
      settings, value in
      guard RingTone.of(value) != nil else { return false }
      put(&settings, value)
      return true
    }
  }

  /// How numbers or clients are dialled (spec D-30), or nothing.
  static func template(
    _ name: String, _ template: DialTemplate,
    _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    let placeholder = template.placeholder
    var entry = SettingEntry(
      name: name, values: "a SIP URI with \(placeholder) before its @, or nothing"
    ) { settings, value in
      guard isPrintable(value), template.problem(of: value) == nil else { return false }
      put(&settings, value)
      return true
    }
    entry.problem = { template.problem(of: $0).map { $0 + "; write \(template.example)" } }
    return entry
  }

  /// The name of a header or the beginning of one (RFC 3261 §25.1 token).
  static func token(
    _ name: String, mayBeEmpty: Bool,
    _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(
      name: name,
      values: mayBeEmpty ? "the beginning of a header name, or nothing" : "a header name"
    ) { settings, value in
      guard mayBeEmpty || !value.isEmpty, value.utf8.allSatisfy(\.isTokenOctet) else {
        return false
      }
      put(&settings, value)
      return true
    }
  }

  /// Words divided by commas or white space, each one of `words` if any are given.
  static func list(
    _ name: String, of words: [String] = [],
    _ put: @escaping @Sendable (inout Settings, [String]) -> Void
  ) -> SettingEntry {
    let values = words.isEmpty ? "names" : "any of \(words.joined(separator: ", "))"
    return SettingEntry(name: name, values: values + ", divided by commas") { settings, value in
      let found = value.split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
      guard words.isEmpty || (!found.isEmpty && found.allSatisfy(words.contains)),
        found.allSatisfy({ $0.utf8.allSatisfy(\.isTokenOctet) })
      else { return false }
      put(&settings, found)
      return true
    }
  }

  /// An absolute path, or nothing.
  static func folder(
    _ name: String, _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(name: name, values: "the absolute path of a folder, or nothing") {
      settings, value in
      guard isPrintable(value), value.isEmpty || value.hasPrefix("/")
      else { return false }
      put(&settings, value)
      return true
    }
  }

  /// `16384-32767`: four ports at least, the first one even or not.
  static func ports(
    _ name: String, _ put: @escaping @Sendable (inout Settings, ClosedRange<UInt16>) -> Void
  ) -> SettingEntry {
    SettingEntry(
      name: name,
      values: "the first and the last of four ports or more, from 1024 on, like 16384-32767"
    ) { settings, value in
      let parts = value.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let first = wholeNumber(parts[0]), let last = wholeNumber(parts[1]),
        first >= 1_024, last <= 65_535, first + 3 <= last
      else { return false }
      put(&settings, UInt16(first)...UInt16(last))
      return true
    }
  }

  /// Numeric addresses with or without a port, at most four, divided by commas; or nothing.
  static func addresses(
    _ name: String, _ put: @escaping @Sendable (inout Settings, String) -> Void
  ) -> SettingEntry {
    SettingEntry(
      name: name, values: "addresses like 127.0.0.1:5353 or [::1], divided by commas, or nothing"
    ) { settings, value in
      let parts = value.split(separator: ",", omittingEmptySubsequences: false)
      guard value.isEmpty || (parts.count <= 4 && parts.allSatisfy(isAddress)) else { return false }
      put(&settings, value)
      return true
    }
  }

  @Sendable private static func isAddress(_ text: Substring) -> Bool {
    var host = Array(text.utf8)
    let isReference = host.first == UInt8(ascii: "[")
    guard isReference || host.filter({ $0 == UInt8(ascii: ":") }).count <= 1 else { return false }
    if host.last != UInt8(ascii: "]"), let colon = host.lastIndex(of: UInt8(ascii: ":")) {
      guard let port = wholeNumber(String(decoding: host[(colon + 1)...], as: UTF8.self)),
        (1...65_535).contains(port)
      else { return false }
      host = Array(host[..<colon])
    }
    return SocketAddress.read(host: host[...], port: 0) != nil
  }

  private static func isPrintable(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
  }

  private static func wholeNumber(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit) else { return nil }
    return Int(text)
  }
}
