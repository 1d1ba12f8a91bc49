import RCMLBasics
import Testing

@testable import RCMLSIP

/// Credentials that only the host knows (spec A-1), as the user agent asks for them.
@Suite struct AskedCredentialsTests {
  let bench = Bench { $0.askCredentials = true }

  func challenged() throws -> (SessionID, Bench.Sent) {
    let id = bench.call()
    let invite = try #require(bench.news().first)
    bench.receive(
      bench.answer(
        invite, 401, extra: [#"WWW-Authenticate: Digest realm="r", nonce="n", qop="auth""#]))
    #expect(bench.news().map(\.method) == ["ACK"])
    guard case .credentialsWanted(let realm, let place)? = bench.events.last?.event else {
      Issue.record("nobody was asked")
      return (id, invite)
    }
    #expect(realm.text == "r" && place.text == "10.0.0.2")
    return (id, invite)
  }

  @Test func theHostsCredentialsAreUsed() throws {
    let (id, first) = try challenged()
    bench.advance(.seconds(3))
    bench.agent.giveCredentials(
      id, Credentials(username: "bob", password: "x"), at: bench.now)
    bench.drain()
    let invite = try #require(bench.news().last)
    #expect(invite.header("CSeq") == "2 INVITE" && invite.startLine == first.startLine)
    #expect(invite.header("Authorization").hasPrefix(#"Digest username="bob", realm="r""#))
    // The second answer to one question finds nothing.
    bench.agent.giveCredentials(id, nil, at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
    bench.receive(bench.answer(invite, 486))
    #expect(bench.eventNames == ["credentialsWanted", "rejected", "ended"])
    bench.expectQuiet()
  }

  @Test func aHostWithoutCredentialsEndsTheLegWithTheCodeThatAsked() throws {
    let (id, _) = try challenged()
    bench.agent.giveCredentials(id, nil, at: bench.now)
    bench.drain()
    guard case .rejected(let code, _, _, _, _)? = bench.events.dropLast().last?.event else {
      Issue.record("no rejection")
      return
    }
    #expect(code == 401 && bench.news().isEmpty)
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  /// L-31: hung up while the host thinks.
  @Test func nothingGoesOutAfterHangingUp() throws {
    let (id, _) = try challenged()
    bench.end(id)
    #expect(bench.eventNames.last == "ended")
    bench.agent.giveCredentials(id, Credentials(username: "b", password: "x"), at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
    bench.expectQuiet()
  }

  /// A-2, Q-17: the target's own credentials stay with their realm; for another one the host is asked.
  @Test func aSecondRealmIsAskedFor() throws {
    let id = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    bench.receive(
      bench.answer(
        try #require(bench.news().first), 407,
        extra: [#"Proxy-Authenticate: Digest realm="p", nonce="n""#]))
    let second = try #require(bench.news().last)
    bench.receive(
      bench.answer(second, 401, extra: [#"WWW-Authenticate: Digest realm="o", nonce="m""#]))
    #expect(bench.eventNames == ["credentialsWanted"])
    bench.agent.giveCredentials(id, Credentials(username: "bob", password: "x"), at: bench.now)
    bench.drain()
    let third = try #require(bench.news().last)
    #expect(
      third.header("Proxy-Authorization").hasPrefix(#"Digest username="alice", realm="p""#))
    #expect(third.header("Authorization").hasPrefix(#"Digest username="bob", realm="o""#))
    bench.receive(bench.answer(third, 486))
    bench.expectQuiet()
  }
}
