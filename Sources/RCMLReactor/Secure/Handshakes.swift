import CTLS
import RCMLAgent
import RCMLBasics
import RCMLDocument

/// Connections that become secured: who may begin, whose turn it is, and what came of it (spec T-8, T-9).
final class Handshakes {
  private let context = SecureContext()
  /// Those of peers that came to us and are not done, the oldest first.
  private var unfinished: [ConnectionID] = []
  private var hasTurn = true
  private var told = Instant(nanoseconds: 0)
  private var news: HostEvent?

  private(set) var counters = HandshakeCounters()

  /// 10 s: a round trip to the other side of the world is a third of one.
  static let limit = Interval.seconds(10)
  /// Those that nobody has finished hold 20 to 40 KiB each, and nobody knows yet who they are.
  private static let most = 512
  private static let quiet = Interval.seconds(1)

  func use(_ security: StreamSecurity, isAnew: Bool) { context.use(security, isAnew: isAnew) }

  /// nil = connections can be accepted.
  func obstacle(at now: Instant) -> String? { context.obstacle(at: now) }

  // MARK: - Beginning

  /// Nil: there is no certificate, or no memory.
  func accept(at now: Instant) -> SecureStream? {
    guard let context = context.current(at: now), let session = tls_session_accept(context) else {
      return nil
    }
    return SecureStream(session)
  }

  /// With whoever proves to be `domain`; `place`: where it is connected to.
  func connect(
    _ domain: [UInt8], at place: String, _ now: Instant
  ) -> Result<SecureStream, NetworkFailure> {
    guard tls_is_there() else { return .failure(.noTLS) }
    let name = String(decoding: domain, as: UTF8.self)
    guard !domain.contains(0), let context = context.current(at: now),
      let session = tls_session_connect(context, name, place)
    else { return .failure(.tlsFailed) }
    return .success(SecureStream(session))
  }

  /// A peer that came to us begins. The one that has to go for it: whoever has not finished for the longest time, for a flood
  /// is always younger than those it was to keep out.
  func began(_ id: ConnectionID) -> ConnectionID? {
    unfinished.append(id)
    return unfinished.count > Handshakes.most ? unfinished.removeFirst() : nil
  }

  // MARK: - Turns

  func roundBegins() { hasTurn = true }

  /// One step of a handshake takes a millisecond and more where a key has to sign, so there is one a round of the loop: what
  /// else came has its turn in between (spec T-9).
  func takeTurn() -> Bool {
    defer { hasTurn = false }
    return hasTurn
  }

  // MARK: - Ends

  /// It is open, or gone.
  func left(_ id: ConnectionID) {
    if let index = unfinished.firstIndex(of: id) { unfinished.remove(at: index) }
  }

  func succeeded(_ stream: SecureStream) {
    counters.done &+= 1
    if stream.isResumed { counters.resumed &+= 1 }
  }

  func failed() { counters.failed &+= 1 }

  /// The host hears of peers that could not come in, once a second.
  func refused(_ remote: SocketAddress, because failure: NetworkFailure, at now: Instant) {
    failed()
    guard now >= told + Handshakes.quiet || counters.failed == 1 else { return }
    told = now
    let code = failure == .lost ? .tlsFailed : failure.code
    news = .refused(Reason(code, at: "tls:" + remote.text), from: remote)
  }

  func popNews() -> HostEvent? {
    if let finding = context.popFinding() { return .finding(nil, finding) }
    defer { news = nil }
    return news
  }
}
