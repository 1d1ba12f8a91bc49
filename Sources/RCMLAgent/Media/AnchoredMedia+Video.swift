import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Video that passes by here: one stream a party, offered to the legs as the caller offers it.
extension AnchoredMedia {
  /// Whose video needs a stream before this leg can be offered what the caller offers; nil = nobody's.
  func partyWithoutVideo(dialling leg: LegNumber) -> Party? {
    guard sides.caller.videos.offer(port: 1) != nil, let side = sides.legs[leg], side.isOpen else {
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
    return sides.caller.videos.offer(port: port)
  }

  /// `partner`: whom the party is to see; nil = nobody.
  func videoAnswer(to party: Party, partner: Party?) -> VideoPlan? {
    guard let partner = partner.flatMap({ sides[$0] }), let side = sides[party] else { return nil }
    return side.video.answer(to: side.heard?.video, by: partner.videos)
  }

  /// Whom a party would see: a leg the caller, also while it is screened.
  func videoPartner(of party: Party) -> Party? {
    if case .leg = party { return .caller }
    return sides.partner(of: party)
  }

  mutating func describeVideo(of party: Party, _ effects: inout [MediaEffect]) {
    let settings = settings
    sides.change(party) { side in
      let described = side.video.description(
        of: side.videos, settings, edition: side.negotiation.edition)
      guard let (stream, description) = described else { return }
      effects.append(.describe(stream, description))
    }
    if let leg = sides.bridgedLeg { joinVideo(leg, &effects) }
  }

  func joinVideo(_ leg: LegNumber, _ effects: inout [MediaEffect]) {
    guard let one = sides.caller.video.stream, let side = sides.legs[leg],
      let other = side.video.stream, sides.caller.video.isOn(sides.caller.videos),
      side.video.isOn(side.videos)
    else { return }
    effects.append(.join(one, other, withheldKey: 0))
  }

  /// A caller that was answered before anybody was there to be seen is asked once more (RFC 3264 §8).
  func offerVideoToCaller(by leg: LegNumber, _ effects: inout [MediaEffect]) {
    let caller = sides.caller
    guard let side = sides.legs[leg], caller.video.port != 0, caller.negotiation.isSettled,
      side.video.isOn(side.videos), caller.negotiation.agreed != nil,
      !caller.video.isOn(caller.videos),
      let plan = caller.video.answer(to: caller.heard?.video, by: side.videos)
    else { return }
    effects.append(.offer(.caller, caller.offer(caller.formats, video: plan)))
  }
}
