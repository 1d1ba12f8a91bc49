extension Reference {
  /// What is known of the Dial that runs.
  final class Dial {
    let plan: Plan.Dial
    /// The verbs behind it.
    let rest: [Plan.Verb]
    var legs: [Leg] = []
    var waiting: [Plan.Target]
    var winner: Leg?
    var isDecided = false
    var isOver = false
    var isCancelled = false
    var timerExpired = false

    init(_ plan: Plan.Dial, _ rest: [Plan.Verb]) {
      (self.plan, self.rest, waiting) = (plan, rest, plan.targets)
    }
  }
}
