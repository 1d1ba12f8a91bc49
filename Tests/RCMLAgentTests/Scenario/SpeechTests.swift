import RCMLBasics
import RCMLMedia
import Simulator
import Testing

@testable import RCMLAgent

/// The host as the one who speaks (spec V-1, V-10, Q-26).
struct SpeechTests {
  private static let say = "<Response><Say voice=\"anna\" language=\"de\">Hello.</Say></Response>"

  private static func world(
    _ document: String = say, settings: [(String, String)] = []
  ) -> (world: AgentWorld, caller: Phone) {
    let world = AgentWorld(settings: [("ask_speech", "true")] + settings, isJournalled: true)
    world.document(document)
    let caller = world.phone(5070)
    world.speaker(4000)
    caller.call()
    world.run(.milliseconds(100))
    world.point(0, by: caller.answerBody)
    return (world, caller)
  }

  private static func loads(_ world: AgentWorld) -> [SoundSource] {
    world.media.commands.compactMap { if case .load(_, let source) = $0 { source } else { nil } }
  }

  /// The journal, which does the same again.
  @discardableResult
  private func end(_ world: AgentWorld) throws -> [UInt8] {
    world.isSilent = true
    world.runToTheEnd()
    #expect(world.isQuiet, "\(world.agent.census)")
    let journal = world.agent.takeJournal()
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
    return journal
  }

  @Test func theHostSaysItOnceAndALaterCallHearsTheSame() throws {
    let (world, _) = Self.world()
    let asked = try #require(world.askedSpeech.first)
    #expect(asked.call == CallNumber(1) && asked.text == "Hello.")
    #expect(asked.voice == "anna" && asked.language == "de")
    let sound = ScreenedSoundTests.wav(Tone.make([800], milliseconds: 2_000))
    #expect(
      world.command(.answer(asked.id, .speech(contentType: "", body: sound))) == .success(.done))
    let said = world.now
    world.run(.seconds(1))
    #expect(world.speakers[0].amplitude(of: 800, from: said, to: world.now) > 3_000)
    #expect(
      HostTests.refusal(
        world.command(.answer(asked.id, .speech(contentType: "", body: nil)))) == RefusalCode.gone)
    world.run(.seconds(2))
    #expect(world.ends.count == 1)

    let second = world.phone(5071)
    second.call()
    world.run(.milliseconds(100))
    world.point(0, by: second.answerBody)
    world.run(.seconds(3))
    #expect(world.ends.count == 2)
    #expect(world.askedSpeech.count == 1 && Self.loads(world).count == 1)
    let played = world.media.commands.count { if case .play = $0 { true } else { false } }
    #expect(played == 2)
    let ladder = try Ladder.draw(try end(world))
    #expect(ladder.contains("asks for speech: “Hello.”"))
    #expect(ladder.contains("caller hears “Hello.”"))
  }

  @Test func aSoundWithoutAHeaderIsReadByItsContentType() throws {
    let (world, _) = Self.world()
    let asked = try #require(world.askedSpeech.first)
    let octets = [UInt8](repeating: 0xff, count: 800)
    world.command(.answer(asked.id, .speech(contentType: "audio/pcmu", body: octets)))
    world.run(.seconds(1))
    #expect(world.findings.isEmpty && world.ends.count == 1)
    try end(world)
  }

  /// Nil = it says nothing for ten seconds.
  @Test(arguments: [nil, Interval.milliseconds(500)])
  func ourOwnProgramSaysWhatTheHostDoesNot(after: Interval?) throws {
    let (world, _) = Self.world(settings: [("speech_program", "flite")])
    let asked = try #require(world.askedSpeech.first)
    world.media.sounds = { _ in Tone.make([800], milliseconds: 500) }
    world.run(after ?? .milliseconds(9_700))
    #expect(Self.loads(world).isEmpty)
    if after != nil { world.command(.answer(asked.id, .speech(contentType: "", body: nil))) }
    world.run(.milliseconds(400))
    let request = SpeechRequest(program: "flite", text: "Hello.", language: "de", voice: "anna")
    #expect(Self.loads(world) == [.speech(request)])
    world.run(.seconds(1))
    #expect(world.ends.count == 1 && world.findings.isEmpty)
    #expect(
      HostTests.refusal(
        world.command(.answer(asked.id, .speech(contentType: "", body: nil)))) == RefusalCode.gone)
    try end(world)
  }

  @Test(arguments: [nil, [], [1, 2, 3]] as [[UInt8]?])
  func whatNobodyCanSayIsSkippedWithAWord(body: [UInt8]?) throws {
    // V-10, V-11
    let (world, _) = Self.world()
    let asked = try #require(world.askedSpeech.first)
    world.command(.answer(asked.id, .speech(contentType: "", body: body)))
    world.run(.seconds(1))
    #expect(world.findings.map(\.code) == [.noSpeech])
    #expect(world.ends.count == 1)
    try end(world)
  }

  @Test func twoCallsThatWaitForTheSameTextAskOnceAndTheFirstMayHangUp() throws {
    let (world, first) = Self.world()
    let second = world.phone(5071)
    second.call()
    world.run(.milliseconds(100))
    first.hangUp()
    world.run(.seconds(1))
    #expect(world.ends.count == 1 && world.askedSpeech.count == 1)
    let asked = try #require(world.askedSpeech.first)
    let sound = ScreenedSoundTests.wav(Tone.make([800], milliseconds: 500))
    world.command(.answer(asked.id, .speech(contentType: "audio/wav", body: sound)))
    world.run(.seconds(2))
    #expect(world.ends.count == 2 && world.findings.isEmpty)
    try end(world)
  }

  @Test func onceTheHostIsAskedWhatTheProgramSaidBeforeIsAskedAboutToo() throws {
    let (world, _) = Self.world(settings: [("speech_program", "flite"), ("ask_speech", "false")])
    world.run(.seconds(1))
    #expect(world.askedSpeech.isEmpty && Self.loads(world).count == 1)
    world.command(.set(name: "ask_speech", value: "true"))
    world.phone(5071).call()
    world.run(.seconds(1))
    #expect(world.askedSpeech.count == 1)
    try end(world)
  }

  // V-21
  @Test func theHostGetsTheMarkupAndAnotherMarkupIsAnotherSound() throws {
    let say = "<Say>Hi <emphasis>you</emphasis></Say>"
    let (world, _) = Self.world("<Response>\(say)<Say>Hi you</Say>\(say)</Response>")
    for number in 0..<2 {
      guard world.askedSpeech.count > number else { break }
      let asked = world.askedSpeech[number]
      world.command(
        .answer(
          asked.id,
          .speech(
            contentType: "",
            body: ScreenedSoundTests.wav(Tone.make([800], milliseconds: 200)))))
      world.run(.seconds(1))
    }
    #expect(world.askedSpeech.map(\.text) == ["Hi you", "Hi you"])
    #expect(
      world.askedSpeech.map(\.markup) == ["<speak>Hi <emphasis>you</emphasis></speak>", ""])
    #expect(world.ends.count == 1)
    try end(world)
  }

  // V-21: a program that does not read SSML says both with one sound.
  @Test(arguments: [("flite {ssml}", 2), ("flite", 1)])
  func aProgramGetsItWhereItReadsIt(program: String, sounds: Int) throws {
    let world = AgentWorld(settings: [("speech_program", program)], isJournalled: true)
    world.media.sounds = { _ in Tone.make([800], milliseconds: 200) }
    world.document(
      "<Response><Say>Hi <emphasis>you</emphasis></Say><Say>Hi you</Say></Response>")
    let caller = world.phone(5070)
    world.speaker(4000)
    caller.call()
    world.run(.seconds(3))
    let requests = Self.loads(world).compactMap { source -> SpeechRequest? in
      if case .speech(let request) = source { request } else { nil }
    }
    #expect(requests.count == sounds && requests.allSatisfy { $0.text == "Hi you" })
    #expect(
      requests.first?.markup
        == (sounds == 2 ? "<speak>Hi <emphasis>you</emphasis></speak>" : ""))
    try end(world)
  }
}
