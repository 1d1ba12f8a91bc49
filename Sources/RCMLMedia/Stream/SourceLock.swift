import RCMLBasics

/// Whose packets are believed (failures A8).
///
/// The address the description names is believed at once. Another one — a phone behind a NAT — only as long as
/// nothing has come from the named one, and after four packets in a row with one SSRC and growing numbers inside
/// one second; from then on no other, until a new description comes.
struct SourceLock: Hashable, Sendable {
  enum Verdict: Hashable {
    case accepted
    /// Believed from now on: what is sent goes there too.
    case locked
    case refused
  }

  /// A stranger who may turn out to be the party.
  private struct Candidate: Hashable {
    var address: SocketAddress
    var source: UInt32
    var sequence: UInt16
    var count: Int
    var since: Instant
  }

  static let packetsNeeded = 4
  static let window = Interval.seconds(1)
  /// Strangers watched at once: one who sprays does not keep the party from being found.
  static let candidatesLimit = 4

  private let named: SocketAddress?
  private let follows: Bool
  private var believed: SocketAddress?
  private var candidates: [Candidate] = []
  private var oldest = 0

  /// Nobody named, nobody believed: with no address there is nobody to look for.
  init(named: SocketAddress?, follows: Bool) {
    self.named = named
    self.follows = follows && named != nil
    if self.follows { candidates.reserveCapacity(SourceLock.candidatesLimit) }
  }

  mutating func judge(_ from: SocketAddress, _ header: RTPHeader, at now: Instant) -> Verdict {
    if let believed { return from == believed ? .accepted : .refused }
    if from == named {
      believed = from
      return .accepted
    }
    guard follows else { return .refused }
    return watch(from, header, at: now)
  }

  func believes(_ address: SocketAddress) -> Bool { address == believed }

  /// RTCP comes from a port of its own, but not from another machine.
  func believesHost(of address: SocketAddress) -> Bool {
    believed.map { SourceLock.isHost($0, of: address) } ?? false
  }

  /// Nobody was heard yet, and it is the machine that the description names.
  func waitsFor(hostOf address: SocketAddress) -> Bool {
    believed == nil && named.map { SourceLock.isHost($0, of: address) } ?? false
  }

  private static func isHost(_ host: SocketAddress, of address: SocketAddress) -> Bool {
    var host = host
    host.port = address.port
    return host == address
  }

  private mutating func watch(
    _ from: SocketAddress, _ header: RTPHeader, at now: Instant
  ) -> Verdict {
    var found = candidates.firstIndex { $0.address == from }
    if found == nil, candidates.count == SourceLock.candidatesLimit {
      found = oldest
      oldest = (oldest + 1) % SourceLock.candidatesLimit
    }
    let fresh = Candidate(
      address: from, source: header.source, sequence: header.sequence, count: 1, since: now)
    guard let found else {
      candidates.append(fresh)
      return .refused
    }
    let known = candidates[found]
    let continues =
      known.address == from && known.source == header.source
      && known.sequence &+ 1 == header.sequence && now - known.since <= SourceLock.window
    guard continues else {
      candidates[found] = fresh
      return .refused
    }
    candidates[found].sequence = header.sequence
    candidates[found].count += 1
    guard candidates[found].count >= SourceLock.packetsNeeded else { return .refused }
    believed = from
    candidates = []
    return .locked
  }
}
