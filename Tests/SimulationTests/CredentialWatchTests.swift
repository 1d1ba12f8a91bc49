import RCMLBasics
import Testing

@testable import Simulator

/// I-S8 fed by hand: what belongs there passes, and each kind of lie is named.
struct CredentialWatchTests {
  let watch = Watch()

  init() {
    watch.now = Instant(nanoseconds: 1_000_000_000)
    watch.locks["callee0"] = PhoneLock(challenges: [PhoneLock.Challenge(isProxy: false)])
    watch.delivered(
      message("INVITE sip:service@h SIP/2.0", call: "caller", "1 INVITE"), isStream: false)
    for callee in 0...1 {
      send("INVITE sip:callee\(callee)@h SIP/2.0", callee, "1 INVITE", branch: "a")
    }
    watch.settled()
  }

  func message(
    _ start: String, call: String, _ cseq: String, branch: String = "x", fields: [String] = []
  ) -> SipText {
    let to = call == "caller" ? "service" : call
    let lines =
      [
        start, "Via: SIP/2.0/UDP h;branch=z9hG4bK\(call)\(branch)",
        "From: <sip:caller0@h>;tag=f", "To: <sip:\(to)@h>", "Call-ID: \(call)", "CSeq: \(cseq)",
        "X-RCML-CallSid: CA\(call)", "X-RCML-ParentCallSid: p",
      ] + fields + ["Content-Length: 0", "", ""]
    return SipText(Array(lines.joined(separator: "\r\n").utf8))!
  }

  func send(
    _ start: String, _ callee: Int, _ cseq: String, branch: String, credentials: String? = nil
  ) {
    let fields = credentials.map { ["Authorization: \($0)"] } ?? []
    watch.sent(
      message(start, call: "callee\(callee)", cseq, branch: branch, fields: fields),
      isStream: false)
  }

  func credentials(
    name: String = "user0", realm: String = "home", password: String = "key-of-0",
    uri: String = "sip:callee0@h", method: String = "INVITE"
  ) -> String {
    func hash(_ text: String) -> String {
      Digest.hash(.md5, Array(text.utf8)).map { String(decoding: Digest.hex($0), as: UTF8.self) }
        ?? ""
    }
    let who = hash("\(name):\(realm):\(password)")
    let response = hash("\(who):n:00000001:c:auth:" + hash("\(method):\(uri)"))
    return "Digest username=\"\(name)\", realm=\"\(realm)\", nonce=\"n\", uri=\"\(uri)\", "
      + "response=\"\(response)\", cnonce=\"c\", qop=auth, nc=00000001"
  }

  func invite(_ callee: Int = 0, _ credentials: String, branch: String = "b", cseq: Int = 2) {
    send(
      "INVITE sip:callee\(callee)@h SIP/2.0", callee, "\(cseq) INVITE", branch: branch,
      credentials: credentials)
  }

  @Test func theRightOnesPass() {
    invite(0, credentials())
    send("ACK sip:callee0@h SIP/2.0", 0, "2 ACK", branch: "b", credentials: credentials())
    let bye = credentials(uri: "sip:callee0@h", method: "BYE")
    send("BYE sip:callee0@h SIP/2.0", 0, "3 BYE", branch: "c", credentials: bye)
    #expect(watch.violation?.invariant != .credentials, "\(String(describing: watch.violation))")
  }

  @Test func thoseOfAnotherTargetAreNoticed() {
    invite(1, credentials(uri: "sip:callee1@h"))
    #expect(watch.violation?.invariant == .credentials)
  }

  @Test func anotherUserIsNoticed() {
    invite(0, credentials(name: "user1"))
    #expect(watch.violation?.invariant == .credentials)
  }

  @Test func anotherRealmIsNoticed() {
    invite(0, credentials(realm: "elsewhere"))
    #expect(watch.violation?.invariant == .credentials)
  }

  @Test func aWrongDigestIsNoticed() {
    invite(0, credentials(password: "no"))
    #expect(watch.violation?.invariant == .credentials)
  }

  @Test func anotherURIThanTheRequestsIsNoticed() {
    invite(0, credentials(uri: "sip:callee0@h:5060"))
    #expect(watch.violation?.invariant == .credentials)
  }

  @Test func credentialsInACancelAreNoticed() {
    let cancel = credentials(method: "CANCEL")
    send("CANCEL sip:callee0@h SIP/2.0", 0, "1 CANCEL", branch: "a", credentials: cancel)
    // The first lie is the one that is told: the CANCEL came before any provisional response as well.
    #expect(watch.violation != nil)
  }

  @Test func aFifthInviteIsNoticed() {
    for round in 1...4 { invite(0, credentials(), branch: "r\(round)", cseq: round + 1) }
    #expect(watch.violation?.invariant == .credentials)
  }
}
