/// The kinds of settings: how each is read from text and written as text.
extension SettingEntry {
  typealias Path<Value> = WritableKeyPath<Settings, Value> & Sendable

  // Once a process, so one form of each suffices: a copy for each type would be a kilobyte a setting.
  @_semantics("optimize.sil.specialize.generic.never")
  static func choice<Choice: RawRepresentable & CaseIterable & Equatable & Sendable>(
    _ name: String, _ path: Path<Choice>, _ clause: String, _ text: String
  ) -> SettingEntry where Choice.RawValue == String {
    let usual = Settings()[keyPath: path]
    let other = Choice.allCases.first { $0 != usual } ?? usual
    return SettingEntry(
      name, .choice, values: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "),
      text: text, example: other.rawValue, clause: clause,
      get: { $0[keyPath: path].rawValue },
      put: { settings, value in
        guard let choice = Choice(rawValue: value.lowercased()) else { return false }
        settings[keyPath: path] = choice
        return true
      })
  }

  static func flag(
    _ name: String, _ path: Path<Bool>, _ clause: String, _ text: String
  ) -> SettingEntry {
    SettingEntry(
      name, .flag, values: "true or false", text: text,
      example: Settings()[keyPath: path] ? "false" : "true", clause: clause,
      get: { $0[keyPath: path] ? "true" : "false" },
      put: { settings, value in
        switch value.lowercased() {
        case "true": settings[keyPath: path] = true
        case "false": settings[keyPath: path] = false
        default: return false
        }
        return true
      })
  }

  @_semantics("optimize.sil.specialize.generic.never")
  static func number<Number: FixedWidthInteger & Sendable>(
    _ name: String, _ path: Path<Number>, _ range: ClosedRange<Int>, like example: String,
    _ clause: String, _ text: String
  ) -> SettingEntry {
    SettingEntry(
      name, .number, values: "a number from \(range.lowerBound) to \(range.upperBound)",
      range: range, text: text, example: example, clause: clause,
      get: { String($0[keyPath: path]) },
      put: { settings, value in
        guard let number = SettingText.wholeNumber(value), range.contains(number),
          let exact = Number(exactly: number)
        else { return false }
        settings[keyPath: path] = exact
        return true
      })
  }

  /// Seconds, with up to three decimals.
  static func seconds(
    _ name: String, _ path: Path<Interval>, _ range: ClosedRange<Int>, like example: String,
    _ clause: String, _ text: String
  ) -> SettingEntry {
    SettingEntry(
      name, .seconds, values: "seconds from \(range.lowerBound) to \(range.upperBound)",
      range: range, text: text, example: example, clause: clause,
      get: { SettingText.seconds($0[keyPath: path]) },
      put: { settings, value in
        guard let interval = SettingText.seconds(value, in: range) else { return false }
        settings[keyPath: path] = interval
        return true
      })
  }

  /// Seconds without decimals.
  static func wholeSeconds(
    _ name: String, _ path: Path<Interval>, _ range: ClosedRange<Int>, like example: String,
    _ clause: String, _ text: String
  ) -> SettingEntry {
    SettingEntry(
      name, .number,
      values: "a number of seconds from \(range.lowerBound) to \(range.upperBound)",
      range: range, text: text, example: example, clause: clause,
      get: { SettingText.seconds($0[keyPath: path]) },
      put: { settings, value in
        guard let number = SettingText.wholeNumber(value), range.contains(number) else {
          return false
        }
        settings[keyPath: path] = .seconds(number)
        return true
      })
  }

  /// Text that `isRight` finds nothing wrong with; nothing at all always is.
  static func text(
    _ name: String, _ path: Path<String>, _ values: String = "text without control characters",
    like example: String, _ clause: String, _ text: String,
    problem: @escaping @Sendable (String) -> String? = { _ in nil },
    where isRight: @escaping @Sendable (String) -> Bool = { _ in true }, mayBeEmpty: Bool = true
  ) -> SettingEntry {
    SettingEntry(
      name, .text, values: values, text: text, example: example, clause: clause,
      problem: problem, get: { $0[keyPath: path] },
      put: { settings, value in
        guard SettingText.isPrintable(value), mayBeEmpty && value.isEmpty || isRight(value) else {
          return false
        }
        settings[keyPath: path] = value
        return true
      })
  }

  /// The path of a file.
  static func file(
    _ name: String, _ path: Path<String>, like example: String, _ clause: String, _ text: String
  ) -> SettingEntry {
    .text(
      name, path, "the path of a file, or nothing", like: example, clause, text,
      where: { $0.utf8.count < 4_096 })
  }

  /// The value of a header: printable text in one line, whoever reads it, and no longer than `limit` octets; it may be
  /// empty.
  static func line(
    _ name: String, _ path: Path<String>, upTo limit: Int, like example: String, _ clause: String,
    _ text: String
  ) -> SettingEntry {
    .text(
      name, path, "one line of at most \(limit) octets without control characters", like: example,
      clause, text,
      where: { value in
        // U+0080 … U+009F are controls; U+2028 and U+2029 end lines.
        value.utf8.count <= limit
          && value.unicodeScalars.allSatisfy {
            !(0x80...0x9f).contains($0.value) && $0.value != 0x2028 && $0.value != 0x2029
          }
      })
  }

  /// What nobody but the engine reads, or nothing. What is wrong is never repeated.
  static func secret(
    _ name: String, _ path: Path<Private<String>?>,
    _ values: String = "text without control characters, or nothing", like example: String,
    _ clause: String, _ text: String,
    where isRight: @escaping @Sendable (String) -> Bool = { _ in true }
  ) -> SettingEntry {
    SettingEntry(
      name, .secret, values: values, text: text, example: example, clause: clause,
      get: { $0[keyPath: path] == nil ? "" : SettingText.masked },
      put: { settings, value in
        guard SettingText.isPrintable(value), value.isEmpty || isRight(value) else { return false }
        settings[keyPath: path] = value.isEmpty ? nil : Private(value)
        return true
      })
  }

  /// How numbers or clients are dialled (spec D-30), or nothing.
  static func template(
    _ name: String, _ path: Path<String>, _ template: DialTemplate, _ clause: String,
    _ text: String
  ) -> SettingEntry {
    .text(
      name, path, "a SIP URI with \(template.placeholder) before its @, or nothing",
      like: template.example, clause, text,
      problem: { template.problem(of: $0).map { $0 + "; write \(template.example)" } },
      where: { template.problem(of: $0) == nil })
  }

  /// The name of a header or the beginning of one (RFC 3261 §25.1 token).
  static func token(
    _ name: String, _ path: Path<String>, mayBeEmpty: Bool, like example: String,
    _ clause: String, _ text: String
  ) -> SettingEntry {
    SettingEntry(
      name, .text,
      values: mayBeEmpty ? "the beginning of a header name, or nothing" : "a header name",
      text: text, example: example, clause: clause,
      get: { $0[keyPath: path] },
      put: { settings, value in
        guard mayBeEmpty || !value.isEmpty, value.utf8.allSatisfy(\.isTokenOctet) else {
          return false
        }
        settings[keyPath: path] = value
        return true
      })
  }

  /// Words divided by commas or white space, each one of `words` if any are given.
  static func list(
    _ name: String, _ path: Path<[String]>, of words: [String] = [], like example: String,
    _ clause: String, _ text: String
  ) -> SettingEntry {
    let values = words.isEmpty ? "names" : "any of \(words.joined(separator: ", "))"
    return SettingEntry(
      name, .list, values: values + ", divided by commas", text: text, example: example,
      clause: clause,
      get: { $0[keyPath: path].joined(separator: ",") },
      put: { settings, value in
        let found = value.split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
        guard words.isEmpty || (!found.isEmpty && found.allSatisfy(words.contains)),
          found.allSatisfy({ $0.utf8.allSatisfy(\.isTokenOctet) })
        else { return false }
        settings[keyPath: path] = found
        return true
      })
  }

  /// An absolute path, or nothing.
  static func folder(
    _ name: String, _ path: Path<String>, like example: String, _ clause: String, _ text: String
  ) -> SettingEntry {
    .text(
      name, path, "the absolute path of a folder, or nothing", like: example, clause, text,
      where: { $0.hasPrefix("/") })
  }

  /// A URL with one of `schemes`, or nothing.
  static func url(
    _ name: String, _ path: Path<String>, _ schemes: [String], like example: String,
    _ clause: String, _ text: String
  ) -> SettingEntry {
    let shown = schemes.joined(separator: " or ")
    return .text(
      name, path, "a URL that begins with \(shown), or nothing", like: example, clause, text,
      where: { SettingText.isURL($0, schemes) })
  }

  /// `16384-32767`: four ports at least, the first one even or not.
  static func ports(
    _ name: String, _ path: Path<ClosedRange<UInt16>>, like example: String, _ clause: String,
    _ text: String
  ) -> SettingEntry {
    SettingEntry(
      name, .text,
      values: "the first and the last of four ports or more, from 1024 on, like 16384-32767",
      text: text, example: example, clause: clause,
      get: { "\($0[keyPath: path].lowerBound)-\($0[keyPath: path].upperBound)" },
      put: { settings, value in
        let parts = value.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let first = SettingText.wholeNumber(parts[0]),
          let last = SettingText.wholeNumber(parts[1]), first >= 1_024, last <= 65_535,
          first + 3 <= last
        else { return false }
        settings[keyPath: path] = UInt16(first)...UInt16(last)
        return true
      })
  }
}
