import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Driving the media engine: commands and packets in, packets, events and octets of files out.
extension Reactor {
  /// Made when there is something for it to do. Nil: there is no memory.
  func mediaOrMade() -> ReactorMedia? {
    if media == nil { media = ReactorMedia(epoll: descriptor, wall: wall) }
    return media
  }

  func perform(_ command: MediaCommand, _ now: Instant) {
    if case .usePorts(let ports) = command {
      mediaPorts = ports
      return
    }
    guard let media = mediaOrMade() else { return refuse(command, now) }
    switch command {
    case .openFrames(let id, let form):
      let isOpen = media.openFrames(id, form, at: now)
      tell(.media(isOpen ? .opened(id, port: FramePort.address.port) : .unopened(id)), now)
    case .open(let id):
      let port = media.open(id, ports: mediaPorts, at: now)
      tell(.media(port.map { .opened(id, port: $0) } ?? .unopened(id)), now)
    case .close(let id):
      media.engine.perform(command, at: now)
      takeMedia(now)
      media.sockets.release(id)
    case .load(let id, let source): load(id, source, media, now)
    case .forget(let id):
      forget(id, media)
      media.engine.perform(command, at: now)
    case .record(let id, let plan, let path): record(id, plan, path, command, media, now)
    case .discardRecording(let id):
      media.recordings.discard(id)
      media.engine.perform(command, at: now)
      takeMedia(now)
    case .usePorts, .describe, .join, .part, .play, .stop, .recordAlso, .endRecording:
      media.engine.perform(command, at: now)
      takeMedia(now)
    }
  }

  /// There is no memory for media: who waits for an answer gets one.
  private func refuse(_ command: MediaCommand, _ now: Instant) {
    switch command {
    case .open(let id), .openFrames(let id, _): tell(.media(.unopened(id)), now)
    case .load(let id, _): tell(.media(.unloadable(id, .unreadable)), now)
    case .play(_, let playback, _): tell(.media(.unplayable(playback)), now)
    case .record(let id, _, _):
      let result = RecordingResult(reason: .failed, milliseconds: 0, isEmpty: true)
      tell(.media(.recorded(id, result)), now)
    case .usePorts, .describe, .close, .join, .part, .forget, .stop, .recordAlso, .endRecording,
      .discardRecording:
      break
    }
  }

  private func record(
    _ id: RecordingID, _ plan: RecordingPlan, _ path: String, _ command: MediaCommand,
    _ media: ReactorMedia, _ now: Instant
  ) {
    guard media.recordings.canBegin(id) else { return }
    let isOpen = media.recordings.begin(id, channels: plan.channels, path: path)
    media.engine.perform(command, at: now)
    if !isOpen { media.engine.recordingFailed(id, at: now) }
    takeMedia(now)
  }

  /// One batch of one stream: the others get their turn before the next.
  func readMedia(_ slot: Int, _ now: Instant) {
    guard let media, slot < media.sockets.all.count, media.sockets.all[slot].isOpen else { return }
    for datagram in readBatch(media.sockets.all[slot].audio) {
      // The octets lie in the inbox, which is ours: they are numbered anew where they lie.
      let packet = UnsafeMutableRawBufferPointer(
        start: UnsafeMutableRawPointer(mutating: datagram.bytes), count: datagram.length)
      guard
        let forward = media.engine.receive(
          slot: slot, from: source(datagram, slot, media), packet: packet, at: now)
      else { continue }
      media.send(
        UnsafeRawBufferPointer(rebasing: packet[..<min(forward.count, packet.count)]),
        of: forward.slot, to: forward.to)
    }
    media.outbox.flush()
    takeMedia(now)
  }

  func readMediaControl(_ slot: Int, _ now: Instant) {
    guard let media, slot < media.sockets.all.count, media.sockets.all[slot].isOpen else { return }
    for datagram in readBatch(media.sockets.all[slot].control) {
      let packet = UnsafeRawBufferPointer(start: datagram.bytes, count: datagram.length)
      guard
        let forward = media.engine.receiveControl(
          slot: slot, from: source(datagram, slot, media), packet: packet, at: now)
      else { continue }
      media.send(packet, of: forward.slot, isControl: true, to: forward.to)
    }
    media.outbox.flush()
    takeMedia(now)
  }

  /// Descriptions name no interface, so the engine hears of none: whoever is link-local is answered where he is heard.
  private func source(
    _ datagram: system_datagram, _ slot: Int, _ media: ReactorMedia
  ) -> SocketAddress {
    if datagram.from.scope != 0 { media.sockets.heard(slot, scope: datagram.from.scope) }
    var source = SocketAddress(unmapping: datagram.from)
    source.scope = 0
    return source
  }

  private func readBatch(_ socket: Int32) -> UnsafeBufferPointer<system_datagram> {
    var bound = system_address()
    let count = Int(system_inbox_read(inbox, socket, &bound, SYSTEM_BATCH))
    return UnsafeBufferPointer(start: system_inbox_datagrams(inbox), count: max(0, count))
  }

  func mediaTimePassed(_ now: Instant) {
    guard let media, media.deadline <= now else { return }
    speechTimePassed(media, now)
    media.engine.timePassed(at: now)
    takeMedia(now)
  }

  /// What was heard up to now is written; nothing is told any more.
  func endRecordings(_ now: Instant) {
    guard let media else { return }
    for id in media.recordings.ids { media.engine.perform(.endRecording(id), at: now) }
    while let output = media.engine.nextOutput() {
      guard case .write(let id, let offset, let bytes) = output else { continue }
      _ = media.recordings.write(id, at: offset, bytes)
    }
  }

  /// Performs what the engine wants.
  func takeMedia(_ now: Instant) {
    guard let media else { return }
    media.sendMade()
    while let output = media.engine.nextOutput() {
      switch output {
      case .tell(let event): tell(.media(media.recordings.judged(event)), now)
      case .write(let id, let offset, let bytes):
        if !media.recordings.write(id, at: offset, bytes) {
          media.engine.recordingFailed(id, at: now)
        }
      case .finish(let id): media.recordings.finish(id)
      case .drop(let id): media.recordings.discard(id)
      }
    }
  }
}
