import CRCML

extension Command {
  static let answer = Command(
    name: "answer", summary: "a phone: rings, answers or refuses, hangs up",
    options: [
      Option("code", "CODE", "how to answer: 200, or 300 to 699 to refuse (200)"),
      Option("ring", "SECONDS", "ring that long first"),
      Option("hangup", "SECONDS", "hang up that long after the answer"),
      Option("count", "N", "end after N calls"),
      Option("require-auth", "USER:PASSWORD", "callers must know these: digest authentication"),
      .notYet("digits", "KEYS"), .notYet("play", "FILE"), .notYet("record", "FILE"),
    ] + agentOptions
  ) { options throws(Problem) in
    let phone = try Phone(options)
    return try phone.run()
  }
}

/// What `rcml answer` does with each call.
private final class Phone {
  private let code: Int32
  private let ring: Int64?
  private let hangup: Int64?
  private let count: Int?
  private let session: AgentSession
  private var ended = 0

  init(_ options: Options) throws(Problem) {
    let code = try options.number("code", in: 200...699) ?? 200
    guard code == 200 || code >= 300 else {
      throw .usage("--code \(code): 200 answers, 300 to 699 refuse.")
    }
    self.code = Int32(code)
    ring = try options.seconds("ring")
    hangup = try options.seconds("hangup")
    count = try options.number("count", in: 1...1_000_000)
    session = try AgentSession(options)
  }

  func run() throws(Problem) -> Int32 {
    session.printer.listening(session.uris)
    let isDone = try session.loop { event in
      switch rcml_event_kind(UInt32(bitPattern: event.kind)) {
      case RCML_EVENT_INCOMING: incoming(event.call)
      case RCML_EVENT_ANSWERED: answered(event.call)
      case RCML_EVENT_ENDED: callEnded()
      default: break
      }
    }
    return isDone ? 0 : 1
  }

  private func incoming(_ call: rcml_call_id) {
    guard let ring else { return decide(call) }
    rcml_call_ring(session.agent, call, 180, nil)
    session.after(ring) { [unowned self] in decide(call) }
  }

  /// Whatever is refused here, the call has ended meanwhile.
  private func decide(_ call: rcml_call_id) {
    if code == 200 {
      rcml_call_answer(session.agent, call, nil)
    } else {
      rcml_call_reject(session.agent, call, code, nil, nil)
    }
  }

  private func answered(_ call: rcml_call_id) {
    guard let hangup else { return }
    session.after(hangup) { [unowned self] in
      rcml_call_hang_up(session.agent, call, nil)
    }
  }

  private func callEnded() {
    ended += 1
    if let count, ended >= count { rcml_agent_drain(session.agent) }
  }
}
