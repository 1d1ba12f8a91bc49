/// Where user, host, port and parameters stand in what follows `sip:` (RFC 3261 §19.1.1).
struct SIPURIText {
  /// Without a password; empty = none.
  var user = 0..<0
  var host = 0..<0
  var port: UInt16?
  /// From the first semicolon, or empty.
  var parameters = 0..<0
  /// Behind the question mark.
  var headers = 0..<0
  var hasHeaders = false

  /// nil when the host or the port is none.
  static func read(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> SIPURIText? {
    var text = SIPURIText()
    var start = range.lowerBound
    // `;`, `?` and `/` may stand in the user part, `@` may not (RFC 4475 §3.1.1.9).
    if let at = octets.first(UInt8(ascii: "@"), from: start, to: range.upperBound) {
      guard
        octets.first(UInt8(ascii: "@"), from: at + 1, to: text.endOfHost(octets, at + 1, range))
          == nil, at > start
      else { return nil }
      text.user = start..<(octets.first(UInt8(ascii: ":"), from: start, to: at) ?? at)
      start = at + 1
    }
    guard let end = text.readHost(octets, start, range.upperBound) else { return nil }
    var position = end
    if position < range.upperBound, octets[position] == UInt8(ascii: ";") {
      let question = octets.first(UInt8(ascii: "?"), from: position, to: range.upperBound)
      text.parameters = position..<(question ?? range.upperBound)
      position = text.parameters.upperBound
    }
    guard position < range.upperBound else { return text }
    guard octets[position] == UInt8(ascii: "?") else { return nil }
    text.hasHeaders = true
    text.headers = position + 1..<range.upperBound
    return text
  }

  private func endOfHost(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ range: Range<Int>
  ) -> Int {
    var position = start
    while position < range.upperBound, octets[position] != UInt8(ascii: ";"),
      octets[position] != UInt8(ascii: "?")
    { position += 1 }
    return position
  }

  private mutating func readHost(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Int? {
    var position = start
    if start < end, octets[start] == UInt8(ascii: "[") {
      guard let closing = octets.first(UInt8(ascii: "]"), from: start, to: end) else { return nil }
      position = closing + 1
      guard HostText.isReference(octets, start..<position) else { return nil }
    } else {
      while position < end, octets[position].isHostOctet { position += 1 }
      guard position > start else { return nil }
    }
    host = start..<position
    guard position < end, octets[position] == UInt8(ascii: ":") else { return position }
    let digits = position + 1
    position = digits
    while position < end, octets[position].isDigit { position += 1 }
    guard let number = octets.number(digits..<position), number <= 65_535 else { return nil }
    port = UInt16(number)
    return position
  }
}
