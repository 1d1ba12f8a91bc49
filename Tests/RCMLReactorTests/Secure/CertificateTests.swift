import RCMLAgent
import RCMLBasics
import RCMLReactor
import Testing

/// A13, T-8: who is believed to be whom.
@Suite struct CertificateTests {
  private static let certificates = TestCertificates.all

  /// How the catalogue calls each failure.
  private static let names: [NetworkFailure: String] = [
    .certificateName: "certificate-name", .certificateExpired: "certificate-expired",
    .certificateNotYetValid: "certificate-not-yet", .certificateUsage: "certificate-usage",
    .certificateSelfSigned: "certificate-self-signed", .certificateWeak: "certificate-weak",
    .certificateIssuerUnknown: "certificate-issuer-unknown",
    .certificateIssuerUnfit: "certificate-issuer-unfit",
    .certificateRevoked: "certificate-revoked", .certificateUnchecked: "certificate-unchecked",
    .certificateBroken: "certificate-broken", .certificateTooLarge: "certificate-too-large",
  ]

  private func outcome(_ one: TestCertificates.Case, on rig: Rig) throws -> String {
    let server = OpenSSLServer(one)
    let id = ConnectionID(2)
    let place = SocketAddress(ipv4: 0x7f00_0001, port: server.port)
    try rig.say(.network(.openSecured(id, to: place, domain: Array(one.dialled.utf8))))
    let isOpen = try rig.hear { heard -> Bool? in
      switch heard {
      case .connected(id): true
      case .failed(id): false
      default: nil
      }
    }
    if isOpen == true { return "good" }
    return rig.core.failures[id].map { Self.names[$0] ?? "\($0)" } ?? "nothing"
  }

  @Test func thereAreEnoughOfThem() {
    #expect(Self.certificates.cases.count { $0.outcome != "good" } >= 40)
    #expect(Set(Self.certificates.cases.map(\.outcome)).count >= 12)
  }

  /// The server is another's, so what it shows is what the wire brings.
  @Test(arguments: TestCertificates.all.cases)
  func aServerIsBelievedOnlyWithAGoodCertificate(one: TestCertificates.Case) throws {
    let rig = try Rig()
    rig.core.streamSecurity.authorities = Self.certificates.authorities
    rig.core.streamSecurity.revoked = Self.certificates.revoked
    let outcome = try outcome(one, on: rig)
    #expect(outcome == one.outcome)
  }

  /// `sip_tls_verify`: false is for tests alone.
  @Test func whoDoesNotVerifyTakesAnyButLearnsNoName() throws {
    let rig = try Rig()
    rig.core.streamSecurity.verifies = false
    let one = try #require(Self.certificates.cases.first { $0.name == "alone" })
    #expect(try outcome(one, on: rig) == "good")
    #expect(
      rig.core.heard.contains {
        if case .secured(_, "") = $0 { return true }
        return false
      })
  }

  /// Whom the system trusts, where no authorities are named: nobody of ours.
  @Test func theSystemsStoreKnowsNoTestRoot() throws {
    let rig = try Rig()
    let one = try #require(Self.certificates.cases.first { $0.name == "dns" })
    #expect(try outcome(one, on: rig) == "certificate-issuer-unknown")
  }
}
