/// What the system, or the network by ICMP, says of why something cannot be sent, or a connection is none.
public enum NetworkFailure: UInt8, Hashable, Sendable, CaseIterable {
  /// Anything else.
  case other
  /// A machine is there, and nothing listens: ECONNREFUSED, ICMP "port unreachable".
  case refused
  /// ENETUNREACH, EHOSTUNREACH, and the like.
  case noRoute
  case timedOut
  /// It was there, and went.
  case lost
  /// We may have no more of them.
  case tooMany

  public var code: ReasonCode {
    switch self {
    case .other: .networkError
    case .refused: .connectionRefused
    case .noRoute: .noRoute
    case .timedOut: .connectTimedOut
    case .lost: .connectionLost
    case .tooMany: .tooManyConnections
    }
  }
}
