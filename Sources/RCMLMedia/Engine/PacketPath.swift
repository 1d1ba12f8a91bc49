import RCMLBasics

/// What becomes of a packet that was read: it is judged, heard, numbered anew in place, and goes on to the other party.
/// Nothing is allocated or searched.
final class PacketPath {
  private let streams: StreamTable
  private let notices: Notices
  private(set) var counters = MediaEngine.Counters()

  init(_ streams: StreamTable, _ notices: Notices) {
    self.streams = streams
    self.notices = notices
  }

  // MARK: RTP

  /// One RTP packet. Its octets may be changed, and so may be `growth` octets behind them; a result says where they go on to.
  func receive(
    slot: Int, from: SocketAddress, packet: UnsafeMutableRawBufferPointer, growth: Int,
    at now: Instant
  ) -> Forward? {
    counters.received &+= 1
    guard let stream = streams[slot] else {
      counters.malformed &+= 1
      return nil
    }
    guard let secrecy = stream.secrecy else {
      return pass(stream, from, packet, growth, at: now)
    }
    // Before anything is believed of it: also what is not wanted counts for the numbers of its source.
    guard let count = secrecy.open(packet) else {
      counters.strange &+= 1
      return nil
    }
    return pass(
      stream, from, UnsafeMutableRawBufferPointer(rebasing: packet[..<count]),
      growth + packet.count - count, at: now)
  }

  @inline(__always)
  private func pass(
    _ stream: MediaStream, _ from: SocketAddress, _ packet: UnsafeMutableRawBufferPointer,
    _ growth: Int, at now: Instant
  ) -> Forward? {
    guard let header = RTPHeader.read(UnsafeRawBufferPointer(packet)) else {
      counters.malformed &+= 1
      return nil
    }
    let entry = stream.incoming.entry(header.payloadType)
    guard entry & PayloadMap.isKnown != 0 else {
      counters.malformed &+= 1
      stream.noteSign(from: from, at: now)
      return nil
    }
    guard stream.description.receives else {
      counters.unwanted &+= 1
      return nil
    }
    switch stream.judge(from, header, at: now) {
    case .accepted, .moved: break
    case .contested:
      notices.tell(.contested(stream.id))
      fallthrough
    case .refused:
      counters.strange &+= 1
      return nil
    }
    let isEvent = entry & PayloadMap.isEvent != 0
    let law = PayloadMap.law(entry)
    // The timestamp of an event stands still.
    let rate = isEvent ? 0 : law != nil ? 8_000 : stream.incoming.rate
    guard stream.count(header, rate: rate, at: now) else {
      counters.malformed &+= 1
      return nil
    }
    let payload = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(packet)[header.payload])
    if isEvent {
      if !hearKey(payload, header, of: stream, at: now) {
        counters.withheld &+= 1
        return nil
      }
    } else if let law {
      if let listener = stream.keys.listener {
        // The sound itself has been passed on or is about to be: a key in it cannot be withheld.
        listener.hear(payload, law, header, epoch: stream.incoming.reception.epoch) {
          if stream.isNewInSound($0, at: now) { notices.tell(.digit(stream.id, $0)) }
        }
      }
      for track in stream.tracks {
        track.recorder.hear(payload, law, header: header, isRight: track.isRight, at: now)
      }
    } else if entry & PayloadMap.isNoise != 0 {
      for track in stream.tracks { track.recorder.pause(header: header, isRight: track.isRight) }
    }
    return relay(stream, header, entry, packet, growth, at: now)
  }

  private func relay(
    _ stream: MediaStream, _ header: RTPHeader, _ entry: PayloadMap.Entry,
    _ packet: UnsafeMutableRawBufferPointer, _ growth: Int, at now: Instant
  ) -> Forward? {
    guard entry & PayloadMap.passes != 0, let peer = streams.peer(of: stream),
      peer.description.sends, let to = peer.outgoing.destination, peer.performance == nil
    else {
      counters.unwanted &+= 1
      return nil
    }
    if entry & PayloadMap.isUntouched != 0 {
      // Nothing but its number is changed: what the sender says about its source is true for the receiver, too.
      packet[1] = (header.marker ? 0x80 : 0) | UInt8(entry & 127)
    } else {
      if entry & (PayloadMap.fromMu | PayloadMap.fromA) != 0 {
        G711.transcode(
          UnsafeMutableRawBufferPointer(rebasing: packet[header.payload]),
          from: entry & PayloadMap.fromMu != 0 ? .mu : .a)
      }
      peer.stamp(packet, header, entry, from: stream, at: now)
    }
    var count = packet.count
    if let secrecy = peer.secrecy {
      let room = UnsafeMutableRawBufferPointer(start: packet.baseAddress, count: count + growth)
      guard let sealed = secrecy.seal(room, count) else {
        counters.unwanted &+= 1
        return nil
      }
      count = sealed
    }
    counters.relayed &+= 1
    return Forward(slot: peer.slot, to: to, count: count)
  }

  /// False: the press is not passed on.
  private func hearKey(
    _ payload: UnsafeRawBufferPointer, _ header: RTPHeader, of stream: MediaStream, at now: Instant
  ) -> Bool {
    guard let event = TelephoneEvent.read(payload) else { return true }
    if let key = stream.press(event, of: header, at: now) {
      notices.tell(.digit(stream.id, key))
    }
    for track in stream.tracks {
      track.recorder.hear(event, header: header, isRight: track.isRight)
    }
    return stream.passes(event)
  }

  // MARK: RTCP

  /// One RTCP packet, believed only from the machine whose RTP is believed. Nothing is answered; a result says where it goes on
  /// to, from the port for RTCP: only what was sent between parties whose RTP passes untouched.
  func receiveControl(
    slot: Int, from: SocketAddress, packet: UnsafeRawBufferPointer, at now: Instant
  ) -> Forward? {
    guard let stream = streams[slot] else { return nil }
    guard let secrecy = stream.secrecy else {
      if stream.description.isUntouched { return passControl(of: stream, from, packet, at: now) }
      stream.keepReport(packet, from: from, at: now)
      return nil
    }
    secrecy.openControl(packet)?.withUnsafeBytes { stream.keepReport($0, from: from, at: now) }
    return nil
  }

  /// Who only watches has sent no RTP, but wants a whole picture now and then: its named host is believed.
  private func passControl(
    of stream: MediaStream, _ from: SocketAddress, _ packet: UnsafeRawBufferPointer,
    at now: Instant
  ) -> Forward? {
    // Version 2, and one of the types that RFC 3550 §12.1, 4585 and 3611 know.
    guard packet.count >= 8, packet[0] >> 6 == 2, (192...207).contains(packet[1]),
      stream.incoming.lock.expectsControl(from, at: now),
      let peer = streams.peer(of: stream), peer.description.isUntouched, peer.secrecy == nil,
      let to = peer.outgoing.controlDestination
    else { return nil }
    return Forward(slot: peer.slot, to: to, count: packet.count)
  }
}
