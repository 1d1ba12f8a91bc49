import CRCML
import Glibc

/// A document that is fetched as a call would fetch it, for `rcml check URL`: with the parameters of a call, by the same
/// rules, and told with status, content type, size and time. No call is made: the agent that asks listens nowhere, and
/// every further URL that its document names is denied.
struct LiveDocument {
  private(set) var finalURL = ""
  private(set) var contentType = ""
  private(set) var body: [UInt8] = []
  /// Its octets are not what they are said to be: what the call that asked says of it.
  private(set) var refusal: DocumentReport.Line?

  static func isURL(_ text: String) -> Bool {
    ["http://", "https://"].contains { text.lowercased().hasPrefix($0) }
  }

  /// nil = there was none, and it was said why.
  init?(_ url: String, _ options: Options) throws(Problem) {
    var error = AgentSession.noError()
    guard let agent = rcml_agent_create(&error) else { throw .failed(AgentSession.text(of: error)) }
    defer { rcml_agent_destroy(agent) }
    var lines = try SettingLine.all(options)
    for own in ["http_log=true", "http_log_limit=1048576", "ask_urls=all"] {
      lines.append(try SettingLine(own, where: ""))
    }
    for line in lines {
      guard rcml_agent_set(agent, line.name, line.value, &error) == RCML_OK.rawValue else {
        throw .usage(line.place + AgentSession.text(of: error))
      }
    }
    try LiveDocument.ask(agent, url, options)
    guard try follow(agent, isJSON: options.has("json")) else { return nil }
  }

  /// A caller who is on no line asks for it.
  private static func ask(
    _ agent: OpaquePointer, _ url: String, _ options: Options
  ) throws(Problem) {
    let method = try options.one("method") ?? "POST"
    guard method == "GET" || method == "POST" else {
      throw .usage("--method \(method): GET or POST.")
    }
    let from = try options.one("from") ?? "sip:caller@127.0.0.1"
    let to = try options.one("to") ?? "sip:service@127.0.0.1"
    var error = AgentSession.noError()
    let texts = [url, method, from, to].map { (text: String) in strdup(text) }
    defer { for text in texts { free(text) } }
    var document = rcml_document()
    document.struct_size = MemoryLayout<rcml_document>.size
    document.url = UnsafePointer(texts[0])
    document.method = UnsafePointer(texts[1])
    let result = withUnsafePointer(to: &document) { document in
      var caller = rcml_host_call_options()
      caller.struct_size = MemoryLayout<rcml_host_call_options>.size
      caller.from = UnsafePointer(texts[2])
      caller.to = UnsafePointer(texts[3])
      caller.media = Int32(RCML_HOST_PCMU.rawValue)
      caller.document = document
      var call: rcml_call_id = 0
      return rcml_agent_host_call(agent, &caller, &call, &error)
    }
    guard result >= 0 else { throw .usage("\(url): \(AgentSession.text(of: error))") }
  }

  /// Redirects are followed as a call follows them. False = nothing came of it.
  private mutating func follow(_ agent: OpaquePointer, isJSON: Bool) throws(Problem) -> Bool {
    var event = AgentSession.noEvent()
    while true {
      let result = rcml_agent_wait(agent, 120_000, &event)
      guard result > 0 else {
        throw .failed(
          String(cString: rcml_status_text(result == 0 ? RCML_E_SYSTEM.rawValue : result)))
      }
      switch rcml_event_kind(UInt32(bitPattern: event.kind)) {
      case RCML_EVENT_URL:
        rcml_agent_answer_url(agent, event.request, true, nil)
      case RCML_EVENT_EXCHANGE:
        if isJSON {
          EventPrinter(json: true).show(event)
        } else {
          Words.error(ExchangeLine.head(event))
        }
        if (200...299).contains(event.code) {
          keep(event, agent)
          return true
        }
      case RCML_EVENT_ENDED: return false
      default: break
      }
    }
  }

  /// The answer is told in UTF-8 whatever it was sent in, so that is its charset now. What cannot be told so the call
  /// has found out already.
  private mutating func keep(_ answer: rcml_event, _ agent: OpaquePointer) {
    finalURL = String(cString: answer.url)
    let type = String(cString: answer.content_type).split(separator: ";").first ?? " "
    contentType = "\(type); charset=utf-8"
    body = Array(UnsafeRawBufferPointer(start: answer.text, count: answer.text_length))
    var event = AgentSession.noEvent()
    while refusal == nil, rcml_agent_next_event(agent, &event) > 0 {
      guard event.kind == Int32(RCML_EVENT_FINDING.rawValue),
        String(cString: rcml_status_name(event.reason_code)) == "document-wrong-encoding"
      else { continue }
      refusal = DocumentReport.Line(refused: event)
    }
  }
}
