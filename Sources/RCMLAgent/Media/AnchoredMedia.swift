import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// The media of one call that comes by here: a stream for each party, joined inside.
///
/// Each dialog is negotiated by itself: what a party asks for later is answered here, and the other side does not hear
/// of it (spec U-23).
struct AnchoredMedia {
  var sides: PartySides<AnchoredSide>
  private var nextOrigin: UInt64
  let settings: MediaSettings
  /// The caller has its answer from a 183 that it acknowledges: its offer gets no other (RFC 3262 §5).
  var callerHasAnswer = false
  /// That answer, where it was another phone's.
  var foreignAnswer: [UInt8] = []

  /// `origin`: the first `o=` session id; every dialog of the call gets the next one.
  init(callerStream: MediaID, origin: UInt64, settings: MediaSettings) {
    sides = PartySides(caller: AnchoredSide(stream: callerStream, origin: origin))
    nextOrigin = origin &+ 1
    self.settings = settings
  }

  var bridgedLeg: LegNumber? { sides.bridgedLeg }
  var callerStream: MediaID { sides.caller.stream }

  func stream(of party: Party) -> MediaID? { sides[party]?.stream }

  /// Its answer to our first offer is still to come.
  func isUnknown(_ party: Party) -> Bool {
    sides[party].map { $0.owesAnswer && $0.remote == nil } ?? false
  }

  /// All there are, the caller's first.
  var streams: [MediaID] {
    let legs = sides.legs.keys.sorted().compactMap { sides.legs[$0] }
    return ([sides.caller] + legs).flatMap { [$0.stream] + ($0.video.stream.map { [$0] } ?? []) }
  }

  var callerStreams: [MediaID] {
    [callerStream] + (sides.caller.video.stream.map { [$0] } ?? [])
  }

  /// Whose stream it is.
  func party(of stream: MediaID) -> Party? {
    if sides.caller.stream == stream { return .caller }
    return sides.legs.first { $0.value.stream == stream }.map { .leg($0.key) }
  }

  mutating func opened(_ stream: MediaID, port: UInt16) {
    guard let party = party(of: stream) else { return openedVideo(stream, port: port) }
    sides.change(party) { $0.port = port }
  }

  // MARK: the caller's first offer and answer

  /// An empty one is an offer that we have to make (spec L-6).
  mutating func callerSent(_ sdp: [UInt8]) {
    if !sdp.isEmpty { _ = sides.caller.offered(sdp) }
  }

  /// A re-INVITE to a caller whose media went elsewhere until now. It is believed to stay where it was.
  mutating func offerToAnsweredCaller(_ effects: inout [MediaEffect]) {
    let known = sides.caller.remote?.formats ?? []
    effects.append(
      .offer(.caller, sides.caller.makeOffer(FormatChoice.offer(to: known, isSpoken: true))))
    describe(.caller, &effects)
  }

  mutating func offerForCaller() -> [UInt8] { sides.caller.makeOffer(FormatChoice.spoken) }

  /// Our INVITE's or re-INVITE's answer.
  mutating func callerAnswered(_ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    if sides.caller.answered(sdp) {
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
      if !sides.caller.local.isEmpty { return sides.caller.local }
    }
    guard sides.caller.remote != nil else {
      sides.caller.owesAnswer = true
      return sides.caller.makeOffer(FormatChoice.spoken)
    }
    let formats = FormatChoice.answer(
      to: sides.caller.remote?.formats ?? [], partner: leg.flatMap { accepted(by: .leg($0)) })
    guard !formats.isEmpty else { return nil }
    let video = videoAnswer(to: .caller, partner: leg.map { .leg($0) })
    let answer = sides.caller.makeAnswer(formats, video: video)
    describe(.caller, &effects)
    return answer
  }

  // MARK: the legs' first offer and answer

  mutating func addLeg(_ leg: LegNumber, stream: MediaID) {
    sides.legs[leg] = AnchoredSide(stream: stream, origin: nextOrigin)
    nextOrigin &+= 1
  }

  func isOpen(_ leg: LegNumber) -> Bool { sides.legs[leg]?.isOpen ?? false }

  mutating func offerForLeg(_ leg: LegNumber, isSpoken: Bool) -> [UInt8] {
    let known =
      sides.caller.formats.isEmpty ? sides.caller.remote?.formats ?? [] : sides.caller.formats
    let formats = FormatChoice.offer(to: known, isSpoken: isSpoken)
    let video = videoOffer(to: leg)
    return sides.legs[leg]?.makeOffer(formats, video: video) ?? []
  }

  mutating func legSentEarly(_ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    guard !sdp.isEmpty, sides.legs[leg]?.answered(sdp) ?? false else { return }
    describe(.leg(leg), &effects)
  }

  /// False when a 2xx brought no SDP that can be used (spec L-23).
  mutating func legAnswered(
    _ leg: LegNumber, _ sdp: [UInt8], _ effects: inout [MediaEffect]
  ) -> Bool {
    guard sides.legs[leg]?.answered(sdp) ?? false else { return false }
    describe(.leg(leg), &effects)
    return true
  }

  /// What it is sent ends at once.
  mutating func legGone(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard let side = sides.legs[leg], side.isOpen else { return }
    effects.append(.close(side.stream))
    if let video = side.video.stream, side.video.port != 0 { effects.append(.close(video)) }
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
    joinVideo(leg, &effects)
  }

  mutating func bridged(_ leg: LegNumber, withheldKey: UInt8, _ effects: inout [MediaEffect]) {
    sides.bridgedLeg = leg
    if settings.silenceLimit > .zero {
      describe(.caller, &effects)
      describe(.leg(leg), &effects)
    }
    joined(leg, withheldKey: withheldKey, &effects)
    offerVideoToCaller(by: leg, &effects)
  }

  mutating func unbridged(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard sides.bridgedLeg == leg else { return }
    sides.bridgedLeg = nil
    for stream in callerStreams { effects.append(.part(stream)) }
    if settings.silenceLimit > .zero { describe(.caller, &effects) }
  }

  // MARK: what the dialogs say

  mutating func offered(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    if sdp.isEmpty {
      sides.change(party) { $0.owesAnswer = true }
      let formats = sides[party]?.formats ?? []
      var offer: [UInt8] = []
      sides.change(party) {
        offer = $0.makeOfferAgain(formats.isEmpty ? FormatChoice.spoken : formats)
      }
      return effects.append(.answer(party, offer))
    }
    var answer: [UInt8] = []
    let partner = sides.partner(of: party).flatMap { accepted(by: $0) }
    let video = videoPartner(of: party).flatMap { sides[$0]?.video }
    sides.change(party) { side in
      var changed = side
      guard changed.offered(sdp) else { return }
      let formats = FormatChoice.answer(to: changed.remote?.formats ?? [], partner: partner)
      guard !formats.isEmpty else { return }
      answer = changed.makeAnswer(formats, video: video.flatMap { changed.video.answer(by: $0) })
      side = changed
    }
    guard !answer.isEmpty else { return effects.append(.refuse(party, code: 488)) }
    effects.append(.answer(party, answer))
    describe(party, &effects)
  }

  mutating func accepted(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    guard !sdp.isEmpty else { return }
    var isUsable = false
    sides.change(party) { isUsable = $0.answered(sdp) }
    if isUsable { describe(party, &effects) }
  }

  mutating func refused(by party: Party, code: UInt16, _ effects: inout [MediaEffect]) {
    if let video = sides[party]?.video, video.plan != nil, video.remote == nil {
      // It was asked for video alone, and what there was goes on.
      return sides.change(party) { $0.video.plan = nil }
    }
    effects.append(
      .warn("A phone refused with \(code) to send its media here; it may hear nothing."))
  }

  mutating func acknowledged(by party: Party, _ sdp: [UInt8], _ effects: inout [MediaEffect]) {
    guard sides[party]?.owesAnswer == true else { return }
    var isUsable = false
    sides.change(party) {
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

  private mutating func describe(_ party: Party, _ effects: inout [MediaEffect]) {
    // Its answer to a re-INVITE may come after the BYE, and changes nothing any more.
    guard let side = sides[party], side.isOpen, side.remote != nil, !side.hasLeft else { return }
    let isBridged = sides.partner(of: party) != nil
    effects.append(
      .describe(side.stream, side.description(settings, isBridged: isBridged)))
    describeVideo(of: party, &effects)
  }

  /// What a party and we agreed on.
  private func accepted(by party: Party) -> [AudioFormat]? {
    guard let side = sides[party], let remote = side.remote else { return nil }
    return remote.formats.filter { format in side.formats.contains { $0.names(format) } }
  }
}
