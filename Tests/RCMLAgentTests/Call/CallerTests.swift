import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// What documents are told of a caller, and what a leg's INVITE says.
struct CallerTests {
  func invite(
    from: String = "sip:alice@example.com", to: String = "sip:service@127.0.0.1",
    headers: [HeaderLine] = []
  ) -> IncomingInvite {
    IncomingInvite(
      requestURI: Array(to.utf8), fromDisplayName: Array("Alice".utf8),
      fromURI: Array(from.utf8), toURI: Array(to.utf8), callID: Array("c1".utf8),
      maxForwards: 70, body: AgentWorld.offer, headers: headers,
      source: AgentWorld.place(5070), transport: .udp, local: AgentWorld.place(5060))
  }

  func caller(_ invite: IncomingInvite) -> CallMachine.Caller {
    CallerIdentity.caller(of: invite, sid: CallSid(high: 1, low: 2), settings: Settings())
  }

  @Test(arguments: [
    ("sip:+15551234@example.com;user=phone", "+15551234"),
    ("sip:1000@example.com:5080", "1000"),
    ("sip:alice:secret@example.com:5080;transport=tcp", "sip:alice@example.com:5080"),
    ("sip:example.com", "sip:example.com"),
    ("sips:bob@[2001:db8::1]:5061", "sips:bob@[2001:db8::1]:5061"),
    ("tel:+15551234;phone-context=x", "+15551234"),
  ])
  func partiesAreShownAsTheSettingSays(uri: String, shown: String) {
    // P-3, P-4, Q-8
    #expect(caller(invite(from: uri)).from == shown)
  }

  @Test func aCallerWhoAskedForPrivacyIsPrivate() {
    // U-3
    #expect(caller(invite(headers: [HeaderLine("Privacy", Array("header;id".utf8))])).isPrivate)
    #expect(caller(invite(from: "sip:anonymous@anonymous.invalid")).isPrivate)
    #expect(!caller(invite()).isPrivate)
  }

  @Test func theFirstDiversionIsForwardedFrom() {
    // X-22
    let value = "\"Desk\" <sip:+15550001@example.com>;reason=no-answer, <sip:2@example.com>"
    let seen = caller(invite(headers: [HeaderLine("Diversion", Array(value.utf8))]))
    #expect(seen.forwardedFrom == "+15550001")
  }

  /// P-15, T-8.
  @Test func theWebLearnsWhoThePeerProvedToBe() {
    var secured = invite()
    secured.peer.names = Array("phone.example,pbx.example".utf8)
    #expect(caller(secured).invite.peerNames == "phone.example,pbx.example")
    #expect(caller(invite()).invite.peerNames.isEmpty)
  }

  @Test func onlyApplicationHeadersAreShown() {
    // X-20
    let seen = caller(
      invite(headers: [
        HeaderLine("X-One", [49]), HeaderLine("Privacy", Array("none".utf8)),
        HeaderLine("user-to-user", [50]), HeaderLine("Reason", [51]),
      ]))
    #expect(seen.invite.headers.map(\.value) == [[49], [50]])
    #expect(seen.localDomain == "127.0.0.1")
  }

  @Test func quotesInADisplayNameCannotEndIt() {
    // RFC 3261 §25.1
    let written = LegInvite.nameAddress(
      LegIdentity(displayName: "A \"B\\\r\n C", uri: "sip:a@b"))
    #expect(String(decoding: written, as: UTF8.self) == #""A \"B\\ C" <sip:a@b>"#)
  }

  @Test func theToHeaderKeepsOnlyTheUserParameter() {
    // U-6
    func to(_ uri: String) -> String {
      String(decoding: LegInvite.toURI(Array(uri.utf8)), as: UTF8.self)
    }
    #expect(to("sip:alice;x=1@example.com:5080;transport=tcp") == "sip:alice;x=1@example.com:5080")
    #expect(to("sip:+1555@example.com;lr;user=phone;a=b") == "sip:+1555@example.com;user=phone")
    #expect(to("sip:example.com") == "sip:example.com")
  }

  @Test(arguments: [
    ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
    ("application/dtmf-relay", "Duration=160\r\nsignal = *", "*"),
    ("application/dtmf-relay; charset=x", "Signal=11", "#"),
    ("application/dtmf", "d", "D"),
    ("application/dtmf", "15", "D"),
    ("application/dtmf", "!", nil),
    ("application/dtmf", "", nil),
    ("text/plain", "5", nil),
  ])
  func keysInInfoAreRead(type: String, body: String, key: String?) {
    // U-25
    let read = InfoKey.read(Array(body.utf8), contentType: Array(type.utf8))
    #expect(read.map { String(decoding: [$0], as: UTF8.self) } == key)
  }
}
