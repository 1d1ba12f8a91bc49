import RCMLBasics

/// What one request of ours says before anything that belongs to its method: kept so that its ACK and its CANCEL
/// say the same (RFC 3261 §9.1, §17.1.1.3).
struct RequestHead: Sendable {
  var uri: [UInt8]
  /// The way it takes, and the address that Via shows on it.
  var path: Path
  /// The token behind the cookie.
  var branch = Token(number: 0, random: 0)
  /// What tokens are mixed with.
  var secret: UInt64
  /// Route values, first hop first.
  var routes: [[UInt8]]
  /// With our tag.
  var from: [UInt8]
  /// Without tag.
  var to: [UInt8]
  /// Empty until there is one.
  var toTag: [UInt8] = []
  var callID: [UInt8]
  var cseq: UInt32
  var maxForwards: UInt8 = 70
  /// Authorization and Proxy-Authorization: repeated by the ACK, never in a CANCEL (spec A-7).
  var credentials: [HeaderLine] = []

  /// Everything up to CSeq; the caller adds what its method needs, for which there is `room`, and finishes. Written
  /// once: repetitions send the same octets.
  func writer(_ method: Method, room: Int) -> RequestWriter {
    var writer = RequestWriter(method, uri: uri, capacity: length + room)
    writer.header.via(path.flow.transport, sentBy: path.shown, branch: branch, secret: secret)
    writer.header.field("Max-Forwards", number: UInt64(maxForwards))
    writer.header.fields("Route", routes)
    writer.header.field("From", from)
    writer.header.address("To", to, tag: toTag[...])
    writer.header.field("Call-ID", callID)
    writer.header.cseq(cseq, method)
    for line in credentials { writer.header.field(line) }
    return writer
  }

  /// About how many octets it has, Content-Length and the empty line with it.
  private var length: Int {
    var length = 200 + uri.count + path.shown.count + from.count + to.count + toTag.count
    length += callID.count
    for route in routes { length += 9 + route.count }
    for line in credentials { length += 4 + line.name.count + line.value.count }
    return length
  }

  /// What follows CSeq and credentials in a request of ours, body and all.
  static func rest(of bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.withUnsafeBytes { octets in
      var line = 0
      var isAfterCSeq = false
      while line < octets.count {
        let end = octets.first(10, from: line, to: octets.count).map { $0 + 1 } ?? octets.count
        let colon = octets.first(58, from: line, to: end) ?? line
        let isCredentials =
          octets.equals("Authorization", line..<colon)
          || octets.equals("Proxy-Authorization", line..<colon)
        if isAfterCSeq, !isCredentials { return bytes[line...] }
        if octets.equals("CSeq", line..<colon) { isAfterCSeq = true }
        line = end
      }
      return []
    }
  }

  /// The body in such a rest.
  static func body(of rest: ArraySlice<UInt8>) -> [UInt8] {
    rest.withUnsafeBytes { octets in
      var line = 0
      while line < octets.count {
        let end = octets.first(10, from: line, to: octets.count).map { $0 + 1 } ?? octets.count
        if end - line == 2 { return Array(octets[end...]) }
        line = end
      }
      return []
    }
  }

  /// Of the header lines that have these values.
  static func length(ofReasons reasons: [[UInt8]]) -> Int {
    reasons.reduce(0) { $0 + 10 + $1.count }
  }

  /// The ACK of a 3xx–6xx: the INVITE's branch, routes and CSeq, the response's To (§17.1.1.3).
  func acknowledgement(ofResponse response: Message) -> [UInt8] {
    var head = self
    head.toTag = Array(response.toTag)
    head.maxForwards = 70
    let writer = head.writer(.ack, room: 0)
    return writer.finish()
  }

  /// The CANCEL: the INVITE's branch, URI, routes and CSeq, no To tag (§9.1).
  func cancel(reasons: [[UInt8]]) -> [UInt8] {
    var head = self
    head.maxForwards = 70
    head.credentials = []
    var writer = head.writer(.cancel, room: RequestHead.length(ofReasons: reasons))
    writer.header.fields("Reason", reasons)
    return writer.finish()
  }
}
