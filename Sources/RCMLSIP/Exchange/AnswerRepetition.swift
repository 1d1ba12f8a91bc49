import RCMLBasics

/// Our 2xx to an INVITE or re-INVITE, repeated at T1, 2·T1, … T2 until its ACK or for 64·T1
/// (RFC 3261 §13.3.1.4; also over reliable transports, because a proxy behind may not be).
public struct AnswerRepetition {
  /// The INVITE's CSeq, which its ACK repeats.
  let cseq: UInt32
  /// Its transaction.
  let server: UInt64
  /// It is our offer, and its answer comes with the ACK.
  let holdsOffer: Bool
  private var interval = TransactionTimers.t1
  private var next: Instant
  private let end: Instant

  enum Due { case nothing, repeatAnswer, missing }

  public init(cseq: UInt32, server: UInt64, holdsOffer: Bool, at now: Instant) {
    self.cseq = cseq
    self.server = server
    self.holdsOffer = holdsOffer
    next = now + TransactionTimers.t1
    end = now + TransactionTimers.t64
  }

  mutating func timePassed(at now: Instant) -> Due {
    if end <= now { return .missing }
    guard next <= now else { return .nothing }
    interval = TransactionTimers.doubled(interval)
    next = now + interval
    return .repeatAnswer
  }

  var nextDeadline: Deadline {
    next < end ? Deadline(next, .answerRepetition) : Deadline(end, .acknowledgement)
  }
}
