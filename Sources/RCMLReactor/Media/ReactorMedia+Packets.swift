import CSystem
import RCMLBasics
import RCMLMedia

/// Packets into the engine, and out of it.
extension ReactorMedia {
  func receive(_ datagrams: UnsafeBufferPointer<system_datagram>, _ slot: Int, _ turn: Turn) {
    for datagram in datagrams {
      // The octets lie in the inbox, which is ours: they are numbered anew where they lie.
      let packet = UnsafeMutableRawBufferPointer(
        start: UnsafeMutableRawPointer(mutating: datagram.bytes), count: datagram.length)
      guard
        let forward = engine.receive(
          slot: slot, from: source(datagram, slot), packet: packet, growth: growth(packet),
          at: turn.now)
      else { continue }
      send(
        UnsafeRawBufferPointer(start: packet.baseAddress, count: forward.count),
        of: forward.slot, to: forward.to)
    }
    outbox.flush()
    performOutputs(turn)
  }

  func receiveControl(
    _ datagrams: UnsafeBufferPointer<system_datagram>, _ slot: Int, _ turn: Turn
  ) {
    for datagram in datagrams {
      let packet = UnsafeRawBufferPointer(start: datagram.bytes, count: datagram.length)
      guard
        let forward = engine.receiveControl(
          slot: slot, from: source(datagram, slot), packet: packet, at: turn.now)
      else { continue }
      send(packet, of: forward.slot, isControl: true, to: forward.to)
    }
    outbox.flush()
    performOutputs(turn)
  }

  /// Each datagram lies in a room of its own.
  private func growth(_ packet: UnsafeMutableRawBufferPointer) -> Int {
    min(PacketSecrecy.growth, max(0, Int(SYSTEM_DATAGRAM_ROOM) - packet.count))
  }

  /// Descriptions name no interface, so the engine hears of none: whoever is link-local is answered where he is heard.
  private func source(_ datagram: system_datagram, _ slot: Int) -> SocketAddress {
    if datagram.from.scope != 0 { sockets.heard(slot, scope: datagram.from.scope) }
    var source = SocketAddress(unmapping: datagram.from)
    source.scope = 0
    return source
  }

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
    outbox.add(packet, from: socket, pair.source?.source(toward: address), to: &target)
  }

  /// Sends what the engine made: one call of the system a socket, however late the loop is.
  func sendMade() {
    guard !engine.outbox.entries.isEmpty else { return }
    engine.outbox.gather()
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
}
