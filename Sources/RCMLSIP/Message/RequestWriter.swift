import RCMLBasics

/// A request, written once, front to back: the caller puts the header fields in the order it wants them on the
/// wire, Content-Length comes last.
public struct RequestWriter {
  /// Everything between the request line and Content-Length.
  public var header: HeaderWriter

  public init(_ method: Method, uri: ArraySlice<UInt8>, capacity: Int = 1_024) {
    precondition(method != .other, "a request of ours has a method we know")
    header = HeaderWriter(capacity: capacity)
    header.append(method.name)
    header.append(" ")
    header.appendWord(uri)
    header.append(" SIP/2.0\r\n")
  }

  public init(_ method: Method, uri: [UInt8], capacity: Int = 1_024) {
    self.init(method, uri: uri[...], capacity: capacity)
  }

  /// The finished octets, with everything else as it was written before.
  func finish(rest: ArraySlice<UInt8>) -> [UInt8] { header.writer.bytes + rest }

  /// The finished octets, with a body of any type.
  mutating func finish(body: [UInt8], as contentType: [UInt8]) -> [UInt8] {
    if !contentType.isEmpty { header.field("Content-Type", contentType) }
    return header.finish(contentType: nil, body: body[...])
  }

  /// The finished octets.
  public mutating func finish(
    contentType: StaticString = "application/sdp", body: [UInt8] = []
  ) -> [UInt8] {
    header.finish(contentType: contentType, body: body[...])
  }
}
