import RCMLBasics
import Testing

@testable import RCMLAgent

/// What callers, the host and the counters hear of calls that find no room [Y-9, Y-13].
struct LimitTests {
  private func texts(_ world: AgentWorld) -> [String] {
    world.findings.filter { $0.code == .limitReached }.map(\.text)
  }

  @Test func aCallTooManyIs503AndOneFindingASecondSaysHowMany() {
    let world = AgentWorld(settings: [("max_calls", "1")])
    world.document(#"<Response><Pause length="30"/></Response>"#)
    let callers = (0..<4).map { world.phone(5070 + $0) }
    for caller in callers {
      caller.call()
      world.run(.milliseconds(100))
    }
    #expect(callers.dropFirst().allSatisfy { $0.finalCode == 503 })
    #expect(callers[0].finalCode != 503)
    world.run(.seconds(2))
    #expect(
      texts(world) == [
        "1 call was refused: max_calls are under way",
        "2 calls were refused: max_calls are under way",
      ])
    #expect(world.agent.counters.refusedByLimit == [.calls: 3])
    callers[0].hangUp()
    world.run(.seconds(1))
    let late = world.phone(5090)
    late.call()
    world.run(.seconds(1))
    #expect(late.finalCode != 503)
    late.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  @Test func withoutMemoryNoCallBeginsUntilThereIsSome() {
    let world = AgentWorld(settings: [("max_memory", "100000000")])
    #expect(world.agent.memoryLimit == 100_000_000)
    world.document(#"<Response><Pause length="1"/></Response>"#)
    world.agent.handle(.memory(isFull: true), at: world.now)
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == 503 && texts(world).count == 1)
    world.agent.handle(.memory(isFull: false), at: world.now)
    let late = world.phone(5071)
    late.call()
    world.run(.milliseconds(100))
    #expect(late.finalCode != 503)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
