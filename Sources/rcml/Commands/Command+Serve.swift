import CRCML

extension Command {
  static let serve = Command(
    name: "serve", summary: "runs a document for every call that comes in, until SIGINT or SIGTERM",
    options: documentOptions + [
      Option(
        "page", "HOST:PORT",
        "serve a page of the last 200 calls at http://HOST:PORT/, for browsers; PORT = 127.0.0.1:PORT"
      )
    ] + agentOptions
  ) { options throws(Problem) in
    let document = try DocumentChoice(options)
    let session = try AgentSession(options)
    session.announce()
    let isDone = try session.loop { event in
      guard event.kind == Int32(RCML_EVENT_INCOMING.rawValue) else { return }
      var error = AgentSession.noError()
      let result = document.lend { rcml_call_run(session.agent, event.call, $0, &error) }
      // The caller may have given up meanwhile: then there is nothing to run it on.
      if result < 0, result != RCML_E_GONE.rawValue { Words.error(AgentSession.text(of: error)) }
    }
    return isDone && session.isEverythingDelivered ? 0 : 1
  }
}
