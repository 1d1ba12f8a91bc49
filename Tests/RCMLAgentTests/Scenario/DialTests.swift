import RCMLBasics
import RCMLDial
import RCMLSIP
import Testing

@testable import RCMLAgent

/// Whole calls: a caller, an agent, phones, virtual time.
struct DialTests {
  @Test func oneTargetAnswersAndIsJoinedToTheCaller() {
    // L-1, L-2, L-25
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.provisionals.first == 180)
    #expect(caller.finalCode == 200)
    #expect(meaning(callee.invites.first?.body) == meaning(AgentWorld.offer))
    #expect(meaning(caller.answerBody) == meaning(callee.script.media))
    #expect(world.legEvents == ["initiated 0", "ringing 0", "answered 0"])
    #expect(world.agent.census.calls == 1)
  }

  @Test func theCallerHangsUpAndTheCalleeIsHungUp() {
    // L-27, M-3
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(5))
    caller.hangUp()
    world.run(.seconds(1))
    #expect(callee.wasHungUp)
    #expect(world.results.map(\.status) == [.completed])
    #expect(world.results.first?.hangupBy == .caller)
    #expect(world.ends.map(\.status) == [.completed])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theCalleeHangsUpAndTheDocumentGoesOn() {
    // L-42, L-44, L-46
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(4))
    callee.hangUp()
    world.run(.seconds(1))
    #expect(world.results.first?.duration == 3)
    #expect(world.results.first?.hangupBy == .callee)
    #expect(caller.wasHungUp)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func fourTargetsRingOneWinsThreeAreCancelled() {
    // F-1, F-5, F-8
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, 5082, 5083, 5084))
    let losers = ([5081, 5082, 5084] as [UInt16]).map { world.phone($0) }
    let winner = world.phone(5083, .answers(after: .seconds(1)))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(caller.finalCode == 200)
    #expect(meaning(caller.answerBody) == meaning(winner.script.media))
    for loser in losers {
      #expect(loser.wasCancelled)
      #expect(
        loser.message("CANCEL")?.contains(
          "Reason: SIP;cause=200;text=\"Call completed elsewhere\"") == true)
    }
    #expect(
      world.legEvents.filter { $0.hasPrefix("completed") }.sorted() == [
        "completed 0 canceled", "completed 1 canceled", "completed 3 canceled",
      ])
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test(arguments: [486, 404, 603, 500] as [UInt16])
  func theCodeOfTheOnlyTargetReachesTheCaller(code: UInt16) {
    // M-30
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .rejects(code))
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == code)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func nobodyAnswersAndTheCallerGets408() {
    // L-31, M-30
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, attributes: "timeout=\"5\""))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(7))
    #expect(callee.wasCancelled)
    #expect(
      callee.message("CANCEL")?.contains("Reason: Q.850;cause=19;text=\"No answer\"") == true)
    #expect(caller.finalCode == 408)
    #expect(world.results.map(\.status) == [.noAnswer])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theCallerGivesUpWhileItRings() {
    // L-32
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, 5082))
    let callees = [world.phone(5081), world.phone(5082)]
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    caller.hangUp()
    world.run(.seconds(1))
    #expect(caller.finalCode == 487)
    #expect(callees.allSatisfy { $0.wasCancelled })
    #expect(callees[0].message("CANCEL")?.contains("Reason:") == false)
    #expect(world.results.map(\.status) == [.canceled])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theCallerGivesUpWhileTheDocumentIsFetchedAndNobodyIsCalled() {
    // L-5, H-25
    let world = AgentWorld()
    world.webDelay = .seconds(2)
    world.web = { _ in .document(AgentWorld.dial(5081)) }
    world.command(.defaultDocument(.url("http://web/voice", method: "POST")))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    caller.hangUp()
    world.run(.seconds(5))
    #expect(caller.finalCode == 487)
    #expect(callee.invites.isEmpty)
    #expect(world.aborted.count == 1)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCancelIsHeldBackUntilTheTargetSaysSomething() {
    // F-7
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081)
    callee.isDeaf = true
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    caller.hangUp()
    world.run(.seconds(1))
    #expect(!callee.lines.contains { $0.hasPrefix("CANCEL") })
    callee.isDeaf = false
    world.run(.seconds(10))
    #expect(callee.wasCancelled)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theCallerGivesUpInTheInstantOfTheAnswer() {
    // L-37: the CANCEL was there first; the late answer is acknowledged and hung up.
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers(after: .milliseconds(500)))
    let caller = world.phone(5070)
    caller.call()
    world.after(.milliseconds(501)) { caller.hangUp() }
    world.run(.seconds(3))
    let answered = caller.finalCode == 200
    #expect(callee.wasHungUp || callee.wasCancelled)
    #expect(world.results.map(\.status) == [answered ? .completed : .canceled])
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func anAnswerWithoutMediaIsHungUpAndFails() {
    // L-23, M-30
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    var script = Phone.Script.answers()
    script.media = []
    let callee = world.phone(5081, script)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    #expect(callee.wasHungUp)
    #expect(caller.finalCode == 500)
    #expect(world.legEvents == ["initiated 0", "ringing 0", "completed 0 failed"])
  }

  @Test func anInviteWithoutAnOfferIsRefused() {
    // L-6
    let world = AgentWorld(settings: [("media", "direct")])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call([])
    world.run(.seconds(1))
    #expect(caller.finalCode == 400)
    #expect(callee.invites.isEmpty)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func aCallerWithNoHopsLeftGets483() {
    // U-6
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call(maxForwards: 1)
    world.run(.seconds(1))
    #expect(caller.finalCode == 483)
    #expect(callee.invites.isEmpty)
  }

  @Test func earlyMediaOfTheOnlyTargetReachesTheCaller() {
    // U-20
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    var script = Phone.Script.answers(after: .seconds(2))
    script.ringCode = 183
    script.ringsWithMedia = true
    let callee = world.phone(5081, script)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    let early = caller.events.compactMap { event -> [UInt8]? in
      if case .provisional(183, let body) = event { body } else { nil }
    }
    #expect(meaning(early.first) == meaning(callee.script.media))
  }

  @Test func sequentialTargetsAreCalledOneAfterTheOther() {
    // F-10
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081, 5082, attributes: "sequential=\"true\""))
    let first = world.phone(5081, .rejects(486, after: .seconds(2)))
    let second = world.phone(5082, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    #expect(first.invites.count == 1)
    #expect(second.invites.isEmpty)
    world.run(.seconds(3))
    #expect(second.invites.count == 1)
    #expect(caller.finalCode == 200)
  }

  @Test func twoCallsDoNotDisturbEachOther() {
    let world = AgentWorld()
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081, .answers())
    let callers = [world.phone(5070), world.phone(5071)]
    callers[0].call()
    world.run(.milliseconds(50))
    callers[1].call()
    world.run(.seconds(2))
    #expect(callers.allSatisfy { $0.finalCode == 200 })
    #expect(callee.invites.count == 2)
    callers[0].hangUp()
    world.run(.seconds(1))
    #expect(!callers[1].wasHungUp)
    #expect(world.agent.census.calls == 1)
    callers[1].hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func theSameInputsTwiceGiveTheSameOctets() {
    // architecture §1.1
    func history() -> [UInt8] {
      let world = AgentWorld(seed: 9)
      world.document(AgentWorld.dial(5081, 5082, 5083, attributes: "timeout=\"5\""))
      world.web = { _ in .document("<Response/>") }
      for port in [5081, 5082] as [UInt16] { _ = world.phone(port) }
      _ = world.phone(5083, .answers(after: .seconds(2)))
      let callers = (0..<4).map { world.phone(5070 + UInt16($0)) }
      for caller in callers { caller.call() }
      world.run(.seconds(4))
      world.command(.stop)
      world.runToTheEnd()
      return world.transcript
    }
    let first = history()
    #expect(first.count > 1_000)
    #expect(first == history())
  }
}
