import CRCML

extension Command {
  static let call = Command(
    name: "call", summary: "calls PARTY and runs a document on it once it answers",
    operands: "PARTY",
    options: documentOptions + [Option("from", "WHO", "who calls: sip:name@host, or a number")]
      + agentOptions
  ) { options throws(Problem) in
    let party = try options.operand("PARTY")
    let from = try options.one("from")
    let document = try DocumentChoice(options)
    let session = try AgentSession(options, listenOtherwise: ["udp:0.0.0.0:0", "tcp:0.0.0.0:0"])
    session.announce()
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
