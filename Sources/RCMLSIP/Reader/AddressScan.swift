/// One name-addr or addr-spec with its parameters, found in the value of From, To, Contact, Route and their
/// like (RFC 3261 §20.10). Finds ranges only; whether the URI is one is for whoever needs it.
struct AddressScan {
  /// With its quotes if it has them; empty = none.
  var displayName = 0..<0
  var uri = 0..<0
  var isBracketed = false
  /// From the first semicolon after the address to the end of the value.
  var parameters = 0..<0
  var tag = 0..<0
  /// The whole value, up to a comma or the end of the line.
  var whole = 0..<0

  /// nil when it is none: a quote never closed, blanks in the URI, a header part outside brackets
  /// (RFC 4475 §3.1.2.6, .13, .14, .15).
  static func read(
    _ octets: UnsafeRawBufferPointer, from start: Int, to end: Int
  ) -> AddressScan? {
    var scan = AddressScan()
    let first = octets.skipBlanks(from: start, to: end)
    guard first < end else { return nil }
    guard var position = scan.findAddress(octets, first, end) else { return nil }
    var parameters = ParameterScan(octets, from: position, to: end)
    position = octets.skipBlanks(from: position, to: end)
    while let parameter = parameters.next() {
      if octets.equalsIgnoringCase("tag", parameter.name) {
        guard scan.tag.isEmpty, octets.isToken(parameter.value) else { return nil }
        scan.tag = parameter.value
      }
    }
    guard !parameters.isBroken else { return nil }
    scan.parameters = min(position, parameters.position)..<parameters.position
    scan.whole = first..<octets.trimBlanks(from: first, to: parameters.position)
    return scan
  }

  /// The position after the URI (and its bracket).
  private mutating func findAddress(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Int? {
    if octets[start] == UInt8(ascii: "\"") {
      guard let closed = octets.endOfQuoted(from: start, to: end) else { return nil }
      displayName = start..<closed
      let bracket = octets.skipBlanks(from: closed, to: end)
      guard bracket < end, octets[bracket] == UInt8(ascii: "<") else { return nil }
      return findBracketed(octets, bracket, end)
    }
    var position = start
    while position < end {
      switch octets[position] {
      case UInt8(ascii: "<"):
        displayName = start..<octets.trimBlanks(from: start, to: position)
        return findBracketed(octets, position, end)
      case UInt8(ascii: ":"):
        return findBare(octets, start, position, end)
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: ">"),
        UInt8(ascii: "@"):
        return nil
      default:
        position += 1
      }
    }
    return nil
  }

  private mutating func findBracketed(
    _ octets: UnsafeRawBufferPointer, _ bracket: Int, _ end: Int
  ) -> Int? {
    guard let closing = octets.first(UInt8(ascii: ">"), from: bracket, to: end) else { return nil }
    uri = bracket + 1..<closing
    isBracketed = true
    return octets.isURIText(uri) ? closing + 1 : nil
  }

  private mutating func findBare(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ colon: Int, _ end: Int
  ) -> Int? {
    var position = colon
    loop: while position < end {
      switch octets[position] {
      case UInt8(ascii: ";"), UInt8(ascii: ","), 32, 9: break loop
      case UInt8(ascii: "?"): return nil
      default: position += 1
      }
    }
    uri = start..<position
    return octets.isURIText(uri) ? position : nil
  }
}

extension UnsafeRawBufferPointer {
  /// A scheme, a colon, something behind it, and no blank, quote, angle bracket or control octet: all that is
  /// asked of a URI whose scheme nobody here may know (RFC 4475 §3.3.4).
  func isURIText(_ range: Range<Int>) -> Bool {
    guard let colon = first(UInt8(ascii: ":"), from: range.lowerBound, to: range.upperBound),
      colon > range.lowerBound, colon + 1 < range.upperBound,
      self[range.lowerBound].lowercased &- 97 < 26
    else { return false }
    for position in range.lowerBound..<colon {
      switch self[position] {
      case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): break
      case let octet where octet.isDigit || octet.lowercased &- 97 < 26: break
      default: return false
      }
    }
    return !mayHaveNoURIOctet(from: colon + 1, to: range.upperBound)
      || self[colon + 1..<range.upperBound].allSatisfy { !$0.isNoURIOctet }
  }
}

extension UInt8 {
  /// A control, a blank, a quote or an angle bracket, as a 64-bit set.
  @inline(__always)
  fileprivate var isNoURIOctet: Bool {
    self < 64 ? (0x5000_0005_ffff_ffff as UInt64) >> UInt64(self) & 1 == 1 : self == 127
  }
}
