import RCMLBasics
import RCMLDial
import RCMLMedia
import Testing

@testable import RCMLAgent

/// What is too long for a journal must not cost the rest of it: one bound, on both sides.
struct JournalLimitTests {
  private static let start = Instant(nanoseconds: 1)

  /// Everything that can be read, in order; throws where a reader gives up.
  private static func read(_ journal: [UInt8]) throws -> [JournalRecord.Content] {
    try journal.withUnsafeBytes { lent in
      var reader = try JournalReader(lent)
      var contents: [JournalRecord.Content] = []
      while let record = try reader.next() { contents.append(record.content) }
      return contents
    }
  }

  private static func isDrain(_ content: JournalRecord.Content?) -> Bool {
    if case .command(.drain)? = content { true } else { false }
  }

  /// A sound of ten minutes is allowed, and weighs 110 MiB.
  @Test(arguments: [16 << 20, 17 << 20, 24 << 20])
  func anAnswerOfTheHostLeavesTheJournalReadable(octets: Int) throws {
    let writer = JournalWriter(product: "x")
    let body = [UInt8](repeating: 0x78, count: octets)
    writer.command(
      .answer(QuestionID(1), .speech(contentType: "audio/wav", body: body)), at: Self.start)
    writer.output(.media(.load(SoundID(1), .octets(body, name: "", contentType: "audio/wav"))))
    writer.command(.drain, at: Self.start)
    let contents = try Self.read(writer.takeOctets())
    guard contents.count == 3, case .command(.answer(_, .speech(_, let said?))) = contents[0],
      case .output(.media(.load(_, .octets(let loaded, _, _)))) = contents[1]
    else {
      Issue.record("\(contents.count) records")
      return
    }
    #expect(said == body && loaded == body)
    #expect(Self.isDrain(contents.last))
  }

  /// More than any sound may have: the rest decides nothing, is cut, and the count says so.
  @Test func aBodyBeyondWhatIsLookedAtIsCutAndMarked() throws {
    let writer = JournalWriter(product: "x")
    let body = [UInt8](repeating: 0x78, count: JournalFormat.bodyLimit + 5)
    writer.command(
      .answer(QuestionID(1), .speech(contentType: "", body: body)), at: Self.start)
    writer.command(.drain, at: Self.start)
    let journal = writer.takeOctets()
    let contents = try Self.read(journal)
    guard contents.count == 2, case .command(.answer(_, .speech(_, let kept?))) = contents[0]
    else {
      Issue.record("\(contents.count) records")
      return
    }
    #expect(kept.count == JournalFormat.bodyLimit)
    // What a reader takes for the whole is still too long for everybody.
    #expect(kept.count > SoundFile.octetsLimit)
    #expect(kept.count > Settings().maxDocumentBytes && kept.count > 16_777_216)
    #expect(Self.isDrain(contents.last))
  }

  /// Text that no journal holds: its record says what was left out, and the others stay.
  @Test func aRecordThatIsTooLongIsLeftOutAndSaysSo() throws {
    let writer = JournalWriter(product: "x")
    let path = String(repeating: "x", count: JournalFormat.recordLimit + 1)
    writer.input(.timePassed, at: Self.start)
    writer.command(.onCall(CallNumber(1), .record(path: path)), at: Self.start + .seconds(1))
    writer.result(.failure(Refusal(code: -1, text: "gone")))
    writer.command(.drain, at: Self.start + .seconds(2))
    let journal = writer.takeOctets()
    #expect(journal.count < 1_000)
    let contents = try Self.read(journal)
    guard contents.count == 4, case .omitted(.command, let octets) = contents[1] else {
      Issue.record("\(contents.count) records")
      return
    }
    #expect(octets > path.utf8.count)
    #expect(Self.isDrain(contents.last))

    let result = try Replay.run(journal)
    let difference = try #require(result.difference)
    #expect(difference.record == 2 && difference.time == .seconds(1))
    #expect(difference.recorded == "a command of \(octets) octets, too long for a journal")
    #expect(difference.replayed == "nothing that could be compared")
  }

  /// The journal of a host that says ten minutes of sound proves the run.
  @Test(arguments: [20 << 20, SoundFile.octetsLimit + 1])
  func aLongAnswerIsReplayed(octets: Int) throws {
    let world = AgentWorld(settings: [("ask_speech", "true")], isJournalled: true)
    world.document("<Response><Say>Hello</Say></Response>")
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(1))
    let asked = try #require(world.askedSpeech.first)
    let sound = [UInt8](repeating: 0, count: octets)
    world.command(.answer(asked.id, .speech(contentType: "audio/pcmu", body: sound)))
    world.run(.seconds(1))
    caller.hangUp()
    world.runToTheEnd()
    let result = try Replay.run(world.agent.takeJournal())
    #expect(result.difference == nil, "\(String(describing: result.difference))")
  }
}
