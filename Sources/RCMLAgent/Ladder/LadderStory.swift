import RCMLBasics
import RCMLDial
import RCMLDocument

/// A journal read for drawing: entries in order, and who is who.
struct LadderStory {
  struct Call {
    var number: CallNumber
    var sid: CallSid?
    var from = ""
    var to = ""
    var end: CallEnd?
  }

  enum Column: Hashable {
    case caller
    case leg(LegNumber)
    case web
  }

  private(set) var entries: [LadderEntry] = []
  private(set) var calls: [Call] = []
  private(set) var columns: [LadderEntry.Peer: (call: CallNumber, column: Column)] = [:]
  /// What a leg calls, for the head of its column.
  private(set) var targets: [CallNumber: [LegNumber: String]] = [:]
  private(set) var isTorn = false

  private var streams = StreamMessages()
  private var sounds = LadderSounds()
  private var seen: Set<[UInt8]> = []
  private var indexes: [CallNumber: Int] = [:]
  /// Whom the host has just brought: the result says which call that is.
  private var brought: HostCaller?

  init(_ bytes: [UInt8]) throws(JournalError) {
    let result: Result<LadderStory, JournalError> = bytes.withUnsafeBytes { lent in
      do throws(JournalError) {
        var reader = try JournalReader(lent)
        var story = LadderStory()
        while let record = try reader.next() { story.read(record) }
        story.isTorn = reader.isTorn
        story.seen = []
        return .success(story)
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  private init() {}

  private mutating func read(_ record: JournalRecord) {
    switch record.content {
    case .input(let input): read(input, record.instant)
    case .command(let command): read(command, record.instant)
    case .output(let output): read(output, record.instant)
    case .name(let name): read(name)
    case .result(.success(.called(let number))): begin(number)
    case .result(.failure(let refusal)):
      brought = nil
      note(nil, "refused: \(refusal.text)", record.instant)
    case .omitted(let kind, let octets):
      note(nil, "left out: \(JournalWords.kind(kind)) of \(octets) octets", record.instant)
    case .gap(let records):
      note(nil, "lacking: \(records) records that the disk did not take", record.instant)
    case .continuation(let records):
      note(nil, "the journal begins here: \(records) records stand before it", record.instant)
    case .result, .drained: break
    }
  }

  private mutating func read(_ name: JournalName) {
    switch name {
    case .call(let number, let sid, let callID):
      call(number) { $0.sid = sid }
      columns[.sip(callID: callID)] = (number, .caller)
    case .leg(let number, let leg, _, let callID):
      columns[.sip(callID: callID)] = (number, .leg(leg))
    case .exchange(let number, let id):
      columns[.web(id)] = (number, .web)
    case .stream(let number, let party, let stream):
      sounds.named(stream, number, party)
    case .verdict: break
    }
  }

  private mutating func read(_ input: Input, _ now: Instant) {
    switch input {
    case .network(.datagram(_, _, _, let bytes)), .network(.datagramOverdue(_, _, _, let bytes)):
      message(Array(bytes), isSent: false, now)
    case .network(.streamBytes(let id, let bytes)):
      stream(id, Array(bytes), isSent: false, now)
    case .network(.streamClosed(let id)), .network(.streamFailed(let id, _)):
      streams.closed(id)
    case .web(let id, .answered(let answer)):
      let type = answer.contentType.split(separator: ";").first.map(String.init) ?? ""
      arrow(.web(id), false, ["\(answer.status) \(type)", "\(answer.status)"], now)
    case .web(let id, .failed(let failure)): arrow(.web(id), false, ["✗ \(failure)"], now)
    case .started, .wallClock, .network, .names, .media, .memory, .timePassed: break
    }
  }

  private mutating func read(_ output: Output, _ now: Instant) {
    switch output {
    case .network(.send(_, _, let bytes)): message(bytes, isSent: true, now)
    case .network(.sendStream(let id, let bytes)): stream(id, bytes, isSent: true, now)
    case .web(let id, .begin(let exchange)):
      if let sound = exchange.sound { sounds.asked(sound, exchange.url) }
      arrow(.web(id), true, web(exchange.method, exchange.url), now)
    case .web(let id, .abort): arrow(.web(id), true, ["given up"], now)
    case .tell(let event): read(event, now)
    case .network, .names: break
    case .media(let command):
      if let (call, text) = sounds.note(command) { note(call, text, now) }
    }
  }

  private mutating func read(_ event: HostEvent, _ now: Instant) {
    switch event {
    case .onCall(let number, let event): read(event, of: number, now)
    case .question(let id, let number, let question): read(question, id, about: number, now)
    case .finding(let number, let finding): note(number, finding.text, now)
    case .refused(let reason, _):
      note(nil, "refused (\(reason.sipStatus)): \(reason.sentence)", now)
    case .message, .drained: break
    }
  }

  private mutating func read(_ event: CallEvent, of number: CallNumber, _ now: Instant) {
    switch event {
    case .incoming(let sid, let from, let to):
      call(number) {
        $0.sid = sid
        $0.from = from
        $0.to = to
      }
    case .legStatus(let leg, let status):
      call(number) { _ in }
      targets[number, default: [:]][leg] = status.to
      let result = status.event == .completed ? " (\(status.status.rawValue))" : ""
      note(number, "leg \(leg.number) \(JournalWords.name(status.event))\(result)", now)
      if let reason = status.reason { note(number, JournalWords.words(of: reason), now) }
    case .dialEnded(let result):
      note(number, "Dial ended: \(result.status.rawValue)", now)
      if let reason = result.reason, !isLast(JournalWords.words(of: reason), of: 2) {
        note(number, JournalWords.words(of: reason), now)
      }
    case .digit(let party, let key):
      note(number, "\(JournalWords.printable([key])) pressed by \(JournalWords.party(party))", now)
    case .recording(let status): note(number, "recording \(status.state.rawValue)", now)
    case .host(let party, let action): note(number, HostWords.action(action, of: party), now)
    case .ended(let end): call(number) { $0.end = end }
    case .answered, .ringing, .callback: break
    }
  }

  private mutating func read(
    _ question: Question, _ id: QuestionID, about number: CallNumber, _ now: Instant
  ) {
    switch question {
    case .request(let method, let url, _, _):
      columns[.web(id.exchange)] = (number, .web)
      arrow(.web(id.exchange), true, web(method, url), now)
    case .credentials(_, let realm, let host):
      note(number, "asks for credentials: \(realm) at \(host)", now)
    case .target(let question):
      note(number, "asks for target \(question.target): \(question.text)", now)
    case .url(let method, let url): note(number, "asks for leave: \(method) \(url)", now)
    case .verb(let question): note(number, "asks for verb <\(question.name)>", now)
    case .speech(let text, _, _, _):
      note(number, "asks for speech: \(sounds.asked(id, toSay: text))", now)
    }
  }

  private mutating func read(_ command: Command, _ now: Instant) {
    switch command {
    case .onCall(let call, let command): note(call, LadderStory.words(command), now)
    case .answer(let id, let answer): read(answer, to: id, now)
    case .drain: note(nil, "host: drain", now)
    case .stop: note(nil, "host: stop", now)
    case .hostCall(let caller, _): brought = caller
    case .set, .call, .defaultDocument: break
    }
  }

  private static func words(_ command: CallCommand) -> String {
    switch command {
    case .run: "host: run a document"
    case .ring(let code): "host: ring (\(code))"
    case .answer: "host: answer"
    case .reject(let code, _): "host: reject (\(code))"
    case .hangUp: "host: hang up"
    case .endDial: "host: end the Dial"
    case .digit(let key): "host: digit \(JournalWords.printable([key]))"
    case .record: "host: record"
    case .hostSays(let leg, let news): HostWords.news(news, of: leg)
    }
  }

  private mutating func read(_ answer: HostAnswer, to id: QuestionID, _ now: Instant) {
    switch answer {
    case .request(let status, let type, _):
      arrow(.web(id.exchange), false, ["\(status) \(type)", "\(status)"], now)
    case .credentials(let username, _):
      note(nil, "host: \(username == nil ? "no " : "")credentials", now)
    case .target(.asItIs): note(nil, "host: target as it is", now)
    case .target(.denied): note(nil, "host: target denied", now)
    case .target(.instead(let uri, _, _)): note(nil, "host: target is \(uri)", now)
    case .url(let isAllowed): note(nil, "host: URL \(isAllowed ? "allowed" : "denied")", now)
    case .verb(.skip): note(nil, "host: verb skipped", now)
    case .verb(.done): note(nil, "host: verb done", now)
    case .verb(.document): note(nil, "host: a document in place of a verb", now)
    case .speech(_, let body):
      sounds.answered(id)
      note(nil, "host: \(body == nil ? "no speech" : "speech")", now)
    }
  }

  private mutating func begin(_ number: CallNumber) {
    guard let caller = brought else { return }
    brought = nil
    call(number) {
      $0.from = caller.from
      $0.to = caller.to
    }
  }

  private mutating func call(_ number: CallNumber, _ change: (inout Call) -> Void) {
    if indexes[number] == nil {
      indexes[number] = calls.count
      calls.append(Call(number: number))
    }
    if let index = indexes[number] { change(&calls[index]) }
  }

  private mutating func note(_ call: CallNumber?, _ text: String, _ now: Instant) {
    entries.append(LadderEntry(instant: now, call: call, content: .note(text)))
  }

  /// One of the last entries says so already.
  private func isLast(_ text: String, of count: Int) -> Bool {
    entries.suffix(count).contains {
      if case .note(text) = $0.content { true } else { false }
    }
  }

  private mutating func arrow(
    _ peer: LadderEntry.Peer, _ isSent: Bool, _ labels: [String], _ now: Instant
  ) {
    let content = LadderEntry.Content.arrow(
      peer, isSent: isSent, labels: labels, isRepeated: false)
    entries.append(LadderEntry(instant: now, call: nil, content: content))
  }

  private func web(_ method: String, _ url: String) -> [String] {
    let path = url.split(separator: "?", maxSplits: 1).first.map(String.init) ?? url
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    return ["\(method) \(url)", "\(method) \(path)", "\(method) …/\(last)", method]
  }

  private mutating func message(_ bytes: [UInt8], isSent: Bool, _ now: Instant) {
    guard let message = LadderMessage(bytes) else { return }
    var key = bytes
    key.append(isSent ? 1 : 0)
    let isNew = seen.insert(key).inserted
    let content = LadderEntry.Content.arrow(
      .sip(callID: message.callID), isSent: isSent, labels: message.labels, isRepeated: !isNew)
    entries.append(LadderEntry(instant: now, call: nil, content: content))
  }

  private mutating func stream(
    _ id: ConnectionID, _ bytes: [UInt8], isSent: Bool, _ now: Instant
  ) {
    for whole in streams.take(id, bytes, isSent: isSent) { message(whole, isSent: isSent, now) }
  }
}
