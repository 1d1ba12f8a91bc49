import RCMLBasics

/// A request, written once, front to back: the caller puts the header fields in the order it wants them on the
/// wire, Content-Length comes last.
public struct RequestWriter: ~Copyable {
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

  // MARK: the end

  /// Everything else as it was written before.
  mutating func end(rest: ArraySlice<UInt8>) { header.appendRead(rest) }

  /// With a body of any type.
  mutating func end(body: [UInt8], as contentType: [UInt8]) {
    if !contentType.isEmpty { header.field("Content-Type", contentType) }
    header.end(contentType: nil, body: body[...])
  }

  mutating func end(body: [UInt8] = []) {
    header.end(contentType: "application/sdp", body: body[...])
  }

  /// What was written, its end among it.
  consuming func octets() -> [UInt8] { header.octets() }

  /// The end, and then all that was written.
  public consuming func finish(body: [UInt8] = []) -> [UInt8] {
    end(body: body)
    return octets()
  }
}
