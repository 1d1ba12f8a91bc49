import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// Streams of our own: when a call needs them, and what comes of them.
extension Agent {
  func makeMediaNumber() -> UInt64 {
    defer { nextMedia += 1 }
    return nextMedia
  }

  // MARK: effects that wait for a stream

  /// True: a stream is being opened first; the effect is to be performed once it is there.
  func opensStream(for effect: CallEffect, of number: CallNumber) -> Bool {
    guard let call = calls[number], call.mediaMode != .direct else { return false }
    switch effect {
    case .leg(let leg, .start(let request)):
      guard let media = call.media.anchored else {
        guard call.mediaMode == .anchored || request.media != .any || opensFrames(request, call)
        else { return false }
        return openForCaller(number)
      }
      guard media.stream(of: .leg(leg)) == nil else {
        return request.target.hostMedia?.isFrames != true && opensVideo(for: leg, of: number)
      }
      let stream = MediaID(makeMediaNumber())
      calls[number]?.changeAnchored { $0.addLeg(leg, stream: stream) }
      open(stream, for: .leg(leg), as: request.target.hostMedia, of: number)
      return true
    case .caller(.answer(let leg)):
      guard call.media.anchored == nil, leg == nil || call.mediaMode == .anchored else {
        return false
      }
      return openForCaller(number)
    case .media(.perform), .media(.record):
      return call.media.anchored == nil ? openForCaller(number) : false
    case .caller, .leg, .media, .web, .ask, .tell, .ended:
      return false
    }
  }

  /// A stream for the video of the caller or the leg, one after the other, where it may come to be needed.
  private func opensVideo(for leg: LegNumber, of number: CallNumber) -> Bool {
    guard let party = calls[number]?.media.anchored?.partyWithoutVideo(dialling: leg) else {
      return false
    }
    let stream = MediaID(makeMediaNumber())
    calls[number]?.changeAnchored { $0.addVideo(of: party, stream: stream) }
    open(stream, for: party, as: nil, of: number)
    return true
  }

  @discardableResult
  func openForCaller(_ number: CallNumber) -> Bool {
    let stream = MediaID(makeMediaNumber())
    calls[number]?.anchoring = stream
    open(stream, for: .caller, as: frameMedia(of: nil, number), of: number)
    return true
  }

  /// Its frames come by here, and no phone of this call has been told of another place.
  private func opensFrames(_ request: LegRequest, _ call: Call) -> Bool {
    request.target.hostMedia?.isFrames == true && call.legs.isEmpty
  }

  /// `host`: how the party speaks when it is the host's.
  private func open(
    _ stream: MediaID, for party: Party, as host: HostMedia?, of number: CallNumber
  ) {
    streams[stream] = number
    journal?.name(.stream(number, party, stream))
    calls[number]?.opening = stream
    if let host, host.isFrames {
      outputs.append(.media(.openFrames(stream, host)))
    } else {
      outputs.append(.media(.open(stream)))
    }
  }

  // MARK: what media has to say

  func take(_ event: MediaEvent, at now: Instant) {
    switch event {
    case .opened(let stream, let port): opened(stream, port: port, at: now)
    case .unopened(let stream): opened(stream, port: nil, at: now)
    case .loaded(let sound, let milliseconds): loaded(sound, milliseconds: milliseconds, at: now)
    case .unloadable(let sound, let problem): unloadable(sound, problem.sentence, at: now)
    case .digit(let stream, let key):
      guard let number = streams[stream],
        let party = calls[number]?.media.anchored?.party(of: stream)
      else { return }
      heard(key, from: party, of: number, by: .media, at: now)
    case .played(let playback): played(playback, .played, at: now)
    case .unplayable(let playback): played(playback, .unplayable, at: now)
    case .recorded(let recording, let result): recorded(recording, result, at: now)
    case .silent(let stream):
      guard let number = streams[stream],
        let party = calls[number]?.media.anchored?.party(of: stream)
      else { return }
      pending.append(.media(.lost(party)), for: number)
    case .contested(let stream): warnOfSecondSender(stream)
    }
  }

  private func played(
    _ playback: PlaybackID, _ input: PerformanceMachine.Input, at now: Instant
  ) {
    guard let waiter = playbacks.removeValue(forKey: playback) else { return }
    advance(waiter.performance, of: waiter.call, input, at: now)
  }

  private func recorded(_ recording: RecordingID, _ result: RecordingResult, at now: Instant) {
    switch recordings.removeValue(forKey: recording) {
    case .dial(let call, let sid):
      calls[call]?.recordings[sid] = nil
      pending.append(.media(.recorded(sid: sid, isWhole: result.reason != .failed)), for: call)
    case .performance(let call, let number):
      advance(number, of: call, .recorded(result), at: now)
    case .host(let call):
      guard result.reason == .failed, let recording = calls[call]?.hostRecording else { return }
      calls[call]?.hostRecording = nil
      tell(.recording(call, status(of: recording, .absent, at: now)))
    case nil:
      break
    }
  }

  /// `port`: nil = there is none.
  private func opened(_ stream: MediaID, port: UInt16?, at now: Instant) {
    guard let number = streams[stream], calls[number] != nil else {
      // The call did not wait.
      streams[stream] = nil
      if port != nil { outputs.append(.media(.close(stream))) }
      return
    }
    if calls[number]?.opening == stream { calls[number]?.opening = nil }
    if calls[number]?.anchoring == stream {
      anchor(number, stream, port, at: now)
    } else if let port {
      calls[number]?.changeAnchored { $0.opened(stream, port: port) }
    } else {
      streams[stream] = nil
      warnOfMissingPort(number)
    }
    workOff(number, at: now)
  }

  /// From now on this call's media comes by here.
  private func anchor(_ number: CallNumber, _ stream: MediaID, _ port: UInt16?, at now: Instant) {
    calls[number]?.anchoring = nil
    guard let port, let call = calls[number], case .direct(let direct) = call.media else {
      streams[stream] = nil
      calls[number]?.mediaMode = .direct
      warnOfMissingPort(number)
      return beginHeldInvite(of: number, at: now)
    }
    var media = AnchoredMedia(
      callerStream: stream, origin: direct.nextOrigin, settings: MediaSettings(settings))
    media.opened(stream, port: port)
    media.callerSent(direct.callerDescription)
    if direct.callerHasAnswer, !call.isAnswered {
      media.callerHasAnswer = true
      media.foreignAnswer = direct.answerOfCaller
    }
    var effects: [MediaEffect] = []
    if call.isAnswered { media.offerToAnsweredCaller(&effects) }
    calls[number]?.media = .anchored(media)
    if let session = call.session { placeMedia(of: session) }
    perform(effects, of: number, at: now)
    beginHeldInvite(of: number, at: now)
  }

  private func warnOfMissingPort(_ number: CallNumber) {
    let text =
      "There is no RTP port for a party of this call: are enough in rtp_ports, and may enough files be open?"
    tell(.finding(number, Finding(severity: .warning, code: .mediaRefused, text: text)))
  }

  /// The effects that waited, in order.
  private func workOff(_ number: CallNumber, at now: Instant) {
    guard let waiting = calls[number]?.backlog, !waiting.isEmpty else { return }
    calls[number]?.backlog = []
    run(waiting, of: number, at: now)
  }

  // MARK: keys

  /// A key of a party: told to the host, to the call, and to whatever collects keys, once (spec U-25).
  func heard(
    _ key: UInt8, from party: Party, of number: CallNumber, by way: KeyPress.Way, at now: Instant
  ) {
    guard let call = calls[number] else { return }
    if let last = call.lastKeys[party], last.isSame(as: key, way, at: now) { return }
    calls[number]?.lastKeys[party] = KeyPress(key: key, way: way, at: now)
    tally.note(keyBy: way)
    if way != .host { tell(.digit(number, party, key)) }
    press(key, by: party, of: number, at: now)
    pending.append(.digit(key, from: party), for: number)
    if way != .media { passOn(key, from: party, of: number) }
  }

  /// RTP takes its own keys along; those that came otherwise are sent to the other party of a bridge.
  private func passOn(_ key: UInt8, from party: Party, of number: CallNumber) {
    guard let call = calls[number], let media = call.media.anchored, let leg = media.bridgedLeg
    else { return }
    let other: Party = party == .caller ? .leg(leg) : .caller
    guard party != .caller || key != call.withheldKey, party == .caller || party == .leg(leg),
      let stream = media.stream(of: other)
    else { return }
    outputs.append(.media(.play(stream, PlaybackID(makeMediaNumber()), [.digits([key])])))
  }

  // MARK: recordings of the host

  func record(_ number: CallNumber, path: String, at now: Instant) -> Outcome {
    guard !path.isEmpty, !path.utf8.contains(0) else { return .failure(.path) }
    guard let call = calls[number], call.isAnswered, call.hostRecording == nil,
      let stream = call.media.anchored?.callerStream
    else { return .failure(.recording) }
    let id = RecordingID(makeMediaNumber())
    recordings[id] = .host(number)
    let recording = (id: id, path: path, since: now)
    calls[number]?.hostRecording = recording
    outputs.append(.media(.record(id, RecordingPlan(left: stream), path: path)))
    tell(.recording(number, status(of: recording, .inProgress, at: now)))
    return .success(.done)
  }

  /// With the call; its last octets are written before anybody hears of it.
  func endHostRecording(of call: Call, _ number: CallNumber, at now: Instant) {
    guard let recording = call.hostRecording else { return }
    recordings[recording.id] = nil
    outputs.append(.media(.endRecording(recording.id)))
    tell(.recording(number, status(of: recording, .completed, at: now)))
  }

  private func status(
    of recording: (id: RecordingID, path: String, since: Instant),
    _ state: RecordingStatus.State, at now: Instant
  ) -> RecordingStatus {
    RecordingStatus(
      state: state,
      recording: Recording(
        url: recording.path, sid: "", duration: (now - recording.since).wholeSeconds),
      channels: 1, source: .host)
  }

  // MARK: recordings of Dials

  func record(_ request: RecordingRequest, of number: CallNumber) {
    guard let media = calls[number]?.media.anchored else {
      return pending.append(.media(.recorded(sid: request.sid, isWhole: false)), for: number)
    }
    let id = RecordingID(makeMediaNumber())
    recordings[id] = .dial(number, sid: request.sid)
    calls[number]?.recordings[request.sid] = id
    let plan = RecordingPlan(
      left: media.callerStream, right: request.leg.flatMap { media.stream(of: .leg($0)) },
      channels: request.isDual ? 2 : 1)
    outputs.append(
      .media(.record(id, plan, path: Recording.place(of: request.sid, below: settings.recordings))))
  }

  func recordAlso(_ sid: String, _ leg: LegNumber, of number: CallNumber) {
    guard let id = calls[number]?.recordings[sid],
      let stream = calls[number]?.media.anchored?.stream(of: .leg(leg))
    else { return }
    outputs.append(.media(.recordAlso(id, stream)))
  }

  func endRecording(_ sid: String, isKept: Bool, of number: CallNumber) {
    guard let id = calls[number]?.recordings[sid] else {
      // It could not be written, or was never begun.
      if isKept { pending.append(.media(.recorded(sid: sid, isWhole: false)), for: number) }
      return
    }
    outputs.append(.media(isKept ? .endRecording(id) : .discardRecording(id)))
    if !isKept {
      recordings[id] = nil
      calls[number]?.recordings[sid] = nil
    }
  }
}
