import CRCML

/// Events as JSON lines for programs, or as sentences for people.
struct EventPrinter {
  let json: Bool
  /// nil = no time stands before a line: a simulation has its own.
  let time: LineTime?
  let paint: Paint

  init(json: Bool, time: LineTime? = nil, paint: Paint = Paint(isOn: false)) {
    self.json = json
    self.time = time
    self.paint = paint
  }

  /// `metrics`, `page`: where they are served; nil = nowhere.
  func listening(_ uris: [String], metrics: String?, page: String?) {
    for uri in uris { Words.error("listening on \(uri)") }
    if let metrics { Words.error("metrics at \(metrics)") }
    if let page { Words.error("page at \(page)") }
    guard json else { return }
    var line = JSONLine()
    time?.add(LineTime.now, to: &line)
    line.add("event", "listening")
    line.add("uris", uris)
    Words.out(line.text)
    for (name, url) in [("metrics", metrics), ("page", page)] {
      guard let url else { continue }
      var other = JSONLine()
      other.add("event", name)
      other.add("url", url)
      Words.out(other.text)
    }
  }

  /// `at`: milliseconds of virtual time; nil = this happens now.
  func show(_ event: rcml_event, at milliseconds: Int64? = nil) {
    if let line = line(event, at: milliseconds) {
      Words.event(line.text(1, paint), isObject: json)
    }
  }

  /// Nil: people are not told of it.
  func line(_ event: rcml_event, at milliseconds: Int64? = nil) -> EventLine? {
    if json { return .object(object(event, at: milliseconds)) }
    let now = time.map { $0.text(LineTime.now) } ?? ""
    return sentence(event).map { .sentence(time: now, $0, tone(event)) }
  }

  private func tone(_ event: rcml_event) -> Paint.Tone {
    switch rcml_event_kind(UInt32(bitPattern: event.kind)) {
    case RCML_EVENT_FINDING: EventPrinter.tone(of: EventPrinter.severity(event.severity))
    case RCML_EVENT_ENDED, RCML_EVENT_DIAL: text(event.status) == "completed" ? .good : .bad
    case RCML_EVENT_STATUS where hasEnded(event):
      ["failed", "busy", "no-answer"].contains(text(event.status)) ? .bad : .plain
    case RCML_EVENT_CALLBACK: text(event.status) == "delivered" ? .plain : .bad
    case RCML_EVENT_EXCHANGE where !(200...399).contains(event.code): .warning
    case RCML_EVENT_REFUSED: .warning
    case RCML_EVENT_MESSAGE: .faint
    default: .plain
    }
  }

  private func object(_ event: rcml_event, at milliseconds: Int64?) -> JSONLine {
    var line = JSONLine()
    if let milliseconds { line.add("at_ms", milliseconds) }
    time?.add(LineTime.now, to: &line)
    line.add("event", String(cString: rcml_event_name(event.kind)))
    if event.call != 0 {
      line.add("call", Int64(clamping: event.call))
      line.addUnlessEmpty("sid", text(event.call_sid))
    }
    if event.leg != 0 {
      line.add("leg", Int64(clamping: event.leg))
      line.addUnlessEmpty("leg_sid", text(event.leg_sid))
    }
    if isFinding(event) {
      line.add("severity", EventPrinter.severity(event.severity))
      line.add("code", Int64(event.code))
    }
    line.addUnlessEmpty(`is`(event, RCML_EVENT_DIGIT) ? "key" : "name", text(event.name))
    line.addUnlessEmpty("from", text(event.from))
    line.addUnlessEmpty("from_name", text(event.from_name))
    line.addUnlessEmpty("peer_name", text(event.peer_name))
    line.addUnlessEmpty("to", text(event.to))
    line.addUnlessEmpty("status", text(event.status))
    if event.sip_code != 0 { line.add("sip_code", Int64(event.sip_code)) }
    if `is`(event, RCML_EVENT_DIAL) {
      line.add("bridged", event.bridged)
      line.add("ring_duration", Int64(event.ring_duration))
    }
    if `is`(event, RCML_EVENT_DIAL) || `is`(event, RCML_EVENT_ENDED) || hasEnded(event)
      || `is`(event, RCML_EVENT_RECORDING)
    {
      line.add("duration", Int64(event.duration))
    }
    line.addUnlessEmpty("hangup_by", text(event.hangup_by))
    line.addUnlessEmpty("screening", text(event.screening))
    if `is`(event, RCML_EVENT_MESSAGE) { line.add("sent", event.sent) }
    line.addUnlessEmpty("peer", text(event.peer))
    line.addUnlessEmpty("realm", text(event.realm))
    line.addUnlessEmpty("language", text(event.language))
    line.addUnlessEmpty("markup", text(event.markup))
    if event.line != 0 {
      line.add("line", Int64(event.line))
      line.add("column", Int64(event.column))
    }
    line.addUnlessEmpty("url", text(event.url))
    if `is`(event, RCML_EVENT_REQUEST) {
      line.add("method", text(event.method))
      if event.code != 0 { line.add("code", Int64(event.code)) }
      line.add("body", text(event.body))
    }
    if `is`(event, RCML_EVENT_INCOMING) { line.addUnlessEmpty("headers", text(event.body)) }
    if `is`(event, RCML_EVENT_URL) { line.add("method", text(event.method)) }
    if `is`(event, RCML_EVENT_EXCHANGE) {
      line.add("method", text(event.method))
      if event.code != 0 { line.add("code", Int64(event.code)) }
      line.addUnlessEmpty("content_type", text(event.content_type))
      line.add("size", event.size)
      line.add("elapsed_ms", Int64(event.elapsed_ms))
      line.add("body", text(event.body))
    }
    if `is`(event, RCML_EVENT_CALLBACK) {
      line.add("code", Int64(event.code))
      line.add("attempts", Int64(event.attempts))
      line.add("body", text(event.body))
    }
    line.addUnlessEmpty("text", text(event.text))
    if event.reason_code != 0 {
      line.add("reason", text(event.reason))
      line.add("reason_code", Int64(event.reason_code))
      line.add("reason_text", text(event.reason_text))
    }
    return line
  }

  func sentence(_ event: rcml_event) -> String? {
    let call = text(event.call_sid).isEmpty ? "call \(event.call)" : text(event.call_sid)
    let code = event.sip_code == 0 ? "" : " (\(event.sip_code))"
    switch rcml_event_kind(UInt32(bitPattern: event.kind)) {
    case RCML_EVENT_INCOMING: return "\(call) \(text(event.from)) calls \(text(event.to))"
    case RCML_EVENT_RINGING: return "\(call) rings"
    case RCML_EVENT_ANSWERED: return "\(call) answered"
    case RCML_EVENT_STATUS:
      let ending = hasEnded(event) ? ": \(text(event.status))" : ""
      return "\(call) \(text(event.to)) \(text(event.name))\(ending)\(code)\(why(event))"
    case RCML_EVENT_DIAL:
      return "\(call) dial \(text(event.status))\(code), \(event.duration) s\(why(event))"
    case RCML_EVENT_FINDING:
      let place = event.line == 0 ? "" : "line \(event.line), column \(event.column): "
      let whose = event.call == 0 ? "" : call + " "
      return whose + "\(EventPrinter.severity(event.severity)) \(text(event.name)): "
        + place + text(event.text)
    case RCML_EVENT_DIGIT: return "\(call) \(party(event.leg)) pressed \(text(event.name))"
    case RCML_EVENT_SECRET:
      return "\(call) the sound of the \(party(event.leg)) is secret (\(text(event.name)))"
    case RCML_EVENT_ENDED:
      return "\(call) ended: \(text(event.status))\(code), \(event.duration) s\(why(event))"
    case RCML_EVENT_MESSAGE:
      return (event.sent ? "sent to " : "received from ") + text(event.peer) + "\n"
        + text(event.text)
    case RCML_EVENT_REFUSED: return "refused from \(text(event.peer))\(code): \(text(event.text))"
    case RCML_EVENT_REQUEST: return "no function for \(text(event.url))"
    case RCML_EVENT_CREDENTIALS:
      return "\(call) credentials wanted by \(text(event.peer)), realm \(text(event.realm))"
    case RCML_EVENT_CALLBACK:
      return "\(call) callback \(text(event.name)) \(text(event.status)) (\(event.code)), "
        + "\(event.attempts) sent\(why(event))"
    case RCML_EVENT_EXCHANGE: return ExchangeLine.text(event, call)
    case RCML_EVENT_RECORDING:
      return "\(call) recording \(text(event.status)), \(event.duration) s: \(text(event.url))"
        + why(event)
    case RCML_EVENT_TARGET:
      return "\(call) asks for <\(text(event.name))> \(text(event.to))"
    case RCML_EVENT_URL: return "\(call) wants \(text(event.method)) \(text(event.url))"
    case RCML_EVENT_VERB: return "\(call) meets <\(text(event.name))>"
    case RCML_EVENT_SPEECH: return "\(call) wants said: \(text(event.text))"
    default: return nil
    }
  }

  /// The number of a leg stands in the lower 20 bits of its id: 1 is the party that was dialled first.
  private func party(_ leg: rcml_leg_id) -> String {
    leg == 0 ? "caller" : "leg \(leg & 0xfffff)"
  }

  static func tone(of severity: String) -> Paint.Tone {
    switch severity {
    case "note": .faint
    case "warning": .warning
    default: .bad
    }
  }

  /// `; unreachable 33200: Nothing listens at udp:127.0.0.1:9.`
  private func why(_ event: rcml_event) -> String {
    guard event.reason_code != 0 else { return "" }
    return "; \(text(event.reason)) \(event.reason_code): \(text(event.reason_text))"
  }

  static func severity(_ number: Int32) -> String {
    switch number {
    case 0: "note"
    case 1: "warning"
    default: "error"
    }
  }

  private func text(_ pointer: UnsafePointer<CChar>?) -> String {
    pointer.map { String(cString: $0) } ?? ""
  }

  private func `is`(_ event: rcml_event, _ kind: rcml_event_kind) -> Bool {
    UInt32(bitPattern: event.kind) == kind.rawValue
  }

  private func isFinding(_ event: rcml_event) -> Bool { `is`(event, RCML_EVENT_FINDING) }

  private func hasEnded(_ event: rcml_event) -> Bool {
    `is`(event, RCML_EVENT_STATUS) && text(event.name) == "completed"
  }
}
