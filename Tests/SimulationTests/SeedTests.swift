import RCMLBasics
import Simulator
import Testing

/// Some hundred worlds on every commit; `Scripts/simulate` runs ten thousand of them in an optimised build.
@Test(arguments: [1, 101, 201] as [UInt64])
func aHundredWorldsKeepEveryInvariant(from first: UInt64) {
  for seed in first..<(first + 100) {
    let outcome = Simulation.run(seed: seed, journals: seed % 10 == 0)
    #expect(
      outcome.violation == nil,
      "seed \(seed): \(outcome.violation.map { "\($0.invariant.rawValue): \($0.text)" } ?? "")")
  }
}
