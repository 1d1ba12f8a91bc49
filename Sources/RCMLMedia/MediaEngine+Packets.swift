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
    guard entry & PayloadMap.isKnown != 0, stream.description.receives else {
      counters.malformed &+= 1
      stream.dropped &+= 1
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
    stream.reception.take(header, at: now)
    stream.heardAt = now
    let payload = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(packet)[header.payload])
    if entry & PayloadMap.isEvent != 0 {
      if !takeEvent(payload, header, of: stream) {
        counters.withheld &+= 1
        return nil
      }
    } else if let place = stream.recorder, recorders[place] != nil,
      let law = PayloadMap.law(entry)
    {
      recorders[place]?.hear(
        payload, law, header: header, isRight: stream.isRightTrack, at: now)
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
    if entry & PayloadMap.fromMu != 0 {
      transcode(packet, header.payload, from: .mu)
    } else if entry & PayloadMap.fromA != 0 {
      transcode(packet, header.payload, from: .a)
    }
    var marker = header.marker
    if peer.relay?.source != header.source {
      marker = true
      peer.relay = RelayOffset(
        source: header.source, sequence: peer.sequence &- header.sequence,
        timestamp: peer.timestamp(at: now) &- header.timestamp)
    }
    guard let offset = peer.relay else { return nil }
    let sequence = header.sequence &+ offset.sequence
    let timestamp = header.timestamp &+ offset.timestamp
    // What is sent next by ourselves comes after the furthest that was passed on.
    if Int16(bitPattern: sequence &- peer.sequence) >= 0 {
      peer.sequence = sequence &+ 1
      peer.timestamp = timestamp
      peer.timestampAt = now
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

  /// False: the press is told, but not passed on.
  private func takeEvent(
    _ payload: UnsafeRawBufferPointer, _ header: RTPHeader, of stream: MediaStream
  ) -> Bool {
    guard let event = TelephoneEvent.read(payload) else { return true }
    if let key = stream.digits.take(event, of: header) {
      tell(.digit(stream.id, key))
    }
    // Also the rest of a press that began before the parties were joined.
    if stream.withheldKey != 0, event.key == stream.withheldKey {
      stream.withheldPress = header.timestamp
    }
    return stream.withheldPress != header.timestamp
  }

  private func transcode(
    _ packet: UnsafeMutableRawBufferPointer, _ payload: Range<Int>, from law: G711.Law
  ) {
    for place in payload { packet[place] = G711.transcode(packet[place], from: law) }
  }

  private func follow(_ stream: MediaStream, to address: SocketAddress) {
    guard stream.destination != nil else { return }
    stream.destination = address
    var control = address
    control.port &+= 1
    stream.controlDestination = control
  }

  /// One RTCP packet. Nothing is answered and nothing passed on.
  package func receiveControl(
    slot: Int, from: SocketAddress, packet: UnsafeRawBufferPointer, at now: Instant
  ) {
    guard let stream = stream(at: slot), stream.isDescribed,
      let heard = ControlReport.read(packet), heard.source == stream.reception.source
    else { return }
    stream.lastReport = (heard, now)
  }
}
