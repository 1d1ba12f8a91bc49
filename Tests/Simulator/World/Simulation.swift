import RCMLAgent
import RCMLBasics

/// One seed, run and judged.
package enum Simulation {
  /// `hasSound` false: no world has voices, prompts or recordings, whatever its seed drew.
  package static func run(
    seed: UInt64, journals: Bool = false, twins: Bool = false, hasSound: Bool = true
  ) -> World.Outcome {
    var outcome = World(seed: seed, journals: journals, hasSound: hasSound).run()
    if twins, outcome.violation == nil, let text = twinDiffers(seed, outcome.trace, hasSound) {
      outcome.violation = Violation(
        invariant: .webNeverDelaysCalls, instant: Instant(nanoseconds: 0), text: text)
    }
    if journals { prove(&outcome) }
    return outcome
  }

  /// I-A2: its journal, replayed, says the same.
  static func prove(_ outcome: inout World.Outcome) {
    guard outcome.violation == nil else { return }
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
  }

  /// I-C7: the same world with perfect callback endpoints sends the same octets in the same instants (K-10).
  private static func twinDiffers(
    _ seed: UInt64, _ trace: SipTrace, _ hasSound: Bool
  ) -> String? {
    let twin = World(seed: seed, isTwin: true, hasSound: hasSound).run()
    if twin.trace.digest == trace.digest, twin.trace.count == trace.count { return nil }
    let (one, other) = (
      World(seed: seed, hasSound: hasSound), World(seed: seed, isTwin: true, hasSound: hasSound)
    )
    one.trace.isFull = true
    other.trace.isFull = true
    let (slow, perfect) = (one.run().trace.lines, other.run().trace.lines)
    let place = zip(slow, perfect).prefix { $0 == $1 }.count
    func told(_ lines: [SipTrace.Line]) -> String {
      guard place < lines.count else { return "nothing" }
      let text = String(decoding: lines[place].bytes.prefix { $0 != 13 }, as: UTF8.self)
      return "\(text) at \(lines[place].instant.nanoseconds) ns"
    }
    return
      "message \(place) with these callback endpoints: \(told(slow)); with perfect ones: \(told(perfect))"
  }

  /// All that left the agent, line by line.
  package static func trace(of seed: UInt64, hasSound: Bool = true) -> [String] {
    let world = World(seed: seed, hasSound: hasSound)
    world.digest.isFull = true
    return world.run().digest.lines
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
    if let sound = scenario.sound {
      text += "  sound: \(sound)\n  settings: \(scenario.settings)\n"
    }
    for act in scenario.hostActs { text += "  host: \(act.act) after \(act.after) ms\n" }
    return text
  }
}
