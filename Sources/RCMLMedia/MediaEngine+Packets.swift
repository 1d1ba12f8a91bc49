import RCMLBasics

/// The packet path.
extension MediaEngine {
  /// One RTP packet as it was read. Its octets may be changed; a result says where they go on to.
  package func receive(
    slot: Int, from: SocketAddress, packet: UnsafeMutableRawBufferPointer, at now: Instant
  ) -> Forward? {
    counters.received &+= 1
    guard let stream = stream(at: slot), stream.isDescribed,
      let header = RTPHeader.read(UnsafeRawBufferPointer(packet))
    else {
      counters.malformed &+= 1
      return nil
    }
    let entry = stream.map[header.payloadType]
    guard entry & PayloadMap.isKnown != 0 else {
      counters.malformed &+= 1
      stream.dropped &+= 1
      // Comfort noise that nobody agreed on is a sign of life all the same (spec U-27).
      if stream.lock.believes(from) { stream.heardAt = now }
      return nil
    }
    guard stream.description.receives else {
      counters.unwanted &+= 1
      return nil
    }
    switch stream.lock.judge(from, header, at: now) {
    case .accepted: break
    case .locked: follow(stream, to: from)
    case .refused:
      counters.strange &+= 1
      stream.dropped &+= 1
      return nil
    }
    let isEvent = entry & PayloadMap.isEvent != 0
    let law = PayloadMap.law(entry)
    // The timestamp of an event stands still.
    let rate = isEvent ? 0 : law != nil ? 8_000 : stream.incomingRate
    guard stream.reception.take(header, rate: rate, at: now) else {
      counters.malformed &+= 1
      stream.dropped &+= 1
      return nil
    }
    stream.heardAt = now
    let payload = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(packet)[header.payload])
    if isEvent {
      if !takeEvent(payload, header, of: stream, at: now) {
        counters.withheld &+= 1
        return nil
      }
    } else if let law {
      if let listener = stream.listener {
        // The sound itself has been passed on or is about to be: a key in it cannot be withheld.
        listener.hear(payload, law, header) { tellKey($0, by: .sound, of: stream, at: now) }
      }
      for track in stream.tracks {
        recorders[track.recorder]?.hear(
          payload, law, header: header, isRight: track.isRight, at: now)
      }
    } else if entry & PayloadMap.isNoise != 0 {
      for track in stream.tracks {
        recorders[track.recorder]?.pause(header: header, isRight: track.isRight)
      }
    }
    return relay(stream, header, entry, packet, at: now)
  }

  private func relay(
    _ stream: MediaStream, _ header: RTPHeader, _ entry: PayloadMap.Entry,
    _ packet: UnsafeMutableRawBufferPointer, at now: Instant
  ) -> Forward? {
    guard entry & PayloadMap.passes != 0, let slot = stream.peer, let peer = self.stream(at: slot),
      peer.description.sends, let to = peer.destination, peer.playback == nil
    else {
      counters.unwanted &+= 1
      return nil
    }
    if entry & (PayloadMap.fromMu | PayloadMap.fromA | PayloadMap.isUntouched) != 0 {
      if entry & PayloadMap.isUntouched != 0 { return pass(header, entry, packet, peer, to) }
      G711.transcode(
        UnsafeMutableRawBufferPointer(rebasing: packet[header.payload]),
        from: entry & PayloadMap.fromMu != 0 ? .mu : .a)
    }
    var marker = header.marker
    if peer.relay?.epoch != stream.reception.epoch {
      marker = true
      peer.relay = RelayOffset(
        epoch: stream.reception.epoch, sequence: peer.sequence &- header.sequence,
        timestamp: peer.timestamp(at: now) &- header.timestamp)
    }
    guard let offset = peer.relay else { return nil }
    let sequence = header.sequence &+ offset.sequence
    let timestamp = header.timestamp &+ offset.timestamp
    // What is sent next by ourselves comes after the furthest that was passed on.
    if Int16(bitPattern: sequence &- peer.sequence) >= 0 {
      peer.sequence = sequence &+ 1
      let isOurs = entry & (PayloadMap.isMu | PayloadMap.isA) != 0
      // The timestamp of an event is that of its start: the clock goes on from the audio before it.
      if entry & PayloadMap.isEvent == 0 {
        peer.use(
          from: timestamp, count: isOurs ? header.payload.count : 0,
          rate: isOurs ? 8_000 : stream.incomingRate, at: now)
      }
    }
    packet[1] = (marker ? 0x80 : 0) | UInt8(entry & 127)
    packet.storeBytes(of: sequence.bigEndian, toByteOffset: 2, as: UInt16.self)
    packet.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
    packet.storeBytes(of: peer.source.bigEndian, toByteOffset: 8, as: UInt32.self)
    peer.sentPackets &+= 1
    peer.sentOctets &+= UInt32(truncatingIfNeeded: header.payload.count)
    peer.hasSent = true
    counters.relayed &+= 1
    return Forward(slot: slot, to: to, count: packet.count)
  }

  /// Nothing but its number is changed: what the sender says about its source is true for the receiver, too.
  private func pass(
    _ header: RTPHeader, _ entry: PayloadMap.Entry, _ packet: UnsafeMutableRawBufferPointer,
    _ peer: MediaStream, _ to: SocketAddress
  ) -> Forward {
    packet[1] = (header.marker ? 0x80 : 0) | UInt8(entry & 127)
    counters.relayed &+= 1
    return Forward(slot: peer.slot, to: to, count: packet.count)
  }

  /// False: the press is told, but not passed on (spec L-34) — no packet of it, also none that comes late, or that
  /// belongs to a press from before the two were joined.
  private func takeEvent(
    _ payload: UnsafeRawBufferPointer, _ header: RTPHeader, of stream: MediaStream, at now: Instant
  ) -> Bool {
    guard let event = TelephoneEvent.read(payload) else { return true }
    if let key = stream.digits.take(event, of: header) {
      tellKey(key, by: .event, of: stream, at: now)
      // A press that accepted a call is not the caller's: what is left of it after the join goes nowhere.
      stream.passesPress = stream.peer != nil
    }
    for track in stream.tracks {
      recorders[track.recorder]?.hear(event, header: header, isRight: track.isRight)
    }
    return stream.passesPress
      && (stream.withheldKey == 0 || event.key != stream.withheldKey)
  }

  private func tellKey(
    _ key: UInt8, by way: KeyMemory.Way, of stream: MediaStream, at now: Instant
  ) {
    if stream.keys.isNew(key, by: way, at: now) { tell(.digit(stream.id, key)) }
  }

  private func follow(_ stream: MediaStream, to address: SocketAddress) {
    guard stream.destination != nil else { return }
    stream.destination = address
    guard let control = stream.description.control else { return }
    // One port for both (RFC 5761), or the next one (RFC 3550 §11).
    let isOnePort = control == stream.description.remote
    guard isOnePort || address.port < .max else {
      stream.controlDestination = nil
      return
    }
    var next = address
    if !isOnePort { next.port += 1 }
    stream.controlDestination = next
  }

  /// One RTCP packet, believed only from the machine whose RTP is. Nothing is answered; a result says where it goes on
  /// to, from the port for RTCP: only what was sent between parties whose RTP passes untouched.
  @discardableResult
  package func receiveControl(
    slot: Int, from: SocketAddress, packet: UnsafeRawBufferPointer, at now: Instant
  ) -> Forward? {
    guard let stream = stream(at: slot) else { return nil }
    if stream.description.isUntouched { return passControl(of: stream, from: from, packet) }
    guard stream.lock.believesHost(of: from), let heard = ControlReport.read(packet),
      heard.source == stream.reception.source
    else { return nil }
    stream.lastReport = (heard, now)
    return nil
  }

  /// Who only watches has sent no RTP, but wants a whole picture now and then: its named host is believed.
  private func passControl(
    of stream: MediaStream, from: SocketAddress, _ packet: UnsafeRawBufferPointer
  ) -> Forward? {
    // Version 2, and one of the types that RFC 3550 §12.1, 4585 and 3611 know.
    guard packet.count >= 8, packet[0] >> 6 == 2, (192...207).contains(packet[1]),
      stream.lock.believesHost(of: from) || stream.lock.waitsFor(hostOf: from),
      let slot = stream.peer, let peer = self.stream(at: slot), peer.description.isUntouched,
      let to = peer.controlDestination
    else { return nil }
    return Forward(slot: slot, to: to, count: packet.count)
  }
}
