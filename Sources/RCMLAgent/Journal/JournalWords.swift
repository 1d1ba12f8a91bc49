import RCMLBasics
import RCMLDial
import RCMLDocument

/// Records in words, for people who look for the first difference of a replay.
enum JournalWords {
  static func output(_ output: Output) -> String {
    switch output {
    case .network(let output): return self.output(output)
    case .names(let command): return name(command)
    case .web(let id, .begin(let exchange)):
      return "HTTP \(id.number): \(exchange.method) \(exchange.url)"
    case .web(let id, .abort): return "give up HTTP \(id.number)"
    case .media(let command): return "media: \(command)"
    case .tell(let event): return "tell the host: " + self.event(event)
    }
  }

  private static func output(_ output: NetworkOutput) -> String {
    switch output {
    case .send(_, let destination, let bytes):
      return "send to \(address(destination)): \(message(bytes))"
    case .openStream(let id, let destination):
      return "open stream \(id.number) to \(address(destination))"
    case .openSecured(let id, let destination, let domain):
      return "open secured stream \(id.number) to \(printable(domain)) at \(address(destination))"
    case .sendStream(let id, let bytes):
      return "send on stream \(id.number): \(message(bytes))"
    case .closeStream(let id): return "close stream \(id.number)"
    case .closeListener(let id): return "close listener \(id.number)"
    case .findRoute(let destination): return "find the route to \(address(destination))"
    }
  }

  private static func name(_ command: NameCommand) -> String {
    switch command {
    case .addresses(let id, let host):
      return "look up \(printable(host)) (number \(id.number))"
    case .services(let id, let name):
      return "look up SRV of \(printable(name)) (number \(id.number))"
    case .pointers(let id, let name):
      return "look up NAPTR of \(printable(name)) (number \(id.number))"
    case .useServers(let servers): return "ask the name servers \(printable(servers))"
    }
  }

  static func kind(_ kind: JournalFormat.RecordKind) -> String {
    switch kind {
    case .input: return "an input"
    case .command: return "a command"
    case .result: return "a result"
    case .output: return "an output"
    case .drained, .name, .omitted, .gap, .continuation: return "a record"
    }
  }

  static func result(_ result: Result<CommandResult, Refusal>) -> String {
    switch result {
    case .success(.done): return "the command was done"
    case .success(.called(let call)): return "call \(call.number) was started"
    case .failure(let refusal): return "refused (\(refusal.code)): \(refusal.text)"
    }
  }

  static func event(_ event: HostEvent) -> String {
    switch event {
    case .onCall(let call, let event): return "call \(call.number)" + self.event(event)
    case .question(let id, let call, let question):
      return self.question(question, id.number, of: call.number)
    case .finding(let call, let finding):
      let place = finding.line > 0 ? " (\(finding.line):\(finding.column))" : ""
      return "call \(call.map { "\($0.number)" } ?? "none"): \(finding.code.rawValue)\(place)"
    case .message(let sent, _, let peer, let text):
      return "\(sent ? "sent to" : "received from") \(address(peer)): \(message(text))"
    case .refused(let reason, let source):
      return
        "refused a message from \(address(source)) (\(reason.sipStatus)): \(reason.sentence)"
    case .drained: return "drained"
    }
  }

  /// To stand behind the call's number.
  private static func event(_ event: CallEvent) -> String {
    switch event {
    case .incoming(let call): return " (\(call.sid)) came in from \(call.from) to \(call.to)"
    case .answered: return " is answered"
    case .ringing: return " is ringing"
    case .legStatus(let leg, let status):
      let code = status.sipCode.map { " \($0)" } ?? ""
      return " \(leg.name) \(name(status.event)), \(status.status.rawValue)\(code)"
        + reason(status.reason)
    case .dialEnded(let result):
      return ": the Dial ended, \(result.status.rawValue)" + reason(result.reason)
    case .digit(let party, let key):
      return ": digit \(printable([key])) from \(self.party(party))"
    case .secret(let party, let suite):
      return ": the sound of \(self.party(party)) is secret, \(suite.name)"
    case .callback(let leg, let report):
      let part = leg.map(\.name) ?? "recording"
      return " \(part): callback \(report.event), \(report.status) "
        + "after \(report.attempts) attempts"
    case .exchange(let report):
      let result = report.failure.isEmpty ? "\(report.status)" : report.failure
      return ": \(report.method) \(report.url): \(result)"
    case .recording(let status):
      return " recording \(status.recording.sid) \(status.state.rawValue)"
    case .host(let party, let action): return ": " + HostWords.action(action, of: party)
    case .ended(let end):
      let code = end.sipCode.map { " with \($0)" } ?? ""
      return " ended, \(end.status.rawValue)\(code), by \(end.hangupBy.rawValue)"
        + reason(end.reason)
    }
  }

  /// To stand behind what ended; nil = nothing.
  static func reason(_ reason: Reason?) -> String {
    reason.map { "; " + words(of: $0) } ?? ""
  }

  /// `unreachable 33200: Nothing listens at udp:127.0.0.1:9.`
  static func words(of reason: Reason) -> String {
    "\(reason.word.rawValue) \(reason.code.rawValue): \(reason.sentence)"
  }

  private static func question(_ question: Question, _ id: UInt64, of call: UInt64) -> String {
    switch question {
    case .request(let method, let url, _, _): return "request \(id): \(method) \(url)"
    case .credentials(_, let realm, let host):
      return "question \(id): credentials for call \(call), realm \(realm) at \(host)"
    case .target(let question):
      return "question \(id): target \(question.target) of call \(call), "
        + "<\(question.noun)> \(question.text)"
    case .url(let method, let url):
      return "question \(id): \(method) \(url) for call \(call)"
    case .verb(let question):
      return "question \(id): verb <\(question.name)> of call \(call)"
    case .speech(let text, _, let voice, let language):
      return "question \(id): speech for call \(call), "
        + "\(voice), \(language): \(printable(Array(text.utf8)))"
    }
  }

  static func name(_ event: SipNoun.Event) -> String {
    switch event {
    case .initiated: return "initiated"
    case .ringing: return "ringing"
    case .answered: return "answered"
    case .completed: return "completed"
    }
  }

  static func party(_ party: Party) -> String {
    switch party {
    case .caller: return "the caller"
    case .leg(let leg): return leg.name
    }
  }

  static func message(_ bytes: [UInt8]) -> String {
    let line = bytes.prefix { $0 != 13 && $0 != 10 }
    return printable(Array(line.prefix(120))) + " (\(bytes.count) octets)"
  }

  /// Where two encodings of the same kind of record part, with what stands there.
  static func firstDifference(_ recorded: [UInt8], _ replayed: [UInt8]) -> String {
    var offset = 0
    while offset < recorded.count, offset < replayed.count, recorded[offset] == replayed[offset] {
      offset += 1
    }
    func around(_ bytes: [UInt8]) -> String {
      var start = min(offset, bytes.count)
      // Back to the start of the line, so that a header is shown with its name.
      while start > 0, offset - start < 60, bytes[start - 1] != 10 { start -= 1 }
      let line = bytes[start...].prefix { $0 != 13 && $0 != 10 }
      return "“" + printable(Array(line.prefix(120))) + "”"
    }
    return "octet \(offset) of the record: the journal says \(around(recorded)), "
      + "now it is \(around(replayed))"
  }

  /// Control characters and what is no UTF-8 become dots.
  static func printable(_ bytes: [UInt8]) -> String {
    var text = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let isShown = scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value)
      text.unicodeScalars.append(isShown ? scalar : "·")
    }
    return text
  }

  static func address(_ address: SocketAddress) -> String {
    switch address.family {
    case .ipv4:
      let parts = [24, 16, 8, 0].map { String(address.low >> UInt64($0) & 0xff) }
      return parts.joined(separator: ".") + ":\(address.port)"
    case .ipv6:
      return "[\(ipv6(high: address.high, low: address.low))]:\(address.port)"
    }
  }

  /// RFC 5952: the longest run of zero groups is shortened.
  private static func ipv6(high: UInt64, low: UInt64) -> String {
    let groups = [high, low].flatMap { half in
      [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
    }
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(1, best.count) { best = start..<end }
      start = max(end, start + 1)
    }
    func text(_ range: Range<Int>) -> String {
      range.map { String(groups[$0], radix: 16) }.joined(separator: ":")
    }
    guard !best.isEmpty else { return text(0..<8) }
    return text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
  }
}
