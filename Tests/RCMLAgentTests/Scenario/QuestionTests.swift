import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// The table QUESTIONS of rcml.h, row by row: open until its time is over, then the default.
struct QuestionTests {
  private static let justBefore = Interval.milliseconds(9_800)
  private static let justAfter = Interval.milliseconds(400)

  private func refusal(_ result: Result<CommandResult, Refusal>) -> Int32? {
    if case .failure(let refusal) = result { return refusal.code }
    return nil
  }

  private func question(_ world: AgentWorld) -> QuestionID? {
    world.events.compactMap { event -> QuestionID? in
      switch event {
      case .question(let id, _, .request), .question(let id, _, .credentials),
        .question(let id, _, .target),
        .question(let id, _, .url):
        id
      default: nil
      }
    }.first
  }

  @Test func anIncomingCallHasThirtySecondsAlsoWhenItRings() throws {
    let world = AgentWorld()
    let caller = world.phone(5070)
    caller.call()
    world.run(.milliseconds(100))
    let call = try #require(world.incoming.first)
    world.command(.onCall(call, .ring(code: 180)))
    world.run(.milliseconds(29_700))
    #expect(caller.finalCode == nil)
    world.run(.milliseconds(400))
    #expect(caller.finalCode == 480)
    #expect(refusal(world.command(.onCall(call, .answer))) == RefusalCode.gone)
  }

  @Test func aRequestHasTenSecondsAndFailsLikeAServerThatIsSilent() throws {
    let world = AgentWorld()
    world.command(.defaultDocument(.url("host:/voice", method: "POST")))
    let caller = world.phone(5070)
    caller.call()
    world.run(Self.justBefore)
    #expect(caller.finalCode == nil)
    let id = try #require(question(world))
    world.run(Self.justAfter)
    #expect(caller.finalCode == 500)
    let late = Command.answer(id, .request(status: 200, contentType: "", body: []))
    #expect(refusal(world.command(late)) == RefusalCode.gone)
  }

  @Test func aTargetHasTenSecondsAndIsDialledAsItIs() throws {
    let world = AgentWorld(settings: [("ask_targets", "all")])
    world.document(AgentWorld.dial(5081))
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(Self.justBefore)
    #expect(callee.invites.isEmpty)
    let id = try #require(question(world))
    world.run(Self.justAfter)
    #expect(callee.invites.count == 1)
    #expect(refusal(world.command(.answer(id, .target(.denied)))) == RefusalCode.gone)
  }

  @Test func aStrangeNounHasTenSecondsAndIsNotDialled() {
    let world = AgentWorld(settings: [("ask_targets", "nouns")])
    world.document("<Response><Dial><Number>17</Number></Dial></Response>")
    let caller = world.phone(5070)
    caller.call()
    world.run(Self.justBefore)
    #expect(world.results.isEmpty)
    world.run(Self.justAfter)
    #expect(world.results.map(\.status) == [.failed])
  }

  @Test func aURLHasTenSecondsAndIsRequested() throws {
    let world = AgentWorld(settings: [("ask_urls", "all")])
    world.command(.defaultDocument(.url("http://web/voice", method: "POST")))
    world.web = { _ in .document(AgentWorld.dial(5081)) }
    let callee = world.phone(5081)
    let caller = world.phone(5070)
    caller.call()
    world.run(Self.justBefore)
    #expect(world.requests.isEmpty)
    let id = try #require(question(world))
    world.run(Self.justAfter)
    #expect(world.requests.count == 1 && callee.invites.count == 1)
    #expect(refusal(world.command(.answer(id, .url(isAllowed: false)))) == RefusalCode.gone)
  }
}
