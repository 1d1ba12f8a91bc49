import RCMLBasics
import RCMLDial

/// What the host answers to a question of the same name.
public enum HostAnswer: Equatable, Sendable {
  case request(status: UInt16, contentType: String, body: [UInt8])
  case target(TargetDecision)
  /// Without a user name there are none.
  case credentials(username: Private<String>?, password: Private<String>)
  case url(isAllowed: Bool)
  case verb(VerbDecision)
  /// A sound as the answer to a `host:` URL brings it; nil = our own program says it.
  case speech(contentType: String, body: [UInt8]?)
}
