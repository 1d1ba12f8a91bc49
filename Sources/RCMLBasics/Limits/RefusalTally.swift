/// What limits have refused, kind by kind: all of it counted, and of each kind at most one word a second, with the number that
/// it stands for (spec Y-13).
///
/// The first refusal of a kind is due at once, those that follow when a second is over. Whoever refuses says `refuse`;
/// whoever tells the host asks `popDue` until it is nil, and again at `nextDeadline`.
public struct RefusalTally: Sendable {
  public static let pause = Interval.seconds(1)

  private struct Entry {
    var total: UInt64 = 0
    var untold: UInt64 = 0
    /// Nothing is told of it before that.
    var quietUntil = Instant(nanoseconds: 0)
  }

  private var entries: [Limit: Entry] = [:]
  /// When something is to be told; nil: there is nothing.
  public private(set) var nextDeadline: Instant?

  public init() {}

  /// All that a limit has refused.
  public func total(_ limit: Limit) -> UInt64 { entries[limit]?.total ?? 0 }

  public var totals: [Limit: UInt64] { entries.mapValues(\.total) }

  /// Counted, and told by whoever was there.
  public mutating func count(_ limit: Limit) { entries[limit, default: Entry()].total &+= 1 }

  public mutating func refuse(_ limit: Limit, _ count: UInt64 = 1) {
    var entry = entries[limit] ?? Entry()
    entry.total &+= count
    entry.untold &+= count
    entries[limit] = entry
    nextDeadline = min(nextDeadline ?? entry.quietUntil, entry.quietUntil)
  }

  /// What is to be told now, and of how many; nil = nothing more.
  public mutating func popDue(at now: Instant) -> (limit: Limit, count: UInt64)? {
    guard let nextDeadline, nextDeadline <= now else { return nil }
    var told: (limit: Limit, count: UInt64)?
    var next: Instant?
    // In the order of their names: the same history tells the same.
    for limit in Limit.allCases {
      guard var entry = entries[limit], entry.untold > 0 else { continue }
      if told == nil, entry.quietUntil <= now {
        told = (limit, entry.untold)
        entry.untold = 0
        entry.quietUntil = now + RefusalTally.pause
        entries[limit] = entry
      } else {
        next = min(next ?? entry.quietUntil, entry.quietUntil)
      }
    }
    self.nextDeadline = next
    return told
  }
}
