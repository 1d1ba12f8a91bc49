import RCMLBasics
import Testing

@testable import RCMLAgent

/// Legs over streams and names.
struct TransportTests {
  @Test func aTargetOverTCPIsCalledOverAStream() {
    // T-1
    let world = AgentWorld()
    world.document(
      "<Response><Dial><Sip>sip:a@127.0.0.1:5081;transport=tcp</Sip></Dial></Response>")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(callee.invites.first?.transport == .tcp)
    #expect(caller.finalCode == 200)
    caller.hangUp()
    world.run(.seconds(1))
    #expect(callee.wasHungUp)
  }

  @Test func aTargetThatRefusesTheConnectionFailsAtOnce() {
    // T-6, M-30
    let world = AgentWorld()
    world.document(
      "<Response><Dial><Sip>sip:a@127.0.0.1:5099;transport=tcp</Sip></Dial></Response>")
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(caller.finalCode == 503)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aNameNobodyKnowsFailsAtOnce() {
    // L-11, M-30
    let world = AgentWorld()
    world.document("<Response><Dial><Sip>sip:a@nowhere.example</Sip></Dial></Response>")
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(caller.finalCode == 503)
    #expect(world.legEvents == ["initiated 0", "completed 0 failed"])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aNameIsLookedUpAndCalled() {
    // T-2
    let world = AgentWorld()
    world.names["phones.example"] = AgentWorld.place(5081)
    world.document("<Response><Dial><Sip>sip:a@phones.example:5081</Sip></Dial></Response>")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(callee.invites.count == 1)
    #expect(caller.finalCode == 200)
  }

  @Test func aCallerOverTCPIsServed() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call(to: "sip:service@127.0.0.1:5060;transport=tcp")
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    #expect(world.agent.census.streams == 1)
  }

  @Test func messagesAreLoggedOnRequestWithCredentialsMasked() {
    //
    let world = AgentWorld(settings: [("transport_log", "true")])
    world.document("<Response><Hangup/></Response>")
    let caller = world.phone(5070)
    caller.call(headers: [HeaderLine("Authorization", Array("Digest response=\"secret\"".utf8))])
    world.run(.seconds(1))
    let log = world.events.compactMap { event -> String? in
      guard case .message(_, _, _, let text) = event else { return nil }
      return String(decoding: text, as: UTF8.self)
    }
    #expect(log.contains { $0.hasPrefix("INVITE") })
    #expect(log.contains { $0.hasPrefix("SIP/2.0 480") })
    #expect(!log.contains { $0.contains("secret") })
  }
}
