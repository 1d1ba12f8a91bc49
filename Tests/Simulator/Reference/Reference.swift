/// A second reading of the specification: what a plan must lead to, effect by effect (I-R1).
///
/// Written from the clauses alone, as plainly as possible, and sharing nothing with the real interpreter. The
/// network takes no time here. Where two things happen so close together that a real network may turn them round,
/// the plan is called ambiguous and proves nothing.
final class Reference {
  static let margin = 40  // milliseconds: what is nearer is ambiguous

  private let plan: Plan
  /// An echo belongs to the instant in which it was begun.
  private var queue: [(at: Int, isEcho: Bool, isWanted: () -> Bool, act: () -> Void)] = []
  private var now = 0
  private var last = -Reference.margin
  private(set) var effects: [SeenEffect] = []
  private(set) var isAmbiguous = false
  private var isAnswered = false
  private var isGone = false
  private var dials: [Dial] = []
  private var lastCode = 480  // M-30, by the last Dial

  init(_ plan: Plan) { self.plan = plan }

  func run() {
    if let after = plan.cancelsAfter {
      later(after, while: { [self] in !isAnswered && !isGone }, callerLeaves)
    }
    run(plan.document)
    while !queue.isEmpty {
      let event = queue.removeFirst()
      now = event.at
      let isWanted = event.isWanted()
      if isWanted { event.act() }
      guard !event.isEcho else { continue }
      // What comes too late, but only just, might have come in time.
      if now - last < Reference.margin { isAmbiguous = true }
      if isWanted { last = now }
    }
  }

  private func later(
    _ milliseconds: Int, while isWanted: @escaping () -> Bool = { true },
    _ act: @escaping () -> Void
  ) {
    let at = now + milliseconds
    let place = queue.firstIndex { $0.at > at } ?? queue.endIndex
    queue.insert((at, milliseconds == 0, isWanted, act), at: place)
  }

  private func note(_ text: String) { effects.append(SeenEffect(at: now, text: text)) }
  private func isHere() -> Bool { !isGone }

  // Documents.

  private func run(_ verbs: [Plan.Verb]) {
    guard !isGone else { return }
    let rest = Array(verbs.dropFirst())
    switch verbs.first {
    case nil, .hangup: endCall(lastCode)  // L-46, V-18, M-30
    case .reject(let busy): endCall(busy ? 486 : 603)  // V-17
    case .pause(let seconds): later(seconds * 1000, while: isHere) { [self] in run(rest) }
    case .redirect(let path):
      fetch(path, while: isHere) { [self] verbs in
        if verbs == nil, rest.isEmpty { return endCall(500) }  // H-31, M-32
        run(verbs ?? rest)
      }
    case .dial(let plan):
      let dial = Dial(plan, rest)
      dials.append(dial)
      startNext(dial)
      finishIfDone(dial)
    }
  }

  private func fetch(
    _ path: String, _ parameters: String = "", while isWanted: @escaping () -> Bool,
    _ then: @escaping ([Plan.Verb]?) -> Void
  ) {
    note("fetch \(path)\(parameters)")
    if let page = plan.pages[path] { later(page.delay, while: isWanted) { then(page.verbs) } }
  }

  private func endCall(_ code: Int) {
    isGone = true
    note(isAnswered ? "BYE caller0" : "caller \(code)")
  }

  private func callerLeaves() {  // L-32, L-47
    isGone = true
    if !isAnswered { note("caller 487") }
    guard let dial = dials.last, !dial.isOver else { return }
    dial.isCancelled = true
    if let winner = dial.winner { over(winner, "completed", saysBye: true) } else { giveUp(dial) }
    finish(dial)
  }

  // The Dial.

  /// All at once (F-1), or the next one (F-10): the Dial timer restarts with it.
  private func startNext(_ dial: Dial) {
    guard !isGone, !dial.isOver, !dial.isDecided, !dial.waiting.isEmpty else { return }
    repeat { startLeg(dial) } while !dial.plan.isSequential && !dial.waiting.isEmpty
    let legs = dial.legs.count
    let isAwaited = { dial.legs.count == legs && dial.legs.contains(where: \.isUnanswered) }
    later(dial.plan.timeout * 1000, while: isAwaited) { [self] in  // L-31
      dial.timerExpired = true
      for leg in dial.legs where leg.isUnanswered { cancel(leg, "no-answer") }
      finishIfDone(dial)
    }
  }

  private func startLeg(_ dial: Dial) {
    let leg = Leg(dial.waiting.removeFirst(), of: dial)
    dial.legs.append(leg)
    tell(leg, "initiated")
    guard let number = leg.target.callee else { return over(leg, "failed") }  // S-6
    note("INVITE \(leg.name)")
    if let (at, code) = plan.callees[number].provisional {
      leg.heardAt = now + at
      let isHeard = { !leg.isActive || leg.state == .calling && code > 100 }
      later(at, while: isHeard) { [self] in
        if !leg.isActive { return sendCancel(leg) }  // F-7
        leg.state = .ringing
        tell(leg, "ringing")
      }
    }
    if let (at, code, isUsable) = plan.callees[number].final {
      later(at, while: leg.isWaiting) { [self] in final(leg, code, isUsable) }
    }
    guard leg.heardAt == .max else { return }
    later(32_000, while: leg.isIn(.calling)) { [self] in over(leg, "failed") }  // Timer B
  }

  private func final(_ leg: Leg, _ code: Int, _ isUsable: Bool) {
    if !leg.dial.isOver { leg.code = code }
    switch (leg.isUnanswered, code) {
    case (true, 300...): over(leg, Reference.status(code))
    case (true, _) where isUsable: answered(leg)
    case (true, _):
      leg.mediaFailed = true
      over(leg, "failed", saysBye: true)  // L-23
    case (false, 300...): if leg.state == .cancelling { over(leg, leg.status) }  // L-21
    case (false, _): over(leg, leg.status, saysBye: true)  // L-20
    }
  }

  private func answered(_ leg: Leg) {  // C-14
    (leg.state, leg.answeredAt) = (.screening, now)
    tell(leg, "answered")
    if let after = leg.target.callee.flatMap({ plan.callees[$0].hangsUpAfter }) {
      later(after, while: leg.isUp) { [self] in
        if leg.state == .screening { return drop(leg, "hangup") }
        over(leg, "completed")
        finish(leg.dial)
      }
    }
    guard let url = leg.target.screening else { return accept(leg) }
    if leg.dial.plan.firstAnswerWins {  // F-4
      leg.dial.isDecided = true
      giveUp(leg.dial, except: leg)
    }
    later(leg.target.limit * 1000, while: leg.isIn(.screening)) { [self] in drop(leg, "timeout") }
    screen(leg, url)
  }

  // Screening.

  private func screen(_ leg: Leg, _ url: String) {  // C-5, C-11
    fetch(url, while: leg.isIn(.screening)) { [self] verbs in
      guard let verbs, !verbs.contains(where: \.isDial) else { return drop(leg, "failed") }
      screen(leg, verbs)
    }
  }

  private func screen(_ leg: Leg, _ verbs: [Plan.Verb]) {
    switch verbs.first {
    case nil: accept(leg)  // C-9
    case .hangup, .reject, .dial: drop(leg, "rejected")  // C-10
    case .redirect(let path): screen(leg, path)
    case .pause(let seconds):
      later(seconds * 1000, while: leg.isIn(.screening)) { [self] in
        screen(leg, Array(verbs.dropFirst()))
      }
    }
  }

  private func drop(_ leg: Leg, _ result: String) {
    leg.screening = result
    let status = result == "failed" ? "failed" : "no-answer"  // C-15
    over(leg, "completed", forDial: status, saysBye: result != "hangup")
  }

  private func accept(_ leg: Leg) {  // L-25, F-5
    if leg.target.screening != nil { leg.screening = "accepted" }
    leg.state = .bridged
    (leg.dial.winner, leg.dial.isDecided) = (leg, true)
    giveUp(leg.dial, except: leg)
    if !isAnswered {
      isAnswered = true
      note("caller 200")
      if let after = plan.hangsUpAfter { later(after, while: isHere, callerLeaves) }
    }
    later((leg.dial.plan.timeLimit ?? 14_400) * 1000, while: leg.isIn(.bridged)) { [self] in
      over(leg, "completed", saysBye: true)  // L-33
      finish(leg.dial)
    }
  }

  private func giveUp(_ dial: Dial, except winner: Leg? = nil) {
    for leg in dial.legs where leg !== winner {
      if leg.state == .screening { over(leg, "completed", forDial: "canceled", saysBye: true) }
      if leg.isUnanswered { cancel(leg, "canceled") }
    }
  }

  private func cancel(_ leg: Leg, _ status: String) {  // L-19, L-22
    (leg.state, leg.isGivenUp) = (.cancelling, true)
    (leg.status, leg.dialStatus) = (status, status)
    if leg.heardAt <= now { return sendCancel(leg) }
    later(5_000, while: leg.isIn(.cancelling)) { [self] in over(leg, status) }
  }

  /// The callee obeys: its 487 comes when everything of this instant is done.
  private func sendCancel(_ leg: Leg) {
    guard leg.mayCancel else { return }
    leg.mayCancel = false
    note("CANCEL \(leg.name)")
    later(0) { [self] in
      if !leg.dial.isOver { leg.code = 487 }
      if leg.state == .cancelling { over(leg, leg.status) }
    }
  }

  /// L-28: after a BYE of ours it is over when that was answered, when everything of this instant is done.
  private func over(_ leg: Leg, _ status: String, forDial: String? = nil, saysBye: Bool = false) {
    if saysBye { note("BYE \(leg.name)") }
    guard leg.state != .over else { return }
    leg.state = .over
    (leg.status, leg.dialStatus) = (status, forDial ?? status)
    leg.duration = now - (leg.answeredAt ?? now)
    if saysBye { later(0) { [self] in ended(leg) } } else { ended(leg) }
    finishIfDone(leg.dial)
  }

  private func ended(_ leg: Leg) {
    tell(leg, "completed", " \(leg.status)")
    if leg.dial.plan.isSequential, leg === leg.dial.legs.last { startNext(leg.dial) }
  }

  private func tell(_ leg: Leg, _ event: String, _ more: String = "") {
    note("\(leg.name) \(event)\(more)")
    guard leg.target.events?.contains(event) ?? false else { return }
    note("callback \(leg.name) \(event) \(leg.callbacks)")  // K-8
    leg.callbacks += 1
  }

  private func finishIfDone(_ dial: Dial) {  // L-40
    guard !dial.legs.contains(where: \.isActive) else { return }
    if dial.waiting.isEmpty || dial.isDecided || isGone { finish(dial) }
  }

  private func finish(_ dial: Dial) {
    guard !dial.isOver else { return }
    dial.isOver = true
    let status = Reference.status(dial)
    let leg = dial.winner ?? dial.legs.first { $0.dialStatus == status } ?? dial.legs.first
    let duration = dial.winner?.duration ?? 0
    if dial.winner != nil, duration % 1000 < 20 || duration % 1000 > 980 { isAmbiguous = true }
    note(
      "dial \(status) \(leg?.name ?? "-") \(leg?.code.map { "\($0)" } ?? "-") "
        + "\(dial.winner != nil) \(leg?.screening ?? "-") \(duration / 1000)")
    lastCode = Reference.relayed(dial, leg)
    guard let action = dial.plan.action else { return run(dial.rest) }
    fetch(action, " \(status)", while: isHere) { [self] in run($0 ?? dial.rest) }  // L-41, L-43
  }

  private static func status(_ code: Int) -> String {  // M-1
    if [486, 600, 603, 607].contains(code) { return "busy" }
    return [408, 480, 487].contains(code) ? "no-answer" : "failed"
  }

  private static func status(_ dial: Dial) -> String {  // M-3
    if dial.winner != nil { return "completed" }
    if dial.isCancelled { return "canceled" }
    if dial.timerExpired { return "no-answer" }
    let statuses = dial.legs.map(\.dialStatus)
    return ["no-answer", "busy", "failed"].first { statuses.contains($0) } ?? "failed"
  }

  private static func relayed(_ dial: Dial, _ leg: Leg?) -> Int {  // M-30, Q-11
    guard let leg else { return 404 }
    if leg.code == 401 || leg.code == 407 { return 403 }
    if leg.code == 487, !leg.isGivenUp { return 480 }  // Q-11: without our CANCEL
    if let code = leg.code, (300..<400).contains(code) { return 480 }
    if let code = leg.code, code >= 400, code != 487 { return code }
    if dial.timerExpired { return 408 }
    if ["rejected", "timeout", "hangup"].contains(leg.screening) { return 480 }
    return leg.screening == "failed" || leg.mediaFailed ? 500 : 503
  }
}
