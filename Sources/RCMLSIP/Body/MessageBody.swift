import RCMLBasics

/// What the body of a message comes to (RFC 3261 §8.2.3, spec U-58).
public enum MessageBody {
  /// There is none, or what there is may be ignored.
  case nothing
  /// A session description.
  case description(ArraySlice<UInt8>)
  /// Something has to be understood, and is not: 415 to a request.
  case notUnderstood
}

/// Every message is asked here what it describes, whatever its kind.
extension Message {
  public var understoodBody: MessageBody {
    guard !body.isEmpty else { return .nothing }
    var entity = BodyEntity(body)
    entity.type = MIMEValue(contentType)
    entity.disposition = MIMEValue(value(of: .contentDisposition) ?? [])
    entity.encoding = value(of: .contentEncoding) ?? []
    return entity.read(mayRefuse: isRequest && method != .ack)
  }

  /// It holds a session description.
  public var hasDescription: Bool {
    if case .description = understoodBody { true } else { false }
  }

  /// The session description; empty = none.
  var sdp: [UInt8] {
    if case .description(let octets) = understoodBody { Array(octets) } else { [] }
  }
}
