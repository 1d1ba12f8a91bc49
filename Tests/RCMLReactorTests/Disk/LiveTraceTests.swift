import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLReactor

/// What is kept in memory of the last calls, besides a journal or without one.
struct LiveTraceTests {
  private static func text(_ rig: Rig) throws -> String {
    var options = TraceOptions()
    options.form = .list
    var text = ""
    try rig.reactor.trace?.write(options) { text += $0 }
    return text
  }

  private static func call(_ rig: Rig, _ number: UInt64) throws {
    let name = JournalName.call(
      CallNumber(number), sid: CallSid(high: 1, low: number), callID: [99])
    rig.core.journal?.name(name)
    rig.reactor.conversation.feed(.timePassed, at: Reactor.clock())
    try rig.reactor.process()
  }

  @Test func itNeedsNoFile() throws {
    let rig = try Rig()
    try rig.reactor.keepTrace(calls: 2, product: "test")
    try rig.reactor.process()
    for number in 1...3 as ClosedRange<UInt64> { try LiveTraceTests.call(rig, number) }
    #expect(try LiveTraceTests.text(rig).split(separator: "\n").count == 2)
    #expect(rig.reactor.journal.octets == 0 && !rig.reactor.journal.isOpen)
  }

  @Test func theJournalIsTheSameBesideIt() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    try rig.reactor.keepTrace(calls: 2, product: "test")
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    try rig.reactor.process()
    try LiveTraceTests.call(rig, 1)
    rig.reactor.close()
    var options = TraceOptions()
    options.form = .list
    var text = ""
    try Trace.write(try #require(folder.read("journal")), options) { text += $0 }
    #expect(try LiveTraceTests.text(rig) == text)
  }

  @Test func itBeginsBeforeAllElseOrNever() throws {
    let rig = try Rig()
    #expect(rig.reactor.trace == nil)
    try rig.reactor.process()
    #expect(throws: ReactorError.self) { try rig.reactor.keepTrace(calls: 2, product: "test") }
    let other = try Rig()
    try other.reactor.keepTrace(calls: 2, product: "test")
    #expect(throws: ReactorError.self) { try other.reactor.keepTrace(calls: 2, product: "test") }
  }
}
