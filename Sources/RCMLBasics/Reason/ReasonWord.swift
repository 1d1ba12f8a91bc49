/// The word of a reason (spec E-9), as programs know it: it never changes, and what is finer stands in the `ReasonCode`.
public enum ReasonWord: String, Hashable, Sendable, CaseIterable {
  // Of a leg, a call, a request.
  /// Somebody said no: a SIP or HTTP status.
  case refused
  case unreachable, unresolved, timeout
  /// No listener, or a transport that is not built in.
  case noTransport = "no-transport"
  case invalidTarget = "invalid-target"
  /// The host, or a setting, does not allow it.
  case denied
  case media, authentication, loop, limit, canceled, screening

  // Of the end of a document.
  case end, hangup, rejected
  case dialFailed = "dial-failed"
  case noDocument = "no-document"
  case stopped, replaced
}
