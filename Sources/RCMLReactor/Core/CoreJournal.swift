import CSystem
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// The journal of the core on its way to its file, step by step. The disk's thread writes it; what that cannot take in
/// time is a gap, which is marked and counted (spec Y-7). The first failure ends it, and the agent goes on without
/// (failures H11).
final class CoreJournal {
  private let core: any Core
  let disk: Disk
  private var file: DiskFile?
  /// What it was last given.
  private var last: DiskJob?
  /// Octets that were written or wait to be.
  private(set) var octets: UInt64 = 0
  /// Records that gaps lack.
  private(set) var lacking: UInt64 = 0
  /// Why it ended early; nil while it is whole.
  private(set) var failure: ReactorError?

  init(of core: any Core, disk: Disk) {
    self.core = core
    self.disk = disk
  }

  var isOpen: Bool { file != nil }

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
    file = DiskFile(path: path, descriptor: descriptor, calls: disk.calls)
    core.journal = JournalWriter(product: product)
  }

  /// Hands on what the core has written since. What is to be said about it, once for a gap.
  func writeStep(_ now: Instant) -> Finding? {
    guard let file, let writer = core.journal else { return nil }
    var finding: Finding?
    if writer.isInGap, disk.journalOctets <= disk.bounds.journal / 2 { finding = endGap(writer) }
    finding = write(core.takeJournal(), to: file, now) ?? finding
    if disk.journalOctets > disk.bounds.journal { core.journal?.beginGap() }
    return finding
  }

  private func write(_ bytes: [UInt8], to file: DiskFile, _ now: Instant) -> Finding? {
    guard !bytes.isEmpty else { return nil }
    if let job = disk.give(.append(bytes), to: file, of: .journal, after: last, at: now) {
      last = job
      octets &+= UInt64(bytes.count)
      return nil
    }
    return fail("there is no thread or no memory for it")
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

  /// Octets were written, or not. What is to be said about a journal that ends here.
  func written(_ job: DiskJob) -> Finding? {
    guard job.hasFailed else { return nil }
    octets &-= min(octets, UInt64(job.octets))
    guard file === job.file, core.journal != nil else { return nil }
    return fail(errorText(job.file.failure))
  }

  private func fail(_ reason: String) -> Finding {
    let path = file?.path ?? ""
    let error = ReactorError(
      .file, "the journal “\(path)” ends here, it cannot be written: \(reason)")
    failure = error
    core.journal = nil
    return Finding(severity: .error, code: .journalFailed, text: error.text)
  }

  /// In a child that was forked what was not written yet is the parent's to write.
  func close(isOwner: Bool, at now: Instant) {
    if let file {
      if isOwner {
        core.journal?.endGap()
        _ = write(core.takeJournal(), to: file, now)
      } else {
        file.close()
      }
    }
    file = nil
    last = nil
  }
}
