import CSystem
import RCMLBasics
import RCMLMedia

/// The media engine and what it needs of the machine: sockets, files, sounds, and programs that speak. Decides nothing
/// about media.
final class ReactorMedia {
  let engine: MediaEngine
  let sockets: MediaSocketTable
  let outbox: MediaOutbox
  var recordings = RecordingFiles()
  var sounds: SoundLoads
  var speech: SpeechPrograms

  /// Nil: there is no memory, or no entropy.
  init?(epoll: Int32, wall: WallClock) {
    var seed = [UInt8](repeating: 0, count: 32)
    let status = seed.withUnsafeMutableBytes { system_random($0.baseAddress, $0.count) }
    guard status == 0, let outbox = MediaOutbox() else { return nil }
    var random = RandomSource(seed: seed)
    engine = MediaEngine(random: random.split(), wall: wall)
    sockets = MediaSocketTable(epoll: epoll, random: random)
    self.outbox = outbox
    sounds = SoundLoads(epoll: epoll)
    speech = SpeechPrograms(epoll: epoll)
  }

  var deadline: Instant { min(engine.nextDeadline ?? .distantFuture, speech.deadline) }

  /// The port of the stream's RTP; nil: there is none to be had.
  func open(_ id: MediaID, ports: ClosedRange<UInt16>, at now: Instant) -> UInt16? {
    guard let (slot, port) = sockets.open(id, ports: ports) else { return nil }
    engine.open(id, slot: slot, at: now)
    return port
  }

  /// Closes every descriptor. In a child that was forked the loop and what it watches are the parent's, and stay as
  /// they are.
  func close(isOwner: Bool) {
    sockets.close()
    recordings.close()
    sounds.close(isOwner: isOwner)
    speech.close(isOwner: isOwner)
  }

  // MARK: packets

  /// From the sockets, or the port of frames, of that slot.
  func send(
    _ packet: UnsafeRawBufferPointer, of slot: Int, isControl: Bool = false,
    to address: SocketAddress
  ) {
    guard slot < sockets.all.count else { return }
    let pair = sockets.all[slot]
    let socket = isControl ? pair.control : pair.audio
    guard socket >= 0 else {
      if pair.isFrames, !isControl { sockets.framePort(at: slot)?.take(packet) }
      return
    }
    var target = sockets.takesIPv6 ? address.mapped : address.system
    // What a description names has no interface: it is that of the party we hear there (RFC 4007 §11).
    if address.isLinkLocal { target.scope = pair.scope }
    outbox.add(packet, from: socket, to: &target)
  }

  /// Sends what the engine made.
  func sendMade() {
    guard !engine.outbox.entries.isEmpty else { return }
    engine.outbox.octets.withUnsafeBytes { octets in
      for entry in engine.outbox.entries {
        send(
          UnsafeRawBufferPointer(rebasing: octets[entry.octets]), of: entry.slot,
          isControl: entry.isControl, to: entry.to)
      }
    }
    outbox.flush()
    engine.clearOutbox()
  }

  var counters: MediaCounters {
    let made = engine.counters
    var counters = MediaCounters()
    counters.streamsOpen = UInt64(sockets.streamCount)
    counters.streamsRefused = sockets.refused
    counters.packetsReceived = made.received
    counters.packetsSent = outbox.sent
    counters.packetsRelayed = made.relayed
    counters.packetsPlayed = made.played
    counters.packetsStrange = made.strange
    counters.packetsMalformed = made.malformed
    counters.packetsUnwanted = made.unwanted
    counters.packetsUnsent = outbox.unsent
    counters.recordings = recordings.counters
    return counters
  }
}
