import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// What is to be heard or collected on a party (spec V, L-35).
extension Agent {
  func perform(
    _ number: PerformanceNumber, on party: Party, _ performance: Performance, of call: CallNumber,
    at now: Instant
  ) {
    guard calls[call]?.media.anchored?.stream(of: party) != nil,
      var run = PerformanceRun(performance, on: party, settings: settings)
    else { return pending.append(.media(.performed(number, .unavailable)), for: call) }
    run.sid = Recording.makeSid(from: &random)
    calls[call]?.performances[number] = run
    begin(number, of: call, at: now)
  }

  /// A party of which we do not know yet where it listens hears it from the beginning, but later: its ACK tells
  /// (spec L-6).
  private func begin(_ number: PerformanceNumber, of call: CallNumber, at now: Instant) {
    guard let run = calls[call]?.performances[number], run.machine.state == .new,
      calls[call]?.media.anchored?.isUnknown(run.party) == false
    else { return }
    advance(number, of: call, .begun, at: now)
    for place in run.sounds.indices { want(place, number, of: call, at: now) }
    soundsChanged(number, of: call, at: now)
  }

  func beginPerformances(of call: CallNumber, at now: Instant) {
    for number in performances(of: call) { begin(number, of: call, at: now) }
  }

  func stopPerforming(_ number: PerformanceNumber, of call: CallNumber, at now: Instant) {
    advance(number, of: call, .stopped, at: now)
  }

  /// One key of a party, however it came.
  func press(_ key: UInt8, by party: Party, of call: CallNumber, at now: Instant) {
    for number in performances(of: call) where calls[call]?.performances[number]?.party == party {
      advance(number, of: call, .digit(key), at: now)
    }
  }

  func performancesTimePassed(of call: CallNumber, at now: Instant) {
    for number in performances(of: call) {
      guard let deadline = calls[call]?.performances[number]?.machine.deadline,
        deadline.instant <= now
      else { continue }
      advance(number, of: call, .timePassed, at: now)
    }
  }

  private func performances(of call: CallNumber) -> [PerformanceNumber] {
    (calls[call]?.performances.keys).map { $0.sorted { $0.number < $1.number } } ?? []
  }

  // MARK: the machine

  func advance(
    _ number: PerformanceNumber, of call: CallNumber, _ input: PerformanceMachine.Input,
    at now: Instant
  ) {
    guard var run = calls[call]?.performances[number] else { return }
    let wasPreparing = run.machine.state == .preparing
    let effects = run.machine.handle(input, at: now)
    calls[call]?.performances[number] = run
    for effect in effects { obey(effect, number, of: call, at: now) }
    if wasPreparing, run.machine.state != .preparing { release(number, of: call) }
    if calls[call]?.performances[number]?.machine.state == .over {
      if let playback = calls[call]?.performances[number]?.playback { playbacks[playback] = nil }
      calls[call]?.performances[number] = nil
    }
    reschedule(call)
  }

  private func obey(
    _ effect: PerformanceMachine.Effect, _ number: PerformanceNumber, of call: CallNumber,
    at now: Instant
  ) {
    guard let run = calls[call]?.performances[number] else { return }
    switch effect {
    case .play:
      guard let stream = calls[call]?.media.anchored?.stream(of: run.party) else { return }
      let id = PlaybackID(makeMediaNumber())
      calls[call]?.performances[number]?.playback = id
      playbacks[id] = SoundLibrary.Waiter(call: call, performance: number)
      outputs.append(.media(.play(stream, id, run.items)))
    case .stopPlaying:
      if let playback = run.playback { outputs.append(.media(.stop(playback))) }
    case .record:
      record(run, number, of: call)
    case .endRecording:
      if let recording = run.recording { outputs.append(.media(.endRecording(recording))) }
    case .report(let report):
      pending.append(.media(.performed(number, performed(report, run))), for: call)
    }
  }

  private func record(_ run: PerformanceRun, _ number: PerformanceNumber, of call: CallNumber) {
    guard let stream = calls[call]?.media.anchored?.stream(of: run.party) else { return }
    let id = RecordingID(makeMediaNumber())
    calls[call]?.performances[number]?.recording = id
    recordings[id] = .performance(call, number)
    // V-15: an empty one is asked about by nobody.
    var plan = RecordingPlan(left: stream, keepsEmpty: false)
    if let record = run.record {
      plan.silence = record.timeout
      plan.maximum = record.maxLength
    }
    outputs.append(
      .media(.record(id, plan, path: Recording.place(of: run.sid, below: settings.recordings))))
  }

  private func performed(_ report: PerformanceMachine.Report, _ run: PerformanceRun) -> Performed {
    switch report {
    case .finished: .finished
    case .unavailable: .unavailable
    case .failed(let why): .failed(why)
    case .gathered(let digits, let key): .gathered(digits: digits, key: key)
    case .recorded(let milliseconds, let key):
      .recorded(
        Recording(
          url: Recording.place(of: run.sid, below: settings.recordingBase), sid: run.sid,
          duration: milliseconds / 1_000), key: key)
    }
  }

  // MARK: sounds

  private func want(
    _ place: Int, _ number: PerformanceNumber, of call: CallNumber, at now: Instant
  ) {
    guard let sound = calls[call]?.performances[number]?.sounds[place], sound.state == .waiting
    else { return }
    let answer = sounds.want(
      sound.key, by: SoundLibrary.Waiter(call: call, performance: number),
      newID: SoundID(makeMediaNumber()), lifetime: settings.soundCache, at: now)
    forgetSounds()
    switch answer {
    case .ready(let id):
      change(place, number, of: call, id, .ready)
    case .underWay(let id):
      change(place, number, of: call, id, .waiting)
    case .wanted(let id):
      change(place, number, of: call, id, .waiting)
      load(id, sound.key, for: call, at: now)
    }
  }

  private func change(
    _ place: Int, _ number: PerformanceNumber, of call: CallNumber, _ id: SoundID,
    _ state: PerformanceRun.Sound.State
  ) {
    calls[call]?.performances[number]?.sounds[place].id = id
    calls[call]?.performances[number]?.sounds[place].state = state
  }

  private func load(_ id: SoundID, _ key: SoundKey, for call: CallNumber, at now: Instant) {
    switch key {
    case .web(let url):
      web.ask(
        .sound(call, id), url: url, method: "GET", parameters: [],
        policy: settings.documentPolicy, at: now)
    case .file(let path): outputs.append(.media(.load(id, .file(path: path))))
    case .speech(let request): outputs.append(.media(.load(id, .speech(request))))
    case .hostSpeech(let request): askToSpeak(id, request, for: call, at: now)
    }
  }

  /// What the web had to say. What was read below is told before (`loaded`).
  func retrieved(_ id: SoundID, _ outcome: WebOutcome, at now: Instant) {
    guard sounds.isUnderWay(id) else { return }
    switch outcome {
    case .answered(let url, let answer) where (200...299).contains(answer.status):
      guard !answer.body.isEmpty else {
        return unloadable(id, SoundProblem.empty.sentence, at: now)
      }
      // The host's own answer to a `host:` URL.
      outputs.append(
        .media(
          .load(id, .octets(answer.body, name: url, contentType: answer.contentType))))
    case .answered(_, let answer):
      unloadable(id, "the server answered \(answer.status)", at: now)
    case .failed(let failure):
      unloadable(id, failure.sentence, at: now)
    }
  }

  func loaded(_ id: SoundID, milliseconds: Int, at now: Instant) {
    settled(id, milliseconds, .ready, at: now)
  }

  /// `why`: half a sentence for people.
  func unloadable(_ id: SoundID, _ why: String, at now: Instant) {
    settled(id, nil, .failed(why), at: now)
  }

  private func settled(
    _ id: SoundID, _ milliseconds: Int?, _ state: PerformanceRun.Sound.State, at now: Instant
  ) {
    for waiter in sounds.settled(id, milliseconds: milliseconds, at: now) {
      guard let run = calls[waiter.call]?.performances[waiter.performance] else { continue }
      for place in run.sounds.indices where run.sounds[place].id == id {
        change(place, waiter.performance, of: waiter.call, id, state)
      }
      soundsChanged(waiter.performance, of: waiter.call, at: now)
    }
    forgetSounds()
  }

  /// Its sounds are being played, or nobody wants them any more.
  func release(_ number: PerformanceNumber, of call: CallNumber) {
    sounds.released(by: SoundLibrary.Waiter(call: call, performance: number))
    forgetSounds()
  }

  private func forgetSounds() {
    for id in sounds.takeForgotten() { outputs.append(.media(.forget(id))) }
  }

  private func soundsChanged(
    _ number: PerformanceNumber, of call: CallNumber, at now: Instant
  ) {
    guard let run = calls[call]?.performances[number], run.machine.state == .preparing,
      let preparation = run.preparation
    else { return }
    for sound in run.sounds {
      if case .failed(let why) = sound.state, preparation == .prepared {
        tell(
          .finding(
            call,
            Finding(
              severity: .warning, code: .playFailed,
              text: "A prompt is left out: \(why) (V-11).")))
      }
    }
    advance(number, of: call, preparation, at: now)
  }
}
