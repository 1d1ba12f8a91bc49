import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Where the media of one call goes.
enum CallMedia {
  /// From phone to phone; we hand descriptions through.
  case direct(DirectMedia)
  /// Through us.
  case anchored(AnchoredMedia)

  var anchored: AnchoredMedia? {
    switch self {
    case .direct: nil
    case .anchored(let media): media
    }
  }

  mutating func changeAnchored(_ body: (inout AnchoredMedia) -> Void) {
    change({ _ in }, body)
  }

  /// Whether the caller has its answer from a 183 that it acknowledges: its offer gets no other (RFC 3262 §5).
  mutating func callerHasAnswer(_ hasAnswer: Bool) {
    change({ $0.callerHasAnswer(hasAnswer) }, { $0.callerHasAnswer(hasAnswer) })
  }

  /// Nil: it made no offer (spec L-6).
  mutating func callerSent(_ offer: SessionDescription?) {
    guard let offer else { return }
    change({ $0.callerSent(offer) }, { $0.callerSent(offer) })
  }

  mutating func callerAnswered(_ said: PartyDescription, _ effects: inout [MediaEffect]) {
    change({ $0.callerAnswered(said, &effects) }, { $0.callerAnswered(said, &effects) })
  }

  /// From phone to phone it is nothing to us.
  mutating func callerConfirmed(_ effects: inout [MediaEffect]) {
    change({ _ in }, { $0.callerConfirmed(&effects) })
  }

  mutating func offerForCaller() -> [UInt8] {
    change({ $0.offerForCaller() }, { $0.offerForCaller() })
  }

  /// Nil = there is nothing both can do.
  mutating func answerForCaller(
    with leg: LegNumber?, _ effects: inout [MediaEffect]
  ) -> [UInt8]? {
    change({ $0.answerForCaller(with: leg) }, { $0.answerForCaller(with: leg, &effects) })
  }

  /// The 183 (spec U-20); nil when the leg sent no SDP, or none that helps.
  mutating func earlyMediaForCaller(
    of leg: LegNumber, _ effects: inout [MediaEffect]
  ) -> [UInt8]? {
    change(
      { $0.earlyMediaForCaller(of: leg) }, { $0.earlyMediaForCaller(of: leg, &effects) })
  }

  /// Empty: what the caller offers may not be told to this leg (spec T-16).
  mutating func offerForLeg(
    _ leg: LegNumber, isSpoken: Bool, secrecy: DialogSecrecy = .off
  ) -> [UInt8] {
    change(
      { $0.offerForLeg(leg, secrecy: secrecy) },
      { $0.offerForLeg(leg, isSpoken: isSpoken, secrecy: secrecy) })
  }

  mutating func legSentEarly(
    _ leg: LegNumber, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    change({ $0.legSentEarly(leg, said) }, { $0.legSentEarly(leg, said, &effects) })
  }

  mutating func legAnswered(
    _ leg: LegNumber, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) -> Bool {
    change({ $0.legAnswered(leg, said) }, { $0.legAnswered(leg, said, &effects) })
  }

  mutating func legGone(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    change({ $0.legGone(leg, &effects) }, { $0.legGone(leg, &effects) })
  }

  /// Before it answers; from phone to phone the caller hears it without us.
  mutating func heard(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    change({ _ in }, { $0.joined(leg, withheldKey: 0, &effects) })
  }

  mutating func bridged(_ leg: LegNumber, withheldKey: UInt8, _ effects: inout [MediaEffect]) {
    change(
      { $0.bridged(leg, &effects) },
      { $0.bridged(leg, withheldKey: withheldKey, &effects) })
  }

  mutating func unbridged(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    change({ $0.unbridged(leg, &effects) }, { $0.unbridged(leg, &effects) })
  }

  mutating func offered(
    by party: Party, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    change({ $0.offered(by: party, said, &effects) }, { $0.offered(by: party, said, &effects) })
  }

  mutating func refreshDue(with party: Party, _ effects: inout [MediaEffect]) {
    change(
      { $0.refreshDue(with: party, &effects) }, { $0.refreshDue(with: party, &effects) })
  }

  mutating func accepted(
    by party: Party, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    change({ $0.accepted(by: party, said, &effects) }, { $0.accepted(by: party, said, &effects) })
  }

  mutating func refused(by party: Party, code: UInt16, _ effects: inout [MediaEffect]) {
    change(
      { $0.refused(by: party, code: code, &effects) },
      { $0.refused(by: party, code: code, &effects) })
  }

  /// A party takes its own offer back before it is answered. What comes by here has been answered already.
  mutating func offerCancelled(by party: Party, _ effects: inout [MediaEffect]) {
    change({ $0.offerCancelled(by: party, &effects) }, { _ in })
  }

  /// A re-INVITE to the party was never sent.
  mutating func withdrawn(by party: Party, _ effects: inout [MediaEffect]) {
    change({ $0.withdrawn(by: party, &effects) }, { $0.withdrawn(by: party, &effects) })
  }

  mutating func acknowledged(
    by party: Party, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    change(
      { $0.acknowledged(by: party, said, &effects) },
      { $0.acknowledged(by: party, said, &effects) })
  }

  private mutating func change<Result>(
    _ direct: (inout DirectMedia) -> Result, _ anchored: (inout AnchoredMedia) -> Result
  ) -> Result {
    switch self {
    case .direct(var media):
      defer { self = .direct(media) }
      return direct(&media)
    case .anchored(var media):
      defer { self = .anchored(media) }
      return anchored(&media)
    }
  }
}
