import RCMLBasics
import RCMLDial

/// What the host is told about one call. What is large stands elsewhere: events are moved from hand to hand.
public enum CallEvent: Equatable, Sendable {
  /// An INVITE waits for `run`, `answer` or `reject`. Not told when there is a default document.
  indirect case incoming(IncomingCall)
  /// The caller was answered, or answered our call.
  case answered
  /// The caller's phone rings (calls of `call` only).
  case ringing
  /// One of initiated, ringing, answered, completed of one leg (spec K-2), in order.
  indirect case legStatus(LegNumber, LegStatus)
  case dialEnded(DialResult)
  /// A digit taken from a party (spec U-25).
  case digit(Party, UInt8)
  /// The party's sound is secret from now on, in this way (spec T-19).
  case secret(Party, SecureSuite)
  /// A status callback was delivered or given up. Only while the setting `callback_events` is on (spec E-8).
  /// Without a leg: a recording callback.
  indirect case callback(LegNumber?, CallbackReport)
  /// An exchange with a web server is over. Only while the setting `http_log` is on.
  indirect case exchange(HTTPReport)
  /// A recording of a Dial, or the host's own, has begun, is whole, or came to nothing (spec R, Q-26).
  indirect case recording(RecordingStatus)
  /// What a party of the host's own is to do, or is told (architecture §4).
  case host(Party, HostAction)
  /// The last event of a call.
  case ended(CallEnd)
}
