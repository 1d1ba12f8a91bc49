import RCMLBasics

/// What the host says to a question about a target.
public enum TargetDecision: Hashable, Sendable {
  /// As the document has it. For a noun that nobody here knows it means that there is no such party.
  case asItIs
  case denied
  /// This URI in its place; credentials of the document stay with the host and port they were written for.
  case instead(uri: String, username: Private<String>?, password: Private<String>?)
}
