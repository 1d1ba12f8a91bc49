import CSystem
import Glibc

/// A file that is written on the disk's thread. From its first job on it is that thread's: the loop looks at it only when
/// a job has come back, and has none of its own under way then, or there is no such thread any more.
final class DiskFile {
  let path: String
  /// Where it goes when another is begun in its place.
  private let older: String
  private let calls: FileCalls
  private var descriptor: Int32
  private var isTold = false
  /// Where its octets end.
  private var end: UInt64 = 0
  /// The first thing that went wrong, a negative error number; nothing is written after it but by `retry`.
  private(set) var failure: Int32 = 0

  /// Its first job makes it; or it is there, and opened by whoever made this.
  init(path: String, descriptor: Int32 = -1, calls: FileCalls) {
    self.path = path
    older = path + ".1"
    self.calls = calls
    self.descriptor = descriptor
  }

  deinit { close() }

  /// False: it failed, now or before.
  func perform(
    _ kind: DiskJob.Kind, _ data: [UInt8], at offset: UInt64, _ header: DiskJob.Header?,
    reserve: Int
  ) -> Bool {
    if kind == .retry, isFull { failure = 0 }
    guard failure == 0 else { return false }
    let octets = data.count + (header?.octets.count ?? 0)
    if descriptor >= 0, octets > 0, calls.room(descriptor, reserve) < octets {
      failure = -ENOSPC
    } else {
      perform(kind, data, at: offset, header)
    }
    // A full disk may have room later: who can wait for that keeps the file.
    if failure != 0, !isFull || kind == .write || kind == .create || kind == .finish { close() }
    return failure == 0
  }

  /// True once, when it has come back.
  func failedForWantOfRoom() -> Bool {
    guard failure == -ENOSPC || failure == -EDQUOT, !isTold else { return false }
    isTold = true
    return true
  }

  /// It is whole, and there is no room for more.
  var isFull: Bool { descriptor >= 0 && (failure == -ENOSPC || failure == -EDQUOT) }

  var isEmpty: Bool { end == 0 }

  private func perform(
    _ kind: DiskJob.Kind, _ data: [UInt8], at offset: UInt64, _ header: DiskJob.Header?
  ) {
    switch kind {
    case .create:
      descriptor = path.withCString { calls.create($0) }
      if descriptor < 0 { failure = descriptor } else { write(data, at: 0) }
    case .append, .retry: append(data)
    case .beginAnew:
      let next = path.withCString { path in older.withCString { calls.beginAnew(path, $0) } }
      guard next >= 0 else {
        failure = next
        return
      }
      calls.close(descriptor)
      descriptor = next
      end = 0
      append(data)
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
  }

  /// All of it, or nothing: a record that broke off would hide those that follow.
  private func append(_ data: [UInt8]) {
    failure = data.withUnsafeBytes { calls.append(descriptor, $0) }
    if failure == 0 {
      end &+= UInt64(data.count)
    } else if calls.extend(descriptor, end) < 0 {
      close()
    }
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
