import RCMLBasics

/// A request of ours that is to be written as soon as there is a way to send it.
enum DialogRequest {
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

  /// Of its body, which may be another's.
  var octets: Int {
    switch self {
    case .passed(let request): request.body.count
    case .acknowledgement(_, _, let body), .offer(let body): body.count
    case .invite, .bye, .refresh, .notify, .reliable: 0
    }
  }

  var isInDialog: Bool {
    switch self {
    case .invite: false
    case .acknowledgement, .bye, .offer, .refresh, .reliable, .passed, .notify: true
    }
  }
}

/// One that waits for an address, a route or a connection (spec T-2).
struct PendingRequest {
  var session: Session
  var kind: DialogRequest
  var search: Search
}
