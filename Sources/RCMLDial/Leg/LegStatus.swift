import RCMLBasics
import RCMLDocument

/// One step in the life of a leg: what the host is told, and what a status callback says (spec K).
public struct LegStatus: Hashable, Sendable {
  public var event: SipNoun.Event
  public var sid: CallSid
  /// `sip:alice@example.com:5080`: the target as documents see it (spec P-4).
  public var to: String
  /// State on the way, final on `completed` (spec K-6, K-7).
  public var status: CallStatus
  public var instant: Instant
  /// The last code received for the INVITE; nil = none (spec P-26).
  public var sipCode: UInt16?
  /// Whole seconds from 2xx to end, on `completed` (spec P-25).
  public var duration: Int
  /// On `completed` of an answered leg (spec P-27).
  public var hangupBy: HangupSide?
  /// On `completed` of a leg that was never talked to, or was cut off (spec E-9).
  public var reason: Reason?

  public init(
    event: SipNoun.Event, sid: CallSid, to: String, status: CallStatus, instant: Instant,
    sipCode: UInt16? = nil, duration: Int = 0, hangupBy: HangupSide? = nil,
    reason: Reason? = nil
  ) {
    self.reason = reason
    self.event = event
    self.sid = sid
    self.to = to
    self.status = status
    self.instant = instant
    self.sipCode = sipCode
    self.duration = duration
    self.hangupBy = hangupBy
  }
}
