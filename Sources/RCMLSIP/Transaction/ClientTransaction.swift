import RCMLBasics

/// A request of ours and its machine, found by the branch it went out with.
final class ClientTransaction {
  enum Machine {
    case invite(InviteClientTransaction)
    case request(RequestClientTransaction)

    var nextDeadline: Deadline? {
      switch self {
      case .invite(let machine): machine.nextDeadline
      case .request(let machine): machine.nextDeadline
      }
    }
  }

  /// What the request is to its session.
  enum Purpose {
    case invite
    case cancel
    /// BYE of one dialog, by its place in the session; the session's end hangs on the leg's.
    case bye(dialog: Int)
    case offer
    case refresh
    case reliable(dialog: Int)
    case notify
    /// For the transaction of the party that asked; nil = we did.
    case passed(server: UInt64?)

    /// The dialog it says itself; the others belong to the leg's.
    var dialog: Int? {
      switch self {
      case .bye(let dialog), .reliable(let dialog): dialog
      case .invite, .cancel, .offer, .refresh, .passed, .notify: nil
      }
    }
  }

  let number: UInt64
  let random: UInt64
  let method: Method
  let purpose: Purpose
  let session: Session
  let head: RequestHead
  let path: Path
  /// The request as it went out: repetitions are these octets.
  let bytes: [UInt8]
  var machine: Machine
  /// The ACK of a 3xx–6xx, for its repetitions.
  var acknowledgement: [UInt8] = []
  /// The CANCEL of this INVITE: it has the same branch.
  var cancel: UInt64?
  /// The request's other addresses, should this one fail.
  var candidates: Outbound?
  /// A provisional response above 100 came: there is no going elsewhere any more.
  var hasProgressed = false
  /// The challenges its credentials answer, and how often a request inside a dialog was sent for them.
  var answered: [Challenge] = []
  var authentication = AuthenticationMachine()
  /// Where it stands in the list of its destination.
  var place = 0
  /// The instant at which the deadline queue will ask for this transaction.
  var queuedAt: Instant?

  init(
    number: UInt64, random: UInt64, method: Method, purpose: Purpose, session: Session,
    head: RequestHead, path: Path, bytes: [UInt8]
  ) {
    self.number = number
    self.random = random
    self.method = method
    self.purpose = purpose
    self.session = session
    self.head = head
    self.path = path
    self.bytes = bytes
    let isReliable = path.flow.transport.isReliable
    machine =
      method == .invite
      ? .invite(InviteClientTransaction(isReliable: isReliable))
      : .request(RequestClientTransaction(isReliable: isReliable))
  }
}
