import CRCML

extension Command {
  static let serve = Command(
    name: "serve", summary: "runs a document for every call that comes in, until SIGINT or SIGTERM",
    options: documentOptions + [
      Option(
        "documents", "DIR",
        "the document is DIR/NAME.xml where sip:NAME@… is called; without one: --document, --url or 404"
      ),
      Option(
        "url-from", "header:NAME|uri:NAME",
        "the URL that a --trust peer says in a header or in a parameter of the Request-URI; goes before the others"
      ),
      Option(
        "trust", "ADDRESS[/BITS]",
        "who may call and say a URL, all others get 403; may be repeated"
      ),
      Option(
        "page", "HOST:PORT",
        "serve a page of the last 200 calls at http://HOST:PORT/, for browsers; PORT = 127.0.0.1:PORT"
      ),
    ] + agentOptions
  ) { options throws(Problem) in
    let documents = try CallDocuments(options)
    let session = try AgentSession(options, obeysHangup: true)
    session.announce()
    let isDone = try session.loop { event in
      guard event.kind == Int32(RCML_EVENT_INCOMING.rawValue) else { return }
      switch documents.choose(event) {
      case .run(let document): session.run(document, for: event)
      case .refuse(let code, let phrase, let sentence):
        session.refuse(event, code, phrase, sentence)
      }
    }
    return isDone && session.isEverythingDelivered ? 0 : 1
  }
}
