import RCMLBasics

/// What happens because time passes.
extension MediaEngine {
  static let reportInterval = Interval.seconds(5)

  func later(_ instant: Instant, _ timer: TimerName, _ place: Int) {
    deadlines.add(Deadline(instant, timer), for: UInt64(place))
  }

  package func timePassed(at now: Instant) {
    while let entry = deadlines.popFirst(dueAt: now) {
      let place = Int(entry.owner)
      switch entry.deadline.timer {
      case .mediaFrame:
        if let stream = stream(at: place), stream.nextFrame == entry.deadline.instant {
          sendFrame(of: stream, at: now)
        }
      case .mediaReport: report(place, at: now)
      case .mediaSilence: checkSilence(place, at: now)
      case .recording: stepRecording(place, entry.deadline.instant, at: now)
      default: break
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
    case .event(let event, let isFirst): sendEvent(stream, event, isFirst, due)
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
    later(stream.nextFrame, .mediaFrame, stream.slot)
  }

  func sendFade(of stream: MediaStream, at now: Instant) {
    guard var playback = stream.playback else { return }
    let count = stream.frameSamples
    let isSounding = frame.withUnsafeMutableBufferPointer { room in
      playback.fadeOut(UnsafeMutableBufferPointer(rebasing: room[..<count]))
    }
    if isSounding { sendAudio(stream, count, max(stream.nextFrame, now)) }
  }

  private func sendAudio(_ stream: MediaStream, _ count: Int, _ due: Instant) {
    guard let spoken = stream.spoken, stream.description.sends, let to = stream.destination else {
      return
    }
    let header = head(of: stream, payloadType: spoken.number, marker: !stream.hasSent, due)
    frame.withUnsafeBufferPointer { samples in
      outbox.add(slot: stream.slot, to: to, count: 12 + count) { packet in
        _ = header.write(to: packet)
        for place in 0..<count {
          packet[12 + place] = G711.encode(samples[place], spoken.law)
        }
      }
    }
    sent(stream, octets: count)
  }

  private func sendEvent(
    _ stream: MediaStream, _ event: TelephoneEvent, _ isFirst: Bool, _ due: Instant
  ) {
    guard let payloadType = stream.eventPayload, stream.description.sends,
      let to = stream.destination, let octets = event.octets
    else { return }
    var header = head(of: stream, payloadType: payloadType, marker: isFirst, due)
    if isFirst { stream.eventTimestamp = header.timestamp }
    header.timestamp = stream.eventTimestamp
    outbox.add(slot: stream.slot, to: to, count: 16) { packet in
      _ = header.write(to: packet)
      for (place, octet) in octets.enumerated() { packet[12 + place] = octet }
    }
    sent(stream, octets: 4)
  }

  private func head(
    of stream: MediaStream, payloadType: UInt8, marker: Bool, _ due: Instant
  ) -> RTPHeader {
    stream.timestamp = stream.timestamp(at: due)
    stream.timestampAt = due
    let header = RTPHeader(
      payloadType: payloadType, marker: marker, sequence: stream.sequence,
      timestamp: stream.timestamp, source: stream.source)
    stream.sequence &+= 1
    return header
  }

  private func sent(_ stream: MediaStream, octets: Int) {
    stream.hasSent = true
    stream.sentPackets &+= 1
    stream.sentOctets &+= UInt32(octets)
    counters.played &+= 1
  }

  private func report(_ slot: Int, at now: Instant) {
    guard let stream = stream(at: slot) else { return }
    later(now + MediaEngine.reportInterval, .mediaReport, slot)
    let hasHeard = stream.reception.packets > 0
    let hasSpoken = stream.sentPackets != stream.reportedPackets
    guard let to = stream.controlDestination, stream.description.sends, hasHeard || hasSpoken else {
      return
    }
    var report = ControlReport(source: stream.source)
    if hasSpoken {
      // 2,208,988,800 s lie between 1900 and 1970.
      let micros = UInt64(max(0, wall.unixMicroseconds(at: now)))
      let seconds = (micros / 1_000_000 + 2_208_988_800) & 0xffff_ffff
      report.sent = ControlReport.Sent(
        time: seconds << 32 | (micros % 1_000_000) << 32 / 1_000_000,
        timestamp: stream.timestamp(at: now), packets: stream.sentPackets,
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
    outbox.add(slot: slot, to: to, isControl: true, count: report.count) { report.write(to: $0) }
  }

  private func checkSilence(_ slot: Int, at now: Instant) {
    guard let stream = stream(at: slot), let heardAt = stream.heardAt else { return }
    let limit = stream.description.silenceLimit
    guard limit > .zero else { return }
    // On hold nobody has to speak.
    let since = stream.description.receives ? heardAt : now
    if now - since >= limit {
      tell(.silent(stream.id))
      stream.heardAt = nil
    } else {
      later(since + limit, .mediaSilence, slot)
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
    later(recorder.nextStep, .recording, place)
  }

  /// The machine's clock was set.
  package func set(_ wall: WallClock) { self.wall = wall }
}
