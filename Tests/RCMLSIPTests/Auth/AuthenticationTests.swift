import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// 401 and 407 to requests of ours, as they look on the wire (spec A-1 … A-7, L-15, L-31, X-9, Q-17).
@Suite struct AuthenticationTests {
  let bench = Bench()
  let alice = Credentials(username: "alice", password: "secret")

  /// What a server computes: it knows the password.
  func isRight(
    _ request: Bench.Sent, _ header: String = "Authorization", credentials: Credentials? = nil
  ) -> Bool {
    guard let value = AuthenticationValue.read(Array(request.header(header).utf8)[...]).first,
      let realm = value[.realm], let nonce = value[.nonce], let uri = value[.uri]
    else { return false }
    let algorithm = value[.algorithm].flatMap { DigestAlgorithm($0[...]) } ?? DigestAlgorithm(.md5)
    let quality: QualityOfProtection =
      switch value[.qop]?.text {
      case "auth": .auth
      case "auth-int": .authInt
      default: .none
      }
    let body = request.text.range(of: "\r\n\r\n").map { String(request.text[$0.upperBound...]) }
    let response = DigestComputation(
      algorithm: algorithm, quality: quality, realm: realm, nonce: nonce,
      cnonce: value[.cnonce] ?? [], count: value[.nc] ?? []
    ).response(
      credentials ?? alice, method: Array(request.method.utf8), uri: uri,
      body: Array((body ?? "").utf8))
    let requestURI = request.startLine.split(separator: " ")[1]
    return response == value[.response] && uri.text == requestURI
  }

  func challenge(
    _ nonce: String, realm: String = "example.com", extra: String = #", qop="auth""#,
    proxy: Bool = false
  ) -> String {
    (proxy ? "Proxy-Authenticate" : "WWW-Authenticate")
      + ": Digest realm=\"\(realm)\", nonce=\"\(nonce)\"\(extra)"
  }

  func refuse(_ request: Bench.Sent, _ code: Int = 401, _ challenges: String...) {
    bench.receive(bench.answer(request, code, tag: "proxy", extra: challenges))
  }

  func without(_ names: [String], _ text: String) -> [String] {
    text.components(separatedBy: "\r\n").filter { line in
      !names.contains { line.hasPrefix($0 + ": ") }
    }
  }

  // MARK: - The INVITE

  /// A-4, X-9: the same INVITE, but CSeq, branch and credentials.
  @Test func aChallengedInviteGoesOutAgainAsItWas() throws {
    _ = bench.call(
      to: "sip:bob@10.0.0.2;x=1", headers: [HeaderLine("X-Order", Array("17".utf8))],
      credentials: alice)
    let first = try #require(bench.news().first)
    refuse(first, 401, challenge("n1"))
    let news = bench.news()
    #expect(news.map(\.method) == ["ACK", "INVITE"])
    let ack = try #require(news.first)
    let second = try #require(news.last)
    #expect(ack.header("CSeq") == "1 ACK" && ack.header("Authorization").isEmpty)
    #expect(second.header("CSeq") == "2 INVITE")
    #expect(second.header("Via") != first.header("Via"))
    let changed = ["Via", "CSeq", "Authorization"]
    #expect(without(changed, second.text) == without(changed, first.text))
    #expect(second.headers("Authorization").count == 1)
    #expect(second.header("Authorization").contains(#"uri="sip:bob@10.0.0.2;x=1""#))
    #expect(isRight(second))
    bench.receive(bench.answer(second, 200))
    // A-7: the ACK has the INVITE's credentials, the BYE none until it is asked.
    let acknowledgement = try #require(bench.news().first)
    #expect(acknowledgement.method == "ACK")
    #expect(acknowledgement.header("Authorization") == second.header("Authorization"))
    #expect(bench.eventNames == ["answered"])
    bench.receive(bench.request("BYE", inDialogOf: second))
    bench.expectQuiet()
  }

  /// A-2: a proxy and the phone behind it, in one chain; nc goes on with the proxy's nonce.
  @Test func proxyAndPhoneAreBothAnswered() throws {
    _ = bench.call(credentials: alice)
    let first = try #require(bench.news().first)
    refuse(first, 407, challenge("p1", proxy: true))
    let second = try #require(bench.news().last)
    #expect(isRight(second, "Proxy-Authorization"))
    refuse(second, 401, challenge("o1"))
    let third = try #require(bench.news().last)
    #expect(third.header("CSeq") == "3 INVITE")
    #expect(isRight(third, "Proxy-Authorization") && isRight(third))
    #expect(third.header("Proxy-Authorization").contains("nc=00000002"))
    #expect(third.header("Authorization").contains("nc=00000001"))
    bench.receive(bench.answer(third, 486))
    let ack = try #require(bench.news().last)
    #expect(ack.header("Authorization") == third.header("Authorization"))
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// A-6.
  @Test func refusedCredentialsEndTheLegWithThatCode() throws {
    _ = bench.call(credentials: alice)
    refuse(try #require(bench.news().first), 407, challenge("n1", proxy: true))
    refuse(try #require(bench.news().last), 407, challenge("n2", proxy: true))
    #expect(bench.news().map(\.method) == ["ACK"])
    guard case .rejected(let code, _, _, _, _)? = bench.events.first?.event else {
      Issue.record("no rejection")
      return
    }
    #expect(code == 407)
    bench.expectQuiet()
  }

  /// A-6: a stale nonce is no refusal, but four INVITEs are enough.
  @Test func staleNoncesAreAnsweredUntilTheFourthInvite() throws {
    _ = bench.call(credentials: alice)
    var invites = 1
    refuse(try #require(bench.news().first), 401, challenge("n0"))
    for round in 1...10 {
      guard let invite = bench.news().last, invite.method == "INVITE" else { break }
      invites += 1
      #expect(isRight(invite))
      refuse(invite, 401, challenge("n\(round)", extra: ", stale=true, qop=\"auth\""))
    }
    #expect(invites == 4)
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  @Test(arguments: [
    // The same nonce again, whatever is said about it.
    #"WWW-Authenticate: Digest realm="r", nonce="n1", stale=true, algorithm=SHA-256, qop="auth""#,
    // Failures A1: no downgrade after SHA-256.
    #"WWW-Authenticate: Digest realm="r", nonce="n2", stale=true, algorithm=MD5, qop="auth""#,
    // Q-17: another realm.
    #"WWW-Authenticate: Digest realm="s", nonce="n2", algorithm=SHA-256, qop="auth""#,
  ])
  func aSecondChallengeThatMayNotBeAnswered(_ second: String) throws {
    _ = bench.call(credentials: alice)
    refuse(
      try #require(bench.news().first), 401,
      #"WWW-Authenticate: Digest realm="r", nonce="n1", algorithm=SHA-256, qop="auth""#)
    let invite = try #require(bench.news().last)
    #expect(isRight(invite))
    refuse(invite, 401, second)
    #expect(bench.news().map(\.method) == ["ACK"])
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// A-3: nothing usable.
  @Test(arguments: [
    "WWW-Authenticate: Basic realm=\"r\"",
    "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=SHA-1024", "X-Nothing: here",
    "WWW-Authenticate: Digest realm=\"r",
  ])
  func aChallengeNobodyCanAnswerEndsTheLeg(_ challenge: String) throws {
    _ = bench.call(credentials: alice)
    refuse(try #require(bench.news().first), 401, challenge)
    #expect(bench.news().map(\.method) == ["ACK"])
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// A-1: no credentials, nobody to ask.
  @Test func withoutCredentialsAChallengeIsTheEnd() throws {
    _ = bench.call()
    refuse(try #require(bench.news().first), 401, challenge("n1"))
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// A-5: the body is part of what is protected.
  @Test func onlyAuthIntIsOfferedAndGiven() throws {
    _ = bench.call(credentials: alice)
    refuse(
      try #require(bench.news().first), 401,
      challenge("n1", extra: #", qop="auth-int", algorithm=SHA-512-256-sess, opaque="""#))
    let invite = try #require(bench.news().last)
    #expect(invite.header("Authorization").contains("qop=auth-int"))
    #expect(invite.header("Authorization").contains(#"opaque="""#))
    #expect(isRight(invite))
    bench.receive(bench.answer(invite, 603))
    bench.expectQuiet()
  }

  @Test func severalProxiesMayAskAtOnce() throws {
    _ = bench.call(credentials: alice)
    // Q-17: the first realm counts, the second gets nothing.
    refuse(
      try #require(bench.news().first), 401, challenge("o", realm: "a"),
      challenge("p", realm: "a", proxy: true), challenge("q", realm: "b", proxy: true))
    let invite = try #require(bench.news().last)
    #expect(isRight(invite) && isRight(invite, "Proxy-Authorization"))
    #expect(invite.headers("Proxy-Authorization").count == 1)
    bench.receive(bench.answer(invite, 603))
    bench.expectQuiet()
  }

  // MARK: - Given up meanwhile

  /// L-31, §18.7 race 11: after CANCEL was decided no INVITE goes out.
  @Test(arguments: [true, false]) func aLegThatWasGivenUpIsNotTriedAgain(_ rings: Bool) throws {
    let id = bench.call(credentials: alice)
    let invite = try #require(bench.news().first)
    if rings { bench.receive(bench.answer(invite, 180)) }
    bench.end(id)
    refuse(invite, 407, challenge("n1", proxy: true))
    #expect(bench.sent.filter { $0.method == "INVITE" }.count == 1)
    #expect(bench.eventNames.suffix(2) == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// A-7: CANCEL has no credentials, and it is the second INVITE's.
  @Test func theCancelOfAnAuthenticatedInviteHasNone() throws {
    let id = bench.call(credentials: alice)
    refuse(try #require(bench.news().first), 401, challenge("n1"))
    let invite = try #require(bench.news().last)
    bench.receive(bench.answer(invite, 180))
    bench.end(id)
    let cancel = try #require(bench.news().last)
    #expect(cancel.method == "CANCEL" && cancel.header("Authorization").isEmpty)
    #expect(cancel.header("CSeq") == "2 CANCEL" && cancel.header("Via") == invite.header("Via"))
    bench.receive(bench.answer(cancel, 200))
    bench.receive(bench.answer(invite, 487))
    bench.expectQuiet()
  }

  /// A late 401 of the first INVITE, repeated because its ACK was lost, changes nothing.
  @Test func aRepeatedChallengeIsAcknowledgedAgain() throws {
    _ = bench.call(credentials: alice)
    let first = try #require(bench.news().first)
    refuse(first, 401, challenge("n1"))
    let invite = try #require(bench.news().last)
    refuse(first, 401, challenge("n1"))
    #expect(bench.news().map(\.method) == ["ACK"])
    bench.receive(bench.answer(invite, 486))
    bench.expectQuiet()
  }

  // MARK: - Inside the dialog

  func answeredCall(contact: String = "<sip:bob@10.0.0.2>") throws -> (SessionID, Bench.Sent) {
    let id = bench.call(credentials: alice)
    refuse(try #require(bench.news().first), 401, challenge("n1"))
    let invite = try #require(bench.news().last)
    bench.receive(bench.answer(invite, 200, contact: contact))
    _ = bench.news()
    return (id, invite)
  }

  /// A-7.
  @Test func aChallengedByeGoesOutAgain() throws {
    let (id, _) = try answeredCall()
    bench.end(id, reasons: ["SIP;cause=200"])
    let bye = try #require(bench.news().last)
    refuse(bye, 401, challenge("n1"))
    let again = try #require(bench.news().last)
    #expect(again.short == "BYE" && isRight(again))
    #expect(again.header("CSeq") == "4 BYE" && again.header("Reason") == "SIP;cause=200")
    #expect(again.header("Authorization").contains("nc=00000002"))
    #expect(!bench.eventNames.contains("ended"))
    refuse(again, 401, challenge("n2"))
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  /// A-7, with the body in its place and the ACK's credentials being the re-INVITE's.
  @Test func aChallengedReinviteGoesOutAgain() throws {
    let (id, _) = try answeredCall()
    bench.agent.offer(id, body: Array("v=0\r\no=2\r\n".utf8), at: bench.now)
    bench.drain()
    let first = try #require(bench.news().last)
    refuse(first, 401, challenge("n3", extra: #", qop="auth-int""#))
    let second = try #require(bench.news().last)
    #expect(second.short == "INVITE" && isRight(second))
    let changed = ["Via", "CSeq", "Authorization"]
    #expect(without(changed, second.text) == without(changed, first.text))
    bench.receive(bench.answer(second, 200, body: "v=0\r\n"))
    let ack = try #require(bench.news().last)
    #expect(ack.header("Authorization") == second.header("Authorization"))
    #expect(bench.eventNames.last == "offerAccepted")
    bench.end(id)
    bench.receive(bench.answer(try #require(bench.news().last), 200))
    bench.expectQuiet()
  }

  /// RFC 3261 §15.1.1: a world in which the challenge came after our BYE (seed 70064331).
  @Test(arguments: ["INVITE", "UPDATE", "INFO"])
  func whatIsChallengedAfterOurByeIsNotSentAgain(_ method: String) throws {
    let bench = Bench { $0.sessionExpires = .seconds(600) }
    let id = bench.call(credentials: alice)
    func refuse(_ request: Bench.Sent, _ challenge: String) {
      bench.receive(bench.answer(request, 401, extra: [challenge]))
    }
    refuse(try #require(bench.news().first), challenge("n1"))
    let allowed = method == "UPDATE" ? "Allow: INVITE, UPDATE" : "Allow: INVITE"
    bench.receive(bench.answer(try #require(bench.news().last), 200, extra: [allowed]))
    _ = bench.news()
    switch method {
    case "INVITE": bench.agent.offer(id, body: Array("v=0\r\no=2\r\n".utf8), at: bench.now)
    case "UPDATE": bench.advance(.seconds(300))
    default:
      bench.agent.sendInfo(
        id, contentType: Array("application/dtmf".utf8), body: Array("5".utf8), at: bench.now)
    }
    bench.drain()
    let request = try #require(bench.news().last)
    bench.end(id)
    let bye = try #require(bench.news().last)
    #expect(bye.short == "BYE")
    refuse(request, challenge("n2"))
    #expect(!bench.news().contains { $0.method != "ACK" })
    refuse(bye, challenge("n3"))
    #expect(bench.news().map(\.method) == ["BYE"])
  }

  /// Q-17, failures A1: the phone that answered lives elsewhere; it sees neither credentials nor an answer.
  @Test func whoWasNotDialledGetsNoCredentials() throws {
    let (id, _) = try answeredCall(contact: "<sip:bob@10.9.9.9:5070>")
    let ack = try #require(bench.sent.last { $0.method == "ACK" })
    #expect(ack.to != Bench.peer && ack.header("Authorization").isEmpty)
    bench.end(id)
    let bye = try #require(bench.news().last)
    #expect(bye.to != Bench.peer)
    bench.receive(bench.answer(bye, 401, extra: [challenge("n1")]), from: bye.to ?? Bench.peer)
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }
}
