import RCMLBasics

extension CallMachine {
  /// What is known of the caller when the call is born.
  public struct Caller: Sendable {
    public enum Direction: Hashable, Sendable { case inbound, outboundAPI }
    public var sid: CallSid
    public var direction: Direction
    /// True for a caller that was answered before the document started (spec §5.1).
    public var isAnswered: Bool
    /// When that was: the call's duration counts from there.
    public var answeredAt: Instant?
    /// P-3 and P-4 as they are to be shown.
    public var from: String
    public var to: String
    /// User part of the From, empty = none: what a leg's From is made of without `callerId` (spec U-2).
    public var user: String
    /// The caller asked for privacy (spec U-3).
    public var isPrivate: Bool
    /// P-8, empty = none.
    public var callerName: String
    /// P-9, empty = none.
    public var forwardedFrom: String
    public var invite: CallerInvite
    /// The host of our own identities: `from_domain`, else our address (spec U-2, Q-8).
    public var localDomain: String

    public init(
      sid: CallSid, direction: Direction, isAnswered: Bool, from: String, to: String,
      user: String = "", isPrivate: Bool = false, callerName: String = "",
      forwardedFrom: String = "", sipCallID: String = "",
      headers: [HeaderLine] = [], maxForwards: UInt8 = 70, localDomain: String = "",
      offersSpeech: Bool = true, maxBreadth: UInt8? = nil
    ) {
      self.sid = sid
      self.direction = direction
      self.isAnswered = isAnswered
      self.from = from
      self.to = to
      self.user = user
      self.isPrivate = isPrivate
      self.callerName = callerName
      self.forwardedFrom = forwardedFrom
      invite = CallerInvite(
        callID: sipCallID, headers: headers, maxForwards: maxForwards, maxBreadth: maxBreadth,
        offersSpeech: offersSpeech)
      self.localDomain = localDomain
    }
  }
}
