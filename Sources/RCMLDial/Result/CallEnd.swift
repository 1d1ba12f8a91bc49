import RCMLBasics

/// How a call ended.
package struct CallEnd: Hashable, Sendable {
  package var status: CallStatus
  /// The final response we gave to, or got from, an unanswered caller; nil = it had been answered, or gave up.
  package var sipCode: UInt16?
  package var hangupBy: HangupSide
  /// Whole seconds the caller was answered.
  package var duration: Int
  /// Why, whether that is a success or not (spec E-9).
  package var reason: Reason

  package init(
    status: CallStatus, sipCode: UInt16?, hangupBy: HangupSide, duration: Int, reason: Reason
  ) {
    self.reason = reason
    self.status = status
    self.sipCode = sipCode
    self.hangupBy = hangupBy
    self.duration = duration
  }
}
