import RCMLBasics
import RCMLDial
import RCMLSIP

/// The descriptions of one call whose media goes from phone to phone (DirectMedia.table.md).
///
/// Each dialog has its `Negotiation`; this one knows which exchange in the one is there because of the other.
struct DirectMedia {
  typealias Effect = MediaEffect

  enum State {
    case idle
    /// We asked `asked` with a re-INVITE so that both sides know each other; `count` of them so far.
    case joining(asked: Party, count: Int)
    /// `from` asked for something else; `asked`, the other side, is being asked.
    case passing(from: Party, asked: Party)
  }

  static let joiningLimit = 3

  private(set) var state = State.idle
  private(set) var sides: PartySides<Negotiation>
  /// Whose sessions are to be refreshed once the other one's exchange is over: what that brings is news for them, too.
  private var due: [Party] = []
  /// Of the next dialog.
  private(set) var nextOrigin: UInt64
  private let address: SocketAddress

  /// `origin`: the first `o=` session id; every dialog of the call gets the next one. `address`: ours.
  init(origin: UInt64, address: SocketAddress, secrecy: DialogSecrecy = .off) {
    self.address = address
    sides = PartySides(
      caller: Negotiation(origin: origin, address: address, secrecy: secrecy))
    nextOrigin = origin &+ 1
  }

  /// The caller's dialog, for media that comes by us from now on.
  var caller: Negotiation { sides.caller }

  // MARK: the caller's first offer and answer

  mutating func callerSent(_ offer: SessionDescription) {
    sides.caller.receive(offer.serving(sides.caller.directlyServed))
  }

  /// For a caller whom we call before anybody is there to talk to.
  mutating func offerForCaller() -> [UInt8] {
    sides.caller.propose(inactiveOffer(to: sides.caller))
  }

  mutating func callerAnswered(_ said: PartyDescription, _ effects: inout [Effect]) {
    guard let answer = sides.caller.usable(said) else {
      sides.caller.drop()
      return effects.append(
        .warn("The caller's phone took none of our audio formats: it hears nothing."))
    }
    sides.caller.commit(answeredBy: answer)
  }

  /// The 200: the leg's media, or none as long as nobody is there.
  mutating func answerForCaller(with leg: LegNumber?) -> [UInt8] {
    let caller = sides.caller
    guard let offer = caller.offer else { return caller.agreed?.local.body ?? [] }
    if case .final(let answer) = caller.early {
      caller.commitEarly()
      return answer.body
    }
    if let leg, let remote = sides.legs[leg]?.agreed?.remote,
      SDPDraft.canAnswer(offer, with: remote)
    {
      return caller.commit(answer: DirectMedia.answer(to: offer, with: remote))
    }
    return caller.commit(answer: inactiveAnswer(to: offer, of: caller))
  }

  /// The 183 (spec U-20); nil when the leg sent no SDP, or the caller has another's for good.
  mutating func earlyMediaForCaller(of leg: LegNumber) -> [UInt8]? {
    guard let offer = sides.caller.offer, let side = sides.legs[leg],
      let remote = side.agreed?.remote ?? side.earlyAnswer, SDPDraft.canAnswer(offer, with: remote)
    else { return nil }
    let draft = DirectMedia.answer(to: offer, with: remote)
    if case .final(let answer) = sides.caller.early {
      return draft.says(sameAs: answer) ? answer.body : nil
    }
    return sides.caller.show(draft)
  }

  mutating func callerHasAnswer(_ hasAnswer: Bool) { sides.caller.earlyIsFinal(hasAnswer) }

  // MARK: the legs' first offer and answer

  /// What the caller can do. Its hold is taken out: nobody is there yet who could be held (spec U-23).
  /// Empty: nothing of it may be told in this dialog, open or secret (spec T-16).
  mutating func offerForLeg(_ leg: LegNumber, secrecy: DialogSecrecy = .off) -> [UInt8] {
    let side = Negotiation(origin: nextOrigin, address: address, secrecy: secrecy)
    nextOrigin &+= 1
    guard let remote = sides.caller.offer ?? sides.caller.agreed?.remote else {
      sides.legs[leg] = side
      return side.propose(inactiveOffer(to: side))
    }
    let told = side.told(of: remote, by: sides.caller)
    guard told.hasUsableAudio || !remote.hasUsableAudio else { return [] }
    sides.legs[leg] = side
    return side.propose(.relaying(told, to: .offer(after: nil), .all))
  }

  mutating func legSentEarly(_ leg: LegNumber, _ said: PartyDescription) {
    guard let side = sides.legs[leg], let answer = side.usable(said) else { return }
    side.answeredEarly(answer)
  }

  /// False when a 2xx brought no SDP that can be used (spec L-23).
  mutating func legAnswered(_ leg: LegNumber, _ said: PartyDescription) -> Bool {
    guard let side = sides.legs[leg] else { return false }
    // An exchange that an acknowledged 18x completed: the 200 has nothing to add (RFC 3262 §5).
    if side.isSettled, side.agreed != nil { return true }
    // Most phones say once more what their 18x said.
    if let early = side.earlyAnswer, said.repeats(early) {
      side.commitEarly()
      return true
    }
    guard let answer = side.usable(said) else { return false }
    side.commit(answeredBy: answer)
    return true
  }

  mutating func legGone(_ leg: LegNumber, _ effects: inout [Effect]) {
    unbridged(leg, &effects)
    sides.legs[leg] = nil
  }

  // MARK: joined

  mutating func bridged(_ leg: LegNumber, _ effects: inout [Effect]) {
    sides.bridgedLeg = leg
    join(count: 0, sparesHold: true, &effects)
  }

  mutating func unbridged(_ leg: LegNumber, _ effects: inout [Effect]) {
    guard sides.bridgedLeg == leg else { return }
    due.removeAll { $0 == .leg(leg) }
    defer { refresh(&effects) }
    sides.bridgedLeg = nil
    switch state {
    case .passing(from: .caller, asked: _):
      answerAlone(.caller, &effects)
    case .passing(from: .leg, asked: _):
      sides.legs[leg]?.drop()
      effects.append(.cancelOffer(.caller))
    case .joining(asked: .caller, count: _):
      effects.append(.withdraw(.caller))
    case .idle, .joining(asked: .leg, count: _):
      break
    }
    state = .idle
  }

  /// Asks whoever does not know what the other one has; `first` is looked at first. `sparesHold`: the leg need not
  /// hear that the caller has held since before it was called (`offerForLeg`).
  private mutating func join(
    count: Int, first: Party = .caller, sparesHold: Bool = false, _ effects: inout [Effect]
  ) {
    guard case .idle = state, let leg = sides.bridgedLeg, let side = sides.legs[leg],
      side.isSettled, sides.caller.isSettled, count < DirectMedia.joiningLimit
    else { return }
    let second: Party = first == .caller ? .leg(leg) : .caller
    for party in [first, second] {
      guard let own = sides[party], let draft = missing(at: party, sparesHold) else { continue }
      state = .joining(asked: party, count: count + 1)
      return effects.append(.offer(party, own.propose(draft)))
    }
  }

  /// What a party would have to be told of its partner; nil = it knows.
  private func missing(at party: Party, _ sparesHold: Bool) -> SDPDraft? {
    guard let own = sides[party], let other = sides.partner(of: party).flatMap({ sides[$0] }),
      let agreed = other.agreed
    else { return nil }
    let told = own.told(of: agreed.remote, by: other)
    func draft(_ directions: SDPDirections) -> SDPDraft {
      .relaying(told, to: .offer(after: own.last), directions)
    }
    let missing = draft(agreed.wish)
    if own.knows(missing) { return nil }
    // It may have been told all that it wanted to hear.
    let wish = own.agreed?.wish ?? .all
    if wish != .all, own.knows(draft(agreed.wish.within(wish.answered))) { return nil }
    if sparesHold, party != .caller, own.knows(draft(.all)) { return nil }
    return missing
  }

  // MARK: what the dialogs say

  mutating func offered(
    by party: Party, _ said: PartyDescription, _ effects: inout [Effect]
  ) {
    guard let own = sides[party] else { return }
    // A new offer proves that an 18x's answer was the last word, and that an ACK is not going to come.
    own.commitEarly()
    if own.awaitsAcknowledgement { own.drop() }
    let partner = sides.partner(of: party)
    let other = partner.flatMap { sides[$0] }
    guard own.isSettled, other?.isSettled ?? true else {
      return effects.append(.refuse(party, code: 491))
    }
    if said.isEmpty { return effects.append(.answer(party, requestedOffer(for: own, of: other))) }
    guard let offer = own.directlyJudged(said), !offer.hasOnlyForeignAudio else {
      effects.append(.refuse(party, code: 488))
      join(count: 0, first: party, &effects)
      return refresh(&effects)
    }
    own.receive(offer)
    guard let partner, let other else { return answerAlone(party, &effects) }
    let told = other.told(of: offer, by: own)
    guard !told.hasOnlyForeignAudio else {
      own.drop()
      return effects.append(.refuse(party, code: 488))
    }
    state = .passing(from: party, asked: partner)
    let draft = SDPDraft.relaying(told, to: .offer(after: other.last), offer.directions)
    effects.append(.offer(partner, other.propose(draft)))
  }

  /// All that could be agreed, and on hold only if the other one holds (spec U-52).
  private func requestedOffer(for own: Negotiation, of other: Negotiation?) -> [UInt8] {
    guard let other, let agreed = other.agreed else {
      return own.propose(inactiveOffer(to: own), answeredBy: .acknowledgement)
    }
    let told = own.told(of: agreed.remote, by: other)
    return own.propose(
      .relaying(told, to: .offer(after: own.last), agreed.wish), answeredBy: .acknowledgement)
  }

  /// The session with the party wants to be refreshed. Its answer may say something new, as any other.
  mutating func refreshDue(with party: Party, _ effects: inout [Effect]) {
    due.append(party)
    refresh(&effects)
  }

  /// By what it has, or by what it should have and once did not want. An exchange that runs refreshes as well.
  private mutating func refresh(_ effects: inout [Effect]) {
    for party in due {
      guard let own = sides[party], own.isSettled else {
        due.removeAll { $0 == party }
        continue
      }
      let partner = sides.partner(of: party)
      guard partner.flatMap({ sides[$0] })?.isSettled ?? true else { continue }
      due.removeAll { $0 == party }
      // Where nobody is, what it knows may be the address of somebody who has left.
      let draft =
        partner == nil ? inactiveOffer(to: own) : missing(at: party, true)
      if let body = draft.map({ own.propose($0) }) ?? own.proposeAgreed() {
        effects.append(.offer(party, body))
      }
    }
  }

  mutating func accepted(
    by party: Party, _ said: PartyDescription, _ effects: inout [Effect]
  ) {
    guard let own = sides[party], own.isAsked else { return }
    defer { refresh(&effects) }
    let answer = own.directlyJudged(said).flatMap { answer -> SessionDescription? in
      guard !answer.hasOnlyForeignAudio, own.keepsSecrecy(answer) else { return nil }
      return answer
    }
    if let answer {
      own.commit(answeredBy: answer)
      due.removeAll { $0 == party }
    } else {
      own.drop()
    }
    switch state {
    case .joining(asked: party, let count):
      state = .idle
      if answer != nil { return join(count: count, &effects) }
      effects.append(
        .warn("A phone's answer to a re-INVITE cannot be used; the call may be silent."))
    case .passing(let from, asked: party):
      state = .idle
      guard let offer = sides[from]?.offer else { return }
      guard let answer else {
        sides[from]?.drop()
        effects.append(.refuse(from, code: 488))
        return restore(party, &effects)
      }
      let draft = DirectMedia.answer(to: offer, with: answer)
      if let body = sides[from]?.commit(answer: draft) { effects.append(.answer(from, body)) }
    case .idle, .joining, .passing:
      // Who had it asked is gone, or has taken it back (spec U-54); or the session was only refreshed.
      join(count: 0, first: party, &effects)
    }
  }

  /// It took for agreed what was not: it is asked once for the session as it is.
  private mutating func restore(_ party: Party, _ effects: inout [Effect]) {
    guard let own = sides[party], own.isSettled,
      let other = sides.partner(of: party).flatMap({ sides[$0] }), let agreed = other.agreed
    else { return }
    state = .joining(asked: party, count: DirectMedia.joiningLimit)
    let told = own.told(of: agreed.remote, by: other)
    let draft = SDPDraft.relaying(told, to: .offer(after: own.last), agreed.wish)
    effects.append(.offer(party, own.propose(draft)))
  }

  mutating func refused(by party: Party, code: UInt16, _ effects: inout [Effect]) {
    guard let own = sides[party], own.isAsked else { return }
    defer { refresh(&effects) }
    own.drop()
    switch state {
    case .joining(asked: party, count: _):
      state = .idle
      effects.append(
        .warn(
          "A phone refused with \(code) to be joined to the other's media; the call may be silent.")
      )
    case .passing(let from, asked: party):
      state = .idle
      sides[from]?.drop()
      effects.append(.refuse(from, code: code))
      // They may have been bridged while `from` was owing an ACK that never came.
      join(count: 0, first: from, &effects)
    case .idle, .joining, .passing:
      join(count: 0, first: party, &effects)
    }
  }

  /// The party's own offer is taken back before it was answered (spec U-54).
  mutating func offerCancelled(by party: Party, _ effects: inout [Effect]) {
    guard case .passing(from: party, let asked) = state else { return }
    state = .idle
    sides[party]?.drop()
    effects.append(.cancelOffer(asked))
  }

  /// The re-INVITE was never sent.
  mutating func withdrawn(by party: Party, _ effects: inout [Effect]) {
    sides[party]?.withdraw()
    join(count: 0, first: party, &effects)
    refresh(&effects)
  }

  mutating func acknowledged(
    by party: Party, _ said: PartyDescription, _ effects: inout [Effect]
  ) {
    guard let own = sides[party], own.awaitsAcknowledgement else { return }
    defer { refresh(&effects) }
    guard let answer = own.usable(said) else {
      own.drop()
      return effects.append(
        .warn("A phone's ACK holds no answer to our offer; the call may be silent (RFC 3264)."))
    }
    own.commit(answeredBy: answer)
    join(count: 0, first: sides.partner(of: party) ?? party, &effects)
  }

  // MARK: descriptions

  private mutating func answerAlone(_ party: Party, _ effects: inout [Effect]) {
    guard let own = sides[party], let offer = own.offer else { return }
    let answer = own.commit(answer: inactiveAnswer(to: offer, of: own))
    effects.append(.answer(party, answer))
  }

  /// It mirrors the offer, whatever was asked of who answers (RFC 3264 §6.1, spec U-51).
  private static func answer(
    to offer: SessionDescription, with remote: SessionDescription
  ) -> SDPDraft {
    .relaying(
      remote, to: .answer(to: offer), remote.directions.within(offer.directions.answered))
  }

  private func inactiveOffer(to own: Negotiation) -> SDPDraft {
    .inactiveOffer(after: own.last, address: address, secrecy: own.secrecyToOffer)
  }

  private func inactiveAnswer(to offer: SessionDescription, of own: Negotiation) -> SDPDraft {
    .inactiveAnswer(to: offer, address: address, secrecy: own.secrecyToAnswer)
  }
}
