import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// A journal whose disk does not take it goes on after a gap that says what is lacking [Y-7].
struct JournalGapTests {
  private static let start = Instant(nanoseconds: 1_000)

  private static func read(_ journal: [UInt8]) throws -> [(Instant, JournalRecord.Content)] {
    try journal.withUnsafeBytes { lent in
      var reader = try JournalReader(lent)
      var records: [(Instant, JournalRecord.Content)] = []
      while let record = try reader.next() { records.append((record.instant, record.content)) }
      return records
    }
  }

  @Test func aGapIsMarkedAndTheTimesBehindItAreRight() throws {
    let writer = JournalWriter(product: "x")
    writer.input(.timePassed, at: Self.start)
    writer.beginGap()
    writer.beginGap()
    writer.input(.timePassed, at: Self.start + .seconds(1))
    writer.command(.drain, at: Self.start + .seconds(2))
    writer.result(.success(.done))
    #expect(writer.isInGap && writer.endGap() == 3 && !writer.isInGap)
    #expect(writer.endGap() == 0)
    writer.input(.timePassed, at: Self.start + .seconds(5))
    let records = try Self.read(writer.takeOctets())
    #expect(records.count == 3)
    guard case .gap(3) = records[1].1 else {
      Issue.record("no gap")
      return
    }
    #expect(records.map(\.0) == [Self.start, Self.start, Self.start + .seconds(5)])
  }

  @Test func aGapThatLacksNothingIsNone() throws {
    let writer = JournalWriter(product: "x")
    writer.input(.timePassed, at: Self.start)
    writer.beginGap()
    #expect(writer.endGap() == 0)
    writer.input(.timePassed, at: Self.start)
    #expect(try Self.read(writer.takeOctets()).count == 2)
  }

  /// A gap may be what a journal begins with: its header stands there all the same.
  @Test func aJournalMayBeginWithAGap() throws {
    let writer = JournalWriter(product: "x")
    writer.beginGap()
    writer.input(.timePassed, at: Self.start)
    writer.endGap()
    writer.input(.timePassed, at: Self.start + .seconds(1))
    let records = try Self.read(writer.takeOctets())
    #expect(records.map(\.0) == [Self.start, Self.start + .seconds(1)])
  }

  @Test func aReplayProvesWhatStandsBeforeTheGapAndSaysWhereItEnds() throws {
    let world = AgentWorld(isJournalled: true)
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    world.phone(5070).call()
    world.run(.seconds(1))
    let whole = try Replay.run(world.agent.takeJournal())
    #expect(whole.isProved && whole.records > 10)

    let other = AgentWorld(isJournalled: true)
    other.document(AgentWorld.dial(5081))
    _ = other.phone(5081, .answers())
    other.phone(5070).call()
    other.run(.milliseconds(100))
    other.agent.journal?.beginGap()
    other.run(.milliseconds(500))
    other.agent.journal?.endGap()
    other.run(.seconds(1))
    let cut = try Replay.run(other.agent.takeJournal())
    let difference = try #require(cut.difference)
    #expect(difference.recorded.contains("records are lacking"))
    #expect(cut.records > 5 && cut.records == difference.record)
  }

  /// One huge record must not make every later step ask for as much room.
  @Test func theRoomOfAHugeRecordGoesWithItsOctets() {
    let writer = JournalWriter(product: "x")
    let body = [UInt8](repeating: 0x78, count: 4 << 20)
    writer.command(.answer(QuestionID(1), .speech(contentType: "", body: body)), at: Self.start)
    #expect(writer.takeOctets().count > 4 << 20)
    writer.input(.timePassed, at: Self.start)
    #expect(writer.takeOctets().capacity < 1 << 16)
    writer.input(.timePassed, at: Self.start)
    #expect(writer.takeOctets().capacity < 1 << 16)
  }
}
