import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

@testable import RCMLAgent

/// Values of every case of what a journal holds, with fields that differ from their defaults and from each other.
///
/// A secret is written as its mask (`*1*` is that of itself), so that what is read is what was written.
enum JournalSamples {
  static let start = Instant(nanoseconds: 5_000_000_000)
  static let alice = SocketAddress(ipv4: 0x7f00_0001, port: 5080)
  static let bob = SocketAddress(ipv6High: 0x2001_0db8_0000_0000, low: 9, port: 5060)
  static let payload = Array("INVITE sip:a@b SIP/2.0\r\n\r\n".utf8)

  // MARK: inputs

  static func inputs(_ bytes: UnsafeRawBufferPointer) -> [Input] {
    [
      .started(
        entropy: Array(0..<32), wall: WallClock(unixMicroseconds: -7, at: Instant(nanoseconds: 9))),
      .wallClock(WallClock(unixMicroseconds: 1_700_000_000_000_000, at: start)), .timePassed,
      .memory(isFull: true), .memory(isFull: false),
    ]
      + networkInputs(bytes).map { .network($0) }
      + nameAnswers.map { .names(ResolutionID(5), $0) }
      + webAnswers.map { .web(ExchangeID(6), $0) }
      + mediaEvents.map { .media($0) }
  }

  static func networkInputs(_ bytes: UnsafeRawBufferPointer) -> [NetworkInput] {
    [
      .listening(ListenerID(1), .tcp, local: bob), .listenerClosed(ListenerID(1)),
      .listenerLeaves(ListenerID(1)),
      .datagram(ListenerID(2), from: alice, local: bob, bytes: bytes),
      .datagramOverdue(ListenerID(2), from: alice, local: bob, bytes: bytes),
      .datagramRefused(ListenerID(2), to: alice, .noRoute),
      .streamAccepted(ConnectionID(3), ListenerID(1), local: alice, remote: bob),
      .streamSecured(ConnectionID(4), peer: Array("pbx.example".utf8)),
      .streamConnected(ConnectionID(4), local: alice), .streamFailed(ConnectionID(4), .timedOut),
      .streamBytes(ConnectionID(3), bytes: bytes), .streamClosed(ConnectionID(.max)),
      .routeFound(to: alice, local: bob),
      .listenerShown(ListenerID(1), as: Array("203.0.113.1:5060".utf8)),
    ]
  }

  static let nameAnswers: [NameAnswer] = [
    .addresses([alice, bob]), .failed(.unknown), .failed(.silent),
    .services([
      ServiceRecord(priority: 1, weight: 65_535, port: 5060, target: Array("a.example".utf8)),
      ServiceRecord(priority: 2, weight: 0, port: 5062, target: []),
    ]),
    .pointers([
      PointerRecord(
        order: 10, preference: 50, flags: Array("s".utf8), service: Array("SIP+D2T".utf8),
        replacement: Array("_sip._tcp.example.com".utf8))
    ]),
  ]

  static let webAnswers: [WebAnswer] = [
    .answered(
      HTTPAnswer(status: 302, contentType: "text/xml", location: "http://w/", body: [1, 2])),
    .failed(.tooLarge),
  ]

  static let mediaEvents: [MediaEvent] = [
    .opened(MediaID(1), port: 16_384), .unopened(MediaID(2)),
    .loaded(SoundID(3), milliseconds: 1_200), .unloadable(SoundID(4), .speechless),
    .digit(MediaID(1), 42), .played(PlaybackID(5)), .unplayable(PlaybackID(6)),
    .recorded(
      RecordingID(7), RecordingResult(reason: .silence, milliseconds: 5_000, isEmpty: true)),
    .silent(MediaID(1)), .contested(MediaID(2)),
    .reception(MediaID(1), StreamReception(packets: 250, lost: -1, jitterMicroseconds: 1_250)),
  ]

  // MARK: commands

  static var commands: [Command] {
    [
      .set(name: "ringing_mode", value: "on-ringing"), .reset(name: "ringing_mode"), .drain, .stop,
      .defaultDocument(nil),
      .defaultDocument(sources[1]), .call(party: "sip:a@b", from: "sip:c@d", sources[0]),
      .call(party: "sip:a@b", from: "", sources[1], limit: .milliseconds(1_500)),
      .call(party: "sip:a@b", from: "", sources[1], settings: [CallSetting("account_sid", "AC1")]),
      .hostCall(caller, nil), .hostCall(caller, sources[0]), .hostCall(fullCaller, nil),
    ]
      + callCommands.map { .onCall(CallNumber(1), $0) }
      + hostAnswers.map { .answer(QuestionID(7), $0) }
  }

  static let sources: [DocumentSource] = [
    .text(Array("<Response/>".utf8), baseURL: "http://w/"), .url("http://w/a", method: "GET"),
  ]

  static let caller = HostCaller(
    from: "sip:a@b", to: "17", name: "Alice", media: .pcmu, sdp: [118, 61])

  static var fullCaller: HostCaller {
    var full = caller
    full.headers = [HeaderLine("X-Tenant", Array("7".utf8))]
    (full.isPrivate, full.isAnswered) = (true, true)
    full.settings = [CallSetting("account_sid", "AC1"), CallSetting("media", "anchored")]
    return full
  }

  static var callCommands: [CallCommand] {
    [
      .run(sources[0]), .run(sources[1]), .set([CallSetting("base_url", "http://w/")]),
      .ring(code: 183), .answer,
      .reject(code: 486, phrase: "Busy"), .hangUp, .endDial, .digit(42),
      .record(path: "/r/a.wav"),
    ]
      + hostPartyReports.map { .hostSays(LegNumber(3), $0) } + [.hostSays(nil, .ends(code: 0))]
  }

  static let hostPartyReports: [HostPartyReport] = [
    .rings(code: 183, sdp: [1]), .answers(sdp: [2]), .offers(sdp: [3]), .refuses(code: 488),
    .ends(code: 486), .presses(35),
  ]

  static var hostAnswers: [HostAnswer] {
    [
      .request(status: 404, contentType: "text/xml", body: [3]),
      .credentials(username: Private("*1*"), password: Private("*2**")),
      .credentials(username: nil, password: Private("")), .url(isAllowed: true),
      .url(isAllowed: false), .speech(contentType: "audio/wav", body: [1, 2]),
      .speech(contentType: "", body: []), .speech(contentType: "", body: nil),
      .verb(.skip), .verb(.done), .verb(.document(.url("http://w/", method: "GET"))),
      .verb(.document(.text([60], baseURL: "http://w/"))),
    ] + decisions.map { .target($0) }
  }

  static let decisions: [TargetDecision] = [
    .asItIs, .denied,
    .instead(uri: "sip:a@b", username: Private("*1*"), password: Private("*2*")),
    .instead(uri: "sip:a@c", username: nil, password: nil),
  ]

  static let results: [Result<CommandResult, Refusal>] = [
    .success(.done), .success(.called(CallNumber(7))),
    .failure(Refusal(code: -3, text: "no")),
  ]

  // MARK: outputs

  static var outputs: [Output] {
    networkOutputs.map { .network($0) }
      + nameCommands.map { .names($0) }
      + webCommands.map { .web(ExchangeID(3), $0) }
      + mediaCommands.map { .media($0) }
      + events.map { .tell($0) }
  }

  static let networkOutputs: [NetworkOutput] = [
    .send(ListenerID(1), to: alice, bytes: [1, 2, 3]), .openStream(ConnectionID(2), to: bob),
    .openSecured(ConnectionID(4), to: bob, domain: Array("pbx.example".utf8)),
    .sendStream(ConnectionID(2), bytes: [4]), .closeStream(ConnectionID(2)),
    .closeListener(ListenerID(1)),
    .findRoute(to: alice),
  ]

  static let nameCommands: [NameCommand] = [
    .addresses(ResolutionID(1), host: Array("example.com".utf8)),
    .services(ResolutionID(2), name: Array("_sip._udp.example.com".utf8)),
    .pointers(ResolutionID(3), name: Array("example.org".utf8)),
    .useServers(Array("127.0.0.1:5353".utf8)),
  ]

  static let webCommands: [WebCommand] = [
    .begin(
      HTTPExchange(
        method: "POST", url: "http://w/a", headers: [HeaderLine("X-A", [49])], body: [5],
        connectTimeout: .seconds(5), timeout: .seconds(15), bodyLimit: 65_536,
        blocksPrivateAddresses: true, verifiesTLS: false)),
    .begin(
      HTTPExchange(
        method: "GET", url: "http://w/a.wav", headers: [], body: [], connectTimeout: .seconds(1),
        timeout: .seconds(2), bodyLimit: 3, blocksPrivateAddresses: false, verifiesTLS: true,
        sound: SoundID(9))),
    .abort,
  ]

  private static var secrecy: StreamSecrecy? {
    let keys = (
      SecureKey(.aes256GCM, [UInt8](repeating: 7, count: 44), identifierLength: 4),
      SecureKey(.aes128SHA80, [UInt8](repeating: 9, count: 30))
    )
    guard let incoming = keys.0, let outgoing = keys.1 else { return nil }
    return StreamSecrecy(incoming: incoming, outgoing: outgoing)
  }

  static var mediaCommands: [MediaCommand] {
    var description = StreamDescription()
    description.remote = alice
    description.control = bob
    description.sends = false
    description.incoming = [.init(0, .pcmu), .init(101, .telephoneEvent(rate: 8_000))]
    description.outgoing = codecs.map { .init(96, $0) }
    description.packetTime = 30
    description.silenceLimit = .seconds(60)
    description.sender.lock = .any
    description.sender.signalling = SocketAddress(ipv4: 0xcb00_7107, port: 5_060)
    description.sender.edition = 300
    description.hearsKeys = true
    description.isUntouched = true
    description.sender.isConfirmed = false
    description.sender.secrecy = secrecy
    description.own = OwnAddress(
      shown: SocketAddress(ipv4: 0xcb00_7109, port: 0),
      local: SocketAddress(ipv6High: 0xfd00 << 48, low: 2, port: 0))
    var deaf = StreamDescription()
    deaf.receives = false
    return [
      .open(MediaID(1)), .openFrames(MediaID(2), .pcmu), .describe(MediaID(1), description),
      .describe(MediaID(1), deaf), .close(MediaID(1)),
      .join(MediaID(1), MediaID(2), MediaCommand.Join(withheldKey: 42)), .part(MediaID(1)),
      .forget(SoundID(1)), .play(MediaID(1), PlaybackID(2), items), .stop(PlaybackID(2)),
      .record(
        RecordingID(1),
        RecordingPlan(
          left: MediaID(1), right: MediaID(2), channels: 2, silence: .seconds(5),
          maximum: .seconds(60), keepsEmpty: false), path: "/r/RE1.wav"),
      .record(RecordingID(2), RecordingPlan(left: MediaID(1)), path: ""),
      .endRecording(RecordingID(1)), .recordAlso(RecordingID(1), MediaID(3)),
      .discardRecording(RecordingID(2)), .usePorts(20_000...20_099),
    ] + sounds.map { .load(SoundID(4), $0) }
  }

  static let codecs: [AudioCodec] = [
    .pcmu, .pcma, .comfortNoise, .telephoneEvent(rate: 48_000),
    .other(Array("opus/48000/2".utf8)),
  ]

  static let items: [PlayItem] = [
    .sound(SoundID(1), times: 3), .ringing(country: "de"), .beep, .warning,
    .silence(milliseconds: 500), .digits([49, 35]),
  ]

  static let sounds: [SoundSource] = [
    .octets([1, 2], name: "a.wav", contentType: "audio/wav"), .file(path: "/a.wav"),
    .speech(
      SpeechRequest(
        program: "flite", text: "Hello", markup: "<speak/>", language: "en", voice: "man")),
  ]

  // MARK: events

  static var events: [HostEvent] {
    [
      .finding(
        nil, Finding(severity: .warning, code: .unknownVerb, line: 1, column: 2, text: "x")),
      .finding(
        CallNumber(4), Finding(severity: .error, code: .urlDenied, line: 0, column: 0, text: "")),
      .message(sent: true, .udp, peer: bob, text: [65]),
      .refused(reason, from: alice), .drained,
    ]
      + callEvents.map { .onCall(CallNumber(1), $0) }
      + questions.map { .question(QuestionID(7), CallNumber(1), $0) }
  }

  static var callEvents: [CallEvent] {
    let recording = Recording(url: "http://w/r", sid: "RE1", duration: 4)
    let sid = CallSid(high: 3, low: 4)
    return [
      .incoming(
        IncomingCall(
          sid: CallSid(high: 1, low: 2), from: "sip:a@b", to: "sip:c@d", name: "A",
          requestURI: "sip:c@d;x=1", transport: .tcp, peer: SocketAddress(ipv4: 1, port: 2),
          headers: [65, 61, 66])),
      .answered, .ringing,
      .legStatus(
        LegNumber(2),
        LegStatus(
          event: .completed, sid: sid, to: "sip:e@f", status: .noAnswer, instant: start,
          sipCode: 487, duration: 3, hangupBy: .callee, reason: reason)),
      .legStatus(
        LegNumber(0),
        LegStatus(
          event: .initiated, sid: sid, to: "", status: .initiated, instant: start, sipCode: nil,
          duration: 0, hangupBy: nil)),
      .dialEnded(
        DialResult(
          status: .busy, leg: LegNumber(2), legSid: sid, duration: 1, bridged: true,
          ringDuration: 2, sipCode: 486, screening: .hangup, hangupBy: .host,
          recording: recording, reason: reason)),
      .dialEnded(DialResult(status: .failed)),
      .digit(.leg(LegNumber(2)), 35), .digit(.caller, 42),
      .secret(.caller, .aes128SHA32), .secret(.leg(LegNumber(2)), .aes256GCM),
      .callback(
        LegNumber(2),
        CallbackReport(
          event: "ringing", method: "POST", url: "http://w/s", body: [6], attempts: 2,
          status: 200)),
      .callback(
        nil,
        CallbackReport(
          event: "completed", method: "GET", url: "", body: [], attempts: 0, status: 0,
          reason: Reason(.webUnresolved, "Where?"))),
      .exchange(
        HTTPReport(
          method: "POST", url: "http://w/d", sent: [7], status: 404, contentType: "text/html",
          received: [8, 9], size: 2, elapsed: .milliseconds(3))),
      .exchange(
        HTTPReport(
          method: "GET", url: "http://w/d?a=1", sent: [], failure: "no", elapsed: .zero)),
      .recording(
        RecordingStatus(state: .completed, recording: recording, channels: 2, source: .host)),
      .ended(
        CallEnd(
          status: .canceled, sipCode: nil, hangupBy: .caller, duration: 0, reason: reason)),
      .ended(
        CallEnd(
          status: .completed, sipCode: 200, hangupBy: .host, duration: 9,
          reason: Reason(.documentReplaced))),
    ] + actions.map { .host(.leg(LegNumber(1)), $0) }
  }

  static let reason = Reason.refused(603, Array("Decline".utf8), by: "h")
    .meaning(.dialFailed)

  static let actions: [HostAction] = [
    .ring(code: 183, sdp: [1]), .answer(sdp: [2]), .reject(code: 603, phrase: "No", reason),
    .hangUp(Reason(.callerHungUp)),
    .call(
      HostInvite(
        to: "desk", from: "sip:a@b", fromName: "A", media: .pcmu,
        headers: [HeaderLine("X-A", [49])], sdp: [3])),
    .offer(sdp: [4]), .accepted(sdp: [5]), .refused(code: 488), .key(42),
  ]

  static let questions: [Question] = [
    .request(method: "GET", url: "host:/a", body: [1], nil),
    .request(method: "POST", url: "host:/b", body: [], Reason(.silent, at: "udp:h")),
    .credentials(LegNumber(0), realm: "r", host: "h:5080"),
    .credentials(nil, realm: "", host: "h"),
    .target(
      TargetQuestion(
        dial: 1, target: 2, noun: "Number", text: "17",
        attributes: [.init(name: "a", value: "b")], documentURL: "http://w/")),
    .url(method: "GET", url: "http://w/a?b=c"),
    .speech(text: "Hello", markup: "<speak>Hello</speak>", voice: "man", language: "en"),
    .verb(
      VerbQuestion(
        number: VerbNumber(3), leg: LegNumber(1), name: "Pay", text: "x",
        attributes: [.init(name: "a", value: "b")], documentURL: "http://w/")),
  ]

  static let names: [JournalName] = [
    .call(CallNumber(1), sid: CallSid(high: 1, low: 2), callID: [65]),
    .leg(CallNumber(1), LegNumber(2), sid: CallSid(high: 3, low: 4), callID: [66]),
    .exchange(CallNumber(1), ExchangeID(3)), .verdict(2),
    .verb(CallNumber(1), RunVerb(leg: nil, name: "Dial", line: 2)),
    .verb(CallNumber(1), RunVerb(leg: LegNumber(0), name: "Say", line: 0)),
    .stream(CallNumber(1), .leg(LegNumber(2)), MediaID(8)),
  ]
}
