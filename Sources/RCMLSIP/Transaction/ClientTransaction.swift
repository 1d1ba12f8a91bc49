import RCMLBasics

/// A request of ours and its machine, found by the branch it went out with.
final class ClientTransaction {
  enum Machine {
    case invite(InviteClientTransaction)
    case request(RequestClientTransaction)
  }

  let number: UInt64
  let method: Method
  /// Whoever sent it: a number that means nothing here.
  let owner: UInt64
  let head: RequestHead
  /// The request as it went out: repetitions are these octets.
  let bytes: [UInt8]
  var machine: Machine
  /// The ACK of a 3xx–6xx, for its repetitions.
  private var acknowledgement: [UInt8] = []
  /// The CANCEL of this INVITE: it has the same branch.
  var cancel: UInt64?
  /// Its neighbours among those that went to the same address: the one before it, and the one after.
  var older: UInt64?
  var newer: UInt64?
  var timer = TimerSlot()
  /// What the network said, should its transport fail.
  private(set) var failure = NetworkFailure.other

  init(
    number: UInt64, method: Method, owner: UInt64, head: RequestHead, bytes: [UInt8]
  ) {
    self.number = number
    self.method = method
    self.owner = owner
    self.head = head
    self.bytes = bytes
    let isReliable = head.path.flow.transport.isReliable
    machine =
      method == .invite
      ? .invite(InviteClientTransaction(isReliable: isReliable))
      : .request(RequestClientTransaction(isReliable: isReliable))
  }

  var path: Path { head.path }

  func fails(because failure: NetworkFailure) { self.failure = failure }

  var nextDeadline: Deadline? {
    switch machine {
    case .invite(let machine): machine.nextDeadline
    case .request(let machine): machine.nextDeadline
    }
  }

  /// The ACK of this response, and whether it was sent before.
  func acknowledgement(of response: Message?) -> (bytes: [UInt8], isRepetition: Bool) {
    guard acknowledgement.isEmpty else { return (acknowledgement, true) }
    if let response { acknowledgement = head.acknowledgement(ofResponse: response) }
    return (acknowledgement, false)
  }
}
