import RCMLBasics

/// Senders who may turn out to be the party: watched until four packets show that each is one source (spec U-67).
struct SourceCandidates {
  private struct Candidate {
    var address: SocketAddress
    var rank: SourceLock.Rank
    var source: UInt32
    var sequence: UInt16
    var count: Int
    var since: Instant
  }

  static let packetsNeeded = 4
  static let window = Interval.seconds(1)
  /// Watched at once: one who sprays does not keep the party from being found.
  static let limit = 4
  /// What may be lost between two packets of a source, or come late: more is another source.
  static let gap = 50

  private var all: [Candidate] = []

  mutating func forget() { if !all.isEmpty { all.removeAll(keepingCapacity: true) } }

  /// True: this packet is the fourth of its source in a second, and its numbers grow.
  mutating func proves(
    _ from: SocketAddress, _ rank: SourceLock.Rank, _ header: RTPHeader, at now: Instant
  ) -> Bool {
    let fresh = Candidate(
      address: from, rank: rank, source: header.source, sequence: header.sequence, count: 1,
      since: now)
    guard let place = all.firstIndex(where: { $0.address == from }) else {
      watch(fresh)
      return false
    }
    let known = all[place]
    let step = Int(Int16(bitPattern: header.sequence &- known.sequence))
    guard known.source == header.source, now - known.since <= SourceCandidates.window,
      (-SourceCandidates.gap...SourceCandidates.gap).contains(step)
    else {
      all[place] = fresh
      return false
    }
    // Late or doubled: it says nothing.
    guard step > 0 else { return false }
    all[place].sequence = header.sequence
    all[place].count += 1
    return all[place].count >= SourceCandidates.packetsNeeded
  }

  /// Whoever is vouched for least makes room, the oldest of those first.
  private mutating func watch(_ candidate: Candidate) {
    if all.count == SourceCandidates.limit {
      var victim = 0
      for place in all.indices where all[place].rank > all[victim].rank { victim = place }
      guard all[victim].rank >= candidate.rank else { return }
      all.remove(at: victim)
    }
    all.append(candidate)
  }
}
