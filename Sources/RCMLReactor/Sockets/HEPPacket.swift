import RCMLAgent
import RCMLBasics

/// A message as a packet of HEP version 3 (Homer's encapsulation protocol): `HEP3`, its length, and chunks, each with a vendor
/// (0 = everybody's), a type, its own length and a value.
enum HEPPacket {
  private enum Chunk: UInt16 {
    case family = 1
    case network = 2
    case source4 = 3
    case destination4 = 4
    case source6 = 5
    case destination6 = 6
    case sourcePort = 7
    case destinationPort = 8
    case seconds = 9
    case microseconds = 10
    case kind = 11
    case agent = 12
    case key = 14
    case payload = 15
    case correlation = 17
  }

  /// A length has 16 bits, and a datagram of IPv4 no more than 65,507 octets; the chunks around the message take less than 512
  /// but for a key, of which no more is sent than that.
  private static let payloadLimit = 64_000
  private static let textLimit = 512

  static func write(
    _ message: MirroredMessage, to target: MirrorTarget, unixMicroseconds: Int64
  ) -> [UInt8] {
    let (source, destination) =
      message.isSent ? (message.local, message.peer) : (message.peer, message.local)
    // Both ends are of one family, but for a wildcard that nobody could tell more of.
    let isIPv4 = message.peer.family == .ipv4
    let time = UInt64(max(0, unixMicroseconds))
    var octets = Array("HEP3".utf8) + [0, 0]
    octets.reserveCapacity(message.bytes.count + 160)
    put(.family, [isIPv4 ? 2 : 10], in: &octets)
    put(.network, [message.transport == .udp ? 17 : 6], in: &octets)
    put(isIPv4 ? .source4 : .source6, host(source, isIPv4), in: &octets)
    put(isIPv4 ? .destination4 : .destination6, host(destination, isIPv4), in: &octets)
    put(.sourcePort, number(source.port), in: &octets)
    put(.destinationPort, number(destination.port), in: &octets)
    put(.seconds, number(UInt32(truncatingIfNeeded: time / 1_000_000)), in: &octets)
    put(.microseconds, number(UInt32(time % 1_000_000)), in: &octets)
    put(.kind, [1], in: &octets)
    put(.agent, number(target.number), in: &octets)
    let key = target.key.exposed.prefix(textLimit)
    if !key.isEmpty { put(.key, key, in: &octets) }
    let correlation = message.correlation.prefix(textLimit)
    if !correlation.isEmpty { put(.correlation, correlation, in: &octets) }
    put(.payload, message.bytes.prefix(payloadLimit), in: &octets)
    octets.replaceSubrange(4..<6, with: number(UInt16(clamping: octets.count)))
    return octets
  }

  private static func put(
    _ chunk: Chunk, _ value: some Collection<UInt8>, in octets: inout [UInt8]
  ) {
    octets += [0, 0]
    octets += number(chunk.rawValue)
    octets += number(UInt16(clamping: value.count + 6))
    octets += value
  }

  private static func host(_ address: SocketAddress, _ isIPv4: Bool) -> [UInt8] {
    isIPv4
      ? number(UInt32(truncatingIfNeeded: address.low))
      : number(address.high) + number(address.low)
  }

  private static func number(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}
