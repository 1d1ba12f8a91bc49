import RCMLBasics

/// RTCP: sender and receiver reports (RFC 3550 §6.4) with the one source description that is required.
struct ControlReport {
  /// Of a sender report that came: the middle of its time stamp, to be given back.
  struct Heard: Hashable {
    var source: UInt32
    var middle: UInt32
  }

  var source: UInt32
  /// nil: nothing was sent since the last report, so it is a receiver report.
  var sent: Sent?
  var reception: ReceptionStatistics?
  var fractionLost: UInt8 = 0
  /// The last sender report, and units of 1/65,536 s since then.
  var lastReport: UInt32 = 0
  var delay: UInt32 = 0

  struct Sent: Hashable {
    /// Seconds since 1900 and their fraction.
    var time: UInt64
    var timestamp: UInt32
    var packets: UInt32
    var octets: UInt32
  }

  /// Header, sender part, one report block, and CNAME of the SSRC in hex.
  var count: Int { 8 + (sent == nil ? 0 : 20) + (reception == nil ? 0 : 24) + 20 }

  func write(to room: UnsafeMutableRawBufferPointer) {
    guard room.count >= count else { return }
    var place = 0
    func word(_ value: UInt32) {
      NetworkOrder.put(value, to: room, place)
      place += 4
    }
    let first = count - 20
    let blocks: UInt32 = reception == nil ? 0 : 1
    let kind: UInt32 = sent == nil ? 201 : 200
    word(0x8000_0000 | blocks << 24 | kind << 16 | UInt32(first / 4 - 1))
    word(source)
    if let sent {
      word(UInt32(truncatingIfNeeded: sent.time >> 32))
      word(UInt32(truncatingIfNeeded: sent.time))
      word(sent.timestamp)
      word(sent.packets)
      word(sent.octets)
    }
    if let reception {
      word(reception.source)
      let lost = UInt32(
        bitPattern: Int32(clamping: min(max(reception.lost, -0x80_0000), 0x7f_ffff)))
      word(UInt32(fractionLost) << 24 | lost & 0xff_ffff)
      word(reception.extendedHighest)
      word(reception.jitter)
      word(lastReport)
      word(delay)
    }
    // SDES with CNAME: eight hex digits of the SSRC, a name that says nothing about anybody.
    word(0x8100_0000 | 202 << 16 | 4)
    word(source)
    room[place] = 1
    room[place + 1] = 8
    place += 2
    for shift in stride(from: 28 as UInt32, through: 0, by: -4) {
      let nibble = UInt8(source >> shift & 15)
      room[place] = nibble < 10 ? 48 + nibble : 87 + nibble
      place += 1
    }
    room[place] = 0
    room[place + 1] = 0
  }

  /// The sender report a compound packet begins with; nil = it has none, or is no RTCP.
  static func read(_ packet: UnsafeRawBufferPointer) -> Heard? {
    guard packet.count >= 28, packet[0] >> 6 == 2, packet[1] == 200 else { return nil }
    guard (Int(packet[2]) << 8 | Int(packet[3])) * 4 + 4 <= packet.count else { return nil }
    return Heard(
      source: NetworkOrder.word(packet, 4),
      middle: NetworkOrder.word(packet, 8) << 16 | NetworkOrder.word(packet, 12) >> 16)
  }
}
