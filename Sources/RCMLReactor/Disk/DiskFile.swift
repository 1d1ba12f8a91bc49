import CSystem

/// A file that is written on the disk's thread. From its first job on it is that thread's: the loop looks at it only when
/// a job has come back, and has none of its own under way then, or there is no such thread any more.
final class DiskFile {
  let path: String
  private let calls: FileCalls
  private var descriptor: Int32
  /// Where its octets end.
  private var end: UInt64 = 0
  /// The first thing that went wrong, a negative error number; nothing is written after it.
  private(set) var failure: Int32 = 0

  /// Its first job makes it; or it is there, and opened by whoever made this.
  init(path: String, descriptor: Int32 = -1, calls: FileCalls) {
    self.path = path
    self.calls = calls
    self.descriptor = descriptor
  }

  deinit { close() }

  /// False: it failed, now or before.
  func perform(
    _ kind: DiskJob.Kind, _ data: [UInt8], at offset: UInt64, _ header: DiskJob.Header?
  ) -> Bool {
    guard failure == 0 else { return false }
    switch kind {
    case .create:
      descriptor = path.withCString { calls.create($0) }
      if descriptor < 0 { failure = descriptor } else { write(data, at: 0) }
    case .append:
      failure = data.withUnsafeBytes { calls.append(descriptor, $0) }
    case .write:
      if !data.isEmpty { write(data, at: offset) }
      write(header)
    case .finish:
      write(header)
      close()
    case .remove:
      if descriptor >= 0 { path.withCString { calls.remove($0) } }
      close()
    }
    if failure != 0 { close() }
    return failure == 0
  }

  private func write(_ octets: [UInt8], at offset: UInt64) {
    failure = octets.withUnsafeBytes { calls.write(descriptor, $0, offset) }
    end = max(end, offset &+ UInt64(octets.count))
  }

  /// What the header promises is there first: where octets were lost there is silence, and a file is whole at every
  /// moment (failures A14).
  private func write(_ header: DiskJob.Header?) {
    guard failure == 0, let header else { return }
    if header.length > end {
      failure = calls.extend(descriptor, header.length)
      guard failure == 0 else { return }
      end = header.length
    }
    write(header.octets, at: 0)
  }

  /// In a child that was forked, too.
  func close() {
    guard descriptor >= 0 else { return }
    calls.close(descriptor)
    descriptor = -1
  }
}
