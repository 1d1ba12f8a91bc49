import CSystem
import RCMLBasics
import RCMLMedia

/// The files of recordings under way. Each is new, its owner's alone, and a whole WAV file at every moment (failures
/// A14); what goes wrong with one is that one's matter (failures H11).
///
/// Everything is done by the disk's thread. What finds no room there is lost and is silence in the file, at its place in
/// time; the end of a recording always finds room, and is told when the file is closed (spec Y-7).
final class RecordingFiles {
  /// So long the end of a recording waits for its file. A disk that hangs must not keep a call from its end.
  static let patience = Interval.seconds(30)

  /// What has come back from the disk.
  enum Done {
    /// Nothing more will be written.
    case failed
    case ended(RecordingResult, of: RecordingID)
  }

  private struct Recording {
    let file: DiskFile
    /// What it was last given.
    var job: DiskJob
    /// A millisecond's.
    let octets: UInt64
    var isEnding = false
    /// What the engine has told of its end.
    var result: RecordingResult?
    /// What the file has, with what was lost.
    var length = UInt64(WAVHeader.count)
    var lost: UInt64 = 0
    /// The last header, when it found no room.
    var header: DiskJob.Header?
  }

  private let disk: Disk
  private var recordings: [RecordingID: Recording] = [:]
  /// Those whose files are awaited, in order.
  private var ends: [(id: RecordingID, until: Instant)] = []
  private(set) var counters = RecordingCounters()

  init(disk: Disk) { self.disk = disk }

  var ids: [RecordingID] { Array(recordings.keys) }
  var count: Int { recordings.count }
  var deadline: Instant { ends.first?.until ?? .distantFuture }

  /// False: a file of that recording is being written, and there is never a second one.
  func canBegin(_ id: RecordingID) -> Bool { recordings[id] == nil }

  /// False: the file cannot be made. That it is there already is found out by the disk's thread.
  func begin(_ id: RecordingID, channels: Int, path: String, at now: Instant) -> Bool {
    let channels = channels == 2 ? 2 : 1
    let file = DiskFile(path: path, calls: disk.calls)
    // A recording of nothing, from the first moment on.
    let header = WAVHeader.make(channels: channels, dataOctets: 0)
    guard !path.isEmpty, !path.utf8.contains(0),
      let job = disk.give(
        .create(header), to: file, of: .recording(id), after: nil, at: now)
    else {
      counters.failed &+= 1
      return false
    }
    recordings[id] = Recording(file: file, job: job, octets: UInt64(16 * channels))
    return true
  }

  func write(_ id: RecordingID, at offset: UInt64, _ bytes: [UInt8], at now: Instant) {
    guard var recording = recordings[id], !recording.isEnding else { return }
    if offset == 0 {
      let header = DiskJob.Header(octets: bytes, length: recording.length)
      recording.header = give(.header(header), to: &recording, id, at: now) ? nil : header
    } else {
      recording.length = max(recording.length, offset &+ UInt64(bytes.count))
      if !give(.write(bytes, at: offset), to: &recording, id, at: now) {
        recording.lost &+= UInt64(bytes.count)
      }
    }
    recordings[id] = recording
  }

  /// False: there is no room.
  private func give(
    _ work: DiskJob.Work, to recording: inout Recording, _ id: RecordingID, at now: Instant
  ) -> Bool {
    guard disk.hasRoom(for: work.octets),
      let job = disk.give(
        work, to: recording.file, of: .recording(id), after: recording.job, at: now)
    else { return false }
    recording.job = job
    return true
  }

  /// Nothing more comes.
  func finish(_ id: RecordingID, at now: Instant) {
    guard let recording = recordings[id] else { return }
    end(id, .finish(recording.header), at: now)
  }

  /// Nobody wants it: the file goes (spec R-5).
  func discard(_ id: RecordingID, at now: Instant) { end(id, .remove, at: now) }

  private func end(_ id: RecordingID, _ work: DiskJob.Work, at now: Instant) {
    guard let recording = recordings[id], !recording.isEnding else { return }
    recordings[id]?.isEnding = true
    ends.append((id, now + RecordingFiles.patience))
    let job = disk.give(
      work, to: recording.file, of: .recording(id), after: recording.job, at: now)
    if job != nil { return }
    // There is no memory even for this: nobody waits any longer.
    ends[ends.count - 1].until = now
  }

  /// The engine tells how one ended. Nil: that is told when its file is closed.
  func judged(_ event: MediaEvent) -> MediaEvent? {
    guard case .recorded(let id, let result) = event, recordings[id] != nil else { return event }
    recordings[id]?.result = result
    return nil
  }

  // MARK: what has come back

  /// One job of a recording was done.
  func done(_ job: DiskJob, of id: RecordingID) -> Done? {
    // Or another recording has its number by now.
    guard let recording = recordings[id], recording.file === job.file else { return nil }
    guard recording.isEnding else {
      guard job.hasFailed else { return nil }
      recordings[id] = nil
      counters.failed &+= 1
      return .failed
    }
    guard job.isLast else { return nil }
    if job.hasFailed {
      counters.failed &+= 1
    } else if job.kind == .remove {
      counters.discarded &+= 1
    } else {
      counters.completed &+= 1
    }
    return end(id, hasFailed: job.hasFailed)
  }

  /// The next whose file has been awaited for too long.
  func nextLate(_ now: Instant) -> Done? {
    while let (id, until) = ends.first, until <= now {
      guard recordings[id] != nil else {
        ends.removeFirst()
        continue
      }
      counters.failed &+= 1
      if let done = end(id, hasFailed: true) { return done }
    }
    return nil
  }

  private func end(_ id: RecordingID, hasFailed: Bool) -> Done? {
    ends.removeAll { $0.id == id }
    guard let recording = recordings.removeValue(forKey: id), var result = recording.result else {
      return nil
    }
    if hasFailed { result.reason = .failed }
    result.lostMilliseconds = Int(clamping: recording.lost / recording.octets)
    return .ended(result, of: id)
  }

  /// In a child that was forked the files are the parent's, and only their descriptors are closed here.
  func close(isOwner: Bool) {
    if !isOwner { for recording in recordings.values { recording.file.close() } }
    recordings = [:]
    ends = []
  }
}
