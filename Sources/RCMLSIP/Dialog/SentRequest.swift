/// A request of ours that has its transaction, and what it is to its session.
struct SentRequest {
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

  let transaction: UInt64
  /// As it went out.
  let octets: Int
  let purpose: Purpose
  /// The challenges its credentials answer, and how often a request inside a dialog was sent for them.
  var answered: [Challenge] = []
  var authentication = AuthenticationMachine()
}
