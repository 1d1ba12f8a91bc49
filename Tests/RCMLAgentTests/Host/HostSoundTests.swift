import RCMLBasics
import RCMLDial
import RCMLMedia
import Simulator
import Testing

@testable import RCMLAgent

/// Parties of the host's own that speak in frames: what they say is heard, and they hear what is said to them.
struct HostSoundTests {
  /// What a party heard between two instants of its talk, in seconds.
  private static func level(
    _ frequency: Double, _ heard: [Int16], _ from: Double, _ to: Double
  ) -> Double {
    let range = Int(from * 8_000)..<min(heard.count, Int(to * 8_000))
    return Goertzel.amplitude(of: frequency, in: heard[range])
  }

  // I-M1
  @Test(arguments: [HostMedia.linear16])
  func aCallerOfTheHostAndAPhoneHearEachOther(media: HostMedia) {
    let world = AgentWorld()
    let callee = world.phone(5081, .answers())
    world.speaker(6000, says: Tone.make([600], milliseconds: 1_000))
    world.hostCall(AgentWorld.dial(5081), media: media)
    world.run(.seconds(1))
    world.point(0, by: callee.invites.first?.body)
    let talking = world.now
    var heard: [Int16] = []
    world.talk(says: Tone.make([1_000], milliseconds: 1_000), count: 150) { heard = $0 }
    world.run(.seconds(3))
    #expect(world.speakers[0].amplitude(of: 1_000, from: talking, to: world.now) > 3_000)
    #expect(Self.level(600, heard, 1, 3) > 3_000)
    #expect(Self.level(1_000, heard, 1, 3) < 100)
    world.isSilent = true
    world.hostSays(.ends(code: 0))
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    #expect(world.media.openCount == 0)
  }

  // C-1, C-8, C-9, V-12, L-35: the whole of screening, with a party of the host's on both sides.
  @Test func aPartyOfTheHostIsScreenedAndJoinedAfterItsKey() {
    let world = AgentWorld(settings: [
      ("ask_targets", "nouns"), ("ring_tone", "us"), ("recordings", "/r"),
    ])
    world.web = ScreenedSoundTests.web
    world.hostCall(
      """
      <Response><Say/><Dial record="record-from-answer-dual">\
      <Client url="http://w/screen">desk</Client></Dial></Response>
      """)
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk")
    world.hostSays(.rings(code: 180, sdp: []), of: 0)
    world.run(.milliseconds(100))
    world.hostSays(.answers(sdp: []), of: 0)
    world.run(.milliseconds(200))
    var callerHeard: [Int16] = []
    var deskHeard: [Int16] = []
    world.talk(says: Tone.make([1_000], milliseconds: 1_000), count: 250) { callerHeard = $0 }
    world.talk(0, says: Tone.make([600], milliseconds: 1_000), count: 250) { deskHeard = $0 }
    world.run(.seconds(2))
    #expect(world.hostSays(.presses(UInt8(ascii: "1")), of: 0) == .success(.done))
    world.run(.seconds(4))
    // While it is screened the party hears the prompt alone, and the caller hears nothing of it.
    #expect(Self.level(800, deskHeard, 0.5, 1.5) > 3_000)
    #expect(Self.level(1_000, deskHeard, 0.5, 1.5) < 100)
    #expect(Self.level(600, callerHeard, 0.2, 1.8) < 100)
    #expect(Self.level(800, callerHeard, 0.2, 1.8) < 100)
    // Joined, they hear each other.
    #expect(Self.level(1_000, deskHeard, 3, 4.5) > 3_000)
    #expect(Self.level(600, callerHeard, 3, 4.5) > 3_000)
    #expect(world.hostActions() == ["ring 180", "answer"])
    let files = world.media.files.keys.filter { $0.hasPrefix("/r/") }
    #expect(files.count == 1)
    world.hostSays(.ends(code: 0), of: 0)
    world.runToTheEnd()
    #expect(world.results.map(\.status) == [.completed])
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // V-1, V-4
  @Test func aPromptIsHeardByTheHostsCaller() {
    let world = AgentWorld()
    world.web = ScreenedSoundTests.web
    world.hostCall("<Response><Play>http://w/prompt.wav</Play></Response>")
    var heard: [Int16] = []
    world.talk(count: 100) { heard = $0 }
    world.run(.seconds(4))
    #expect(world.hostActions() == ["answer", "hangUp"])
    #expect(Self.level(800, heard, 0.5, 1.5) > 3_000)
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
  }

  // V-12, U-25: keys of the host's caller are collected.
  @Test func keysOfTheHostsCallerAreGathered() {
    let world = AgentWorld()
    world.web = { request in
      request.exchange.url.hasSuffix("/keys")
        ? .document("<Response><Hangup/></Response>") : .status(200)
    }
    world.hostCall(
      "<Response><Gather numDigits=\"2\" action=\"http://w/keys\"/></Response>")
    world.run(.milliseconds(500))
    for key in "42".utf8 {
      world.hostSays(.presses(key))
      world.run(.milliseconds(400))
    }
    world.run(.seconds(1))
    #expect(world.requests.last?["Digits"] == "42")
  }

  // U-25
  @Test func aKeyOfThePhoneIsToldAndOneOfTheHostReachesThePhone() {
    let world = AgentWorld()
    let callee = world.phone(5081, .answers())
    world.speaker(6000, says: Tone.make([600], milliseconds: 1_000))
    world.hostCall(AgentWorld.dial(5081))
    world.run(.seconds(1))
    world.point(0, by: callee.invites.first?.body)
    world.speakers[0].pressKey(UInt8(ascii: "9"))
    world.run(.seconds(1))
    #expect(world.digits == [UInt8(ascii: "9")])
    world.hostSays(.presses(UInt8(ascii: "5")))
    world.run(.seconds(1))
    #expect(world.speakers[0].keys == [UInt8(ascii: "5")])
    #expect(world.digits == [UInt8(ascii: "9")])
  }

  // U-20
  @Test func whatAPartyLetsHearBeforeItAnswersIsHeard() {
    let world = AgentWorld(settings: [("ask_targets", "nouns")])
    world.document(HostPartyTests.noun)
    let caller = world.phone(5070)
    world.speaker(4000)
    caller.call()
    world.run(.milliseconds(100))
    world.resolveTargets(to: "host:desk")
    #expect(world.hostSays(.rings(code: 183, sdp: []), of: 0) == .success(.done))
    world.run(.milliseconds(100))
    #expect(caller.provisionals.contains(183))
    let talking = world.now
    world.talk(0, says: Tone.make([700], milliseconds: 1_000), count: 100) { _ in }
    world.run(.seconds(2))
    #expect(world.speakers[0].amplitude(of: 700, from: talking, to: world.now) > 3_000)
  }

  @Test func aJournalOfPartiesOfTheHostReplaysOctetForOctet() throws {
    let world = AgentWorld(settings: [("ask_targets", "nouns")], isJournalled: true)
    _ = world.phone(5081, .answers())
    var journal = world.agent.takeJournal()
    world.hostCall(
      "<Response><Dial><Client>desk</Client><Sip>sip:b@127.0.0.1:5081</Sip></Dial></Response>")
    world.run(.milliseconds(50))
    world.resolveTargets(to: "host:desk;media=pcma")
    world.hostSays(.rings(code: 180, sdp: []), of: 1)
    world.run(.seconds(2))
    world.hostSays(.ends(code: 0))
    world.runToTheEnd()
    world.hostCall(AgentWorld.dial(5081), media: .sdp, sdp: AgentWorld.offer)
    world.run(.seconds(2))
    world.hostSays(.offers(sdp: AgentWorld.sdp(port: 4002)), call: 2)
    world.run(.seconds(1))
    world.hostSays(.ends(code: 0), call: 2)
    world.runToTheEnd()
    journal += world.agent.takeJournal()
    let result = try Replay.run(journal)
    #expect(result.difference == nil && result.records > 50)
    let story = try LadderStory(journal)
    #expect(story.calls.all.map(\.from) == ["100", "100"])
    #expect(story.calls.all.map(\.to) == ["200", "200"])
  }
}
