import RCMLBasics

/// A response made of its request (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq are copied octet by octet.
public struct ResponseWriter: ~Copyable {
  /// Everything between the copied fields and Content-Length.
  public var header: HeaderWriter
  private let isCompact: Bool

  /// - Parameters:
  ///   - phrase: empty = the standard one.
  ///   - source: where the request came from: `received` and `rport` of the top Via (§18.2.1, RFC 3581 §4).
  ///   - toTag: put behind To unless the request had a To tag; empty = none (100).
  ///   - copyingRecordRoute: for responses that make a dialog (§12.1.1).
  ///   - room: octets of the body to come, so that it is written without a second allocation.
  ///   - isCompact: one-letter names (§7.3.3) and no phrase: an answer that must not be larger than its request.
  public init(
    to request: Message, code: UInt16, phrase: ArraySlice<UInt8> = [], source: SocketAddress,
    toTag: ArraySlice<UInt8> = [], copyingRecordRoute: Bool = false, room: Int = 0,
    isCompact: Bool = false
  ) {
    self.isCompact = isCompact
    // What is copied is shorter than the request's header; what may come before `write` is a status line, the
    // parameters of Via and a tag, and of a dialog's response Contact, Allow and Server besides.
    header = HeaderWriter(
      capacity: request.parts.body.lowerBound + (copyingRecordRoute ? 200 : 72) + room)
    header.append("SIP/2.0 ")
    header.append(decimal: UInt64(code))
    header.append(" ")
    if isCompact {
      // Nothing: a phrase may be empty (RFC 4475 §3.1.1.13).
    } else if phrase.isEmpty {
      header.append(ReasonPhrase.standard(code))
    } else {
      header.appendChecked(phrase)
    }
    header.append("\r\n")
    var isTop = true
    for place in 0..<request.fields.count {
      let field = request.fields[place]
      switch field.name {
      case .via:
        copyVia(field, of: request, source: source, isTop: isTop)
        isTop = false
      case .from: copy(isCompact ? "f: " : "From: ", field, of: request)
      case .to:
        header.append(isCompact ? "t: " : "To: ")
        appendRead(field.valueRange, of: request)
        if request.toTag.isEmpty { header.appendTag(toTag) }
        header.append("\r\n")
      case .callID: copy(isCompact ? "i: " : "Call-ID: ", field, of: request)
      case .cseq: copy("CSeq: ", field, of: request)
      case .recordRoute where copyingRecordRoute: copy("Record-Route: ", field, of: request)
      case .timestamp where code == 100: copy("Timestamp: ", field, of: request)
      case _: break
      }
    }
  }

  /// The refusal of a malformed request, with the reason as its phrase.
  public init?(
    refusing malformed: Malformed, source: SocketAddress, toTag: ArraySlice<UInt8>,
    isCompact: Bool = false
  ) {
    guard malformed.code != 0, let request = malformed.message else { return nil }
    let reason = UnsafeBufferPointer(
      start: malformed.reason.utf8Start, count: malformed.reason.utf8CodeUnitCount)
    self.init(
      to: request, code: malformed.code, phrase: Array(reason)[...], source: source, toTag: toTag,
      isCompact: isCompact)
  }

  public consuming func finish(
    contentType: StaticString = "application/sdp", body: [UInt8] = []
  ) -> [UInt8] {
    header.end(contentType: contentType, body: body[...], isCompact: isCompact)
    return header.octets()
  }

  /// Without Content-Length, which a datagram without a body does without (RFC 3261 §18.3).
  consuming func finishWithoutLength() -> [UInt8] {
    header.append("\r\n")
    return header.octets()
  }

  /// What a message that passed may quote, a malformed one may not: its controls become blanks.
  private mutating func appendRead(_ range: Range<Int>, of request: Message) {
    if request.parts.fault == nil {
      header.appendRead(request.bytes[range])
    } else {
      header.appendChecked(request.bytes[range])
    }
  }

  private mutating func copy(_ name: StaticString, _ field: Field, of request: Message) {
    header.append(name)
    appendRead(field.valueRange, of: request)
    header.append("\r\n")
  }

  private mutating func copyVia(
    _ field: Field, of request: Message, source: SocketAddress, isTop: Bool
  ) {
    header.append(isCompact ? "v: " : "Via: ")
    let value = field.valueRange
    let via = request.parts.topVia
    // Only a Via that could be read is the top one; of a malformed message it may stand in a later line.
    guard isTop, value.lowerBound <= via.whole.lowerBound, via.whole.upperBound <= value.upperBound,
      !via.whole.isEmpty
    else {
      appendRead(value, of: request)
      header.append("\r\n")
      return
    }
    // Whoever sent the request may not choose where its answer goes: their own `received` is left out.
    var position = value.lowerBound
    let isRportFirst = via.rportParameter.lowerBound < via.receivedParameter.lowerBound
    let (first, second) =
      isRportFirst
      ? (via.rportParameter, via.receivedParameter) : (via.receivedParameter, via.rportParameter)
    skip(first, from: &position, of: request)
    skip(second, from: &position, of: request)
    appendRead(position..<via.whole.upperBound, of: request)
    if via.hasRport || !ResponseWriter.isSource(request.bytes, via.host, source) {
      header.append(";received=")
      header.append(address: source)
    }
    if via.hasRport {
      header.append(";rport=")
      header.append(decimal: UInt64(source.port))
    }
    appendRead(via.whole.upperBound..<value.upperBound, of: request)
    header.append("\r\n")
  }

  /// Copies what stands before a parameter, and leaves that out if there is one.
  private mutating func skip(
    _ parameter: Range<Int>, from position: inout Int, of request: Message
  ) {
    guard !parameter.isEmpty else { return }
    appendRead(position..<parameter.lowerBound, of: request)
    position = parameter.upperBound
  }

  /// Does sent-by name the address the request came from (RFC 3261 §18.2.1)?
  private static func isSource(
    _ bytes: [UInt8], _ host: Range<Int>, _ source: SocketAddress
  ) -> Bool {
    guard let named = SocketAddress.read(host: bytes[host], port: source.port) else { return false }
    return named == source
  }
}
