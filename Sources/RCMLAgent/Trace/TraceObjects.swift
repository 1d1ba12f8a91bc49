import RCMLBasics
import RCMLDial
import RCMLDocument

/// A trace for programs and pages: one JSON object a call, behind it one for all that happened in it, in order; last what
/// belongs to no call. `leg` 0 is the caller, 1 the first party.
struct TraceObjects {
  private let story: LadderStory
  private let options: TraceOptions
  private let origin: Instant

  /// A body is shown up to here.
  private static let bodyLimit = 65_536

  init(_ story: LadderStory, _ options: TraceOptions) {
    self.story = story
    self.options = options
    origin = story.entries.first?.instant ?? Instant(nanoseconds: 0)
  }

  func write(_ calls: [LadderCall], to write: (String) -> Void) {
    var groups: [CallNumber: [LadderEntry]] = [:]
    var outside: [LadderEntry] = []
    let wanted = Set(calls.map(\.number))
    for entry in story.entries {
      if let call = story.calls.call(of: entry) {
        if wanted.contains(call) { groups[call, default: []].append(entry) }
      } else {
        outside.append(entry)
      }
    }
    for call in calls {
      write(object(of: call).text + "\n")
      for entry in groups[call.number] ?? [] { write(object(of: entry, call.number).text + "\n") }
    }
    guard options.call == nil, options.choice == .all else { return }
    for entry in outside { write(object(of: entry, nil).text + "\n") }
  }

  func object(of call: LadderCall) -> JSONText {
    var object = JSONText()
    object.add("kind", "call")
    object.add("call", Int64(clamping: call.number.number))
    object.addUnlessEmpty("sid", call.sid?.description ?? "")
    object.addUnlessEmpty("call_id", JournalWords.printable(call.callID))
    object.add("direction", call.direction.rawValue)
    object.addUnlessEmpty("from", call.from)
    object.addUnlessEmpty("to", call.to)
    addTime(call.began.instant, call.unixMicroseconds, to: &object)
    addEnd(of: call, to: &object)
    object.add("failed", call.hasFailed)
    object.add("events", call.entries)
    let reason = CallReason(call)
    object.add("reason", reason.object(reason.topic.flatMap(options.advice)))
    object.add("legs", call.sortedLegs.map { TraceObjects.object(of: $0.leg, $0.number) })
    return object
  }

  private func addEnd(of call: LadderCall, to object: inout JSONText) {
    guard let ended = call.end else { return }
    object.add("end_us", (ended.instant - origin).nanoseconds / 1_000)
    object.add("status", ended.facts.status.rawValue)
    if let code = ended.facts.sipCode { object.add("sip_code", Int(code)) }
    object.add("hangup_by", ended.facts.hangupBy.rawValue)
    object.add("duration", ended.facts.duration)
  }

  private static func object(of leg: LadderCall.Leg, _ number: LegNumber) -> JSONText {
    var object = JSONText()
    object.add("leg", Int(number.ordinal))
    object.addUnlessEmpty("sid", leg.sid?.description ?? "")
    object.addUnlessEmpty("call_id", JournalWords.printable(leg.callID))
    object.addUnlessEmpty("to", leg.target)
    if let status = leg.status {
      object.add("event", JournalWords.name(status.event))
      object.add("status", status.status.rawValue)
      if let code = status.sipCode { object.add("sip_code", Int(code)) }
      object.add("duration", status.duration)
      object.addUnlessEmpty("hangup_by", status.hangupBy?.rawValue ?? "")
      if let reason = status.reason { object.add("reason", CallReason.object(reason)) }
    }
    return object
  }

  private func object(of entry: LadderEntry, _ call: CallNumber?) -> JSONText {
    var object = JSONText()
    switch entry.content {
    case .arrow(let arrow):
      object.add("kind", TraceObjects.kind(of: arrow.load))
      begin(&object, entry, call)
      add(arrow, to: &object)
    case .note(let topic, let text):
      object.add("kind", TraceObjects.kind(of: topic))
      begin(&object, entry, call)
      add(topic, text, to: &object)
    }
    return object
  }

  private func begin(_ object: inout JSONText, _ entry: LadderEntry, _ call: CallNumber?) {
    if let call { object.add("call", Int64(clamping: call.number)) }
    addTime(entry.instant, entry.unixMicroseconds, to: &object)
  }

  private func addTime(_ instant: Instant, _ unixMicroseconds: Int64, to object: inout JSONText) {
    object.add("at_us", max(0, (instant - origin).nanoseconds / 1_000))
    if unixMicroseconds > 0 { object.add("unix_us", unixMicroseconds) }
  }

  // MARK: arrows

  private static func kind(of load: LadderEntry.Load) -> String {
    switch load {
    case .message: "message"
    case .request: "request"
    case .reply: "reply"
    case .failure: "failure"
    case .abort: "abort"
    }
  }

  private func add(_ arrow: LadderEntry.Arrow, to object: inout JSONText) {
    switch arrow.peer {
    case .sip:
      if let place = story.calls.columns[arrow.peer] {
        object.add("leg", TraceObjects.number(of: place.column))
      }
    case .web(let exchange): object.add("exchange", Int64(clamping: exchange.number))
    }
    object.add("sent", arrow.isSent)
    if arrow.isRepeated { object.add("repeated", true) }
    object.add("label", arrow.labels.first ?? "")
    switch arrow.load {
    case .message(let octets, let place):
      object.add("peer", place)
      object.add("text", TraceObjects.text(octets))
    case .request(let method, let url, let headers, let body):
      object.add("method", method)
      object.add("url", url)
      object.add(
        "headers",
        headers.map { "\(TraceObjects.text($0.name)): \(TraceObjects.text($0.value))" })
      addBody(body, to: &object)
    case .reply(let status, let type, let location, let body):
      object.add("status", Int(status))
      object.addUnlessEmpty("type", type)
      object.addUnlessEmpty("location", location)
      addBody(body, to: &object)
    case .failure(let text): object.add("text", text)
    case .abort: break
    }
  }

  private func addBody(_ body: [UInt8], to object: inout JSONText) {
    guard !body.isEmpty else { return }
    object.add("size", body.count)
    object.add("body", TraceObjects.text(body))
  }

  private static func number(of column: LadderCalls.Column) -> Int {
    switch column {
    case .caller, .web: 0
    case .leg(let leg): Int(leg.ordinal)
    }
  }

  /// What is no UTF-8 becomes U+FFFD.
  private static func text(_ octets: [UInt8]) -> String {
    String(decoding: octets.prefix(bodyLimit), as: UTF8.self)
  }

  // MARK: notes

  private static func kind(of topic: LadderEntry.Topic) -> String {
    switch topic {
    case .event: "event"
    case .finding: "finding"
    case .sound: "sound"
    case .host: "host"
    case .document: "document"
    case .journal: "journal"
    case .refusal: "refusal"
    case .verb: "verb"
    case .reception: "reception"
    }
  }

  private func add(_ topic: LadderEntry.Topic, _ text: String, to object: inout JSONText) {
    switch topic {
    case .event, .sound, .host, .journal, .refusal: object.add("text", text)
    case .document(let octets):
      object.add("text", text)
      addBody(octets, to: &object)
    case .finding(let finding):
      object.add("severity", TraceObjects.word(finding.severity))
      object.add("name", finding.code.rawValue)
      if let advice = options.advice(.finding(finding.code)) {
        object.add("code", Int(advice.code))
        object.add("fix", advice.fix)
      }
      if finding.line > 0 {
        object.add("line", finding.line)
        object.add("column", finding.column)
      }
      object.add("text", text)
    case .verb(let verb):
      object.add("leg", Int(verb.leg?.ordinal ?? 0))
      object.add("name", verb.name)
      object.add("line", verb.line)
    case .reception(let party, let reception):
      switch party {
      case .caller: object.add("leg", 0)
      case .leg(let leg): object.add("leg", Int(leg.ordinal))
      }
      object.add("packets", Int64(clamping: reception.packets))
      object.add("lost", reception.lost)
      object.add("jitter_us", reception.jitterMicroseconds)
    }
  }

  private static func word(_ severity: Finding.Severity) -> String {
    switch severity {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }
}
