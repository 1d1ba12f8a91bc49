import RCMLBasics

/// How a call ended.
public struct CallEnd: Hashable, Sendable {
  public var status: CallStatus
  /// The final response we gave to, or got from, an unanswered caller; nil = it had been answered, or gave up.
  public var sipCode: UInt16?
  public var hangupBy: HangupSide
  /// Whole seconds the caller was answered.
  public var duration: Int
  /// Why, whether that is a success or not (spec E-9).
  public var reason: Reason

  public init(
    status: CallStatus, sipCode: UInt16?, hangupBy: HangupSide, duration: Int, reason: Reason
  ) {
    self.reason = reason
    self.status = status
    self.sipCode = sipCode
    self.hangupBy = hangupBy
    self.duration = duration
  }
}
