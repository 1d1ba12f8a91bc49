import RCMLBasics
import RCMLSIP

/// Offer and answer in one dialog (RFC 3264, RFC 3261 §14, spec U-50): what is agreed, and what is being asked.
///
/// What is agreed changes in `commit` alone. An exchange that comes to nothing is dropped, and there is nothing to be
/// put back. The dialog has one of these from its first offer to its end, whichever way its media goes meanwhile.
final class Negotiation {
  /// What both sides said in the last exchange that succeeded.
  struct Agreement {
    let local: SessionDescription
    let remote: SessionDescription
    /// The party made the offer.
    let isTheirOffer: Bool
    /// What the party wants by itself of each stream: where it only bowed to us, what it wanted before.
    let wish: SDPDirections
  }

  /// What was said, and under which version.
  private struct Statement {
    let description: SessionDescription
    let version: UInt64
  }

  /// Where the answer to an offer of ours is to be found.
  enum AnswerPlace {
    case response
    /// Our 200 held the offer, because theirs was missing (RFC 3261 §13.2.1, §14.2).
    case acknowledgement
  }

  /// What a provisional response said before the 200.
  enum Early {
    case nothing
    /// The 200 may say something else.
    case shown(SessionDescription)
    /// It was acknowledged: it is the answer, and no other may follow (RFC 3262 §5).
    case final(SessionDescription)
  }

  private enum Pending {
    case none
    case ours(Statement, AnswerPlace, early: SessionDescription?)
    case theirs(SessionDescription, Early)
  }

  private let origin: SDPOrigin
  private(set) var agreed: Agreement?
  private var pending = Pending.none
  /// How often the party has said where it is, as far as it counts: once more is news, be it the same place (spec U-67).
  private(set) var edition: UInt32 = 0
  /// What went out last, whatever became of it: what is said next counts from there (RFC 3264 §8).
  private var said: Statement?
  /// Whether the dialog's sound is secret.
  private(set) var secrecy: DialogSecrecy

  init(origin: UInt64, address: SocketAddress, secrecy: DialogSecrecy = .off) {
    self.origin = SDPOrigin(sessionID: origin, address: address)
    self.secrecy = secrecy
  }

  /// Before the first offer.
  func use(_ secrecy: DialogSecrecy) { self.secrecy = secrecy }

  /// What a party said, judged by what is served in this dialog.
  func judged(_ said: PartyDescription) -> SessionDescription? {
    said.session?.serving(secrecy.served)
  }

  /// What an offer of ours says of keys, and what our answer to their offer does.
  var secrecyToOffer: AudioPlan.Secrecy { secrecy.offer(isFirst: agreed == nil) }
  var secrecyToAnswer: AudioPlan.Secrecy { offer.map { secrecy.answer(to: $0) } ?? .open }

  // MARK: what is pending

  var isSettled: Bool {
    if case .none = pending { true } else { false }
  }

  /// Their offer that we have to answer.
  var offer: SessionDescription? {
    if case .theirs(let offer, _) = pending { offer } else { nil }
  }

  /// A re-INVITE or INVITE of ours waits for its response.
  var isAsked: Bool {
    if case .ours(_, .response, _) = pending { true } else { false }
  }

  /// Our offer that they have to answer.
  var proposal: SessionDescription? {
    if case .ours(let ours, _, _) = pending { ours.description } else { nil }
  }

  /// Our offer is answered by an ACK that has not come.
  var awaitsAcknowledgement: Bool {
    if case .ours(_, .acknowledgement, _) = pending { true } else { false }
  }

  /// What we said to their offer already, before the 200.
  var early: Early {
    if case .theirs(_, let early) = pending { early } else { .nothing }
  }

  /// What they said to our offer already, before their 200.
  var earlyAnswer: SessionDescription? {
    if case .ours(_, _, let early) = pending { early } else { nil }
  }

  /// What the next offer has to keep the places of (RFC 3264 §8).
  var last: SessionDescription? {
    guard let agreed else { return nil }
    return agreed.remote.streams.count < agreed.local.streams.count ? agreed.local : agreed.remote
  }

  /// The party has this from us.
  func knows(_ draft: SDPDraft) -> Bool {
    agreed.map { draft.says(sameAs: $0.local) } ?? false
  }

  // MARK: our offers

  /// Makes an offer of `draft` and returns what to send. Nothing may be pending.
  func propose(_ draft: SDPDraft, answeredBy place: AnswerPlace = .response) -> [UInt8] {
    let statement = statement(draft)
    pending = .ours(statement, place, early: nil)
    return statement.description.body
  }

  /// Offers what is agreed once more, so that the session lives on (RFC 4028 §7.4). nil: nothing is agreed, or an exchange
  /// is pending, which does as well.
  func proposeAgreed() -> [UInt8]? {
    guard isSettled, let agreed else { return nil }
    return propose(SDPDraft(repeating: agreed.local))
  }

  /// A provisional response brought an answer.
  func answeredEarly(_ answer: SessionDescription) {
    guard case .ours(let ours, let place, _) = pending else { return }
    edition &+= 1
    pending = .ours(ours, place, early: answer.limited(to: ours.description.streams.count))
  }

  /// Our offer has its answer: from now on both are agreed.
  func commit(answeredBy answer: SessionDescription) {
    guard case .ours(let ours, _, _) = pending else { return }
    let answer = answer.limited(to: ours.description.streams.count)
    edition &+= 1
    said = ours
    pending = .none
    let allowed = ours.description.directions.answered
    agreed = Agreement(
      local: ours.description, remote: answer, isTheirOffer: false,
      wish: wish.keeping(forcedBy: allowed, answer))
    secrecy.agreed(isSecret: answer.isSecret)
  }

  // MARK: their offers

  /// Offers never cross here: who calls has asked `isSettled`, or knows that an answer before the 200 was the last word.
  func receive(_ offer: SessionDescription) {
    if agreed == nil { edition &+= 1 }
    pending = .theirs(offer, .nothing)
  }

  /// Answers their offer before the 200, in a provisional response. Returns what to send.
  func show(_ draft: SDPDraft) -> [UInt8] {
    let statement = statement(draft)
    guard case .theirs(let offer, _) = pending else { return [] }
    said = statement
    pending = .theirs(offer, .shown(statement.description))
    return statement.description.body
  }

  /// Whether a provisional response of ours with an answer reached the party.
  func earlyIsFinal(_ isFinal: Bool) {
    guard case .theirs(let offer, let early) = pending else { return }
    switch early {
    case .nothing: break
    case .shown(let answer), .final(let answer):
      pending = .theirs(offer, isFinal ? .final(answer) : .shown(answer))
    }
  }

  /// Answers their offer with `draft`: from now on both are agreed. Returns what to send.
  func commit(answer draft: SDPDraft) -> [UInt8] {
    let statement = statement(draft)
    guard case .theirs(let offer, _) = pending else { return [] }
    said = statement
    pending = .none
    agree(answer: statement.description, to: offer)
    return statement.description.body
  }

  /// The answer before the 200 was the answer, of either side.
  func commitEarly() {
    switch pending {
    case .none: break
    case .ours(_, _, let early):
      if let early { commit(answeredBy: early) }
    case .theirs(let offer, .shown(let answer)), .theirs(let offer, .final(let answer)):
      pending = .none
      agree(answer: answer, to: offer)
    case .theirs(_, .nothing): break
    }
  }

  // MARK: what came to nothing

  /// Refused, cancelled, given up, or answered with what is no answer.
  func drop() {
    if case .ours(let ours, _, _) = pending { said = ours }
    pending = .none
  }

  /// Our offer was never sent.
  func withdraw() {
    if isAsked { pending = .none }
  }

  // MARK: inside

  /// What the party wants, as far as we know.
  private var wish: SDPDirections { agreed?.wish ?? .all }

  private func agree(answer: SessionDescription, to offer: SessionDescription) {
    // Under a hold of ours its offer may only repeat what it was told.
    let before = agreed?.local.directions.answered ?? .all
    if agreed != nil { edition &+= 1 }
    agreed = Agreement(
      local: answer, remote: offer, isTheirOffer: true,
      wish: wish.keeping(forcedBy: before, offer))
    secrecy.agreed(isSecret: offer.isSecret && answer.isSecret)
  }

  private func statement(_ draft: SDPDraft) -> Statement {
    if let said, draft.says(sameAs: said.description) { return said }
    let version = (said?.version ?? 0) + 1
    let written = SessionDescription(written: draft.written(by: origin, version: version))
    return Statement(description: written.serving(secrecy.isWritten), version: version)
  }
}

extension SDPDirections {
  /// The wish of a party that said this when only `allowed` could be said: what it could not say, it may still want.
  fileprivate func keeping(
    forcedBy allowed: SDPDirections, _ description: SessionDescription
  ) -> SDPDirections {
    let said = description.directions
    // Of a stream that is off, or not there yet, nothing is known.
    var off = UInt16.max
    for (place, stream) in description.streams.enumerated() where stream.isOn {
      off &= ~(1 << UInt16(truncatingIfNeeded: place))
    }
    return SDPDirections(
      sends: said.sends | (sends & ~allowed.sends) | off,
      receives: said.receives | (receives & ~allowed.receives) | off)
  }
}
