import CSystem
import RCMLBasics
import RCMLMedia

/// The media engine and what it needs of the machine. Decides nothing about media.
///
/// A stream's sockets lie in its slot, the engine's stream in the same one, and the loop's tag names it: from a
/// packet to its stream there is no search.
final class MediaDesk {
  let engine: MediaEngine
  private let epoll: Int32
  private let outbox: OpaquePointer
  /// Whose packets lie in the outbox.
  private var outboxSocket: Int32 = -1
  private(set) var sockets: [MediaSockets] = []
  private var slots: [MediaID: Int] = [:]
  /// In the place of sockets, by their slot.
  var framePorts: [Int: FramePort] = [:]
  var recordings = RecordingFiles()
  var sounds: SoundLoads
  var speech: SpeechPrograms
  var random: RandomSource
  /// Found out by the first stream.
  var takesIPv6 = true
  private var streamsRefused: UInt64 = 0
  private var packetsSent: UInt64 = 0
  private var packetsUnsent: UInt64 = 0

  static let pairsTried = 64

  /// Nil: there is no memory, or no entropy.
  init?(epoll: Int32, wall: WallClock) {
    var seed = [UInt8](repeating: 0, count: 32)
    let status = seed.withUnsafeMutableBytes { system_random($0.baseAddress, $0.count) }
    guard status == 0, let outbox = system_outbox_create() else { return nil }
    self.epoll = epoll
    self.outbox = outbox
    sounds = SoundLoads(epoll: epoll)
    speech = SpeechPrograms(epoll: epoll)
    random = RandomSource(seed: seed)
    engine = MediaEngine(random: random.split(), wall: wall)
  }

  deinit { system_outbox_destroy(outbox) }

  var deadline: Instant { min(engine.nextDeadline ?? .distantFuture, speech.deadline) }

  // MARK: streams

  /// The port of the stream's RTP; nil: there is none to be had.
  func open(_ id: MediaID, ports: ClosedRange<UInt16>, at now: Instant) -> UInt16? {
    guard slots[id] == nil, let (pair, port) = bind(ports) else {
      streamsRefused &+= 1
      return nil
    }
    guard watch(pair, freeSlot) else {
      pair.close()
      streamsRefused &+= 1
      return nil
    }
    engine.open(id, slot: take(id, pair), at: now)
    return port
  }

  private var freeSlot: Int { sockets.firstIndex { !$0.isOpen } ?? sockets.count }

  /// The slot that is the stream's from now on.
  func take(_ id: MediaID, _ pair: MediaSockets) -> Int {
    let slot = freeSlot
    if slot == sockets.count { sockets.append(pair) } else { sockets[slot] = pair }
    slots[id] = slot
    return slot
  }

  func slot(of id: MediaID) -> Int? { slots[id] }

  /// Streams with sockets: frames have none.
  var portCount: Int { slots.count - framePorts.count }

  /// Ports are drawn at random, so that nobody can aim at the next call's (failures A8).
  private func bind(_ ports: ClosedRange<UInt16>) -> (MediaSockets, UInt16)? {
    let first = max(1, (UInt64(ports.lowerBound) + 1) / 2)
    let end = (UInt64(ports.upperBound) + 1) / 2
    guard first < end else { return nil }
    for _ in 0..<MediaDesk.pairsTried {
      let port = UInt16(truncatingIfNeeded: (first + random.next() % (end - first)) * 2)
      switch MediaSockets.bind(port: port, takesIPv6: takesIPv6) {
      case .success(let pair): return (pair, port)
      case .failure(.taken): continue
      case .failure(.noIPv6) where takesIPv6: takesIPv6 = false
      case .failure(.noIPv6), .failure(.refused): return nil
      }
    }
    return nil
  }

  private func watch(_ pair: MediaSockets, _ slot: Int) -> Bool {
    let number = UInt64(slot)
    return system_epoll_set(epoll, pair.audio, 1, Tag.make(Tag.media, number)) == 0
      && system_epoll_set(epoll, pair.control, 1, Tag.make(Tag.mediaControl, number)) == 0
  }

  /// After the engine has closed the stream, and its last packets have gone.
  func release(_ id: MediaID) {
    guard let slot = slots.removeValue(forKey: id) else { return }
    if sockets[slot].isFrames {
      framePorts[slot] = nil
    } else {
      // A child that was forked meanwhile may still hold them: the loop must not hear of them again.
      system_epoll_remove(epoll, sockets[slot].audio)
      system_epoll_remove(epoll, sockets[slot].control)
      sockets[slot].close()
    }
    sockets[slot] = MediaSockets()
  }

  /// Closes every descriptor. In a child that was forked the loop and what it watches are the parent's, and stay as
  /// they are.
  func close(isOwner: Bool) {
    for pair in sockets where pair.isOpen { pair.close() }
    sockets = []
    slots = [:]
    framePorts = [:]
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
    guard slot < sockets.count else { return }
    let pair = sockets[slot]
    let socket = isControl ? pair.control : pair.audio
    guard socket >= 0 else {
      if pair.isFrames, !isControl { framePorts[slot]?.take(packet) }
      return
    }
    if socket != outboxSocket {
      flush()
      outboxSocket = socket
    }
    var target = takesIPv6 ? address.mapped : address.system
    if system_outbox_add(outbox, packet.baseAddress, packet.count, &target) { return }
    flush()
    _ = system_outbox_add(outbox, packet.baseAddress, packet.count, &target)
  }

  /// Sends what was collected. What the kernel refuses is lost, as it may be on any way.
  func flush() {
    let count = system_outbox_count(outbox)
    guard count > 0 else { return }
    packetsSent &+= UInt64(count)
    system_outbox_send(outbox, outboxSocket, nil, 0, &packetsUnsent)
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
    flush()
    engine.clearOutbox()
  }

  var counters: MediaCounters {
    let made = engine.counters
    var counters = MediaCounters()
    counters.streamsOpen = UInt64(slots.count)
    counters.streamsRefused = streamsRefused
    counters.packetsReceived = made.received
    counters.packetsSent = packetsSent
    counters.packetsRelayed = made.relayed
    counters.packetsPlayed = made.played
    counters.packetsStrange = made.strange
    counters.packetsMalformed = made.malformed
    counters.packetsUnwanted = made.unwanted
    counters.packetsUnsent = packetsUnsent
    counters.recordings = recordings.counters
    return counters
  }
}
