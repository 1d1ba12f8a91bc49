import Foundation
import RCMLBasics
import Testing

@testable import RCMLSIP

/// Callers who are asked who they are: the setting `require_auth` (RFC 3261 §22.2, RFC 7616 §3.3, §3.4).
@Suite struct CallerAuthenticationTests {
  let bench = Bench { $0.requireAuth = Private("alice:secret") }
  let alice = Credentials(username: "alice", password: "secret")

  func invite(_ number: Int, authorization: String? = nil) -> Bench.Sent? {
    _ = bench.news()
    bench.receive(
      bench.callerRequest(
        "INVITE", cseq: number, branch: "z9hG4bKi\(number)", callID: "c\(number)",
        extra: authorization.map { ["Authorization: \($0)"] } ?? [],
        body: String(repeating: "v=0\r\n", count: 100)))
    return bench.news().first
  }

  func challenges(_ response: Bench.Sent?) -> [Challenge] {
    let fields = response?.headers("WWW-Authenticate") ?? []
    return fields.flatMap { Challenge.read([Array($0.utf8)[...]], .origin) }
  }

  func answer(
    _ challenge: Challenge?, _ credentials: Credentials? = nil, uri: String = "sip:alice@10.0.0.1",
    uses: Int = 1
  ) -> String {
    guard let challenge else { return "" }
    var answer = ChallengeAnswer(challenge, credentials ?? alice, random: 7)
    var line: HeaderLine?
    for _ in 0..<uses {
      line = answer.line(method: Array("INVITE".utf8), uri: Array(uri.utf8), body: [])
    }
    return line?.value.text ?? ""
  }

  @Test func theRightAnswerOpensTheDoorAndTheSameOneNeverAgain() {
    let first = invite(1)
    #expect(first?.short == "401 INVITE" && !(first?.tag.isEmpty ?? true))
    let offered = challenges(first)
    #expect(offered.map(\.algorithm.hash) == [.sha256, .md5])
    for (number, challenge) in offered.enumerated() {
      // Both share the nonce: the second answer has the next count.
      let right = answer(challenge, uses: number + 1)
      #expect(invite(10 + number, authorization: right)?.short == "100 INVITE")
      // Overheard and said again: the password was right, the nonce is used up.
      let again = invite(20 + number, authorization: right)
      #expect(again?.short == "401 INVITE")
      #expect(challenges(again).allSatisfy { $0.isStale })
    }
    #expect(bench.incoming.count == 2)
    #expect(bench.refused.isEmpty)
  }

  @Test func anOldNonceIsStaleAndTheNewOneWorks() {
    let old = challenges(invite(1)).first
    bench.advance(.seconds(61))
    let response = invite(2, authorization: answer(old))
    let fresh = challenges(response)
    #expect(fresh.count == 2 && fresh.allSatisfy { $0.isStale })
    #expect(fresh.first?.nonce != old?.nonce)
    #expect(invite(3, authorization: answer(fresh.first))?.short == "100 INVITE")
  }

  @Test func aNonceWeNeverMadeOpensNothing() {
    guard var challenge = challenges(invite(1)).first else { return }
    for position in challenge.nonce.indices {
      var forged = challenge
      forged.nonce[position] = forged.nonce[position] == 0x30 ? 0x31 : 0x30
      let response = invite(100 + position, authorization: answer(forged))
      #expect(response?.short == "401 INVITE")
    }
    challenge.nonce = Array("x".utf8)
    #expect(invite(2, authorization: answer(challenge))?.short == "401 INVITE")
    #expect(bench.incoming.isEmpty)
  }

  @Test func wrongAnswersAreRefusedAndSaidToTheHost() throws {
    let challenge = try #require(challenges(invite(1)).first)
    let right = answer(challenge)
    let wrong = [
      answer(challenge, Credentials(username: "alice", password: "Secret")),
      answer(challenge, Credentials(username: "bob", password: "secret")),
      right.replacingOccurrences(of: "username=\"alice\"", with: "username=\"bob\""),
      right.replacingOccurrences(of: "SHA-256", with: "MD5"),
      right.replacingOccurrences(of: "SHA-256", with: "SHA-512-256"),
      right.replacingOccurrences(of: "qop=auth", with: "qop=auth-int"),
      right.replacingOccurrences(of: "nc=00000001", with: "nc=00000002"),
      right.replacingOccurrences(of: "nc=00000001", with: "nc=x"),
      right.replacingOccurrences(of: "nc=00000001", with: "nc=00000000"),
      right.replacingOccurrences(of: "cnonce=\"", with: "cnonce=\"0"),
      right + ", response=\"00\"",
      right.replacingOccurrences(of: "response=\"", with: "reply=\""),
    ]
    for (number, text) in wrong.enumerated() {
      let response = invite(10 + number, authorization: text)
      #expect(response?.short == "401 INVITE", "\(text)")
      #expect(challenges(response).allSatisfy { !$0.isStale }, "\(text)")
    }
    #expect(bench.refused == Array(repeating: 401, count: wrong.count))
    // Another realm's answer is no answer at all, and the right one still works.
    #expect(
      invite(50, authorization: right.replacingOccurrences(of: "\"rcml\"", with: "\"x\""))?.code
        == 401)
    #expect(invite(51, authorization: right)?.short == "100 INVITE")
  }

  /// RFC 2069: a phone that knows no qop gets in once with each nonce.
  @Test func anOldPhoneGetsInOnce() throws {
    var challenge = try #require(challenges(invite(1)).last)
    challenge.quality = .none
    challenge.namesAlgorithm = false
    let right = answer(challenge)
    #expect(!right.contains("nc="))
    #expect(invite(2, authorization: right)?.short == "100 INVITE")
    #expect(invite(3, authorization: right)?.short == "401 INVITE")
  }

  /// Failures A3: the 30 s that a nonce lives.
  @Test func aNonceLivesThirtySecondsAndNoLonger() {
    let offered = challenges(invite(1))
    bench.advance(.seconds(30))
    #expect(invite(2, authorization: answer(offered.first))?.short == "100 INVITE")
    bench.advance(.milliseconds(1))
    #expect(invite(3, authorization: answer(offered.last, uses: 2))?.short == "401 INVITE")
  }

  /// Failures A3, A6, Y-8: who fakes a sender's address makes us send no more than it did; where a challenge is longer than
  /// what asked for it, it is the shortest, and not twice as long: its phone could never call.
  @Test func aChallengeIsNoLargerThanWhatAskedForIt() {
    for padding in stride(from: 0, through: 500, by: 20) {
      _ = bench.news()
      let request = bench.callerRequest(
        "INVITE", branch: "z9hG4bKp\(padding)", callID: "p\(padding)",
        body: String(repeating: "x", count: padding))
      bench.receive(request)
      let responses = bench.news()
      #expect(responses.count == 1)
      for response in responses {
        let isShortest = response.startLine == "SIP/2.0 401 " && response.tag.isEmpty
        #expect(response.bytes.count <= (isShortest ? 2 : 1) * request.utf8.count)
      }
    }
  }

  /// No CANCEL, ACK, BYE or OPTIONS is asked (RFC 3261 §22.1).
  @Test func onlyNewCallsAreAsked() {
    bench.receive(bench.callerRequest("OPTIONS"))
    #expect(bench.news().first?.short == "200 OPTIONS")
  }
}
