import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLAgent

/// What the host hears of a limit that refuses: at once, and then once a second with the number [Y-13].
@Suite struct RefusalFindingsTests {
  private let start = Instant(nanoseconds: 1_000_000_000)

  private func told(_ agent: Agent) -> [String] {
    var told: [String] = []
    while let output = agent.nextOutput() {
      if case .tell(.finding(nil, let finding)) = output, finding.code == .limitReached {
        told.append(finding.text)
      }
    }
    return told
  }

  @Test func theHostHearsOfEachLimitOnceASecondWithTheNumber() {
    let agent = Agent()
    let wall = WallClock(unixMicroseconds: 0, at: start)
    agent.handle(.started(entropy: Array(0..<32), wall: wall), at: start)
    _ = told(agent)
    #expect(agent.nextDeadline == nil)
    agent.services.refuse(.calls)
    agent.handle(.timePassed, at: start)
    #expect(told(agent) == ["1 call was refused: max_calls are under way"])
    for _ in 0..<5 { agent.services.refuse(.calls) }
    agent.services.refuse(.memory, 2)
    agent.handle(.timePassed, at: start + .milliseconds(999))
    #expect(told(agent) == ["2 calls were refused: max_memory is used up"])
    #expect(agent.nextDeadline == Deadline(start + .seconds(1), .refusals))
    agent.handle(.timePassed, at: start + .seconds(1))
    #expect(told(agent) == ["5 calls were refused: max_calls are under way"])
    #expect(agent.nextDeadline == nil)
    #expect(agent.counters.refusedByLimit == [.calls: 6, .memory: 2])
  }
}
