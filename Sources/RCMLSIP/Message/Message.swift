import RCMLBasics

/// A SIP message that passed every check of the message layer (spec Q-24), or, inside `Malformed`, as much of
/// one as an answer needs.
///
/// It owns one copy of the octets; everything else is ranges into it. Folded lines have been unfolded in place
/// (CR and LF became blanks), so ranges are those of the wire.
public struct Message: Sendable {
  public var bytes: [UInt8] { _read { yield found.bytes } }
  /// The octets before unfolding; nil = nothing was folded.
  public var folded: [UInt8]? { found.folded }
  private let found: Found

  /// Behind one pointer, because messages are handed from hand to hand and their ranges are 300 octets.
  private final class Found: Sendable {
    let bytes: [UInt8]
    let folded: [UInt8]?
    let parts: MessageParts

    init(_ bytes: [UInt8], _ folded: [UInt8]?, _ parts: MessageParts) {
      self.bytes = bytes
      self.folded = folded
      self.parts = parts
    }
  }

  var parts: MessageParts { _read { yield found.parts } }

  init(bytes: [UInt8], folded: [UInt8]?, parts: MessageParts) {
    found = Found(bytes, folded, parts)
  }

  public var isRequest: Bool { parts.isRequest }
  /// The request's method; for a response that of its CSeq.
  public var method: Method { parts.isRequest ? parts.method : parts.cseqMethod }
  public var methodName: ArraySlice<UInt8> {
    bytes[parts.isRequest ? parts.methodName : parts.cseqMethodName]
  }
  /// 100…699; 0 for a request.
  public var statusCode: UInt16 { parts.statusCode }
  public var phrase: ArraySlice<UInt8> { bytes[parts.phrase] }
  /// As it stands in the request line; empty for a response.
  public var requestURI: ArraySlice<UInt8> { bytes[parts.requestURI] }
  /// Without the colon: `sip`, `sips`, `tel`, or one nobody knows (416 is the user agent's to say).
  public var requestURIScheme: ArraySlice<UInt8> {
    let uri = requestURI
    guard let colon = uri.firstIndex(of: UInt8(ascii: ":")) else { return uri.prefix(0) }
    return uri[..<colon]
  }
  public var callID: ArraySlice<UInt8> { bytes[parts.callID] }
  public var cseq: UInt32 { parts.cseq }
  public var cseqMethod: Method { parts.cseqMethod }
  public var cseqMethodName: ArraySlice<UInt8> { bytes[parts.cseqMethodName] }
  /// Empty = none.
  public var fromTag: ArraySlice<UInt8> { bytes[parts.fromTag] }
  public var toTag: ArraySlice<UInt8> { bytes[parts.toTag] }
  /// nil = missing; 255 = 255 or more (RFC 4475 §3.1.2.4).
  public var maxForwards: UInt8? { parts.maxForwards }
  /// nil = missing; 255 = 255 or more (RFC 5393 §5.3.1).
  public var maxBreadth: UInt8? { parts.maxBreadth }
  public var fields: FieldList { _read { yield found.parts.fields } }
  /// The body, cut to Content-Length where there is one.
  public var body: ArraySlice<UInt8> { bytes[parts.body] }
  /// The value of Content-Type with its parameters; empty = none.
  public var contentType: ArraySlice<UInt8> { value(of: .contentType) ?? bytes[0..<0] }

  /// Everything before the body.
  var headLength: Int { parts.body.isEmpty ? bytes.count : parts.body.lowerBound }

  /// The same without the octets of its body, which may be many times those of its header.
  var withoutBody: Message {
    guard !parts.body.isEmpty else { return self }
    var parts = parts
    let head = Array(bytes[..<parts.body.lowerBound])
    parts.body = head.count..<head.count
    return Message(bytes: head, folded: nil, parts: parts)
  }

  /// Of the top Via: what most want to know of it.
  var topBranch: ArraySlice<UInt8> { bytes[parts.topVia.branch] }
  var topViaPort: UInt16? { parts.topVia.port }

  public var topVia: Via {
    let via = parts.topVia
    return Via(
      transport: via.transport, transportName: bytes[via.transportName], host: bytes[via.host],
      port: via.port, branch: bytes[via.branch], hasRport: via.hasRport, rport: via.rport,
      received: bytes[via.received], maddr: bytes[via.maddr])
  }
}

/// What the splitter found: ranges into the octets it was given.
struct MessageParts: Sendable {
  var isRequest = true
  var method = Method.other
  var methodName = 0..<0
  var requestURI = 0..<0
  var statusCode: UInt16 = 0
  var phrase = 0..<0
  var fields = FieldList()
  /// One bit for each of the first 64 field names that has been seen.
  var seen: UInt64 = 0
  var callID = 0..<0
  var cseq: UInt32 = 0
  var cseqMethod = Method.other
  var cseqMethodName = 0..<0
  var fromTag = 0..<0
  var toTag = 0..<0
  var maxForwards: UInt8?
  var maxBreadth: UInt8?
  var contentLength: UInt64?
  var hasVia = false
  var viaCount = 0
  var topVia = ViaRanges()
  var body = 0..<0
  /// Nothing is wrong but that it goes on beyond what a header may hold.
  var isCut = false
  /// The first thing found wrong; reading goes on for the sake of the answer.
  var fault: Fault?

  struct Fault: Sendable {
    var code: UInt16
    var reason: StaticString
  }

  mutating func fail(_ reason: StaticString, code: UInt16 = 400) {
    if fault == nil { fault = Fault(code: code, reason: reason) }
  }
}
