import RCMLBasics

/// The recordings under way, by their numbers.
final class RecordingDesk {
  private let streams: StreamTable
  private let alarms: Alarms
  private let notices: Notices
  private var recorders: [RecordingID: Recorder] = [:]
  /// A recording of ringing knows who will be on the right before that party is there (spec R-2).
  private var awaited: [MediaID: [RecordingID]] = [:]

  init(_ streams: StreamTable, _ alarms: Alarms, _ notices: Notices) {
    self.streams = streams
    self.alarms = alarms
    self.notices = notices
  }

  var count: Int { recorders.count }

  // MARK: begin

  func record(_ id: RecordingID, _ plan: RecordingPlan, at now: Instant) {
    guard recorders[id] == nil, let left = streams[plan.left] else {
      notices.tell(
        .recorded(id, RecordingResult(reason: .failed, milliseconds: 0, isEmpty: true)))
      return notices.add(.finish(id))
    }
    let recorder = Recorder(id: id, plan: plan, at: now)
    recorders[id] = recorder
    left.addTrack(recorder, isRight: false)
    if let right = plan.right, right != plan.left {
      if let stream = streams[right] {
        stream.addTrack(recorder, isRight: true)
      } else {
        awaited[right, default: []].append(id)
      }
    }
    alarms.set(.recording(id), at: recorder.nextStep)
  }

  /// The other party has come.
  func recordAlso(_ id: RecordingID, _ other: MediaID) {
    guard let recorder = recorders[id], recorder.plan.right == nil, recorder.plan.left != other,
      let right = streams[other]
    else { return }
    recorder.add(right: other)
    right.addTrack(recorder, isRight: true)
  }

  func opened(_ stream: MediaStream) {
    for id in awaited.removeValue(forKey: stream.id) ?? [] {
      if let recorder = recorders[id] { stream.addTrack(recorder, isRight: true) }
    }
  }

  // MARK: end

  /// Recordings of the stream's party end with it.
  func closed(_ stream: MediaStream, at now: Instant) {
    for track in stream.tracks where track.recorder.plan.left == stream.id {
      finish(track.recorder, .stopped, at: now)
    }
  }

  func end(_ id: RecordingID, at now: Instant) {
    if let recorder = recorders[id] { finish(recorder, .stopped, at: now) }
  }

  /// It could not be written.
  func fail(_ id: RecordingID, at now: Instant) {
    guard let recorder = recorders[id] else { return }
    recorder.fail()
    finish(recorder, .failed, at: now)
  }

  private func finish(
    _ recorder: Recorder, _ reason: RecordingResult.Reason, at now: Instant
  ) {
    recorders[recorder.id] = nil
    for id in [recorder.plan.left, recorder.plan.right] {
      guard let id else { continue }
      streams[id]?.removeTracks(of: recorder)
    }
    if let right = recorder.plan.right {
      awaited[right]?.removeAll { $0 == recorder.id }
      if awaited[right]?.isEmpty ?? false { awaited[right] = nil }
    }
    if !recorder.hasFailed { write(recorder, isLast: true, at: now) }
    let isUnwanted = recorder.isEmpty && !recorder.plan.keepsEmpty
    notices.add(isUnwanted ? .drop(recorder.id) : .finish(recorder.id))
    notices.tell(.recorded(recorder.id, recorder.result(reason, at: now)))
  }

  // MARK: time

  func step(_ id: RecordingID, due: Instant, at now: Instant) {
    guard let recorder = recorders[id], recorder.nextStep == due else { return }
    if let reason = recorder.end(at: now) { return finish(recorder, reason, at: now) }
    write(recorder, isLast: false, at: now)
    alarms.set(.recording(id), at: recorder.planStep(at: now))
  }

  private func write(_ recorder: Recorder, isLast: Bool, at now: Instant) {
    recorder.write(at: now, isLast: isLast) {
      notices.add(.write(recorder.id, offset: $0, bytes: $1))
    }
  }
}
