import RCMLBasics

/// What is played to parties: sounds, tones and keys, a packet at a time.
final class Speaker {
  private let streams: StreamTable
  private let alarms: Alarms
  private let outbox: Outbox
  private let notices: Notices
  private var sounds: [SoundID: [Int16]] = [:]
  /// The slots of those that are played.
  private var playing: [PlaybackID: Int] = [:]
  /// Of the longest packet, 60 ms.
  private var frame = [Int16](repeating: 0, count: 480)
  private(set) var sent: UInt64 = 0

  init(_ streams: StreamTable, _ alarms: Alarms, _ outbox: Outbox, _ notices: Notices) {
    self.streams = streams
    self.alarms = alarms
    self.outbox = outbox
    self.notices = notices
  }

  var count: Int { playing.count }

  // MARK: sounds

  func keep(_ id: SoundID, _ samples: [Int16]) { sounds[id] = samples }
  func sound(_ id: SoundID) -> [Int16]? { sounds[id] }
  func forget(_ id: SoundID) { sounds[id] = nil }

  private func pieces(of items: [PlayItem], knowsEvents: Bool) -> [PlayPiece] {
    items.map { item in
      switch item {
      case .sound(let id, let times): .sound(sounds[id] ?? [], times: times)
      case .ringing(let country):
        .sound((RingTone.of(country) ?? .unitedStates).cycle, times: 0)
      case .beep: .sound(Tone.beep, times: 1)
      case .warning: .sound(Tone.warning, times: 1)
      case .silence(let milliseconds): .silence(max(0, milliseconds) * 8)
      case .digits(let keys) where knowsEvents: .digits(keys)
      // As tones, for a party that does not know events.
      case .digits(let keys): .sound(keys.flatMap { Tone.key($0) ?? [] }, times: 1)
      }
    }
  }

  // MARK: begin and end

  func play(_ id: MediaID, _ playback: PlaybackID, _ items: [PlayItem], at now: Instant) {
    guard let stream = streams[id] else { return notices.tell(.unplayable(playback)) }
    if let before = stream.performance { stop(before.playback.id, at: now) }
    guard stream.spoken != nil else { return notices.tell(.unplayable(playback)) }
    let pieces = pieces(of: items, knowsEvents: stream.eventPayload != nil)
    let start = stream.play(Playback(id: playback, items: pieces), at: now)
    playing[playback] = stream.slot
    alarms.set(.frame(slot: stream.slot), at: start)
  }

  /// It fades, and a key is let go.
  func stop(_ id: PlaybackID, at now: Instant) {
    guard let slot = playing.removeValue(forKey: id), let stream = streams[slot] else { return }
    sendFade(of: stream, at: now)
    stream.stopPlaying()
  }

  /// Its stream is no more.
  func forget(_ stream: MediaStream) {
    if let performance = stream.performance { playing[performance.playback.id] = nil }
  }

  // MARK: packets

  /// The next packet of what is played. Its time is the time it was due, so that the pace never drifts.
  func sendFrame(of stream: MediaStream, due: Instant, at now: Instant) {
    guard let performance = stream.performance, performance.nextFrame == due else { return }
    let count = stream.frameSamples
    let next = frame.withUnsafeMutableBufferPointer { room in
      stream.nextFrame(into: UnsafeMutableBufferPointer(rebasing: room[..<count]))
    }
    switch next {
    case .audio: sendAudio(stream, count, due)
    case .event(let event, let isFirst): sendEvent(stream, event, isFirst, count, due)
    case .pause: break
    case .ended:
      let id = performance.playback.id
      stream.stopPlaying()
      playing[id] = nil
      return notices.tell(.played(id))
    }
    // Whoever was asleep for long does not send a burst: what is past is past.
    let step = Interval.microseconds(count * 125)
    let isLate = now - due > .milliseconds(200)
    let following = isLate ? now + step : due + step
    stream.expectFrame(at: following)
    alarms.set(.frame(slot: stream.slot), at: following)
  }

  private func sendFade(of stream: MediaStream, at now: Instant) {
    guard let performance = stream.performance else { return }
    let count = stream.frameSamples
    let due = max(performance.nextFrame, now)
    let last = frame.withUnsafeMutableBufferPointer { room in
      stream.lastFrame(into: UnsafeMutableBufferPointer(rebasing: room[..<count]))
    }
    switch last {
    case .audio: sendAudio(stream, count, due)
    case .event(let event, _):
      for _ in 0..<DigitSender.endings { sendEvent(stream, event, false, count, due) }
    case .pause, .ended: break
    }
  }

  private func sendAudio(_ stream: MediaStream, _ count: Int, _ due: Instant) {
    guard let spoken = stream.spoken, stream.description.sends,
      let to = stream.outgoing.destination
    else { return }
    let header = stream.sound(spoken.number, count, at: due)
    frame.withUnsafeBufferPointer { samples in
      outbox.add(slot: stream.slot, to: to, count: 12 + count, secrecy: stream.secrecy) { packet in
        _ = header.write(to: packet)
        G711.encode(
          UnsafeBufferPointer(rebasing: samples[..<count]), spoken.law,
          into: UnsafeMutableRawBufferPointer(rebasing: packet[12...]))
      }
    }
    sent &+= 1
  }

  private func sendEvent(
    _ stream: MediaStream, _ event: TelephoneEvent, _ isFirst: Bool, _ count: Int, _ due: Instant
  ) {
    guard let payloadType = stream.eventPayload, stream.description.sends,
      let to = stream.outgoing.destination, let octets = event.octets
    else { return }
    let header = stream.event(payloadType, isFirst: isFirst, count, at: due)
    outbox.add(slot: stream.slot, to: to, count: 16, secrecy: stream.secrecy) { packet in
      _ = header.write(to: packet)
      for (place, octet) in octets.enumerated() { packet[12 + place] = octet }
    }
    sent &+= 1
  }
}
