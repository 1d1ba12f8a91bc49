import RCMLBasics

/// One party's stream: what we believe, what we send, and what becomes of its packets.
final class MediaStream {
  let id: MediaID
  let slot: Int
  var description = StreamDescription()
  var isDescribed = false

  // In.
  var lock = SourceLock(named: nil, follows: false)
  var reception = ReceptionStatistics()
  var digits = DigitCollector()
  /// Where keys are taken from the sound, too.
  var listener: KeyListener?
  var keys = KeyMemory()
  var map = PayloadMap(incoming: [], outgoing: [])
  /// Of the timestamps that come; 8,000 unless the party speaks something wider.
  var incomingRate: UInt64 = 8_000
  var heardAt: Instant?
  var lastReport: (heard: ControlReport.Heard, at: Instant)?
  var dropped: UInt64 = 0

  // Out.
  /// Where to: the described address, or the one the party was found at.
  var destination: SocketAddress?
  var controlDestination: SocketAddress?
  let source: UInt32
  var sequence: UInt16
  /// The first timestamp that was not used yet, and when it will be, or was, true.
  private(set) var timestamp: UInt32
  private(set) var timestampAt: Instant
  var outgoingRate: UInt64 = 8_000
  var sentPackets: UInt32 = 0
  var sentOctets: UInt32 = 0
  var hasSent = false
  var reportedPackets: UInt32 = 0
  /// How the numbers of the other party's running source become ours; nil = at its next packet.
  var relay: RelayOffset?

  // Joined.
  var peer: Int?
  /// The key now down was pressed when somebody was there to hear it. One that accepted a call was not (spec C-8).
  var passesPress = true
  var withheldKey: UInt8 = 0

  // Playing and being recorded.
  var playback: Playback?
  var nextFrame = Instant.distantFuture
  var eventTimestamp: UInt32 = 0
  var tracks: [Track] = []

  // Which of the deadlines that were set are still meant.
  var reportDue = Instant.distantFuture
  var silenceDue = Instant.distantFuture

  /// A recording this stream is heard in.
  struct Track {
    var recorder: Int
    var isRight: Bool
  }

  init(id: MediaID, slot: Int, random: inout RandomSource, at now: Instant) {
    self.id = id
    self.slot = slot
    let chance = random.next()
    source = UInt32(truncatingIfNeeded: chance)
    sequence = UInt16(truncatingIfNeeded: chance >> 32) & 0x7fff
    timestamp = UInt32(truncatingIfNeeded: random.next())
    timestampAt = now
  }

  /// Samples of a packet of ours.
  var frameSamples: Int { min(60, max(10, description.packetTime)) * 8 }

  /// The first payload we can speak.
  var spoken: (number: UInt8, law: G711.Law)? {
    for payload in description.outgoing {
      if let law = payload.codec.law { return (payload.number, law) }
    }
    return nil
  }

  var eventPayload: UInt8? {
    for payload in description.outgoing {
      if case .telephoneEvent(let rate) = payload.codec, rate == 8_000 { return payload.number }
    }
    return nil
  }

  /// `count` units from `start` on are spoken for: what is sent next comes after them.
  func use(from start: UInt32, count: Int, rate: UInt64, at now: Instant) {
    timestamp = start &+ UInt32(truncatingIfNeeded: count)
    timestampAt = now + .microseconds(count * 1_000_000 / max(1, Int(rate)))
  }

  /// What a packet that is sent at `now` says: our clock, and never what was said before.
  func timestamp(at now: Instant) -> UInt32 {
    now > timestampAt ? clock(at: now) : timestamp
  }

  /// Our clock at `now`, which may lie before the end of what was sent.
  func clock(at now: Instant) -> UInt32 {
    let elapsed = (now - timestampAt).nanoseconds / 1_000
    let units =
      elapsed.multipliedReportingOverflow(by: Int64(outgoingRate)).partialValue / 1_000_000
    return timestamp &+ UInt32(truncatingIfNeeded: units)
  }
}
