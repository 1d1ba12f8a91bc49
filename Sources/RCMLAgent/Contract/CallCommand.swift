import RCMLBasics
import RCMLDial

/// What the host asks of one call.
public enum CallCommand: Equatable, Sendable {
  /// Runs a document on a waiting incoming call, or replaces the document of a live one (spec L-39).
  case run(DocumentSource)
  /// Settings of this call instead of the agent's, before a document runs on it (spec Q-35).
  case set([CallSetting])
  /// 180 to an incoming call that waits for its document.
  case ring(code: UInt16)
  /// 200 to an incoming call without a document.
  case answer
  case reject(code: UInt16, phrase: String)
  case hangUp
  /// Ends the running Dial only (spec L-39).
  case endDial
  /// As if the caller had pressed this key: one of 0-9 * # A-D.
  case digit(UInt8)
  /// Writes what the caller is heard to say, from now to the end of the call, into a new WAV file.
  case record(path: String)
  /// What the host says of a party of its own; nil = the caller.
  case hostSays(LegNumber?, HostPartyReport)
}
