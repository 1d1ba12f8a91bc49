import RCMLBasics
import RCMLDocument

/// Recordings of Dials (spec R, D-6, D-12, P-48, P-59).
extension CallMachine {
  /// `record-from-ringing` when the Dial starts, `record-from-answer` when caller and winner are bridged.
  mutating func startRecording(with leg: LegNumber?) {
    guard let verb = dial?.dial, verb.record != .none, policy.records else { return }
    let isFromRinging = verb.record == .fromRinging || verb.record == .fromRingingDual
    if let running = dial?.recording {
      if let leg { out.append(.media(.addToRecording(sid: running.sid, leg))) }
      return
    }
    guard isFromRinging || leg != nil else { return }
    let isDual = verb.record == .fromAnswerDual || verb.record == .fromRingingDual
    let sid = Recording.makeSid(from: &random)
    let recording = DialRecording(
      sid: sid, url: Recording.place(of: sid, below: policy.recordingBase), isDual: isDual,
      startedAt: now,
      callback: verb.recordingStatusCallback.map {
        DialRecording.Callback(
          url: $0, method: verb.recordingStatusCallbackMethod,
          events: verb.recordingStatusCallbackEvents)
      })
    dial?.recording = recording
    out.append(.media(.record(RecordingRequest(sid: sid, leg: leg, isDual: isDual))))
    tell(recording, .inProgress)
  }

  /// it ends with the bridge.
  mutating func endRecording(of leg: LegNumber) {
    guard dial?.winner == leg, var recording = dial?.recording, recording.endedAt == nil else {
      return
    }
    recording.endedAt = now
    dial?.recording = recording
    if let index = index(of: leg) { legs[index].recording = recording.recording(at: now) }
    out.append(.media(.endRecording(sid: recording.sid, isKept: true)))
    endedRecordings[recording.sid] = recording
  }

  /// nobody was ever talked to.
  mutating func dropRecording(of ended: RunningDial) {
    guard let recording = ended.recording, recording.endedAt == nil else { return }
    out.append(.media(.endRecording(sid: recording.sid, isKept: false)))
    tell(recording, .absent)
  }

  /// Its file is whole, or will never be.
  mutating func recorded(_ sid: String, isWhole: Bool) {
    if let recording = endedRecordings.removeValue(forKey: sid) {
      if isWhole {
        tell(recording, .completed)
      } else {
        warn(
          .noRecorder, "A recording could not be written: is there room, and may we write? (R-1)")
        tell(recording, .absent)
      }
    } else if !isWhole, let recording = dial?.recording, recording.sid == sid {
      dial?.recording = nil
      warn(.noRecorder, "This Dial is not recorded: the file could not be written (R-1).")
      tell(recording, .absent)
    }
  }

  private mutating func tell(_ recording: DialRecording, _ state: RecordingStatus.State) {
    let status = RecordingStatus(
      state: state, recording: recording.recording(at: now), channels: recording.channels,
      source: .dial)
    var callback: StatusCallback?
    if let wanted = recording.callback, wanted.events.contains(state.rawValue) {
      callback = StatusCallback(
        url: wanted.url, method: wanted.method.rawValue,
        parameters: RecordingParameters.make(
          status, callSid: caller.sid, startedAt: wall.timestamp(at: recording.startedAt),
          policy: policy))
    }
    out.append(.tell(.recording(status, callback: callback)))
  }
}
