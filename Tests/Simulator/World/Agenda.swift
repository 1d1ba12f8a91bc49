import RCMLBasics

/// What will happen, by time; what was put in first happens first among equals.
struct Agenda<Event> {
  private struct Entry {
    var instant: Instant
    var order: UInt64
    var event: Event

    static func < (a: Entry, b: Entry) -> Bool {
      a.instant == b.instant ? a.order < b.order : a.instant < b.instant
    }
  }

  private var heap: [Entry] = []
  private var order: UInt64 = 0

  var isEmpty: Bool { heap.isEmpty }
  var first: Instant? { heap.first?.instant }

  mutating func add(_ event: Event, at instant: Instant) {
    heap.append(Entry(instant: instant, order: order, event: event))
    order += 1
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> (Instant, Event)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      var parent = 0
      while true {
        var least = parent
        for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
          if heap[child] < heap[least] { least = child }
        }
        if least == parent { break }
        heap.swapAt(parent, least)
        parent = least
      }
    }
    return (first.instant, first.event)
  }
}
