import RCMLBasics

/// INVITEs that would begin calls, between the socket and the core: whatever belongs to calls overtakes them, and who has
/// stood here for too long is told so instead of being served (spec Y-9).
///
/// Age by itself is no reason: a host that turns its loop seldom finds old INVITEs whenever it does. It is one when the line
/// has not been empty for as long, because then those behind wait longer still.
struct InviteLine {
  struct Waiting {
    let listener: ListenerID
    let from: SocketAddress
    let local: SocketAddress
    let bytes: [UInt8]
    /// When the kernel took it.
    let arrived: Instant
  }

  /// How old one may become. A caller does not notice so little, and an OPTIONS behind would.
  static let patience = Interval.milliseconds(50)
  /// More have no room: they are too late at once.
  static let places = 1_024

  private var waiting: [Waiting?] = []
  private var first = 0
  /// How many stand here from one address and port.
  private var bySource: [SocketAddress: Int] = [:]
  /// Since when somebody has been standing here.
  private var busySince = Instant.distantFuture

  var isEmpty: Bool { first == waiting.count }
  var count: Int { waiting.count - first }

  /// A CANCEL of this sender may be for one that stands here.
  func holds(_ source: SocketAddress) -> Bool { !isEmpty && bySource[source] != nil }

  /// False: there is no room.
  mutating func append(_ one: Waiting, at now: Instant) -> Bool {
    guard count < InviteLine.places else { return false }
    if isEmpty { busySince = now }
    waiting.append(one)
    bySource[one.from, default: 0] += 1
    return true
  }

  /// The one that came first.
  mutating func next(at now: Instant) -> (one: Waiting, isOverdue: Bool)? {
    guard first < waiting.count, let one = waiting[first] else { return nil }
    waiting[first] = nil
    first += 1
    if let count = bySource[one.from] { bySource[one.from] = count > 1 ? count - 1 : nil }
    let isOverdue = now - one.arrived > InviteLine.patience && now - busySince > InviteLine.patience
    if first == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      first = 0
    } else if first >= InviteLine.places {
      waiting.removeFirst(first)
      first = 0
    }
    return (one, isOverdue)
  }
}
