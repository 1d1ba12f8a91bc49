/// Draws what one callee does (failures §3.2).
struct CalleeWriter {
  private var dice: Dice

  init(dice: Dice) { self.dice = dice }

  mutating func draw() -> CalleeScript {
    var script = behaviour()
    switch dice.below(10) {
    case 0: script.onCancel = .keepSilent
    case 1: script.onCancel = .answerLate(dice.one(of: [0, 1, 30, 400, 6_000]))
    case 2: script.onCancel = .ignore
    default: break
    }
    if dice.chance(60) { script.hangsUpAfter = dice.one(of: [0, 1, dice.within(0...12_000)]) }
    if dice.chance(5) { script.hangsUpAtOnce = true }
    if dice.chance(10) { script.offersAgainAfter = dice.within(0...3_000) }
    if dice.chance(5) { script.vanishesAfter = dice.within(0...15_000) }
    if dice.chance(10) { script.answerToOffer = dice.one(of: [488, 491, 500, 481]) }
    return script
  }

  /// Whom it asks for credentials: drawn apart, so that it shifts nothing else.
  mutating func drawLock() -> PhoneLock? {
    guard dice.chance(12) else { return nil }
    typealias Challenge = PhoneLock.Challenge
    let isProxy = dice.chance(50)
    let first = Challenge(isProxy: isProxy)
    var lock: PhoneLock
    switch dice.below(8) {
    case 0: lock = PhoneLock(challenges: [Challenge(isProxy: true), Challenge(isProxy: false)])
    case 1:
      lock = PhoneLock(challenges: [first, Challenge(isProxy: !isProxy, realm: "elsewhere")])
    case 2: lock = PhoneLock(challenges: [first, Challenge(isProxy: isProxy, kind: .stale)])
    case 3:
      lock = PhoneLock(challenges: [first, Challenge(isProxy: isProxy, kind: .stale)])
      lock.isEndless = true
    case 4:
      lock = PhoneLock(challenges: [first])
      lock.isEndless = true
    case 5: lock = PhoneLock(challenges: [Challenge(isProxy: isProxy, kind: .unusable)])
    case 6: lock = PhoneLock(challenges: [Challenge(isProxy: isProxy, kind: .both)])
    default: lock = PhoneLock(challenges: [first])
    }
    lock.asksInDialog = dice.chance(40)
    lock.isKnown = dice.chance(85)
    return lock
  }

  private mutating func behaviour() -> CalleeScript {
    let soon = dice.one(of: [0, 1, 20, 200])
    let ring = CalleeScript.Step(after: soon, code: 180)
    let answerAfter = dice.one(of: [0, 1, 100, dice.within(0...3_000), dice.within(0...12_000)])
    let answer = CalleeScript.Step(after: answerAfter, code: 200, body: .good)
    switch dice.below(20) {
    case 0: return CalleeScript(name: "silent", steps: [])
    case 1: return CalleeScript(name: "trying", steps: [.init(after: soon, code: 100)])
    case 2: return CalleeScript(name: "ringing for ever", steps: [ring])
    case 3...7: return CalleeScript(name: "answers", steps: [ring, answer])
    case 8:
      return CalleeScript(
        name: "early media", steps: [.init(after: soon, code: 183, body: .good), answer])
    case 9: return CalleeScript(name: "answers at once", steps: [answer])
    case 10...13: return failure(soon)
    case 14:
      return CalleeScript(
        name: "redirects", steps: [.init(after: soon, code: dice.one(of: [300, 301, 302]))])
    case 15: return fork(ring, answer)
    case 16:
      return CalleeScript(
        name: "answers without a session", steps: [ring, .init(after: answerAfter, code: 200)])
    case 17:
      return CalleeScript(
        name: "answers with a bad session",
        steps: [ring, .init(after: answerAfter, code: 200, body: .bad)])
    case 18:
      let again = CalleeScript.Step(after: dice.within(0...500), code: 180)
      return CalleeScript(name: "rings twice", steps: [ring, again, answer])
    default:
      return CalleeScript(
        name: "trying first", steps: [.init(after: 0, code: 100), ring, answer])
    }
  }

  private mutating func failure(_ soon: Int) -> CalleeScript {
    let code = dice.one(of: [486, 486, 600, 603, 404, 480, 500, 503, 403, 488, 487, 408])
    let after = dice.one(of: [0, 1, dice.within(0...4_000)])
    let refusal = CalleeScript.Step(after: after, code: code)
    let isAtOnce = dice.chance(40)
    return CalleeScript(
      name: "refuses",
      steps: isAtOnce ? [refusal] : [.init(after: soon, code: 180), refusal])
  }

  /// A proxy behind the target forks: several phones ring, two or more answer.
  private mutating func fork(
    _ ring: CalleeScript.Step, _ answer: CalleeScript.Step
  ) -> CalleeScript {
    var steps = [ring, answer]
    for other in 1...dice.within(1...3) {
      steps.append(
        .init(after: dice.one(of: [0, 1, 50, 600]), code: 200, body: .good, fork: other))
    }
    return CalleeScript(name: "forks", steps: steps)
  }
}
