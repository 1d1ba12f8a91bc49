import RCMLBasics

/// Reads one Via value by hand: it is read for each message, before anything else can be known of it.
enum ViaScan {
  /// nil when not even the host can be read; otherwise where it stands, and `end` at the comma or the end of the
  /// line. Broken parameters are told by `isSound`: such a request can still be refused (RFC 4475 §3.1.2.1).
  static func read(
    _ octets: UnsafeRawBufferPointer, from start: Int, to end: Int
  ) -> (via: ViaRanges, end: Int)? {
    var via = ViaRanges()
    let first = octets.skipBlanks(from: start, to: end)
    guard let host = readProtocol(octets, first, end, &via) else { return nil }
    guard let sentByEnd = readSentBy(octets, host, end, &via) else { return nil }
    var parameters = ParameterScan(octets, from: sentByEnd, to: end)
    while let parameter = parameters.next() {
      if !take(parameter, octets, &via) { via.isSound = false }
    }
    if parameters.isBroken { via.isSound = false }
    guard via.isSound else {
      via.hasRport = false
      return (via, end)
    }
    let position = parameters.position
    via.whole = first..<octets.trimBlanks(from: first, to: position)
    return (via, position)
  }

  /// `SIP / 2.0 / UDP` with blanks where RFC 3261 §25.1 lets them be.
  private static func readProtocol(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ via: inout ViaRanges
  ) -> Int? {
    if start + 12 < end, octets.equals("SIP/2.0/UDP ", start..<start + 12) {  // nearly always
      via.transport = .udp
      via.transportName = start + 8..<start + 11
      return start + 12
    }
    guard let name = word(octets, start, end), octets.equalsIgnoringCase("sip", name),
      let version = slashed(octets, name.upperBound, end),
      let transport = slashed(octets, version.upperBound, end),
      transport.upperBound < end, octets[transport.upperBound].isBlank
    else { return nil }
    // A request of another version is answered 505, and for that its Via must be read.
    via.isSound = octets.equals("2.0", version)
    via.transportName = transport
    if octets.equalsIgnoringCase("udp", transport) { via.transport = .udp }
    if octets.equalsIgnoringCase("tcp", transport) { via.transport = .tcp }
    if octets.equalsIgnoringCase("tls", transport) { via.transport = .tls }
    return transport.upperBound
  }

  private static func word(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Range<Int>? {
    var position = start
    while position < end, octets[position].isTokenOctet { position += 1 }
    return position > start ? start..<position : nil
  }

  private static func slashed(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> Range<Int>? {
    let slash = octets.skipBlanks(from: start, to: end)
    guard slash < end, octets[slash] == UInt8(ascii: "/") else { return nil }
    return word(octets, octets.skipBlanks(from: slash + 1, to: end), end)
  }

  private static func readSentBy(
    _ octets: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ via: inout ViaRanges
  ) -> Int? {
    let first = octets.skipBlanks(from: start, to: end)
    guard first < end else { return nil }
    var position = first
    if octets[first] == UInt8(ascii: "[") {
      guard let closing = octets.first(UInt8(ascii: "]"), from: first, to: end) else { return nil }
      position = closing + 1
      guard HostText.isReference(octets, first..<position) else { return nil }
    } else {
      while position < end, octets[position].isHostOctet { position += 1 }
      guard position > first else { return nil }
    }
    via.host = first..<position
    let colon = octets.skipBlanks(from: position, to: end)
    guard colon < end, octets[colon] == UInt8(ascii: ":") else { return position }
    let digits = octets.skipBlanks(from: colon + 1, to: end)
    position = digits
    while position < end, octets[position].isDigit { position += 1 }
    guard let port = octets.number(digits..<position), port <= 65_535 else { return nil }
    via.port = UInt16(port)
    return position
  }

  private static func take(
    _ parameter: ParameterScan.Parameter, _ octets: UnsafeRawBufferPointer, _ via: inout ViaRanges
  ) -> Bool {
    switch parameter.name.count {
    case 5 where octets.equalsIgnoringCase("rport", parameter.name):
      guard !via.hasRport else { return false }
      via.hasRport = true
      via.rportParameter = parameter.whole
      guard !parameter.value.isEmpty else { return true }
      guard let port = octets.number(parameter.value), port <= 65_535 else { return false }
      via.rport = UInt16(port)
    case 5 where octets.equalsIgnoringCase("maddr", parameter.name):
      guard via.maddr.isEmpty else { return false }
      via.maddr = parameter.value
    case 6 where octets.equalsIgnoringCase("branch", parameter.name):
      guard via.branch.isEmpty, octets.isToken(parameter.value) else { return false }
      via.branch = parameter.value
    case 8 where octets.equalsIgnoringCase("received", parameter.name):
      guard via.received.isEmpty else { return false }
      via.received = parameter.value
      via.receivedParameter = parameter.whole
    case _:
      break
    }
    return true
  }
}

extension UInt8 {
  /// Letters, digits, hyphen, dot; and the underscore that names in the field have although DNS forbids it.
  @inline(__always)
  var isHostOctet: Bool {
    self &- 48 < 10 || (self | 0x20) &- 97 < 26 || self == 45 || self == 46 || self == 95
  }
}
