import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// The media of one call that comes by here: a stream for each party, joined inside.
///
/// Each dialog is negotiated by itself: what a party asks for later is answered here, and the other side does not hear
/// of it (spec U-23).
struct AnchoredMedia {
  private var caller: AnchoredSide
  private var legs: [LegNumber: AnchoredSide] = [:]
  private(set) var bridgedLeg: LegNumber?
  private var nextOrigin: UInt64
  private let settings: MediaSettings
  /// The caller has its answer from a 183 that it acknowledges: its offer gets no other (RFC 3262 §5).
  var callerHasAnswer = false
  /// That answer, where it was another phone's.
  var foreignAnswer: [UInt8] = []

  /// `origin`: the first `o=` session id; every dialog of the call gets the next one.
  init(callerStream: MediaID, origin: UInt64, settings: MediaSettings) {
    caller = AnchoredSide(stream: callerStream, origin: origin)
    nextOrigin = origin &+ 1
    self.settings = settings
  }

  var callerStream: MediaID { caller.stream }

  func stream(of party: Party) -> MediaID? { side(of: party)?.stream }

  /// Its answer to our first offer is still to come.
  func isUnknown(_ party: Party) -> Bool {
    side(of: party).map { $0.owesAnswer && $0.remote == nil } ?? false
  }

  /// All there are, the caller's first.
  var streams: [MediaID] { [caller.stream] + legs.keys.sorted().compactMap { legs[$0]?.stream } }

  /// Whose stream it is.
  func party(of stream: MediaID) -> Party? {
    if caller.stream == stream { return .caller }
    return legs.first { $0.value.stream == stream }.map { .leg($0.key) }
  }

  mutating func opened(_ stream: MediaID, port: UInt16) {
    guard let party = party(of: stream) else { return }
    change(party) { $0.port = port }
  }

  // MARK: the caller's first offer and answer

  /// An empty one is an offer that we have to make (spec L-6).
  mutating func callerSent(_ sdp: [UInt8]) {
    if !sdp.isEmpty { _ = caller.offered(sdp) }
  }

  /// A re-INVITE to a caller whose media went elsewhere until now. It is believed to stay where it was.
  mutating func offerToAnsweredCaller(_ effects: inout [MediaEffect]) {
    let known = caller.remote?.formats ?? []
    effects.append(
      .offer(.caller, caller.makeOffer(FormatChoice.offer(to: known, isSpoken: true))))
    describe(.caller, &effects)
  }

  mutating func offerForCaller() -> [UInt8] { caller.makeOffer(FormatChoice.spoken) }

  /// Our INVITE's or re-INVITE's answer.
  mutating func callerAnswered(_ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    if caller.answered(sdp) {
      describe(.caller, &effects)
    } else {
      effects.append(.warn("The caller's phone took none of our audio formats: it hears nothing."))
    }
  }

  /// The 200, or the 183 with early media. `leg`: whom the caller will hear; nil = us. Nil = there is nothing both
  /// can do.
  mutating func answerForCaller(
    with leg: LegNumber?, _ effects: inout [MediaEffect]
  ) -> [UInt8]? {
    if callerHasAnswer {
      guard foreignAnswer.isEmpty else {
        let answer = foreignAnswer
        foreignAnswer = []
        offerToAnsweredCaller(&effects)
        return answer
      }
      if !caller.local.isEmpty { return caller.local }
    }
    guard caller.remote != nil else {
      caller.owesAnswer = true
      return caller.makeOffer(FormatChoice.spoken)
    }
    let formats = FormatChoice.answer(
      to: caller.remote?.formats ?? [], partner: leg.flatMap { accepted(by: $0) })
    guard !formats.isEmpty else { return nil }
    let answer = caller.makeAnswer(formats)
    describe(.caller, &effects)
    return answer
  }

  // MARK: the legs' first offer and answer

  mutating func addLeg(_ leg: LegNumber, stream: MediaID) {
    legs[leg] = AnchoredSide(stream: stream, origin: nextOrigin)
    nextOrigin &+= 1
  }

  func isOpen(_ leg: LegNumber) -> Bool { legs[leg]?.isOpen ?? false }

  mutating func offerForLeg(_ leg: LegNumber, isSpoken: Bool) -> [UInt8] {
    let known = caller.formats.isEmpty ? caller.remote?.formats ?? [] : caller.formats
    return legs[leg]?.makeOffer(FormatChoice.offer(to: known, isSpoken: isSpoken)) ?? []
  }

  mutating func legSentEarly(_ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    guard !sdp.isEmpty, legs[leg]?.answered(sdp) ?? false else { return }
    describe(.leg(leg), &effects)
  }

  /// False when a 2xx brought no SDP that can be used (spec L-23).
  mutating func legAnswered(
    _ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]
  ) -> Bool {
    guard legs[leg]?.answered(sdp) ?? false else { return false }
    describe(.leg(leg), &effects)
    return true
  }

  /// What it is sent ends at once.
  mutating func gone(_ party: Party, _ effects: inout [MediaEffect]) {
    guard let side = side(of: party), side.isOpen else { return }
    effects.append(.close(side.stream))
    switch party {
    case .caller: caller.port = 0
    case .leg(let leg):
      legs[leg] = nil
      if bridgedLeg == leg { bridgedLeg = nil }
    }
  }

  /// Its stream stays, but nothing is sent to it any more, whatever happens to the others.
  mutating func callerLeft() { caller.left() }

  // MARK: joined

  /// The caller hears what the leg sends, and the other way round.
  mutating func joined(_ leg: LegNumber, withheldKey: UInt8, _ effects: inout [MediaEffect]) {
    guard let side = legs[leg] else { return }
    effects.append(.join(caller.stream, side.stream, withheldKey: withheldKey))
  }

  mutating func bridged(_ leg: LegNumber, withheldKey: UInt8, _ effects: inout [MediaEffect]) {
    bridgedLeg = leg
    if settings.silenceLimit > .zero {
      describe(.caller, &effects)
      describe(.leg(leg), &effects)
    }
    joined(leg, withheldKey: withheldKey, &effects)
  }

  mutating func unbridged(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard bridgedLeg == leg else { return }
    bridgedLeg = nil
    effects.append(.part(caller.stream))
    if settings.silenceLimit > .zero { describe(.caller, &effects) }
  }

  // MARK: what the dialogs say

  mutating func offered(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    if sdp.isEmpty {
      change(party) { $0.owesAnswer = true }
      let formats = side(of: party)?.formats ?? []
      var offer: [UInt8] = []
      change(party) { offer = $0.makeOffer(formats.isEmpty ? FormatChoice.spoken : formats) }
      return effects.append(.answer(party, offer))
    }
    var answer: [UInt8] = []
    let partner = partner(of: party).flatMap { side(of: $0) }.flatMap(AnchoredMedia.accepted)
    change(party) { side in
      var changed = side
      guard changed.offered(sdp) else { return }
      let formats = FormatChoice.answer(to: changed.remote?.formats ?? [], partner: partner)
      guard !formats.isEmpty else { return }
      answer = changed.makeAnswer(formats)
      side = changed
    }
    guard !answer.isEmpty else { return effects.append(.refuse(party, code: 488)) }
    effects.append(.answer(party, answer))
    describe(party, &effects)
  }

  mutating func accepted(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    guard !sdp.isEmpty else { return }
    var isUsable = false
    change(party) { isUsable = $0.answered(sdp) }
    if isUsable { describe(party, &effects) }
  }

  mutating func refused(by party: Party, code: UInt16, _ effects: inout [MediaEffect]) {
    effects.append(
      .warn("A phone refused with \(code) to send its media here; it may hear nothing."))
  }

  mutating func acknowledged(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    guard side(of: party)?.owesAnswer == true else { return }
    var isUsable = false
    change(party) {
      $0.owesAnswer = false
      isUsable = $0.answered(sdp)
    }
    guard isUsable else {
      return effects.append(
        .warn("A phone's ACK holds no answer to our offer: nothing can be said to it (RFC 3264)."))
    }
    describe(party, &effects)
  }

  // MARK: sides

  private func describe(_ party: Party, _ effects: inout [MediaEffect]) {
    guard let side = side(of: party), side.isOpen, side.remote != nil else { return }
    let isBridged =
      switch party {
      case .caller: bridgedLeg != nil
      case .leg(let leg): bridgedLeg == leg
      }
    effects.append(
      .describe(side.stream, side.description(settings, isBridged: isBridged)))
  }

  private func accepted(by leg: LegNumber) -> [AudioFormat]? {
    legs[leg].flatMap(AnchoredMedia.accepted)
  }

  /// What a side and we agreed on.
  private static func accepted(_ side: AnchoredSide) -> [AudioFormat]? {
    side.remote.map { remote in
      remote.formats.filter { format in side.formats.contains { $0.names(format) } }
    }
  }

  private func partner(of party: Party) -> Party? {
    guard let leg = bridgedLeg else { return nil }
    switch party {
    case .caller: return .leg(leg)
    case .leg(let number): return number == leg ? .caller : nil
    }
  }

  private func side(of party: Party) -> AnchoredSide? {
    switch party {
    case .caller: caller
    case .leg(let number): legs[number]
    }
  }

  private mutating func change(_ party: Party, _ body: (inout AnchoredSide) -> Void) {
    switch party {
    case .caller:
      body(&caller)
    case .leg(let number):
      if var side = legs[number] {
        body(&side)
        legs[number] = side
      }
    }
  }
}
