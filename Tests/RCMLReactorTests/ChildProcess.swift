import Glibc

/// A child of the test's process, forked while other tests run on other threads.
enum ChildProcess {
  /// How often a child is made anew.
  private static let tries = 5

  /// The first thing a child does: whatever happens, it ends. Threads of a test runner block every signal.
  static func bound(seconds: UInt32) {
    var alarms = sigset_t()
    sigemptyset(&alarms)
    sigaddset(&alarms, SIGALRM)
    pthread_sigmask(SIG_UNBLOCK, &alarms, nil)
    signal(SIGALRM, SIG_DFL)
    alarm(seconds)
  }

  /// Does `body` while a child lives that has a copy of everything that is open now, and does nothing.
  static func beside(_ body: () throws -> Void) throws {
    let child = fork()
    if child == 0 {
      bound(seconds: 20)
      while true { pause() }
    }
    guard child > 0 else { return }
    defer {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    try body()
  }

  /// What `body` returned in a child; nil when it did not come to an end. A child that was forked while another
  /// thread held a lock of the runtime waits for it in vain: then another one is made.
  static func run(seconds: UInt32 = 10, _ body: () -> Int32) -> Int32? {
    for _ in 0..<tries {
      let child = fork()
      if child == 0 {
        bound(seconds: seconds)
        _exit(body())
      }
      var status: Int32 = 0
      guard child > 0, waitpid(child, &status, 0) == child else { return nil }
      if status & 0x7F == SIGALRM { continue }
      return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
    return nil
  }
}
