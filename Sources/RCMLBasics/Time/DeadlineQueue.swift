/// The deadlines of many owners, earliest first.
///
/// Most deadlines are of a few durations (a transaction's, a call's), and those of one duration are added in the order in
/// which they will come. So they stand in a few lanes, each in its order: to add one is to put it behind the last of a
/// lane, to take the earliest is to look at the first of each. What fits into no lane goes into a heap.
///
/// Nothing is removed before its time (lazy deletion): an owner that no longer wants a deadline says so when the queue asks
/// it. Equal instants come out in the order they went in, so that a run can be repeated.
///
/// An owner is a number of a kind, by which its room finds who is to be asked: so the queue is one for all rooms, and nothing
/// of it has to be generic.
public struct DeadlineQueue: ~Copyable {
  public struct Entry {
    public let deadline: Deadline
    public let owner: UInt64
    public let kind: UInt8
    fileprivate let order: UInt64

    func isBefore(_ other: Entry) -> Bool {
      deadline.instant == other.deadline.instant
        ? order < other.order : deadline.instant < other.deadline.instant
    }
  }

  private var lanes: [DeadlineLane] = []
  private var heap = DeadlineHeap()
  private var nextOrder: UInt64 = 0
  private var earliest: Entry?
  /// Where it stands: a lane, or behind them all the heap.
  private var place = 0
  public private(set) var count = 0

  public init() {}

  public var first: Entry? { earliest }

  public mutating func add(_ deadline: Deadline, for owner: UInt64, kind: UInt8 = 0) {
    let entry = Entry(deadline: deadline, owner: owner, kind: kind, order: nextOrder)
    nextOrder &+= 1
    count += 1
    let lane = lane(for: deadline.instant)
    if lane < lanes.count { lanes[lane].append(entry) } else { heap.add(entry) }
    if let earliest, !entry.isBefore(earliest) { return }
    earliest = entry
    place = lane
  }

  public mutating func popFirst() -> Entry? {
    guard let taken = earliest else { return nil }
    if place < lanes.count { lanes[place].dropFirst() } else { heap.dropFirst() }
    count -= 1
    findEarliest()
    return taken
  }

  /// Takes the first entry if its time has come.
  public mutating func popFirst(dueAt now: Instant) -> Entry? {
    guard let earliest, earliest.deadline.instant <= now else { return nil }
    return popFirst()
  }

  /// The lane whose last deadline is the latest that is not after `instant`, so that lanes of short durations stay free of
  /// long ones; none: the number of lanes.
  private mutating func lane(for instant: Instant) -> Int {
    var best = lanes.count
    for lane in lanes.indices where lanes[lane].last <= instant {
      if best == lanes.count || lanes[best].last < lanes[lane].last { best = lane }
    }
    if best == lanes.count, best < 8 { lanes.append(DeadlineLane()) }
    return best
  }

  private mutating func findEarliest() {
    earliest = heap.first
    place = lanes.count
    for lane in lanes.indices {
      guard let first = lanes[lane].first else { continue }
      if let earliest, !first.isBefore(earliest) { continue }
      earliest = first
      place = lane
    }
  }
}
