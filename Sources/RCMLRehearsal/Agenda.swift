import RCMLBasics

/// What will happen in virtual time; what was put in first happens first among equals.
public struct Agenda<Event> {
  @usableFromInline
  struct Entry {
    @usableFromInline var instant: Instant
    @usableFromInline var order: UInt64
    @usableFromInline var event: Event

    @inlinable
    init(instant: Instant, order: UInt64, event: Event) {
      self.instant = instant
      self.order = order
      self.event = event
    }

    @inlinable
    static func < (a: Entry, b: Entry) -> Bool {
      a.instant == b.instant ? a.order < b.order : a.instant < b.instant
    }
  }

  @usableFromInline private(set) var heap: [Entry] = []
  @usableFromInline private(set) var order: UInt64 = 0

  @inlinable
  public init() {}

  @inlinable
  public var isEmpty: Bool { heap.isEmpty }

  @inlinable
  public var first: Instant? { heap.first?.instant }

  @inlinable
  public mutating func add(_ event: Event, at instant: Instant) {
    insert(Entry(instant: instant, order: order, event: event))
    order += 1
  }

  @usableFromInline
  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  @inlinable
  public mutating func popFirst() -> (Instant, Event)? {
    guard let first = heap.first else { return nil }
    removeRoot()
    return (first.instant, first.event)
  }

  @usableFromInline
  mutating func removeRoot() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child] < heap[least] { least = child }
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  /// What is meant does not happen; the others keep their order.
  public mutating func removeAll(where isMeant: (Event) -> Bool) {
    let kept = heap.filter { !isMeant($0.event) }
    guard kept.count < heap.count else { return }
    heap = []
    for entry in kept { insert(entry) }
  }
}
