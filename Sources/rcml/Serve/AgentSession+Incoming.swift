import CRCML

/// What becomes of a call that comes in.
extension AgentSession {
  func run(_ document: DocumentChoice, for incoming: rcml_event) {
    var error = AgentSession.noError()
    let result = document.lend { rcml_call_run(agent, incoming.call, $0, &error) }
    // The caller may have given up meanwhile: then there is nothing to run it on.
    guard result < 0, result != RCML_E_GONE.rawValue else { return }
    refuse(incoming, result == RCML_E_URI.rawValue ? 400 : 500, nil, AgentSession.text(of: error))
  }

  /// The caller gets `code` and `phrase` (nil = the usual one); the sentence is told as any other refusal is.
  func refuse(_ incoming: rcml_event, _ code: Int32, _ phrase: String?, _ sentence: String) {
    var told = incoming
    told.kind = Int32(RCML_EVENT_REFUSED.rawValue)
    told.sip_code = code
    sentence.withCString { sentence in
      // Nothing but what such an event has.
      "".withCString { none in
        (told.from, told.from_name, told.to, told.url, told.body) = (none, none, none, none, none)
        told.peer_name = none
        told.text = sentence
        show(told)
      }
    }
    if let phrase {
      rcml_call_reject(agent, incoming.call, code, phrase, nil)
    } else {
      rcml_call_reject(agent, incoming.call, code, nil, nil)
    }
  }
}
