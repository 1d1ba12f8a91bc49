import Glibc

/// SIGINT, SIGTERM and SIGHUP as something to be read: the handler writes an octet, the loop reads them.
enum Signals {
  nonisolated(unsafe) private static var writing: Int32 = -1

  /// A descriptor that is readable when a signal came.
  ///
  /// - Parameter watchesHangup: SIGHUP is a word of an administrator's; otherwise a terminal that is closed ends the program.
  static func watch(hangup watchesHangup: Bool) throws(Problem) -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw .failed("no pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    writing = ends[1]
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      let before = errno
      var octet = UInt8(truncatingIfNeeded: signal)
      _ = Glibc.write(Signals.writing, &octet, 1)
      errno = before
    }
    sigemptyset(&action.sa_mask)
    action.sa_flags = Int32(SA_RESTART)
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    if watchesHangup { sigaction(SIGHUP, &action, nil) }
    return ends[0]
  }

  /// Those that came since the last time.
  static func take(_ descriptor: Int32) -> [Int32] {
    var room = [UInt8](repeating: 0, count: 16)
    let count = max(0, Glibc.read(descriptor, &room, room.count))
    return room.prefix(count).map { Int32($0) }
  }
}
