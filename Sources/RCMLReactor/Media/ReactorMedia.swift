import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// The media engine and what it needs of the machine: sockets, files, sounds, and programs that speak. Decides nothing
/// about media.
final class ReactorMedia {
  let engine: MediaEngine
  let sockets: MediaSocketTable
  let outbox: MediaOutbox
  let recordings: RecordingFiles
  let sounds: SoundSupply

  /// Nil: there is no memory, or no entropy.
  init?(epoll: Int32, wall: WallClock, answers: WebAnswers, disk: Disk) {
    var seed = [UInt8](repeating: 0, count: 32)
    let status = seed.withUnsafeMutableBytes { system_random($0.baseAddress, $0.count) }
    guard status == 0, let outbox = MediaOutbox() else { return nil }
    var random = RandomSource(seed: seed)
    engine = MediaEngine(random: random.split(), wall: wall)
    sockets = MediaSocketTable(epoll: epoll, random: random)
    self.outbox = outbox
    recordings = RecordingFiles(disk: disk)
    sounds = SoundSupply(epoll: epoll, engine: engine, answers: answers)
  }

  var deadline: Instant {
    min(engine.nextDeadline ?? .distantFuture, sounds.deadline, recordings.deadline)
  }

  /// Streams that are opened are bound in `ports`.
  func perform(_ command: MediaCommand, ports: ClosedRange<UInt16>, _ turn: Turn) {
    switch command {
    case .open(let id): open(id, ports: ports, turn)
    case .openFrames(let id, let form):
      let isOpen = openFrames(id, form, at: turn.now)
      turn.tell(.media(isOpen ? .opened(id, port: FramePort.address.port) : .unopened(id)))
    case .close(let id):
      engine.perform(command, at: turn.now)
      performOutputs(turn)
      sockets.release(id)
    case .load(let id, let source): sounds.load(id, source, turn)
    case .forget(let id):
      sounds.forget(id)
      engine.perform(command, at: turn.now)
    case .record(let id, let plan, let path): record(id, plan, path, command, turn)
    case .discardRecording(let id):
      recordings.discard(id, at: turn.now)
      engine.perform(command, at: turn.now)
      performOutputs(turn)
    case .describe(let id, let description):
      sockets.described(id, description)
      engine.perform(command, at: turn.now)
      performOutputs(turn)
    case .usePorts, .join, .part, .play, .stop, .recordAlso, .endRecording:
      engine.perform(command, at: turn.now)
      performOutputs(turn)
    }
  }

  /// Answered with the port of the stream's RTP, if there is one to be had.
  private func open(_ id: MediaID, ports: ClosedRange<UInt16>, _ turn: Turn) {
    guard let (slot, port) = sockets.open(id, ports: ports) else {
      return turn.tell(.media(.unopened(id)))
    }
    engine.open(id, slot: slot, at: turn.now)
    turn.tell(.media(.opened(id, port: port)))
  }

  private func record(
    _ id: RecordingID, _ plan: RecordingPlan, _ path: String, _ command: MediaCommand,
    _ turn: Turn
  ) {
    guard recordings.canBegin(id) else { return }
    let isOpen = recordings.begin(id, channels: plan.channels, path: path, at: turn.now)
    engine.perform(command, at: turn.now)
    if !isOpen { engine.recordingFailed(id, at: turn.now) }
    performOutputs(turn)
  }

  func timePassed(_ turn: Turn) {
    sounds.timePassed(turn)
    engine.timePassed(at: turn.now)
    performOutputs(turn)
    while let late = recordings.nextLate(turn.now) { tell(late, turn) }
  }

  /// A job of a recording was done.
  func written(_ job: DiskJob, of id: RecordingID, _ turn: Turn) {
    guard let done = recordings.done(job, of: id) else { return }
    if case .failed = done {
      engine.recordingFailed(id, at: turn.now)
      performOutputs(turn)
    }
    tell(done, turn)
  }

  private func tell(_ done: RecordingFiles.Done, _ turn: Turn) {
    if case .ended(let result, let id) = done { turn.tell(.media(.recorded(id, result))) }
  }

  /// Performs what the engine wants: its packets first, then its events and octets of files in their order.
  func performOutputs(_ turn: Turn) {
    sendMade()
    while let output = engine.nextOutput() {
      switch output {
      case .tell(let event):
        if let event = recordings.judged(event) { turn.tell(.media(event)) }
      case .write(let id, let offset, let bytes):
        recordings.write(id, at: offset, bytes, at: turn.now)
      case .finish(let id): recordings.finish(id, at: turn.now)
      case .drop(let id): recordings.discard(id, at: turn.now)
      }
    }
  }

  /// What was heard up to now is written; nothing is told any more.
  func endRecordings(_ now: Instant) {
    for id in recordings.ids { engine.perform(.endRecording(id), at: now) }
    while let output = engine.nextOutput() {
      switch output {
      case .write(let id, let offset, let bytes): recordings.write(id, at: offset, bytes, at: now)
      case .finish(let id), .drop(let id): recordings.finish(id, at: now)
      case .tell: break
      }
    }
  }

  /// Closes every descriptor. In a child that was forked the loop and what it watches are the parent's, and stay as
  /// they are.
  func close(isOwner: Bool) {
    sockets.close()
    recordings.close(isOwner: isOwner)
    sounds.close(isOwner: isOwner)
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
