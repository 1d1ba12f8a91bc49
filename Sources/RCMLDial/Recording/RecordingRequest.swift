import RCMLBasics

/// A recording of a Dial to be begun (spec R): the caller, and the winner once there is one.
public struct RecordingRequest: Hashable, Sendable {
  /// `RE` and 32 hex digits.
  public var sid: String
  /// The winner; nil = nobody is bridged yet.
  public var leg: LegNumber?
  /// Two channels, the caller's the left one.
  public var isDual: Bool

  public init(sid: String, leg: LegNumber?, isDual: Bool) {
    self.sid = sid
    self.leg = leg
    self.isDual = isDual
  }
}
