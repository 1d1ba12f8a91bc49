/// A second reading of the specification: what a plan must lead to, effect by effect (I-R1).
///
/// Written from the clauses alone, as plainly as possible, and sharing nothing with the real interpreter. The
/// network takes no time here. Where two things happen so close together that a real network may turn them round,
/// the plan is called ambiguous and proves nothing.
final class Reference {
  enum LegState { case calling, ringing, screening, bridged, cancelling, over }

  final class Leg {
    let target: Plan.Target
    let index: Int
    var state = LegState.calling
    var hasProvisional = false
    var hasAnswered = false
    var isTold = false
    var mayCancel = true
    var isGivenUp = false
    var status = ""
    var dialStatus = ""
    var code: Int?
    var screening = "-"
    var answeredAt = 0
    var duration = 0
    var mediaFailed = false
    var callbacks = 0
    init(_ target: Plan.Target, _ index: Int) { (self.target, self.index) = (target, index) }
    var name: String { target.callee.map { "callee\($0)" } ?? "invalid\(index)" }
    var isActive: Bool {
      state == .calling || state == .ringing || state == .screening || state == .bridged
    }
  }

  final class Dial {
    let plan: Plan.Dial
    let rest: [Plan.Verb]
    var legs: [Leg] = []
    var waiting: [Plan.Target]
    var winner: Leg?
    var isDecided = false
    var isOver = false
    var timerExpired = false
    var ended = ""
    init(_ plan: Plan.Dial, _ rest: [Plan.Verb]) {
      (self.plan, self.rest, waiting) = (plan, rest, plan.targets)
    }
  }

  /// Nearer than this is ambiguous, in milliseconds.
  static let margin = 40

  private let plan: Plan
  private var queue: [(at: Int, order: Int, isEcho: Bool, act: () -> Bool)] = []
  private var now = 0
  private var last = -Reference.margin
  private var order = 0
  private(set) var effects: [SeenEffect] = []
  private(set) var isAmbiguous = false
  private var isAnswered = false
  private var isGone = false
  private var dial: Dial?
  /// M-30, by the last Dial.
  private var lastCode: Int?

  init(_ plan: Plan) { self.plan = plan }

  func run() {
    if let after = plan.cancelsAfter {
      later(after) { [self] in !isAnswered && callerLeaves() }
    }
    run(plan.document)
    while let next = queue.indices.min(by: {
      (queue[$0].at, queue[$0].order) < (queue[$1].at, queue[$1].order)
    }) {
      let entry = queue.remove(at: next)
      now = entry.at
      let isNear = now - last < Reference.margin
      guard entry.act() else {
        // Too late to mean anything, but only just.
        if isNear, !entry.isEcho { isAmbiguous = true }
        continue
      }
      if isNear { isAmbiguous = true }
      last = now
    }
  }

  /// `act` says whether it still meant anything.
  private func later(_ milliseconds: Int, _ act: @escaping () -> Bool) {
    order += 1
    queue.append((now + milliseconds, order, milliseconds == 0, act))
  }

  private func note(_ text: String) { effects.append(SeenEffect(at: now, text: text)) }

  // Documents.

  private func run(_ verbs: [Plan.Verb]) {
    guard !isGone else { return }
    let rest = Array(verbs.dropFirst())
    switch verbs.first {
    case nil, .hangup: endCall(lastCode ?? 480)  // L-46, V-18, M-30
    case .reject(let busy): endCall(busy ? 486 : 603)  // V-17
    case .pause(let seconds): later(seconds * 1000) { [self] in isGone ? false : go { run(rest) } }
    case .redirect(let path):
      fetch(
        path, while: { [self] in !isGone },
        then: { [self] verbs in
          if let verbs { return run(verbs) }
          // H-31, M-32
          if rest.isEmpty { endCall(500) } else { run(rest) }
        })
    case .dial(let plan): start(Dial(plan, rest))
    }
  }

  private func go(_ act: () -> Void) -> Bool {
    act()
    return true
  }

  private func fetch(
    _ path: String, _ parameters: String = "", while isAlive: @escaping () -> Bool,
    then: @escaping ([Plan.Verb]?) -> Void
  ) {
    note("fetch \(path)\(parameters)")
    guard let page = plan.pages[path] else { return }
    later(page.delay) { [self] in isAlive() ? go { then(page.verbs) } : false }
  }

  private func endCall(_ code: Int) {
    isGone = true
    note(isAnswered ? "BYE caller0" : "caller \(code)")
  }

  /// L-32, L-47
  private func callerLeaves() -> Bool {
    guard !isGone else { return false }
    isGone = true
    if !isAnswered { note("caller 487") }
    guard let dial, !dial.isOver else { return true }
    dial.ended = "canceled"
    if let winner = dial.winner {
      close(winner, "completed", in: dial)
    } else {
      giveUp(dial, except: nil)
    }
    finish(dial)
    return true
  }

  // The Dial.

  private func start(_ dial: Dial) {
    self.dial = dial
    if dial.plan.isSequential {
      startNext(dial)
    } else {
      startTimer(dial)
      while !dial.waiting.isEmpty { startLeg(dial) }
    }
    finishIfDone(dial)
  }

  /// F-10: the Dial timer restarts with each target.
  private func startNext(_ dial: Dial) {
    guard !isGone, !dial.isOver, !dial.isDecided, !dial.waiting.isEmpty else { return }
    startLeg(dial)
    startTimer(dial)
  }

  /// L-31
  private func startTimer(_ dial: Dial) {
    let count = dial.legs.count
    later(dial.plan.timeout * 1000) { [self] in
      guard !dial.isOver, dial.winner == nil, !dial.plan.isSequential || dial.legs.count == count
      else { return false }
      let open = dial.legs.filter { $0.state == .calling || $0.state == .ringing }
      guard !open.isEmpty else { return false }
      dial.timerExpired = true
      for leg in open { cancel(leg, "no-answer", in: dial) }
      finishIfDone(dial)
      return true
    }
  }

  private func startLeg(_ dial: Dial) {
    let leg = Leg(dial.waiting.removeFirst(), dial.legs.count)
    dial.legs.append(leg)
    tell(leg, "initiated")
    guard let number = leg.target.callee else {
      return over(leg, "failed", in: dial)  // S-6
    }
    note("INVITE \(leg.name)")
    let callee = plan.callees[number]
    if let (at, code) = callee.provisional { later(at) { [self] in provisional(leg, code, dial) } }
    if let (at, code, isUsable) = callee.final {
      later(at) { [self] in final(leg, code, isUsable, dial) }
    }
    // Timer B
    later(32_000) { [self] in
      guard leg.state == .calling, !leg.hasProvisional else { return false }
      return go { over(leg, "failed", in: dial) }
    }
  }

  private func provisional(_ leg: Leg, _ code: Int, _ dial: Dial) -> Bool {
    guard !leg.hasProvisional else { return false }
    leg.hasProvisional = true
    switch leg.state {
    case .calling where code > 100:
      leg.state = .ringing
      tell(leg, "ringing")
    case .cancelling, .over: sendCancel(leg, dial)  // F-7
    case .calling, .ringing, .screening, .bridged: return false
    }
    return true
  }

  private func final(_ leg: Leg, _ code: Int, _ isUsable: Bool, _ dial: Dial) -> Bool {
    guard leg.mayCancel, !leg.hasAnswered else { return false }
    leg.hasAnswered = true
    if !dial.isOver { leg.code = code }
    let isWaited = leg.state == .calling || leg.state == .ringing
    guard code < 300 else {
      if isWaited {
        over(leg, Reference.status(code), in: dial)
      } else if leg.state == .cancelling {
        over(leg, leg.status, in: dial)  // L-21
      }
      return true
    }
    guard isWaited, isUsable else {
      if isWaited { leg.mediaFailed = true }
      close(leg, isWaited ? "failed" : leg.status, in: dial)  // L-20, L-23
      return true
    }
    leg.answeredAt = now
    tell(leg, "answered")
    if let number = leg.target.callee, let after = plan.callees[number].hangsUpAfter {
      later(after) { [self] in calleeLeaves(leg, dial) }
    }
    leg.state = .screening
    guard let url = leg.target.screening else { return go { accept(leg, dial) } }
    if dial.plan.firstAnswerWins {  // F-4
      dial.isDecided = true
      giveUp(dial, except: leg)
    }
    later(leg.target.limit * 1000) { [self] in  // C-14
      leg.state == .screening ? go { drop(leg, "timeout", dial) } : false
    }
    screen(leg, url, dial)
    return true
  }

  /// M-1
  static func status(_ code: Int) -> String {
    switch code {
    case 486, 600, 603, 607: "busy"
    case 480, 408, 487: "no-answer"
    default: "failed"
    }
  }

  // Screening.

  private func screen(_ leg: Leg, _ url: String, _ dial: Dial) {
    fetch(
      url, while: { leg.state == .screening },
      then: { [self] verbs in
        guard let verbs, !verbs.contains(where: { if case .dial = $0 { true } else { false } })
        else { return drop(leg, "failed", dial) }  // C-11, C-5
        runScreening(verbs, leg, dial)
      })
  }

  private func runScreening(_ verbs: [Plan.Verb], _ leg: Leg, _ dial: Dial) {
    switch verbs.first {
    case nil: accept(leg, dial)  // C-9
    case .hangup, .reject, .dial: drop(leg, "rejected", dial)  // C-10
    case .redirect(let path): screen(leg, path, dial)
    case .pause(let seconds):
      later(seconds * 1000) { [self] in
        leg.state == .screening
          ? go { runScreening(Array(verbs.dropFirst()), leg, dial) } : false
      }
    }
  }

  private func drop(_ leg: Leg, _ result: String, _ dial: Dial) {
    leg.screening = result
    let status = result == "failed" ? "failed" : "no-answer"  // C-15
    if result == "hangup" {
      over(leg, "completed", in: dial, forDial: status)
    } else {
      close(leg, "completed", in: dial, forDial: status)
    }
    finishIfDone(dial)
  }

  /// L-25, F-5
  private func accept(_ leg: Leg, _ dial: Dial) {
    if leg.target.screening != nil { leg.screening = "accepted" }
    leg.state = .bridged
    dial.winner = leg
    dial.isDecided = true
    giveUp(dial, except: leg)
    if !isAnswered {
      isAnswered = true
      note("caller 200")
      if let after = plan.hangsUpAfter { later(after) { [self] in callerLeaves() } }
    }
    later((dial.plan.timeLimit ?? 14_400) * 1000) { [self] in  // L-33
      guard leg.state == .bridged else { return false }
      close(leg, "completed", in: dial)
      finish(dial)
      return true
    }
  }

  private func calleeLeaves(_ leg: Leg, _ dial: Dial) -> Bool {
    switch leg.state {
    case .screening: drop(leg, "hangup", dial)
    case .bridged:
      over(leg, "completed", in: dial)
      finish(dial)
    case .calling, .ringing, .cancelling, .over: return false
    }
    return true
  }

  // Ends.

  private func giveUp(_ dial: Dial, except winner: Leg?) {
    for leg in dial.legs where leg !== winner {
      if leg.state == .screening {
        close(leg, "completed", in: dial, forDial: "canceled")
      } else if leg.state == .calling || leg.state == .ringing {
        cancel(leg, "canceled", in: dial)
      }
    }
  }

  /// L-19, L-22
  private func cancel(_ leg: Leg, _ status: String, in dial: Dial) {
    leg.state = .cancelling
    leg.isGivenUp = true
    leg.status = status
    leg.dialStatus = status
    if leg.hasProvisional { return sendCancel(leg, dial) }
    later(5_000) { [self] in
      leg.state == .cancelling ? go { over(leg, status, in: dial) } : false
    }
  }

  /// The callee obeys: its 487 comes when everything of this instant is done.
  private func sendCancel(_ leg: Leg, _ dial: Dial) {
    guard leg.mayCancel, !leg.hasAnswered else { return }
    leg.mayCancel = false
    note("CANCEL \(leg.name)")
    later(0) { [self] in
      if !dial.isOver { leg.code = 487 }
      if leg.state == .cancelling { over(leg, leg.status, in: dial) }
      return false
    }
  }

  /// L-28: the leg is over when its BYE was answered, when everything of this instant is done.
  private func close(_ leg: Leg, _ status: String, in dial: Dial, forDial: String? = nil) {
    note("BYE \(leg.name)")
    if leg.state != .over { over(leg, status, in: dial, forDial: forDial, isClosing: true) }
  }

  private func over(
    _ leg: Leg, _ status: String, in dial: Dial, forDial: String? = nil, isClosing: Bool = false
  ) {
    leg.state = .over
    leg.status = status
    leg.dialStatus = forDial ?? status
    if leg.isTold { leg.duration = now - leg.answeredAt }
    if isClosing {
      later(0) { [self] in
        ended(leg, status, in: dial)
        return false
      }
    } else {
      ended(leg, status, in: dial)
    }
    finishIfDone(dial)
  }

  private func ended(_ leg: Leg, _ status: String, in dial: Dial) {
    tell(leg, "completed", " \(status)")
    if dial.plan.isSequential, leg === dial.legs.last { startNext(dial) }
    finishIfDone(dial)
  }

  private func tell(_ leg: Leg, _ event: String, _ more: String = "") {
    if event == "answered" { leg.isTold = true }
    note("\(leg.name) \(event)\(more)")
    guard let events = leg.target.events, events.contains(event) else { return }
    note("callback \(leg.name) \(event) \(leg.callbacks)")  // K-8
    leg.callbacks += 1
  }

  /// L-40
  private func finishIfDone(_ dial: Dial) {
    guard !dial.isOver, !dial.legs.contains(where: \.isActive) else { return }
    if !dial.waiting.isEmpty, !dial.isDecided, !isGone { return }
    finish(dial)
  }

  private func finish(_ dial: Dial) {
    guard !dial.isOver else { return }
    dial.isOver = true
    let statuses = dial.legs.map(\.dialStatus)
    let status: String
    if dial.winner != nil {  // M-3
      status = "completed"
    } else if dial.ended == "canceled" {
      status = "canceled"
    } else if dial.timerExpired {
      status = "no-answer"
    } else {
      status = ["no-answer", "busy", "failed"].first { statuses.contains($0) } ?? "failed"
    }
    let deciding = dial.winner ?? dial.legs.first { $0.dialStatus == status } ?? dial.legs.first
    let duration = dial.winner?.duration ?? 0
    if dial.winner != nil, duration % 1000 < 20 || duration % 1000 > 980 { isAmbiguous = true }
    note(
      "dial \(status) \(deciding?.name ?? "-") \(deciding?.code.map { "\($0)" } ?? "-") "
        + "\(dial.winner != nil) \(deciding?.screening ?? "-") \(duration / 1000)")
    lastCode = Reference.relayed(dial, deciding)
    if let action = dial.plan.action {
      fetch(
        action, " \(status)", while: { [self] in !isGone },
        then: { [self] verbs in run(verbs ?? dial.rest) })  // L-41, L-43
    } else {
      run(dial.rest)
    }
  }

  /// M-30, Q-11
  private static func relayed(_ dial: Dial, _ leg: Leg?) -> Int {
    guard let leg else { return 404 }
    if let code = leg.code, code >= 400, ![401, 407, 487].contains(code) { return code }
    if leg.code == 401 || leg.code == 407 { return 403 }
    if let code = leg.code, (300..<400).contains(code) { return 480 }
    if leg.code == 487, !leg.isGivenUp { return 480 }  // Q-11: without our CANCEL
    if dial.timerExpired { return 408 }
    if ["rejected", "timeout", "hangup"].contains(leg.screening) { return 480 }
    if leg.screening == "failed" || leg.mediaFailed { return 500 }
    return 503
  }
}
