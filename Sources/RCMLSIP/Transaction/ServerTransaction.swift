import RCMLBasics

/// A peer's request and its machine, found by the keyed hash of what §17.2.3 compares.
final class ServerTransaction {
  enum Machine {
    case invite(InviteServerTransaction)
    case request(RequestServerTransaction)
  }

  private struct Said {
    var response: [UInt8] = []
    var allowance: AnswerAllowance?
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
  /// What it counts for: the head of the request, and an answer that repeats most of it. Bodies are handed on.
  let octets: Int
  /// Without its body once that was handed on; nil once the final response is out: it is not looked at any more.
  private(set) var request: Message?
  /// Where the responses go (§18.2.2, RFC 3581), and sent-by's port, should the connection be gone.
  let way: (flow: Flow, source: SocketAddress, port: UInt16?)
  var machine: Machine
  private var said: Said
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
    octets = 2 * request.headLength
    way = (flow, source, request.topViaPort)
    let isReliable = flow.transport.isReliable
    let isBounded = !isReliable && mergeKey != nil && request.method == .invite
    said = Said(allowance: isBounded ? AnswerAllowance(received: request.bytes.count) : nil)
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

  /// The response sent last: repetitions are these octets.
  var response: [UInt8] { said.response }

  func responded(_ bytes: [UInt8], code: UInt16) {
    said.response = bytes
    said.allowance?.responded(bytes.count)
    if code >= 200 { request = nil }
  }

  // MARK: - What it may be sent

  /// Its sender hears us.
  func confirm() { said.allowance = nil }

  func requestCame(_ count: Int) { said.allowance?.requestCame(count) }

  /// A response of this length is to be as short as it can be.
  func wantsShort(_ count: Int) -> Bool { said.allowance?.wantsShort(count) ?? false }

  /// The last response once more, by our own will or because the INVITE came again. False: its sender would be made to
  /// hear too much.
  func admitsRepetition(_ count: Int, isEcho: Bool) -> Bool {
    guard said.allowance != nil else { return true }
    if isEcho { return said.allowance?.admitsEcho(count) ?? true }
    return said.allowance?.admitsRepetition(count) ?? true
  }

  /// A response that has to be repeated, 2xx or reliable 18x, was.
  func repeated(_ count: Int) { said.allowance?.repeated(count) }
}
