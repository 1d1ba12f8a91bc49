import Foundation
import RCMLAgent
import RCMLBasics
import RCMLReactor
import Testing

/// T-8, T-9: TLS between two of our own.
@Suite struct SecureStreamTests {
  private static let certificates = TestCertificates.all
  private static let ours = ConnectionID(2)

  /// A rig that listens, and is its own client.
  private struct Pair {
    let rig: Rig
    let address: SocketAddress

    init(
      _ chain: String = "dns", clients: Settings.VerifyClients = .off,
      _ change: (inout StreamSecurity) -> Void = { _ in }
    ) throws {
      rig = try Rig()
      rig.core.streamSecurity.authorities = certificates.authorities
      rig.core.streamSecurity.certificate = certificates.chain(chain)
      rig.core.streamSecurity.key = certificates.key
      rig.core.streamSecurity.clients = clients
      change(&rig.core.streamSecurity)
      _ = try rig.reactor.perform(.set(name: "tls_ca", value: certificates.authorities))
      address = try rig.reactor.listen("tls:127.0.0.1:0").address
    }

    /// The names of both peers, as each side learnt them.
    func meet(_ id: ConnectionID = ours, domain: String = "pbx.example") throws -> (
      server: String, client: String, theirs: ConnectionID
    )? {
      try rig.say(.network(.openSecured(id, to: address, domain: Array(domain.utf8))))
      let theirs = try rig.hear { heard -> ConnectionID? in
        if case .accepted(let theirs, _, _) = heard { return theirs }
        if case .failed(id) = heard { return id }
        return nil
      }
      guard let theirs, theirs != id else { return nil }
      let client = try name(of: theirs)
      let server = try name(of: id)
      _ = try rig.hear { heard -> Bool? in
        if case .connected(id) = heard { return true }
        return nil
      }
      return (server ?? "", client ?? "", theirs)
    }

    func name(of id: ConnectionID) throws -> String? {
      try rig.hear { heard -> String? in
        if case .secured(id, let names) = heard { return names }
        return nil
      }
    }

    /// Somebody else dials, and is heard until he has failed.
    func refuse(_ stranger: Rig) throws {
      try stranger.say(
        .network(.openSecured(ours, to: address, domain: Array("pbx.example".utf8))))
      for _ in 0..<200 where stranger.core.failures[ours] == nil {
        try rig.reactor.wait(milliseconds: 5)
        try stranger.reactor.wait(milliseconds: 5)
      }
    }

    func refusal() throws -> ReasonCode? {
      var found: ReasonCode?
      for _ in 0..<200 where found == nil {
        if case .refused(let reason, _)? = try rig.reactor.nextEvent() { found = reason.code }
        try rig.reactor.wait(milliseconds: 10)
      }
      return found
    }
  }

  private static func closed(_ id: ConnectionID) -> (FakeCore.Heard) -> Bool? {
    {
      if case .closed(id) = $0 { return true }
      return nil
    }
  }

  @Test func octetsTravelBothWaysAndTheCloseIsTold() throws {
    let pair = try Pair()
    let met = try #require(try pair.meet())
    #expect(met.server == "pbx.example" && met.client.isEmpty)
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try pair.rig.say(
      .network(.sendStream(Self.ours, bytes: bytes)),
      .network(.sendStream(met.theirs, bytes: [9, 8])))
    #expect(try pair.rig.read(bytes.count, of: met.theirs) == bytes)
    #expect(try pair.rig.read(2, of: Self.ours) == [9, 8])
    try pair.rig.say(.network(.closeStream(Self.ours)))
    #expect(try pair.rig.hear(Self.closed(met.theirs)) == true)
  }

  /// T-8: mutual TLS.
  @Test func theClientProvesWhoItIs() throws {
    let pair = try Pair("client", clients: .require)
    let met = try #require(try pair.meet(domain: "phone.example"))
    #expect(met.client == "phone.example" && met.server == "phone.example")
  }

  @Test func whoShowsNoCertificateIsRefusedWhereOneIsRequired() throws {
    let pair = try Pair(clients: .require)
    let stranger = try Rig()
    stranger.core.streamSecurity.authorities = Self.certificates.authorities
    try pair.refuse(stranger)
    #expect(stranger.core.failures[Self.ours] == .tlsRefused)
    #expect(try pair.refusal() == .certificateMissing)
    #expect(!pair.rig.core.heard.contains { if case .accepted = $0 { true } else { false } })
  }

  /// T-8: what a client shows is judged as what a server shows, but for its name.
  @Test(arguments: [
    ("expired", ReasonCode.certificateExpired), ("not-yet", .certificateNotYetValid),
    ("unknown-root", .certificateIssuerUnknown), ("alone", .certificateSelfSigned),
    ("for-code", .certificateUsage), ("revoked", .certificateRevoked),
    ("issued-by-phone", .certificateIssuerUnfit), ("issuer-expired", .certificateExpired),
    ("tampered", .certificateBroken),
  ])
  func aClientWithABadCertificateIsRefused(name: String, code: ReasonCode) throws {
    let pair = try Pair(clients: .ask) { $0.revoked = Self.certificates.revoked }
    let stranger = try Rig()
    stranger.core.streamSecurity.authorities = Self.certificates.authorities
    stranger.core.streamSecurity.certificate = Self.certificates.chain(name)
    stranger.core.streamSecurity.key = Self.certificates.key
    try pair.refuse(stranger)
    #expect(stranger.core.failures[Self.ours] == .tlsRefused)
    #expect(try pair.refusal() == code)
    #expect(!pair.rig.core.heard.contains { if case .accepted = $0 { true } else { false } })
  }

  @Test func aClientWithoutACertificateComesInWhereItIsOnlyAsked() throws {
    let pair = try Pair(clients: .ask)
    let stranger = try Rig()
    stranger.core.streamSecurity.authorities = Self.certificates.authorities
    try stranger.say(
      .network(
        .openSecured(Self.ours, to: pair.address, domain: Array("pbx.example".utf8))))
    for _ in 0..<100 where !stranger.core.heard.contains(where: Self.isConnected) {
      try pair.rig.reactor.wait(milliseconds: 5)
      try stranger.reactor.wait(milliseconds: 5)
    }
    #expect(stranger.core.heard.contains(where: Self.isConnected))
  }

  private static func isConnected(_ heard: FakeCore.Heard) -> Bool {
    if case .connected = heard { return true }
    return false
  }

  /// T-9.
  @Test func aSecondConnectionGoesOnWithTheSessionOfTheFirst() throws {
    let pair = try Pair()
    let first = try #require(try pair.meet())
    // The ticket comes behind the handshake.
    try pair.rig.say(.network(.sendStream(first.theirs, bytes: [1])))
    #expect(try pair.rig.read(1, of: Self.ours) == [1])
    let second = try #require(try pair.meet(ConnectionID(4)))
    #expect(second.server == "pbx.example")
    #expect(pair.rig.reactor.streamCounters.resumed == 2)
    // Another domain has to be proved.
    #expect(try pair.meet(ConnectionID(6), domain: "other.example") == nil)
    #expect(pair.rig.core.failures[ConnectionID(6)] == .certificateName)
  }

  /// T-9: what is read again changes nothing for connections that stand.
  @Test func aRenewedCertificateIsShownToTheNextOneAndNobodyIsCutOff() throws {
    let pair = try Pair()
    let first = try #require(try pair.meet())
    pair.rig.core.streamSecurity.certificate = Self.certificates.chain("server")
    _ = try pair.rig.reactor.perform(
      .set(name: "tls_certificate", value: Self.certificates.chain("server")))
    #expect(try pair.meet(ConnectionID(4)) != nil)
    #expect(pair.rig.reactor.streamCounters.resumed == 0)
    try pair.rig.say(.network(.sendStream(Self.ours, bytes: [5])))
    #expect(try pair.rig.read(1, of: first.theirs) == [5])
  }

  /// T-9: nobody has to be told.
  @Test func aFileThatChangesIsReadAtTheNextHandshake() throws {
    let live = Self.certificates.folder + "/live.pem"
    func put(_ name: String) throws {
      let octets = try #require(FileManager.default.contents(atPath: Self.certificates.chain(name)))
      try octets.write(to: URL(fileURLWithPath: live), options: .atomic)
    }
    try put("dns")
    let pair = try Pair { $0.certificate = live }
    let first = try #require(try pair.meet())
    try put("both")
    // It looks once a second.
    let end = ContinuousClock.now + .milliseconds(1_100)
    while ContinuousClock.now < end { try pair.rig.reactor.wait(milliseconds: 50) }
    #expect(try pair.meet(ConnectionID(4), domain: "corp.example")?.server == "corp.example")
    try pair.rig.say(.network(.sendStream(Self.ours, bytes: [5])))
    #expect(try pair.rig.read(1, of: first.theirs) == [5])
  }

  /// T-9: nothing of the private key, and nothing of a session, is where it was not asked for.
  @Test func theKeyLogIsWrittenWhereItIsAskedForAlone() throws {
    let path = Self.certificates.folder + "/session.keys"
    let pair = try Pair { $0.keylog = path }
    _ = try #require(try pair.meet())
    let text = try #require(FileManager.default.contents(atPath: path)).map { $0 }
    #expect(String(decoding: text, as: UTF8.self).contains("CLIENT_TRAFFIC_SECRET_0 "))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  /// T-9: the key of another one.
  @Test func aCertificateThatDoesNotFitItsKeyLeavesTheOldOne() throws {
    let pair = try Pair()
    pair.rig.core.streamSecurity.certificate = Self.certificates.chain("rsa")
    _ = try pair.rig.reactor.perform(
      .set(name: "tls_certificate", value: Self.certificates.chain("rsa")))
    #expect(try pair.meet() != nil)
    let event = try pair.rig.reactor.nextEvent()
    guard case .finding(nil, let finding)? = event else {
      Issue.record("no finding: \(String(describing: event))")
      return
    }
    #expect(finding.code == .tlsFiles && finding.text.contains("not the key of the certificate"))
    #expect(finding.text.contains("those read before are used"))
  }

  @Test func aListenerWithoutACertificateIsRefused() throws {
    let rig = try Rig()
    #expect {
      try rig.reactor.listen("tls:127.0.0.1:0")
    } throws: { error in
      (error as? ReactorError)?.text.contains("set tls_certificate and tls_key first") == true
    }
  }

  @Test(arguments: [
    ("tls_certificate", "/nowhere", "cannot be read"),
    ("tls_certificate", "leaf.key", "holds no certificate"),
    ("tls_key", "dns.pem", "holds no private key"), ("tls_ca", "leaf.key", "holds no certificates"),
    ("tls_crl", "dns.pem", "holds no list"), ("tls_certificate", "rsa1024.pem", "too weak"),
    ("tls_keylog", "/nowhere/keys", "cannot be written to"),
  ])
  func aFileThatIsOfNoUseIsRefused(name: String, file: String, why: String) throws {
    let rig = try Rig()
    let path = file.hasPrefix("/") ? file : Self.certificates.folder + "/" + file
    guard case .failure(let refusal) = try rig.reactor.perform(.set(name: name, value: path))
    else {
      Issue.record("taken: \(path)")
      return
    }
    #expect(refusal.text.contains(why), "\(refusal.text)")
  }

  /// T-9: plain SIP at a port of TLS.
  @Test func whoSpeaksNoTLSIsRefused() throws {
    let pair = try Pair()
    let plain = ConnectionID(8)
    try pair.rig.say(
      .network(.openStream(plain, to: pair.address)),
      .network(.sendStream(plain, bytes: Array("OPTIONS sip:a@b SIP/2.0\r\n\r\n".utf8))))
    #expect(try pair.refusal() == .notTLS)
    #expect(try pair.rig.hear(Self.closed(plain)) == true)
    #expect(!pair.rig.core.heard.contains { if case .accepted = $0 { true } else { false } })
  }

  /// T-9: who connects and says nothing more is cut off after ten seconds, whatever the octets it sends.
  @Test func aHandshakeThatNeverEndsIsEnded() throws {
    let pair = try Pair()
    let slow = ConnectionID(8)
    try pair.rig.say(.network(.openStream(slow, to: pair.address)))
    let start = ContinuousClock.now
    var hello: [UInt8] = [22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + [UInt8](repeating: 7, count: 500)
    var isClosed = false
    while !isClosed, ContinuousClock.now < start + .seconds(14) {
      if !hello.isEmpty {
        try pair.rig.say(.network(.sendStream(slow, bytes: [hello.removeFirst()])))
      }
      isClosed = try pair.rig.hear(seconds: 1, Self.closed(slow)) ?? false
    }
    #expect(isClosed)
    #expect(ContinuousClock.now > start + .seconds(9))
    #expect(try pair.refusal() == .tlsTimedOut)
  }
}
