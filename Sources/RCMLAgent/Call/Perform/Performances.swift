import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// What is to be heard or collected on the parties of a call (spec V, L-35).
final class Performances {
  /// In the order of their numbers, in which they began.
  private var runs: [PerformanceRun] = []

  var nextDeadline: Deadline? {
    var earliest: Deadline?
    for run in runs {
      guard let deadline = run.machine.deadline else { continue }
      earliest = earliest.map { min($0, deadline) } ?? deadline
    }
    return earliest
  }

  // MARK: what the call wants

  func begin(
    _ number: PerformanceNumber, _ performance: Performance, _ origin: DocumentOrigin,
    on party: Party, of call: CallRun, at now: Instant
  ) {
    guard call.streams.anchored?.stream(of: party) != nil,
      let run = PerformanceRun(
        performance, origin, on: party, for: .init(call: call.number, performance: number),
        settings: call.settings)
    else { return call.enqueue(.media(.performed(number, .unavailable))) }
    run.name(call.services.makeRecordingSid())
    runs.append(run)
    begin(run, of: call, at: now)
  }

  func stop(_ number: PerformanceNumber, of call: CallRun, at now: Instant) {
    if let run = run(number) { advance(run, .stopped, of: call, at: now) }
  }

  /// Those that wait until it is known where their party listens: its ACK may have told.
  func beginWaiting(of call: CallRun, at now: Instant) {
    for run in runs { begin(run, of: call, at: now) }
  }

  /// A party of which we do not know yet where it listens, or whether it asked for anything, hears it from the beginning,
  /// but later (spec L-6, Y-8).
  private func begin(_ run: PerformanceRun, of call: CallRun, at now: Instant) {
    guard run.machine.state == .new, call.streams.anchored?.isUnknown(run.party) == false,
      run.party != .caller || call.caller.isConfirmed
    else {
      return
    }
    advance(run, .begun, of: call, at: now)
    for place in run.sounds.indices { want(place, run, of: call, at: now) }
    soundsChanged(run, of: call, at: now)
  }

  /// The call is over: nobody waits for what they need.
  func abandon(of call: CallRun) {
    let services = call.services
    for run in runs {
      if let playback = run.playback { services.calls.remove(playback) }
      services.sounds.release(run.waiter, services)
    }
    runs = []
    services.sounds.callEnded(call.number, services)
  }

  // MARK: what happens to them

  /// One key of a party, however it came.
  func press(_ key: UInt8, by party: Party, of call: CallRun, at now: Instant) {
    for run in runs where run.party == party {
      advance(run, .digit(key), of: call, at: now)
    }
  }

  func timePassed(of call: CallRun, at now: Instant) {
    for run in runs {
      if let deadline = run.machine.deadline, deadline.instant <= now {
        advance(run, .timePassed, of: call, at: now)
      }
    }
  }

  func played(
    _ playback: PlaybackID, _ input: PerformanceMachine.Input, of call: CallRun, at now: Instant
  ) {
    guard let run = runs.first(where: { $0.playback == playback }) else { return }
    advance(run, input, of: call, at: now)
  }

  func recorded(
    _ recording: RecordingID, _ result: RecordingResult, of call: CallRun, at now: Instant
  ) {
    guard let run = runs.first(where: { $0.recording == recording }) else { return }
    advance(run, .recorded(result), of: call, at: now)
  }

  /// A sound it waits for is there, or will not come.
  func settled(
    _ id: SoundID, as sound: SoundID, _ state: PerformanceRun.Sound.State,
    for number: PerformanceNumber, of call: CallRun, at now: Instant
  ) {
    guard let run = run(number) else { return }
    run.soundSettled(id, as: sound, state)
    soundsChanged(run, of: call, at: now)
  }

  /// What came was for another call: it is asked for once more.
  func want(
    again id: SoundID, for number: PerformanceNumber, of call: CallRun, at now: Instant
  ) {
    guard let run = run(number) else { return }
    for place in run.sounds.indices where run.sounds[place].id == id {
      want(place, run, of: call, at: now)
    }
    soundsChanged(run, of: call, at: now)
  }

  private func run(_ number: PerformanceNumber) -> PerformanceRun? {
    runs.first { $0.number == number }
  }

  // MARK: the machine

  private func advance(
    _ run: PerformanceRun, _ input: PerformanceMachine.Input, of call: CallRun, at now: Instant
  ) {
    let wasPreparing = run.machine.state == .preparing
    for effect in run.handle(input, at: now) { perform(effect, run, of: call) }
    if wasPreparing, run.machine.state != .preparing {
      call.services.sounds.release(run.waiter, call.services)
    }
    if run.machine.state == .over {
      if let playback = run.playback { call.services.calls.remove(playback) }
      runs.removeAll { $0 === run }
    }
    call.reschedule()
  }

  private func perform(
    _ effect: PerformanceMachine.Effect, _ run: PerformanceRun, of call: CallRun
  ) {
    let services = call.services
    switch effect {
    case .play:
      guard let stream = call.streams.anchored?.stream(of: run.party) else { return }
      let playback = services.calls.makePlayback(of: call)
      run.plays(playback)
      services.outputs.append(.play(stream, playback, run.items))
    case .stopPlaying:
      if let playback = run.playback { services.outputs.append(.stop(playback)) }
    case .record:
      record(run, of: call)
    case .endRecording:
      if let recording = run.recording { services.outputs.append(.endRecording(recording)) }
    case .report(let report):
      call.enqueue(.media(.performed(run.number, performed(report, run, of: call))))
    }
  }

  private func record(_ run: PerformanceRun, of call: CallRun) {
    guard let stream = call.streams.anchored?.stream(of: run.party) else { return }
    let services = call.services
    let recording = services.calls.makeRecording(of: call)
    run.records(recording)
    // V-15: nobody asks for an empty one.
    var plan = RecordingPlan(left: stream, keepsEmpty: false)
    if let record = run.record {
      plan.silence = record.timeout
      plan.maximum = record.maxLength
    }
    services.outputs.append(
      .record(
        recording, plan, path: Recording.place(of: run.sid, below: call.settings.recordings)))
    call.enqueue(.media(.recording(run.number, sid: run.sid)))
  }

  private func performed(
    _ report: PerformanceMachine.Report, _ run: PerformanceRun, of call: CallRun
  ) -> Performed {
    switch report {
    case .finished: .finished
    case .unavailable: .unavailable
    case .failed(let why): .failed(why)
    case .gathered(let digits, let key): .gathered(digits: digits, key: key)
    case .recorded(let milliseconds, let key):
      .recorded(
        Recording(
          url: Recording.place(of: run.sid, below: call.settings.recordingBase),
          sid: run.sid, duration: milliseconds / 1_000), key: key)
    }
  }

  // MARK: sounds

  private func want(_ place: Int, _ run: PerformanceRun, of call: CallRun, at now: Instant) {
    guard run.sounds[place].state == .waiting else { return }
    switch call.services.sounds.want(run.sounds[place].key, for: run.waiter, call.services, at: now)
    {
    case .ready(let id): run.soundFound(place, id, .ready)
    case .underWay(let id): run.soundFound(place, id, .waiting)
    case .refused(let why): run.soundFound(place, nil, .failed(why))
    }
  }

  /// Once every sound is there or known not to come, it goes on.
  private func soundsChanged(_ run: PerformanceRun, of call: CallRun, at now: Instant) {
    guard run.machine.state == .preparing, let preparation = run.preparation else { return }
    for sound in run.sounds {
      if case .failed(let why) = sound.state, preparation == .prepared {
        call.warn(.playFailed, "A prompt is left out: \(why).")
      }
    }
    advance(run, preparation, of: call, at: now)
  }
}
