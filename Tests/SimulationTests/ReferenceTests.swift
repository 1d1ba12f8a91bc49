import Testing

@testable import Simulator

/// I-R1: a second reading of the specification tells the same story as the agent.
@Suite struct ReferenceTests {
  @Test(arguments: [1, 1001, 2001] as [UInt64])
  func aThousandSimpleCallsGoAsTheSpecificationIsReadASecondTime(from first: UInt64) {
    var same = 0
    for seed in first..<(first + 300) {
      switch Comparison.run(seed: seed) {
      case .same: same += 1
      case .ambiguous: break
      case .different(let text):
        Issue.record("seed \(seed): \(text)\n\(Comparison.story(of: seed))")
      }
    }
    #expect(same > 150, "too many plans are ambiguous: only \(same) were compared")
  }

  private func isDifferent(_ expected: [SeenEffect], _ seen: [SeenEffect]) -> Bool {
    if case .different = Comparison.compare(expected, seen) { return true }
    return false
  }

  @Test func aMissingASurplusALateAndAMisplacedEffectAreEachNoticed() {
    let good = [
      SeenEffect(at: 0, text: "INVITE callee0"), SeenEffect(at: 0, text: "INVITE callee1"),
      SeenEffect(at: 900, text: "CANCEL callee0"),
    ]
    #expect(!isDifferent(good, good))
    #expect(isDifferent(good, Array(good.dropLast())))
    #expect(isDifferent(good, good + [SeenEffect(at: 950, text: "caller 200")]))
    #expect(isDifferent(good, good.dropLast() + [SeenEffect(at: 990, text: "CANCEL callee0")]))
    #expect(isDifferent(good, [good[1], good[0], good[2]]))
  }

  /// Clauses that the comparison once found broken.
  @Test func theFirstTargetsTimeoutInASequenceGivesTheCaller408() {
    // M-30, Q-11: the 487 is the fruit of our own CANCEL.
    var plan = Plan()
    plan.callees = [Plan.Callee(provisional: (100, 180)), Plan.Callee(provisional: (100, 180))]
    plan.document = [
      .dial(
        Plan.Dial(timeout: 2, isSequential: true, targets: [.init(callee: 0), .init(callee: 1)]))
    ]
    expectTheSame(plan)
  }

  @Test func a2xxThatCrossedTheCancelIsTheDialsResponseCode() {
    // M-8: received before the Dial was over.
    var plan = Plan()
    plan.callees = [Plan.Callee(final: (3_000, 200, true)), Plan.Callee()]
    plan.document = [
      .dial(
        Plan.Dial(timeout: 2, isSequential: true, targets: [.init(callee: 0), .init(callee: 1)]))
    ]
    expectTheSame(plan)
  }

  @Test func aRefusalAfterTheCancelWaitIsStillRelayedToTheCaller() {
    // L-22, M-8, M-30
    var plan = Plan()
    plan.callees = [Plan.Callee(final: (8_000, 403, true)), Plan.Callee()]
    plan.document = [
      .dial(
        Plan.Dial(timeout: 2, isSequential: true, targets: [.init(callee: 0), .init(callee: 1)]))
    ]
    expectTheSame(plan)
  }

  private func expectTheSame(_ plan: Plan) {
    switch Comparison.run(plan) {
    case .same: break
    case .ambiguous: Issue.record("the plan is ambiguous")
    case .different(let text): Issue.record("\(text)")
    }
  }
}
