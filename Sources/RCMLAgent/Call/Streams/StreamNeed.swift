import RCMLBasics
import RCMLDial

/// Which stream of ours has to be there before an effect can be performed.
struct StreamNeed {
  /// `media` = anchored: every call's media comes by here; else only where sound of ours needs it.
  let isAlwaysAnchored: Bool

  /// `hasLegs`: a phone was told where the caller's media is.
  func stream(for effect: CallEffect, _ media: CallMedia, hasLegs: Bool) -> StreamWait.Purpose? {
    switch effect {
    case .leg(let leg, .start(let request)):
      return stream(toStart: leg, request, media, hasLegs: hasLegs)
    case .caller(.answer(let leg)):
      return media.anchored == nil && (leg == nil || isAlwaysAnchored) ? .caller : nil
    case .media(.perform), .media(.record):
      return media.anchored == nil ? .caller : nil
    case .caller, .leg, .media, .web, .ask, .askVerb, .tell, .ended:
      return nil
    }
  }

  private func stream(
    toStart leg: LegNumber, _ request: LegRequest, _ media: CallMedia, hasLegs: Bool
  ) -> StreamWait.Purpose? {
    let isFrames = request.target.hostMedia?.isFrames == true
    guard let anchored = media.anchored else {
      // Frames come by here, as long as no phone of this call has been told of another place.
      // What one party has to have secret, the other may not have.
      let isNeeded =
        isAlwaysAnchored || request.media != .any || (isFrames && !hasLegs)
        || (request.target.demandsSecrecy && !hasLegs)
      return isNeeded ? .caller : nil
    }
    guard anchored.stream(of: .leg(leg)) != nil else { return .leg(leg) }
    return isFrames ? nil : anchored.partyWithoutVideo(dialling: leg).map { .video($0) }
  }
}
