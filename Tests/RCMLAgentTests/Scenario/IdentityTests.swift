import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// What the INVITE of a leg says of the caller, as it stands on the wire.
struct IdentityTests {
  /// The INVITE a phone gets when `caller` calls.
  private func invite(
    _ attributes: String = "", settings: [(String, String)] = [],
    from: String = "\"Alice\" <sip:alice@127.0.0.1>", headers: [HeaderLine] = []
  ) throws -> String {
    let world = AgentWorld()
    for (name, value) in settings { _ = world.command(.set(name: name, value: value)) }
    world.document(AgentWorld.dial(5081, attributes: attributes))
    let callee = world.phone(5081, .answers())
    world.phone(5070).call(from: from, headers: headers)
    world.run(.seconds(1))
    guard let message = callee.message("INVITE") else { throw Missing(text: "no INVITE") }
    return message
  }

  private func field(_ name: String, _ message: String) -> String? {
    message.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
      .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
  }

  // U-2
  @Test(arguments: [
    ("", "\"Alice\" <sip:alice@127.0.0.1>"),
    ("callerId='+4930'", "\"+4930\" <sip:+4930@127.0.0.1>"),
    ("callerId='sip:bob@b.example;x=y'", "<sip:bob@b.example>"),
    ("callerId='Bob &lt;sip:bob@b.example&gt;'", "\"Bob\" <sip:bob@b.example>"),
    ("callerId='anonymous'", "\"Anonymous\" <sip:anonymous@anonymous.invalid>"),
  ])
  func theFromHeaderFollowsTheCallerId(attributes: String, from: String) throws {
    let message = try invite(attributes)
    #expect(field("From", message)?.hasPrefix(from + ";tag=") == true)
    #expect((field("Privacy", message) == "id") == attributes.contains("anonymous"))
  }

  // U-2, Q-8
  @Test func theDomainOfOursIsASetting() throws {
    let message = try invite("callerId='desk'", settings: [("from_domain", "pbx.example")])
    #expect(field("From", message)?.contains("<sip:desk@pbx.example>") == true)
  }

  // U-6: the parameter is the URI's, and not the header's.
  @Test(arguments: [
    ("sip:+4930@127.0.0.1:5081;user=phone;x=y", "<sip:+4930@127.0.0.1:5081;user=phone>"),
    ("sip:a;b=c@127.0.0.1:5081;transport=udp", "<sip:a;b=c@127.0.0.1:5081>"),
    ("sip:bob@127.0.0.1:5081", "<sip:bob@127.0.0.1:5081>"),
  ])
  func theToHeaderHasTheUserParameterInItsURI(target: String, to: String) throws {
    let world = AgentWorld()
    world.document("<Response><Dial><Sip>\(target)</Sip></Dial></Response>")
    let callee = world.phone(5081, .answers())
    world.phone(5070).call()
    world.run(.seconds(2))
    for method in ["INVITE", "ACK"] {
      let value = field("To", callee.message(method) ?? "")
      #expect(value?.prefix { $0 != ">" } == to.dropLast(), "\(method)")
    }
    #expect(callee.invites.first?.toURI == Array(to.dropFirst().dropLast().utf8))
    let document = DocumentSource.text(Array("<Response/>".utf8), baseURL: "")
    world.command(.call(party: target, from: "", document))
    world.run(.seconds(1))
    #expect(callee.invites.last?.toURI == Array(to.dropFirst().dropLast().utf8))
  }

  // U-4
  @Test func anAssertedIdentityIsSentOnlyInATrustedDomain() throws {
    let asserted = HeaderLine("P-Asserted-Identity", Array("<sip:+4930@carrier.example>".utf8))
    #expect(field("P-Asserted-Identity", try invite(headers: [asserted])) == nil)
    let trusted = try invite(settings: [("trust_domain", "true")], headers: [asserted])
    #expect(field("P-Asserted-Identity", trusted) == "<sip:+4930@carrier.example>")
    let own = try invite("callerId='anonymous'", settings: [("trust_domain", "true")])
    #expect(field("P-Asserted-Identity", own) == "<sip:alice@127.0.0.1>")
  }

  // U-8
  @Test func aDiversionIsPassedOnOnlyWhenASettingSaysSo() throws {
    let diversion = HeaderLine("Diversion", Array("<sip:desk@h>;reason=no-answer".utf8))
    #expect(field("Diversion", try invite(headers: [diversion])) == nil)
    let passed = try invite(settings: [("pass_diversion", "true")], headers: [diversion])
    #expect(field("Diversion", passed) == "<sip:desk@h>;reason=no-answer")
  }

  // Q-23, U-6
  @Test func aMissingMaxForwardsCountsAsSeventy() throws {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let text = [
      "INVITE sip:service@127.0.0.1:5060 SIP/2.0",
      "Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bKhand", "From: <sip:old@127.0.0.1>;tag=1",
      "To: <sip:service@127.0.0.1>", "Call-ID: by-hand", "CSeq: 1 INVITE",
      "Contact: <sip:old@127.0.0.1:5070>", "Content-Type: application/sdp",
      "Content-Length: \(AgentWorld.offer.count)", "", "",
    ].joined(separator: "\r\n")
    world.arrive(
      .datagram(
        to: world.address, from: AgentWorld.place(5070), Array(text.utf8) + AgentWorld.offer))
    world.run(.seconds(1))
    #expect(callee.message("INVITE").flatMap { field("Max-Forwards", $0) } == "69")
  }

  // H-1, H-5, H-24
  @Test func aDocumentRequestAndACallbackAreTwoKindsOfRequests() {
    let world = AgentWorld()
    _ = world.command(.defaultDocument(.url("http://web/voice", method: "POST")))
    world.web = { request in
      request.exchange.url.hasSuffix("/voice")
        ? .document(
          "<Response><Dial><Sip statusCallback='/told'>sip:a@127.0.0.1:5081</Sip></Dial></Response>"
        )
        // Were the reply of a callback a document, the call would end here.
        : .document("<Response><Reject/></Response>")
    }
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(caller.finalCode == 200)
    let keys = world.requests.map { request in
      request.exchange.headers.first { $0.name == Array("Idempotency-Key".utf8) }?.value
    }
    #expect(world.requests.count == 4)
    #expect(Set(keys).count == 4 && !keys.contains(nil))
  }
}
