import RCMLBasics

/// What the settings say of TLS to whoever speaks it for the agent (spec T-8): paths, and who has to prove what.
public struct StreamSecurity: Equatable, Sendable {
  public var authorities = ""
  public var certificate = ""
  public var key = ""
  public var revoked = ""
  public var keylog = ""
  public var clients = Settings.VerifyClients.off
  public var verifies = true

  public init() {}
}

extension Settings {
  public var streamSecurity: StreamSecurity {
    var security = StreamSecurity()
    security.authorities = tlsAuthorities
    security.certificate = tlsCertificate
    security.key = tlsKey
    security.revoked = tlsRevoked
    security.keylog = tlsKeylog
    security.clients = tlsVerifyClients
    security.verifies = sipTLSVerify
    return security
  }
}
