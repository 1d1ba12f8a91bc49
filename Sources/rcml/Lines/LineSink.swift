import Glibc

/// Where lines go: a descriptor that others may share, or a file of our own that is begun anew when it has its limit. It may
/// take any time, so it is asked on a thread of its own.
struct LineSink {
  private let path: String?
  /// Octets a file of our own may have; 0 = any number.
  private let limit: Int
  private var descriptor: Int32
  private var length = 0
  /// The last line broke off.
  private var isBroken = false

  init(descriptor: Int32) {
    self.descriptor = descriptor
    path = nil
    limit = 0
  }

  /// What is in it already stays.
  init(path: String, limit: Int) throws(Problem) {
    self.path = path
    self.limit = limit
    descriptor = LineSink.open(path)
    guard descriptor >= 0 else {
      throw .failed("--log \(path): \(String(cString: strerror(errno))).")
    }
    length = max(0, Int(lseek(descriptor, 0, SEEK_END)))
  }

  private static func open(_ path: String) -> Int32 {
    Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o600)
  }

  /// Whole lines; returns how many of them were not written. Where a file has a limit, no more of them are written at once
  /// than may stand in one.
  mutating func write(_ lines: [UInt8]) -> UInt64 {
    guard path != nil, limit > 0, lines.count > limit else { return writeAtOnce(lines) }
    var rest = lines[...]
    while !rest.isEmpty {
      // Up to the last line that fits; a line that is longer by itself stands in a file of its own.
      let end =
        rest.prefix(limit).lastIndex(of: 10) ?? rest.firstIndex(of: 10) ?? rest.endIndex - 1
      let lost = writeAtOnce(Array(rest[...end]))
      rest = rest[(end + 1)...]
      if lost > 0 { return lost + LineQueue.lines(in: rest) }
    }
    return 0
  }

  private mutating func writeAtOnce(_ lines: [UInt8]) -> UInt64 {
    let lines = isBroken ? [10] + lines : lines
    guard makeRoom(for: lines.count) else { return LineQueue.lines(in: lines) }
    var rest = lines[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        waitForRoom()
        continue
      }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
      length += count
    }
    if rest.count < lines.count {
      isBroken = rest.startIndex > 0 && lines[rest.startIndex - 1] != 10
    }
    return LineQueue.lines(in: rest)
  }

  /// Somebody who shares it wants it not to block.
  private func waitForRoom() {
    var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    poll(&watched, 1, 1_000)
  }

  /// The file that is full becomes NAME.1, in the place of the one that was full before (spec Y-7: `log_limit`).
  private mutating func makeRoom(for octets: Int) -> Bool {
    guard let path, limit > 0, length > 0, length + octets > limit else { return true }
    guard rename(path, path + ".1") == 0 || errno == ENOENT else { return false }
    let next = LineSink.open(path)
    guard next >= 0 else { return false }
    close(descriptor)
    descriptor = next
    length = 0
    isBroken = false
    return true
  }
}
