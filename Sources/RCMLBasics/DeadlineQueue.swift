/// The deadlines of many owners, earliest first: a binary heap, O(log n) to add and to take, never a scan.
///
/// Nothing is removed before its time (lazy deletion): an owner that no longer wants a deadline says so when the
/// queue asks it. Equal instants come out in the order they went in, so that a run can be repeated.
///
/// `Owner` is what a room needs to find who is to be asked: a private enum where there are several kinds of owners.
/// Everything here may be inlined: each room's owner gets code of its own.
package struct DeadlineQueue<Owner> {
  package struct Entry {
    package let deadline: Deadline
    package let owner: Owner
    @usableFromInline let order: UInt64

    @inlinable init(deadline: Deadline, owner: Owner, order: UInt64) {
      self.deadline = deadline
      self.owner = owner
      self.order = order
    }

    @inlinable func isBefore(_ other: Entry) -> Bool {
      if deadline.instant != other.deadline.instant {
        return deadline.instant < other.deadline.instant
      }
      return order < other.order
    }
  }

  @usableFromInline var heap: [Entry] = []
  @usableFromInline var nextOrder: UInt64 = 0

  @inlinable package init() {}

  /// By index, here and below: where this is not specialized, `heap.first` asks for memory each time.
  @inlinable package var first: Entry? { heap.isEmpty ? nil : heap[0] }
  @inlinable package var count: Int { heap.count }

  @inlinable package mutating func add(_ deadline: Deadline, for owner: Owner) {
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

  @inlinable package mutating func popFirst() -> Entry? {
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
  @inlinable package mutating func popFirst(dueAt now: Instant) -> Entry? {
    guard let first, first.deadline.instant <= now else { return nil }
    return popFirst()
  }
}
