import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Video that passes by here: one stream a party, offered to the legs as the caller offers it.
extension AnchoredMedia {
  /// Whose video needs a stream before this leg can be offered what the caller offers; nil = nobody's.
  func partyWithoutVideo(dialling leg: LegNumber) -> Party? {
    guard sides.caller.video.offer(port: 1) != nil, let side = sides.legs[leg], side.isOpen else {
      return nil
    }
    if sides.caller.video.stream == nil { return .caller }
    return sides.caller.video.port != 0 && side.video.stream == nil ? .leg(leg) : nil
  }

  mutating func addVideo(of party: Party, stream: MediaID) {
    sides.change(party) { $0.video.stream = stream }
  }

  mutating func openedVideo(_ stream: MediaID, port: UInt16) {
    if sides.caller.video.stream == stream {
      sides.caller.video.port = port
      return
    }
    let leg = sides.legs.first { $0.value.video.stream == stream }?.key
    if let leg { sides.legs[leg]?.video.port = port }
  }

  func videoOffer(to leg: LegNumber) -> VideoPlan? {
    guard sides.caller.video.port != 0, let port = sides.legs[leg]?.video.port, port != 0 else {
      return nil
    }
    return sides.caller.video.offer(port: port)
  }

  /// `partner`: whom the party is to see; nil = nobody.
  func videoAnswer(to party: Party, partner: Party?) -> VideoPlan? {
    guard let partner = partner.flatMap({ sides[$0] }) else { return nil }
    return sides[party]?.video.answer(by: partner.video)
  }

  /// Whom a party would see: a leg the caller, also while it is screened.
  func videoPartner(of party: Party) -> Party? {
    if case .leg = party { return .caller }
    return sides.partner(of: party)
  }

  mutating func describeVideo(of party: Party, _ effects: inout [MediaEffect]) {
    let settings = settings
    sides.change(party) { side in
      let described = side.video.description(settings, edition: side.edition)
      guard let (stream, description) = described else { return }
      effects.append(.describe(stream, description))
    }
    if let leg = sides.bridgedLeg { joinVideo(leg, &effects) }
  }

  func joinVideo(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard sides.caller.video.isOn, let one = sides.caller.video.stream,
      let side = sides.legs[leg], side.video.isOn, let other = side.video.stream
    else { return }
    effects.append(.join(one, other, withheldKey: 0))
  }

  /// A caller that was answered before anybody was there to be seen is asked once more (RFC 3264 §8).
  mutating func offerVideoToCaller(by leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard let side = sides.legs[leg], side.video.isOn, !sides.caller.video.isOn,
      !sides.caller.local.isEmpty, !sides.caller.owesAnswer, sides.caller.video.remote != nil,
      let plan = sides.caller.video.answer(by: side.video)
    else { return }
    effects.append(
      .offer(.caller, sides.caller.makeOffer(sides.caller.formats, video: plan)))
  }
}
