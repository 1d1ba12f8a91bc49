import RCMLBasics
import Testing

@testable import RCMLAgent

/// Media that goes from phone to phone, and what is changed during the call.
struct MediaTests {
  static func bridged(
    _ callee: Phone.Script = .answers()
  ) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(AgentWorld.dial(5081))
    let phone = world.phone(5081, callee)
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    return (world, caller, phone)
  }

  @Test func holdPassesFromCallerToCalleeAndBack() {
    // U-23
    let (world, caller, callee) = Self.bridged()
    let held = AgentWorld.sdp(port: 4000, direction: "sendonly")
    callee.script.media = AgentWorld.sdp(port: 6000, direction: "recvonly")
    caller.offer(held)
    world.run(.seconds(1))
    #expect(callee.offers.map { meaning($0) } == [meaning(held)])
    let accepted = caller.events.compactMap { event -> [UInt8]? in
      if case .offerAccepted(let body) = event { body } else { nil }
    }
    #expect(accepted.map { meaning($0) } == [meaning(callee.script.media)])
    #expect(!caller.wasHungUp && !callee.wasHungUp)
  }

  @Test func aReInviteOfTheCalleeReachesTheCaller() {
    // U-23
    let (world, caller, callee) = Self.bridged()
    let moved = AgentWorld.sdp(port: 6002)
    callee.offer(moved)
    world.run(.seconds(1))
    #expect(caller.offers.map { meaning($0) } == [meaning(moved)])
  }

  @Test func aReInviteTheOtherPhoneRefusesIsRefusedWithItsCode() {
    // U-23
    var script = Phone.Script.answers()
    script.refusesOffers = 488
    let (world, caller, callee) = Self.bridged(script)
    caller.offer(AgentWorld.sdp(port: 4002))
    world.run(.seconds(1))
    let refused = caller.events.compactMap { event -> UInt16? in
      if case .offerRefused(let code) = event { code } else { nil }
    }
    #expect(refused == [488])
    #expect(!caller.wasHungUp && !callee.wasHungUp)
  }

  @Test func bothPhonesReInviteAtOnceAndTheCallLives() {
    // U-23, RFC 3261 §14.1
    let (world, caller, callee) = Self.bridged()
    caller.offer(AgentWorld.sdp(port: 4002))
    callee.offer(AgentWorld.sdp(port: 6002))
    world.run(.seconds(30))
    #expect(!caller.wasHungUp && !callee.wasHungUp)
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aSecondDialAfterABridgedCallWorksTheSameWay() {
    // L-45
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(
      AgentWorld.dial(5081, then: "<Dial><Sip>sip:b@127.0.0.1:5082</Sip></Dial>"))
    let first = world.phone(5081, .answers())
    let second = world.phone(5082, .answers(port: 6100))
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    first.hangUp()
    world.run(.seconds(3))
    #expect(meaning(second.invites.first?.body) == meaning(AgentWorld.offer))
    #expect(caller.offers.map { meaning($0) } == [meaning(second.script.media)])
    #expect(!caller.wasHungUp)
    caller.hangUp()
    world.run(.seconds(1))
    #expect(second.wasHungUp)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func withImmediateAnswerTheCallerIsJoinedByReInvite() {
    // L-3, L-4
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(AgentWorld.dial(5081, attributes: "answerOnBridge=\"false\""))
    let callee = world.phone(5081, .answers(after: .seconds(2)))
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(1))
    #expect(caller.finalCode == 200)
    #expect(meaning(caller.answerBody).contains("a=inactive"))
    world.run(.seconds(3))
    #expect(caller.offers.map { meaning($0) } == [meaning(callee.script.media)])
  }
}
