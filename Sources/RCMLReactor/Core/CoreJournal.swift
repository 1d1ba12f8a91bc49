import CSystem
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// The journal of the core on its way to its file, step by step. The disk's thread writes it; what that cannot take in
/// time is a gap, which is marked and counted. A disk that is full is one that cannot take it now: what comes waits, and is
/// written when there is room (spec Y-7). Any other failure ends it, and the agent goes on without (failures H11).
final class CoreJournal {
  /// A full disk is asked again after so long.
  private static let pause = Interval.seconds(1)

  /// Where its octets go.
  private enum State {
    case closed
    /// To the file, after the job that it was last given.
    case flowing(DiskFile, last: DiskJob?)
    /// Nowhere: the disk is full. They wait here, to be tried again.
    case waiting(DiskFile, [UInt8], until: Instant)
    /// What waited is tried; what comes meanwhile waits.
    case trying(DiskFile, DiskJob, [UInt8])
  }

  private let core: any Core
  let disk: Disk
  /// Octets its file may have; 0 = any number (setting `journal_limit`).
  var limit = 0
  private var state = State.closed
  /// Jobs that have not come back.
  private var jobs = 0
  /// Octets that were written or wait to be, in all files and in this one.
  private(set) var octets: UInt64 = 0
  private var fileOctets = 0
  /// A pipe is not begun anew.
  private var isRegular = false
  /// Records that gaps lack.
  private(set) var lacking: UInt64 = 0
  /// Why it ended early; nil while it is whole.
  private(set) var failure: ReactorError?
  /// What is kept in memory of the last calls, besides the file or without one; nil: nothing is.
  private(set) var trace: LiveTrace?

  init(of core: any Core, disk: Disk) {
    self.core = core
    self.disk = disk
  }

  private var file: DiskFile? {
    switch state {
    case .closed: nil
    case .flowing(let file, _), .waiting(let file, _, _), .trying(let file, _, _): file
    }
  }

  var isOpen: Bool { file != nil }

  /// Octets that have not reached the disk.
  private var waitingOctets: Int {
    switch state {
    case .closed, .flowing: disk.journalOctets
    case .waiting(_, let octets, _), .trying(_, _, let octets):
      disk.journalOctets + octets.count
    }
  }

  /// Created or emptied, readable by its owner only: a journal holds what people said to each other's phones.
  func open(path: String, product: String) throws(ReactorError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ReactorError(.file, "a journal needs the path of a file")
    }
    guard disk.prepare() else {
      throw ReactorError(.system, "the system gives no thread to write a journal")
    }
    let descriptor = path.withCString { system_file_create($0) }
    if descriptor < 0 {
      throw ReactorError(
        .file, "the journal “\(path)” cannot be created: \(errorText(descriptor))")
    }
    state = .flowing(DiskFile(path: path, descriptor: descriptor, calls: disk.calls), last: nil)
    isRegular = system_file_is_regular(descriptor)
    beginWriting(product: product)
  }

  /// From now on the last calls are kept in memory.
  func keepTrace(calls: Int, product: String) {
    trace = LiveTrace(calls: calls)
    beginWriting(product: product)
  }

  private func beginWriting(product: String) {
    if core.journal == nil { core.journal = JournalWriter(product: product) }
  }

  /// What the core has written since, for the file: the trace has read it.
  private func takeOctets() -> [UInt8] {
    let octets = core.takeJournal()
    trace?.read(octets)
    return octets
  }

  /// Hands on what the core has written since. What is to be said about it, once for a gap.
  func writeStep(_ now: Instant) -> Finding? {
    guard let writer = core.journal else { return nil }
    guard isOpen, failure == nil else {
      _ = takeOctets()
      return nil
    }
    var finding: Finding?
    if writer.isInGap, waitingOctets <= disk.bounds.journal / 2 { finding = endGap(writer) }
    let isFull =
      isRegular && limit > 0 && fileOctets > 0 && fileOctets + writer.pendingOctets > limit
    let beginning = isFull ? writer.continuation() : nil
    let bytes = takeOctets()
    octets &+= UInt64(bytes.count)
    finding = write(bytes, behind: beginning, now) ?? finding
    if waitingOctets > disk.bounds.journal { core.journal?.beginGap() }
    return finding
  }

  /// `beginning`: another file is to begin with that, and with these.
  private func write(_ bytes: [UInt8], behind beginning: [UInt8]?, _ now: Instant) -> Finding? {
    switch state {
    case .closed: return nil
    case .flowing(let file, let last):
      guard !bytes.isEmpty else { return nil }
      let work = beginning.map { DiskJob.Work.beginAnew($0, bytes) } ?? .append(bytes)
      guard let job = give(work, to: file, after: last, at: now) else { return noThread() }
      fileOctets = (beginning == nil ? fileOctets : 0) + work.octets
      state = .flowing(file, last: job)
    case .trying: hold(bytes)
    case .waiting(_, _, let until) where jobs > 0 || now < until: hold(bytes)
    case .waiting(let file, let held, _):
      guard let job = give(.retry(held + bytes), to: file, after: nil, at: now) else {
        return noThread()
      }
      fileOctets += held.count + bytes.count
      state = .trying(file, job, [])
    }
    return nil
  }

  /// Behind what waits already and in its place: there may be megabytes, and each step of the loop comes here.
  private func hold(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    switch state {
    case .closed, .flowing: break
    case .waiting(let file, var held, let until):
      state = .closed
      held += bytes
      state = .waiting(file, held, until: until)
    case .trying(let file, let job, var held):
      state = .closed
      held += bytes
      state = .trying(file, job, held)
    }
  }

  private func give(
    _ work: DiskJob.Work, to file: DiskFile, after last: DiskJob?, at now: Instant
  ) -> DiskJob? {
    let job = disk.give(work, to: file, of: .journal, after: last, at: now)
    if let job, job !== last { jobs += 1 }
    return job
  }

  private func endGap(_ writer: JournalWriter) -> Finding? {
    let records = writer.endGap()
    lacking &+= records
    guard records > 0 else { return nil }
    return Finding(
      severity: .error, code: .journalGap,
      text: "\(records) records are lacking in the journal: the disk did not take them in time; "
        + "a replay proves what stands before them")
  }

  // MARK: what has come back

  /// Octets were written, or not. What is to be said about it.
  func written(_ job: DiskJob, _ now: Instant) -> Finding? {
    guard file === job.file else { return nil }
    jobs -= 1
    if job.hasFailed, !job.file.isFull {
      octets &-= min(octets, UInt64(job.octets))
      return failure == nil ? fail(errorText(job.file.failure)) : nil
    }
    guard job.hasFailed else { return hasWritten(job, now) }
    let rest = job.unwritten
    fileOctets -= rest.count
    switch state {
    case .closed: return nil
    case .flowing(let file, _):
      state = .waiting(file, rest, until: now + CoreJournal.pause)
      return Finding(
        severity: .error, code: .journalWaits,
        text: "the journal “\(file.path)” waits, its disk is full: \(errorText(file.failure)); "
          + "when more than \(disk.bounds.journal) octets wait, records are lacking")
    case .waiting(let file, let held, let until):
      // One that was given before it was known.
      state = .waiting(file, held + rest, until: until)
    case .trying(let file, _, let held):
      state = .waiting(file, rest + held, until: now + CoreJournal.pause)
    }
    return nil
  }

  private func hasWritten(_ job: DiskJob, _ now: Instant) -> Finding? {
    guard case .trying(let file, let tried, let held) = state, tried === job else { return nil }
    state = .flowing(file, last: nil)
    return write(held, behind: nil, now)
      ?? Finding(
        severity: .note, code: .journalWaits,
        text: "the journal “\(file.path)” is written again: its disk has room")
  }

  private func noThread() -> Finding { fail("there is no thread or no memory for it") }

  private func fail(_ reason: String) -> Finding {
    let path = file?.path ?? ""
    let error = ReactorError(
      .file, "the journal “\(path)” ends here, it cannot be written: \(reason)")
    failure = error
    if trace == nil { core.journal = nil }
    return Finding(severity: .error, code: .journalFailed, text: error.text)
  }

  /// In a child that was forked what was not written yet is the parent's to write.
  func close(isOwner: Bool, at now: Instant) {
    defer { state = .closed }
    guard let file else { return }
    guard isOwner else { return file.close() }
    core.journal?.endGap()
    let rest = failure == nil ? core.takeJournal() : []
    switch state {
    case .closed: break
    case .flowing(_, let last):
      if !rest.isEmpty { _ = give(.append(rest), to: file, after: last, at: now) }
    case .waiting(_, let held, _):
      // Behind jobs that have not come back it would hide that they were not written.
      if jobs == 0 { _ = give(.retry(held + rest), to: file, after: nil, at: now) }
    case .trying(_, let job, let held):
      _ = give(.append(held + rest), to: file, after: job, at: now)
    }
  }
}
