/// Deadlines that were added in the order in which they come.
struct DeadlineLane {
  private var entries: [DeadlineQueue.Entry] = []
  /// What is before it was taken.
  private var head = 0
  /// The latest; long ago, when there is none.
  private(set) var last = Instant(nanoseconds: 0)

  var first: DeadlineQueue.Entry? { head < entries.count ? entries[head] : nil }

  mutating func append(_ entry: DeadlineQueue.Entry) {
    entries.append(entry)
    last = entry.deadline.instant
  }

  /// A lane that is never empty must not keep all that ever stood in it.
  mutating func dropFirst() {
    head += 1
    if head == entries.count {
      entries.removeAll(keepingCapacity: entries.capacity <= 1_024)
      head = 0
      last = Instant(nanoseconds: 0)
    } else if head >= 256, head * 2 >= entries.count {
      entries.removeFirst(head)
      head = 0
    }
  }
}
