import RCMLBasics

/// The peer's INVITE on its way to our answer: its transaction, the 18x that want a PRACK, and the repetition of our 2xx.
final class InviteAnswer {
  let server: ServerTransaction
  /// The INVITE held an offer.
  var hasOffer: Bool { server.hasOffer }
  /// Since the first provisional response of ours that wants a PRACK.
  private(set) var provisionals: ReliableProvisionals?
  /// Our 200, until its ACK.
  private var repetition: AnswerRepetition?
  /// When the caller waits no longer for a final response (Expires, spec U-61); nil = it said nothing, or has one.
  private var expiry: Instant?

  init(_ server: ServerTransaction, expiry: Instant?) {
    self.server = server
    self.expiry = expiry
  }

  // MARK: - The 2xx

  func repeatAnswer(at now: Instant) {
    expiry = nil
    repetition = AnswerRepetition(
      cseq: server.cseq, server: server.number, holdsOffer: !hasOffer, at: now)
  }

  func stopAnswer() { repetition = nil }

  /// An ACK with this CSeq is for it.
  func isRepeated(cseq: UInt32) -> Bool { repetition?.cseq == cseq }

  var isRepeated: Bool { repetition != nil }

  /// It held our offer, and the ACK with its answer has not come.
  var owesAnswer: Bool { repetition?.holdsOffer ?? false }

  func answerDue(at now: Instant) -> AnswerRepetition.Due {
    guard let due = repetition?.timePassed(at: now) else { return .nothing }
    if case .missing = due { repetition = nil }
    return due
  }

  // MARK: - The 18x

  /// From now on they want a PRACK.
  func beginReliably(_ random: () -> UInt64) {
    if provisionals == nil { provisionals = ReliableProvisionals(random: random()) }
  }

  func change<Result>(_ body: (inout ReliableProvisionals) -> Result) -> Result? {
    guard var changed = provisionals else { return nil }
    // Taken out while it is changed, so that nothing of it is copied.
    provisionals = nil
    defer { provisionals = changed }
    return body(&changed)
  }

  var isAnswerAcknowledged: Bool { provisionals?.isAnswerAcknowledged ?? false }

  // MARK: - The whole

  /// True once: the time to answer is over.
  func expires(at now: Instant) -> Bool {
    guard let end = expiry, end <= now else { return false }
    expiry = nil
    return true
  }

  func end() {
    provisionals = nil
    repetition = nil
    expiry = nil
  }

  var nextDeadline: Deadline? {
    var next = provisionals?.machine.nextDeadline
    func consider(_ deadline: Deadline) {
      if let current = next, current <= deadline { return }
      next = deadline
    }
    if let answer = repetition?.nextDeadline { consider(answer) }
    if let expiry { consider(Deadline(expiry, .inviteExpiry)) }
    return next
  }
}
