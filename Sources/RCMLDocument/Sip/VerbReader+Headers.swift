import RCMLBasics

extension VerbReader {
  /// The header part of a target as header lines (spec X-1 … X-8).
  mutating func headers(_ part: String, _ element: Element) -> [HeaderLine] {
    var lines: [HeaderLine] = []
    var isTold = false
    for piece in part.split(separator: "&") {
      if piece.utf8.contains(where: { $0 == 9 || $0 == 10 || $0 == 13 }) {  // S-3, X-6
        warnOfText(
          .headerInjection, element, "A line break or tab stands in a header; it is left out.")
        continue
      }
      if !isTold, piece.utf8.contains(UInt8(ascii: " ")) {  // S-3
        warnOfText(.invalidHeader, element, "A space stands in a header; it is sent; write %20.")
        isTold = true
      }
      if piece.hasPrefix("amp;") {
        warnOfText(
          .invalidHeader, element,
          "The & before a header is escaped twice; it is left out. Write &amp; once.")
        continue
      }
      tellOfPlus(piece, element)
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        warnOfText(.invalidHeader, element, "A header is written name=value; this one is left out.")
        continue
      }
      if let line = header(parts[0], parts[1], element) { lines.append(line) }
    }
    return lines
  }

  /// X-2 keeps a `+`, which form encoders write for a blank; before a number it is one of its own.
  private mutating func tellOfPlus(_ piece: Substring, _ element: Element) {
    guard isCheck, let equals = piece.firstIndex(of: "=") else { return }
    let value = piece[equals...].dropFirst()
    guard value.dropFirst().contains("+") else { return }
    findings.note(
      .invalidHeader, element.textOffset ?? element.offset,
      "A + in a header is sent as it is; write %20 where a blank is meant.")
  }

  private mutating func header(
    _ rawName: Substring, _ rawValue: Substring, _ element: Element
  ) -> HeaderLine? {
    // `+` is a plus sign, and `%` without two hexadecimal digits stays.
    let (name, isNameWhole) = PercentEncoding.decode(rawName.utf8)
    let (value, isValueWhole) = PercentEncoding.decode(rawValue.utf8)
    guard !(name + value).contains(where: { $0 < 32 || $0 == 127 }) else {
      warnOfText(.headerInjection, element, "A header with control characters is left out.")
      return nil
    }
    guard HeaderNames.isToken(name), String(validating: value, as: UTF8.self) != nil else {
      warnOfText(.invalidHeader, element, "A header whose name or text cannot be sent is left out.")
      return nil
    }
    if !isNameWhole || !isValueWhole {
      warnOfText(
        .invalidHeader, element, "A % without two hexadecimal digits is sent as it is; write %25.")
    }
    let written = String(decoding: name, as: UTF8.self)
    let lower = written.lowercased()
    let isAsserted = lower == "p-asserted-identity" && !settings.trustDomain
    guard !HeaderNames.forbidden.contains(lower), !isAsserted,
      !isReserved(lower)
    else {
      warnOfText(
        .forbiddenHeader, element, "The header \(written) is the engine's own and is left out.")
      return nil
    }
    let trimmed = VerbReader.withoutOuterSpaces(value)
    let isOwn =
      lower.hasPrefix("x-") || lower == "p-asserted-identity" || HeaderNames.own.contains(lower)
      || settings.passHeaders.contains { $0.lowercased() == lower }
    if isOwn { return HeaderLine(name: name, value: trimmed) }
    switch settings.headerPrefix {
    case .addX:
      // Neither does a prefix make a name of ours (X-4 after X-7).
      guard !isReserved("x-" + lower) else {
        warnOfText(
          .forbiddenHeader, element,
          "The header X-\(written) is the engine's own and is left out.")
        return nil
      }
      return HeaderLine(name: Array("X-".utf8) + name, value: trimmed)
    case .asIs: return HeaderLine(name: name, value: trimmed)
    case .drop:
      warnOfText(.forbiddenHeader, element, "The header \(written) has no X- and is left out.")
      return nil
    }
  }

  private func isReserved(_ lower: String) -> Bool {
    let own = settings.idHeaderPrefix.lowercased()
    return lower.hasPrefix("x-rcml-") || (!own.isEmpty && lower.hasPrefix(own))
  }

  private static func withoutOuterSpaces(_ value: [UInt8]) -> [UInt8] {
    guard let first = value.firstIndex(where: { $0 != 32 }),
      let last = value.lastIndex(where: { $0 != 32 })
    else { return [] }
    return Array(value[first...last])
  }
}
