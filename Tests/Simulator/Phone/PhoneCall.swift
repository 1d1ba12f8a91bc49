import RCMLBasics

/// One INVITE a phone sent or got, with the dialogs that came of it.
struct PhoneCall {
  struct Dialog {
    var localTag: [UInt8]
    var remoteTag: [UInt8]
    /// The Request-URI of what is sent in it.
    var target: [UInt8]
    var sequence: UInt32 = 1
    var isAcknowledged = false
    /// Only provisional responses made it so far.
    var isEarly = false
    /// RSeq of the last response that was acknowledged in it.
    var rseq: UInt32?
    var isOver = false
    /// A 2xx repeated until its ACK.
    var answer: Int?
    /// A final response to the other side's INVITE goes out until its ACK.
    var ack: [UInt8] = []
  }

  let callID: [UInt8]
  let invite: SipText
  var link: Link
  var dialogs: [Dialog] = []
  /// A final response to the INVITE was sent (callee) or came (caller).
  var isDecided = false
  var isCancelled = false
  /// A failure response repeated until its ACK.
  var refusal: Int?
  /// What was last said to the request with this branch and method: said again when the request comes again.
  var said: [[UInt8]: [UInt8]] = [:]

  func dialog(local: [UInt8]) -> Int? { dialogs.firstIndex { $0.localTag == local } }
}
