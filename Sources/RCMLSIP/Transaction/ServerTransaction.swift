import RCMLBasics

/// A peer's request and its machine, found by the keyed hash of what §17.2.3 compares.
final class ServerTransaction {
  enum Machine {
    case invite(InviteServerTransaction)
    case request(RequestServerTransaction)

    var nextDeadline: Deadline? {
      switch self {
      case .invite(let machine): machine.nextDeadline
      case .request(let machine): machine.nextDeadline
      }
    }
  }

  let number: UInt64
  let key: KeyedHash.Digest
  /// Call-ID, From tag and CSeq of an INVITE without To tag: the same by another way is merged (§8.2.2.2).
  let mergeKey: KeyedHash.Digest?
  /// Without its body once that was handed on or answered.
  private(set) var request: Message
  /// It had one.
  let hasBody: Bool
  /// Where the responses go (§18.2.2, RFC 3581).
  let flow: Flow
  let source: SocketAddress
  var machine: Machine
  /// The response sent last: repetitions are these octets.
  var response: [UInt8] = []
  /// The session an INVITE opened, or in which it or an UPDATE was sent.
  weak var session: Session?
  var queuedAt: Instant?

  init(
    number: UInt64, key: KeyedHash.Digest, mergeKey: KeyedHash.Digest?, request: Message,
    flow: Flow, source: SocketAddress, at now: Instant
  ) {
    self.number = number
    self.key = key
    self.mergeKey = mergeKey
    self.request = request
    hasBody = !request.body.isEmpty
    self.flow = flow
    self.source = source
    let isReliable = flow.transport.isReliable
    machine =
      request.method == .invite
      ? .invite(InviteServerTransaction(isReliable: isReliable, at: now))
      : .request(RequestServerTransaction(isReliable: isReliable))
  }

  /// The body was read: only what a response is made of stays.
  func dropBody() { request = request.withoutBody }
}
