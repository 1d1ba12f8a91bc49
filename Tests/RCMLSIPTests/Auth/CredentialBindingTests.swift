import RCMLBasics
import Testing

@testable import RCMLSIP

/// Failures A1, spec Q-17: credentials are for the host and port that were dialled and the first realm, whatever a
/// hostile callee asks, and whenever it asks.
@Suite struct CredentialBindingTests {
  /// What has happened before the hostile challenge comes, and which request of ours it answers.
  enum Moment: String, CaseIterable {
    case called, ringing, earlyMedia, authenticated, givenUp, cancelled, answered, closing
  }

  struct Script: CustomTestStringConvertible {
    var realm: String
    var code: Int
    var stale: Bool
    var rest: String
    var testDescription: String { "\(code) \(realm) \(stale) \(rest)" }

    var field: String {
      (code == 401 ? "WWW-Authenticate" : "Proxy-Authenticate")
        + ": Digest realm=\"\(realm)\", nonce=\"evil\"\(rest)" + (stale ? ", stale=true" : "")
    }
  }

  /// 64 of them.
  static let scripts: [Script] = {
    let realms = ["home", "HOME", "gateway.example", "", "home ", "x\\\"home", "homeh", "0"]
    let rests = ["", ", qop=\"auth\", algorithm=SHA-256"]
    var scripts: [Script] = []
    for realm in realms {
      for code in [401, 407] {
        for stale in [true, false] {
          for rest in rests {
            scripts.append(Script(realm: realm, code: code, stale: stale, rest: rest))
          }
        }
      }
    }
    return scripts
  }()

  /// The request that is challenged at this moment.
  func arrive(_ bench: Bench, at moment: Moment) throws -> Bench.Sent {
    let id = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    let first = try #require(bench.news().first)
    let home = #"WWW-Authenticate: Digest realm="home", nonce="n", qop="auth""#
    func authenticated() throws -> Bench.Sent {
      bench.receive(bench.answer(first, 401, extra: [home]))
      return try #require(bench.news().last)
    }
    switch moment {
    case .called: return first
    case .ringing:
      bench.receive(bench.answer(first, 180))
      return first
    case .earlyMedia:
      bench.receive(bench.answer(first, 183, body: "v=0\r\n"))
      return first
    case .authenticated: return try authenticated()
    case .givenUp:
      bench.end(id)
      return first
    case .cancelled:
      bench.receive(bench.answer(first, 180))
      bench.end(id)
      return first
    case .answered:
      let invite = try authenticated()
      bench.receive(bench.answer(invite, 200))
      bench.agent.offer(id, body: Array("v=0\r\n".utf8), at: bench.now)
      bench.drain()
      return try #require(bench.news().last)
    case .closing:
      let invite = try authenticated()
      bench.receive(bench.answer(invite, 200))
      bench.end(id)
      return try #require(bench.news().last)
    }
  }

  @Test(arguments: Moment.allCases) func noAnswerLeavesTheBinding(_ moment: Moment) throws {
    for script in Self.scripts {
      let bench = Bench()
      var asked = try arrive(bench, at: moment)
      var bound =
        asked.headers("Authorization").isEmpty && moment != .answered
          && moment != .closing ? nil : "home"
      for round in 0..<6 {
        let hostile = Script(
          realm: round == 0 ? script.realm : "other\(round)", code: script.code,
          stale: script.stale, rest: script.rest)
        bench.receive(bench.answer(asked, hostile.code, tag: "bob", extra: [hostile.field]))
        guard let next = bench.news().last, next.method == asked.method else { break }
        asked = next
      }
      for sent in bench.sent {
        let lines = sent.headers("Authorization") + sent.headers("Proxy-Authorization")
        guard !lines.isEmpty else { continue }
        #expect(sent.to == Bench.peer && sent.method != "CANCEL")
        for line in lines {
          let value = AuthenticationValue.read(Array(line.utf8)[...]).first
          let realm = value?[.realm]?.text
          bound = bound ?? realm
          #expect(realm == bound, "\(moment), \(script.testDescription)")
        }
      }
      let isGivenUp = moment == .givenUp || moment == .cancelled
      if isGivenUp { #expect(bench.sent.allSatisfy { $0.header("Authorization").isEmpty }) }
      // An answered call is still up: its BYE is answered by nobody.
      if moment == .answered, let call = bench.calls.first { bench.end(call) }
      bench.expectQuiet()
    }
  }

  /// The target sends us elsewhere; elsewhere asks for the same realm.
  @Test func nothingGoesToWhoeverTheTargetRedirectsTo() throws {
    let bench = Bench()
    let id = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    let home = #"WWW-Authenticate: Digest realm="home", nonce="n", qop="auth""#
    bench.receive(bench.answer(try #require(bench.news().first), 401, extra: [home]))
    #expect(!(bench.news().last?.header("Authorization").isEmpty ?? true))
    // As a redirect does it: another Request-URI in the same session.
    let session = try #require(bench.agent.sessions[id])
    bench.agent.sessions.pause(session, at: bench.now)
    session.attempt?.again(to: Array("sip:bob@10.0.0.3".utf8))
    bench.agent.sessions.dispatchInvite(
      session, toward: Array("sip:bob@10.0.0.3".utf8), at: bench.now)
    bench.drain()
    let elsewhere = try #require(bench.news().last)
    #expect(elsewhere.method == "INVITE" && elsewhere.header("Authorization").isEmpty)
    bench.receive(
      bench.answer(elsewhere, 401, extra: [home]), from: elsewhere.to ?? Bench.peer)
    #expect(bench.news().map(\.method) == ["ACK"])
    #expect(bench.eventNames.suffix(2) == ["rejected", "ended"])
    bench.advance(.seconds(200))
  }
}
