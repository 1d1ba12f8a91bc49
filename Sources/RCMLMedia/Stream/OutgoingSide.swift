import RCMLBasics

/// What goes to one party: where to, and under which numbers, as one unbroken source of ours whoever is heard in it.
struct OutgoingSide {
  /// nil = nowhere.
  private(set) var destination: SocketAddress?
  private(set) var controlDestination: SocketAddress?
  private let source: UInt32
  private var sequence: UInt16
  /// The first timestamp that was not used yet, and when it will be, or was, true.
  private var timestamp: UInt32
  private(set) var timestampAt: Instant
  private var eventTimestamp: UInt32 = 0
  private var sentPackets: UInt32 = 0
  private var sentOctets: UInt32 = 0
  private var reportedPackets: UInt32 = 0
  private var hasSent = false
  /// How the numbers of the other party's running source become ours; nil = at its next packet.
  private var relay: RelayOffset?

  init(random: inout RandomSource, at now: Instant) {
    let chance = random.next()
    source = UInt32(truncatingIfNeeded: chance)
    sequence = UInt16(truncatingIfNeeded: chance >> 32) & 0x7fff
    timestamp = UInt32(truncatingIfNeeded: random.next())
    timestampAt = now
  }

  // MARK: where to

  /// To the one believed; before there is one to where the description says (spec U-67), unless that is a stranger's word
  /// so far (spec Y-8).
  mutating func steer(_ description: StreamDescription, believed: SocketAddress?) {
    destination = description.remote.flatMap { named in
      believed ?? (description.sender.isConfirmed ? named : nil)
    }
    controlDestination = OutgoingSide.control(of: description, destination)
  }

  private static func control(
    of description: StreamDescription, _ destination: SocketAddress?
  ) -> SocketAddress? {
    guard let destination, let control = description.control, destination != description.remote
    else { return destination.flatMap { _ in description.control } }
    // Found elsewhere: one port for both (RFC 5761), or the next one (RFC 3550 §11).
    if control == description.remote { return destination }
    guard destination.port < .max else { return nil }
    var next = destination
    next.port += 1
    return next
  }

  // MARK: numbers

  /// What was held back leaves no hole in the numbers.
  mutating func startNumbersAnew() { relay = nil }

  /// Our clock at `now`, which may lie before the end of what was sent.
  private func clock(at now: Instant) -> UInt32 {
    let elapsed = (now - timestampAt).nanoseconds / 1_000
    let units = elapsed.multipliedReportingOverflow(by: 8_000).partialValue / 1_000_000
    return timestamp &+ UInt32(truncatingIfNeeded: units)
  }

  /// What a packet that is sent at `now` says: our clock, and never what was said before.
  private func timestamp(at now: Instant) -> UInt32 {
    now > timestampAt ? clock(at: now) : timestamp
  }

  /// `count` units from `start` on are spoken for: what is sent next comes after them.
  private mutating func use(from start: UInt32, count: Int, rate: UInt64, at now: Instant) {
    timestamp = start &+ UInt32(truncatingIfNeeded: count)
    timestampAt = now + .microseconds(count * 1_000_000 / max(1, Int(rate)))
  }

  // MARK: what we make

  /// `count` samples that were due at `due`.
  mutating func sound(_ payloadType: UInt8, _ count: Int, at due: Instant) -> RTPHeader {
    let header = head(payloadType, at: due)
    use(from: header.timestamp, count: count, rate: 8_000, at: due)
    note(octets: count)
    return header
  }

  /// One packet of a key: all of a press have the timestamp of its start.
  mutating func event(
    _ payloadType: UInt8, isFirst: Bool, _ count: Int, at due: Instant
  ) -> RTPHeader {
    var header = head(payloadType, at: due)
    use(from: header.timestamp, count: count, rate: 8_000, at: due)
    if isFirst { eventTimestamp = header.timestamp }
    header.timestamp = eventTimestamp
    header.marker = isFirst
    note(octets: 4)
    return header
  }

  /// The marker says that there was nothing just before (RFC 3551 §4.1).
  private mutating func head(_ payloadType: UInt8, at due: Instant) -> RTPHeader {
    let timestamp = timestamp(at: due)
    let header = RTPHeader(
      payloadType: payloadType, marker: !hasSent || timestamp != self.timestamp,
      sequence: sequence, timestamp: timestamp, source: source)
    sequence &+= 1
    return header
  }

  @inline(__always)
  private mutating func note(octets: Int) {
    hasSent = true
    sentPackets &+= 1
    sentOctets &+= UInt32(truncatingIfNeeded: octets)
  }

  // MARK: what is passed on

  /// Gives a packet of the other party our numbers, in place. `epoch`: of that party's numbers; `rate`: of its clock.
  @inline(__always)
  mutating func stamp(
    _ packet: UnsafeMutableRawBufferPointer, _ header: RTPHeader, _ entry: PayloadMap.Entry,
    epoch: UInt32, rate: UInt64, at now: Instant
  ) {
    var marker = header.marker
    let offset: RelayOffset
    if let relay, relay.epoch == epoch {
      offset = relay
    } else {
      marker = true
      offset = RelayOffset(
        epoch: epoch, sequence: sequence &- header.sequence,
        timestamp: timestamp(at: now) &- header.timestamp)
      relay = offset
    }
    let sequence = header.sequence &+ offset.sequence
    let timestamp = header.timestamp &+ offset.timestamp
    // What is sent next by ourselves comes after the furthest that was passed on.
    if Int16(bitPattern: sequence &- self.sequence) >= 0 {
      self.sequence = sequence &+ 1
      let isOurs = entry & (PayloadMap.isMu | PayloadMap.isA) != 0
      // The timestamp of an event is that of its start: the clock goes on from the audio before it.
      if entry & PayloadMap.isEvent == 0 {
        use(
          from: timestamp, count: isOurs ? header.payload.count : 0, rate: isOurs ? 8_000 : rate,
          at: now)
      }
    }
    packet[1] = (marker ? 0x80 : 0) | UInt8(entry & 127)
    packet.storeBytes(of: sequence.bigEndian, toByteOffset: 2, as: UInt16.self)
    packet.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
    packet.storeBytes(of: source.bigEndian, toByteOffset: 8, as: UInt32.self)
    note(octets: header.payload.count)
  }

  // MARK: reports

  /// What was sent, if anything was since the last report.
  mutating func makeReport(at now: Instant, _ wall: WallClock) -> ControlReport {
    var report = ControlReport(source: source)
    guard sentPackets != reportedPackets else { return report }
    reportedPackets = sentPackets
    // 2,208,988,800 s lie between 1900 and 1970.
    let micros = UInt64(max(0, wall.unixMicroseconds(at: now)))
    let seconds = (micros / 1_000_000 + 2_208_988_800) & 0xffff_ffff
    report.sent = ControlReport.Sent(
      time: seconds << 32 | (micros % 1_000_000) << 32 / 1_000_000, timestamp: clock(at: now),
      packets: sentPackets, octets: sentOctets)
    return report
  }
}
