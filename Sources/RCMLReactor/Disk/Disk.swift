import CSystem
import RCMLBasics
import RCMLDocument

/// The thread that writes the journal and the recordings, and how much waits for it. The loop never waits for a disk
/// (spec Y-7): what comes faster than it is taken waits here, up to a bound, in the order in which it came.
///
/// The thread is made at the first job, and at `close` all that was given is written.
final class Disk {
  /// Octets that may wait: of recordings, an hour of one mixed call or four seconds of 500 calls with two channels; of
  /// the journal, some thousand calls, and what one more step writes.
  struct Bounds {
    var recordings = 64 << 20
    var journal = 16 << 20
    /// Octets that every disk keeps free (setting `disk_reserve`).
    var reserve = 0
  }

  /// What a job weighs besides its octets.
  private static let weight = 256
  /// A disk that has taken nothing for so long is told of.
  private static let patience = Interval.seconds(1)

  /// What is under way.
  private struct Waiting {
    var jobs = 0
    var recordings = 0
    var journal = 0
  }

  private let epoll: Int32
  private var event: Int32 = -1
  private var worker: OpaquePointer?
  private var waiting = Waiting()
  /// Of jobs, to find the marked one again.
  private var given: UInt64 = 0
  private var done: UInt64 = 0
  /// One of the jobs that wait, and since when.
  private var mark: (number: UInt64, since: Instant)?
  private var isBehind = false
  private var fullness = DiskFullness()
  private let lock = DiskLock()
  var calls = FileCalls()
  var bounds = Bounds()

  init(epoll: Int32) { self.epoll = epoll }

  /// Octets of the journal that wait.
  var journalOctets: Int { waiting.journal }

  /// False: there can be no thread, and nothing can be written.
  func prepare() -> Bool { thread() != nil }

  /// False: they would be too many.
  func hasRoom(for octets: Int) -> Bool {
    waiting.recordings + octets + Disk.weight <= bounds.recordings
  }

  /// What is to be done with a file after `last`. The job that it has become, which may be that one; nil: there is no
  /// thread, or no memory.
  func give(
    _ work: DiskJob.Work, to file: DiskFile, of owner: DiskJob.Owner, after last: DiskJob?,
    at now: Instant
  ) -> DiskJob? {
    guard let worker = thread() else { return nil }
    let isAwaited = waiting.journal > bounds.journal / 2
    if let last {
      let octets = last.octets
      if last.add(work, isAwaited: isAwaited) {
        count(last.owner, last.octets - octets)
        return last
      }
    }
    let job = DiskJob(
      work, file, of: owner, reserve: bounds.reserve, isAwaited: isAwaited, lock)
    let lent = Unmanaged.passRetained(job)
    guard system_worker_give(worker, lent.toOpaque()) else {
      lent.release()
      return nil
    }
    given &+= 1
    waiting.jobs += 1
    count(owner, job.octets + Disk.weight)
    if mark == nil { mark = (given, now) }
    return job
  }

  private func count(_ owner: DiskJob.Owner, _ octets: Int) {
    switch owner {
    case .journal: waiting.journal += octets
    case .recording: waiting.recordings += octets
    }
  }

  private func thread() -> OpaquePointer? {
    if let worker { return worker }
    if event < 0 { event = system_wake_create() }
    guard event >= 0, system_epoll_set(epoll, event, 1, Tag.make(Tag.disk, 0)) == 0 else {
      return nil
    }
    worker = system_worker_create(event) { job in
      guard let job else { return false }
      return Unmanaged<DiskJob>.fromOpaque(job).takeUnretainedValue().run()
    }
    return worker
  }

  func wasWoken() { system_drain_counter(event) }

  /// The next job that was done; nil = none.
  func next() -> DiskJob? {
    guard waiting.jobs > 0, let worker, let lent = system_worker_next(worker) else { return nil }
    let job = Unmanaged<DiskJob>.fromOpaque(lent).takeRetainedValue()
    done &+= 1
    waiting.jobs -= 1
    count(job.owner, -(job.octets + Disk.weight))
    if let mark, mark.number <= done { self.mark = nil }
    if waiting.jobs == 0 { isBehind = false }
    if job.hasFailed, case .recording = job.owner { fullness.note(job.file) }
    return job
  }

  /// What is to be said about a disk that is full.
  func fullness(_ now: Instant) -> Finding? { fullness.pop(now) }

  /// What is to be said about a disk that has fallen behind, once until it has taken all.
  func lateness(_ now: Instant) -> Finding? {
    guard !isBehind, let mark, now - mark.since >= Disk.patience else { return nil }
    isBehind = true
    let octets = waiting.recordings + waiting.journal
    return Finding(
      severity: .warning, code: .diskBehind,
      text: "the disk is behind: \(octets) octets wait for it; what comes when "
        + "\(bounds.recordings) of recordings or \(bounds.journal) of the journal wait is lost")
  }

  /// All that was given is done when it returns. In a child that was forked there is no such thread, and nothing but the
  /// descriptor to close.
  func close(isOwner: Bool) {
    if isOwner, let worker {
      system_worker_end(worker)
      while let job = next() { _ = job.run() }
      system_worker_destroy(worker)
    }
    worker = nil
    system_close(event)
    event = -1
  }
}
