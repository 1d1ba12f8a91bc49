import Glibc

/// A lock at an address of its own, and what those wait for who need more than the lock.
final class Mutex: @unchecked Sendable {
  private let raw = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(raw, nil)
    pthread_cond_init(change, nil)
  }

  deinit {
    pthread_cond_destroy(change)
    change.deallocate()
    pthread_mutex_destroy(raw)
    raw.deallocate()
  }

  /// Whoever holds it: gives it up until somebody tells of a change, and holds it again. It may wake for nothing.
  func waitForChange() { pthread_cond_wait(change, raw) }

  func tellOfChange() { pthread_cond_broadcast(change) }

  func lock() { pthread_mutex_lock(raw) }
  func unlock() { pthread_mutex_unlock(raw) }

  func hold<Result>(_ body: () -> Result) -> Result {
    lock()
    defer { unlock() }
    return body()
  }
}
