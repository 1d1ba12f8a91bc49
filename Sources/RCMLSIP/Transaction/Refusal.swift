/// Why a request is refused without a session.
struct Refusal: Sendable {
  /// The header field that goes with the code.
  enum Extra: Sendable {
    case none, allow, accept, unsupported, retryAfter, leastInterval
  }

  var code: UInt16
  /// For the log.
  var reason: StaticString
  var extra: Extra

  init(_ code: UInt16, _ reason: StaticString, _ extra: Extra = .none) {
    self.code = code
    self.reason = reason
    self.extra = extra
  }
}
