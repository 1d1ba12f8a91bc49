import RCMLBasics
import RCMLDial
import RCMLDocument

/// A journal read for drawing: entries in order, and who is who.
struct LadderStory {
  private(set) var entries: [LadderEntry] = []
  private(set) var calls = LadderCalls()
  private(set) var isTorn = false

  private var wall: WallClock?
  private var streams = StreamMessages()
  private var sounds = LadderSounds()
  private var seen: SeenMessages
  /// Whom the host has just brought or calls: the result says which call that is.
  private var brought: (from: String, to: String, LadderCall.Direction, DocumentSource?)?
  /// What calls run that nobody asks the host about.
  private var defaultDocument: DocumentSource?
  /// The SIP message that came last: whose call it begins is said right behind it.
  private var lastReceived: LadderMessage?
  /// Octets that entries hold.
  private(set) var octets = 0

  init(_ bytes: [UInt8]) throws(JournalError) {
    let result: Result<LadderStory, JournalError> = bytes.withUnsafeBytes { lent in
      do throws(JournalError) {
        var reader = try JournalReader(lent)
        var story = LadderStory(seen: .max)
        while let record = try reader.next() { story.read(record) }
        story.isTorn = reader.isTorn
        story.seen = SeenMessages(limit: 0)
        return .success(story)
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  /// Nothing yet. `seen`: so many messages are remembered, to know those that are sent again.
  init(seen: Int) { self.seen = SeenMessages(limit: seen) }

  /// The last calls stay, and no more entries and octets than that, the youngest.
  mutating func keep(calls count: Int, entries most: Int, octets limit: Int) {
    calls.keepLast(count)
    guard entries.count > most || octets > limit else { return }
    // A quarter more than it must, so that this is not done for each entry.
    let aim = (entries: most - most / 4, octets: limit - limit / 4)
    var first = 0
    while first < entries.count, entries.count - first > aim.entries || octets > aim.octets {
      octets -= LadderStory.octets(of: entries[first])
      first += 1
    }
    entries.removeFirst(first)
    calls.keepExchanges(of: entries)
  }

  mutating func read(_ record: JournalRecord) {
    switch record.content {
    case .input(let input): read(input, record.instant)
    case .command(let command): read(command, record.instant)
    case .output(let output): read(output, record.instant)
    case .name(let name): read(name, record.instant)
    case .result(.success(.called(let number))): begin(number, record.instant)
    case .result(.failure(let refusal)):
      brought = nil
      note(nil, .host, "refused: \(refusal.text)", record.instant)
    case .omitted(let kind, let octets):
      note(
        nil, .journal, "left out: \(JournalWords.kind(kind)) of \(octets) octets", record.instant)
    case .gap(let records):
      note(
        nil, .journal, "lacking: \(records) records that the disk did not take", record.instant)
    case .continuation(let records):
      note(
        nil, .journal, "the journal begins here: \(records) records stand before it",
        record.instant)
    case .result, .drained: break
    }
  }

  private mutating func read(_ name: JournalName, _ now: Instant) {
    switch name {
    case .call(let number, let sid, let callID):
      begin(number, sid, callID, now)
      calls.place(.sip(callID: callID), in: number, .caller)
    case .leg(let number, let leg, let sid, let callID):
      call(number, now) {
        $0.change(leg) {
          $0.sid = sid
          $0.callID = callID
        }
      }
      calls.place(.sip(callID: callID), in: number, .leg(leg))
    case .exchange(let number, let id): calls.place(.web(id), in: number, .web)
    case .stream(let number, let party, let stream): sounds.named(stream, number, party)
    case .verb(let number, let verb): note(number, .verb(verb), verb.words, now)
    case .verdict: break
    }
  }

  private mutating func read(_ input: Input, _ now: Instant) {
    switch input {
    case .started(_, let wall), .wallClock(let wall): self.wall = wall
    case .network(.datagram(_, let peer, _, let bytes)),
      .network(.datagramOverdue(_, let peer, _, let bytes)):
      message(Array(bytes), isSent: false, "udp:" + JournalWords.address(peer), now)
    case .network(.streamAccepted(let id, _, _, let peer)): streams.opened(id, peer)
    case .network(.streamSecured(let id, let names)): streams.secured(id, by: names)
    case .network(.streamBytes(let id, let bytes)):
      stream(id, Array(bytes), isSent: false, now)
    case .network(.streamClosed(let id)), .network(.streamFailed(let id, _)):
      streams.closed(id)
    case .web(let id, .answered(let answer)):
      reply(.web(id), answer.status, answer.contentType, answer.location, answer.body, now)
    case .web(let id, .failed(let failure)):
      arrow(.web(id), false, ["✗ \(failure)"], .failure(failure.sentence), now)
    case .media(.reception(let stream, let reception)):
      if let (call, party) = sounds.owner(of: stream) {
        note(call, .reception(party, reception), "", now)
      }
    case .network, .names, .media, .memory, .timePassed: break
    }
  }

  private mutating func read(_ output: Output, _ now: Instant) {
    switch output {
    case .network(.send(_, let peer, let bytes)):
      message(bytes, isSent: true, "udp:" + JournalWords.address(peer), now)
    case .network(.openStream(let id, let peer)), .network(.openSecured(let id, let peer, _)):
      streams.opened(id, peer)
    case .network(.sendStream(let id, let bytes)): stream(id, bytes, isSent: true, now)
    case .web(let id, .begin(let exchange)):
      if let sound = exchange.sound { sounds.asked(sound, exchange.url) }
      arrow(
        .web(id), true, web(exchange.method, exchange.url),
        .request(
          method: exchange.method, url: exchange.url, headers: exchange.headers,
          body: exchange.body), now)
    case .web(let id, .abort): arrow(.web(id), true, ["given up"], .abort, now)
    case .tell(let event): read(event, now)
    case .network, .names: break
    case .media(let command):
      if let (call, text) = sounds.note(command) { note(call, .sound, text, now) }
    }
  }

  private mutating func read(_ event: HostEvent, _ now: Instant) {
    switch event {
    case .onCall(let number, let event): read(event, of: number, now)
    case .question(let id, let number, let question): read(question, id, about: number, now)
    case .finding(let number, let finding):
      if let number { call(number, now) { $0.add(finding) } }
      note(number, .finding(finding), finding.text, now)
    case .refused(let reason, _):
      note(nil, .refusal, "refused (\(reason.sipStatus)): \(reason.sentence)", now)
    case .message, .drained: break
    }
  }

  private mutating func read(_ event: CallEvent, of number: CallNumber, _ now: Instant) {
    switch event {
    case .incoming(let incoming):
      call(number, now) {
        $0.sid = incoming.sid
        $0.from = incoming.from
        $0.to = incoming.to
      }
    case .legStatus(let leg, let status):
      call(number, now) {
        $0.change(leg) {
          $0.target = status.to
          $0.status = status
        }
      }
      let result = status.event == .completed ? " (\(status.status.rawValue))" : ""
      note(number, .event, "\(leg.name) \(JournalWords.name(status.event))\(result)", now)
      if let reason = status.reason { note(number, .event, JournalWords.words(of: reason), now) }
    case .dialEnded(let result):
      call(number, now) { $0.dial = result }
      note(number, .event, "Dial ended: \(result.status.rawValue)", now)
      if let reason = result.reason, !isLast(JournalWords.words(of: reason), of: 2) {
        note(number, .event, JournalWords.words(of: reason), now)
      }
    case .digit(let party, let key):
      note(
        number, .sound,
        "\(JournalWords.printable([key])) pressed by \(JournalWords.party(party))", now)
    case .secret(let party, let suite):
      note(
        number, .sound, "\(JournalWords.party(party)): secret sound, \(suite.name)", now)
    case .recording(let status):
      note(number, .event, "recording \(status.state.rawValue)", now)
    case .host(let party, let action):
      note(number, .host, HostWords.action(action, of: party), now)
    case .ended(let end): call(number, now) { $0.end = (end, now) }
    // Exchanges are drawn from what went to the web.
    case .answered, .ringing, .callback, .exchange: break
    }
  }

  private mutating func read(
    _ question: Question, _ id: QuestionID, about number: CallNumber, _ now: Instant
  ) {
    switch question {
    case .request(let method, let url, let body, _):
      calls.place(.web(id.exchange), in: number, .web)
      arrow(
        .web(id.exchange), true, web(method, url),
        .request(method: method, url: url, headers: [], body: body), now)
    case .credentials(_, let realm, let host):
      note(number, .host, "asks for credentials: \(realm) at \(host)", now)
    case .target(let question):
      note(number, .host, "asks for target \(question.target): \(question.text)", now)
    case .url(let method, let url): note(number, .host, "asks for leave: \(method) \(url)", now)
    case .verb(let question): note(number, .host, "asks for verb <\(question.name)>", now)
    case .speech(let text, _, _, _):
      note(number, .host, "asks for speech: \(sounds.asked(id, toSay: text))", now)
    }
  }

  private mutating func read(_ command: Command, _ now: Instant) {
    switch command {
    case .onCall(let call, let command):
      note(call, .host, LadderStory.words(command), now)
      if case .run(let source) = command { document(source, of: call, now) }
    case .answer(let id, let answer): read(answer, to: id, now)
    case .drain: note(nil, .host, "host: drain", now)
    case .stop: note(nil, .host, "host: stop", now)
    case .hostCall(let caller, let source): brought = (caller.from, caller.to, .host, source)
    case .call(let party, let from, let source, _, _): brought = (from, party, .outgoing, source)
    case .defaultDocument(let source): defaultDocument = source
    case .set, .reset: break
    }
  }

  private static func words(_ command: CallCommand) -> String {
    switch command {
    case .run: "host: run a document"
    case .set(let settings): "host: set \(settings.map(\.name).joined(separator: ", "))"
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
    func host(_ text: String) { note(nil, .host, "host: " + text, now) }
    switch answer {
    case .request(let status, let type, let body):
      reply(.web(id.exchange), status, type, "", body, now)
    case .credentials(let username, _): host("\(username == nil ? "no " : "")credentials")
    case .target(.asItIs): host("target as it is")
    case .target(.denied): host("target denied")
    case .target(.instead(let uri, _, _)): host("target is \(uri)")
    case .url(let isAllowed): host("URL \(isAllowed ? "allowed" : "denied")")
    case .verb(.skip): host("verb skipped")
    case .verb(.done): host("verb done")
    case .verb(.document): host("a document in place of a verb")
    case .speech(_, let body):
      sounds.answered(id)
      host(body == nil ? "no speech" : "speech")
    }
  }

  // MARK: calls

  /// One that came in: the message before has brought it.
  private mutating func begin(
    _ number: CallNumber, _ sid: CallSid, _ callID: [UInt8], _ now: Instant
  ) {
    let isNew = calls[number] == nil
    let invite = lastReceived.flatMap { $0.callID == callID && $0.isInvite ? $0 : nil }
    call(number, now) {
      $0.sid = sid
      $0.callID = callID
      if let invite, $0.from.isEmpty {
        $0.from = invite.from
        $0.to = invite.to
      }
    }
    if isNew, invite != nil, let defaultDocument { document(defaultDocument, of: number, now) }
  }

  /// One that the host began.
  private mutating func begin(_ number: CallNumber, _ now: Instant) {
    guard let (from, to, direction, source) = brought else { return }
    brought = nil
    call(number, now) {
      $0.from = from
      $0.to = to
      $0.direction = direction
    }
    if let source { document(source, of: number, now) }
  }

  private mutating func call(
    _ number: CallNumber, _ now: Instant, _ change: (inout LadderCall) -> Void
  ) {
    let began = LadderCall.Beginning(
      instant: now, unixMicroseconds: wall?.unixMicroseconds(at: now) ?? 0)
    calls.change(number, at: began, change)
  }

  // MARK: entries

  private mutating func add(_ call: CallNumber?, _ content: LadderEntry.Content, _ now: Instant) {
    let entry = LadderEntry(
      instant: now, unixMicroseconds: wall?.unixMicroseconds(at: now) ?? 0, call: call,
      content: content)
    octets += LadderStory.octets(of: entry)
    entries.append(entry)
    if let call = calls.call(of: entry) { calls.count(call) }
  }

  /// About what it holds.
  private static func octets(of entry: LadderEntry) -> Int {
    switch entry.content {
    case .note(.document(let text), _): return text.count + 64
    case .note(_, let text): return text.utf8.count + 64
    case .arrow(let arrow):
      switch arrow.load {
      case .message(let bytes, _): return bytes.count + 256
      case .request(_, let url, _, let body): return url.utf8.count + body.count + 512
      case .reply(_, _, _, let body): return body.count + 256
      case .failure, .abort: return 256
      }
    }
  }

  private mutating func note(
    _ call: CallNumber?, _ topic: LadderEntry.Topic, _ text: String, _ now: Instant
  ) {
    add(call, .note(topic, text), now)
  }

  private mutating func document(
    _ source: DocumentSource, of number: CallNumber, _ now: Instant
  ) {
    guard case .text(let text, _) = source else { return }
    note(number, .document(text), "a document of the host", now)
  }

  /// One of the last entries says so already.
  private func isLast(_ text: String, of count: Int) -> Bool {
    entries.suffix(count).contains {
      if case .note(_, text) = $0.content { true } else { false }
    }
  }

  private mutating func arrow(
    _ peer: LadderEntry.Peer, _ isSent: Bool, _ labels: [String], _ load: LadderEntry.Load,
    _ now: Instant
  ) {
    add(
      nil, .arrow(LadderEntry.Arrow(peer: peer, isSent: isSent, labels: labels, load: load)), now)
  }

  private mutating func reply(
    _ peer: LadderEntry.Peer, _ status: UInt16, _ type: String, _ location: String,
    _ body: [UInt8], _ now: Instant
  ) {
    let short = type.split(separator: ";").first.map(String.init) ?? ""
    arrow(
      peer, false, [short.isEmpty ? "\(status)" : "\(status) \(short)", "\(status)"],
      .reply(status: status, type: type, location: location, body: body), now)
  }

  private func web(_ method: String, _ url: String) -> [String] {
    let path = url.split(separator: "?", maxSplits: 1).first.map(String.init) ?? url
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    return ["\(method) \(url)", "\(method) \(path)", "\(method) …/\(last)", method]
  }

  private mutating func message(
    _ bytes: [UInt8], isSent: Bool, _ place: String, _ now: Instant
  ) {
    guard let message = LadderMessage(bytes) else { return }
    if !isSent { lastReceived = message }
    let isNew = seen.insert(bytes, isSent: isSent)
    let arrow = LadderEntry.Arrow(
      peer: .sip(callID: message.callID), isSent: isSent, labels: message.labels,
      isRepeated: !isNew, load: .message(bytes, place: place))
    add(nil, .arrow(arrow), now)
  }

  private mutating func stream(
    _ id: ConnectionID, _ bytes: [UInt8], isSent: Bool, _ now: Instant
  ) {
    for whole in streams.take(id, bytes, isSent: isSent) {
      message(whole, isSent: isSent, streams.place(of: id), now)
    }
  }
}
