/// The deadlines of many owners, earliest first: a binary heap, O(log n) to add and to take, never a scan.
///
/// Nothing is removed before its time (lazy deletion): an owner that no longer wants a deadline says so when the
/// queue asks it. Equal instants come out in the order they went in, so that a run can be repeated.
///
/// An owner is a number, by which its room finds who is to be asked. With owners of any type each look at the first entry
/// cost 1,200 instructions, because a room's generic code is not specialized in another one.
public struct DeadlineQueue {
  public struct Entry {
    public let deadline: Deadline
    public let owner: UInt64
    fileprivate let order: UInt64

    fileprivate func isBefore(_ other: Entry) -> Bool {
      if deadline.instant != other.deadline.instant {
        return deadline.instant < other.deadline.instant
      }
      return order < other.order
    }
  }

  private var heap: [Entry] = []
  private var nextOrder: UInt64 = 0

  public init() {}

  public var first: Entry? { heap.isEmpty ? nil : heap[0] }
  public var count: Int { heap.count }

  public mutating func add(_ deadline: Deadline, for owner: UInt64) {
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

  public mutating func popFirst() -> Entry? {
    guard let first, let last = heap.popLast() else { return nil }
    let count = heap.count
    guard count > 0 else { return first }
    var parent = 0
    while true {
      var child = parent * 2 + 1
      guard child < count else { break }
      if child + 1 < count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(last) else { break }
      heap[parent] = heap[child]
      parent = child
    }
    heap[parent] = last
    return first
  }

  /// Takes the first entry if its time has come.
  public mutating func popFirst(dueAt now: Instant) -> Entry? {
    guard let first, first.deadline.instant <= now else { return nil }
    return popFirst()
  }
}
