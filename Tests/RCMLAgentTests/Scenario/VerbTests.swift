import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// The host is asked about verbs that nobody here knows (spec D-28).
struct VerbTests {
  private func world(_ document: String = "<Pay charge=\"5\">now</Pay><Reject/>") -> (
    AgentWorld, Phone
  ) {
    let world = AgentWorld(settings: [("ask_verbs", "true")], isJournalled: true)
    world.document("<Response>\(document)</Response>")
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    return (world, caller)
  }

  private func end(_ world: AgentWorld) throws -> String {
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    let journal = world.agent.takeJournal()
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
    return try Ladder.draw(journal)
  }

  @Test func itAnswersWithWhatRunsInItsPlace() throws {
    let (world, caller) = world()
    let asked = try #require(world.askedVerbs.first)
    #expect(asked.verb.name == "Pay" && asked.verb.text == "now" && asked.verb.leg == nil)
    #expect(asked.verb.attributes == [.init(name: "charge", value: "5")])
    let busy = Array("<Response><Reject reason=\"busy\"/></Response>".utf8)
    #expect(
      world.command(.answer(asked.id, .verb(.document(.text(busy, baseURL: "")))))
        == .success(.done))
    #expect(
      HostTests.refusal(world.command(.answer(asked.id, .verb(.done)))) == RefusalCode.gone)
    world.run(.seconds(1))
    #expect(caller.finalCode == 486 && world.findings.isEmpty)
    let ladder = try end(world)
    #expect(ladder.contains("asks for verb <Pay>"))
    #expect(ladder.contains("host: a document in place of a verb"))
  }

  @Test func whatItHasDoneIsToldNobody() throws {
    let (world, caller) = world()
    world.command(.answer(try #require(world.askedVerbs.first).id, .verb(.done)))
    world.run(.seconds(1))
    #expect(caller.finalCode == 603 && world.findings.isEmpty)
    _ = try end(world)
  }

  /// Nil = it says nothing for ten seconds.
  @Test(arguments: [nil, Interval.milliseconds(500)])
  func whatItLeavesIsSkippedWithTheFinding(after: Interval?) throws {
    let (world, caller) = world()
    let asked = try #require(world.askedVerbs.first)
    world.run(after ?? .milliseconds(9_800))
    #expect(caller.finalCode == nil)
    if after != nil { world.command(.answer(asked.id, .verb(.skip))) }
    world.run(.milliseconds(500))
    #expect(caller.finalCode == 603 && world.findings.map(\.code) == [.unsupportedVerb])
    #expect(world.findings.first?.line == 1)
    _ = try end(world)
  }

  @Test func aCallerWhoLeavesTakesTheQuestionAlong() throws {
    let (world, caller) = world()
    let asked = try #require(world.askedVerbs.first)
    caller.hangUp()
    world.run(.seconds(1))
    #expect(HostTests.refusal(world.command(.answer(asked.id, .verb(.done)))) == RefusalCode.gone)
    _ = try end(world)
  }
}

/// How long an incoming call waits for the host (spec Q-37).
struct IncomingTimeoutTests {
  @Test(arguments: [(nil, 30), ("45", 45)] as [(String?, Int)])
  func aCallWaitsForTheHostAsLongAsTheSettingSays(value: String?, seconds: Int) {
    let world = AgentWorld(settings: value.map { [("incoming_timeout", $0)] } ?? [])
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(seconds - 1))
    #expect(caller.finalCode == nil)
    world.run(.seconds(2))
    #expect(caller.finalCode == 480)
  }
}
