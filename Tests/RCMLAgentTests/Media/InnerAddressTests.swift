import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument
import Testing

/// What the host is told when a party outside is shown an inner address of ours (spec U-64).
struct InnerAddressTests {
  private let inner = SocketAddress(ipv4: 0x0a00_0005, port: 5060)
  private let caller = SocketAddress(ipv4: 0xcb00_7109, port: 5060)

  private func world(shown: String?) -> AgentWorld {
    let world = AgentWorld(settings: [("media", "anchored"), ("answer_mode", "immediate")])
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081)
    let id = ListenerID(5)
    world.agent.handle(.network(.listening(id, .udp, local: inner)), at: world.now)
    if let shown {
      world.agent.handle(.network(.listenerShown(id, as: Array(shown.utf8))), at: world.now)
    }
    let sdp = String(decoding: AgentWorld.offer, as: UTF8.self)
    let invite =
      """
      INVITE sip:service@10.0.0.5 SIP/2.0\r
      Via: SIP/2.0/UDP 203.0.113.9:5060;branch=z9hG4bK1\r
      From: <sip:alice@203.0.113.9>;tag=1\r
      To: <sip:service@10.0.0.5>\r
      Call-ID: one\r
      CSeq: 1 INVITE\r
      Contact: <sip:alice@203.0.113.9>\r
      Content-Type: application/sdp\r
      Content-Length: \(sdp.utf8.count)\r
      \r
      \(sdp)
      """
    Array(invite.utf8).withUnsafeBytes {
      world.agent.handle(
        .network(.datagram(id, from: caller, local: inner, bytes: $0)), at: world.now)
    }
    world.run(.seconds(1))
    return world
  }

  // [U-64]
  @Test func aCallerOutsideThatIsShownAnInnerAddressIsAFindingThatSaysWhatToDo() {
    let findings = world(shown: nil).findings.filter { $0.code == .innerAddress }
    #expect(findings.count == 2)
    #expect(findings.allSatisfy { $0.severity == .warning && $0.text.contains("public_address") })
    #expect(findings.contains { $0.text.contains("Contact shows 10.0.0.5 to the caller") })
    #expect(findings.contains { $0.text.contains("send sound to 10.0.0.5") })
  }

  // [T-5]
  @Test func withItsOwnAddressOutsideThereIsNothingToTell() {
    #expect(!world(shown: "203.0.113.1:5060").findings.contains { $0.code == .innerAddress })
  }
}
