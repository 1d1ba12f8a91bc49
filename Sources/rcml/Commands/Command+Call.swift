import CRCML

extension Command {
  static let call = Command(
    name: "call", summary: "calls PARTY and runs a document on it once it answers",
    operands: "PARTY",
    options: documentOptions + [
      Option("say", "TEXT", "say this to them: for a document of one Say"),
      Option("dial", "PARTY", "then connect them with PARTY: for a document of one Dial"),
      Option("from", "WHO", "who calls: sip:name@host, or a number"),
      Option("timeout", "SECONDS", "how long it may ring, 1 to 600; then it ends no-answer (60)"),
    ] + agentOptions
  ) { options throws(Problem) in
    let party = try options.operand("PARTY")
    let from = try options.one("from")
    // Before a socket is opened: a party that nobody could call is refused as what it is.
    if let problem = try DocumentReport.problem(ofParty: party) {
      throw .usage("\(party): \(problem)")
    }
    let timeout = try options.number("timeout", in: 1...600) ?? 0
    let document = try DocumentChoice(options)
    let session = try AgentSession(options, listenOtherwise: OwnAddress.listeners(toReach: party))
    if options.has("say") { try session.wantSpeech() }
    session.announce()
    if options.all("listen").isEmpty, !OwnAddress.isLoopback(party) {
      Words.error("Whoever calls there gets 486 Busy Here; --listen names another place.")
    }
    var call: rcml_call_id = 0
    var error = AgentSession.noError()
    let result = document.lend { lent in
      party.withCString { party in
        func place(_ from: UnsafePointer<CChar>?) -> Int32 {
          var wanted = rcml_call_options()
          wanted.struct_size = MemoryLayout<rcml_call_options>.size
          wanted.party = party
          wanted.from = from
          wanted.document = lent
          wanted.timeout = Int32(timeout)
          return rcml_agent_call(session.agent, &wanted, &call, &error)
        }
        return from?.withCString { place($0) } ?? place(nil)
      }
    }
    if result == RCML_E_URI.rawValue { throw .usage(AgentSession.text(of: error)) }
    try session.check(result, error)
    var status = ""
    var reason = ""
    let isDone = try session.loop { event in
      switch rcml_event_kind(UInt32(bitPattern: event.kind)) {
      case RCML_EVENT_INCOMING:
        rcml_call_reject(session.agent, event.call, 486, nil, nil)
      case RCML_EVENT_ENDED where event.call == call:
        status = String(cString: event.status)
        reason = String(cString: event.reason)
        rcml_agent_drain(session.agent)
      default: break
      }
    }
    // A document that could not be had or read has not done what it was to do (E-9).
    return isDone && status == "completed" && reason != "no-document" ? 0 : 1
  }
}
