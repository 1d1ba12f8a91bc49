import RCMLBasics

/// The first line (RFC 3261 §7.1, §7.2): three words, one blank between them, nothing else.
enum StartLine {
  static func read(
    _ octets: UnsafeRawBufferPointer, _ end: Int, into parts: inout MessageParts
  ) {
    if end > 4, octets.equalsIgnoringCase("sip/", 0..<4) {
      readStatusLine(octets, end, into: &parts)
    } else {
      readRequestLine(octets, end, into: &parts)
    }
  }

  private static func readRequestLine(
    _ octets: UnsafeRawBufferPointer, _ end: Int, into parts: inout MessageParts
  ) {
    parts.isRequest = true
    guard let blank = octets.first(32, from: 0, to: end) else {
      return parts.fail("Bad Request Line")
    }
    parts.methodName = 0..<blank
    parts.method = Method(octets, 0..<blank)
    guard parts.method != .other || octets.isToken(0..<blank),
      let second = octets.first(32, from: blank + 1, to: end)
    else { return parts.fail("Bad Request Line") }
    let uri = blank + 1..<second
    let version = second + 1..<end
    parts.requestURI = uri
    guard octets.equals("SIP/2.0", version) || octets.equalsIgnoringCase("sip/2.0", version) else {
      return isVersion(octets, version)
        ? parts.fail("Version Not Supported", code: 505) : parts.fail("Bad Request Line")
    }
    guard octets.isURIText(uri) else { return parts.fail("Bad Request-URI") }
    if RequestURICheck.isBroken(octets, uri) { parts.fail("Bad Request-URI") }
  }

  /// `SIP/` digits `.` digits.
  private static func isVersion(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    guard range.count >= 7, range.count <= 16,
      octets.equalsIgnoringCase("sip/", range.lowerBound..<range.lowerBound + 4),
      let dot = octets.first(UInt8(ascii: "."), from: range.lowerBound, to: range.upperBound)
    else { return false }
    return octets.number(range.lowerBound + 4..<dot) != nil
      && octets.number(dot + 1..<range.upperBound) != nil
  }

  /// A fault here means that the response is dropped: whoever sent it learns nothing (RFC 4475 §3.1.2.19).
  private static func readStatusLine(
    _ octets: UnsafeRawBufferPointer, _ end: Int, into parts: inout MessageParts
  ) {
    parts.isRequest = false
    guard end >= 11, octets.equalsIgnoringCase("sip/2.0", 0..<7), octets[7] == 32 else {
      return parts.fail("Bad Status Line", code: 0)
    }
    guard let code = octets.number(8..<11), (100...699).contains(code),
      end == 11 || octets[11] == 32
    else { return parts.fail("Bad Status Code", code: 0) }
    parts.statusCode = UInt16(code)
    parts.phrase = min(12, end)..<end
  }
}

/// What is looked at in the Request-URI of each message, before libosip2 would see it.
enum RequestURICheck {
  /// Only `sip` and `sips` are judged: a header part (RFC 4475 §3.1.2.11), no host, an IPv6 address without
  /// brackets or with broken ones (RFC 5118 §4.2), a port that is none.
  static func isBroken(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    var start = range.lowerBound
    if start + 4 <= range.upperBound, octets.equalsIgnoringCase("sip:", start..<start + 4) {
      start += 4
    } else if start + 5 <= range.upperBound, octets.equalsIgnoringCase("sips:", start..<start + 5) {
      start += 5
    } else {
      return false
    }
    guard let text = SIPURIText.read(octets, start..<range.upperBound) else { return true }
    return text.hasHeaders
  }
}
