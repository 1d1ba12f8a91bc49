import RCMLBasics

/// The values every message is told apart by, and those that must be right before anybody else reads them.
enum FieldValues {
  static func read(
    _ name: FieldName, _ octets: UnsafeRawBufferPointer, _ value: Range<Int>,
    into parts: inout MessageParts
  ) {
    switch name {
    case .via: readVia(octets, value, into: &parts)
    case .from: readAddress(octets, value, \.fromTag, "Bad From", into: &parts)
    case .to: readAddress(octets, value, \.toTag, "Bad To", into: &parts)
    case .callID: readCallID(octets, value, into: &parts)
    case .cseq: readCSeq(octets, value, into: &parts)
    case .maxForwards: readMaxForwards(octets, value, into: &parts)
    case .maxBreadth: readMaxBreadth(octets, value, into: &parts)
    case .contentLength: readContentLength(octets, value, into: &parts)
    case .contact: checkContacts(octets, value, into: &parts)
    case .route: checkAddresses(octets, value, "Bad Route", into: &parts)
    case .recordRoute: checkAddresses(octets, value, "Bad Record-Route", into: &parts)
    case _: break
    }
  }

  private static func readVia(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    var position = value.lowerBound
    while true {
      guard let (via, end) = ViaScan.read(octets, from: position, to: value.upperBound) else {
        return parts.fail("Bad Via")
      }
      parts.viaCount += 1
      if !parts.hasVia {
        parts.hasVia = true
        parts.topVia = via
        // The cookie alone names no transaction: two such requests would become one (RFC 4475 §3.2.1).
        if octets.equals("z9hG4bK", via.branch) { parts.fail("Bad Branch") }
      }
      if !via.isSound { parts.fail("Bad Via") }
      guard end < value.upperBound else { return }
      position = end + 1
    }
  }

  private static func readAddress(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>,
    _ tag: WritableKeyPath<MessageParts, Range<Int>>, _ reason: StaticString,
    into parts: inout MessageParts
  ) {
    guard let scan = AddressScan.read(octets, from: value.lowerBound, to: value.upperBound),
      scan.whole.upperBound == value.upperBound
    else { return parts.fail(reason) }
    parts[keyPath: tag] = scan.tag
  }

  private static func readCallID(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    guard !value.isEmpty else { return parts.fail("Bad Call-ID") }
    for position in value where octets[position] <= 32 { return parts.fail("Bad Call-ID") }
    parts.callID = value
  }

  private static func readCSeq(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    var position = value.lowerBound
    while position < value.upperBound, octets[position].isDigit { position += 1 }
    let method = octets.skipBlanks(from: position, to: value.upperBound)..<value.upperBound
    guard let number = octets.number(value.lowerBound..<position),
      method.lowerBound > position, octets.isToken(method)
    else { return parts.fail("Bad CSeq") }
    // RFC 3261 §8.1.1.5 sends less than 2^31; what fits into 32 bits is taken.
    guard number <= UInt32.max else { return parts.fail("CSeq Too Large") }
    parts.cseq = UInt32(number)
    parts.cseqMethodName = method
    parts.cseqMethod = Method(octets, method)
  }

  private static func readMaxForwards(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    guard let number = octets.number(value) else { return parts.fail("Bad Max-Forwards") }
    parts.maxForwards = UInt8(clamping: number)
  }

  /// Nobody divides a response.
  private static func readMaxBreadth(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    guard parts.isRequest else { return }
    guard let number = octets.number(value) else { return parts.fail("Bad Max-Breadth") }
    parts.maxBreadth = UInt8(clamping: number)
  }

  private static func readContentLength(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    guard let number = octets.number(value) else { return parts.fail("Bad Content-Length") }
    parts.contentLength = number
  }

  private static func checkContacts(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, into parts: inout MessageParts
  ) {
    if value.count == 1, octets[value.lowerBound] == UInt8(ascii: "*") { return }
    // A refusal is one, wherever it points: dropped, its leg would go on ringing (spec L-18).
    if !parts.isRequest, parts.statusCode >= 300 { return }
    checkAddresses(octets, value, "Bad Contact", into: &parts)
  }

  private static func checkAddresses(
    _ octets: UnsafeRawBufferPointer, _ value: Range<Int>, _ reason: StaticString,
    into parts: inout MessageParts
  ) {
    var position = value.lowerBound
    while true {
      guard let scan = AddressScan.read(octets, from: position, to: value.upperBound) else {
        return parts.fail(reason)
      }
      guard scan.parameters.upperBound < value.upperBound else { return }
      position = scan.parameters.upperBound + 1
    }
  }

  /// RFC 3261 §8.1.1: without these there is no transaction. Max-Forwards and the From tag are not asked for,
  /// peers of RFC 2543 have neither (RFC 4475 §3.4.1).
  static func require(in parts: inout MessageParts, _ octets: UnsafeRawBufferPointer) {
    if !parts.hasVia { parts.fail("Missing Via") }
    if !parts.has(.from) { parts.fail("Missing From") }
    if !parts.has(.to) { parts.fail("Missing To") }
    if !parts.has(.callID) { parts.fail("Missing Call-ID") }
    if !parts.has(.cseq) { parts.fail("Missing CSeq") }
    guard parts.isRequest, parts.fault == nil else { return }
    let names = (parts.methodName, parts.cseqMethodName)
    let isSame =
      parts.method == parts.cseqMethod
      && (parts.method != .other || octets[names.0].elementsEqual(octets[names.1]))
    // An unknown method is refused for what it is (RFC 4475 §3.1.2.18).
    if !isSame {
      parts.fail("CSeq Method Differs", code: parts.method == .other ? 501 : 400)
    }
  }

  /// The body: in a datagram what Content-Length says or all the rest, on a stream only what Content-Length says
  /// (RFC 3261 §18.3).
  static func frame(
    _ start: Int, _ end: Int, over transport: Transport, into parts: inout MessageParts
  ) {
    let rest = UInt64(end - start)
    guard let length = parts.contentLength else {
      if transport.isReliable, !parts.has(.contentLength) { parts.fail("Missing Content-Length") }
      parts.body = start..<end
      return
    }
    guard length <= rest else {
      parts.body = start..<end
      return parts.fail("Content-Length Too Large")
    }
    parts.body = start..<start + Int(length)
  }
}

extension MessageParts {
  /// Has this single-value field been seen?
  func has(_ name: FieldName) -> Bool { seen & ((1 as UInt64) << UInt64(name.rawValue)) != 0 }

  /// False: no line of this name has been seen.
  func mayHave(_ name: FieldName) -> Bool { name.rawValue >= 64 || has(name) }

  /// The first line of this name.
  func first(_ name: FieldName) -> Field? {
    mayHave(name) ? fields.first(name) : nil
  }
}
