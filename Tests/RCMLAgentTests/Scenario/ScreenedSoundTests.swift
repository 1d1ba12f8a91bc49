import RCMLBasics
import RCMLMedia
import Simulator
import Testing

@testable import RCMLAgent

/// Calls with sound, in virtual time: every packet goes through the engine.
struct ScreenedSoundTests {
  private static let prompt = Tone.make([800], milliseconds: 2_000)
  private static let screening = """
    <Response><Gather numDigits="1" action="http://w/pressed" timeout="5">\
    <Play>http://w/prompt.wav</Play></Gather><Hangup/></Response>
    """

  static func wav(_ samples: [Int16]) -> [UInt8] {
    var octets = WAVHeader.make(channels: 1, dataOctets: UInt64(samples.count * 2))
    for sample in samples {
      octets.append(UInt8(truncatingIfNeeded: sample))
      octets.append(UInt8(truncatingIfNeeded: sample >> 8))
    }
    return octets
  }

  static func web(_ request: AgentWorld.Request) -> AgentWorld.Reply? {
    let url = request.exchange.url
    if url.hasSuffix(".wav") {
      return .answered(
        HTTPAnswer(status: 200, contentType: "audio/wav", location: "", body: wav(prompt)))
    }
    if url.hasSuffix("/screen") { return .document(screening) }
    if url.hasSuffix("/pressed") {
      return .document(request["Digits"] == "1" ? "<Response/>" : "<Response><Hangup/></Response>")
    }
    return .status(200)
  }

  /// Caller 1,000 Hz, callee 600 Hz.
  static func world(
    _ dial: String, settings: [(String, String)] = []
  ) -> (world: AgentWorld, caller: Phone, callee: Phone) {
    let world = AgentWorld(settings: settings)
    world.web = web
    world.document("<Response>\(dial)</Response>")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    world.speaker(4000, says: Tone.make([1_000], milliseconds: 1_000))
    world.speaker(6000, says: Tone.make([600], milliseconds: 1_000))
    caller.call()
    return (world, caller, callee)
  }

  // C-1, C-2, C-8, C-9, L-35, V-12, I-S1, I-M2
  @Test func theCalledPartyHearsThePromptWhileTheCallerHearsRingingAndAfterKeyOneBothHearEachOther()
  {
    let (world, caller, callee) = Self.world(
      """
      <Say/><Play>http://w/prompt.wav</Play>\
      <Dial record="record-from-answer-dual"><Sip url="http://w/screen">sip:b@127.0.0.1:5081</Sip></Dial>
      """, settings: [("recordings", "/r"), ("ring_tone", "us")])
    world.run(.milliseconds(100))
    world.point(0, by: caller.answerBody)
    // The caller hears the prompt of its own document for two seconds, then ringing.
    world.run(.milliseconds(2_800))
    #expect(callee.invites.count == 1)
    world.point(1, by: callee.invites.first?.body)
    let screened = world.now
    world.run(.seconds(1))
    #expect(world.speakers[1].amplitude(of: 800, from: screened, to: world.now) > 3_000)
    #expect(world.speakers[0].amplitude(of: 440, from: screened, to: world.now) > 2_000)
    #expect(world.speakers[0].amplitude(of: 600, from: screened, to: world.now) < 100)
    #expect(world.speakers[0].amplitude(of: 800, from: screened, to: world.now) < 100)
    #expect(world.speakers[1].amplitude(of: 1_000, from: screened, to: world.now) < 100)
    world.speakers[1].pressKey(UInt8(ascii: "1"))
    world.run(.seconds(1))
    let talking = world.now
    world.run(.seconds(2))
    #expect(world.speakers[0].amplitude(of: 600, from: talking, to: world.now) > 3_000)
    #expect(world.speakers[1].amplitude(of: 1_000, from: talking, to: world.now) > 3_000)
    #expect(world.speakers[0].amplitude(of: 440, from: talking, to: world.now) < 100)
    #expect(world.speakers[1].amplitude(of: 800, from: talking, to: world.now) < 100)
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    #expect(world.media.openCount == 0)
    recordingHolds(world)
  }

  // I-M4
  private func recordingHolds(_ world: AgentWorld) {
    guard let file = world.media.files.first, world.media.files.count == 1 else {
      Issue.record("there is no recording")
      return
    }
    #expect(file.key.hasPrefix("/r/RE") && file.key.hasSuffix(".wav"))
    var left: [Int16] = []
    var right: [Int16] = []
    for place in stride(from: 44, to: file.value.count - 3, by: 4) {
      left.append(Int16(bitPattern: UInt16(file.value[place]) | UInt16(file.value[place + 1]) << 8))
      right.append(
        Int16(bitPattern: UInt16(file.value[place + 2]) | UInt16(file.value[place + 3]) << 8))
    }
    #expect(left.count > 16_000)
    let middle = 8_000..<min(16_000, left.count)
    #expect(Goertzel.amplitude(of: 1_000, in: left[middle]) > 3_000)
    #expect(Goertzel.amplitude(of: 600, in: right[middle]) > 3_000)
    #expect(Goertzel.amplitude(of: 600, in: left[middle]) < 100)
  }

  // C-10
  @Test func anotherKeyRefusesAndTheCallerNeverHearsTheParty() {
    let (world, caller, callee) = Self.world(
      "<Dial><Sip url=\"http://w/screen\">sip:b@127.0.0.1:5081</Sip></Dial>")
    world.run(.seconds(1))
    world.point(1, by: callee.invites.first?.body)
    world.run(.seconds(1))
    world.speakers[1].pressKey(UInt8(ascii: "2"))
    world.run(.seconds(1))
    #expect(callee.wasHungUp)
    #expect(caller.finalCode == 480)
    #expect(world.speakers[0].heard.isEmpty)
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // L-34
  @Test func aStarOfTheCallerEndsTheBridgeAndIsNotPassedOn() {
    let (world, caller, callee) = Self.world(
      "<Dial hangupOnStar=\"true\"><Sip>sip:b@127.0.0.1:5081</Sip></Dial><Pause length=\"5\"/>")
    world.run(.seconds(1))
    world.point(0, by: caller.answerBody)
    world.point(1, by: callee.invites.first?.body)
    world.speakers[1].pressKey(UInt8(ascii: "*"))
    world.run(.seconds(1))
    #expect(!callee.wasHungUp)
    world.speakers[0].pressKey(UInt8(ascii: "5"))
    world.run(.seconds(1))
    world.speakers[0].pressKey(UInt8(ascii: "*"))
    world.run(.seconds(1))
    #expect(callee.wasHungUp && !caller.wasHungUp)
    #expect(world.speakers[1].keys == [UInt8(ascii: "5")])
    #expect(world.speakers[0].keys == [UInt8(ascii: "*")])
    world.isSilent = true
    world.runToTheEnd()
  }

  // U-25
  @Test func aKeyOfTheHostReachesTheOtherPartyAsAnEvent() {
    let (world, caller, callee) = Self.world(
      "<Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>", settings: [("media", "anchored")])
    world.run(.seconds(1))
    world.point(0, by: caller.answerBody)
    world.point(1, by: callee.invites.first?.body)
    world.command(.onCall(CallNumber(1), .digit(UInt8(ascii: "7"))))
    world.run(.seconds(1))
    #expect(world.speakers[1].keys == [UInt8(ascii: "7")])
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // U-25
  @Test func aKeyByInfoAndByRTPCountsOnce() {
    let (world, caller, callee) = Self.world(
      "<Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>", settings: [("media", "anchored")])
    world.run(.seconds(1))
    world.point(0, by: caller.answerBody)
    world.point(1, by: callee.invites.first?.body)
    world.speakers[0].pressKey(UInt8(ascii: "7"))
    world.run(.milliseconds(100))
    world.info(caller, "application/dtmf-relay", "Signal=7", cseq: 2)
    world.run(.seconds(1))
    #expect(world.digits == [UInt8(ascii: "7")])
    #expect(world.speakers[1].keys == [UInt8(ascii: "7")])
    // A quarter of a second later it is another press.
    world.info(caller, "application/dtmf-relay", "Signal=7", cseq: 3)
    world.run(.seconds(1))
    #expect(world.digits == [UInt8(ascii: "7"), UInt8(ascii: "7")])
    #expect(world.speakers[1].keys == [UInt8(ascii: "7"), UInt8(ascii: "7")])
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
  }

  // V-4, V-11: with a cache of nothing the second call asks anew for what the first is about to play.
  @Test func aPromptThatWaitsForTheNextOneIsNotForgottenMeanwhile() throws {
    let gather = "<Gather><Play>http://w/a.wav</Play><Play>http://w/late.wav</Play></Gather>"
    let (world, first, _) = Self.world(gather, settings: [("sound_cache", "0")])
    world.web = { [unowned world] request in
      world.webDelay =
        request.exchange.url.hasSuffix("late.wav") ? .seconds(3) : .milliseconds(20)
      return Self.web(request)
    }
    let second = world.phone(5071)
    world.run(.seconds(1))
    second.call()
    // V-20: what may not be kept is not shared, so it asks for the late one itself.
    world.run(.seconds(8))
    var forgotten: Set<SoundID> = []
    var played = 0
    for command in world.media.commands {
      switch command {
      case .forget(let id): forgotten.insert(id)
      case .play(_, _, let items):
        played += 1
        for item in items {
          guard case .sound(let id, _) = item else { throw Missing(text: "\(item)") }
          #expect(!forgotten.contains(id))
        }
      default: break
      }
    }
    #expect(played == 2)
    #expect(forgotten.count == 2)
    world.isSilent = true
    first.hangUp()
    second.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // V-11
  @Test func aPromptThatCannotBeHadIsSkippedAndTheCallGoesOn() {
    let (world, caller, callee) = Self.world(
      "<Play>http://w/none</Play><Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>")
    world.run(.seconds(2))
    #expect(callee.invites.count == 1)
    #expect(caller.finalCode == 200)
    let texts = world.events.compactMap { event -> String? in
      if case .finding(_, let finding) = event { finding.text } else { nil }
    }
    #expect(texts.contains { $0.contains("Play was skipped") }, "\(texts)")
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
  }

  private static let onlyPCMA = Array(
    """
    v=0\r
    o=phone 1 1 IN IP4 127.0.0.1\r
    s=-\r
    c=IN IP4 127.0.0.1\r
    t=0 0\r
    m=audio 4000 RTP/AVP 8\r

    """.utf8)

  // L-6, RFC 3264 §4
  @Test func aCallerWithoutAnOfferIsOfferedOursAndAnswersInItsAck() {
    let world = AgentWorld()
    world.document("<Response><Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial></Response>")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    world.speaker(4000, says: Tone.make([1_000], milliseconds: 1_000))
    world.speaker(6000, says: Tone.make([600], milliseconds: 1_000))
    // It takes PCMA alone, and the callee PCMU.
    caller.script.answerInAck = Self.onlyPCMA
    world.speakers[0].payloadType = 8
    caller.call([])
    world.run(.seconds(1))
    #expect(caller.finalCode == 200)
    let offer = String(decoding: caller.answerBody ?? [], as: UTF8.self)
    #expect(offer.contains("m=audio 2000"))
    #expect(callee.invites.count == 1)
    world.point(0, by: caller.answerBody)
    world.point(1, by: callee.invites.first?.body)
    let joined = world.now
    world.run(.seconds(2))
    // What the ACK says is what it is sent, and where to.
    #expect(world.sentTo.contains(AgentWorld.place(4_000)))
    #expect(world.speakers[0].amplitude(of: 600, from: joined, to: world.now) > 3_000)
    #expect(world.speakers[1].amplitude(of: 1_000, from: joined, to: world.now) > 3_000)
    #expect(world.speakers[0].types == [8])
    world.isSilent = true
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // failures H11
  @Test func withoutAPortTheCallGoesFromPhoneToPhone() {
    let world = AgentWorld()
    world.media.portLimit = 0
    world.web = Self.web
    world.document(
      "<Response><Dial hangupOnStar=\"true\"><Sip>sip:b@127.0.0.1:5081</Sip></Dial></Response>")
    let callee = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.script.media = AgentWorld.offer
    caller.call()
    world.run(.seconds(2))
    #expect(caller.finalCode == 200)
    #expect(callee.invites.count == 1)
    #expect(meaning(caller.answerBody) == meaning(callee.script.media))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // V-15
  @Test func aVoiceMessageIsRecordedUntilTheCallerHangsUpAndNamedInTheRequest() {
    let (world, caller, _) = Self.world(
      "<Record action=\"http://w/message\" maxLength=\"30\"/>", settings: [("recordings", "/r")])
    world.run(.milliseconds(100))
    world.point(0, by: caller.answerBody)
    world.run(.seconds(4))
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    let request = world.requests.first { $0.exchange.url == "http://w/message" }
    #expect(request?["Digits"] == "hangup")
    #expect(request?["RecordingDuration"] == "3")
    #expect(request?["RecordingUrl"]?.hasPrefix("file:///r/RE") == true)
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // D-29, P-59: the same file as in the action, in order, whatever ends it.
  @Test func theWebIsToldOfAVoiceMessageAsOfARecordedDial() {
    let (world, caller, _) = Self.world(
      """
      <Record action="http://w/message" maxLength="30" recordingStatusCallback="http://w/status" \
      recordingStatusCallbackEvent="in-progress completed absent"/>
      """, settings: [("recordings", "/r")])
    world.run(.milliseconds(100))
    world.point(0, by: caller.answerBody)
    world.run(.seconds(4))
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    let told = world.requests.filter { $0.exchange.url == "http://w/status" }
    #expect(told.map { $0["RecordingStatus"] } == ["in-progress", "completed"])
    let action = world.requests.first { $0.exchange.url == "http://w/message" }
    for name in ["RecordingUrl", "RecordingSid", "RecordingDuration"] {
      #expect(told.last?[name] == action?[name] && action?[name] != nil)
    }
    #expect(told.first?["RecordingSid"] == action?["RecordingSid"])
    #expect(told.last?["RecordingSource"] == "RecordVerb")
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // V-10, V-12
  @Test(arguments: ["<Pause length=\"1\"/>", "<Say>Press one.</Say>"])
  func aGatherWithoutASoundEndsAsAnyOther(prompt: String) {
    let (world, caller, callee) = Self.world(
      "<Gather timeout=\"2\">\(prompt)</Gather><Dial><Sip>sip:b@127.0.0.1:5081</Sip></Dial>")
    world.run(.seconds(4))
    #expect(callee.invites.count == 1)
    caller.hangUp()
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }
}
