import RCMLSIP

/// How many legs are under way that come of one first INVITE, however often it came back to us (spec Y-6). Found by key
/// only.
final class LegCounts {
  /// By the number of the first call.
  private var counts: [UInt64: Int] = [:]

  /// First calls of which legs are under way.
  var count: Int { counts.count }

  subscript(trail: CallTrail) -> Int { trail.root.flatMap { counts[$0] } ?? 0 }

  func begin(of trail: CallTrail) {
    if let root = trail.root { counts[root, default: 0] += 1 }
  }

  func end(of trail: CallTrail) {
    guard let root = trail.root, let count = counts[root] else { return }
    counts[root] = count > 1 ? count - 1 : nil
  }
}
