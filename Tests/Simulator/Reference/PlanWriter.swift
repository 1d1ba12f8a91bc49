/// Draws a plan from a seed: documents of one to three Dials, and callees that do one thing each.
struct PlanWriter {
  private var dice: Dice
  private var plan = Plan()
  private var pages = 0

  init(seed: UInt64) { dice = Dice(seed).split(7) }

  mutating func draw() -> Plan {
    for _ in 0..<dice.one(of: [1, 1, 2, 2, 3, 4]) { plan.callees.append(callee()) }
    if dice.chance(25) { plan.cancelsAfter = dice.within(100...20_000) }
    if dice.chance(60) { plan.hangsUpAfter = dice.within(300...15_000) }
    plan.document = verbs(depth: dice.one(of: [0, 1, 2]))
    return plan
  }

  private mutating func callee() -> Plan.Callee {
    var callee = Plan.Callee()
    let first = dice.within(60...3_000)
    if dice.chance(80) { callee.provisional = (first, dice.one(of: [100, 180, 180, 183])) }
    let then = first + dice.one(of: [dice.within(60...2_000), dice.within(60...15_000)])
    let codes = [486, 600, 603, 607, 480, 408, 487, 404, 403, 401, 302, 500, 503, 488, 606, 410]
    if dice.chance(55) {
      callee.final = (then, 200, dice.chance(92))
    } else if dice.chance(80) {
      callee.final = (then, dice.one(of: codes), true)
    }
    if dice.chance(50) { callee.hangsUpAfter = dice.within(300...12_000) }
    return callee
  }

  private mutating func page(_ verbs: [Plan.Verb]?, under folder: String) -> String {
    pages += 1
    let path = "/\(folder)/\(pages)"
    plan.pages[path] = Plan.Page(verbs: verbs, delay: dice.within(150...2_500))
    return path
  }

  private mutating func verbs(depth: Int) -> [Plan.Verb] {
    var verbs: [Plan.Verb] = []
    if dice.chance(15) { verbs.append(.pause(seconds: dice.within(1...3))) }
    if dice.chance(90) { verbs.append(.dial(dial(depth: depth))) }
    switch dice.below(9) {
    case 0: verbs.append(.hangup)
    case 1: verbs.append(.reject(busy: dice.chance(50)))
    case 2: verbs.append(.pause(seconds: 2))
    case 3 where depth > 0: verbs.append(.redirect(next(depth - 1, under: "doc")))
    case 4, 5: if depth > 0 { verbs.append(.dial(dial(depth: depth - 1))) }
    default: break
    }
    return verbs
  }

  private mutating func next(_ depth: Int, under folder: String) -> String {
    page(dice.chance(85) ? (dice.chance(25) ? [] : verbs(depth: depth)) : nil, under: folder)
  }

  private mutating func dial(depth: Int) -> Plan.Dial {
    var dial = Plan.Dial()
    dial.timeout = dice.one(of: [2, 5, 8, 12, 20, 40])
    if dice.chance(30) { dial.timeLimit = dice.within(1...12) }
    dial.isSequential = dice.chance(25)
    dial.firstAnswerWins = dice.chance(25)
    if dice.chance(40) { dial.action = next(max(0, depth - 1), under: "action") }
    for index in plan.callees.indices where index == 0 || dice.chance(75) {
      dial.targets.append(target(index))
      if dice.chance(5) { dial.targets.append(target(nil)) }
    }
    return dial
  }

  private mutating func target(_ callee: Int?) -> Plan.Target {
    var target = Plan.Target(callee: callee)
    if dice.chance(35) {
      target.events = ["initiated", "ringing", "answered", "completed"].filter { _ in
        dice.chance(70)
      }
      if target.events?.isEmpty ?? false { target.events = ["completed"] }
      target.callback = page([], under: "status")
    }
    guard callee != nil, dice.chance(30) else { return target }
    target.limit = dice.within(1...8)
    target.screening = page(screening(), under: "screen")
    return target
  }

  private mutating func screening() -> [Plan.Verb]? {
    switch dice.below(10) {
    case 0: return nil
    case 1: return [.hangup]
    case 2: return [.reject(busy: false)]
    case 3: return [.dial(Plan.Dial())]
    case 4: return [.redirect(page(dice.chance(70) ? [] : nil, under: "screen"))]
    case 5, 6: return [.pause(seconds: dice.within(1...4))]
    case 7: return [.pause(seconds: dice.within(1...4)), .hangup]
    default: return []
    }
  }
}
