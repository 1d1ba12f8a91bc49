import Glibc

/// What takes long says so, once a second, to whoever looks at a terminal; gone when it is over.
final class WaitingLine: @unchecked Sendable {
  private let text: String
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  // Guarded by the mutex.
  private var isOver = false
  private var isShown = false

  /// It is said after the first second, and how long it has taken so far.
  init(_ text: String) {
    self.text = text
    pthread_mutex_init(mutex, nil)
    guard isatty(2) == 1 else { return }
    var thread = pthread_t()
    let lent = Unmanaged.passRetained(self)
    let status = pthread_create(
      &thread, nil,
      { lent in
        guard let lent else { return nil }
        Unmanaged<WaitingLine>.fromOpaque(lent).takeRetainedValue().run()
        return nil
      }, lent.toOpaque())
    if status == 0 { pthread_detach(thread) } else { lent.release() }
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// From here on nothing more is written.
  func end() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    isOver = true
    if isShown { write("") }
  }

  private func run() {
    var seconds = 0
    while true {
      sleep(1)
      seconds += 1
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      if isOver { return }
      isShown = true
      write("\(text), \(seconds) s")
    }
  }

  private func write(_ text: String) {
    let octets = Array("\r\u{1b}[K\(text)".utf8)
    _ = Glibc.write(2, octets, octets.count)
  }
}
