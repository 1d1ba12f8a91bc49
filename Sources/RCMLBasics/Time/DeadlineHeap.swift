/// Deadlines in no order, as a binary heap: what fits into no lane.
struct DeadlineHeap {
  private var heap: [DeadlineQueue.Entry] = []

  var first: DeadlineQueue.Entry? { heap.isEmpty ? nil : heap[0] }

  mutating func add(_ entry: DeadlineQueue.Entry) {
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

  mutating func dropFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
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
  }
}
