import RCMLBasics
import RCMLMedia

/// Frames of the host's own parties, into the engine and out of it.
extension ReactorMedia {
  /// False: such a party speaks in no frames, or it is open already.
  func openFrames(_ id: MediaID, _ media: HostMedia, at now: Instant) -> Bool {
    guard let slot = sockets.openFrames(id, media) else { return false }
    engine.open(id, slot: slot, at: now)
    return true
  }

  /// What a party says, 20 ms of it. False: nobody is there yet, or it is no frame.
  func push(_ id: MediaID, _ frame: UnsafeRawBufferPointer, _ turn: Turn) -> Bool {
    let isTaken = push(id, frame, at: turn.now)
    performOutputs(turn)
    return isTaken
  }

  private func push(_ id: MediaID, _ frame: UnsafeRawBufferPointer, at now: Instant) -> Bool {
    guard let slot = sockets.slot(of: id), let port = sockets.framePort(at: slot) else {
      return false
    }
    let taken: Void? = port.push(frame, at: now) { packet in
      guard
        let forward = engine.receive(
          slot: slot, from: FramePort.address, packet: packet, growth: PacketSecrecy.growth, at: now
        )
      else { return }
      send(
        UnsafeRawBufferPointer(start: packet.baseAddress, count: forward.count),
        of: forward.slot, to: forward.to)
    }
    outbox.flush()
    return taken != nil
  }

  /// What the party hears next. False: nothing has come for it yet, or the room is not that of a frame.
  func pull(_ id: MediaID, into frame: UnsafeMutableRawBufferPointer) -> Bool {
    guard let slot = sockets.slot(of: id), let port = sockets.framePort(at: slot) else {
      return false
    }
    return port.pull(into: frame)
  }
}
