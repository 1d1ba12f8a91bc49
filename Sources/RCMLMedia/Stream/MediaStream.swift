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
  var map = PayloadMap(incoming: [], outgoing: [])
  var heardAt: Instant?
  var lastReport: (heard: ControlReport.Heard, at: Instant)?
  var dropped: UInt64 = 0

  // Out.
  /// Where to: the described address, or the one the party was found at.
  var destination: SocketAddress?
  var controlDestination: SocketAddress?
  let source: UInt32
  var sequence: UInt16
  var timestamp: UInt32
  /// When `timestamp` was last true.
  var timestampAt: Instant
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
  /// The press being withheld, by its timestamp.
  var withheldPress: UInt32?

  // Playing and being recorded.
  var playback: Playback?
  var nextFrame = Instant.distantFuture
  var eventTimestamp: UInt32 = 0
  var recorder: Int?
  var isRightTrack = false

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

  /// Our clock, carried forward to `now`.
  func timestamp(at now: Instant) -> UInt32 {
    let elapsed = max(0, (now - timestampAt).nanoseconds)
    return timestamp &+ UInt32(truncatingIfNeeded: elapsed / 125_000)
  }
}
