import RCMLAgent
import RCMLBasics

/// One seed, run and judged.
package enum Simulation {
  package static func run(seed: UInt64, journals: Bool = false) -> World.Outcome {
    var outcome = World(seed: seed, journals: journals).run()
    guard journals, outcome.violation == nil else { return outcome }
    func differ(_ text: String) {
      outcome.violation = Violation(
        invariant: .replay, instant: Instant(nanoseconds: 0), text: text)
    }
    do {
      let result = try Replay.run(outcome.journal)
      if let difference = result.difference {
        differ(
          "record \(difference.record): recorded \(difference.recorded), "
            + "replayed \(difference.replayed); \(difference.detail)")
      }
    } catch {
      differ("\(error)")
    }
    return outcome
  }

  /// What the seed drew, in words.
  package static func story(of seed: UInt64) -> String {
    let scenario = World(seed: seed).scenario
    var text = "seed \(seed)\n  faults: \(scenario.faults)\n"
    for (index, caller) in scenario.callers.enumerated() { text += "  caller\(index): \(caller)\n" }
    for (index, callee) in scenario.callees.enumerated() {
      text += "  callee\(index): \(callee.script)\n"
    }
    text += "  serving: \(scenario.serving)\n"
    for (path, page) in scenario.pages.sorted(by: { $0.key < $1.key }) {
      text += "  \(path): \(page.kind) after \(page.delay) ms\n"
    }
    for act in scenario.hostActs { text += "  host: \(act.act) after \(act.after) ms\n" }
    return text
  }
}
