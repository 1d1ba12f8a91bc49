import RCMLBasics
import Testing

@testable import RCMLSIP

@Suite struct ChallengeTests {
  func read(_ fields: String...) -> [Challenge] {
    Challenge.read(fields.map { Array($0.utf8)[...] }, .origin)
  }

  @Test func aChallengeIsReadAsItStands() throws {
    let challenge = try #require(
      read(
        #"Digest realm="a \"b\" \\c", nonce = "n,1" , opaque="", stale=TRUE, algorithm=sha-256, qop="auth-int, auth" , userhash=true, domain="sip:x""#
      ).first)
    #expect(challenge.realm.text == #"a "b" \c"#)
    #expect(challenge.nonce.text == "n,1")
    #expect(challenge.opaque == [])
    #expect(challenge.algorithm == DigestAlgorithm(.sha256) && challenge.namesAlgorithm)
    #expect(challenge.quality == .auth)
    #expect(challenge.isStale && challenge.hashesUsername)
  }

  /// A-3: absent = MD5; A-5: no qop = the form of RFC 2069.
  @Test func whatIsMissingHasItsDefault() throws {
    let challenge = try #require(read(#"Digest realm="r",nonce="n""#).first)
    #expect(challenge.algorithm == DigestAlgorithm(.md5) && !challenge.namesAlgorithm)
    #expect(challenge.quality == .none && challenge.opaque == nil && !challenge.isStale)
  }

  /// A-3.
  @Test func theTopmostSupportedChallengeOfARealmCounts() {
    let several = read(
      #"Digest realm="r", nonce="1", algorithm=SHA-1024, qop="auth""#,
      #"Digest realm="r", nonce="2", algorithm=SHA-512-256-sess, qop="auth""#,
      #"Digest realm="r", nonce="3", algorithm=MD5, qop="auth""#)
    #expect(several.map(\.nonce.text) == ["2"])
    #expect(several.first?.algorithm == DigestAlgorithm(.sha512t256, isSession: true))
  }

  @Test func oneFieldMayHoldSeveralChallenges() {
    let several = read(
      #"Basic realm="b, Digest", Digest realm="r", nonce="1", Negotiate abc==, Digest realm="s", nonce="2""#
    )
    #expect(several.map(\.realm.text) == ["r", "s"])
  }

  @Test(arguments: [
    "", "Digest", "Digest ", "Digest realm=\"r\"", "Digest nonce=\"n\"", "Basic realm=\"r\"",
    "Digest realm=\"r\", nonce=\"\"", "Digest realm=\"r, nonce=\"n\"",
    "Digest realm=\"r\", nonce=\"n", "Digest realm=\"r\", nonce=\"n\", qop=\"other\"",
    "Digest realm=\"r\", nonce=\"n\", qop=\"\"", "Digest realm=\"r\", nonce=\"n\", algorithm=X",
    "Digest realm=\"r\", nonce=\"n\", nonce=\"m\"", "Digest realm=\"r\", nonce=\"n\\",
    "Digest realm=\"r\", nonce=\"n\u{1}\"", "Digest realm=\"r\", nonce=\"n\", \"", "=", "\"", ",,,",
    "Digest realm=\"r\", nonce=\"\(String(repeating: "n", count: 2_000))\"",
  ])
  func whatNobodyCanAnswerIsNoChallenge(_ text: String) {
    #expect(read(text).isEmpty)
  }

  @Test func hostileFieldsAreBounded() {
    let many = String(repeating: #"Digest realm="r", nonce="n", "#, count: 10_000)
    #expect(read(many).count == 1)
    let realms = (0..<100).map { "Digest realm=\"\($0)\", nonce=\"n\"" }
    #expect(Challenge.read(realms.map { Array($0.utf8)[...] }, .proxy).count <= 8)
  }

  /// No octet at any place may trap (failures P1).
  @Test func everyOctetAtEveryPlaceIsSurvived() {
    let honest = Array(
      #"Digest realm="a\"b", nonce="n", qop="auth,auth-int", algorithm=MD5, stale=false"#.utf8)
    for position in honest.indices {
      for octet in [0, 9, 10, 13, 32, 34, 44, 61, 92, 127, 128, 255] as [UInt8] {
        var mutated = honest
        mutated[position] = octet
        _ = Challenge.read([mutated[...]], .origin)
        _ = Challenge.read([mutated[..<position]], .origin)
      }
    }
  }

  // MARK: - Answers

  func answering(_ field: String, name: String = "alice") -> ChallengeAnswer? {
    read(field).first.map {
      ChallengeAnswer(
        $0, Credentials(username: name, password: "secret"), random: 0x0123_4567_89ab_cdef)
    }
  }

  @Test func theAnswerEchoesWhatItWasAsked() throws {
    var answer = try #require(
      answering(#"Digest realm="example.com", nonce="n", opaque="o\"p", algorithm=MD5, qop="auth""#)
    )
    let made = answer.line(
      method: Array("INVITE".utf8), uri: Array("sip:b@h;x=1".utf8), body: [])
    let line = try #require(made)
    #expect(line.name.text == "Authorization")
    let value = line.value.text
    #expect(
      value.hasPrefix(
        #"Digest username="alice", realm="example.com", nonce="n", uri="sip:b@h;x=1", response=""#))
    #expect(
      value.hasSuffix(
        #"algorithm=MD5, cnonce="0123456789abcdef", opaque="o\"p", qop=auth, nc=00000001"#))
  }

  /// A-4: nc goes up while the nonce stays, and starts again with another.
  @Test func theCountFollowsTheNonce() throws {
    var answer = try #require(answering(#"Digest realm="r", nonce="1", qop="auth""#))
    func count() -> String {
      let line = answer.line(method: [65], uri: [66], body: [])
      return line.map { String($0.value.text.suffix(8)) } ?? ""
    }
    #expect(count() == "00000001")
    #expect(count() == "00000002")
    let same = try #require(read(#"Digest realm="r", nonce="1", qop="auth""#).first)
    answer.renew(same, random: 1)
    #expect(count() == "00000003")
    let other = try #require(read(#"Digest realm="r", nonce="2", qop="auth""#).first)
    answer.renew(other, random: 2)
    #expect(count() == "00000001")
  }

  @Test func aNameWithQuotesEndsNothing() throws {
    var answer = try #require(
      answering(#"Digest realm="r", nonce="1""#, name: "a\"b\\c\r\nX: y"))
    let line = answer.line(method: [65], uri: [66], body: [])
    let value = try #require(line).value.text
    #expect(value.hasPrefix(#"Digest username="a\"b\\cX: y", realm="r""#))
    #expect(!value.contains("cnonce") && !value.contains("qop"))
  }

  /// RFC 7616 §3.4.4; RFC 7616 §3.9.2 has the name of its example hashed, with SHA-512-256.
  @Test func theNameIsHashedWhereThatIsWanted() throws {
    var answer = try #require(
      answering(
        #"Digest realm="api@example.org", nonce="n", qop="auth", algorithm=SHA-512-256, userhash=true"#,
        name: "J\u{e4}s\u{f8}n Doe"))
    let line = answer.line(method: [65], uri: [66], body: [])
    let value = try #require(line).value.text
    #expect(
      value.contains(
        #"username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b""#))
    #expect(value.hasSuffix("userhash=true"))
  }
}
