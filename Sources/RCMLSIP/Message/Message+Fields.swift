import RCMLBasics

/// Asking a message for the values of its header fields.
extension Message {
  /// The first line of that name, whole.
  public func value(of name: FieldName) -> ArraySlice<UInt8>? {
    parts.first(name).map { bytes[$0.valueRange] }
  }

  /// All values in order: of all lines, and where the field is a list, between commas (not those in quotes or
  /// angle brackets). Empty list items are left out.
  public func values(of name: FieldName) -> [ArraySlice<UInt8>] {
    var values: [ArraySlice<UInt8>] = []
    guard parts.mayHave(name) else { return values }
    for place in 0..<fields.count where fields[place].name == name {
      let field = fields[place]
      guard name.isList else {
        values.append(bytes[field.valueRange])
        continue
      }
      bytes.withUnsafeBytes { octets in
        ListScan.each(octets, field.valueRange) { values.append(bytes[$0]) }
      }
    }
    return values
  }

  /// Does Require, Supported, Allow or another list of tokens name `tag` (lower case), in any letter case?
  public func hasOption(_ tag: StaticString, in name: FieldName) -> Bool {
    var isFound = false
    guard parts.mayHave(name) else { return false }
    for place in 0..<fields.count where fields[place].name == name {
      let field = fields[place]
      bytes.withUnsafeBytes { octets in
        ListScan.each(octets, field.valueRange) { range in
          if octets.equalsIgnoringCase(tag, range) { isFound = true }
        }
      }
    }
    return isFound
  }

  /// The lines whose name is, or begins with (where it ends in `*`), one of these, all lower case: `x-*`,
  /// `user-to-user`, `diversion` for spec X-20. In order of arrival, as they stood on the wire, unfolded. Octets
  /// that could not stand in a header line of ours become blanks.
  public func headerLines(named names: [StaticString]) -> [HeaderLine] {
    var lines: [HeaderLine] = []
    bytes.withUnsafeBytes { octets in
      for place in 0..<fields.count {
        let field = fields[place]
        guard Message.matches(octets, field.nameRange, names) else { continue }
        lines.append(
          HeaderLine(
            name: Array(octets[field.nameRange]),
            value: octets[field.valueRange].map { $0.isHeaderOctet ? $0 : 32 }))
      }
    }
    return lines
  }

  private static func matches(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>, _ patterns: [StaticString]
  ) -> Bool {
    // Most differ in their first letter.
    let first = octets[range.lowerBound].lowercased
    for pattern in patterns
    where pattern.utf8Start.pointee == first && matches(octets, range, pattern) {
      return true
    }
    return false
  }

  private static func matches(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>, _ pattern: StaticString
  ) -> Bool {
    let count = pattern.utf8CodeUnitCount
    guard count > 0, pattern.utf8Start[count - 1] == UInt8(ascii: "*") else {
      return octets.equalsIgnoringCase(pattern, range)
    }
    guard range.count >= count - 1 else { return false }
    return (0..<count - 1).allSatisfy {
      octets[range.lowerBound + $0].lowercased == pattern.utf8Start[$0]
    }
  }

  /// The number of Via values; an endpoint drops a response that has more than its own (RFC 3261 §8.1.3.3).
  public var viaCount: Int { parts.viaCount }

  /// A field that is one number, with or without parameters or a comment behind it: Expires, Retry-After, Min-SE,
  /// RSeq, Session-Expires. nil = missing or no number; more than 2^32−1 is 2^32−1 (RFC 4475 §3.1.2.4).
  public func number(of name: FieldName) -> UInt32? {
    guard let value = value(of: name) else { return nil }
    return value.withUnsafeBytes { octets in
      var end = 0
      while end < octets.count, octets[end].isDigit { end += 1 }
      let next = octets.skipBlanks(from: end, to: octets.count)
      guard next == octets.count || octets[next] == 59 || octets[next] == 40 else { return nil }
      return octets.number(0..<end).map { UInt32(clamping: $0) }
    }
  }

  /// The media type of the body without parameters is this one (lower case: `application/sdp`).
  public func hasContentType(_ type: StaticString) -> Bool {
    let value = contentType
    return value.withUnsafeBytes { octets in
      let end = octets.first(UInt8(ascii: ";"), from: 0, to: octets.count) ?? octets.count
      return octets.equalsIgnoringCase(type, 0..<octets.trimBlanks(from: 0, to: end))
    }
  }
}

extension UInt8 {
  /// May stand in a header value of ours.
  var isHeaderOctet: Bool { self >= 32 && self != 127 || self == 9 }
}

/// Divides at commas outside quotes and angle brackets.
enum ListScan {
  static func each(
    _ octets: UnsafeRawBufferPointer, _ range: Range<Int>, _ take: (Range<Int>) -> Void
  ) {
    var start = range.lowerBound
    var position = start
    var isBracketed = false
    func finish(_ end: Int) {
      let first = octets.skipBlanks(from: start, to: end)
      let last = octets.trimBlanks(from: first, to: end)
      if first < last { take(first..<last) }
    }
    while position < range.upperBound {
      switch octets[position] {
      case UInt8(ascii: "\"") where !isBracketed:
        position = octets.endOfQuoted(from: position, to: range.upperBound) ?? range.upperBound
        continue
      case UInt8(ascii: "<"): isBracketed = true
      case UInt8(ascii: ">"): isBracketed = false
      case UInt8(ascii: ",") where !isBracketed:
        finish(position)
        start = position + 1
      default: break
      }
      position += 1
    }
    finish(range.upperBound)
  }
}
