import RCMLBasics

/// re-INVITE and UPDATE inside a session: RFC 3261 §14, RFC 3311 §5.2, spec U-23, U-54, U-56.
///
/// One exchange at a time; what belongs to it stands in its state and goes with it. An offer of ours that is asked for
/// meanwhile is queued, and a newer one replaces it. Table: OfferExchange.table.md.
public struct OfferExchange {
  public enum Effect {
    case sendOffer(body: [UInt8])
    /// CANCEL of this re-INVITE of ours.
    case sendCancel(transaction: UInt64)
    /// RFC 3261 §9.1: 64·T1 after the CANCEL without final response the transaction is destroyed.
    case abandonOffer(transaction: UInt64)
    /// The 2xx to this request of the peer's; for a re-INVITE it is repeated from now on.
    case sendAnswer(Theirs)
    case repeatAnswer(server: UInt64)
    case sendRefusal(server: UInt64)
    /// 491 Request Pending.
    case refuseGlare(server: UInt64)
    /// 500 with Retry-After.
    case refuseBusy(server: UInt64)
    case tellOffered
    case tellCancelled
    case tellAccepted
    case tellRefused
    case tellAcknowledged
    case tellAcknowledgementMissing
  }

  /// A re-INVITE of ours.
  public struct Ours {
    public let body: [UInt8]
    /// How often it met glare.
    fileprivate var glares = 0
    /// Once it is out.
    fileprivate var transaction: UInt64?

    public init(_ body: [UInt8]) {
      self.body = body
    }
  }

  /// The peer's re-INVITE or UPDATE that waits for our word.
  public struct Theirs {
    public let server: UInt64
    public let dialog: Int
    /// A re-INVITE: our 2xx wants an ACK. nil = UPDATE.
    public let cseq: UInt32?
    /// Our 2xx holds the offer.
    public let isLate: Bool
    /// Of an UPDATE before the 2xx: what the peer describes itself as from then on.
    public let earlyBody: [UInt8]

    public init(
      server: UInt64, dialog: Int, cseq: UInt32?, isLate: Bool = false, earlyBody: [UInt8] = []
    ) {
      self.server = server
      self.dialog = dialog
      self.cseq = cseq
      self.isLate = isLate
      self.earlyBody = earlyBody
    }
  }

  private enum State {
    case idle
    /// Our re-INVITE is under way, and nothing was heard.
    case offering(Ours)
    /// A provisional response to it came.
    case proceeding(Ours)
    /// Nobody wants it any more, but CANCEL may not be sent before a provisional response (§9.1).
    case cancelPending(Ours)
    /// CANCEL sent, its final response is awaited until `end`.
    case cancelling(Ours, end: Instant)
    /// The session is over, and the final response is still awaited.
    case ended(Ours, end: Instant)
    /// It met the peer's own offer (491); it is sent again at `until` (§14.1).
    case glare(Ours, until: Instant)
    case offered(Theirs)
    /// Our 2xx to the peer's re-INVITE is repeated until its ACK.
    case acknowledging(AnswerRepetition)
  }

  private var state: State = .idle
  /// An offer of ours that waits for its turn.
  private var queued: Ours?

  public init() {}

  // MARK: - Ours

  /// An offer of ours that is sent when its turn comes.
  public mutating func offerAsked(_ body: [UInt8]) {
    queued = Ours(body)
  }

  /// Nothing stands against an offer of ours any more.
  public mutating func sendQueued() -> [Effect] {
    switch state {
    case .idle:
      guard let offer = queued else { return [] }
      queued = nil
      state = .offering(offer)
      return [.sendOffer(body: offer.body)]
    case .offering, .proceeding, .cancelPending, .cancelling, .ended, .glare, .offered,
      .acknowledging:
      return []
    }
  }

  /// It is out, for the first time or once more with credentials (another transaction, §9.1).
  public mutating func offerSent(transaction: UInt64) {
    switch state {
    case .offering(var offer), .proceeding(var offer):
      offer.transaction = transaction
      state = .offering(offer)
    case .idle, .cancelPending, .cancelling, .ended, .glare, .offered, .acknowledging:
      break
    }
  }

  public mutating func provisionalArrived(at now: Instant) -> [Effect] {
    switch state {
    case .offering(let offer):
      state = .proceeding(offer)
      return []
    case .cancelPending(let offer): return cancel(offer, at: now)
    case .idle, .proceeding, .cancelling, .ended, .glare, .offered, .acknowledging:
      return []
    }
  }

  public mutating func accepted() -> [Effect] {
    switch state {
    case .offering, .proceeding, .cancelPending, .cancelling:
      state = .idle
      return [.tellAccepted]
    case .idle, .ended, .glare, .offered, .acknowledging:
      return []
    }
  }

  public mutating func refused() -> [Effect] {
    switch state {
    case .offering, .proceeding, .cancelPending, .cancelling:
      state = .idle
      return [.tellRefused]
    case .idle, .ended, .glare, .offered, .acknowledging:
      return []
    }
  }

  /// After a 491 to it, it would be sent again.
  public var takesGlare: Bool {
    switch state {
    case .offering(let offer), .proceeding(let offer): offer.glares < Limits.glareTries
    case .idle, .cancelPending, .cancelling, .ended, .glare, .offered, .acknowledging: false
    }
  }

  public mutating func glareArrived(until: Instant) {
    switch state {
    case .offering(var offer), .proceeding(var offer):
      offer.glares += 1
      offer.transaction = nil
      state = .glare(offer, until: until)
    case .idle, .cancelPending, .cancelling, .ended, .glare, .offered, .acknowledging:
      break
    }
  }

  /// Nobody wants our re-INVITE any more.
  public mutating func cancelAsked(at now: Instant) -> [Effect] {
    switch state {
    case .offering(let offer):
      state = .cancelPending(offer)
      return []
    case .proceeding(let offer): return cancel(offer, at: now)
    case .glare:
      state = .idle
      return [.tellRefused]
    case .idle, .cancelPending, .cancelling, .ended, .offered, .acknowledging:
      return []
    }
  }

  private mutating func cancel(_ offer: Ours, at now: Instant) -> [Effect] {
    state = .cancelling(offer, end: now + TransactionTimers.t64)
    return offer.transaction.map { [.sendCancel(transaction: $0)] } ?? []
  }

  /// False: nothing of ours waits for its turn.
  public mutating func withdraw() -> Bool {
    guard queued != nil else { return false }
    queued = nil
    return true
  }

  /// Our BYE goes out: what was not sent until now is not sent any more.
  public mutating func leave() {
    queued = nil
    if case .glare = state { state = .idle }
  }

  /// Whoever hung up may have lost our re-INVITE from sight, and a provisional response stops its timer B.
  public mutating func sessionEnded(at now: Instant) {
    queued = nil
    switch state {
    case .offering(let offer), .proceeding(let offer), .cancelPending(let offer),
      .cancelling(let offer, _):
      state = .ended(offer, end: now + TransactionTimers.t64)
    case .glare, .acknowledging: state = .idle
    case .idle, .ended, .offered: break
    }
  }

  // MARK: - Theirs

  public mutating func offerArrived(_ theirs: Theirs) -> [Effect] {
    switch state {
    case .idle:
      state = .offered(theirs)
      return [.tellOffered]
    case .glare(let offer, _):
      // The peer's came first; ours waits for its turn again.
      if queued == nil { queued = offer }
      state = .offered(theirs)
      return [.tellOffered]
    case .acknowledging:
      // A newer re-INVITE says that our 2xx arrived, or no longer matters.
      state = .offered(theirs)
      return [.tellOffered]
    case .offering, .proceeding, .cancelPending, .cancelling, .ended:
      return [.refuseGlare(server: theirs.server)]
    case .offered: return [.refuseBusy(server: theirs.server)]
    }
  }

  public mutating func answerGiven(at now: Instant) -> [Effect] {
    switch state {
    case .offered(let theirs):
      if let cseq = theirs.cseq {
        state = .acknowledging(
          AnswerRepetition(
            cseq: cseq, server: theirs.server, holdsOffer: theirs.isLate, at: now))
      } else {
        state = .idle
      }
      return [.sendAnswer(theirs)]
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .ended, .glare, .acknowledging:
      return []
    }
  }

  public mutating func refusalGiven() -> [Effect] {
    switch state {
    case .offered(let theirs):
      state = .idle
      return [.sendRefusal(server: theirs.server)]
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .ended, .glare, .acknowledging:
      return []
    }
  }

  /// The peer takes its re-INVITE back; `server` nil: whatever waits has lost its dialog.
  public mutating func cancelArrived(server: UInt64?) -> [Effect] {
    switch state {
    case .offered(let theirs):
      guard server == nil || server == theirs.server else { return [] }
      state = .idle
      return [.sendRefusal(server: theirs.server), .tellCancelled]
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .ended, .glare, .acknowledging:
      return []
    }
  }

  public mutating func acknowledgementArrived(cseq: UInt32) -> [Effect] {
    switch state {
    case .acknowledging(let repetition):
      guard repetition.cseq == cseq else { return [] }
      state = .idle
      return [.tellAcknowledged]
    case .idle, .offering, .proceeding, .cancelPending, .cancelling, .ended, .glare, .offered:
      return []
    }
  }

  // MARK: - Time

  public mutating func timePassed(at now: Instant) -> [Effect] {
    switch state {
    case .glare(let offer, let until):
      guard until <= now else { return [] }
      state = .offering(offer)
      return [.sendOffer(body: offer.body)]
    case .cancelling(let offer, let end):
      guard end <= now else { return [] }
      state = .idle
      return abandoning(offer) + [.tellRefused]
    case .ended(let offer, let end):
      guard end <= now else { return [] }
      state = .idle
      return abandoning(offer)
    case .acknowledging(var repetition):
      switch repetition.timePassed(at: now) {
      case .nothing: return []
      case .repeatAnswer:
        state = .acknowledging(repetition)
        return [.repeatAnswer(server: repetition.server)]
      case .missing:
        state = .idle
        return [.tellAcknowledgementMissing]
      }
    case .idle, .offering, .proceeding, .cancelPending, .offered:
      return []
    }
  }

  private func abandoning(_ offer: Ours) -> [Effect] {
    offer.transaction.map { [.abandonOffer(transaction: $0)] } ?? []
  }

  public var nextDeadline: Deadline? {
    switch state {
    case .glare(_, let until): Deadline(until, .glare)
    case .cancelling(_, let end), .ended(_, let end): Deadline(end, .cancelWait)
    case .acknowledging(let repetition): repetition.nextDeadline
    case .idle, .offering, .proceeding, .cancelPending, .offered: nil
    }
  }

  // MARK: - Questions

  public var isIdle: Bool { if case .idle = state { true } else { false } }
  public var hasQueued: Bool { queued != nil }

  /// Our re-INVITE is taken back: it is not tried again, whatever its final response says.
  public var isCancelled: Bool {
    switch state {
    case .cancelPending, .cancelling, .ended: true
    case .idle, .offering, .proceeding, .glare, .offered, .acknowledging: false
    }
  }

  /// The dialog in which the peer's offer waits.
  public var theirDialog: Int? {
    if case .offered(let theirs) = state { theirs.dialog } else { nil }
  }

  /// Our 2xx held the offer, and the ACK with its answer has not come.
  public var owesAnswer: Bool {
    if case .acknowledging(let repetition) = state { repetition.holdsOffer } else { false }
  }

  public var stateName: StaticString {
    switch state {
    case .idle: "idle"
    case .offering: "offering"
    case .proceeding: "proceeding"
    case .cancelPending: "cancelPending"
    case .cancelling: "cancelling"
    case .ended: "ended"
    case .glare: "glare"
    case .offered: "offered"
    case .acknowledging: "acknowledging"
    }
  }
}
