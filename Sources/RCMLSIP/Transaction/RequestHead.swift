import RCMLBasics

/// What one request of ours says before anything that belongs to its method: kept so that its ACK and its CANCEL
/// say the same (RFC 3261 §9.1, §17.1.1.3).
struct RequestHead: Sendable {
  var uri: [UInt8]
  var transport: Transport
  /// `host:port`, as Via shows it.
  var sentBy: [UInt8]
  var branch: [UInt8]
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

  /// Everything up to CSeq; the caller adds what its method needs and finishes. Written once: repetitions send
  /// the same octets.
  func writer(_ method: Method, capacity: Int = 640) -> RequestWriter {
    var writer = RequestWriter(method, uri: uri, capacity: capacity)
    writer.header.via(transport, host: sentBy[...], port: nil, branch: branch[...])
    writer.header.field("Max-Forwards", number: UInt64(maxForwards))
    writer.header.fields("Route", routes)
    writer.header.field("From", from)
    writer.header.address("To", to, tag: toTag[...])
    writer.header.field("Call-ID", callID)
    writer.header.cseq(cseq, method)
    return writer
  }

  /// The ACK of a 3xx–6xx: the INVITE's branch, routes and CSeq, the response's To (§17.1.1.3).
  func acknowledgement(ofResponse response: Message) -> [UInt8] {
    var head = self
    head.toTag = Array(response.toTag)
    head.maxForwards = 70
    var writer = head.writer(.ack, capacity: 512)
    return writer.finish()
  }

  /// The CANCEL: the INVITE's branch, URI, routes and CSeq, no To tag (§9.1).
  func cancel(reasons: [[UInt8]]) -> [UInt8] {
    var head = self
    head.maxForwards = 70
    var writer = head.writer(.cancel, capacity: 512)
    writer.header.fields("Reason", reasons)
    return writer.finish()
  }
}
