/// The method of a request, or of the CSeq of a response. Names are case-sensitive (RFC 3261 §7.1).
public enum Method: UInt8, Hashable, Sendable, CaseIterable {
  case invite, ack, bye, cancel, options, register, info, prack, update, refer, notify, subscribe
  case message, publish
  /// A method nobody here knows: `Message.methodName` has its octets.
  case other

  /// As it stands on the wire; empty for `other`.
  public var name: StaticString {
    switch self {
    case .invite: "INVITE"
    case .ack: "ACK"
    case .bye: "BYE"
    case .cancel: "CANCEL"
    case .options: "OPTIONS"
    case .register: "REGISTER"
    case .info: "INFO"
    case .prack: "PRACK"
    case .update: "UPDATE"
    case .refer: "REFER"
    case .notify: "NOTIFY"
    case .subscribe: "SUBSCRIBE"
    case .message: "MESSAGE"
    case .publish: "PUBLISH"
    case .other: ""
    }
  }

  /// Most messages of a call are told apart by two octets, so those are looked at first.
  init(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self = Method.candidate(octets, range)
    if self != .other, !octets.equals(name, range) { self = .other }
  }

  private static func candidate(_ octets: UnsafeRawBufferPointer, _ range: Range<Int>) -> Method {
    guard range.count >= 3 else { return .other }
    switch (octets[range.lowerBound], octets[range.lowerBound + 1]) {
    case (UInt8(ascii: "I"), UInt8(ascii: "N")): return range.count == 4 ? .info : .invite
    case (UInt8(ascii: "A"), _): return .ack
    case (UInt8(ascii: "B"), _): return .bye
    case (UInt8(ascii: "C"), _): return .cancel
    case (UInt8(ascii: "O"), _): return .options
    case (UInt8(ascii: "P"), UInt8(ascii: "R")): return .prack
    case (UInt8(ascii: "P"), _): return .publish
    case (UInt8(ascii: "R"), _): return range.count == 5 ? .refer : .register
    case (UInt8(ascii: "U"), _): return .update
    case (UInt8(ascii: "N"), _): return .notify
    case (UInt8(ascii: "S"), _): return .subscribe
    case (UInt8(ascii: "M"), _): return .message
    case (_, _): return .other
    }
  }
}
