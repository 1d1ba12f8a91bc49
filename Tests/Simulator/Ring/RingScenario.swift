import RCMLBasics
import RCMLRehearsal

/// A world of one to four agents whose documents dial each other and themselves, and a caller who may give up: one INVITE is no
/// fork bomb (spec Y-6).
package struct RingScenario {
  let seed: UInt64
  let documents: [String]
  let network: RingNetwork
  /// Milliseconds; nil = the caller waits.
  let cancelsAfter: Int?

  /// As many legs there may be at once at one server; and INVITEs in all, whatever the documents say.
  private static let mostLegs = 60
  private static let mostInvites = 20_000

  package init(seed: UInt64) {
    self.seed = seed
    var dice = Dice(seed).split(930)
    let count = dice.within(1...4)
    documents = (0..<count).map { _ in RingScenario.document(of: count, &dice) }
    network = RingNetwork(from: &dice)
    let moments = [dice.within(0...50), dice.within(0...200), dice.within(0...20_000)]
    cancelsAfter = dice.chance(80) ? dice.one(of: moments) : nil
  }

  private static func document(of agents: Int, _ dice: inout Dice) -> String {
    var verbs = ""
    for _ in 0..<dice.within(1...2) {
      var targets: [String] = []
      for number in 0..<dice.one(of: [1, 2, 2, 3, 10]) {
        let phone = dice.one(of: ["p@20", "r@21", "s@22"])
        targets.append(dice.chance(20) ? phone : "u\(number)@\(dice.below(agents))")
      }
      var attributes = "timeout=\"\(dice.within(1...20))\""
      if dice.chance(25) { attributes += " sequential=\"true\"" }
      let each = dice.chance(25) ? "url=\"http://w/s\"" : ""
      verbs += AgentRing.dial(targets, attributes: attributes, of: each)
        .dropFirst("<Response>".count).dropLast("</Response>".count)
    }
    return "<Response>\(verbs)</Response>"
  }

  package var story: String {
    "seed \(seed)\n  network: \(network)\n  CANCEL: \(cancelsAfter.map { "after \($0) ms" } ?? "none")\n"
      + documents.enumerated().map { "  agent \($0): \($1)" }.joined(separator: "\n")
  }

  /// What was wrong with it; nil = nothing.
  package func run() -> Violation? {
    let ring = AgentRing(seed: UInt8(truncatingIfNeeded: seed), documents: documents)
    ring.network = network
    ring.callFirst()
    ring.run(.milliseconds(cancelsAfter ?? 120_000))
    ring.cancel()
    let end = ring.now
    // 64·T1 and, where messages are lost, one such time for each of the transactions that follow from another.
    let patience = Interval.seconds(network.isGood ? 33 : 200)
    ring.run(.seconds(400))
    if ring.mostLegs > RingScenario.mostLegs {
      return Violation(
        invariant: .breadth, instant: ring.now, text: "\(ring.mostLegs) legs at once at one server")
    }
    if ring.invites.count > RingScenario.mostInvites {
      return Violation(
        invariant: .breadth, instant: ring.now, text: "\(ring.invites.count) INVITEs came of one")
    }
    if ring.lastSent > end + patience {
      let late = (ring.lastSent - end).wholeMilliseconds
      return Violation(
        invariant: .breadth, instant: ring.now, text: "still sending \(late) ms after the CANCEL")
    }
    if !ring.isQuiet {
      return Violation(
        invariant: .nothingIsLeft, instant: ring.now,
        text: "at the end there is still \(ring.agents.map(\.census))")
    }
    return nil
  }
}
