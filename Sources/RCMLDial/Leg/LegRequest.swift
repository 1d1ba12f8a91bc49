import RCMLBasics
import RCMLDocument

/// A leg to be started: who is called, on whose behalf, under which name.
package struct LegRequest: Sendable {
  package var sid: CallSid
  package var parentSid: CallSid
  /// Position of the target in the Dial, from 0 (spec P-30).
  package var targetIndex: Int
  package var target: SipNoun
  package var callerID: CallerID
  /// The leg's Call-ID, chosen when the leg is created because `initiated` already tells it (spec Q-9).
  package var sipCallID: [UInt8]

  package init(
    sid: CallSid, parentSid: CallSid, targetIndex: Int, target: SipNoun, callerID: CallerID,
    sipCallID: [UInt8]
  ) {
    self.sid = sid
    self.parentSid = parentSid
    self.targetIndex = targetIndex
    self.target = target
    self.callerID = callerID
    self.sipCallID = sipCallID
  }
}
