import RCMLAgent
import RCMLBasics
import RCMLMedia

/// The media engine of a simulated world with the little of a machine that it needs: ports, files and sounds that are
/// there at once, or are not there at all.
package final class VirtualMedia {
  package struct Packet {
    /// The local port it left from.
    package var port: UInt16
    package var to: SocketAddress
    package var isControl: Bool
    package var octets: [UInt8]
  }

  package let engine: MediaEngine
  /// How many streams may be open at once.
  package var portLimit = 1_000
  /// What can be loaded; nil = there is nothing of the kind.
  package var sounds: (SoundSource) -> [Int16]? = { _ in nil }
  /// Nil: whatever is written is written at once.
  package var disk: VirtualDisk?
  /// What was written, by path; a discarded one is gone.
  package private(set) var files: [String: [UInt8]] = [:]
  package private(set) var commands: [MediaCommand] = []

  /// Told of every write to a file.
  package var wrote: ((String) -> Void)?
  /// Told of everything that happens to a file: where, and what; -1 = it is begun, -2 = whole, -3 = gone.
  package var changedFile: ((String, Int, [UInt8]) -> Void)?
  package private(set) var recordings: [RecordingID: Recording] = [:]

  package struct Recording {
    package var path: String
    package var plan: RecordingPlan
    package var startedAt: Instant
    package var isFinished = false
    package var endedAt: Instant?
    /// Octets of its file that the disk did not take in time; the disk took nothing more.
    package var lost: [Range<Int>] = []
    package var isCut = false
  }

  private var slots: [MediaID?] = []
  private var framePorts: [Int: FramePort] = [:]
  private var random: RandomSource
  /// By the slot. No port is ever used again: who goes on talking to an old one talks to nobody.
  private var ports: [UInt16] = []
  private var nextPort: UInt16 = 20_000
  private var paths: [RecordingID: String] = [:]

  package init(seed: UInt64, wall: WallClock) {
    random = RandomSource(seed: seed &+ 1)
    engine = MediaEngine(random: RandomSource(seed: seed), wall: wall)
  }

  /// Streams that are open.
  package var openCount: Int { slots.count { $0 != nil } }

  /// The RTP ports there are, and a closed one.
  var openPorts: [UInt16] {
    slots.indices.filter { slots[$0] != nil }.map { ports[$0] } + [nextPort]
  }

  /// Whose socket has this port, or the next one for RTCP.
  package func stream(atPort port: UInt16) -> MediaID? { slot(ofPort: port).flatMap { slots[$0] } }

  private func slot(ofPort port: UInt16) -> Int? { ports.lastIndex(of: port & 0xfffe) }

  /// What came of it at once.
  package func perform(_ command: MediaCommand, at now: Instant) -> [MediaEvent] {
    commands.append(command)
    var events: [MediaEvent] = []
    switch command {
    case .open(let id):
      guard let slot = take(id, at: now) else { return [.unopened(id)] }
      events.append(.opened(id, port: ports[slot]))
    case .openFrames(let id, let form):
      guard let frames = FramePort(form, random: &random), let slot = take(id, at: now) else {
        return [.unopened(id)]
      }
      framePorts[slot] = frames
      events.append(.opened(id, port: FramePort.address.port))
    case .close(let id):
      engine.perform(command, at: now)
      if let slot = slots.firstIndex(of: id) {
        slots[slot] = nil
        framePorts[slot] = nil
      }
    case .load(let id, let source):
      if let samples = self.samples(source) {
        engine.keep(id, samples)
        events.append(.loaded(id, milliseconds: samples.count / 8))
      } else {
        events.append(.unloadable(id, .unreadable))
      }
    case .record(let id, let plan, let path):
      paths[id] = path
      recordings[id] = Recording(path: path, plan: plan, startedAt: now)
      let channels = plan.channels == 2 ? 2 : 1
      let header = WAVHeader.make(channels: channels, dataOctets: 0)
      if let disk {
        disk.begin(id, channels: channels, header: header, at: now)
      } else {
        create(path, header)
      }
      engine.perform(command, at: now)
    case .discardRecording(let id):
      disk?.end(id, isKept: false, at: now)
      engine.perform(command, at: now)
      let told = takeEvents(at: now)
      if disk == nil { removeFile(of: id) } else { events += told }
    case .recordAlso(let id, let other):
      recordings[id]?.plan.right = other
      engine.perform(command, at: now)
    case .usePorts, .describe, .join, .part, .forget, .play, .stop, .endRecording:
      engine.perform(command, at: now)
    }
    return events + takeEvents(at: now)
  }

  /// Nil: no more may be open at once.
  private func take(_ id: MediaID, at now: Instant) -> Int? {
    guard openCount < portLimit else { return nil }
    let slot = slots.firstIndex { $0 == nil } ?? slots.count
    if slot == slots.count {
      slots.append(nil)
      ports.append(0)
    }
    ports[slot] = nextPort
    nextPort = nextPort < 60_000 ? nextPort + 2 : 20_000
    slots[slot] = id
    engine.open(id, slot: slot, at: now)
    return slot
  }

  /// A frame of a party of the host's; what goes on to a phone.
  package func push(_ id: MediaID, _ frame: [UInt8], at now: Instant) -> Packet? {
    guard let slot = slots.firstIndex(of: id), let port = framePorts[slot] else { return nil }
    return frame.withUnsafeBytes { octets in
      port.push(octets, at: now) { packet in
        let forward = engine.receive(
          slot: slot, from: FramePort.address, packet: packet, growth: PacketSecrecy.growth, at: now
        )
        return forward.flatMap {
          self.packet(
            $0, Array(UnsafeRawBufferPointer(start: packet.baseAddress, count: $0.count)))
        }
      } ?? nil
    }
  }

  /// What a party of the host's hears next; nil = nothing yet.
  package func pull(_ id: MediaID) -> [UInt8]? {
    guard let slot = slots.firstIndex(of: id), let port = framePorts[slot] else { return nil }
    var frame = [UInt8](repeating: 0, count: port.media.frameOctets)
    let isThere = frame.withUnsafeMutableBytes { port.pull(into: $0) }
    return isThere ? frame : nil
  }

  /// Nil: it went into frames.
  private func packet(_ forward: Forward, _ octets: [UInt8]) -> Packet? {
    if let port = framePorts[forward.slot] {
      octets.withUnsafeBytes { port.take($0) }
      return nil
    }
    return Packet(port: ports[forward.slot], to: forward.to, isControl: false, octets: octets)
  }

  /// The answer to an exchange is a sound, as the reactor hands it on: what is told first, and the answer without it.
  package func keep(_ sound: SoundID, _ answer: HTTPAnswer) -> (MediaEvent, HTTPAnswer) {
    let rest = HTTPAnswer(
      status: answer.status, contentType: answer.contentType, location: answer.location,
      cacheFields: answer.cacheFields, body: [], isPublic: answer.isPublic)
    switch SoundFile.read(answer.body, contentType: answer.contentType) {
    case .success(let samples):
      engine.keep(sound, samples)
      return (.loaded(sound, milliseconds: samples.count / 8), rest)
    case .failure(let problem):
      return (.unloadable(sound, problem), rest)
    }
  }

  private func samples(_ source: SoundSource) -> [Int16]? {
    if case .octets(let octets, let name, let type) = source {
      return try? SoundFile.read(octets, name: name, contentType: type).get()
    }
    return sounds(source)
  }

  /// What the engine has to say; its files are written.
  package func takeEvents(at now: Instant) -> [MediaEvent] {
    var events: [MediaEvent] = []
    while let output = engine.nextOutput() {
      switch output {
      case .tell(.recorded(let id, let result)):
        if !(disk?.hold(id, result) ?? false) { events.append(.recorded(id, result)) }
      case .tell(let event): events.append(event)
      case .write(let id, let offset, let bytes):
        if let disk {
          disk.write(id, at: Int(offset), bytes, at: now)
        } else if let path = paths[id], files[path] != nil {
          write(bytes, at: Int(offset), in: path)
        }
      case .finish(let id): finish(id, isKept: true, at: now)
      case .drop(let id): finish(id, isKept: false, at: now)
      }
    }
    return events
  }

  private func finish(_ id: RecordingID, isKept: Bool, at now: Instant) {
    recordings[id]?.isFinished = true
    recordings[id]?.endedAt = now
    if let disk { return disk.end(id, isKept: isKept, at: now) }
    if !isKept { return removeFile(of: id) }
    if let path = paths[id] { changedFile?(path, -2, []) }
  }

  private func create(_ path: String, _ header: [UInt8]) {
    files[path] = header
    changedFile?(path, -1, header)
  }

  // MARK: the disk

  /// When it has done something.
  package var nextDiskInstant: Instant? { disk?.next }

  /// What it has done by now.
  package func diskTimePassed(at now: Instant) -> [MediaEvent] {
    guard let disk else { return [] }
    var events: [MediaEvent] = []
    func size(_ id: RecordingID) -> Int { paths[id].flatMap { files[$0]?.count } ?? 0 }
    while let done = disk.takeNext(at: now, size: size) {
      switch done {
      case .work(let id, let work):
        events += perform(work, of: id, on: disk)
      case .failed(let id):
        recordings[id]?.isCut = true
        if case .ended(let id, let result) = disk.ended(id) { events.append(.recorded(id, result)) }
        engine.recordingFailed(id, at: now)
        events += takeEvents(at: now)
      case .ended(let id, let result):
        recordings[id]?.isCut = true
        events.append(.recorded(id, result))
      }
    }
    return events
  }

  private func perform(
    _ work: VirtualDisk.Work, of id: RecordingID, on disk: VirtualDisk
  ) -> [MediaEvent] {
    guard let path = paths[id], !disk.hasFailed(id) else { return [] }
    switch work {
    case .create(let header): create(path, header)
    case .write(let octets, let offset): write(octets, at: offset, in: path)
    case .header(let octets, let length):
      let count = files[path]?.count ?? 0
      if count < length {
        files[path]?.append(contentsOf: repeatElement(0, count: length - count))
      }
      write(octets, at: 0, in: path)
    case .finish:
      changedFile?(path, -2, [])
    case .remove: removeFile(of: id)
    }
    switch work {
    case .create, .write, .header: return []
    case .finish, .remove:
      recordings[id]?.lost = disk.lost(of: id)
      guard case .ended(let id, let result) = disk.ended(id) else { return [] }
      return [.recorded(id, result)]
    }
  }

  private func removeFile(of id: RecordingID) {
    guard let path = paths.removeValue(forKey: id) else { return }
    files[path] = nil
    changedFile?(path, -3, [])
  }

  private func write(_ bytes: [UInt8], at offset: Int, in path: String) {
    let end = offset + bytes.count
    let count = files[path]?.count ?? 0
    if count < end { files[path]?.append(contentsOf: repeatElement(0, count: end - count)) }
    files[path]?.replaceSubrange(offset..<end, with: bytes)
    changedFile?(path, offset, bytes)
    wrote?(path)
  }

  /// What the engine wants sent.
  package func takePackets() -> [Packet] {
    let packets = engine.outbox.entries.compactMap { entry -> Packet? in
      let octets = Array(engine.outbox.octets[entry.octets])
      if let port = framePorts[entry.slot] {
        if !entry.isControl { octets.withUnsafeBytes { port.take($0) } }
        return nil
      }
      return Packet(
        port: ports[entry.slot], to: entry.to, isControl: entry.isControl, octets: octets)
    }
    engine.clearOutbox()
    return packets
  }

  /// One packet of the network; what goes on to the other party.
  package func receive(
    _ octets: [UInt8], from source: SocketAddress, port: UInt16, at now: Instant
  ) -> Packet? {
    guard let slot = slot(ofPort: port), slots[slot] != nil else { return nil }
    var octets = octets
    guard port % 2 == 0 else {
      let forward = octets.withUnsafeBytes {
        engine.receiveControl(slot: slot, from: source, packet: $0, at: now)
      }
      return forward.map {
        Packet(port: ports[$0.slot], to: $0.to, isControl: true, octets: octets)
      }
    }
    let count = octets.count
    octets += [UInt8](repeating: 0, count: PacketSecrecy.growth)
    let forward = octets.withUnsafeMutableBytes { room in
      engine.receive(
        slot: slot, from: source,
        packet: UnsafeMutableRawBufferPointer(rebasing: room[..<count]),
        growth: PacketSecrecy.growth, at: now)
    }
    return forward.flatMap { packet($0, Array(octets.prefix($0.count))) }
  }
}
