import RCMLBasics

/// What the settings say of TLS to whoever speaks it for the agent (spec T-8): paths, and who has to prove what.
package struct StreamSecurity: Equatable, Sendable {
  package var authorities = ""
  package var certificate = ""
  package var key = ""
  package var revoked = ""
  package var keylog = ""
  package var clients = Settings.VerifyClients.off
  package var verifies = true

  package init() {}
}

extension Settings {
  package var streamSecurity: StreamSecurity {
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
