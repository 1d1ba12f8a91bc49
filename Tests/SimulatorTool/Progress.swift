import Glibc

/// How far a long run is, for who looks at a terminal: once a second on standard error, and gone at the end.
struct Progress {
  private let total: UInt64
  /// What is counted: worlds, rings.
  private let what: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private let began = Progress.seconds
  private var shownAt: Int

  init(of total: UInt64, _ what: String) {
    self.total = total
    self.what = what
    shownAt = began
  }

  mutating func step(_ done: UInt64, failures: Int) {
    guard isShown, Progress.seconds > shownAt else { return }
    shownAt = Progress.seconds
    let left = Double(total - done) * Double(shownAt - began) / Double(max(1, done))
    write(
      "\(done) of \(total) \(what), \(failures) broke an invariant, about \(Int(left)) s to go")
  }

  /// What comes next begins an empty line.
  func end() {
    if isShown, shownAt > began { write("") }
  }

  private func write(_ text: String) {
    let octets = Array("\r\u{1b}[K\(text)".utf8)
    _ = Glibc.write(STDERR_FILENO, octets, octets.count)
  }

  private static var seconds: Int {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec
  }
}
