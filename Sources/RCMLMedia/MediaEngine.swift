import RCMLBasics

/// All media of an agent behind one value without clock, socket or file: packets in and out, sounds, keys,
/// recordings.
///
/// `receive` is the packet path: what a party sends is judged, numbered anew in place and handed back to be sent, and
/// nothing is allocated or searched. Everything else is made in `timePassed` and lies in the outbox and in
/// `nextOutput`. Signalling is told events and gives commands; neither side knows the other.
package final class MediaEngine {
  var random: RandomSource
  var wall: WallClock
  /// By the slot the reactor gave.
  var streams: [MediaStream?] = []
  var slots: [MediaID: Int] = [:]
  var playing: [PlaybackID: Int] = [:]
  var sounds: [SoundID: [Int16]] = [:]
  var recorders: [Recorder?] = []
  var recording: [RecordingID: Int] = [:]

  var deadlines = DeadlineQueue<DeadlineOwner>()
  package internal(set) var outbox = Outbox()
  private var outputs: [MediaOutput] = []
  private var nextOutputIndex = 0
  var frame = [Int16](repeating: 0, count: 480)
  package internal(set) var counters = Counters()

  package init(random: RandomSource, wall: WallClock) {
    self.random = random
    self.wall = wall
  }

  /// What became of packets, for metrics.
  package struct Counters: Hashable, Sendable {
    package var received: UInt64 = 0
    package var relayed: UInt64 = 0
    package var played: UInt64 = 0
    /// From an address nobody named.
    package var strange: UInt64 = 0
    /// Not RTP, or a payload type nobody agreed on.
    package var malformed: UInt64 = 0
    /// Rightly sent to somebody who is not joined to anybody.
    package var unwanted: UInt64 = 0
    /// A key that ends the bridge (spec L-34).
    package var withheld: UInt64 = 0
  }

  package func nextOutput() -> MediaOutput? {
    guard nextOutputIndex < outputs.count else {
      outputs.removeAll(keepingCapacity: outputs.capacity <= 256)
      nextOutputIndex = 0
      return nil
    }
    defer { nextOutputIndex += 1 }
    return outputs[nextOutputIndex]
  }

  /// The packets were sent.
  package func clearOutbox() { outbox.clear() }

  package var nextDeadline: Instant? { deadlines.first?.deadline.instant }

  /// A sound that was read, by whoever read it.
  package func keep(_ id: SoundID, _ samples: [Int16]) { sounds[id] = samples }

  /// Streams, playbacks and recordings still there; zero when nothing is left. Sounds are kept for the next call.
  package var count: Int { slots.count + playing.count + recording.count }

  /// Whether this machine can hear keys in sound at all (`StreamDescription.hearsKeys`). The first to ask waits until
  /// libspandsp is loaded.
  package var hearsKeysHere: Bool { KeyListener.isThere }

  func tell(_ event: MediaEvent) { outputs.append(.tell(event)) }
  func output(_ output: MediaOutput) { outputs.append(output) }

  func stream(_ id: MediaID) -> MediaStream? {
    guard let slot = slots[id] else { return nil }
    return streams[slot]
  }

  func stream(at slot: Int) -> MediaStream? {
    slot >= 0 && slot < streams.count ? streams[slot] : nil
  }
}
