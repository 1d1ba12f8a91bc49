import RCMLBasics
import RCMLDocument

/// A leg to be started: who is called, on whose behalf, under which name.
public struct LegRequest: Sendable {
  public var sid: CallSid
  public var parentSid: CallSid
  /// Position of the target in the Dial, from 0 (spec P-30).
  public var targetIndex: Int
  public var target: SipNoun
  public var callerID: CallerID
  /// The leg's Call-ID, chosen when the leg is created because `initiated` already tells it (spec Q-9).
  public var sipCallID: [UInt8]
  /// What its From header says (spec U-1 … U-3).
  public var from: LegIdentity
  /// Every header line of ours and of the target, in the order of the wire: the identity headers (U-7) first, then
  /// the target's own. They go into every repetition of the INVITE.
  public var headers: [HeaderLine]
  /// min(70, caller's − 1) (spec U-6); never 0.
  public var maxForwards: UInt8
  /// Its share of the caller's Max-Breadth (spec Y-6); 0 = it is not sent, or needs none.
  public var maxBreadth: UInt8
  public var media: LegMedia
  /// Of the document that its Dial stands in (spec Y-5).
  public var origin: DocumentOrigin

  public init(
    sid: CallSid, parentSid: CallSid, targetIndex: Int, target: SipNoun, callerID: CallerID,
    sipCallID: [UInt8], from: LegIdentity = .anonymous, headers: [HeaderLine] = [],
    maxForwards: UInt8 = 70, media: LegMedia = .any, origin: DocumentOrigin = .inside,
    maxBreadth: UInt8 = 60
  ) {
    self.origin = origin
    self.sid = sid
    self.parentSid = parentSid
    self.targetIndex = targetIndex
    self.target = target
    self.callerID = callerID
    self.sipCallID = sipCallID
    self.from = from
    self.headers = headers
    self.maxForwards = maxForwards
    self.maxBreadth = maxBreadth
    self.media = media
  }
}
