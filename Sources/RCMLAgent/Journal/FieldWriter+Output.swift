import RCMLBasics
import RCMLDial
import RCMLDocument

extension FieldWriter {
  mutating func output(_ output: Output, mask: inout SecretMask) {
    switch output {
    case .network(.send(let listener, let destination, let bytes)):
      octet(1)
      number(listener.number)
      address(destination)
      octets(mask.message(bytes))
    case .network(.openStream(let id, let destination)):
      octet(2)
      number(id.number)
      address(destination)
    case .network(.sendStream(let id, let bytes)):
      octet(3)
      number(id.number)
      octets(mask.message(bytes))
    case .network(.closeStream(let id)):
      octet(4)
      number(id.number)
      mask.streamEnded(id)
    case .names(.addresses(let id, let host)):
      octet(5)
      number(id.number)
      octets(host)
    case .network(.findRoute(let destination)):
      octet(6)
      address(destination)
    case .web(let id, .begin(let exchange)):
      octet(7)
      number(id.number)
      self.exchange(exchange, mask: &mask)
    case .web(let id, .abort):
      octet(8)
      number(id.number)
    case .tell(let event):
      octet(9)
      self.event(event, mask: &mask)
    case .names(.services(let id, let name)):
      octet(10)
      number(id.number)
      octets(name)
    case .names(.pointers(let id, let name)):
      octet(11)
      number(id.number)
      octets(name)
    case .names(.useServers(let servers)):
      octet(12)
      octets(servers)
    case .media(let command):
      octet(13)
      mediaCommand(command)
    }
  }

  private mutating func exchange(_ exchange: HTTPExchange, mask: inout SecretMask) {
    text(exchange.method)
    text(mask.url(exchange.url))
    list(exchange.headers) { $0.header(mask.header($1)) }
    octets(exchange.body)
    signed(exchange.connectTimeout.nanoseconds)
    signed(exchange.timeout.nanoseconds)
    signed(exchange.bodyLimit)
    flag(exchange.blocksPrivateAddresses)
    flag(exchange.verifiesTLS)
    optional(exchange.sound) { $0.number($1.number) }
  }

  private mutating func event(_ event: HostEvent, mask: inout SecretMask) {
    switch event {
    case .onCall(let call, .incoming(let sid, let from, let to)):
      octet(1)
      number(call.number)
      self.sid(sid)
      text(from)
      text(to)
    case .onCall(let call, .answered):
      octet(2)
      number(call.number)
    case .onCall(let call, .ringing):
      octet(3)
      number(call.number)
    case .onCall(let call, .legStatus(let leg, let status)):
      octet(4)
      number(call.number)
      number(leg.number)
      legStatus(status)
    case .onCall(let call, .dialEnded(let result)):
      octet(5)
      number(call.number)
      dialResult(result, mask: &mask)
    case .finding(let call, let finding):
      octet(6)
      optional(call) { $0.number($1.number) }
      self.finding(finding)
    case .onCall(let call, .digit(let party, let key)):
      octet(7)
      number(call.number)
      self.party(party)
      octet(key)
    case .question(let id, let call, .request(let method, let url, let body)):
      octet(8)
      number(id.number)
      optional(CallNumber?.some(call)) { $0.number($1.number) }
      text(method)
      text(mask.url(url))
      octets(body)
    case .onCall(let call, .ended(let end)):
      octet(9)
      number(call.number)
      callEnd(end)
    case .message(let sent, let transport, let peer, let bytes):
      octet(10)
      flag(sent)
      octet(transport.rawValue)
      address(peer)
      octets(mask.message(bytes))
    case .refused(let reason, let code, let source):
      octet(11)
      text(reason)
      number(code)
      address(source)
    case .drained: octet(12)
    case .onCall, .question:
      laterEvent(event, mask: &mask)
    }
  }

  private mutating func laterEvent(_ event: HostEvent, mask: inout SecretMask) {
    switch event {
    case .question(let id, let call, .credentials(let leg, let realm, let host)):
      octet(13)
      number(id.number)
      number(call.number)
      optional(leg) { $0.number($1.number) }
      text(realm)
      text(host)
    case .onCall(let call, .callback(let leg, let report)):
      octet(15)
      number(call.number)
      optional(leg) { $0.number($1.number) }
      self.report(report, mask: &mask)
    case .onCall(let call, .recording(let status)):
      octet(17)
      number(call.number)
      text(status.state.rawValue)
      recording(status.recording, mask: &mask)
      signed(status.channels)
      text(status.source.rawValue)
    case .question(let id, let call, .target(let question)):
      octet(14)
      number(id.number)
      number(call.number)
      self.question(question, mask: &mask)
    case .question(let id, let call, .url(let method, let url)):
      octet(16)
      number(id.number)
      number(call.number)
      text(method)
      text(mask.url(url))
    case .onCall(let call, .host(let party, let action)):
      octet(30)
      number(call.number)
      self.party(party)
      hostAction(action, mask: &mask)
    case .question(let id, let call, .speech(let words, let voice, let language)):
      octet(18)
      number(id.number)
      number(call.number)
      text(words)
      text(voice)
      text(language)
    case .onCall, .question, .finding, .message, .refused, .drained:
      break  // written above
    }
  }

  private mutating func report(_ report: CallbackReport, mask: inout SecretMask) {
    text(report.event)
    text(report.method)
    text(mask.url(report.url))
    octets(report.body)
    number(UInt64(report.attempts))
    number(UInt64(report.status))
  }

  private mutating func question(_ question: TargetQuestion, mask: inout SecretMask) {
    number(UInt64(question.dial))
    number(UInt64(question.target))
    text(question.noun)
    text(mask.url(question.text))
    number(UInt64(question.attributes.count))
    for attribute in question.attributes {
      text(attribute.name)
      text(mask.url(attribute.value))
    }
    text(mask.url(question.documentURL))
  }

  mutating func party(_ party: Party) {
    switch party {
    case .caller: octet(1)
    case .leg(let leg):
      octet(2)
      number(leg.number)
    }
  }

  private mutating func finding(_ finding: Finding) {
    octet(finding.severity.rawValue)
    text(finding.code.rawValue)
    signed(finding.line)
    signed(finding.column)
    text(finding.text)
  }

  private mutating func legStatus(_ status: LegStatus) {
    octet(status.event.rawValue)
    sid(status.sid)
    text(status.to)
    text(status.status.rawValue)
    number(status.instant.nanoseconds)
    optional(status.sipCode) { $0.number($1) }
    signed(status.duration)
    optional(status.hangupBy) { $0.text($1.rawValue) }
  }

  private mutating func dialResult(_ result: DialResult, mask: inout SecretMask) {
    text(result.status.rawValue)
    optional(result.leg) { $0.number($1.number) }
    optional(result.legSid) { $0.sid($1) }
    signed(result.duration)
    flag(result.bridged)
    signed(result.ringDuration)
    optional(result.sipCode) { $0.number($1) }
    optional(result.screening) { $0.text($1.rawValue) }
    optional(result.hangupBy) { $0.text($1.rawValue) }
    flag(result.recording != nil)
    if let recording = result.recording { self.recording(recording, mask: &mask) }
  }

  private mutating func recording(_ recording: Recording, mask: inout SecretMask) {
    text(mask.url(recording.url))
    text(recording.sid)
    signed(recording.duration)
  }

  private mutating func callEnd(_ end: CallEnd) {
    text(end.status.rawValue)
    optional(end.sipCode) { $0.number($1) }
    text(end.hangupBy.rawValue)
    signed(end.duration)
  }
}
