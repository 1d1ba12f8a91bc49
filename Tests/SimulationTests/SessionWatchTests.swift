import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument
import Testing

@testable import Simulator

/// What larger worlds check, fed by hand: a good trace passes, and each kind of lie is named.
struct Talk {
  let watch = Watch()
  let sid = CallSid(high: 9, low: 1)

  init() {
    watch.now = Instant(nanoseconds: 1_000_000_000)
    watch.checksSessions = true
    watch.checksKeys = true
  }

  func wait(_ milliseconds: Int) { watch.now = watch.now + .milliseconds(milliseconds) }

  /// `party`: 0 = the caller, 1 = the callee; `ours`: we send it.
  func message(
    _ start: String, _ party: Int, _ cseq: String, ours: Bool, body: String = "",
    headers: [String] = [], branch: String = "", toTag: Bool = true
  ) -> SipText {
    let isReply = start.hasPrefix("SIP")
    let name = party == 0 ? "caller0" : "callee0"
    // Who sent the request this belongs to.
    let isOurRequest = ours != isReply
    let ourTag = "agent\(party)"
    let (from, to) = isOurRequest ? (ourTag, name) : (name, ourTag)
    let user = party == 0 ? (isOurRequest ? "service" : "caller0") : "caller0"
    let target = party == 0 ? (isOurRequest ? "caller0" : "service") : "callee0"
    let tag = toTag ? ";tag=\(to)" : ""
    let key = branch.isEmpty ? "z9hG4bK\(party)\(cseq.prefix { $0 != " " })\(isOurRequest)" : branch
    let lines =
      [
        start, "Via: SIP/2.0/UDP h;branch=\(key)", "From: <sip:\(user)@h>;tag=\(from)",
        "To: <sip:\(target)@h>\(tag)", "Call-ID: call\(party)", "CSeq: \(cseq)",
        "X-RCML-CallSid: \(sid)", "X-RCML-ParentCallSid: p",
      ] + headers + ["Content-Length: \(body.utf8.count)", "", body]
    return SipText(Array(lines.joined(separator: "\r\n").utf8))!
  }

  func hear(
    _ start: String, _ party: Int, _ cseq: String, _ body: String = "", headers: [String] = [],
    toTag: Bool = true
  ) {
    watch.delivered(
      message(start, party, cseq, ours: false, body: body, headers: headers, toTag: toTag),
      isStream: false)
  }

  func say(
    _ start: String, _ party: Int, _ cseq: String, _ body: String = "", headers: [String] = [],
    toTag: Bool = true, branch: String = ""
  ) {
    let message = message(
      start, party, cseq, ours: true, body: body, headers: headers, branch: branch, toTag: toTag)
    watch.sent(message, isStream: false)
    watch.routesSent(
      message, to: SocketAddress(ipv4: 0x0a00_0101, port: headers.isEmpty ? 5_060 : 5_070))
  }

  func sdp(
    _ host: String, _ port: Int, version: Int = 1, _ direction: String = "sendrecv",
    profile: String = "RTP/AVP", more: String = ""
  ) -> String {
    "v=0\r\no=\(host) 1 \(version) IN IP4 h\r\nc=IN IP4 \(host)\r\nm=audio \(port) \(profile) 0\r\n"
      + "a=\(direction)\r\n" + more
  }

  static let caller = "10.0.1.1"
  static let callee = "10.0.2.1"

  /// From phone to phone, until both talk.
  func connect(
    _ direction: String = "sendrecv", answer: String = "sendrecv",
    callerRoutes: [String] = [], calleeRoutes: [String] = [], timer: [String] = [],
    agreed: [String] = [], callerProfile: String = "RTP/AVP"
  ) {
    hear(
      "INVITE sip:service@h SIP/2.0", 0, "1 INVITE",
      sdp(Talk.caller, 4_000, direction, profile: callerProfile), headers: callerRoutes + timer,
      toTag: false)
    watch.settled()
    told(.initiated, .initiated)
    say(
      "INVITE sip:callee0@h SIP/2.0", 1, "1 INVITE", sdp(Talk.caller, 4_000), toTag: false)
    hear("SIP/2.0 200 OK", 1, "1 INVITE", sdp(Talk.callee, 5_000), headers: calleeRoutes)
    say(
      "ACK sip:callee0@h SIP/2.0", 1, "1 ACK", headers: asRoutes(calleeRoutes.reversed()),
      branch: "z9hG4bKack")
    told(.answered, .inProgress)
    say(
      "SIP/2.0 200 OK", 0, "1 INVITE", sdp(Talk.callee, 5_000, answer, profile: callerProfile),
      headers: agreed)
    watch.settled()
    hear("ACK sip:agent@h SIP/2.0", 0, "1 ACK")
    watch.settled()
  }

  func asRoutes(_ lines: [String]) -> [String] {
    lines.map { $0.replacing("Record-Route:", with: "Route:") }
  }

  func told(_ event: SipNoun.Event, _ status: CallStatus) {
    watch.told(
      .onCall(
        CallNumber(1),
        .legStatus(
          LegNumber(0),
          LegStatus(event: event, sid: sid, to: "", status: status, instant: watch.now))))
  }

  var verdict: Violation.Invariant? { watch.violation?.invariant }
}

@Test func aTalkFromPhoneToPhoneIsInOrder() {
  let talk = Talk()
  talk.connect()
  // The callee holds; the caller is shown that, with another version.
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 1, "2 INVITE",
    talk.sdp(Talk.callee, 5_002, version: 2, "sendonly"))
  talk.say(
    "INVITE sip:caller0@h SIP/2.0", 0, "2 INVITE",
    talk.sdp(Talk.callee, 5_002, version: 2, "sendonly"))
  talk.hear(
    "SIP/2.0 200 OK", 0, "2 INVITE", talk.sdp(Talk.caller, 4_002, version: 2, "recvonly"))
  talk.say("ACK sip:caller0@h SIP/2.0", 0, "2 ACK")
  talk.say(
    "SIP/2.0 200 OK", 1, "2 INVITE", talk.sdp(Talk.caller, 4_002, version: 2, "recvonly"))
  talk.watch.settled()
  #expect(talk.watch.violation == nil, "\(String(describing: talk.watch.violation))")
}

@Test func aRefusedDescriptionThatIsShownAgainIsNoticed() {
  let talk = Talk()
  talk.connect()
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 1, "2 INVITE", talk.sdp(Talk.callee, 5_002, version: 2))
  talk.say("SIP/2.0 488 No", 1, "2 INVITE")
  #expect(talk.verdict == nil)
  talk.say(
    "INVITE sip:caller0@h SIP/2.0", 0, "2 INVITE", talk.sdp(Talk.callee, 5_002, version: 2))
  #expect(talk.verdict == .sessions)
}

@Test func anAnswerWithFewerStreamsIsNoticed() {
  let talk = Talk()
  talk.connect()
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 1, "2 INVITE",
    talk.sdp(Talk.callee, 5_000, version: 2, more: "m=image 5002 udptl t38\r\n"))
  talk.say("SIP/2.0 200 OK", 1, "2 INVITE", talk.sdp(Talk.caller, 4_000, version: 2))
  #expect(talk.verdict == .sessions)
}

@Test func anOfferThatDropsAStreamIsNoticed() {
  let talk = Talk()
  talk.connect()
  talk.hear(
    "INVITE sip:agent@h SIP/2.0", 0, "2 INVITE",
    talk.sdp(Talk.caller, 4_000, version: 2, more: "m=image 4002 udptl t38\r\n"))
  talk.say(
    "SIP/2.0 200 OK", 0, "2 INVITE",
    talk.sdp(Talk.callee, 5_000, version: 2, more: "m=image 0 udptl t38\r\n"))
  #expect(talk.verdict == nil)
  talk.say(
    "INVITE sip:caller0@h SIP/2.0", 0, "2 INVITE", talk.sdp(Talk.callee, 5_000, version: 3))
  #expect(talk.verdict == .sessions)
}

@Test(arguments: [1, 3]) func aVersionThatDoesNotGrowByOneIsNoticed(version: Int) {
  let talk = Talk()
  talk.connect()
  talk.say(
    "INVITE sip:caller0@h SIP/2.0", 0, "2 INVITE",
    talk.sdp(Talk.callee, 5_000, version: version, "sendonly"))
  #expect(talk.verdict == .sessions)
}

@Test func aVersionThatGrowsThoughNothingChangedIsNoticed() {
  let talk = Talk()
  talk.connect()
  talk.say("INVITE sip:caller0@h SIP/2.0", 0, "2 INVITE", talk.sdp(Talk.callee, 5_000, version: 2))
  #expect(talk.verdict == .sessions)
}

@Test(arguments: [
  ("sendonly", "sendrecv"), ("recvonly", "sendrecv"), ("inactive", "sendrecv"),
  ("inactive", "recvonly"), ("sendonly", "sendonly"), ("recvonly", "recvonly"),
]) func anAnswerThatDoesNotMirrorItsOfferIsNoticed(offer: String, answer: String) {
  let talk = Talk()
  talk.connect(offer, answer: answer)
  #expect(talk.verdict == .directions)
}

@Test(arguments: [
  ("sendonly", "recvonly"), ("sendonly", "inactive"), ("recvonly", "sendonly"),
  ("inactive", "inactive"), ("sendrecv", "recvonly"),
]) func anAnswerThatMirrorsItsOfferIsInOrder(offer: String, answer: String) {
  let talk = Talk()
  talk.connect(offer, answer: answer)
  #expect(talk.watch.violation == nil, "\(String(describing: talk.watch.violation))")
}

@Test func aProfileThatWeDoNotSpeakIsNoticed() {
  let talk = Talk()
  talk.hear(
    "INVITE sip:service@h SIP/2.0", 0, "1 INVITE",
    talk.sdp(Talk.caller, 4_000, profile: "RTP/SAVP"), toTag: false)
  talk.say(
    "SIP/2.0 183 X", 0, "1 INVITE", talk.sdp(World.agentHost, 6_000, profile: "RTP/SAVP"))
  #expect(talk.verdict == .profiles)
}

private let routes = [
  "Record-Route: <sip:10.0.1.1:5070;lr>", "Record-Route: <sip:10.0.1.1:5071;lr>",
]

@Test func routesInTheirOrderAreInOrder() {
  let talk = Talk()
  talk.connect(callerRoutes: routes)
  talk.say("BYE sip:caller0@h SIP/2.0", 0, "2 BYE", headers: talk.asRoutes(routes))
  #expect(talk.watch.violation == nil, "\(String(describing: talk.watch.violation))")
}

@Test func routesInTheWrongOrderAreNoticed() {
  let talk = Talk()
  talk.connect(callerRoutes: routes)
  talk.say("BYE sip:caller0@h SIP/2.0", 0, "2 BYE", headers: talk.asRoutes(routes.reversed()))
  #expect(talk.verdict == .routes)
}

@Test func aRouteThatIsMissingIsNoticed() {
  let talk = Talk()
  talk.connect(callerRoutes: routes)
  talk.say("BYE sip:caller0@h SIP/2.0", 0, "2 BYE")
  #expect(talk.verdict == .routes)
}

@Test func routesOfACalledPartyAreTurnedRound() {
  let talk = Talk()
  talk.connect(calleeRoutes: routes)
  // The ACK went by them, and to the wrong one of the two.
  #expect(talk.verdict == .routes)
  #expect(talk.watch.violation?.text.contains("port 5070") ?? false)
}

private let timer = ["Supported: timer", "Session-Expires: 120;refresher=uac"]

@Test func aSessionTimerThatIsAgreedIsInOrder() {
  let talk = Talk()
  talk.connect(timer: timer, agreed: ["Session-Expires: 120;refresher=uac", "Require: timer"])
  #expect(talk.watch.violation == nil, "\(String(describing: talk.watch.violation))")
}

@Test(arguments: [
  [], ["Session-Expires: 120"], ["Session-Expires: 120;refresher=uas"],
  ["Session-Expires: 240;refresher=uac"], ["Session-Expires: 30;refresher=uac"],
]) func aSessionTimerThatIsNotAgreedIsNoticed(agreed: [String]) {
  let talk = Talk()
  talk.connect(timer: timer, agreed: agreed)
  #expect(talk.verdict == .timers)
}

// U-55
@Test(arguments: [true, false]) func aReInviteThatHearsNothingFor200MillisecondsIsNoticed(
  hasTrying: Bool
) {
  let talk = Talk()
  talk.connect()
  talk.wait(2_000)
  talk.hear("INVITE sip:agent@h SIP/2.0", 0, "2 INVITE", "")
  talk.wait(200)
  if hasTrying { talk.say("SIP/2.0 100 Trying", 0, "2 INVITE", "") }
  talk.wait(300)
  talk.hear("INVITE sip:agent@h SIP/2.0", 0, "2 INVITE", "")
  #expect(talk.verdict == (hasTrying ? nil : .trying))
}

@Test func aKeyByInfoThatIsPassedOnIsInOrder() {
  let talk = Talk()
  talk.connect()
  talk.wait(2_000)
  talk.hear("INFO sip:agent@h SIP/2.0", 0, "2 INFO", "Signal=5\r\n")
  talk.say("INFO sip:callee0@h SIP/2.0", 1, "2 INFO", "Signal=5\r\n")
  talk.watch.settled()
  #expect(talk.watch.violation == nil, "\(String(describing: talk.watch.violation))")
}

@Test func aKeyByInfoThatIsKeptIsNoticed() {
  let talk = Talk()
  talk.connect()
  talk.wait(2_000)
  talk.hear("INFO sip:agent@h SIP/2.0", 0, "2 INFO", "Signal=5\r\n")
  talk.watch.settled()
  #expect(talk.verdict == .keysPassedOn)
}

@Test(arguments: [(500, nil), (501, Violation.Invariant.pauses), (0, .pauses)])
func aPauseBetweenTriesOfACallbackIsCounted(pause: Int, verdict: Violation.Invariant?) {
  let talk = Talk()
  let exchange = HTTPExchange(
    method: "POST", url: "http://web.example/status/1",
    headers: [HeaderLine("Idempotency-Key", Array("k".utf8))], body: [],
    connectTimeout: .zero, timeout: .zero, bodyLimit: 0, blocksPrivateAddresses: false,
    verifiesTLS: true)
  talk.watch.trying(1, exchange)
  talk.wait(40)
  talk.watch.tried(1, isFailure: true)
  talk.wait(pause)
  talk.watch.trying(2, exchange)
  #expect(talk.verdict == verdict)
}

// MARK: - Wishes of phones

// U-61
@Test(arguments: [
  (2_000, "487 X", nil), (1_900, "487 X", Violation.Invariant.expiry), (2_100, "487 X", .expiry),
  (2_000, "200 OK", nil), (2_001, "200 OK", .oneFinalResponse), (1_000, "486 X", nil),
  (2_500, "486 X", .oneFinalResponse),
]) func theTimeACallerWaitsIsCounted(after: Int, final: String, verdict: Violation.Invariant?) {
  let talk = Talk()
  talk.hear(
    "INVITE sip:service@h SIP/2.0", 0, "1 INVITE", talk.sdp(Talk.caller, 4_000),
    headers: ["Expires: 2"], toTag: false)
  talk.say("SIP/2.0 100 Trying", 0, "1 INVITE")
  talk.watch.settled()
  talk.wait(after)
  talk.say(
    "SIP/2.0 \(final)", 0, "1 INVITE", final == "200 OK" ? talk.sdp(World.agentHost, 6_000) : "")
  #expect(talk.verdict == verdict, "\(String(describing: talk.watch.violation))")
}

// U-57
@Test(arguments: [
  ("406 X", nil), ("100 X", Violation.Invariant.acceptance), ("415 X", .acceptance),
])
func aCallerWhoTakesNoDescriptionGets406(code: String, verdict: Violation.Invariant?) {
  let talk = Talk()
  talk.hear(
    "INVITE sip:service@h SIP/2.0", 0, "1 INVITE", talk.sdp(Talk.caller, 4_000),
    headers: ["Accept: text/plain"], toTag: false)
  talk.say("SIP/2.0 \(code)", 0, "1 INVITE")
  #expect(talk.verdict == verdict)
}

// U-63
@Test(arguments: [
  ("Reason: Q.850;cause=31", nil), ("X-None: x", Violation.Invariant.calleeReasons),
  ("Reason: Q.850;cause=16", .calleeReasons),
]) func whatTheCallerHearsOfACalleesEndIsWhatThatSaid(line: String, verdict: Violation.Invariant?) {
  let talk = Talk()
  talk.watch.isPlain = true
  talk.connect()
  talk.hear("BYE sip:agent@h SIP/2.0", 1, "2 BYE", headers: ["Reason: Q.850;cause=31"])
  talk.say("BYE sip:caller0@h SIP/2.0", 0, "2 BYE", headers: [line])
  #expect(talk.verdict == verdict, "\(String(describing: talk.watch.violation))")
}

/// Phones and checkers see the description in what phones pack (U-58).
@Test func whatAPhonePacksIsReadAsItWas() throws {
  let phone = Phone(
    name: "a", host: "h", address: SocketAddress(ipv4: 1, port: 1),
    role: .caller(CallerScript(startsAt: 0)),
    dice: Dice(1))
  let sdp = SipWriter.session(of: "a", host: "10.0.1.1", port: 4_000)
  for packing: BodyScript.Packing in [.plain, .first, .second, .nested, .loose, .open] {
    phone.bodies = BodyScript(packing: packing, fillsEmpty: true)
    var writer = SipWriter(request: .invite, uri: Array("sip:b@h".utf8))
    writer.header("Via", "SIP/2.0/UDP h;branch=z9hG4bKa")
    writer.header("Call-ID", "1")
    let message = try #require(SipText(phone.finished(writer, body: sdp)))
    #expect(Array(message.bytes[message.body]) == sdp, "\(packing)")
    #expect(SipText(phone.finished(writer))?.hasBody == false)
  }
}

/// Larger and pointed worlds have extras, and a pointed one has one called party.
@Test(
  arguments: [
    (9_999_999, WorldKind.small), (10_000_000, .larger), (49_999_999, .larger),
    (50_000_000, .pointed), (9_999_999_999_999_999, .pointed),
    (12_612_010_230_000_000, .small), (22_612_010_230_000_000, .larger),
    (32_612_010_230_000_000, .pointed),
  ] as [(UInt64, WorldKind)])
func aSeedSaysWhichKindOfWorldItDraws(seed: UInt64, kind: WorldKind) {
  #expect(WorldKind(of: seed) == kind)
  let scenario = World(seed: seed).scenario
  #expect((scenario.extras == nil) == (kind == .small))
  if kind == .pointed { #expect(scenario.callees.count == 1) }
}
