import RCMLBasics
import RCMLDial
import RCMLMedia

/// The recordings of a call: those of its Dials, by their name, and the host's own.
final class CallRecordings {
  private struct HostRecording {
    let id: RecordingID
    let path: String
    let since: Instant
  }

  /// The host's own, from its command to the end of the call.
  private enum OfHost {
    case none
    case running(HostRecording)
    /// It ended before the call, and its file is whole.
    case whole(HostRecording)
    /// The call has ended; the file is not whole yet.
    case ending(HostRecording, at: Instant)
  }

  private var dials: [(sid: String, id: RecordingID)] = []
  private var host = OfHost.none

  // MARK: of Dials

  func begin(_ request: RecordingRequest, of call: CallRun) {
    guard let media = call.streams.anchored else {
      return call.enqueue(.media(.recorded(sid: request.sid, isWhole: false)))
    }
    let services = call.services
    let id = services.calls.makeRecording(of: call)
    dials.append((request.sid, id))
    let plan = RecordingPlan(
      left: media.callerStream, right: request.leg.flatMap { media.stream(of: .leg($0)) },
      channels: request.isDual ? 2 : 1)
    services.outputs.append(
      .record(id, plan, path: Recording.place(of: request.sid, below: call.settings.recordings))
    )
  }

  /// The winner, when the recording began before there was one.
  func add(_ leg: LegNumber, to sid: String, of call: CallRun) {
    guard let id = id(of: sid), let stream = call.streams.anchored?.stream(of: .leg(leg)) else {
      return
    }
    call.services.outputs.append(.recordAlso(id, stream))
  }

  func end(_ sid: String, isKept: Bool, of call: CallRun) {
    guard let id = id(of: sid) else {
      // It could not be written, or was never begun.
      if isKept { call.enqueue(.media(.recorded(sid: sid, isWhole: false))) }
      return
    }
    call.services.outputs.append(isKept ? .endRecording(id) : .discardRecording(id))
    if !isKept {
      call.services.calls.remove(id)
      dials.removeAll { $0.id == id }
    }
  }

  private func id(of sid: String) -> RecordingID? { dials.first { $0.sid == sid }?.id }

  // MARK: of the host

  func beginHostRecording(path: String, of call: CallRun, at now: Instant) -> Result<
    Void, Refusal
  > {
    guard !path.isEmpty, !path.utf8.contains(0) else { return .failure(.path) }
    guard call.caller.isAnswered, case .none = host,
      let stream = call.streams.anchored?.callerStream
    else { return .failure(.recording) }
    let recording = HostRecording(
      id: call.services.calls.makeRecording(of: call), path: path, since: now)
    host = .running(recording)
    call.services.outputs.append(
      .record(recording.id, RecordingPlan(left: stream), path: path))
    tell(recording, .inProgress, of: call, at: now)
    return .success(())
  }

  /// With the call. True: its file is not whole yet; nobody hears of its end before that.
  func endHostRecording(of call: CallRun, at now: Instant) -> Bool {
    switch host {
    case .running(let recording):
      host = .ending(recording, at: now)
      call.services.outputs.append(.endRecording(recording.id))
      return true
    case .whole(let recording):
      host = .none
      tell(recording, .completed, of: call, at: now)
      return false
    case .none, .ending: return false
    }
  }

  /// There is no more time to wait for files.
  func giveUp(of call: CallRun, at now: Instant) {
    for (sid, id) in dials {
      call.services.calls.remove(id)
      call.handle(.media(.recorded(sid: sid, isWhole: false)), at: now)
    }
    dials = []
    guard case .ending(let recording, let instant) = host else { return }
    host = .none
    call.services.calls.remove(recording.id)
    tell(recording, .absent, of: call, at: instant)
    call.fileIsDone()
  }

  private func tell(
    _ recording: HostRecording, _ state: RecordingStatus.State, of call: CallRun, at now: Instant
  ) {
    let status = RecordingStatus(
      state: state,
      recording: Recording(
        url: recording.path, sid: "", duration: (now - recording.since).wholeSeconds),
      channels: 1, source: .host, reason: state == .absent ? Reason(.recordingFailed) : nil)
    call.tell(.recording(status))
  }

  // MARK: what media has to say

  /// False: it is none of these.
  func ended(
    _ id: RecordingID, _ result: RecordingResult, of call: CallRun, at now: Instant
  ) -> Bool {
    if let place = dials.firstIndex(where: { $0.id == id }) {
      let sid = dials.remove(at: place).sid
      call.enqueue(.media(.recorded(sid: sid, isWhole: result.reason != .failed)))
      return true
    }
    switch host {
    case .running(let recording) where recording.id == id:
      if result.reason == .failed {
        host = .none
        tell(recording, .absent, of: call, at: now)
      } else {
        host = .whole(recording)
      }
    case .ending(let recording, let instant) where recording.id == id:
      host = .none
      tell(recording, result.reason == .failed ? .absent : .completed, of: call, at: instant)
      call.fileIsDone()
    case .none, .running, .whole, .ending: return false
    }
    return true
  }
}
