/// What is to be done with a leg.
public enum LegEffect: Sendable {
  /// Elsewhere than the others, which are small: effects are moved from hand to hand.
  indirect case start(LegRequest)
  /// CANCEL: below it waits for a provisional response if none came (spec F-7).
  case cancel(reasons: [[UInt8]])
  /// BYE.
  case hangUp(reasons: [[UInt8]])
  /// Join caller and leg. `withholdsStar`: the caller's `*` is not passed to the leg (spec L-34).
  case bridge(withholdsStar: Bool)
  case unbridge
  /// An answered caller hears what this leg sends before it answers (spec U-20, `always`).
  case passEarlyMedia
  /// From now on this leg may transfer the caller (spec D-14, U-40).
  case allowTransfer
  /// It has done so.
  case confirmTransfer
}
