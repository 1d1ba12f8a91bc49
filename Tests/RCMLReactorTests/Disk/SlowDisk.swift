import Glibc

@testable import RCMLReactor

/// A disk that takes nothing until it is let: true files behind a gate. It notes which threads wrote.
final class SlowDisk: @unchecked Sendable {
  private var lock = pthread_mutex_t()
  private var changed = pthread_cond_t()
  private var isOpen: Bool
  private var threads: Set<pthread_t> = []
  /// Told before each call goes to the true disk.
  private let before: @Sendable () -> Void

  init(isOpen: Bool = false, before: @escaping @Sendable () -> Void = {}) {
    self.isOpen = isOpen
    self.before = before
    pthread_mutex_init(&lock, nil)
    pthread_cond_init(&changed, nil)
  }

  func set(isOpen: Bool) {
    pthread_mutex_lock(&lock)
    self.isOpen = isOpen
    pthread_cond_broadcast(&changed)
    pthread_mutex_unlock(&lock)
  }

  /// Those that have asked for something.
  var callers: Set<pthread_t> {
    pthread_mutex_lock(&lock)
    defer { pthread_mutex_unlock(&lock) }
    return threads
  }

  private func pass() {
    pthread_mutex_lock(&lock)
    threads.insert(pthread_self())
    while !isOpen { pthread_cond_wait(&changed, &lock) }
    pthread_mutex_unlock(&lock)
    before()
  }

  var calls: FileCalls {
    let real = FileCalls()
    var calls = FileCalls()
    calls.create = { path in
      self.pass()
      return real.create(path)
    }
    calls.append = { descriptor, octets in
      self.pass()
      return real.append(descriptor, octets)
    }
    calls.write = { descriptor, octets, offset in
      self.pass()
      return real.write(descriptor, octets, offset)
    }
    calls.extend = { descriptor, length in
      self.pass()
      return real.extend(descriptor, length)
    }
    calls.remove = { path in
      self.pass()
      real.remove(path)
    }
    calls.close = { descriptor in
      self.pass()
      real.close(descriptor)
    }
    return calls
  }
}
