import RCMLBasics
import Testing

/// What a host hears of limits [Y-13].
@Suite struct RefusalTallyTests {
  private let start = Instant(nanoseconds: 5_000_000_000)

  private func due(_ tally: inout RefusalTally, _ now: Instant) -> [String] {
    var told: [String] = []
    while let (limit, count) = tally.popDue(at: now) { told.append("\(limit.rawValue) \(count)") }
    return told
  }

  @Test func theFirstRefusalIsToldAtOnce() {
    var tally = RefusalTally()
    #expect(tally.nextDeadline == nil)
    tally.refuse(.calls)
    #expect(tally.nextDeadline.map { $0 <= start } == true)
    #expect(due(&tally, start) == ["max_calls 1"])
    #expect(tally.nextDeadline == nil)
  }

  @Test func thoseThatFollowAreOneWordASecondWithTheirNumber() {
    var tally = RefusalTally()
    var told: [String] = []
    for tick in 0..<3_000 {
      let now = start + .milliseconds(tick)
      tally.refuse(.calls)
      told += due(&tally, now)
    }
    #expect(told == ["max_calls 1", "max_calls 1000", "max_calls 1000"])
    #expect(tally.nextDeadline == start + .seconds(3))
    #expect(due(&tally, start + .seconds(3)) == ["max_calls 999"])
    #expect(tally.total(.calls) == 3_000)
    #expect(tally.nextDeadline == nil)
  }

  @Test func eachLimitHasASecondOfItsOwn() {
    var tally = RefusalTally()
    tally.refuse(.calls)
    #expect(due(&tally, start) == ["max_calls 1"])
    tally.refuse(.connections, 3)
    tally.refuse(.calls)
    #expect(due(&tally, start + .milliseconds(1)) == ["max_connections 3"])
    #expect(due(&tally, start + .seconds(1)) == ["max_calls 1"])
    #expect(tally.total(.calls) == 2)
    #expect(tally.total(.connections) == 3)
    #expect(tally.total(.memory) == 0)
  }

  @Test func aSentenceSaysHowManyAndWhy() {
    #expect(Limit.calls.sentence(1) == "1 call was refused: max_calls are under way")
    #expect(Limit.calls.sentence(17) == "17 calls were refused: max_calls are under way")
    for limit in Limit.allCases { #expect(limit.sentence(2).hasPrefix("2 ")) }
  }
}
