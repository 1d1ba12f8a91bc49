import RCMLBasics

/// How a phone reaches the agent.
package enum Link: Hashable, Sendable {
  case datagram
  /// Over this connection; when it is gone, over a new one.
  case stream(ConnectionID?)

  var isStream: Bool { self != .datagram }
}

enum PhoneTimer {
  /// The next step of a callee's script.
  case step(call: Int, index: Int)
  case resend(sending: Int)
  case answerLate(call: Int)
  case hangUp(call: Int, dialog: Int)
  case offerAgain(call: Int, dialog: Int)
  case start
  case cancel
  case vanish
  case reoffer(Phone.SoundKey, VoiceScript.Change)
  case press(UInt8, Phone.SoundKey)
  case extraOffer(call: Int, dialog: Int, index: Int)
  case cancelOffer(call: Int, branch: [UInt8])
  case extraKey(call: Int, dialog: Int, index: Int)
  /// It has thought about a re-INVITE with this branch.
  case decide(branch: [UInt8])
  /// Its NAT gives it another port.
  case rebind(call: Int, dialog: Int)
}

enum PhoneAction {
  case send([UInt8], over: Link)
  case wake(after: Interval, PhoneTimer)
  /// From now on sound of this call is heard at this port.
  case listens(call: Int, fork: Int, port: UInt16, video: UInt16)
}
