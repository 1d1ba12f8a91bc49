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
    case listener(ListenerID)
  }

  struct Entry {
    let deadline: Deadline
    let owner: Owner
  }

  private var queue = DeadlineQueue()

  var first: Entry? { queue.first.map(TimerQueue.read) }

  func add(_ deadline: Deadline, for owner: Owner) {
    switch owner {
    case .connection(let id): queue.add(deadline, for: id.number, kind: 0)
    case .search(let number): queue.add(deadline, for: number, kind: 1)
    case .client(let number): queue.add(deadline, for: number, kind: 2)
    case .server(let number): queue.add(deadline, for: number, kind: 3)
    case .session(let number): queue.add(deadline, for: number, kind: 4)
    case .listener(let id): queue.add(deadline, for: UInt64(id.number), kind: 5)
    }
  }

  func popFirst() -> Entry? { queue.popFirst().map(TimerQueue.read) }

  /// Takes the first entry if its time has come.
  func popFirst(dueAt now: Instant) -> Entry? {
    queue.popFirst(dueAt: now).map(TimerQueue.read)
  }

  private static func read(_ entry: DeadlineQueue.Entry) -> Entry {
    let owner: Owner
    switch entry.kind {
    case 0: owner = .connection(ConnectionID(entry.owner))
    case 1: owner = .search(entry.owner)
    case 2: owner = .client(entry.owner)
    case 3: owner = .server(entry.owner)
    case 4: owner = .session(entry.owner)
    default: owner = .listener(ListenerID(UInt32(truncatingIfNeeded: entry.owner)))
    }
    return Entry(deadline: entry.deadline, owner: owner)
  }
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
