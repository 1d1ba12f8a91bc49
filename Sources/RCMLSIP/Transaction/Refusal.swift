import RCMLBasics

/// Why a request is refused without a session.
struct Refusal: Sendable {
  /// The header field that goes with the code.
  enum Extra: Sendable {
    case none, allow, accept, unsupported, leastInterval
    /// Seconds after which it is worth trying again.
    case retryAfter(UInt64)

    /// When a call or two have ended.
    static let retryAfter = Extra.retryAfter(30)
    /// When the others have had their turn.
    static let retrySoon = Extra.retryAfter(5)
  }

  var code: UInt16
  /// For the log.
  var reason: StaticString
  var extra: Extra
  /// What is full: the host hears how much that refused, and not of each (spec Y-13).
  var limit: Limit?
  private let known: ReasonCode?

  /// For the host (spec E-9).
  var cause: ReasonCode {
    if let known { return known }
    return switch code {
    case 482, 483: .loopDetected
    case 486, 503: .engineFull
    default: .messageRefused  // numbers, not cases
    }
  }

  init(
    _ code: UInt16, _ reason: StaticString, _ extra: Extra = .none, by limit: Limit? = nil,
    as known: ReasonCode? = nil
  ) {
    self.known = known
    self.code = code
    self.reason = reason
    self.extra = extra
    self.limit = limit
  }
}
