import RCMLBasics

/// A request that waits for an address, a route or a connection (spec T-2).
final class Outbound {
  enum Kind {
    case invite
    case acknowledgement(dialog: Int, cseq: UInt32, body: [UInt8])
    case bye(dialog: Int)
    case offer(body: [UInt8])
    /// UPDATE without an offer (RFC 4028 §7.4).
    case refresh
    /// INFO or MESSAGE of the other party (spec U-25, U-26).
    case passed(PassedRequest)
    /// NOTIFY of what became of a REFER (RFC 3515).
    case notify(refer: UInt32, code: UInt16)
    /// PRACK for a provisional response of the INVITE (RFC 3262).
    case reliable(dialog: Int, rseq: UInt32, cseq: UInt32)

    var isInDialog: Bool {
      switch self {
      case .invite: false
      case .acknowledgement, .bye, .offer, .refresh, .reliable, .passed, .notify: true
      }
    }
  }

  let number: UInt64
  let session: Session
  let kind: Kind
  var location: ServerLocation
  var candidates: [Candidate] = []
  var next = 0
  /// Why the last candidate was no use.
  var failure = SessionFailure.unreachable
  /// While names are looked up: when that has taken too long.
  var queuedAt: Instant?

  init(number: UInt64, session: Session, kind: Kind, location: ServerLocation) {
    self.number = number
    self.session = session
    self.kind = kind
    self.location = location
  }

  /// Another target may still be asked for its addresses (spec T-2: within 10 tries).
  var hasMoreTargets: Bool {
    location.hasMoreTargets && candidates.count < Limits.candidates
  }

  /// The server that was asked last has said no: it is not asked over UDP what was too large for that.
  func leaveServer() {
    while next + 1 < candidates.count, candidates[next + 1].address == candidates[next].address {
      next += 1
    }
  }

  /// Is there any place behind the one with this index?
  func hasMore(after index: Int) -> Bool { index + 1 < candidates.count || hasMoreTargets }
}
