import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// A called party that hands the caller on (spec D-14, U-40, P-58).
struct ReferTests {
  private func referring(_ world: AgentWorld, _ callee: Phone) { Self.refer(world, callee) }

  static func refer(_ world: AgentWorld, _ callee: Phone) {
    guard let ack = callee.message("ACK"), let invite = callee.message("INVITE") else { return }
    func line(_ name: String, _ text: String) -> Substring {
      (text.split(separator: "\r\n").first { $0.hasPrefix(name + ":") } ?? "")
        .dropFirst(name.count + 2)
    }
    let refer = """
      REFER sip:service@127.0.0.1:5060 SIP/2.0\r
      Via: SIP/2.0/UDP 127.0.0.1:5081;branch=z9hG4bKrefer;rport\r
      From: \(line("To", ack))\r
      To: \(line("From", ack))\r
      Call-ID: \(line("Call-ID", invite))\r
      CSeq: 1 REFER\r
      Max-Forwards: 70\r
      Refer-To: <sip:carol:secret@127.0.0.1:5082>\r
      Content-Length: 0\r
      \r

      """
    world.arrive(.datagram(to: world.address, from: callee.address, Array(refer.utf8)))
    world.run(.seconds(2))
  }

  private func world(_ attributes: String) -> (AgentWorld, Phone, Phone) {
    let world = AgentWorld()
    world.document(
      AgentWorld.dial(5081, attributes: attributes, then: "<Pause length=\"60\"/>"))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    return (world, caller, callee)
  }

  @Test func theCallerGoesOnWithTheReplyOfReferUrl() {
    let (world, caller, callee) = world(
      #"referUrl="http://w/refer" referMethod="GET" action="http://w/action""#)
    let third = world.phone(5082, .answers())
    let answer = world.web
    world.web = { request in
      request.exchange.url.hasPrefix("http://w/refer")
        ? .document(AgentWorld.dial(5082)) : answer(request)
    }
    referring(world, callee)
    #expect(callee.lines.filter { $0.hasPrefix("SIP/2.0 202") }.count == 1)
    #expect(callee.lines.filter { $0.hasPrefix("NOTIFY") }.count >= 2)
    #expect(callee.lines.contains { $0.hasPrefix("BYE") })
    let request = world.requests.first { $0.exchange.url.hasPrefix("http://w/refer") }
    #expect(request?["ReferTransferTarget"] == "sip:carol@127.0.0.1:5082")
    #expect(request?["ReferTarget"] == "carol")
    #expect(request?["Transferor"] == "sip:phone5081@127.0.0.1:5081")
    #expect(request?["Transferee"] == "sip:alice@127.0.0.1")
    #expect(!world.requests.contains { $0.exchange.url.contains("/action") })
    #expect(third.invites.count == 1)
    #expect(world.legEvents.suffix(2) == ["ringing 1", "answered 1"])
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aFailedReplyLeavesTheVerbsAfterTheDial() {
    let (world, caller, callee) = world(#"referUrl="http://w/refer""#)
    referring(world, callee)
    world.run(.seconds(5))
    #expect(!caller.wasHungUp)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }

  @Test func withoutReferUrlNobodyIsHandedOn() {
    let (world, caller, callee) = world("")
    referring(world, callee)
    #expect(callee.lines.contains { $0.hasPrefix("SIP/2.0 405") })
    #expect(!callee.lines.contains { $0.hasPrefix("BYE") })
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
  }
}
