/// The fixed header of an RTP packet (RFC 3550 §5.1) and where its payload lies.
///
/// Read from octets a stranger may have sent: every length is checked, nothing is copied.
public struct RTPHeader: Hashable, Sendable {
  public var payloadType: UInt8
  public var marker: Bool
  public var sequence: UInt16
  public var timestamp: UInt32
  public var source: UInt32
  /// Offsets of the payload in the packet, padding and extension left out.
  public var payload: Range<Int>

  public init(
    payloadType: UInt8, marker: Bool, sequence: UInt16, timestamp: UInt32, source: UInt32,
    payload: Range<Int> = 12..<12
  ) {
    self.payloadType = payloadType
    self.marker = marker
    self.sequence = sequence
    self.timestamp = timestamp
    self.source = source
    self.payload = payload
  }

  /// nil: not RTP version 2, or lengths that do not fit the packet.
  public static func read(_ packet: UnsafeRawBufferPointer) -> RTPHeader? {
    guard packet.count >= 12, packet[0] >> 6 == 2 else { return nil }
    var start = 12 + Int(packet[0] & 15) * 4
    if packet[0] & 0x10 != 0 {
      guard packet.count >= start + 4 else { return nil }
      start += 4 + (Int(packet[start + 2]) << 8 | Int(packet[start + 3])) * 4
    }
    var end = packet.count
    if packet[0] & 0x20 != 0 {
      let padding = Int(packet[packet.count - 1])
      guard padding > 0 else { return nil }
      end -= padding
    }
    guard start <= end else { return nil }
    return RTPHeader(
      payloadType: packet[1] & 0x7f, marker: packet[1] & 0x80 != 0,
      sequence: UInt16(packet[2]) << 8 | UInt16(packet[3]),
      timestamp: NetworkOrder.word(packet, 4), source: NetworkOrder.word(packet, 8),
      payload: start..<end)
  }

  /// The twelve octets, into memory that has room for them.
  public func write(to packet: UnsafeMutableRawBufferPointer) -> Bool {
    guard packet.count >= 12 else { return false }
    packet[0] = 0x80
    packet[1] = (marker ? 0x80 : 0) | payloadType & 0x7f
    packet[2] = UInt8(sequence >> 8)
    packet[3] = UInt8(truncatingIfNeeded: sequence)
    NetworkOrder.put(timestamp, to: packet, 4)
    NetworkOrder.put(source, to: packet, 8)
    return true
  }

  /// How far `other` is ahead of this one, around the wrap of 16 bits (RFC 3550 appendix A.1).
  public func distance(to other: RTPHeader) -> Int {
    Int(Int16(bitPattern: other.sequence &- sequence))
  }
}
