import Glibc

/// SIGINT and SIGTERM as something to be read: the handler writes an octet, the loop counts them.
enum Signals {
  nonisolated(unsafe) private static var writing: Int32 = -1

  /// A descriptor that is readable when a signal came.
  static func watch() throws(Problem) -> Int32 {
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
    action.__sigaction_handler.sa_handler = { _ in
      let before = errno
      var octet: UInt8 = 0
      _ = Glibc.write(Signals.writing, &octet, 1)
      errno = before
    }
    sigemptyset(&action.sa_mask)
    action.sa_flags = Int32(SA_RESTART)
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    return ends[0]
  }

  /// How many came since the last time.
  static func take(_ descriptor: Int32) -> Int {
    var room = [UInt8](repeating: 0, count: 16)
    return max(0, Glibc.read(descriptor, &room, room.count))
  }
}
