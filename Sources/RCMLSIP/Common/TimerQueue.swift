import RCMLBasics

/// The deadlines of all layers in one queue, so that what is due at one instant comes in the order in which it was asked
/// for, whoever asked.
///
/// Every owner has at most one current entry (its `TimerSlot` says which); an entry whose owner is gone or has a later
/// deadline is dropped or moved when it comes to the top.
final class TimerQueue {
  enum Owner {
    case connection(ConnectionID)
    case search(UInt64)
    case client(UInt64)
    case server(UInt64)
    case session(UInt64)
  }

  typealias Entry = DeadlineQueue<Owner>.Entry

  private var queue = DeadlineQueue<Owner>()

  var first: Entry? { queue.first }

  func add(_ deadline: Deadline, for owner: Owner) { queue.add(deadline, for: owner) }

  func popFirst() -> Entry? { queue.popFirst() }

  func popFirst(dueAt now: Instant) -> Entry? { queue.popFirst(dueAt: now) }
}

/// The entry of one owner in the queue of deadlines.
struct TimerSlot {
  private var due: Instant?

  /// Is this entry the one that counts?
  func isQueued(at instant: Instant) -> Bool { due == instant }

  /// The owner wants to be asked at that time, or earlier if it said so before.
  mutating func schedule(_ wanted: Deadline?, for owner: TimerQueue.Owner, in timers: TimerQueue) {
    guard let wanted else { return }
    if let due, due <= wanted.instant { return }
    due = wanted.instant
    timers.add(wanted, for: owner)
  }

  /// The entry has come to the top, or nobody waits for it any more.
  mutating func clear() { due = nil }
}
