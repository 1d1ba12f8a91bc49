import CRCML
import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLReactor

/// One event as the header has it.
struct EventWriter {
  /// How long the agent waits for the answer to a request (contract: `Question`).
  static let requestDeadline: Int32 = 10_000

  private var lent: LentText
  private var event = EventWriter.blank

  /// Every string "", every number 0.
  static var blank: rcml_event {
    let empty = CText.empty
    var event = rcml_event()
    event.struct_size = MemoryLayout<rcml_event>.size
    event.name = empty
    event.status = empty
    event.call_sid = empty
    event.leg_sid = empty
    event.from = empty
    event.to = empty
    event.hangup_by = empty
    event.screening = empty
    event.text = empty
    event.peer = empty
    event.method = empty
    event.url = empty
    event.body = empty
    event.realm = empty
    event.language = empty
    event.markup = empty
    event.content_type = empty
    event.from_name = empty
    event.peer_name = empty
    event.reason = empty
    event.reason_text = empty
    return event
  }

  /// The strings live in `lent`.
  static func write(
    _ happened: HostEvent, of call: CallBook.Name, lent: inout LentText
  ) -> rcml_event {
    var writer = EventWriter(lent: lent)
    writer.event.call_sid = writer.lent.put(call.sid)
    writer.event.context = call.context
    writer.write(happened)
    lent = writer.lent
    return writer.event
  }

  private init(lent: LentText) { self.lent = lent }

  private mutating func write(_ happened: HostEvent) {
    switch happened {
    case .onCall(let call, let event):
      write(event, call)
    case .question(let id, let call, let question):
      write(question, id, call)
    case .finding(let call, let finding):
      begin(RCML_EVENT_FINDING, call)
      write(finding)
    case .message(let sent, let transport, let peer, let text):
      begin(RCML_EVENT_MESSAGE, nil)
      event.sent = sent
      event.peer = lent.put(ListenerAddress(transport, peer).text)
      (event.text, event.text_length) = lent.put(checking: text)
    case .refused(let reason, let peer):
      begin(RCML_EVENT_REFUSED, nil)
      event.sip_code = Int32(reason.sipStatus)
      event.peer = lent.put(peer.text)
      write(text: reason.sentence)
      write(reason)
    case .drained:
      begin(RCML_EVENT_DRAINED, nil)
    }
  }

  private mutating func write(_ happened: CallEvent, _ call: CallNumber) {
    switch happened {
    case .incoming(let incoming):
      begin(RCML_EVENT_INCOMING, call)
      event.from = lent.put(incoming.from)
      event.to = lent.put(incoming.to)
      event.from_name = lent.put(incoming.name)
      event.peer_name = lent.put(incoming.peerNames)
      event.url = lent.put(incoming.requestURI)
      event.peer = lent.put(ListenerAddress(incoming.transport, incoming.peer).text)
      (event.body, event.body_length) = lent.put(checking: incoming.headers)
    case .ringing:
      begin(RCML_EVENT_RINGING, call)
    case .answered:
      begin(RCML_EVENT_ANSWERED, call)
    case .legStatus(let leg, let status):
      begin(RCML_EVENT_STATUS, call)
      event.leg = HandleIDs.leg(call, leg)
      write(status)
    case .dialEnded(let result):
      begin(RCML_EVENT_DIAL, call)
      event.leg = result.leg.map { HandleIDs.leg(call, $0) } ?? 0
      write(result)
    case .digit(let party, let key):
      begin(RCML_EVENT_DIGIT, call)
      if case .leg(let leg) = party { event.leg = HandleIDs.leg(call, leg) }
      event.name = lent.put(String(decoding: [key], as: UTF8.self))
    case .secret(let party, let suite):
      begin(RCML_EVENT_SECRET, call)
      if case .leg(let leg) = party { event.leg = HandleIDs.leg(call, leg) }
      event.name = lent.put("\(suite.name)")
    case .callback(let leg, let report):
      begin(RCML_EVENT_CALLBACK, call)
      event.leg = leg.map { HandleIDs.leg(call, $0) } ?? 0
      event.name = lent.put(report.event)
      event.status = lent.put(report.isDelivered ? "delivered" : "given-up")
      event.code = Int32(report.status)
      event.attempts = Int32(clamping: report.attempts)
      event.method = lent.put(report.method)
      event.url = lent.put(report.url)
      (event.body, event.body_length) = lent.put(checking: report.body)
      write(report.reason)
    case .exchange(let report):
      begin(RCML_EVENT_EXCHANGE, call)
      write(report)
    case .recording(let status):
      begin(RCML_EVENT_RECORDING, call)
      event.name = lent.put(status.recording.sid)
      event.status = lent.put(status.state.rawValue)
      event.url = lent.put(status.recording.url)
      event.duration = Int32(clamping: status.recording.duration)
      write(status.reason)
    case .host(let party, let action):
      begin(RCML_EVENT_HOST, call)
      if case .leg(let leg) = party { event.leg = HandleIDs.leg(call, leg) }
      write(action)
    case .ended(let end):
      begin(RCML_EVENT_ENDED, call)
      event.status = lent.put(end.status.rawValue)
      event.sip_code = Int32(end.sipCode ?? 0)
      event.duration = Int32(clamping: end.duration)
      event.hangup_by = lent.put(end.hangupBy.rawValue)
      write(end.reason)
    }
  }

  private mutating func write(_ question: Question, _ id: QuestionID, _ call: CallNumber) {
    switch question {
    case .request(let method, let url, let body, let reason):
      begin(RCML_EVENT_REQUEST, call, asks: id)
      write(reason)
      event.method = lent.put(method)
      event.url = lent.put(url)
      (event.body, event.body_length) = lent.put(checking: body)
    case .credentials(let leg, let realm, let host):
      begin(RCML_EVENT_CREDENTIALS, call, asks: id)
      event.leg = leg.map { HandleIDs.leg(call, $0) } ?? 0
      event.realm = lent.put(realm)
      event.peer = lent.put(host)
    case .target(let question):
      begin(RCML_EVENT_TARGET, call, asks: id)
      event.name = lent.put(question.noun)
      event.to = lent.put(question.text)
      event.url = lent.put(question.documentURL)
      (event.body, event.body_length) = lent.put(
        checking: FormEncoding.encode(
          question.attributes.map { Parameter($0.name, $0.value) }))
    case .url(let method, let url):
      begin(RCML_EVENT_URL, call, asks: id)
      event.method = lent.put(method)
      event.url = lent.put(url)
    case .verb(let question):
      begin(RCML_EVENT_VERB, call, asks: id)
      event.leg = question.leg.map { HandleIDs.leg(call, $0) } ?? 0
      event.name = lent.put(question.name)
      write(text: question.text)
      event.url = lent.put(question.documentURL)
      (event.body, event.body_length) = lent.put(
        checking: FormEncoding.encode(
          question.attributes.map { Parameter($0.name, $0.value) }))
    case .speech(let text, let markup, let voice, let language):
      begin(RCML_EVENT_SPEECH, call, asks: id)
      event.markup = lent.put(markup)
      write(text: text)
      event.name = lent.put(voice)
      event.language = lent.put(language)
    }
  }

  private mutating func begin(_ kind: rcml_event_kind, _ call: CallNumber?) {
    event.kind = Int32(bitPattern: kind.rawValue)
    event.call = call.map(HandleIDs.call) ?? 0
  }

  /// A question, to be answered under its number.
  private mutating func begin(
    _ kind: rcml_event_kind, _ call: CallNumber?, asks question: QuestionID
  ) {
    begin(kind, call)
    event.request = HandleIDs.request(question)
    event.deadline_ms = EventWriter.requestDeadline
  }

  private mutating func write(text: String) {
    event.text = lent.put(text)
    event.text_length = text.utf8.count
  }

  private mutating func write(_ action: HostAction) {
    switch action {
    case .ring(let code, let sdp):
      event.name = CText.constant("ring")
      event.sip_code = Int32(code)
      (event.text, event.text_length) = lent.put(checking: sdp)
    case .answer(let sdp):
      event.name = CText.constant("answer")
      (event.text, event.text_length) = lent.put(checking: sdp)
    case .reject(let code, let phrase, let reason):
      event.name = CText.constant("reject")
      event.sip_code = Int32(code)
      write(text: phrase)
      write(reason)
    case .hangUp(let reason):
      event.name = CText.constant("hang-up")
      write(reason)
    case .call(let invite):
      event.name = CText.constant("call")
      event.to = lent.put(invite.to)
      event.from = lent.put(invite.from)
      event.from_name = lent.put(invite.fromName)
      event.status = lent.put(invite.media.word)
      (event.text, event.text_length) = lent.put(checking: invite.sdp)
      (event.body, event.body_length) = lent.put(
        checking: FormEncoding.encode(
          invite.headers.map {
            Parameter(
              String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self))
          }))
    case .offer(let sdp):
      event.name = CText.constant("offer")
      (event.text, event.text_length) = lent.put(checking: sdp)
    case .accepted(let sdp):
      event.name = CText.constant("accepted")
      (event.text, event.text_length) = lent.put(checking: sdp)
    case .refused(let code):
      event.name = CText.constant("refused")
      event.sip_code = Int32(code)
    case .key(let key):
      event.name = CText.constant("key")
      write(text: String(decoding: [key], as: UTF8.self))
    }
  }

  private mutating func write(_ report: HTTPReport) {
    event.method = lent.put(report.method)
    event.url = lent.put(report.url)
    (event.body, event.body_length) = lent.put(checking: report.sent)
    event.status = CText.constant(report.failure.isEmpty ? "answered" : "failed")
    event.code = Int32(report.status)
    event.content_type = lent.put(report.contentType)
    event.size = Int64(clamping: report.size)
    event.elapsed_ms = Int32(clamping: report.elapsed.wholeMilliseconds)
    if report.failure.isEmpty {
      (event.text, event.text_length) = lent.put(checking: report.received)
    } else {
      write(text: report.failure)
    }
  }

  private mutating func write(_ status: LegStatus) {
    event.name = EventWriter.name(of: status.event)
    event.status = lent.put(status.status.rawValue)
    event.leg_sid = lent.put(status.sid.description)
    event.to = lent.put(status.to)
    event.sip_code = Int32(status.sipCode ?? 0)
    event.duration = Int32(clamping: status.duration)
    event.hangup_by = lent.put(status.hangupBy?.rawValue ?? "")
    write(status.reason)
  }

  /// As in a status callback (spec K-2).
  private static func name(of event: SipNoun.Event) -> UnsafePointer<CChar> {
    switch event {
    case .initiated: CText.constant("initiated")
    case .ringing: CText.constant("ringing")
    case .answered: CText.constant("answered")
    case .completed: CText.constant("completed")
    }
  }

  private mutating func write(_ result: DialResult) {
    event.status = lent.put(result.status.rawValue)
    event.leg_sid = lent.put(result.legSid?.description ?? "")
    event.duration = Int32(clamping: result.duration)
    event.ring_duration = Int32(clamping: result.ringDuration)
    event.bridged = result.bridged
    event.sip_code = Int32(result.sipCode ?? 0)
    event.screening = lent.put(result.screening?.rawValue ?? "")
    event.hangup_by = lent.put(result.hangupBy?.rawValue ?? "")
    write(result.reason)
  }

  private mutating func write(_ finding: Finding) {
    event.severity = Int32(finding.severity.rawValue)
    event.name = lent.put(finding.code.rawValue)
    event.code = Catalogued.number(of: finding.code)
    event.line = Int32(clamping: finding.line)
    event.column = Int32(clamping: finding.column)
    write(text: finding.text)
    guard finding.severity != .note, let code = ReasonCode(finding) else { return }
    write(Reason(code, finding.text))
  }

  /// nil = nothing has failed.
  private mutating func write(_ reason: Reason?) {
    guard let reason else { return }
    event.reason = lent.put(reason.word.rawValue)
    event.reason_code = Int32(reason.code.rawValue)
    event.reason_text = lent.put(reason.sentence)
  }
}

extension ReasonCode {
  /// What a finding tells the failure of; nil = of none.
  fileprivate init?(_ finding: Finding) {
    let number = UInt16(exactly: Catalogued.number(of: finding.code))
    guard let code = finding.reason ?? number.flatMap(ReasonCode.init(rawValue:)) else {
      return nil
    }
    self = code
  }
}
