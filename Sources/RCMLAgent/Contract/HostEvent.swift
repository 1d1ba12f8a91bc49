import RCMLBasics
import RCMLDial
import RCMLDocument

/// What the host is told; it pulls these at its own pace.
package enum HostEvent: Sendable {
  /// An INVITE waits for `run`, `answer` or `reject`. Not told when there is a default document.
  case incoming(CallNumber, CallSid, from: String, to: String)
  /// The caller was answered, or answered our call.
  case answered(CallNumber)
  /// The caller's phone rings (calls of `call` only).
  case ringing(CallNumber)
  /// One of initiated, ringing, answered, completed of one leg (spec K-2), in order.
  case legStatus(CallNumber, LegNumber, LegStatus)
  case dialEnded(CallNumber, DialResult)
  /// A warning or error of a document or a request.
  case finding(CallNumber?, Finding)
  /// A digit taken from a party (spec U-25).
  case digit(CallNumber, Party, UInt8)
  /// A request for a `host:` URL, to be answered with `answerRequest` within 10 s, else it fails as timed out.
  case request(ExchangeID, CallNumber?, method: String, url: String, body: [UInt8])
  /// A status callback was delivered or given up. Only while the setting `callback_events` is on (spec E-8).
  /// Without a leg: a recording callback.
  case callback(CallNumber, LegNumber?, CallbackReport)
  /// A recording of a Dial, or the host's own, has begun, is whole, or came to nothing (spec R, Q-26).
  case recording(CallNumber, RecordingStatus)
  /// A target is about to be dialled, or is a noun that only the host knows, to be answered with `answerTarget` within
  /// 10 s, else it is dialled as it is, a strange noun not at all. Only while the setting `ask_targets` says so (spec
  /// Y-1, D-22).
  case target(ExchangeID, CallNumber, TargetQuestion)
  /// A realm wants credentials that nobody here has, to be answered with `answerCredentials` within 10 s, else the
  /// leg — or without one the call itself — fails. Only while the setting `ask_credentials` is on (spec A-1).
  case credentials(ExchangeID, CallNumber, LegNumber?, realm: String, host: String)
  /// A URL is about to be requested, or to be followed to, to be answered with `answerURL` within 10 s, else it is; one
  /// that is denied fails as refused and is not tried again. Without the parameters, user info and fragment. The call
  /// may have ended. Only while the setting `ask_urls` is `all` (spec Y-4).
  case url(ExchangeID, CallNumber, method: String, url: String)
  /// What a party of the host's own is to do, or is told (architecture §4).
  case host(CallNumber, Party, HostAction)
  /// A `<Say>` wants sound that is not kept yet, to be answered with `answerSpeech` within 10 s, else our own program
  /// says it, if there is one. Other calls may wait for it when this one has ended. Only while the setting `ask_speech`
  /// is on (spec V-1, V-10, Q-26).
  case speech(ExchangeID, CallNumber, text: String, voice: String, language: String)
  /// The last event of a call.
  case ended(CallNumber, CallEnd)
  /// A SIP message, when the setting `transport_log` is on: secrets masked.
  case message(sent: Bool, Transport, peer: SocketAddress, text: [UInt8])
  /// A message from the network that was dropped or refused.
  case refused(String, code: UInt16, from: SocketAddress)
  /// `drain` or `stop`: the last call has ended.
  case drained
}
