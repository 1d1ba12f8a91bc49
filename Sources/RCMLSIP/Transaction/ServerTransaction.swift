import RCMLBasics

/// A peer's request and its machine, found by the keyed hash of what §17.2.3 compares.
final class ServerTransaction {
  enum Machine {
    case invite(InviteServerTransaction)
    case request(RequestServerTransaction)
  }

  let number: UInt64
  let key: KeyedHash.Digest
  /// Call-ID, From tag and CSeq of an INVITE without To tag: the same by another way is merged (§8.2.2.2).
  let mergeKey: KeyedHash.Digest?
  /// Whoever answers it: a number that means nothing here.
  let owner: UInt64
  let method: Method
  let cseq: UInt32
  /// It held a session description; known also when its body was handed on.
  let hasOffer: Bool
  /// Without its body once that was handed on; nil once the final response is out: it is not looked at any more.
  private(set) var request: Message?
  /// Where the responses go (§18.2.2, RFC 3581), and sent-by's port, should the connection be gone.
  let way: (flow: Flow, source: SocketAddress, port: UInt16?)
  var machine: Machine
  /// The response sent last: repetitions are these octets.
  private(set) var response: [UInt8] = []
  var timer = TimerSlot()

  init(
    number: UInt64, key: KeyedHash.Digest, mergeKey: KeyedHash.Digest?, owner: UInt64,
    request: Message, flow: Flow, source: SocketAddress, at now: Instant
  ) {
    self.number = number
    self.key = key
    self.mergeKey = mergeKey
    self.owner = owner
    self.request = request
    method = request.method
    cseq = request.cseq
    hasOffer = request.hasDescription
    way = (flow, source, request.topViaPort)
    let isReliable = flow.transport.isReliable
    machine =
      request.method == .invite
      ? .invite(InviteServerTransaction(isReliable: isReliable, at: now))
      : .request(RequestServerTransaction(isReliable: isReliable))
  }

  var nextDeadline: Deadline? {
    switch machine {
    case .invite(let machine): machine.nextDeadline
    case .request(let machine): machine.nextDeadline
    }
  }

  /// The body was read: only what a response is made of stays.
  func dropBody() { request = request?.withoutBody }

  func responded(_ bytes: [UInt8], isFinal: Bool) {
    response = bytes
    if isFinal { request = nil }
  }
}
