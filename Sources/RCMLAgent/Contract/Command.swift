import RCMLBasics
import RCMLDial

/// What the host asks for. Performed at once; the answer is the same for the same history.
package enum Command: Sendable {
  /// A setting of spec §16 by name. Refused with the nearest name or the range (spec Q-3).
  case set(name: String, value: String)
  /// Runs a document on a waiting incoming call, or replaces the document of a live one (spec L-39).
  case run(CallNumber, DocumentSource)
  /// Calls `party` and, once it answered, runs the document on it.
  case call(party: String, from: String, DocumentSource)
  /// 180 to an incoming call that waits for its document.
  case ring(CallNumber, code: UInt16)
  /// 200 to an incoming call without a document.
  case answer(CallNumber)
  case reject(CallNumber, code: UInt16, phrase: String)
  case hangUp(CallNumber)
  /// Ends the running Dial only (spec L-39).
  case endDial(CallNumber)
  /// As if the caller had pressed this key: one of 0-9 * # A-D.
  case digit(CallNumber, UInt8)
  /// Writes what the caller is heard to say, from now to the end of the call, into a new WAV file.
  case record(CallNumber, path: String)
  /// Takes over a caller whom the host has on a line of its own; without a document it waits as an incoming call does.
  case hostCall(HostCaller, DocumentSource?)
  /// What the host says of a party of its own; nil = the caller.
  case hostSays(CallNumber, LegNumber?, HostNews)
  /// The document for incoming calls that the host does not run itself; nil = the host does.
  case defaultDocument(DocumentSource?)
  /// Answers a `HostEvent.request`.
  case answerRequest(ExchangeID, status: UInt16, contentType: String, body: [UInt8])
  /// Answers a `HostEvent.target`.
  case answerTarget(ExchangeID, TargetDecision)
  /// Answers a `HostEvent.credentials`; nil = there are none.
  case answerCredentials(ExchangeID, username: Private<String>?, password: Private<String>)
  /// Answers a `HostEvent.url`.
  case answerURL(ExchangeID, isAllowed: Bool)
  /// Answers a `HostEvent.speech` with a sound as the answer to a `host:` URL brings it; nil = our own program says it.
  case answerSpeech(ExchangeID, contentType: String, body: [UInt8]?)
  /// No new calls; tells `drained` when the last one ended (spec Q-6).
  case drain
  /// Ends everything at once.
  case stop
}

/// What a command came to.
package enum CommandResult: Hashable, Sendable {
  case done
  case called(CallNumber)
}

/// Why a command was refused: its catalogue number, and a sentence that says what to do.
package struct Refusal: Error, Hashable, Sendable {
  package var code: Int32
  package var text: String

  package init(code: Int32, text: String) {
    self.code = code
    self.text = text
  }
}
