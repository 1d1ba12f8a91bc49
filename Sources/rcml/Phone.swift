import CRCML

/// What `rcml answer` does with each call.
final class Phone {
  private let code: Int32
  private let ring: Int64?
  private let hangup: Int64?
  private let count: Int?
  /// What it says and presses; nil = nothing.
  private let document: String?
  private let recording: String?
  private let session: AgentSession
  private var begun = 0
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
    let sound = try options.one("play").map(Files.absolute)
    if let sound { _ = try Files.read(sound) }
    recording = try options.one("record").map(Files.absolute)
    if let recording, Files.isThere(recording) {
      throw .usage("--record \(recording): there is such a file already; name a new one.")
    }
    document = try Phone.document(digits: options.one("digits"), sound: sound)
    session = try AgentSession(options)
    // It rings as long as it is told to: the engine would not wait so long for a host (incoming).
    if let ring, ring > 25_000 {
      try session.set("incoming_timeout=\(ring / 1_000 + 30)", where: "--ring ")
    }
    if let sound { try session.set("sounds=" + Files.folder(of: sound), where: "--play ") }
  }

  private static func document(digits: String?, sound: String?) throws(Problem) -> String? {
    guard digits != nil || sound != nil else { return nil }
    var verbs = ""
    if let digits {
      guard !digits.isEmpty, digits.utf8.allSatisfy({ "0123456789*#ABCDw".utf8.contains($0) })
      else { throw .usage("--digits \(digits): keys are 0-9, *, #, A-D; w waits half a second.") }
      verbs += "<Pause length=\"1\"/><Play digits=\"\(digits)\"/>"
    }
    if let sound {
      verbs += "<Play loop=\"0\">file:\(PlainText.percentEncoded(Files.name(of: sound)))</Play>"
    }
    return "<Response>\(verbs)<Pause length=\"86400\"/></Response>"
  }

  func run() throws(Problem) -> Int32 {
    session.announce()
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
    if let recording { record(call, recording) }
    if let document { say(call, document) }
    guard let hangup else { return }
    session.after(hangup) { [unowned self] in
      rcml_call_hang_up(session.agent, call, nil)
    }
  }

  private func record(_ call: rcml_call_id, _ path: String) {
    begun += 1
    var error = AgentSession.noError()
    let path = begun == 1 ? path : Files.numbered(path, begun)
    if rcml_call_record(session.agent, call, path, &error) < 0 {
      Words.error(AgentSession.text(of: error))
    }
  }

  private func say(_ call: rcml_call_id, _ text: String) {
    var error = AgentSession.noError()
    let result = text.withCString { text in
      var document = rcml_document()
      document.struct_size = MemoryLayout<rcml_document>.size
      document.text = text
      return rcml_call_run(session.agent, call, &document, &error)
    }
    if result < 0, result != RCML_E_GONE.rawValue { Words.error(AgentSession.text(of: error)) }
  }

  private func callEnded() {
    ended += 1
    if let count, ended >= count { rcml_agent_drain(session.agent) }
  }
}
