import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// Video that passes by here: one stream a party, offered to the legs as the caller offers it. The streams are here;
/// what was said of them stands in the parties' descriptions.
struct AnchoredVideo {
  typealias Sides = PartySides<AnchoredSide>

  /// Of those who needed a stream.
  private var videos: [Party: VideoSide] = [:]

  // MARK: streams

  func stream(of party: Party) -> MediaID? { videos[party]?.stream }

  func owner(of stream: MediaID) -> Party? { videos.first { $0.value.stream == stream }?.key }

  /// Whose video needs a stream before this leg can be offered what the caller offers; nil = nobody's.
  func partyWithoutStream(dialling leg: LegNumber, _ sides: Sides) -> Party? {
    guard sides.caller.videos.offer(port: 1) != nil, sides.legs[leg]?.isOpen == true else {
      return nil
    }
    guard let caller = videos[.caller] else { return .caller }
    return caller.port != 0 && videos[.leg(leg)] == nil ? .leg(leg) : nil
  }

  mutating func add(_ stream: MediaID, of party: Party) {
    videos[party] = VideoSide(stream: stream)
  }

  mutating func opened(_ stream: MediaID, port: UInt16) {
    if let party = owner(of: stream) { videos[party]?.opened(port: port) }
  }

  /// The stream that has to be closed; nil = none is open.
  mutating func remove(_ party: Party) -> MediaID? {
    guard let video = videos.removeValue(forKey: party), video.port != 0 else { return nil }
    return video.stream
  }

  // MARK: what is said of it

  func offer(to leg: LegNumber, _ sides: Sides) -> VideoPlan? {
    guard let caller = videos[.caller], caller.port != 0, let video = videos[.leg(leg)],
      video.port != 0
    else { return nil }
    return sides.caller.videos.offer(port: video.port)
  }

  /// To an offer that was heard, or `offered` just now. `partner`: whom the party is to see; nil = nobody.
  func answer(
    to party: Party, offered: VideoDescription?, partner: Party?, _ sides: Sides
  ) -> VideoPlan? {
    guard let video = videos[party], let partner = partner.flatMap({ sides[$0] }) else {
      return nil
    }
    return video.answer(to: offered, by: partner.videos)
  }

  /// Whom a party would see: a leg the caller, also while it is screened.
  func partner(of party: Party, _ sides: Sides) -> Party? {
    if case .leg = party { return .caller }
    return sides.partner(of: party)
  }

  /// What it was told, said again; nil = it has no video.
  func planAgain(of party: Party, _ side: AnchoredSide) -> VideoPlan? {
    let pair = side.videos
    guard let video = videos[party], video.isOn(pair), let plan = pair.plan else { return nil }
    return VideoPlan(plan, port: video.port)
  }

  /// A caller that was answered before anybody was there to be seen is asked once more (RFC 3264 §8); nil = it need
  /// not be.
  func planForCaller(by leg: LegNumber, _ sides: Sides) -> VideoPlan? {
    let caller = sides.caller
    guard let side = sides.legs[leg], let video = videos[.caller], video.port != 0,
      caller.negotiation.isSettled, isOn(.leg(leg), side), caller.negotiation.agreed != nil,
      !video.isOn(caller.videos)
    else { return nil }
    return video.answer(to: caller.heard?.video, by: side.videos)
  }

  // MARK: what the engine is told

  mutating func describe(
    _ party: Party, _ sides: Sides, _ settings: MediaSettings, _ effects: inout [MediaEffect]
  ) {
    if let side = sides[party], var video = videos[party],
      let description = video.description(
        of: side.videos, settings, edition: side.negotiation.edition)
    {
      videos[party] = video
      effects.append(.describe(video.stream, description))
    }
    if let leg = sides.bridgedLeg { join(leg, sides, &effects) }
  }

  func join(_ leg: LegNumber, _ sides: Sides, _ effects: inout [MediaEffect]) {
    guard let side = sides.legs[leg], isOn(.caller, sides.caller), isOn(.leg(leg), side),
      let one = stream(of: .caller), let other = stream(of: .leg(leg))
    else { return }
    effects.append(.join(one, other, withheldKey: 0))
  }

  private func isOn(_ party: Party, _ side: AnchoredSide) -> Bool {
    videos[party]?.isOn(side.videos) ?? false
  }
}
