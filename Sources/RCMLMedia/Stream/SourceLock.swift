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

  static let packetsNeeded = 4
  static let window = Interval.seconds(1)

  private var named: SocketAddress?
  private let follows: Bool
  private var believed: SocketAddress?
  private var candidate: SocketAddress?
  private var candidateSource: UInt32 = 0
  private var candidateSequence: UInt16 = 0
  private var candidateCount = 0
  private var candidateSince = Instant(nanoseconds: 0)

  init(named: SocketAddress?, follows: Bool) {
    self.named = named
    self.follows = follows
  }

  mutating func judge(_ from: SocketAddress, _ header: RTPHeader, at now: Instant) -> Verdict {
    if let believed { return from == believed ? .accepted : .refused }
    if from == named {
      believed = from
      return .accepted
    }
    guard follows else { return .refused }
    let continues =
      from == candidate && header.source == candidateSource
      && header.sequence == candidateSequence &+ 1 && now - candidateSince <= SourceLock.window
    candidateSequence = header.sequence
    guard continues else {
      candidate = from
      candidateSource = header.source
      candidateSince = now
      candidateCount = 1
      return .refused
    }
    candidateCount += 1
    guard candidateCount >= SourceLock.packetsNeeded else { return .refused }
    believed = from
    return .locked
  }
}
