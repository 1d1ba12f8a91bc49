import RCMLBasics
import RCMLDial

/// What the host asks for. Performed at once; the answer is the same for the same history.
public enum Command: Equatable, Sendable {
  /// A setting of spec §16 by name. Refused with the nearest name or the range (spec Q-3).
  case set(name: String, value: String)
  /// Gives a setting back what its preset says of it, or else its default (spec Q-35).
  case reset(name: String)
  /// Calls `party` and, once it answered, runs the document on it. It may ring for `limit`; zero = as the setting
  /// `call_timeout` says (spec U-65).
  case call(
    party: String, from: String, DocumentSource, limit: Interval = .zero,
    settings: [CallSetting] = [])
  /// Takes over a caller whom the host has on a line of its own; without a document it waits as an incoming call does.
  case hostCall(HostCaller, DocumentSource?)
  case onCall(CallNumber, CallCommand)
  /// Answers a `HostEvent.question`.
  case answer(QuestionID, HostAnswer)
  /// The document for incoming calls that the host does not run itself; nil = the host does.
  case defaultDocument(DocumentSource?)
  /// No new calls; tells `drained` when the last one ended (spec Q-6).
  case drain
  /// Ends everything at once.
  case stop
}

/// What a command came to.
public enum CommandResult: Hashable, Sendable {
  case done
  case called(CallNumber)
}

/// Why a command was refused: its catalogue number, and a sentence that says what to do.
public struct Refusal: Error, Hashable, Sendable {
  public var code: Int32
  public var text: String

  public init(code: Int32, text: String) {
    self.code = code
    self.text = text
  }
}
