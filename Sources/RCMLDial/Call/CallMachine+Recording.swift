import RCMLBasics
import RCMLDocument

/// Recordings of Dials (spec R, D-6, D-12, P-48, P-59), and Record verbs whose party has left (V-15).
extension CallMachine {
  /// `record-from-ringing` when the Dial starts, `record-from-answer` when caller and winner are bridged.
  func startRecording(with leg: LegNumber?) {
    guard let dial, dial.verb.record != .none, policy.records else { return }
    let verb = dial.verb
    if let running = dial.recording {
      if let leg { outbox.append(.media(.addToRecording(sid: running.sid, leg))) }
      return
    }
    let isFromRinging = verb.record == .fromRinging || verb.record == .fromRingingDual
    guard isFromRinging || leg != nil else { return }
    let isDual = verb.record == .fromAnswerDual || verb.record == .fromRingingDual
    let sid = outbox.makeRecordingSid()
    let recording = DialRecording(
      sid: sid, url: Recording.place(of: sid, below: policy.recordingBase), isDual: isDual,
      startedAt: now,
      callback: verb.recordingStatusCallback.map {
        DialRecording.Callback(
          url: $0, method: verb.recordingStatusCallbackMethod,
          events: verb.recordingStatusCallbackEvents, origin: script.origin)
      })
    dial.record(recording)
    outbox.append(.media(.record(RecordingRequest(sid: sid, leg: leg, isDual: isDual))))
    report(recording, .inProgress)
  }

  /// it ends with the bridge.
  func endRecording(of leg: CallLeg) {
    guard dial?.winner == leg.number, let recording = dial?.endRecording(at: now) else { return }
    leg.setRecording(recording.recording(at: now))
    outbox.append(.media(.endRecording(sid: recording.sid, isKept: true)))
    unfinished.awaitFile(of: recording)
  }

  /// nobody was ever talked to.
  func dropRecording(of dial: DialRun) {
    guard let recording = dial.recording, recording.endedAt == nil else { return }
    outbox.append(.media(.endRecording(sid: recording.sid, isKept: false)))
    report(recording, .absent)
  }

  /// Its file is whole, or will never be.
  func finishRecording(_ sid: String, isWhole: Bool) {
    if let recording = unfinished.finishRecording(sid) {
      if isWhole { return report(recording, .completed) }
      outbox.warn(
        .noRecorder, "A recording could not be written: is there room, and may we write?",
        reason: .recordingFailed)
      report(recording, .absent, because: Reason(.recordingFailed))
    } else if !isWhole, let recording = dial?.loseRecording(sid) {
      outbox.warn(
        .noRecorder, "This Dial is not recorded: the file could not be written.",
        reason: .recordingFailed)
      report(recording, .absent, because: Reason(.recordingFailed))
    }
  }

  // MARK: of Record verbs (D-29)

  /// Only who asked for it is told.
  func beginVerbRecording(_ number: PerformanceNumber, _ sid: String) {
    guard let (record, callSid, origin) = record(performedAs: number),
      let url = record.recordingStatusCallback
    else { return }
    let recording = DialRecording(
      sid: sid, url: Recording.place(of: sid, below: policy.recordingBase), isDual: false,
      startedAt: now,
      callback: DialRecording.Callback(
        url: url, method: record.recordingStatusCallbackMethod,
        events: record.recordingStatusCallbackEvents, origin: origin), source: .record,
      callSid: callSid)
    unfinished.awaitEnd(of: recording, performedAs: number)
    report(recording, .inProgress)
  }

  func finishVerbRecording(_ number: PerformanceNumber, _ outcome: Performed) {
    guard var recording = unfinished.finishVerbRecording(number) else { return }
    recording.endedAt = now
    guard case .recorded(let made, _) = outcome else { return report(recording, .absent) }
    report(recording, .completed, as: made)
  }

  /// On the caller, on a leg that is screened, or of a party that has left.
  private func record(
    performedAs number: PerformanceNumber
  ) -> (Record, CallSid, DocumentOrigin)? {
    let own = facts.caller.sid
    if case .performance(number, .record(let record)) = script.waiting {
      return (record, own, script.origin)
    }
    for leg in legs.all {
      if case .performance(number, .record(let record))? = leg.waiting {
        return (record, leg.request.sid, leg.screeningOrigin)
      }
    }
    guard let left = unfinished.interrupted(number) else { return nil }
    let sid = left.leg.flatMap { legs[$0] }?.request.sid
    return (left.record, sid ?? own, left.script.origin)
  }

  /// `made`: what became of it, where that is known better.
  private func report(
    _ recording: DialRecording, _ state: RecordingStatus.State, as made: Recording? = nil,
    because reason: Reason? = nil
  ) {
    let status = RecordingStatus(
      state: state, recording: made ?? recording.recording(at: now),
      channels: recording.channels, source: recording.source, reason: reason)
    var callback: StatusCallback?
    if let wanted = recording.callback, wanted.events.contains(state.rawValue) {
      callback = StatusCallback(
        url: wanted.url, method: wanted.method.rawValue,
        parameters: RecordingParameters.make(
          status, callSid: recording.callSid ?? facts.caller.sid,
          startedAt: outbox.timestamp(at: recording.startedAt),
          policy: policy), origin: wanted.origin)
    }
    outbox.report(.recording(status, callback: callback))
  }

  /// V-15: the party hung up while it was recorded; the reply is ignored.
  func requestAction(of recording: InterruptedRecording, _ outcome: Performed) {
    var made: Recording?
    if case .recorded(let recording, _) = outcome { made = recording }
    guard
      let fetch = recording.script.hungUp(during: recording.record, made, policy: policy)
    else { return }
    guard let number = recording.leg else {
      return unfinished.abandon(caller.request(fetch), asking: fetch.url)
    }
    if let leg = legs[number] {
      unfinished.abandon(request(fetch, for: leg), asking: fetch.url)
    }
  }
}
