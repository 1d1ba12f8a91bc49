import Glibc

/// Writes lines on a thread of its own, which may wait for its reader as long as it likes: whoever hands a line over never
/// waits, and no signal comes of it (spec Y-7).
///
/// A descriptor is not made non-blocking: others share it, a terminal or a pipe, and would find it so.
final class LineWriter: @unchecked Sendable {
  /// Octets that may wait.
  private static let room = 1 << 20
  /// Octets that are written at once.
  private static let batch = 1 << 16
  /// Whoever writes one line writes more: they are written together, and at most so often, in microseconds.
  private static let pause: useconds_t = 10_000
  /// At the end nobody is waited for who takes nothing for so long, in milliseconds.
  private static let patience: Int64 = 1_000

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  // Guarded by the mutex.
  private var queue: LineQueue
  private var isWriting = false
  /// The thread sleeps until there is a line.
  private var isIdle = false
  private var isFailing = false
  /// Pieces that were written.
  private var written: UInt64 = 0
  /// The thread's own.
  private var sink: LineSink

  /// `mark`: the line that says how many were lost. It lasts as long as the process.
  init(_ sink: LineSink, mark: @escaping @Sendable (UInt64) -> String) throws(Problem) {
    self.sink = sink
    queue = LineQueue(room: LineWriter.room, mark: mark)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    guard start() else { throw .failed("no thread to write with") }
  }

  /// Signals are the loop's: for this thread SIGPIPE is the error number that it comes with, and nothing else.
  private func start() -> Bool {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    var thread = pthread_t()
    let lent = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { lent in
        guard let lent else { return nil }
        Unmanaged<LineWriter>.fromOpaque(lent).takeUnretainedValue().run()
      }, lent.toOpaque())
    if status == 0 { pthread_detach(thread) } else { lent.release() }
    return status == 0
  }

  func write(_ line: String) {
    hold {
      queue.append(line)
      if isIdle { pthread_cond_signal(changed) }
    }
  }

  /// Waits until all is written, or nobody takes it.
  func end() {
    var last: UInt64 = 0
    var since = AgentSession.now
    while true {
      let (isOver, count) = hold { (isFailing || queue.isEmpty && !isWriting, written) }
      let now = AgentSession.now
      if count != last { (last, since) = (count, now) }
      if isOver || now - since > LineWriter.patience { return }
      usleep(2_000)
    }
  }

  private func hold<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  // MARK: the thread

  private func run() -> Never {
    while true {
      let piece = next()
      let lost = sink.write(piece.lines)
      hold {
        isFailing = lost > 0
        if lost > 0 { queue.failed(piece, lost) } else { written &+= 1 }
      }
      // A pipe without a reader, or a disk that is full: a moment later it may be otherwise.
      usleep(lost > 0 ? 100_000 : LineWriter.pause)
    }
  }

  private func next() -> LineQueue.Piece {
    hold {
      isWriting = false
      while true {
        if let piece = queue.next(LineWriter.batch) {
          isWriting = true
          return piece
        }
        isIdle = true
        pthread_cond_wait(changed, mutex)
        isIdle = false
      }
    }
  }
}
