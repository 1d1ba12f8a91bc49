import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

@testable import RCMLAgent

/// One call whose media and phones do at random whatever the RFCs allow, and some of what they do not; every word of
/// ours is held against a `ReferenceDialog` for each dialog.
struct NegotiationModel {
  typealias Line = ReferenceDialog.Line
  typealias Description = ReferenceDialog.Description

  private var random: RandomSource
  private var media: CallMedia
  private var caller = ModelPhone(first: 4_000)
  private var leg: (number: LegNumber, phone: ModelPhone, isAnswered: Bool)?
  private var isAnswered = false
  private var isBridged = false
  private var dials: UInt32 = 0
  private var streams: UInt64 = 1
  /// The re-INVITEs of the joining that runs.
  private var joinings = 0
  /// A phone did not want to be joined: the two need not know each other.
  private var isDiverged = false
  private(set) var steps: [String] = []
  private var found: [String] = []

  init(seed: UInt64) {
    random = RandomSource(seed: seed)
    media = .direct(DirectMedia(origin: 100, address: AgentWorld.place(5060)))
  }

  var violations: [String] {
    found + caller.dialog.violations + (leg?.phone.dialog.violations ?? [])
  }

  private var isAnchored: Bool { media.anchored != nil }

  // MARK: one sequence

  /// Nil = nothing was wrong; else what, and after which steps.
  mutating func run(_ count: Int) -> String? {
    start()
    for _ in 0..<count where violations.isEmpty { step() }
    if violations.isEmpty { settle() }
    guard let first = violations.first else { return nil }
    return "\(first)\n  after " + steps.joined(separator: ", ")
  }

  private mutating func start() {
    var offer: [UInt8] = []
    repeat { offer = caller.offer(&random) } while !SessionDescription.isUsable(offer)
    note("caller calls")
    caller.dialog.theyOffer(offer)
    media.callerSent(SessionDescription(reading: offer))
  }

  private mutating func step() {
    let party: Party = random.next() % 2 == 0 ? .caller : leg.map { .leg($0.number) } ?? .caller
    switch random.next() % 17 {
    case 0: answerCaller(alone: true)
    case 1 where leg == nil: dial()
    case 1, 2: ring()
    case 3, 4: answerLeg()
    case 5: if random.next() % 3 == 0 { endLeg() }
    case 6: if leg == nil, random.next() % 2 == 0 { anchor() }
    case 7: wantOffer(party)
    case 8: cancel(party)
    case 9, 10, 11: reply(party)
    case 12: acknowledge(party)
    case 13: refresh(party)
    case _: offer(party)
    }
  }

  // MARK: the call

  private mutating func dial() {
    let number = LegNumber(dials)
    dials += 1
    note("dial")
    if isAnchored {
      let stream = MediaID(streams + 1)
      streams += 1
      guard case .anchored(var anchored) = media else { return }
      anchored.addLeg(number, stream: stream)
      anchored.opened(stream, port: UInt16(20_000 + stream.number * 2))
      media = .anchored(anchored)
    }
    var phone = ModelPhone(first: 11_000 + Int(dials % 2) * 7_000)
    var source = caller.dialog.remote
    if case .theirs(let offer) = caller.dialog.pending, caller.dialog.local.isEmpty || !isAnswered {
      source = offer.lines
    }
    let expected =
      isAnchored
      ? [ours(20_000 + Int(streams) * 2)]
      : phone.dialog.offered(to: phone.dialog, source.map(ModelPhone.free))
    phone.dialog.weOffer(media.offerForLeg(number, isSpoken: false), expected)
    phone.isAsked = true
    leg = (number, phone, false)
  }

  /// 18x with SDP, and what the caller hears of it.
  private mutating func ring() {
    guard var leg, !leg.isAnswered, case .ours(let offer) = leg.phone.dialog.pending else { return }
    let answer = leg.phone.answer(to: offer.lines, &random)
    guard SessionDescription.isUsable(answer) else { return }
    note("ring")
    leg.phone.early = answer
    self.leg = leg
    var effects: [MediaEffect] = []
    media.legSentEarly(leg.number, answer, &effects)
    guard !isAnswered, let shown = media.earlyMediaForCaller(of: leg.number, &effects) else {
      return
    }
    if caller.isEarlyFinal { return caller.dialog.repeats(shown) }
    let isFinal = random.next() % 3 == 0
    caller.dialog.weAnswer(shown, answerForCaller(with: answer), isLast: isFinal)
    caller.early = shown
    caller.isEarlyFinal = isFinal
    media.callerHasAnswer(isFinal)
  }

  private mutating func answerLeg() {
    guard var leg, !leg.isAnswered, case .ours(let offer) = leg.phone.dialog.pending else { return }
    let isForeign = random.next() % 10 == 0
    let isAgain = !leg.phone.early.isEmpty && random.next() % 2 == 0
    let answer =
      isAgain ? leg.phone.early : leg.phone.answer(to: offer.lines, &random, isForeign: isForeign)
    note("leg answers\(isForeign ? " foreign" : "")")
    var effects: [MediaEffect] = []
    let isUsable = media.legAnswered(leg.number, answer, &effects)
    check(isUsable == SessionDescription.isUsable(answer), "L-23")
    guard isUsable else { return endLeg() }
    leg.phone.dialog.theyAnswer(answer)
    leg.phone.isAsked = false
    leg.isAnswered = true
    self.leg = leg
    answerCaller(alone: false)
    isBridged = true
    isDiverged = false
    joinings = 0
    change { $0.bridged(leg.number, withheldKey: 0, &$1) }
  }

  private mutating func answerCaller(alone: Bool) {
    guard !isAnswered, alone == (leg == nil) || !alone else { return }
    note("answer caller")
    isAnswered = true
    var effects: [MediaEffect] = []
    let number = alone ? nil : leg?.number
    guard let answer = media.answerForCaller(with: number, &effects) else {
      return check(false, "the caller gets no answer")
    }
    if caller.isEarlyFinal {
      caller.dialog.repeats(answer)
    } else {
      caller.dialog.weAnswer(answer, answerForCaller(with: nil, isAlone: alone))
    }
    caller.isEarlyFinal = false
    perform(effects)
  }

  private func answerForCaller(with early: [UInt8]?, isAlone: Bool = false) -> [Line]? {
    guard case .theirs(let offer) = caller.dialog.pending else { return nil }
    if isAnchored { return anchoredAnswer(to: offer.lines, 20_002) }
    let source =
      early.map { ReferenceDialog.Description($0).lines } ?? leg?.phone.dialog.remote ?? []
    let answer = ReferenceDialog.answer(to: offer.lines, with: isAlone ? [] : source)
    return answer.contains { $0.port != 0 } ? answer : inactive(to: offer.lines)
  }

  private mutating func endLeg() {
    guard let leg else { return }
    note("leg ends")
    found += leg.phone.dialog.violations
    let wasBridged = isBridged
    isBridged = false
    self.leg = nil
    change {
      if wasBridged { $0.unbridged(leg.number, &$1) }
      $0.legGone(leg.number, &$1)
    }
  }

  private mutating func anchor() {
    guard case .direct(let direct) = media else { return }
    note("anchor")
    var anchored = AnchoredMedia(callerStream: MediaID(1), after: direct, settings: MediaSettings())
    anchored.opened(MediaID(1), port: 20_002)
    var effects: [MediaEffect] = []
    if isAnswered { anchored.offerToAnsweredCaller(&effects) }
    media = .anchored(anchored)
    perform(effects)
  }

  // MARK: what phones do

  private subscript(party: Party) -> ModelPhone? {
    get { party == .caller ? caller : leg?.phone }
    set {
      guard let newValue else { return }
      if party == .caller { caller = newValue } else { leg?.phone = newValue }
    }
  }

  private func partner(of party: Party) -> ModelPhone? {
    guard isBridged else { return nil }
    return party == .caller ? leg?.phone : caller
  }

  private func isTalking(_ party: Party) -> Bool {
    party == .caller ? isAnswered || caller.isEarlyFinal : leg?.isAnswered ?? false
  }

  /// The other phone's offer waits for this one's answer.
  private func isPassing(to party: Party) -> Bool {
    guard !isAnchored, let other = partner(of: party) else { return false }
    if case .theirs = other.dialog.pending { return true }
    return false
  }

  private func word(_ party: Party) -> String { party == .caller ? "caller" : "leg" }

  private mutating func offer(_ party: Party) {
    guard isTalking(party), var phone = self[party] else { return }
    if case .theirs = phone.dialog.pending { return }
    let isOwing = phone.owesAcknowledgement
    if !phone.dialog.isSettled, !isOwing { return glare(party) }
    let offer = phone.offer(&random)
    note("\(word(party)) offers")
    // Its ACK is lost.
    if isOwing { phone.dialog.dropped() }
    phone.owesAcknowledgement = false
    phone.dialog.theyOffer(offer)
    self[party] = phone
    if partner(of: party)?.dialog.isSettled ?? true { joinings = ReferenceDialog.passing }
    change { $0.offered(by: party, offer, &$1) }
  }

  /// RFC 3261 §14.2.
  private mutating func glare(_ party: Party) {
    note("\(word(party)) offers too")
    var effects: [MediaEffect] = []
    media.offered(by: party, AgentWorld.sdp(port: 4_000), &effects)
    check(effects == [.refuse(party, code: 491)], "a glare: \(effects)")
  }

  private mutating func wantOffer(_ party: Party) {
    guard isTalking(party), party != .caller || isAnswered, var phone = self[party],
      phone.dialog.isSettled
    else { return }
    note("\(word(party)) wants an offer")
    phone.owesAcknowledgement = true
    self[party] = phone
    change { $0.offered(by: party, [], &$1) }
  }

  private mutating func acknowledge(_ party: Party) {
    guard var phone = self[party], phone.owesAcknowledgement,
      case .ours(let offer) = phone.dialog.pending
    else { return }
    let answer = phone.answer(to: offer.lines, &random)
    note("\(word(party)) acknowledges")
    phone.owesAcknowledgement = false
    let isUsable = SessionDescription.isUsable(answer)
    if isUsable { phone.dialog.theyAnswer(answer) } else { phone.dialog.dropped() }
    self[party] = phone
    joinings = 0
    if !isUsable { isDiverged = true }
    change { $0.acknowledged(by: party, answer, &$1) }
  }

  private mutating func cancel(_ party: Party) {
    guard var phone = self[party], case .theirs = phone.dialog.pending, isTalking(party),
      partner(of: party)?.isAsked == true
    else { return }
    note("\(word(party)) cancels")
    phone.dialog.dropped()
    self[party] = phone
    joinings = 0
    change { $0.offerCancelled(by: party, &$1) }
  }

  /// To a re-INVITE of ours.
  private mutating func reply(_ party: Party, isKind: Bool = false) {
    guard var phone = self[party], phone.isAsked, isTalking(party),
      case .ours(let offer) = phone.dialog.pending
    else { return }
    phone.isAsked = false
    phone.isHeld = false
    let isRefreshed = phone.isRefreshed
    phone.isRefreshed = false
    let choice = isKind ? 9 : random.next() % 10
    if choice < 3 {
      let code = [488, 500, 408, 487][Int(random.next() % 4)] as UInt16
      note("\(word(party)) refuses \(code)")
      phone.dialog.dropped()
      self[party] = phone
      if joinings != ReferenceDialog.passing, !isRefreshed { isDiverged = true }
      return change { $0.refused(by: party, code: code, &$1) }
    }
    let isForeign = choice == 3
    let answer = phone.answer(to: offer.lines, &random, isForeign: isForeign)
    note("\(word(party)) accepts\(isForeign ? " foreign" : "")")
    let lines = ReferenceDialog.Description(answer).lines
    let isUsable =
      isAnchored
      ? SessionDescription.isUsable(answer)
      : lines.contains { $0.kind == "audio" && $0.isUsable }
        || !lines.contains { $0.kind == "audio" && $0.port != 0 }
    if isUsable { phone.dialog.theyAnswer(answer) } else { phone.dialog.dropped() }
    if isUsable { phone.refreshes = false }
    self[party] = phone
    if !isUsable { isDiverged = true }
    change { $0.accepted(by: party, answer, &$1) }
  }

  /// The session is offered once more as it is (RFC 4028 §7.4), whatever else runs.
  private mutating func refresh(_ party: Party) {
    guard isTalking(party), party != .caller || isAnswered, var phone = self[party],
      phone.dialog.isSettled
    else { return }
    note("\(word(party)) is refreshed")
    // Where an exchange runs in the other dialog it follows that one.
    let isFree = isAnchored || partner(of: party)?.dialog.isSettled ?? true
    phone.refreshes = true
    self[party] = phone
    change { $0.refreshDue(with: party, &$1) }
    check(self[party]?.isAsked == isFree, "the session is not refreshed")
  }

  // MARK: what we want

  private mutating func change(_ body: (inout CallMedia, inout [MediaEffect]) -> Void) {
    var effects: [MediaEffect] = []
    body(&media, &effects)
    perform(effects)
  }

  private mutating func perform(_ effects: [MediaEffect]) {
    for effect in effects {
      switch effect {
      case .offer(let party, let sdp): weOffer(party, sdp)
      case .answer(let party, let sdp): weAnswer(party, sdp)
      case .refuse(let party, let code): weRefuse(party, code)
      case .withdraw(let party): takeBack(party)
      case .cancelOffer(let party): takeBack(party)
      case .warn: isDiverged = true
      case .describe, .join, .part, .close: break
      }
    }
  }

  private mutating func weOffer(_ party: Party, _ sdp: [UInt8]) {
    guard var phone = self[party] else { return check(false, "an offer to nobody") }
    var expected: [Line]?
    if phone.refreshes, !isPassing(to: party) {
      // What it has, or what it is joined to.
      let known = phone.dialog.local
      phone.isRefreshed = Description(sdp).lines == known
      let other = isAnchored ? nil : partner(of: party)
      if phone.isRefreshed {
        expected = known
      } else if let other {
        expected = other.dialog.offered(to: phone.dialog)
      }
      if other != nil {
        joinings = max(1, joinings + 1)
        if joinings >= DirectMedia.joiningLimit { isDiverged = true }
      }
      if isDiverged || !isAnchored && other == nil { expected = nil }
    } else if isAnchored {
      expected = anchoredOffer(to: phone)
    } else if let other = partner(of: party) {
      if case .theirs(let offer) = other.dialog.pending {
        expected = other.dialog.offered(to: phone.dialog, offer.lines)
      } else {
        joinings = joinings == ReferenceDialog.passing ? 1 : joinings + 1
        if joinings >= DirectMedia.joiningLimit { isDiverged = true }
        expected = other.dialog.offered(to: phone.dialog)
      }
    }
    phone.dialog.weOffer(sdp, expected)
    phone.isAsked = true
    // What is passed on refreshes as well, if it is accepted.
    if !isPassing(to: party) { phone.refreshes = false }
    phone.isHeld = random.next() % 4 == 0
    self[party] = phone
  }

  private mutating func weAnswer(_ party: Party, _ sdp: [UInt8]) {
    guard var phone = self[party] else { return check(false, "an answer to nobody") }
    let other = partner(of: party)
    if phone.owesAcknowledgement {
      let expected: [Line]? =
        isAnchored
        ? anchoredOffer(to: phone)
        : other.map { $0.dialog.offered(to: phone.dialog) }
      phone.dialog.weOffer(sdp, expected)
    } else if case .theirs(let offer) = phone.dialog.pending {
      var expected = inactive(to: offer.lines)
      if isAnchored {
        expected = anchoredAnswer(
          to: offer.lines, party == .caller ? 20_002 : 20_000 + Int(streams) * 2)
      } else if let other {
        expected = ReferenceDialog.answer(to: offer.lines, with: other.dialog.remote)
        isDiverged = false
      }
      phone.dialog.weAnswer(sdp, expected)
    } else {
      check(false, "an answer to nothing")
    }
    self[party] = phone
  }

  private mutating func weRefuse(_ party: Party, _ code: UInt16) {
    guard var phone = self[party] else { return check(false, "a refusal to nobody") }
    if code == 491 {
      check(!(partner(of: party)?.dialog.isSettled ?? true), "491 without a glare")
    }
    phone.owesAcknowledgement = false
    phone.dialog.dropped()
    self[party] = phone
  }

  /// A re-INVITE that has gone out has an outcome all the same.
  private mutating func takeBack(_ party: Party) {
    guard var phone = self[party], phone.isAsked else {
      return check(false, "nothing to take back")
    }
    guard phone.isHeld else { return }
    note("it was not sent")
    phone.isAsked = false
    phone.isHeld = false
    phone.dialog.dropped(wasSent: false)
    self[party] = phone
    change { $0.withdrawn(by: party, &$1) }
  }

  // MARK: what is expected

  private func ours(_ port: Int) -> Line { Line(kind: "audio", port: port, profile: "RTP/AVP") }

  private func inactive(to offer: [Line]) -> [Line] {
    let audio = offer.firstIndex { $0.kind == "audio" && $0.isUsable }
    return offer.enumerated().map { place, asked in
      place == audio
        ? Line(kind: "audio", port: 9, profile: asked.profile).limited(false, false)
        : asked.refused
    }
  }

  private func anchoredAnswer(to offer: [Line], _ port: Int) -> [Line] {
    let audio = offer.firstIndex { $0.kind == "audio" && $0.isUsable }
    return offer.enumerated().map { place, asked in
      place == audio
        ? Line(kind: "audio", port: port, profile: asked.profile).limited(
          asked.receives, asked.sends)
        : asked.refused
    }
  }

  private func anchoredOffer(to phone: ModelPhone) -> [Line]? {
    let known =
      phone.dialog.remote.count < phone.dialog.local.count
      ? phone.dialog.local : phone.dialog.remote
    guard
      let audio = known.firstIndex(where: { $0.kind == "audio" && $0.isUsable })
    else { return nil }
    let isCaller = phone.dialog.remote == caller.dialog.remote
    return known.enumerated().map { place, line in
      guard place == audio else { return line.refused }
      var line = line
      line.port = isCaller ? 20_002 : 20_000 + Int(streams) * 2
      (line.sends, line.receives) = (true, true)
      return line
    }
  }

  // MARK: the end

  /// Everybody answers what is open; then both know each other, and nobody is on hold whom nobody holds.
  private mutating func settle() {
    for _ in 0..<12 {
      for party in [Party.caller, leg.map { .leg($0.number) } ?? .caller] {
        reply(party, isKind: true)
        acknowledge(party)
      }
    }
    guard violations.isEmpty, isAnswered, isBridged, let leg, !isAnchored else { return }
    check(caller.dialog.isSettled && leg.phone.dialog.isSettled, "an exchange has no end")
    guard !isDiverged else { return }
    for (one, other) in [(caller.dialog, leg.phone.dialog), (leg.phone.dialog, caller.dialog)] {
      let expected = other.offered(to: one)
      for (place, line) in one.local.enumerated() where place < expected.count {
        let isOn = line.port != 0 && expected[place].port != 0
        check(!isOn || line.port == expected[place].port, "\(one.local) is not \(expected)")
      }
    }
  }

  private mutating func check(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { found.append(text()) }
  }

  private mutating func note(_ step: String) { steps.append(step) }
}

extension ReferenceDialog {
  /// In the place of a count of joinings: the exchange is a phone's own.
  static let passing = -1
}

extension ModelPhone {
  static func free(_ line: Line) -> Line {
    var line = line
    if line.port != 0 { (line.sends, line.receives) = (true, true) }
    return line
  }
}
