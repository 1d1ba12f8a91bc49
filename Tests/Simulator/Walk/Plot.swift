/// A small world that is walked through: one caller, two called parties, one Dial, and something that happens at the
/// same time as something else. Every message is 10 ms on its way: what stands here as an instant is meant to the millisecond.
package enum Plot: String, CaseIterable, Sendable {
  /// One answers, the other rings on.
  case answer
  /// Both answer at once.
  case race
  /// The loser answers while its CANCEL is on the way.
  case crossing
  /// The loser answers although it got its CANCEL.
  case lateAnswer = "late-answer"
  /// The caller gives up as one answers.
  case giveUp = "give-up"
  /// The caller gives up while both ring.
  case leave
  /// Both refuse.
  case refusal
  /// One answers as the Dial's time is up.
  case timeout
  /// One after the other: the first refuses.
  case sequence
  /// The caller wants to acknowledge ringing (RFC 3262).
  case reliable
  /// A proxy behind the first target forks: two phones answer there.
  case fork
  /// Both sides hang up at once.
  case goodbye
  /// Both sides offer again at once (RFC 3261 §14.1).
  case glare

  /// The message from which on letters count: what comes before is the same everywhere.
  var begin: Int {
    switch self {
    case .goodbye, .glare: return 11
    case .timeout: return 5
    default: return 0
    }
  }

  /// Milliseconds: later than the next message, or so late that it is sent again before (T1 is 500 ms).
  var lateness: Int {
    switch self {
    case .race, .giveUp, .refusal, .goodbye, .fork: return 35
    default: return 620
    }
  }

  private typealias Step = CalleeScript.Step

  func scenario() -> Scenario {
    var scenario = Scenario()
    scenario.faults.delay = Course.onTheWay...Course.onTheWay
    scenario.isPlain = true
    scenario.everyDialHasAction = false
    let seconds = self == .timeout ? 1 : 10
    scenario.shortestTimeout = seconds
    scenario.callers = [caller()]
    scenario.callees = [first(), second()].map {
      Scenario.Callee(script: $0, usesStream: false, isNamed: false)
    }
    let order = self == .sequence ? #" sequential="true""# : ""
    let targets = scenario.callees.indices.map {
      "<Sip>\(Scenario.calleeURI($0, scenario.callees[$0]))</Sip>"
    }
    scenario.serving = .defaultText(
      "<Response><Dial timeout=\"\(seconds)\"\(order)>\(targets.joined())</Dial></Response>")
    return scenario
  }

  private func caller() -> CallerScript {
    var script = CallerScript(startsAt: 0)
    script.hangsUpAfter = 300
    switch self {
    case .giveUp: script.cancelsAfter = 100
    case .leave: script.cancelsAfter = 60
    case .reliable: script.reliability = .required
    case .glare:
      script.offersAgainAfter = 200
      script.hangsUpAfter = 1_500
    default: break
    }
    return script
  }

  private func first() -> CalleeScript {
    let ring = Step(after: 0, code: 180)
    var steps = [ring, Step(after: 80, code: 200, body: .good)]
    switch self {
    case .leave: steps = [ring]
    case .refusal, .sequence: steps = [ring, Step(after: 80, code: 486)]
    case .timeout: steps[1].after = 980
    case .fork: steps.append(Step(after: 5, code: 200, body: .good, fork: 1))
    default: break
    }
    var script = CalleeScript(name: "first", steps: steps)
    // The 200 is 20 ms on its way to the caller.
    if self == .goodbye { script.hangsUpAfter = 300 }
    if self == .glare { script.offersAgainAfter = 200 }
    return script
  }

  private func second() -> CalleeScript {
    let ring = Step(after: 0, code: 180)
    var script = CalleeScript(name: "second", steps: [ring])
    switch self {
    case .race: script.steps.append(Step(after: 80, code: 200, body: .good))
    case .crossing: script.steps.append(Step(after: 95, code: 200, body: .good))
    case .lateAnswer: script.onCancel = .answerLate(5)
    case .refusal: script.steps.append(Step(after: 80, code: 603))
    case .sequence: script.steps.append(Step(after: 80, code: 200, body: .good))
    default: break
    }
    return script
  }
}
