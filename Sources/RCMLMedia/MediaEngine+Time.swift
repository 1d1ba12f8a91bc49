import RCMLBasics

/// What happens because time passes.
extension MediaEngine {
  static let reportInterval = Interval.seconds(5)

  func later(_ instant: Instant, _ owner: DeadlineOwner) {
    deadlines.add(Deadline(instant, owner.timer), for: owner)
  }

  package func timePassed(at now: Instant) {
    while let entry = deadlines.popFirst(dueAt: now) {
      switch entry.owner {
      case .frame(let slot):
        if let stream = stream(at: slot), stream.nextFrame == entry.deadline.instant {
          sendFrame(of: stream, at: now)
        }
      case .report(let slot):
        if let stream = stream(at: slot), stream.reportDue == entry.deadline.instant {
          report(stream, at: now)
        }
      case .silence(let slot):
        if let stream = stream(at: slot), stream.silenceDue == entry.deadline.instant {
          checkSilence(of: stream, at: now)
        }
      case .recorder(let place): stepRecording(place, entry.deadline.instant, at: now)
      }
    }
  }

  /// The next packet of what is played. Its time is the time it was due, so that the pace never drifts.
  private func sendFrame(of stream: MediaStream, at now: Instant) {
    guard var playback = stream.playback else { return }
    let count = stream.frameSamples
    let due = stream.nextFrame
    let next = frame.withUnsafeMutableBufferPointer { room in
      playback.next(UnsafeMutableBufferPointer(rebasing: room[..<count]))
    }
    stream.playback = playback
    switch next {
    case .audio: sendAudio(stream, count, due)
    case .event(let event, let isFirst): sendEvent(stream, event, isFirst, count, due)
    case .pause: break
    case .ended:
      stream.playback = nil
      stream.nextFrame = .distantFuture
      playing[playback.id] = nil
      return tell(.played(playback.id))
    }
    // Whoever was asleep for long does not send a burst: what is past is past.
    let step = Interval.microseconds(count * 125)
    let late = now - due
    stream.nextFrame = late > .milliseconds(200) ? now + step : due + step
    later(stream.nextFrame, .frame(slot: stream.slot))
  }

  /// What is broken off fades, and a key is let go.
  func sendFade(of stream: MediaStream, at now: Instant) {
    guard var playback = stream.playback else { return }
    let count = stream.frameSamples
    let due = max(stream.nextFrame, now)
    let last = frame.withUnsafeMutableBufferPointer { room in
      playback.breakOff(UnsafeMutableBufferPointer(rebasing: room[..<count]))
    }
    switch last {
    case .audio: sendAudio(stream, count, due)
    case .event(let event, _):
      for _ in 0..<DigitSender.endings { sendEvent(stream, event, false, count, due) }
    case .pause, .ended: break
    }
  }

  private func sendAudio(_ stream: MediaStream, _ count: Int, _ due: Instant) {
    guard let spoken = stream.spoken, stream.description.sends, let to = stream.destination else {
      return
    }
    let header = head(of: stream, payloadType: spoken.number, due)
    frame.withUnsafeBufferPointer { samples in
      outbox.add(slot: stream.slot, to: to, count: 12 + count) { packet in
        _ = header.write(to: packet)
        G711.encode(
          samples, spoken.law, into: UnsafeMutableRawBufferPointer(rebasing: packet[12...]))
      }
    }
    stream.use(from: header.timestamp, count: count, rate: 8_000, at: due)
    sent(stream, octets: count)
  }

  private func sendEvent(
    _ stream: MediaStream, _ event: TelephoneEvent, _ isFirst: Bool, _ count: Int, _ due: Instant
  ) {
    guard let payloadType = stream.eventPayload, stream.description.sends,
      let to = stream.destination, let octets = event.octets
    else { return }
    var header = head(of: stream, payloadType: payloadType, due)
    stream.use(from: header.timestamp, count: count, rate: 8_000, at: due)
    if isFirst { stream.eventTimestamp = header.timestamp }
    header.timestamp = stream.eventTimestamp
    header.marker = isFirst
    outbox.add(slot: stream.slot, to: to, count: 16) { packet in
      _ = header.write(to: packet)
      for (place, octet) in octets.enumerated() { packet[12 + place] = octet }
    }
    sent(stream, octets: 4)
  }

  /// The marker says that there was nothing just before (RFC 3551 §4.1).
  private func head(of stream: MediaStream, payloadType: UInt8, _ due: Instant) -> RTPHeader {
    let timestamp = stream.timestamp(at: due)
    let header = RTPHeader(
      payloadType: payloadType, marker: !stream.hasSent || timestamp != stream.timestamp,
      sequence: stream.sequence, timestamp: timestamp, source: stream.source)
    stream.sequence &+= 1
    return header
  }

  private func sent(_ stream: MediaStream, octets: Int) {
    stream.hasSent = true
    stream.sentPackets &+= 1
    stream.sentOctets &+= UInt32(octets)
    counters.played &+= 1
  }

  func expectReport(of stream: MediaStream, at now: Instant) {
    stream.reportDue = now + MediaEngine.reportInterval
    later(stream.reportDue, .report(slot: stream.slot))
  }

  /// Reports go on while a party is on hold (RFC 3264 §8.4).
  private func report(_ stream: MediaStream, at now: Instant) {
    expectReport(of: stream, at: now)
    let hasHeard = stream.reception.packets > 0
    let hasSpoken = stream.sentPackets != stream.reportedPackets
    guard let to = stream.controlDestination, hasHeard || hasSpoken,
      !stream.description.isUntouched
    else { return }
    var report = ControlReport(source: stream.source)
    if hasSpoken {
      // 2,208,988,800 s lie between 1900 and 1970.
      let micros = UInt64(max(0, wall.unixMicroseconds(at: now)))
      let seconds = (micros / 1_000_000 + 2_208_988_800) & 0xffff_ffff
      report.sent = ControlReport.Sent(
        time: seconds << 32 | (micros % 1_000_000) << 32 / 1_000_000,
        timestamp: stream.clock(at: now), packets: stream.sentPackets,
        octets: stream.sentOctets)
    }
    if hasHeard {
      report.reception = stream.reception
      report.fractionLost = stream.reception.fractionLost()
      if let last = stream.lastReport {
        report.lastReport = last.heard.middle
        report.delay = UInt32(clamping: (now - last.at).nanoseconds / 15_259)
      }
    }
    stream.reportedPackets = stream.sentPackets
    outbox.add(slot: stream.slot, to: to, isControl: true, count: report.count) {
      report.write(to: $0)
    }
  }

  func expectSilence(of stream: MediaStream, at instant: Instant) {
    stream.silenceDue = instant
    later(instant, .silence(slot: stream.slot))
  }

  private func checkSilence(of stream: MediaStream, at now: Instant) {
    guard let heardAt = stream.heardAt else { return }
    let limit = stream.description.silenceLimit
    guard limit > .zero else { return }
    // On hold nobody has to speak.
    let since = stream.description.receives ? heardAt : now
    if now - since >= limit {
      tell(.silent(stream.id))
      stream.heardAt = nil
    } else {
      expectSilence(of: stream, at: since + limit)
    }
  }

  private func stepRecording(_ place: Int, _ due: Instant, at now: Instant) {
    guard place < recorders.count, let recorder = recorders[place], recorder.nextStep == due else {
      return
    }
    if let reason = recorder.end(at: now) { return finish(place, reason, at: now) }
    recorder.write(at: now, isLast: false) {
      output(.write(recorder.id, offset: $0, bytes: $1))
    }
    recorder.nextStep = min(now + Recorder.interval, max(recorder.endsBy, now))
    later(recorder.nextStep, .recorder(place: place))
  }

  /// The machine's clock was set.
  package func set(_ wall: WallClock) { self.wall = wall }
}
