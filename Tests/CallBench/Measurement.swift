import CCounting
import Glibc
import RCMLAgent
import RCMLBasics

/// Calls that were made once, to be made again by a new agent and counted.
final class Measurement {
  private let kind: CallKind
  private let steps: [(Instant, Step)]
  /// Where counting begins: more calls than linger at one time have gone before.
  private let first: Int
  let counted: Int
  let messages: Int

  private static let warmUp = 400

  /// Nil: the calls did not go as they should.
  init?(_ kind: CallKind, calls: Int) {
    self.kind = kind
    let all = Measurement.warmUp + calls
    let rehearsal = Rehearsal(kind, calls: all)
    guard rehearsal.ended == all, rehearsal.bridged == all else { return nil }
    steps = rehearsal.steps
    first = rehearsal.beginnings[Measurement.warmUp]
    counted = calls
    messages = rehearsal.messages / all
  }

  struct Cost {
    var nanoseconds = Double.infinity
    var allocations = 0.0
    var octets = 0.0
  }

  func run() -> Cost {
    let agent = Step.agent(kind)
    steps[..<first].withUnsafeBufferPointer { replay($0, agent) }
    let (allocations, octets) = (counting_allocations(), counting_octets())
    let start = counting_nanoseconds()
    steps[first...].withUnsafeBufferPointer { countedSteps($0, agent) }
    let count = Double(counted)
    return Cost(
      nanoseconds: Double(counting_nanoseconds() - start) / count,
      allocations: Double(counting_allocations() - allocations) / count,
      octets: Double(counting_octets() - octets) / count)
  }

  /// The process ends with the last step, so that a counter sees nothing of what would come then.
  func runAndExit() -> Never {
    let agent = Step.agent(kind)
    steps[..<first].withUnsafeBufferPointer { replay($0, agent) }
    steps[first...].withUnsafeBufferPointer { countedSteps($0, agent) }
    withExtendedLifetime(agent) { _exit(0) }
  }

  /// The best of three times; what is asked for is the same each time.
  func cost() -> Cost {
    var best = run()
    for _ in 0..<2 { best.nanoseconds = min(best.nanoseconds, run().nanoseconds) }
    return best
  }
}

@inline(__always)
private func replay(_ steps: UnsafeBufferPointer<(Instant, Step)>, _ agent: Agent) {
  for (instant, step) in steps {
    step.hand(to: agent, at: instant)
    while agent.nextOutput() != nil {}
  }
}

/// An instruction counter is told by this name when to begin.
@inline(never)
func countedSteps(_ steps: UnsafeBufferPointer<(Instant, Step)>, _ agent: Agent) {
  replay(steps, agent)
}
