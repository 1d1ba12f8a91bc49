extension ReasonCode {
  /// Of a peer that is there and did not prove who it is (spec T-8).
  func security(_ place: String) -> String? {
    switch self {
    case .tlsFailed: "No secure connection with \(place) came about."
    case .notTLS: "\(Self.capital(place)) speaks no TLS there."
    case .tlsTimedOut: "\(Self.capital(place)) did not finish the secure connection in time."
    case .tlsVersion:
      "\(Self.capital(place)) takes no version and cipher of TLS that are good enough."
    case .tlsRefused:
      "\(Self.capital(place)) does not take our certificate, or wants one that we do not have."
    case .certificateMissing: "\(Self.capital(place)) shows no certificate."
    case .certificateTooLarge: "\(Self.capital(place)) shows certificates that are too large."
    case .certificateBroken:
      "The certificate of \(place) is broken: a signature is wrong, or it cannot be read."
    case .certificateExpired: "The certificate of \(place) has expired."
    case .certificateNotYetValid: "The certificate of \(place) is not valid yet."
    case .certificateName:
      "The certificate of \(place) is another's: the name that was dialled does not stand in it."
    case .certificateSelfSigned: "The certificate of \(place) is signed by nobody but itself."
    case .certificateIssuerUnknown:
      "Nobody who is trusted here has issued the certificate of \(place)."
    case .certificateIssuerUnfit:
      "The certificate of \(place) was issued by somebody who may not issue it."
    case .certificateUsage: "The certificate of \(place) is for something else than SIP."
    case .certificateRevoked: "The certificate of \(place) was revoked."
    case .certificateUnchecked:
      "Whether the certificate of \(place) was revoked cannot be told: the list (tls_crl) is too old or broken."
    case .certificateWeak: "The certificate of \(place) has a key or a signature that is too weak."
    default: nil
    }
  }
}
