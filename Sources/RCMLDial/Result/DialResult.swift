import RCMLBasics

/// What a Dial came to (spec §8.2); the source of the action request's parameters (P-40 …).
package struct DialResult: Hashable, Sendable {
  package enum Screening: String, Hashable, Sendable {
    case accepted, rejected, timeout, failed, hangup
  }

  /// DialCallStatus.
  package var status: CallStatus
  /// The deciding leg (M-4); nil = there was none.
  package var leg: LegNumber?
  package var legSid: CallSid?
  package var duration: Int
  package var bridged: Bool
  package var ringDuration: Int
  /// DialSipResponseCode (M-8).
  package var sipCode: UInt16?
  package var screening: Screening?
  package var hangupBy: HangupSide?
  /// P-48; nil = there is none.
  package var recording: Recording?
  /// Why nobody was talked to, or why the talk was cut off (spec E-9).
  package var reason: Reason?

  package init(
    status: CallStatus, leg: LegNumber? = nil, legSid: CallSid? = nil, duration: Int = 0,
    bridged: Bool = false, ringDuration: Int = 0, sipCode: UInt16? = nil,
    screening: Screening? = nil, hangupBy: HangupSide? = nil, recording: Recording? = nil,
    reason: Reason? = nil
  ) {
    self.reason = reason
    self.status = status
    self.leg = leg
    self.legSid = legSid
    self.duration = duration
    self.bridged = bridged
    self.ringDuration = ringDuration
    self.sipCode = sipCode
    self.screening = screening
    self.hangupBy = hangupBy
    self.recording = recording
  }
}
