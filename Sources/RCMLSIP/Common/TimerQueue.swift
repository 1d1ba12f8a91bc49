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
    fileprivate let order: UInt64

    fileprivate func isBefore(_ other: Entry) -> Bool {
      deadline.instant == other.deadline.instant
        ? order < other.order : deadline.instant < other.deadline.instant
    }
  }

  /// A binary heap. It is written out here and not made of the generic `DeadlineQueue`, which works on entries that it
  /// does not know: that cost an allocation for each look at the first one, and a sixth of a call's instructions.
  private var heap: [Entry] = []
  private var nextOrder: UInt64 = 0

  var first: Entry? { heap.isEmpty ? nil : heap[0] }

  func add(_ deadline: Deadline, for owner: Owner) {
    let entry = Entry(deadline: deadline, owner: owner, order: nextOrder)
    nextOrder &+= 1
    var child = heap.count
    heap.append(entry)
    while child > 0 {
      let parent = (child - 1) / 2
      guard entry.isBefore(heap[parent]) else { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = entry
  }

  func popFirst() -> Entry? {
    guard let first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return first
  }

  /// Takes the first entry if its time has come.
  func popFirst(dueAt now: Instant) -> Entry? {
    guard let first, first.deadline.instant <= now else { return nil }
    return popFirst()
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
