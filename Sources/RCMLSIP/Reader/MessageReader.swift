import COsip
import RCMLBasics

/// The splitter and its checks: from octets to a message that the rest of the stack may believe.
///
/// It finds each header line with memchr, knows the fields by name, and reads what every message is told apart by.
/// What libosip2 would let pass is refused here, before it sees an octet (failures §2.0).
public enum MessageReader {
  /// Header lines a message may have (RFC 4475's longest has 40).
  public static let fieldLimit = 256
  /// Octets of everything before the body.
  public static let headLimit = 16_384

  public static func read(
    _ octets: UnsafeRawBufferPointer, over transport: Transport
  ) -> MessageReading {
    split(octets, over: transport).map(verdict) ?? .keepAlive
  }

  /// For who only looks on: as much of it as can be read, whatever is wrong with it; nil = nothing but line ends.
  public static func glance(
    _ octets: UnsafeRawBufferPointer, over transport: Transport
  ) -> Message? {
    split(octets, over: transport)
  }

  private static func split(
    _ octets: UnsafeRawBufferPointer, over transport: Transport
  ) -> Message? {
    var start = 0
    while start < octets.count, octets[start] == 13 || octets[start] == 10 || octets[start] == 0 {
      start += 1
    }
    guard start < octets.count else { return nil }
    let message = UnsafeRawBufferPointer(rebasing: octets[start...])
    let bytes = [UInt8](message)
    var splitter = Splitter()
    let isFolded = bytes.withUnsafeBytes { splitter.split($0, over: transport) }
    if isFolded {
      let unfolded = Splitter.unfold(bytes)
      splitter = Splitter()
      _ = unfolded.withUnsafeBytes { splitter.split($0, over: transport) }
      return Message(bytes: unfolded, folded: bytes, parts: splitter.parts)
    }
    return Message(bytes: bytes, folded: nil, parts: splitter.parts)
  }

  private static func verdict(_ message: Message) -> MessageReading {
    guard let fault = message.parts.fault else { return .message(message) }
    let parts = message.parts
    // A refusal is one, however long: its INVITE is not left to wait for another.
    if parts.isCut, !parts.isRequest, parts.statusCode >= 300 {
      return .malformed(Malformed(code: 0, reason: fault.reason, message: message))
    }
    // A response is never answered, neither is an ACK (RFC 3261 §8.2.6, §17), nor what shows no way back.
    guard parts.isRequest, parts.hasVia, parts.method != .ack, fault.code != 0 else {
      return .malformed(Malformed(code: 0, reason: fault.reason, message: nil))
    }
    return .malformed(Malformed(code: fault.code, reason: fault.reason, message: message))
  }
}
