import RCMLAgent
import RCMLBasics
import Testing

@testable import Simulator

/// Small worlds, every way through them; `Scripts/simulate --walk` goes hundreds of thousands.
@Suite struct WalkTests {
  private func walk(_ plots: [Plot], letters: Int = 12, faults: Int, share: (Int, Int) = (0, 1))
    -> (count: Walk.Count, ways: [String])
  {
    var ways: [String] = []
    var walk = Walk(plots: plots, letters: letters, faults: faults, share: share, journalEvery: 40)
    let count = walk.run(
      failed: { way, violation in
        Issue.record("\(way): \(violation.invariant.rawValue): \(violation.text)")
        return true
      }, went: { ways.append($0.description) })
    return (count, ways)
  }

  /// With one message lost, doubled or late, whichever it is, every invariant holds.
  @Test(arguments: Plot.allCases) func oneFaultAnywhereBreaksNothing(plot: Plot) {
    let (count, ways) = walk([plot], faults: 1)
    #expect(count.failures == 0)
    // Each of the plot's messages, up to twelve, has three fates besides the usual one.
    #expect(count.interleavings == 1 + 3 * min(12, Interleaving(plot, []).run().messages))
    #expect(Set(ways).count == count.interleavings)
  }

  /// The same walk goes the same ways, and processes that share it go each way once.
  @Test func aWalkIsTheSameEachTimeAndSharesMakeTheWhole() {
    let whole = walk([.refusal], letters: 6, faults: 2)
    #expect(walk([.refusal], letters: 6, faults: 2).count == whole.count)
    // None; six places of three fates; fifteen pairs of places.
    #expect(whole.count.interleavings == 1 + 6 * 3 + 15 * 9)
    let parts = (0..<3).map { walk([.refusal], letters: 6, faults: 2, share: ($0, 3)) }
    #expect(parts.reduce(0) { $0 + $1.count.interleavings } == whole.count.interleavings)
    #expect(Set(parts.flatMap(\.ways)) == Set(whole.ways))
  }

  /// Different fates make different worlds: what is lost comes again, and what is late meets what came meanwhile.
  @Test func eachFateIsSeenByTheAgent() {
    let digests = Fate.allCases.map {
      Interleaving(.refusal, [.delivered, .delivered, .delivered, $0]).run().outcome.digest.value
    }
    #expect(Set(digests).count >= 3)
    let first = Interleaving(.answer, []).run()
    let lost = Interleaving(.answer, [.lost]).run()
    #expect(lost.outcome.duration > first.outcome.duration)
    #expect(lost.messages > first.messages)
  }

  @Test func aWordIsReadAsItIsPrinted() throws {
    let way = try #require(Interleaving("late-answer/DDLXT"))
    #expect(way.plot == .lateAnswer)
    #expect(way.word == [.delivered, .delivered, .lost, .doubled, .late])
    #expect(way.description == "late-answer/DDLXT")
    #expect(way.faults == 3)
    #expect(Interleaving("race/") == Interleaving(.race, []))
    for text in ["race", "race/DQ", "nowhere/D", "race/D/D", ""] {
      #expect(Interleaving(text) == nil)
    }
  }

  /// Of a failure with needless faults, the needed ones are left.
  @Test func aFailureIsShortened() {
    let way = Interleaving(.race, [.late, .delivered, .lost, .doubled, .delivered, .lost])
    let short = way.shortened { $0.word.count > 3 && $0.word[3] == .doubled }
    #expect(short.description == "race/DDDX")
  }
}
