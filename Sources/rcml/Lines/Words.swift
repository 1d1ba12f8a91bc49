import Glibc

/// Lines on standard output and on standard error.
///
/// A command that only prints writes them itself, whole or not at all, and a reader that went away ends it by SIGPIPE, as it
/// should. A command that holds calls hands them to threads (`LineWriter`) from `begin` to `end`: whoever does not read, or
/// goes away, stops no call (spec Y-7).
enum Words {
  private struct Writers {
    var out: LineWriter
    var error: LineWriter
    /// What happens goes there; nil = to standard output or standard error.
    var log: LineWriter?
  }

  nonisolated(unsafe) private static var writers: Writers?

  static func out(_ line: String) {
    if let writers { writers.out.write(line) } else { write(line + "\n", to: 1) }
  }

  static func error(_ line: String) {
    if let writers { writers.error.write(line) } else { write(line + "\n", to: 2) }
  }

  /// What happened: an object for programs, or a sentence for people.
  static func event(_ line: String, isObject: Bool) {
    if let log = writers?.log { return log.write(line) }
    if isObject { out(line) } else { error(line) }
  }

  /// From now on nobody waits for a reader. `log`: a file for what happens, and how many octets it may have (0 = any number).
  static func begin(isJSON: Bool, log: String?, limit: Int) throws(Problem) {
    let mark = { @Sendable (count: UInt64) -> String in
      isJSON ? lostObject(count) : lostSentence(count)
    }
    var file: LineWriter?
    if let log { file = try LineWriter(LineSink(path: log, limit: limit), mark: mark) }
    writers = Writers(
      out: try LineWriter(LineSink(descriptor: 1), mark: mark),
      error: try LineWriter(LineSink(descriptor: 2), mark: { lostSentence($0) }), log: file)
  }

  /// What was said is written, as far as somebody takes it.
  static func end() {
    guard let ending = writers else { return }
    writers = nil
    for writer in [ending.log, ending.out, ending.error] { writer?.end() }
  }

  private static func lostSentence(_ count: UInt64) -> String {
    "\(count) \(count == 1 ? "line was" : "lines were") not written: nobody took them in time"
  }

  private static func lostObject(_ count: UInt64) -> String {
    var line = JSONLine()
    line.add("event", "lines-lost")
    line.add("count", Int64(clamping: count))
    line.add("text", lostSentence(count))
    return line.text
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
