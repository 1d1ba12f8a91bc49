import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Whole calls of phones whose descriptions are one part of several. // U-58
struct BodyTests {
  @Test(arguments: ["direct", "anchored"])
  func phonesThatSendSeveralPartsAreJoined(media: String) {
    let world = AgentWorld(settings: [("media", media)])
    world.document(AgentWorld.dial(5081))
    var script = Phone.Script.answers()
    script.ringCode = 183
    script.ringsWithMedia = true
    script.wrapsBodies = true
    let callee = world.phone(5081, script)
    script.media = AgentWorld.sdp(port: 4000)
    let caller = world.phone(5070, script)
    caller.call()
    world.run(.seconds(2))
    #expect(callee.invites.first?.body.isEmpty == false)
    #expect(caller.provisionals.contains(183) && caller.finalCode == 200)
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    // Hold, and back: re-INVITE, its answer, and for each of them the other phone's.
    caller.offer(AgentWorld.sdp(port: 4000, direction: "sendonly"))
    world.run(.seconds(1))
    callee.offer(AgentWorld.sdp(port: 6002))
    world.run(.seconds(1))
    let refused = (caller.events + callee.events).contains {
      if case .offerRefused = $0 { true } else { false }
    }
    #expect(!refused)
    if media == "direct" { #expect(caller.offers.count == 1 && callee.offers.count == 1) }
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.results.map(\.status) == [.completed])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// A late offer, whose answer comes in a part of the ACK.
  @Test func anACKOfSeveralPartsAnswersOurOffer() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    var script = Phone.Script()
    script.answerInAck = AgentWorld.sdp(port: 4000)
    script.wrapsBodies = true
    let caller = world.phone(5070, script)
    caller.call([])
    world.run(.seconds(2))
    #expect(caller.finalCode == 200 && callee.invites.count == 1)
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // U-61
  @Test(arguments: ["direct", "anchored"])
  func whatTheCallersExpiresAllowsIsAllThatRings(media: String) {
    let world = AgentWorld(settings: [("media", media)])
    world.document(AgentWorld.dial(5081, 5082))
    let callees = [world.phone(5081), world.phone(5082)]
    let caller = world.phone(5070)
    caller.call(headers: [HeaderLine("Expires", Array("2".utf8))])
    world.run(.milliseconds(1_900))
    #expect(caller.finalCode == nil && !callees[0].wasCancelled)
    world.run(.milliseconds(200))
    #expect(caller.finalCode == 487)
    #expect(callees.map(\.wasCancelled) == [true, true])
    #expect(world.results.map(\.status) == [.canceled])
    #expect(world.ends.map(\.status) == [.canceled])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // U-63
  @Test func theCallerHearsWhyTheCalleeHungUp() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    let reasons = ["Q.850;cause=31;text=\"Normal, unspecified\"", "SIP;cause=480"].map {
      Array($0.utf8)
    }
    callee.hangUp(reasons: reasons)
    world.run(.seconds(1))
    let heard = caller.events.compactMap { event -> [[UInt8]]? in
      if case .hungUp(let reasons, _) = event { reasons } else { nil }
    }
    #expect(heard == [reasons])
  }
}
