import CSystem
import RCMLBasics

/// What the loop sleeps on: epoll, its timer, its waker, and the thread that watches it for a host without a loop.
final class Poll {
  /// Readable whenever there is something to do.
  let descriptor: Int32
  let waker: Waker
  private let timer: Int32
  /// When there is something to do although nothing arrives.
  private var deadline = Instant.distantFuture
  /// When the timer goes off: then, or earlier.
  private var armed = Instant.distantFuture
  /// What a sleep has found and nobody has read.
  private let found: UnsafeMutableBufferPointer<system_event>
  private var foundCount = 0
  /// The last round found something: there may be more.
  private(set) var hasMoreToRead = false
  private var thread: OpaquePointer?
  private var isOpen = true

  init() throws(ReactorError) {
    var opened: [Int32] = []
    func open(_ descriptor: Int32) throws(ReactorError) -> Int32 {
      if descriptor >= 0 {
        opened.append(descriptor)
        return descriptor
      }
      for each in opened { system_close(each) }
      throw ReactorError.loop(descriptor)
    }
    descriptor = try open(system_epoll_create())
    timer = try open(system_timer_create())
    waker = Waker(descriptor: try open(system_wake_create()))
    // Last: where something before it fails, nobody would give it back.
    found = .allocate(capacity: 16)
    system_epoll_set(descriptor, timer, 1, Tag.make(Tag.timer, 0))
    system_epoll_set(descriptor, waker.descriptor, 1, Tag.make(Tag.wake, 0))
  }

  deinit {
    close()
    found.deallocate()
  }

  /// Its own descriptors.
  static let descriptorCount = 3

  // MARK: what is watched

  /// 0, or an error number.
  func watch(_ socket: Int32, _ events: UInt32, _ tag: UInt64) -> Int32 {
    system_epoll_set(descriptor, socket, events, tag)
  }

  /// A child that was forked meanwhile may still hold it: the loop must not hear of it again.
  func forget(_ socket: Int32) { system_epoll_remove(descriptor, socket) }

  // MARK: sleeping and reading

  /// What is ready now, without sleeping: what the last sleep found, before anything else.
  func read(_ room: UnsafeMutableBufferPointer<system_event>) -> Int {
    var count = min(foundCount, room.count)
    if count > 0 {
      for place in 0..<count { room[place] = found[place] }
      foundCount = 0
    } else {
      let capacity = Int32(truncatingIfNeeded: room.count)
      count = min(
        max(0, Int(system_epoll_wait(descriptor, room.baseAddress, capacity, 0))), room.count)
    }
    hasMoreToRead = count > 0
    return count
  }

  /// What the last round found was all.
  func nothingIsLeft() { hasMoreToRead = false }

  /// Until something is ready, at most `milliseconds` (-1 = for ever). False: a signal has ended it.
  func sleep(milliseconds: Int64) -> Bool {
    guard foundCount == 0 else { return true }
    let count = system_epoll_wait(
      descriptor, found.baseAddress, Int32(truncatingIfNeeded: found.count),
      milliseconds < 0 ? -1 : Int32(clamping: milliseconds))
    foundCount = max(0, Int(count))
    return count >= 0
  }

  /// Until there is something to do: -1 = there never is.
  func millisecondsLeft(_ now: Instant) -> Int64 {
    if deadline == .distantFuture { return -1 }
    let left = (deadline - now).nanoseconds
    return left <= 0 ? 0 : (left - 1) / 1_000_000 + 1
  }

  /// A timer that goes off too early wakes the loop once for nothing; to put each one off would ask the kernel four times
  /// a call.
  func setTimer(_ next: Instant) {
    deadline = next
    guard next < armed else { return }
    armed = next
    system_timer_set(timer, next.nanoseconds)
  }

  func timerWentOff() {
    system_drain_counter(timer)
    armed = .distantFuture
  }

  func wasWoken() { system_drain_counter(waker.descriptor) }

  // MARK: the thread that watches

  var hasThread: Bool { thread != nil }

  /// False: the system gives none.
  func startThread(
    _ function: @escaping @convention(c) (UnsafeMutableRawPointer?) -> Void,
    context: UnsafeMutableRawPointer?
  ) -> Bool {
    thread = system_waker_create(descriptor, function, context)
    return thread != nil
  }

  /// It may call again.
  func rearmThread() { if let thread { system_waker_rearm(thread) } }

  /// It has ended on return.
  func stopThread() {
    system_waker_destroy(thread)
    thread = nil
  }

  /// In a child that was forked there is no such thread.
  func abandonThread() {
    system_waker_abandon(thread)
    thread = nil
  }

  func close() {
    guard isOpen else { return }
    isOpen = false
    for each in [timer, waker.descriptor, descriptor] { system_close(each) }
  }
}
