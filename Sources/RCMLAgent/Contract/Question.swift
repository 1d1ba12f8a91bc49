import RCMLBasics
import RCMLDial

/// What the host is asked about a call; each kind has an answer of the same name, and a default when there is none
/// within 10 s.
public enum Question: Equatable, Sendable {
  /// A request for a `host:` URL; else it fails as timed out. With the reason of what it is about, where that has failed.
  case request(method: String, url: String, body: [UInt8], Reason?)
  /// A target is about to be dialled, or is a noun that only the host knows; else it is dialled as it is, a strange noun
  /// not at all. Only while the setting `ask_targets` says so (spec Y-1, D-22).
  case target(TargetQuestion)
  /// A realm wants credentials that nobody here has; else the leg — or without one the call itself — fails. Only while
  /// the setting `ask_credentials` is on (spec A-1).
  case credentials(LegNumber?, realm: String, host: String)
  /// A URL is about to be requested, or to be followed to; else it is. One that is denied fails as refused and is not
  /// tried again. Without the parameters, user info and fragment. The call may have ended. Only while the setting
  /// `ask_urls` is `all` (spec Y-4).
  case url(method: String, url: String)
  /// A verb that nobody here knows is reached; else it is skipped with its finding. Only while the setting `ask_verbs` is on
  /// (spec D-28).
  case verb(VerbQuestion)
  /// A `<Say>` wants sound that is not kept yet; else our own program says it, if there is one. Other calls may wait for
  /// it when this one has ended. Only while the setting `ask_speech` is on (spec V-1, V-10, Q-26).
  /// `markup`: the same as SSML; empty = it has none (V-21).
  case speech(text: String, markup: String, voice: String, language: String)
}
