import RCMLBasics

extension MediaEngine {
  /// A command about something that is not there is about something that has just ended: nothing happens.
  package func perform(_ command: MediaCommand, at now: Instant) {
    switch command {
    // What these need of the machine is done by whoever drives this.
    case .usePorts, .open, .openFrames, .load: break
    case .forget(let id): sounds[id] = nil
    case .describe(let id, let description): describe(id, description, at: now)
    case .close(let id): close(id, at: now)
    case .join(let first, let second, let join): self.join(first, second, join)
    case .part(let id): part(id)
    case .play(let id, let playback, let items): play(id, playback, items, at: now)
    case .stop(let playback): stop(playback, at: now)
    case .record(let id, let plan, _): record(id, plan, at: now)
    case .recordAlso(let id, let other): recordAlso(id, other)
    case .endRecording(let id), .discardRecording(let id):
      if let place = recording[id] { finish(place, .stopped, at: now) }
    }
  }

  /// The stream's sockets are bound; `slot` is where the reactor finds them without a search.
  package func open(_ id: MediaID, slot: Int, at now: Instant) {
    guard slot >= 0, slot < 1 << 20, slots[id] == nil else { return }
    while streams.count <= slot { streams.append(nil) }
    guard streams[slot] == nil else { return }
    let stream = MediaStream(id: id, slot: slot, random: &random, at: now)
    streams[slot] = stream
    slots[id] = slot
    expectReport(of: stream, at: now)
    // A recording of ringing knows who will be on the right before that party is there (spec R-2).
    for (place, recorder) in recorders.enumerated() where recorder?.plan.right == id {
      stream.tracks.append(.init(recorder: place, isRight: true))
    }
  }

  private func describe(_ id: MediaID, _ description: StreamDescription, at now: Instant) {
    guard let stream = stream(id) else { return }
    let before = stream.description
    let isFirst = !stream.isDescribed
    stream.description = description
    stream.isDescribed = true
    address(stream, before, isFirst)
    if stream.heardAt == nil || !before.receives { stream.heardAt = now }
    if description.silenceLimit > .zero {
      expectSilence(of: stream, at: now + description.silenceLimit)
    }
    let isSpoken = description.incoming.contains { $0.codec.law != nil }
    if !description.hearsKeys || !isSpoken {
      stream.listener = nil
    } else if stream.listener == nil {
      stream.listener = KeyListener()
    }
    remap(stream)
  }

  /// Believed is only who a description names, or who was found under it: whoever that was stays until the party
  /// moves. One that is nowhere for a while (`c=0.0.0.0`) moves nowhere.
  private func address(_ stream: MediaStream, _ before: StreamDescription, _ isFirst: Bool) {
    let description = stream.description
    if description.remote == nil {
      stream.destination = nil
      stream.controlDestination = nil
    } else if isFirst || before.remote != description.remote {
      stream.lock = SourceLock(named: description.remote, follows: description.followsSource)
      stream.destination = description.remote
      stream.controlDestination = description.control
    } else if before.control != description.control {
      stream.controlDestination = description.control
    }
    // What was held back leaves no hole in the numbers.
    guard
      before.remote != description.remote || before.sends != description.sends
        || before.receives != description.receives
    else { return }
    stream.relay = nil
    if let peer = stream.peer.flatMap({ self.stream(at: $0) }) { peer.relay = nil }
  }

  /// Works out what passes between a stream and its peer, both ways.
  private func remap(_ stream: MediaStream) {
    let peer = stream.peer.flatMap { self.stream(at: $0) }
    stream.incomingRate =
      stream.description.incoming.lazy.compactMap { $0.codec.rate }.first ?? 8_000
    stream.map = map(of: stream, towards: peer)
    guard let peer else { return }
    peer.map = map(of: peer, towards: stream)
  }

  private func map(of stream: MediaStream, towards peer: MediaStream?) -> PayloadMap {
    PayloadMap(
      incoming: stream.description.incoming, outgoing: peer?.description.outgoing ?? [],
      isUntouched: stream.description.isUntouched)
  }

  private func close(_ id: MediaID, at now: Instant) {
    part(id)
    guard let slot = slots.removeValue(forKey: id), let stream = streams[slot] else { return }
    if let playback = stream.playback { playing[playback.id] = nil }
    for track in stream.tracks where recorders[track.recorder]?.plan.left == id {
      finish(track.recorder, .stopped, at: now)
    }
    streams[slot] = nil
  }

  private func join(_ first: MediaID, _ second: MediaID, _ join: MediaCommand.Join) {
    guard let one = stream(first), let other = stream(second), one !== other else { return }
    part(first)
    part(second)
    one.peer = other.slot
    other.peer = one.slot
    one.withheldKey = join.withheldKey
    one.relay = nil
    other.relay = nil
    remap(one)
  }

  private func part(_ id: MediaID) {
    guard let stream = stream(id), let slot = stream.peer else { return }
    stream.peer = nil
    stream.withheldKey = 0
    stream.relay = nil
    remap(stream)
    guard let peer = self.stream(at: slot) else { return }
    peer.peer = nil
    peer.withheldKey = 0
    peer.relay = nil
    remap(peer)
  }

  private func play(
    _ id: MediaID, _ playback: PlaybackID, _ items: [PlayItem], at now: Instant
  ) {
    guard let stream = stream(id) else { return tell(.unplayable(playback)) }
    if let before = stream.playback { stop(before.id, at: now) }
    guard stream.spoken != nil else { return tell(.unplayable(playback)) }
    let pieces = self.pieces(of: items, knowsEvents: stream.eventPayload != nil)
    stream.playback = Playback(id: playback, items: pieces)
    stream.relay = nil
    playing[playback] = stream.slot
    // After whatever was sent last, be it the fade of the one before.
    stream.nextFrame = max(now, stream.timestampAt)
    later(stream.nextFrame, .frame(slot: stream.slot))
  }

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

  private func stop(_ id: PlaybackID, at now: Instant) {
    guard let slot = playing.removeValue(forKey: id), let stream = stream(at: slot) else { return }
    sendFade(of: stream, at: now)
    stream.playback = nil
    stream.nextFrame = .distantFuture
  }

  private func record(_ id: RecordingID, _ plan: RecordingPlan, at now: Instant) {
    guard recording[id] == nil, let left = stream(plan.left) else {
      tell(
        .recorded(id, RecordingResult(reason: .failed, milliseconds: 0, isEmpty: true)))
      return output(.finish(id))
    }
    let place = recorders.firstIndex { $0 == nil } ?? recorders.count
    if place == recorders.count { recorders.append(nil) }
    recorders[place] = Recorder(id: id, plan: plan, at: now)
    recording[id] = place
    left.tracks.append(.init(recorder: place, isRight: false))
    if let right = plan.right.flatMap({ stream($0) }), right !== left {
      right.tracks.append(.init(recorder: place, isRight: true))
    }
    later(now + Recorder.interval, .recorder(place: place))
  }

  private func recordAlso(_ id: RecordingID, _ other: MediaID) {
    guard let place = recording[id], let recorder = recorders[place], recorder.plan.right == nil,
      recorder.plan.left != other, let right = stream(other)
    else { return }
    recorder.plan.right = other
    right.tracks.append(.init(recorder: place, isRight: true))
  }

  func finish(_ place: Int, _ reason: RecordingResult.Reason, at now: Instant) {
    guard let recorder = recorders[place] else { return }
    recorders[place] = nil
    recording[recorder.id] = nil
    for id in [recorder.plan.left, recorder.plan.right] {
      guard let stream = id.flatMap({ stream($0) }) else { continue }
      stream.tracks.removeAll { $0.recorder == place }
    }
    if !recorder.hasFailed {
      recorder.write(at: now, isLast: true) {
        output(.write(recorder.id, offset: $0, bytes: $1))
      }
    }
    let isUnwanted = recorder.isEmpty && !recorder.plan.keepsEmpty
    output(isUnwanted ? .drop(recorder.id) : .finish(recorder.id))
    tell(.recorded(recorder.id, recorder.result(reason, at: now)))
  }

  /// The reactor could not write: the recording ends with its next step.
  package func recordingFailed(_ id: RecordingID, at now: Instant) {
    guard let place = recording[id] else { return }
    recorders[place]?.hasFailed = true
    finish(place, .failed, at: now)
  }
}
