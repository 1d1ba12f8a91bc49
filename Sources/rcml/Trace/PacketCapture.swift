import Glibc

/// SIP messages as a pcapng file (draft-ietf-opsawg-pcapng), for Wireshark and sngrep: IP packets with a UDP or TCP
/// header around octets that once travelled, or would have.
struct PacketCapture {
  private(set) var bytes: [UInt8] = []
  /// What each side of a connection has sent so far.
  private var sequences: [UInt64: (sent: UInt32, received: UInt32)] = [:]
  private var identification: UInt16 = 0

  init(_ messages: [TraceMessage]) {
    // Section Header Block: byte order, version 1.0, length unknown.
    block(
      0x0A0D_0D0A,
      little(0x1A2B_3C4D as UInt32) + little(1 as UInt16) + little(0 as UInt16) + little(UInt64.max)
    )
    // Interface Description Block: LINKTYPE_RAW, no limit; time in microseconds is the default.
    block(1, little(101 as UInt16) + little(0 as UInt16) + little(0 as UInt32))
    for message in messages { add(message) }
  }

  private mutating func add(_ message: TraceMessage) {
    guard let local = Endpoint(message.local), let peer = Endpoint(message.peer),
      local.address.count == peer.address.count
    else { return }
    let (source, target) = message.isSent ? (local, peer) : (peer, local)
    // Neither header can say more than 65535; a TCP message may stand in several segments.
    let limit = message.connection == 0 ? 65_000 : 60_000
    var rest = message.octets[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(limit))
      rest = message.connection == 0 ? [] : rest.dropFirst(limit)
      let segment =
        message.connection == 0
        ? datagram(piece, source, target)
        : stream(piece, source, target, of: message)
      packet(ip(segment, isTCP: message.connection != 0, source, target), at: message)
    }
  }

  /// Enhanced Packet Block. Without a calendar the journal began in 1970.
  private mutating func packet(_ octets: [UInt8], at message: TraceMessage) {
    let known = message.unixMicroseconds
    let time = UInt64(clamping: known > 0 ? known : message.microseconds)
    let size = little(UInt32(clamping: octets.count))
    let padding = [UInt8](repeating: 0, count: (4 - octets.count % 4) % 4)
    block(
      6,
      little(0 as UInt32) + little(UInt32(truncatingIfNeeded: time >> 32))
        + little(UInt32(truncatingIfNeeded: time)) + size + size + octets + padding)
  }

  private mutating func block(_ type: UInt32, _ body: [UInt8]) {
    let length = little(UInt32(clamping: body.count + 12))
    bytes += little(type) + length + body + length
  }

  // MARK: Headers

  private func datagram(_ payload: [UInt8], _ source: Endpoint, _ target: Endpoint) -> [UInt8] {
    let length = UInt16(clamping: payload.count + 8)
    var header = big(source.port) + big(target.port) + big(length) + big(0 as UInt16)
    let sum = PacketCapture.checksum(
      pseudo(17, payload.count + 8, source, target) + header + payload)
    // 0 would say that there is none (RFC 768).
    header.replaceSubrange(6..<8, with: big(sum == 0 ? 0xffff : sum))
    return header + payload
  }

  private mutating func stream(
    _ payload: [UInt8], _ source: Endpoint, _ target: Endpoint, of message: TraceMessage
  ) -> [UInt8] {
    var numbers = sequences[message.connection] ?? (1, 1)
    let (own, other) = message.isSent ? numbers : (numbers.received, numbers.sent)
    let next = own &+ UInt32(clamping: payload.count)
    if message.isSent { numbers.sent = next } else { numbers.received = next }
    sequences[message.connection] = numbers
    // 20 octets, PSH and ACK.
    var header = big(source.port) + big(target.port) + big(own) + big(other)
    header += [0x50, 0x18] + big(0xffff as UInt16) + [0, 0, 0, 0]
    let sum = PacketCapture.checksum(
      pseudo(6, payload.count + 20, source, target) + header + payload)
    header.replaceSubrange(16..<18, with: big(sum))
    return header + payload
  }

  private func pseudo(
    _ number: UInt8, _ length: Int, _ source: Endpoint, _ target: Endpoint
  ) -> [UInt8] {
    let both = source.address + target.address
    guard source.isIPv6 else { return both + [0, number] + big(UInt16(clamping: length)) }
    return both + big(UInt32(clamping: length)) + [0, 0, 0, number]
  }

  private mutating func ip(
    _ payload: [UInt8], isTCP: Bool, _ source: Endpoint, _ target: Endpoint
  ) -> [UInt8] {
    let number: UInt8 = isTCP ? 6 : 17
    if source.isIPv6 {
      return [0x60, 0, 0, 0] + big(UInt16(clamping: payload.count)) + [number, 64]
        + source.address + target.address + payload
    }
    identification &+= 1
    var header: [UInt8] = [0x45, 0] + big(UInt16(clamping: payload.count + 20))
    header += big(identification) + [0x40, 0, 64, number, 0, 0] + source.address + target.address
    header.replaceSubrange(10..<12, with: big(PacketCapture.checksum(header)))
    return header + payload
  }

  /// The one's complement sum of RFC 1071.
  private static func checksum(_ octets: [UInt8]) -> UInt16 {
    var sum: UInt64 = 0
    for (index, octet) in octets.enumerated() {
      sum += index % 2 == 0 ? UInt64(octet) << 8 : UInt64(octet)
    }
    while sum >> 16 != 0 { sum = (sum & 0xffff) + (sum >> 16) }
    return ~UInt16(truncatingIfNeeded: sum)
  }

  private func big(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  private func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// udp:192.0.2.1:5060 or tcp:[::1]:5060.
  private struct Endpoint {
    var address: [UInt8]
    var port: UInt16
    var isIPv6: Bool { address.count == 16 }

    init?(_ text: String) {
      let parts = text.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let colon = parts[1].lastIndex(of: ":"),
        let port = UInt16(parts[1][parts[1].index(after: colon)...])
      else { return nil }
      var host = parts[1][..<colon]
      let isIPv6 = host.hasPrefix("[") && host.hasSuffix("]")
      if isIPv6 { host = host.dropFirst().dropLast() }
      var octets = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
      guard inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(host), &octets) == 1 else { return nil }
      address = octets
      self.port = port
    }
  }
}
