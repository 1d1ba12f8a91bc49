import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import Testing

@testable import RCMLAgent

private let start = Instant(nanoseconds: 5_000_000_000)
private let alice = SocketAddress(ipv4: 0x7f00_0001, port: 5080)
private let bob = SocketAddress(ipv6High: 0x2001_0db8_0000_0000, low: 9, port: 5060)

/// One of each kind, with fields that differ from their defaults.
private func everyInput(_ bytes: UnsafeRawBufferPointer) -> [Input] {
  [
    .started(
      entropy: Array(0..<32), wall: WallClock(unixMicroseconds: -7, at: Instant(nanoseconds: 9))),
    .wallClock(WallClock(unixMicroseconds: 1_700_000_000_000_000, at: start)),
    .network(.listening(ListenerID(1), .tcp, local: bob)), .network(.listenerClosed(ListenerID(1))),
    .network(.datagram(ListenerID(2), from: alice, local: bob, bytes: bytes)),
    .network(.datagramRefused(ListenerID(2), to: alice)),
    .network(.streamAccepted(ConnectionID(3), ListenerID(1), local: alice, remote: bob)),
    .network(.streamConnected(ConnectionID(4), local: alice)),
    .network(.streamFailed(ConnectionID(4))),
    .network(.streamBytes(ConnectionID(3), bytes: bytes)), .network(.streamClosed(ConnectionID(3))),
    .names(ResolutionID(5), .addresses([alice, bob])), .names(ResolutionID(5), .failed),
    .names(
      ResolutionID(5),
      .services([
        ServiceRecord(priority: 1, weight: 65_535, port: 5060, target: Array("a.example".utf8)),
        ServiceRecord(priority: 2, weight: 0, port: 5062, target: []),
      ])),
    .names(
      ResolutionID(5),
      .pointers([
        PointerRecord(
          order: 10, preference: 50, flags: Array("s".utf8), service: Array("SIP+D2T".utf8),
          replacement: Array("_sip._tcp.example.com".utf8))
      ])),
    .network(.routeFound(to: alice, local: bob)),
    .web(
      ExchangeID(6),
      .answered(
        HTTPAnswer(status: 302, contentType: "text/xml", location: "http://w/", body: [1, 2]))),
    .web(ExchangeID(6), .failed(.tooLarge)), .timePassed,
  ] + everyMediaEvent.map { .media($0) }
}

private let everyMediaEvent: [MediaEvent] = [
  .opened(MediaID(1), port: 16_384), .unopened(MediaID(2)),
  .loaded(SoundID(3), milliseconds: 1_200), .unloadable(SoundID(4), .speechless),
  .digit(MediaID(1), 42), .played(PlaybackID(5)), .unplayable(PlaybackID(6)),
  .recorded(
    RecordingID(7), RecordingResult(reason: .silence, milliseconds: 5_000, isEmpty: true)),
  .silent(MediaID(1)), .contested(MediaID(2)),
]

/// A description with something in each of its fields.
private var fullDescription: StreamDescription {
  var description = StreamDescription()
  description.remote = alice
  description.control = bob
  description.sends = false
  description.incoming = [.init(0, .pcmu), .init(101, .telephoneEvent(rate: 8_000))]
  description.outgoing = [
    .init(8, .pcma), .init(13, .comfortNoise), .init(96, .other(Array("opus/48000/2".utf8))),
  ]
  description.packetTime = 30
  description.silenceLimit = .seconds(60)
  description.sender.lock = .any
  description.sender.signalling = SocketAddress(ipv4: 0xcb00_7107, port: 5_060)
  description.sender.edition = 300
  description.hearsKeys = true
  description.isUntouched = true
  return description
}

private var everyMediaCommand: [MediaCommand] {
  let speech = SpeechRequest(program: "flite", text: "Hello", language: "en", voice: "man")
  let items: [PlayItem] = [
    .sound(SoundID(1), times: 0), .ringing(country: "de"), .beep, .warning,
    .silence(milliseconds: 500), .digits([49, 35]),
  ]
  return [
    .open(MediaID(1)), .describe(MediaID(1), fullDescription),
    .describe(MediaID(1), StreamDescription()), .close(MediaID(1)),
    .join(MediaID(1), MediaID(2), MediaCommand.Join(withheldKey: 42)), .part(MediaID(1)),
    .load(SoundID(1), .octets([1, 2], name: "a.wav", contentType: "audio/wav")),
    .load(SoundID(2), .file(path: "/a.wav")), .load(SoundID(3), .speech(speech)),
    .forget(SoundID(1)), .play(MediaID(1), PlaybackID(2), items), .stop(PlaybackID(2)),
    .record(
      RecordingID(1),
      RecordingPlan(
        left: MediaID(1), right: MediaID(2), channels: 2, silence: .seconds(5),
        maximum: .seconds(60)), path: "/r/RE1.wav"),
    .record(RecordingID(2), RecordingPlan(left: MediaID(1)), path: ""),
    .endRecording(RecordingID(1)), .recordAlso(RecordingID(1), MediaID(3)),
    .discardRecording(RecordingID(2)), .usePorts(20_000...20_099),
  ]
}

private let everyCommand: [Command] = [
  .set(name: "ringing_mode", value: "on-ringing"),
  .onCall(CallNumber(1), .run(.text(Array("<Response/>".utf8), baseURL: "http://w/"))),
  .call(party: "sip:a@b", from: "", .url("http://w/", method: "GET")),
  .onCall(CallNumber(1), .ring(code: 180)), .onCall(CallNumber(1), .answer),
  .onCall(CallNumber(1), .reject(code: 486, phrase: "Busy")), .onCall(CallNumber(1), .hangUp),
  .onCall(CallNumber(1), .endDial), .onCall(CallNumber(1), .digit(42)),
  .onCall(CallNumber(1), .record(path: "/r/a.wav")),
  .defaultDocument(nil),
  .defaultDocument(.url("http://w/", method: "POST")),
  .answer(QuestionID(6), .request(status: 200, contentType: "text/xml", body: [3])), .drain, .stop,
  .answer(QuestionID(7), .credentials(username: Private("***"), password: Private("**"))),
  .answer(QuestionID(7), .credentials(username: nil, password: Private(""))),
  .answer(QuestionID(7), .target(.asItIs)), .answer(QuestionID(7), .target(.denied)),
  .answer(
    QuestionID(7), .target(.instead(uri: "sip:a@b", username: Private("*"), password: Private("*")))
  ),
  .answer(QuestionID(7), .url(isAllowed: true)), .answer(QuestionID(7), .url(isAllowed: false)),
  .answer(QuestionID(7), .speech(contentType: "audio/wav", body: [1, 2])),
  .answer(QuestionID(7), .speech(contentType: "", body: [])),
  .answer(QuestionID(7), .speech(contentType: "", body: nil)),
]

private let everyOutput: [Output] =
  [
    .network(.send(ListenerID(1), to: alice, bytes: [1, 2, 3])),
    .network(.openStream(ConnectionID(2), to: bob)),
    .network(.sendStream(ConnectionID(2), bytes: [4])), .network(.closeStream(ConnectionID(2))),
    .names(.addresses(ResolutionID(1), host: Array("example.com".utf8))),
    .network(.findRoute(to: alice)),
    .names(.services(ResolutionID(2), name: Array("_sip._udp.example.com".utf8))),
    .names(.pointers(ResolutionID(3), name: Array("example.com".utf8))),
    .names(.useServers(Array("127.0.0.1:5353".utf8))),
    .web(
      ExchangeID(3),
      .begin(
        HTTPExchange(
          method: "POST", url: "http://w/a", headers: [HeaderLine("X-A", [49])], body: [5],
          connectTimeout: .seconds(5), timeout: .seconds(15), bodyLimit: 65_536,
          blocksPrivateAddresses: true, verifiesTLS: false))),
    .web(
      ExchangeID(4),
      .begin(
        HTTPExchange(
          method: "GET", url: "http://w/a.wav", headers: [], body: [], connectTimeout: .seconds(5),
          timeout: .seconds(15), bodyLimit: 65_536, blocksPrivateAddresses: false,
          verifiesTLS: true,
          sound: SoundID(9)))),
    .web(ExchangeID(3), .abort),
  ] + everyMediaCommand.map { .media($0) } + everyEvent.map { .tell($0) }

private let everyEvent: [HostEvent] = [
  .onCall(CallNumber(1), .incoming(CallSid(high: 1, low: 2), from: "sip:a@b", to: "sip:c@d")),
  .onCall(CallNumber(1), .answered), .onCall(CallNumber(1), .ringing),
  .onCall(
    CallNumber(1),
    .legStatus(
      LegNumber(2),
      LegStatus(
        event: .completed, sid: CallSid(high: 3, low: 4), to: "sip:e@f", status: .noAnswer,
        instant: start, sipCode: 487, duration: 3, hangupBy: .callee))),
  .onCall(
    CallNumber(1),
    .dialEnded(
      DialResult(
        status: .busy, leg: LegNumber(2), legSid: CallSid(high: 3, low: 4), duration: 1,
        bridged: true, ringDuration: 2, sipCode: 486, screening: .hangup, hangupBy: .host))),
  .finding(nil, Finding(severity: .warning, code: .unknownVerb, line: 1, column: 2, text: "x")),
  .onCall(CallNumber(1), .digit(.leg(LegNumber(2)), 35)),
  .onCall(CallNumber(1), .digit(.caller, 35)),
  .question(QuestionID(4), CallNumber(1), .request(method: "GET", url: "host:/a", body: [1])),
  .onCall(
    CallNumber(1), .ended(CallEnd(status: .canceled, sipCode: nil, hangupBy: .caller, duration: 0))),
  .message(sent: true, .udp, peer: bob, text: [65]), .refused("why", code: 400, from: alice),
  .drained,
  .question(QuestionID(7), CallNumber(1), .credentials(LegNumber(0), realm: "r", host: "h:5080")),
  .question(QuestionID(7), CallNumber(1), .credentials(nil, realm: "", host: "h")),
  .question(
    QuestionID(7), CallNumber(1),
    .target(
      TargetQuestion(
        dial: 1, target: 2, noun: "Number", text: "17", attributes: [.init(name: "a", value: "b")],
        documentURL: "http://w/"))),
  .onCall(
    CallNumber(1),
    .callback(
      LegNumber(2),
      CallbackReport(
        event: "ringing", method: "POST", url: "http://w/s", body: [6], attempts: 2, status: 200))),
  .question(QuestionID(7), CallNumber(1), .url(method: "GET", url: "http://w/a?b=c")),
  .question(QuestionID(7), CallNumber(1), .speech(text: "Hello", voice: "man", language: "en")),
]

/// Written again from what was read, it has to be the same octets: reader and writer agree on every field.
@Test func everyKindOfRecordIsReadBackAsItWasWritten() throws {
  let payload = Array("INVITE sip:a@b SIP/2.0\r\n\r\n".utf8)
  var writer = JournalWriter(product: "1.2.3")
  var now = start
  payload.withUnsafeBytes { bytes in
    for input in everyInput(bytes) {
      now = now + .milliseconds(20)
      writer.input(input, at: now)
    }
  }
  for command in everyCommand {
    now = now + .microseconds(1)
    writer.command(command, at: now)
    writer.result(.success(.called(CallNumber(7))))
    writer.result(.failure(Refusal(code: -3, text: "no")))
  }
  for output in everyOutput { writer.output(output) }
  let names: [JournalName] = [
    .call(CallNumber(1), sid: CallSid(high: 1, low: 2), callID: [65]),
    .leg(CallNumber(1), LegNumber(2), sid: CallSid(high: 3, low: 4), callID: [66]),
    .exchange(CallNumber(1), ExchangeID(3)),
  ]
  for name in names { writer.name(name) }
  writer.drained()
  writer.drained()
  let journal = writer.take()
  #expect(writer.take().isEmpty)

  var again = JournalWriter(product: "1.2.3")
  var count = 0
  try journal.withUnsafeBytes { lent in
    var reader = try JournalReader(lent)
    #expect(reader.product == "1.2.3")
    while let record = try reader.next() {
      count += 1
      #expect(record.number == count)
      switch record.content {
      case .input(let input): again.input(input, at: record.instant)
      case .command(let command): again.command(command, at: record.instant)
      case .result(let result): again.result(result)
      case .output(let output): again.output(output)
      case .drained: again.drained()
      case .name(let name): again.name(name)
      }
    }
    #expect(!reader.isTorn)
    #expect(reader.instant == now)
  }
  #expect(count == 29 + 3 * everyCommand.count + everyOutput.count + 4)
  #expect(again.take() == journal)
}

private func sampleJournal() -> [UInt8] {
  var writer = JournalWriter(product: "x")
  writer.command(.set(name: "a", value: "b"), at: start)
  writer.input(.timePassed, at: start + .seconds(1))
  for output in everyOutput { writer.output(output) }
  return writer.take()
}

@Test func aJournalCutOffAnywhereIsReadUpToTheCut() throws {
  let journal = sampleJournal()
  var whole = 0
  for length in 16...journal.count {
    let part = Array(journal[..<length])
    let (read, torn) = try part.withUnsafeBytes { lent -> (Int, Bool) in
      var reader = try JournalReader(lent)
      var count = 0
      while try reader.next() != nil { count += 1 }
      return (count, reader.isTorn)
    }
    #expect(read >= whole)
    whole = max(whole, read)
    if length == journal.count { #expect(!torn) }
  }
  #expect(whole == 2 + everyOutput.count)
}

@Test func aDamagedJournalNeverTrapsAndNamesTheRecord() {
  let journal = sampleJournal()
  for position in 8..<journal.count {
    for value in [0, 1, 0x7f, 0x80, 0xff] as [UInt8] {
      var damaged = journal
      damaged[position] = value
      damaged.withUnsafeBytes { lent in
        do throws(JournalError) {
          var reader = try JournalReader(lent)
          while try reader.next() != nil {}
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }
  var wrongKind = journal
  // magic 8, version 1, product 2, origin 5, length 1
  wrongKind[17] = 99
  #expect(throws: JournalError.damaged(record: 1, offset: 16, "there is no RecordKind 99")) {
    _ = try Replay.run(wrongKind)
  }
}

@Test func somethingElseThanAJournalIsSaidToBeNone() {
  #expect(throws: JournalError.notAJournal) { _ = try Replay.run([]) }
  #expect(throws: JournalError.notAJournal) { _ = try Replay.run(Array("INVITE sip:a".utf8)) }
  var newer = sampleJournal()
  for version in [1, 3] as [UInt8] {
    newer[8] = version
    #expect(throws: JournalError.unknownVersion(UInt64(version))) { _ = try Replay.run(newer) }
  }
}

/// The journal claims an output that a fresh agent does not make.
@Test func replayShowsTheFirstDifferenceInWords() throws {
  var writer = JournalWriter(product: "x")
  writer.input(.timePassed, at: start)
  writer.drained()
  writer.input(.timePassed, at: start + .seconds(1))
  writer.output(.names(.addresses(ResolutionID(4), host: Array("example.com".utf8))))
  let result = try Replay.run(writer.take())
  #expect(!result.isProved)
  let difference = try #require(result.difference)
  #expect(difference.record == 4)
  #expect(difference.time == .seconds(1))
  #expect(difference.recorded == "look up example.com (number 4)")
  #expect(difference.replayed == "nothing")
}
