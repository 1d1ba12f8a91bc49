import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// The media of one call that comes by here: a stream for each party, joined inside.
///
/// Each dialog is negotiated by itself: what a party asks for later is answered here, and the other side does not hear
/// of it (spec U-23).
struct AnchoredMedia {
  private var sides: PartySides<AnchoredSide>
  private var video = AnchoredVideo()
  private var nextOrigin: UInt64
  private let settings: MediaSettings
  /// The caller has to be asked for its media once the exchange that runs with it is over.
  private var callerIsToBeAsked = false

  /// `origin`: the first `o=` session id; every dialog of the call gets the next one.
  init(callerStream: MediaID, origin: UInt64, settings: MediaSettings) {
    let negotiation = Negotiation(origin: origin, address: AnchoredMedia.nowhere)
    sides = PartySides(caller: AnchoredSide(stream: callerStream, negotiation: negotiation))
    nextOrigin = origin &+ 1
    self.settings = settings
  }

  /// The media of this call went from phone to phone until now: the caller's dialog goes on as it stands.
  init(callerStream: MediaID, after direct: DirectMedia, settings: MediaSettings) {
    sides = PartySides(caller: AnchoredSide(stream: callerStream, negotiation: direct.caller))
    nextOrigin = direct.nextOrigin
    self.settings = settings
  }

  /// In the place of our address until the way is known.
  private static let nowhere = SocketAddress(ipv4: 0, port: 0)

  var bridgedLeg: LegNumber? { sides.bridgedLeg }
  var callerStream: MediaID { sides.caller.stream }

  func stream(of party: Party) -> MediaID? { sides[party]?.stream }

  /// Its answer to our first offer is still to come.
  func isUnknown(_ party: Party) -> Bool {
    sides[party].map { $0.negotiation.awaitsAcknowledgement && $0.negotiation.agreed == nil }
      ?? false
  }

  /// All there are, the caller's first.
  var streams: [MediaID] {
    callerStreams + sides.legs.keys.sorted().flatMap { streams(of: .leg($0)) }
  }

  var callerStreams: [MediaID] { streams(of: .caller) }

  private func streams(of party: Party) -> [MediaID] {
    [stream(of: party), video.stream(of: party)].compactMap { $0 }
  }

  /// Whose it is, sound or video.
  func owner(of stream: MediaID) -> Party? { party(of: stream) ?? video.owner(of: stream) }

  /// Whose sound it is.
  func party(of stream: MediaID) -> Party? {
    if sides.caller.stream == stream { return .caller }
    return sides.legs.first { $0.value.stream == stream }.map { .leg($0.key) }
  }

  mutating func opened(_ stream: MediaID, port: UInt16) {
    guard let party = party(of: stream) else { return video.opened(stream, port: port) }
    sides.change(party) { $0.port = port }
  }

  /// Whose video needs a stream before this leg can be offered what the caller offers; nil = nobody's.
  func partyWithoutVideo(dialling leg: LegNumber) -> Party? {
    video.partyWithoutStream(dialling: leg, sides)
  }

  mutating func addVideo(of party: Party, stream: MediaID) {
    if sides[party] != nil { video.add(stream, of: party) }
  }

  // MARK: the caller's first offer and answer

  mutating func callerSent(_ offer: SessionDescription) {
    let offer = offer.serving(sides.caller.negotiation.secrecy.served)
    if offer.audio != nil { sides.caller.negotiation.receive(offer) }
  }

  /// A re-INVITE to a caller whose media went elsewhere until now. It is believed to stay where it was.
  mutating func offerToAnsweredCaller(_ effects: inout [MediaEffect]) {
    let negotiation = sides.caller.negotiation
    guard negotiation.isSettled else {
      callerIsToBeAsked = true
      return
    }
    callerIsToBeAsked = false
    effects.append(.offer(.caller, sides.caller.offer(sides.caller.formatsToOffer)))
    describe(.caller, &effects)
  }

  mutating func offerForCaller() -> [UInt8] { sides.caller.offer(FormatChoice.spoken) }

  /// Our INVITE's answer.
  mutating func callerAnswered(_ said: PartyDescription, _ effects: inout [MediaEffect]) {
    guard let answer = sides.caller.usable(answer: said) else {
      sides.caller.negotiation.drop()
      return effects.append(
        .warn("The caller's phone took none of our audio formats: it hears nothing."))
    }
    sides.caller.negotiation.commit(answeredBy: answer)
    describe(.caller, &effects)
  }

  mutating func callerHasAnswer(_ hasAnswer: Bool) {
    sides.caller.negotiation.earlyIsFinal(hasAnswer)
  }

  /// The 200. `leg`: whom the caller will hear; nil = us. Nil = there is nothing both can do.
  mutating func answerForCaller(
    with leg: LegNumber?, _ effects: inout [MediaEffect]
  ) -> [UInt8]? {
    let negotiation = sides.caller.negotiation
    if case .final(let answer) = negotiation.early {
      negotiation.commitEarly()
      // It was another phone's.
      if !sides.caller.isOurs(answer) { offerToAnsweredCaller(&effects) }
      return answer.body
    }
    guard negotiation.offer != nil else {
      if let agreed = negotiation.agreed { return agreed.local.body }
      return sides.caller.offer(FormatChoice.spoken, answeredBy: .acknowledgement)
    }
    guard let draft = callerAnswer(with: leg) else { return nil }
    let answer = negotiation.commit(answer: draft)
    describe(.caller, &effects)
    return answer
  }

  /// The 183 (spec U-20); nil = nothing can be said yet.
  mutating func earlyMediaForCaller(
    of leg: LegNumber, _ effects: inout [MediaEffect]
  ) -> [UInt8]? {
    let negotiation = sides.caller.negotiation
    let answer: [UInt8]
    if case .final(let known) = negotiation.early {
      guard sides.caller.isOurs(known) else { return nil }
      answer = known.body
    } else {
      guard let draft = callerAnswer(with: leg) else { return nil }
      answer = negotiation.show(draft)
    }
    describe(.caller, &effects)
    joined(leg, withheldKey: 0, &effects)
    return answer
  }

  private func callerAnswer(with leg: LegNumber?) -> SDPDraft? {
    guard let offer = sides.caller.negotiation.offer else { return nil }
    let formats = FormatChoice.answer(
      to: offer.audio?.formats ?? [], partner: leg.flatMap { sides.legs[$0]?.accepted })
    guard !formats.isEmpty else { return nil }
    let picture = video.answer(
      to: .caller, offered: sides.caller.heard?.video, partner: leg.map { .leg($0) }, sides)
    return sides.caller.answer(formats, video: picture)
  }

  /// Its streams are open to it from now on.
  mutating func callerConfirmed(_ effects: inout [MediaEffect]) {
    if sides.caller.negotiation.agreed != nil || sides.caller.told != nil {
      describe(.caller, &effects)
    }
  }

  // MARK: the legs' first offer and answer

  mutating func addLeg(_ leg: LegNumber, stream: MediaID) {
    sides.legs[leg] = AnchoredSide(
      stream: stream,
      negotiation: Negotiation(origin: nextOrigin, address: AnchoredMedia.nowhere))
    nextOrigin &+= 1
  }

  func isOpen(_ leg: LegNumber) -> Bool { sides.legs[leg]?.isOpen ?? false }

  mutating func offerForLeg(
    _ leg: LegNumber, isSpoken: Bool, secrecy: DialogSecrecy = .off
  ) -> [UInt8] {
    sides.legs[leg]?.negotiation.use(secrecy)
    let told = sides.caller.formats
    let known = told.isEmpty ? sides.caller.remote?.formats ?? [] : told
    let formats = FormatChoice.offer(to: known, isSpoken: isSpoken)
    return sides.legs[leg]?.offer(formats, video: video.offer(to: leg, sides)) ?? []
  }

  mutating func legSentEarly(
    _ leg: LegNumber, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    guard !said.isEmpty, let side = sides.legs[leg], let answer = side.usable(answer: said)
    else { return }
    side.negotiation.answeredEarly(answer)
    describe(.leg(leg), &effects)
  }

  /// False when a 2xx brought no SDP that can be used (spec L-23).
  mutating func legAnswered(
    _ leg: LegNumber, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) -> Bool {
    guard let side = sides.legs[leg] else { return false }
    let negotiation = side.negotiation
    // An exchange that an acknowledged 18x completed: the 200 has nothing to add (RFC 3262 §5).
    if negotiation.isSettled, negotiation.agreed != nil { return true }
    if let early = negotiation.earlyAnswer, said.repeats(early) {
      negotiation.commitEarly()
    } else {
      guard let answer = side.usable(answer: said) else { return false }
      negotiation.commit(answeredBy: answer)
    }
    describe(.leg(leg), &effects)
    return true
  }

  /// What it is sent ends at once.
  mutating func legGone(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard let side = sides.legs[leg], side.isOpen else { return }
    effects.append(.close(side.stream))
    if let stream = video.remove(.leg(leg)) { effects.append(.close(stream)) }
    sides.legs[leg] = nil
    if sides.bridgedLeg == leg { sides.bridgedLeg = nil }
  }

  /// Its stream stays, but nothing is sent to it any more, whatever happens to the others.
  mutating func callerLeft() { sides.caller.left() }

  // MARK: joined

  /// The caller hears what the leg sends, and the other way round.
  mutating func joined(_ leg: LegNumber, withheldKey: UInt8, _ effects: inout [MediaEffect]) {
    guard let side = sides.legs[leg] else { return }
    effects.append(.join(sides.caller.stream, side.stream, withheldKey: withheldKey))
    video.join(leg, sides, &effects)
  }

  mutating func bridged(_ leg: LegNumber, withheldKey: UInt8, _ effects: inout [MediaEffect]) {
    sides.bridgedLeg = leg
    if settings.silenceLimit > .zero {
      describe(.caller, &effects)
      describe(.leg(leg), &effects)
    }
    joined(leg, withheldKey: withheldKey, &effects)
    if let plan = video.planForCaller(by: leg, sides) {
      let caller = sides.caller
      effects.append(.offer(.caller, caller.offer(caller.formatsToOffer, video: plan)))
    }
  }

  mutating func unbridged(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard sides.bridgedLeg == leg else { return }
    sides.bridgedLeg = nil
    for stream in callerStreams { effects.append(.part(stream)) }
    if settings.silenceLimit > .zero { describe(.caller, &effects) }
  }

  // MARK: what the dialogs say

  mutating func offered(
    by party: Party, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    guard let side = sides[party] else { return }
    let negotiation = side.negotiation
    // A new offer proves that an 18x's answer was the last word, and that an ACK is not going to come.
    negotiation.commitEarly()
    if negotiation.awaitsAcknowledgement { negotiation.drop() }
    guard negotiation.isSettled else { return effects.append(.refuse(party, code: 491)) }
    let partner = sides.partner(of: party).flatMap { sides[$0]?.accepted }
    if said.isEmpty { return effects.append(.answer(party, requestedOffer(by: party, partner))) }
    guard let offer = negotiation.judged(said), let audio = offer.audio else {
      return effects.append(.refuse(party, code: 488))
    }
    let formats = FormatChoice.answer(to: audio.formats, partner: partner)
    guard !formats.isEmpty else { return effects.append(.refuse(party, code: 488)) }
    let picture = video.answer(
      to: party, offered: offer.video, partner: video.partner(of: party, sides), sides)
    negotiation.receive(offer)
    guard let draft = side.answer(formats, video: picture) else { return negotiation.drop() }
    effects.append(.answer(party, negotiation.commit(answer: draft)))
    describe(party, &effects)
  }

  /// All that could be agreed, and nothing on hold in it (spec U-52).
  private func requestedOffer(by party: Party, _ partner: [AudioFormat]?) -> [UInt8] {
    guard let side = sides[party] else { return [] }
    let known = side.formats + (side.remote?.formats ?? [])
    return side.offer(
      FormatChoice.offer(again: known, partner: partner), video: video.planAgain(of: party, side),
      answeredBy: .acknowledgement)
  }

  /// The session with the party wants to be refreshed. Its answer may say something new, as any other.
  mutating func refreshDue(with party: Party, _ effects: inout [MediaEffect]) {
    if let body = sides[party]?.negotiation.proposeAgreed() { effects.append(.offer(party, body)) }
  }

  mutating func accepted(
    by party: Party, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    guard let side = sides[party], side.negotiation.isAsked else { return }
    if let answer = side.usable(answer: said) {
      side.negotiation.commit(answeredBy: answer)
      describe(party, &effects)
    } else {
      side.negotiation.drop()
      effects.append(
        .warn("A phone's answer to a re-INVITE cannot be used: what there was goes on."))
    }
    settled(party, &effects)
  }

  mutating func refused(by party: Party, code: UInt16, _ effects: inout [MediaEffect]) {
    guard let side = sides[party], side.negotiation.isAsked else { return }
    let wasAskedForMore = side.negotiation.agreed.map { side.isOurs($0.local) } ?? false
    side.negotiation.drop()
    if callerIsToBeAsked, party == .caller { return settled(party, &effects) }
    // What there was goes on.
    if wasAskedForMore { return }
    effects.append(
      .warn("A phone refused with \(code) to send its media here; it may hear nothing."))
  }

  /// The re-INVITE was never sent.
  mutating func withdrawn(by party: Party, _ effects: inout [MediaEffect]) {
    sides[party]?.negotiation.withdraw()
    settled(party, &effects)
  }

  mutating func acknowledged(
    by party: Party, _ said: PartyDescription, _ effects: inout [MediaEffect]
  ) {
    guard let side = sides[party], side.negotiation.awaitsAcknowledgement else { return }
    if let answer = side.usable(answer: said) {
      side.negotiation.commit(answeredBy: answer)
      describe(party, &effects)
    } else {
      side.negotiation.drop()
      effects.append(
        .warn("A phone's ACK holds no answer to our offer: nothing can be said to it (RFC 3264)."))
    }
    settled(party, &effects)
  }

  /// What waited for the end of an exchange.
  private mutating func settled(_ party: Party, _ effects: inout [MediaEffect]) {
    guard party == .caller, callerIsToBeAsked else { return }
    offerToAnsweredCaller(&effects)
  }

  // MARK: sides

  private mutating func describe(_ party: Party, _ effects: inout [MediaEffect]) {
    // Its answer to a re-INVITE may come after the BYE, and changes nothing any more.
    guard let side = sides[party], side.isOpen, side.remote != nil, !side.hasLeft else { return }
    let isBridged = sides.partner(of: party) != nil
    effects.append(
      .describe(side.stream, side.description(settings, isBridged: isBridged)))
    video.describe(party, sides, settings, &effects)
  }
}
