import RCMLBasics

/// The peer's INVITE on its way to our answer: its transaction, the 18x that want a PRACK, and the repetition of our 2xx.
final class InviteAnswer {
  let server: ServerTransaction
  /// The INVITE held an offer.
  let hasOffer: Bool
  /// Since the first provisional response of ours that wants a PRACK.
  private(set) var provisionals: ReliableProvisionals?
  /// Our 200, until its ACK.
  private var repetition: AnswerRepetition?

  init(_ server: ServerTransaction, hasOffer: Bool) {
    self.server = server
    self.hasOffer = hasOffer
  }

  // MARK: - The 2xx

  func repeatAnswer(at now: Instant) {
    repetition = AnswerRepetition(
      cseq: server.cseq, server: server.number, holdsOffer: !server.hasBody, at: now)
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

  func end() {
    provisionals = nil
    repetition = nil
  }

  var nextDeadline: Deadline? {
    let ringing = provisionals?.machine.nextDeadline
    guard let answer = repetition?.nextDeadline else { return ringing }
    guard let ringing else { return answer }
    return answer < ringing ? answer : ringing
  }
}
