import RCMLBasics

/// What a Dial came to (spec §8.2); the source of the action request's parameters (P-40 …).
public struct DialResult: Hashable, Sendable {
  public enum Screening: String, Hashable, Sendable {
    case accepted, rejected, timeout, failed, hangup
  }

  /// DialCallStatus.
  public var status: CallStatus
  /// The deciding leg (M-4); nil = there was none.
  public var leg: LegNumber?
  public var legSid: CallSid?
  public var duration: Int
  public var bridged: Bool
  public var ringDuration: Int
  /// DialSipResponseCode (M-8).
  public var sipCode: UInt16?
  public var screening: Screening?
  public var hangupBy: HangupSide?
  /// P-48; nil = there is none.
  public var recording: Recording?
  /// Why nobody was talked to, or why the talk was cut off (spec E-9).
  public var reason: Reason?

  public init(
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
