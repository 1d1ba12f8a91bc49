/// What the system, or the network by ICMP, says of why something cannot be sent, or a connection is none.
public enum NetworkFailure: UInt8, Error, Hashable, Sendable, CaseIterable {
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

  // The peer is there, and nobody knows who it is (spec T-8).
  /// This machine has no libssl.
  case noTLS
  /// Anything else that goes wrong with TLS.
  case tlsFailed
  /// What came is no TLS.
  case notTLS
  /// The handshake did not end.
  case tlsTimedOut
  /// No version or cipher that both take.
  case tlsVersion
  /// The peer does not take our certificate, or wants one.
  case tlsRefused
  /// The peer shows none.
  case certificateMissing
  /// More octets than any need.
  case certificateTooLarge
  case certificateBroken
  case certificateExpired
  case certificateNotYetValid
  case certificateName
  case certificateSelfSigned
  case certificateIssuerUnknown
  case certificateIssuerUnfit
  case certificateUsage
  case certificateRevoked
  case certificateUnchecked
  case certificateWeak

  public var code: ReasonCode {
    switch self {
    case .other: .networkError
    case .refused: .connectionRefused
    case .noRoute: .noRoute
    case .timedOut: .connectTimedOut
    case .lost: .connectionLost
    case .tooMany: .tooManyConnections
    case .noTLS: .secureTransport
    case .tlsFailed: .tlsFailed
    case .notTLS: .notTLS
    case .tlsTimedOut: .tlsTimedOut
    case .tlsVersion: .tlsVersion
    case .tlsRefused: .tlsRefused
    case .certificateMissing: .certificateMissing
    case .certificateTooLarge: .certificateTooLarge
    case .certificateBroken: .certificateBroken
    case .certificateExpired: .certificateExpired
    case .certificateNotYetValid: .certificateNotYetValid
    case .certificateName: .certificateName
    case .certificateSelfSigned: .certificateSelfSigned
    case .certificateIssuerUnknown: .certificateIssuerUnknown
    case .certificateIssuerUnfit: .certificateIssuerUnfit
    case .certificateUsage: .certificateUsage
    case .certificateRevoked: .certificateRevoked
    case .certificateUnchecked: .certificateUnchecked
    case .certificateWeak: .certificateWeak
    }
  }
}
