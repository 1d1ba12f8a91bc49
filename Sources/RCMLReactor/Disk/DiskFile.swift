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
  func perform(_ work: DiskJob.Work) -> Bool {
    guard failure == 0 else { return false }
    switch work {
    case .create(let header):
      descriptor = path.withCString { calls.create($0) }
      if descriptor < 0 { failure = descriptor } else { write(header, at: 0) }
    case .append(let octets):
      failure = octets.withUnsafeBytes { calls.append(descriptor, $0) }
    case .write(let octets, let offset): write(octets, at: offset)
    case .header(let octets, let length): writeHeader(octets, length: length)
    case .finish(let last):
      if let last { writeHeader(last.header, length: last.length) }
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
  private func writeHeader(_ octets: [UInt8], length: UInt64) {
    if length > end {
      failure = calls.extend(descriptor, length)
      guard failure == 0 else { return }
      end = length
    }
    write(octets, at: 0)
  }

  /// In a child that was forked, too.
  func close() {
    guard descriptor >= 0 else { return }
    calls.close(descriptor)
    descriptor = -1
  }
}
