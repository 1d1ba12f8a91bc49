import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import Testing

@testable import RCMLAgent

/// What a journal tells besides the ladder: lists, reasons, objects; and the same of an agent that runs.
struct TraceTests {
  /// Two calls in the world of the simulator: one is answered and hung up on, one finds its party busy.
  private static func journal(
    _ document: String =
      "<Response>\n  <Dial>\n    <Sip>sip:b@127.0.0.1:5081</Sip>\n  </Dial>\n</Response>"
  ) -> [UInt8] {
    let world = AgentWorld(isJournalled: true)
    world.document(document)
    _ = world.phone(5081, .answers())
    let first = world.phone(5070)
    first.call()
    world.run(.seconds(3))
    first.hangUp()
    world.runToTheEnd()
    world.document(AgentWorld.dial(5082))
    _ = world.phone(5082, .rejects(486))
    world.phone(5071).call()
    world.run(.seconds(3))
    world.runToTheEnd()
    return world.agent.takeJournal()
  }

  private static func text(
    _ journal: [UInt8], _ change: (inout TraceOptions) -> Void = { _ in }
  ) throws -> String {
    var options = TraceOptions()
    change(&options)
    var text = ""
    try Trace.write(journal, options) { text += $0 }
    return text
  }

  private static func lines(_ text: String) -> [Substring] { text.split(separator: "\n") }

  @Test func aListHasOneLineACall() throws {
    let lines = TraceTests.lines(try TraceTests.text(TraceTests.journal()) { $0.form = .list })
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("1") && lines[0].contains("CA") && lines[0].contains(" → "))
    #expect(lines[0].hasSuffix("completed, by caller"))
    #expect(lines[1].contains("busy (486), by engine: "))
  }

  @Test func callsAreChosenByWhatBecameOfThem() throws {
    let journal = TraceTests.journal()
    for choice in [TraceOptions.Choice.failed, .last] {
      let text = try TraceTests.text(journal) {
        $0.form = .list
        $0.choice = choice
      }
      #expect(TraceTests.lines(text).count == 1 && text.hasPrefix("2 "))
    }
    let none = try TraceTests.text(journal) {
      $0.choice = .failed
      $0.call = "1"
    }
    #expect(none == "No call failed.\n")
  }

  @Test func aCallIsNamedByItsNumberItsSidOrItsCallID() throws {
    let journal = TraceTests.journal()
    let call = try #require(try LadderStory(journal).calls.all.last)
    let sid = try #require(call.sid).description
    let names = ["2", sid, String(sid.prefix(12)), String(decoding: call.callID, as: UTF8.self)]
    for name in names {
      let text = try TraceTests.text(journal) { $0.call = name }
      #expect(text.hasPrefix("call 2  \(sid)"), "\(name)")
    }
    #expect(throws: JournalError.noSuchCall("3", calls: 2)) {
      _ = try TraceTests.text(journal) { $0.call = "3" }
    }
  }

  /// Times of the calendar, where somebody is a quarter of an hour east of an hour.
  @Test func timesAreThoseOfTheCalendar() throws {
    let text = try TraceTests.text(TraceTests.journal()) {
      $0.call = "1"
      $0.time = .wall(offset: { _ in 20_700 })
    }
    let lines = TraceTests.lines(text)
    let story = try LadderStory(TraceTests.journal())
    let began = WallTime(
      unixMicroseconds: story.calls.all[0].unixMicroseconds + 20_700 * 1_000_000)
    #expect(lines[1] == "began \(began.day) \(began.clock) +05:45")
    #expect(lines[3].hasPrefix("\(began.clock)  ├─ INVITE"))
    // What stands below the ladder stands beside its times.
    #expect(lines.suffix(2).first?.hasPrefix("              ended: completed") == true)
    #expect(lines.last?.hasPrefix("              hangup 33402: ") == true)
  }

  @Test func withoutACalendarTimesAreThoseOfTheCall() throws {
    let writer = JournalWriter(product: "x")
    let now = Instant(nanoseconds: 5_000_000_000)
    writer.input(.timePassed, at: now)
    writer.name(.call(CallNumber(1), sid: CallSid(high: 1, low: 1), callID: [99]))
    writer.output(.tell(.onCall(CallNumber(1), .answered)))
    let text = try TraceTests.text(writer.takeOctets()) {
      $0.time = .wall(offset: { _ in 0 })
      $0.form = .list
    }
    #expect(text.contains("1         0.000  CA"))
  }

  @Test func aReasonIsOneSentenceWithItsCodeAndWhatToTry() throws {
    let advice: @Sendable (TraceOptions.Topic) -> TraceOptions.Advice? = { topic in
      topic == .reason(.webUnreachable)
        ? .init(code: 11222, name: "web-unreachable", cause: "It is.", fix: "Look.") : nil
    }
    let world = AgentWorld(isJournalled: true)
    world.command(.defaultDocument(.url("http://w.example/voice", method: "POST")))
    world.phone(5070).call()
    world.run(.seconds(20))
    world.runToTheEnd()
    let text = try TraceTests.text(world.agent.takeJournal()) {
      $0.form = .why
      $0.advice = advice
    }
    #expect(
      text.contains(
        "The call failed with 500. The web server could not be reached (http://w.example/voice)."))
    #expect(text.contains("Code:  11222 web-unreachable\nCause: It is.\nTry:   Look.\n"))
  }

  @Test func objectsTellOfEachCallAndWhatHappenedInIt() throws {
    let lines = TraceTests.lines(
      try TraceTests.text(TraceTests.journal()) { $0.form = .objects })
    let calls = lines.filter { $0.hasPrefix("{\"kind\":\"call\",\"call\":") }
    #expect(calls.count == 2)
    #expect(calls[0].contains("\"status\":\"completed\"") && calls[0].contains("\"failed\":false"))
    #expect(calls[1].contains("\"status\":\"busy\",\"sip_code\":486"))
    #expect(calls[1].contains("\"legs\":[{\"leg\":1,"))
    #expect(lines.contains { $0.hasPrefix("{\"kind\":\"message\",\"call\":1,") })
    // The caller is leg 0, and the first party leg 1.
    #expect(lines.contains { $0.contains("\"leg\":1,\"sent\":true,\"label\":\"INVITE 1 sdp\"") })
    #expect(lines.contains { $0.contains("\"leg\":0,\"sent\":false,\"label\":\"INVITE 1 sdp\"") })
    #expect(
      lines.contains {
        $0.contains("\"kind\":\"verb\"") && $0.hasSuffix("\"name\":\"Dial\",\"line\":2}")
      })
    #expect(lines.contains { $0.contains("\"kind\":\"document\"") && $0.contains("<Response>\\n") })
    let short = try TraceTests.text(TraceTests.journal()) { $0.form = .calls }
    #expect(TraceTests.lines(short) == calls)
  }

  /// The same octets, whatever pieces they come in.
  @Test func aLiveTraceTellsWhatTheJournalTells() throws {
    let world = AgentWorld(isJournalled: true)
    let live = LiveTrace(calls: 10)
    var journal: [UInt8] = []
    func take() {
      let octets = world.agent.takeJournal()
      live.read(octets)
      journal += octets
    }
    world.document(AgentWorld.dial(5081))
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    for _ in 0..<30 {
      world.run(.milliseconds(100))
      take()
    }
    caller.hangUp()
    world.runToTheEnd()
    take()
    var options = TraceOptions()
    options.form = .objects
    var told = ""
    try live.write(options) { told += $0 }
    #expect(try TraceTests.text(journal) { $0.form = .objects } == told)
    #expect(told.contains("\"kind\":\"call\""))
  }

  @Test func aLiveTraceKeepsItsLastCalls() throws {
    let world = AgentWorld(isJournalled: true)
    let live = LiveTrace(calls: 2)
    world.document("<Response><Reject/></Response>")
    for number in 0..<5 {
      world.phone(UInt16(5070 + number)).call()
      world.run(.seconds(1))
      live.read(world.agent.takeJournal())
    }
    world.runToTheEnd()
    live.read(world.agent.takeJournal())
    var options = TraceOptions()
    options.form = .calls
    var numbers: [Substring] = []
    try live.write(options) { numbers.append($0.dropFirst(22).prefix { $0 != "," }) }
    #expect(numbers == ["4", "5"])
    // What was told of a call that is forgotten does not bring it back.
    options.call = "1"
    #expect(throws: JournalError.noSuchCall("1", calls: 2)) { try live.write(options) { _ in } }
  }

  @Test func aStoryForgetsItsOldestEntries() throws {
    var story = try LadderStory(TraceTests.journal())
    let (count, octets) = (story.entries.count, story.octets)
    story.keep(calls: 10, entries: count - 1, octets: octets)
    #expect(story.entries.count <= (count - 1) * 3 / 4 + 1 && story.octets < octets)
    let rest = story.octets
    story.keep(calls: 10, entries: count, octets: rest / 2)
    #expect(story.octets <= rest / 2)
  }

  /// How a party was heard is drawn in no ladder, and told in objects with the leg.
  @Test func receptionIsForPages() throws {
    let writer = JournalWriter(product: "x")
    let call = CallNumber(1)
    writer.input(.timePassed, at: Instant(nanoseconds: 1))
    writer.name(.call(call, sid: CallSid(high: 1, low: 1), callID: [99]))
    writer.name(.stream(call, .leg(LegNumber(0)), MediaID(7)))
    let heard = StreamReception(packets: 250, lost: 3, jitterMicroseconds: 1_250)
    writer.input(.media(.reception(MediaID(7), heard)), at: Instant(nanoseconds: 2))
    writer.output(.media(.close(MediaID(7))))
    // The last report comes when the stream is closed.
    writer.input(.media(.reception(MediaID(7), heard)), at: Instant(nanoseconds: 3))
    let journal = writer.takeOctets()
    let objects = try TraceTests.text(journal) { $0.form = .objects }
    let told = "\"leg\":1,\"packets\":250,\"lost\":3,\"jitter_us\":1250}"
    #expect(TraceTests.lines(objects).filter { $0.hasSuffix(told) }.count == 2)
    #expect(try !TraceTests.text(journal).contains("250"))
  }
}
