import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// A call whose media is to come by here goes no other way when it cannot (spec U-69, `media` = anchored).
struct NoStreamTests {
  /// No stream can be opened, as when ports or descriptors are gone.
  private func refuseStreams(_ world: AgentWorld) {
    let held = world.heldMedia ?? []
    world.heldMedia = []
    for case .open(let stream) in held {
      world.agent.handle(.media(.unopened(stream)), at: world.now)
    }
  }

  private func world(
    _ document: String, media: String
  ) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: [("media", media)])
    world.web = { _ in .document("<Response/>") }
    world.document(document)
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    refuseStreams(world)
    world.run(.seconds(2))
    return (world, caller, callee)
  }

  private func expectRefusal(_ world: AgentWorld, _ caller: Phone, _ callee: Phone) {
    #expect(caller.finalCode == 503)
    #expect(callee.invites.isEmpty)
    #expect(world.ends.map(\.sipCode) == [503])
    #expect(world.ends.map(\.status) == [.failed])
    #expect(world.findings.filter { $0.code == .mediaRefused }.count == 2)
    #expect(!world.events.contains { if case .onCall(_, .answered) = $0 { true } else { false } })
    world.heldMedia = nil
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aDialWithoutAStreamIs503AndNeverFromPhoneToPhone() {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081, then: "<Say>a</Say>"), media: "anchored")
    #expect(world.legEvents == ["initiated 0", "completed 0 canceled"])
    expectRefusal(world, caller, callee)
  }

  @Test func aPromptBeforeTheDialIsNotSkippedEither() {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081).replacing("<Response>", with: "<Response><Say>a</Say>"),
      media: "anchored")
    #expect(world.legEvents.isEmpty)
    expectRefusal(world, caller, callee)
  }

  @Test func aDialWhoseActionIsAwaitedEndsAllTheSame() {
    let (world, caller, callee) = world(
      AgentWorld.dial(5081, attributes: #"action="http://w/after" record="true""#),
      media: "anchored")
    expectRefusal(world, caller, callee)
  }

  /// Media that may go either way goes the other one.
  @Test func whereMediaNeedNotComeByHereTheCallGoesOn() {
    let (world, caller, callee) = world(AgentWorld.dial(5081), media: "auto")
    #expect(caller.finalCode == 200 && callee.invites.count == 1)
    world.heldMedia = nil
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCallThatTheHostAnswersIs503AsWell() {
    let world = AgentWorld(settings: [("media", "anchored")])
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    world.heldMedia = []
    caller.call()
    world.run(.milliseconds(100))
    world.command(.onCall(CallNumber(1), .answer))
    world.run(.milliseconds(100))
    refuseStreams(world)
    world.run(.seconds(1))
    #expect(caller.finalCode == 503 && world.ends.map(\.sipCode) == [503])
    world.heldMedia = nil
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  /// Nobody is called who would be told of no place.
  @Test func aPartyOfTheHostsIsNotCalled() {
    let world = AgentWorld(settings: [("media", "anchored")])
    let callee = world.phone(5081, .answers())
    world.heldMedia = []
    world.command(
      .call(
        party: "sip:phone5081@127.0.0.1:5081", from: "",
        .text(Array("<Response><Say>a</Say></Response>".utf8), baseURL: "")))
    world.run(.milliseconds(100))
    refuseStreams(world)
    world.run(.seconds(1))
    #expect(callee.invites.isEmpty && world.ends.map(\.status) == [.failed])
    world.heldMedia = nil
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
