/// Which step may follow which.
struct OutcomeOrder {
  private enum State { case calling, open, answered, over }
  private var state: State
  private var isFirst = true

  /// `calls`: it is the caller of an incoming call.
  init(calls: Bool) { state = calls ? .calling : .open }

  /// Why the step may not stand here; nil = it may.
  mutating func complaint(about act: ScriptedOutcome.Act) -> String? {
    defer { isFirst = false }
    switch (act, state) {
    case (_, .over):
      return "nothing can follow any more: leave it out"
    case (.silence, _):
      state = .over
    case (.unreachable, .calling):
      return "the caller is nobody's phone to ring: key=K, bye or none is needed"
    case (.unreachable, _):
      guard isFirst else { return "only a first step can be refused" }
      state = .over
    case (.bye, .open):
      return "nobody has answered: put 200 before it"
    case (.press, .open):
      return "nobody has answered: put 200 before it"
    case (.press, .calling), (.press, .answered):
      break
    case (.bye, .calling), (.bye, .answered):
      state = .over
    case (.respond, .calling):
      return "the caller is nobody's phone to ring: key=K, bye or none is needed"
    case (.respond, .answered):
      return "the call is answered: only key=K, bye or none can follow"
    case (.respond(let code), .open):
      if code >= 300 {
        // Whoever is asked for credentials may call again, and whoever is sent on, elsewhere (U-30).
        state = code < 400 || code == 401 || code == 407 ? .open : .over
      } else if code >= 200 {
        state = .answered
      }
    }
    return nil
  }
}
