import RCMLBasics

/// The real agent against the reference, in one world that a seed plans (I-R1).
package enum Comparison {
  package enum Verdict: Sendable {
    case same
    case ambiguous
    case different(String)
  }

  /// Nearer than this is the same time, in milliseconds: what a network of one millisecond adds up to.
  static let tolerance = 35

  package static func run(seed: UInt64) -> Verdict {
    var writer = PlanWriter(seed: seed)
    return run(writer.draw(), seed: seed)
  }

  /// What the seed planned, in words.
  package static func story(of seed: UInt64) -> String {
    var writer = PlanWriter(seed: seed)
    let plan = writer.draw()
    var text = "  caller: cancels \(plan.cancelsAfter.map { "\($0)" } ?? "never"), hangs up "
    text += "\(plan.hangsUpAfter.map { "\($0)" } ?? "never")\n"
    for (index, callee) in plan.callees.enumerated() { text += "  callee\(index): \(callee)\n" }
    text += "  \(Plan.text(plan.document))\n"
    for (path, page) in plan.pages.sorted(by: { $0.key < $1.key }) {
      text += "  \(path) after \(page.delay): \(page.verbs.map(Plan.text) ?? "404")\n"
    }
    return text
  }

  package static func run(_ plan: Plan, seed: UInt64 = 1) -> Verdict {
    let reference = Reference(plan)
    reference.run()
    if reference.isAmbiguous { return .ambiguous }
    let world = World(seed: seed, scenario: plan.scenario)
    world.seen = []
    if let violation = world.run().violation {
      return .different("\(violation.invariant.rawValue): \(violation.text)")
    }
    return compare(reference.effects, world.seen ?? [])
  }

  /// The same effects, each in its place in the order of its like, and at its time.
  static func compare(_ expected: [SeenEffect], _ seen: [SeenEffect]) -> Verdict {
    func sorted(_ effects: [SeenEffect]) -> [SeenEffect] {
      effects.sorted { ($0.text, $0.at) < ($1.text, $1.at) }
    }
    let (one, other) = (sorted(expected), sorted(seen))
    let isSame =
      one.count == other.count
      && zip(one, other).allSatisfy { $0.text == $1.text && abs($0.at - $1.at) <= tolerance }
      && orders(expected) == orders(seen)
    return isSame ? .same : .different(table(expected, seen))
  }

  /// The order within each kind: INVITEs in document order, and what one leg or the caller sees.
  private static func orders(_ effects: [SeenEffect]) -> [String: [String]] {
    var orders: [String: [String]] = [:]
    for effect in effects {
      let words = effect.text.split(separator: " ").map(String.init)
      guard let first = words.first else { continue }
      let kind = first == "callback" ? "callback \(words[1])" : first
      if kind == "BYE" || kind == "CANCEL" { continue }
      orders[kind, default: []].append(effect.text)
    }
    return orders
  }

  private static func table(_ expected: [SeenEffect], _ seen: [SeenEffect]) -> String {
    var text = "\n  by the specification:"
    for effect in expected { text += "\n    \(effect.at) \(effect.text)" }
    text += "\n  by the agent:"
    for effect in seen { text += "\n    \(effect.at) \(effect.text)" }
    return text
  }
}
