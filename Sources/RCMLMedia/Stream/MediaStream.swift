import RCMLBasics

/// One party's stream: what was agreed with it, what comes from it, what goes to it. The parts of the engine tell it what
/// happened and ask what is to be done; nobody else writes what it holds.
final class MediaStream {
  let id: MediaID
  let slot: Int
  private(set) var description = StreamDescription()
  private(set) var incoming = IncomingSide()
  private(set) var outgoing: OutgoingSide
  private(set) var keys = KeySide()
  /// Nil: its packets are open.
  private(set) var secrecy: PacketSecrecy?
  private(set) var joint: Joint?
  private(set) var performance: Performance?
  private(set) var tracks: [Track] = []
  // Which of the alarms that were set are still meant.
  private(set) var reportDue = Instant.distantFuture
  private(set) var silenceDue = Instant.distantFuture

  /// Whom it is joined to.
  struct Joint {
    /// The other one's slot.
    let peer: Int
    let withheldKey: UInt8
  }

  /// What is played, and when its next packet is due.
  struct Performance {
    fileprivate(set) var playback: Playback
    fileprivate(set) var nextFrame: Instant
  }

  /// A recording this stream is heard in.
  struct Track {
    let recorder: Recorder
    let isRight: Bool
  }

  init(id: MediaID, slot: Int, random: inout RandomSource, at now: Instant) {
    self.id = id
    self.slot = slot
    outgoing = OutgoingSide(random: &random, at: now)
  }

  // MARK: signalling

  /// True: what is sent was held back before, or is from now on, or goes elsewhere.
  func describe(_ description: StreamDescription, at now: Instant) -> Bool {
    let before = self.description
    self.description = description
    incoming.describe(description, before: before, at: now)
    outgoing.steer(description, believed: incoming.lock.believed)
    keys.describe(description)
    keepSecret(description.sender.secrecy)
    guard
      before.remote != description.remote || before.sends != description.sends
        || before.receives != description.receives
        || before.sender.isConfirmed != description.sender.isConfirmed
    else { return false }
    startNumbersAnew()
    return true
  }

  private func keepSecret(_ wanted: StreamSecrecy?) {
    guard let wanted else {
      secrecy = nil
      return
    }
    if let secrecy { secrecy.follow(wanted) } else { secrecy = PacketSecrecy(wanted) }
  }

  func map(towards peer: MediaStream?) { incoming.map(description, towards: peer?.description) }

  func join(_ peer: Int, withheldKey: UInt8) {
    joint = Joint(peer: peer, withheldKey: withheldKey)
    startNumbersAnew()
  }

  func part() {
    joint = nil
    startNumbersAnew()
  }

  var peer: Int? { joint?.peer }

  func startNumbersAnew() { outgoing.startNumbersAnew() }

  // MARK: what comes

  /// False: the packet is somebody else's.
  @inline(__always)
  func judge(_ from: SocketAddress, _ header: RTPHeader, at now: Instant) -> SourceLock.Verdict {
    let verdict = incoming.judge(from, header, at: now)
    if verdict == .moved { follow() }
    return verdict
  }

  @inline(never)
  private func follow() {
    incoming.beginSource()
    outgoing.steer(description, believed: incoming.lock.believed)
  }

  @inline(__always)
  func count(_ header: RTPHeader, rate: UInt64, at now: Instant) -> Bool {
    incoming.count(header, rate: rate, at: now)
  }

  func noteSign(from: SocketAddress, at now: Instant) { incoming.noteSign(from: from, at: now) }
  func noteSilenceTold() { incoming.noteSilenceTold() }

  func keepReport(_ packet: UnsafeRawBufferPointer, from: SocketAddress, at now: Instant) {
    incoming.keep(packet, from: from, at: now)
  }

  /// The key of an event, if it is to be told.
  func press(_ event: TelephoneEvent, of header: RTPHeader, at now: Instant) -> UInt8? {
    keys.press(
      event, of: header, epoch: incoming.reception.epoch, isJoined: joint != nil, at: now)
  }

  func passes(_ event: TelephoneEvent) -> Bool {
    keys.passes(event.key, withheld: joint?.withheldKey ?? 0)
  }

  /// A key in its sound; false: the same press came as an event.
  func isNewInSound(_ key: UInt8, at now: Instant) -> Bool {
    keys.isNew(key, by: .sound, at: now)
  }

  // MARK: what goes

  @inline(__always)
  func stamp(
    _ packet: UnsafeMutableRawBufferPointer, _ header: RTPHeader, _ entry: PayloadMap.Entry,
    from speaker: MediaStream, at now: Instant
  ) {
    outgoing.stamp(
      packet, header, entry, epoch: speaker.incoming.reception.epoch, rate: speaker.incoming.rate,
      at: now)
  }

  func sound(_ payloadType: UInt8, _ count: Int, at due: Instant) -> RTPHeader {
    outgoing.sound(payloadType, count, at: due)
  }

  func event(_ payloadType: UInt8, isFirst: Bool, _ count: Int, at due: Instant) -> RTPHeader {
    outgoing.event(payloadType, isFirst: isFirst, count, at: due)
  }

  /// What is to be reported to the party; nil: nothing happened.
  func makeReport(at now: Instant, _ wall: WallClock) -> ControlReport? {
    var report = outgoing.makeReport(at: now, wall)
    incoming.describe(in: &report, at: now)
    return report.sent == nil && report.reception == nil ? nil : report
  }

  /// Nil: nothing was heard yet.
  var reception: StreamReception? {
    let heard = incoming.reception
    guard heard.packets > 0 else { return nil }
    let rate = max(1, Int(clamping: incoming.rate))
    return StreamReception(
      packets: heard.packets, lost: heard.lost,
      jitterMicroseconds: Int(heard.jitter) * 1_000_000 / rate)
  }

  func expectReport(at instant: Instant) { reportDue = instant }
  func expectSilence(at instant: Instant) { silenceDue = instant }

  // MARK: played

  /// Samples of a packet of ours.
  var frameSamples: Int { min(60, max(10, description.packetTime)) * 8 }

  /// The first payload we can speak.
  var spoken: (number: UInt8, law: G711.Law)? {
    for payload in description.outgoing {
      if let law = payload.codec.law { return (payload.number, law) }
    }
    return nil
  }

  var eventPayload: UInt8? {
    for payload in description.outgoing {
      if case .telephoneEvent(let rate) = payload.codec, rate == 8_000 { return payload.number }
    }
    return nil
  }

  /// Begins after whatever was sent last, be it the fade of the one before; returns when.
  func play(_ playback: Playback, at now: Instant) -> Instant {
    let start = max(now, outgoing.timestampAt)
    performance = Performance(playback: playback, nextFrame: start)
    startNumbersAnew()
    return start
  }

  func stopPlaying() { performance = nil }

  /// The next `room.count` samples of what is played.
  func nextFrame(into room: UnsafeMutableBufferPointer<Int16>) -> Playback.Frame {
    performance?.playback.next(room) ?? .ended
  }

  /// The last ones of what is broken off.
  func lastFrame(into room: UnsafeMutableBufferPointer<Int16>) -> Playback.Frame {
    performance?.playback.breakOff(room) ?? .ended
  }

  func expectFrame(at instant: Instant) { performance?.nextFrame = instant }

  // MARK: recorded

  func addTrack(_ recorder: Recorder, isRight: Bool) {
    tracks.append(Track(recorder: recorder, isRight: isRight))
  }

  func removeTracks(of recorder: Recorder) { tracks.removeAll { $0.recorder === recorder } }
}
