import Glibc
import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLReactor

/// A journal that its disk does not take has a gap, which is marked and counted, and blocks nobody [Y-7].
struct JournalGapTests {
  private static func feed(_ rig: Rig, _ count: Int) throws {
    for _ in 0..<count {
      rig.reactor.conversation.feed(.timePassed, at: Reactor.clock())
      try rig.reactor.process()
    }
  }

  private static func gaps(_ rig: Rig) throws -> [String] {
    var texts: [String] = []
    while let event = try rig.reactor.nextEvent() {
      if case .finding(nil, let finding) = event, finding.code == .journalGap {
        texts.append(finding.text)
      }
    }
    return texts
  }

  @Test func whatTheDiskDoesNotTakeIsAGapThatSaysHowManyRecordsItLacks() throws {
    let folder = try #require(Folder())
    let slow = SlowDisk()
    let rig = try Rig()
    rig.reactor.disk.calls = slow.calls
    rig.reactor.disk.bounds.journal = 400
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    try rig.reactor.process()
    try JournalGapTests.feed(rig, 1_000)
    #expect(try JournalGapTests.gaps(rig).isEmpty && folder.read("journal") == [])
    // What may wait, and what was under way when there was no more room: not all that came, which is 50 times as much.
    #expect(rig.reactor.disk.journalOctets < 1_000)
    slow.set(isOpen: true)
    #expect(try rig.turn { rig.reactor.disk.journalOctets == 0 })
    // From now on it takes all there is, however busy the machine.
    rig.reactor.disk.bounds.journal = 1 << 20
    try rig.reactor.process()
    try JournalGapTests.feed(rig, 50)
    let lacking = rig.reactor.journal.lacking
    #expect(lacking > 500 && lacking < 1_000)
    let texts = try JournalGapTests.gaps(rig)
    #expect(texts.count == 1 && texts.first?.hasPrefix("\(lacking) records") == true)
    rig.reactor.close()

    let octets = try #require(folder.read("journal"))
    var marked: [Int] = []
    var inputs = 0
    try octets.withUnsafeBytes { lent in
      var reader = try JournalReader(lent)
      while let record = try reader.next() {
        switch record.content {
        case .input: inputs += 1
        case .gap(let records): marked.append(records)
        case .command, .result, .output, .drained, .name, .omitted, .continuation: break
        }
      }
      #expect(!reader.isTorn)
    }
    // A machine that is slow itself may make another gap meanwhile.
    #expect(marked.first == Int(lacking))
    #expect(inputs + marked.reduce(0, +) == rig.core.heard.count)
  }

  /// A gap at the end is marked, too.
  @Test func aJournalThatEndsInAGapSaysSo() throws {
    let folder = try #require(Folder())
    let slow = SlowDisk()
    let rig = try Rig()
    rig.reactor.disk.calls = slow.calls
    rig.reactor.disk.bounds.journal = 100
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    try JournalGapTests.feed(rig, 100)
    slow.set(isOpen: true)
    rig.reactor.close()
    let octets = try #require(folder.read("journal"))
    var last: JournalRecord.Content?
    try octets.withUnsafeBytes { lent in
      var reader = try JournalReader(lent)
      while let record = try reader.next() { last = record.content }
    }
    guard case .gap(let records) = last else {
      Issue.record("the gap is not marked")
      return
    }
    #expect(records > 50)
  }

  /// A pipe that nobody reads is the slowest disk there is.
  @Test func aPipeThatNobodyReadsStopsNobody() throws {
    let folder = try #require(Folder())
    let path = folder.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let code = ChildProcess.run {
      let reader = open(path, O_RDONLY | O_NONBLOCK)
      guard reader >= 0, let rig = try? Rig() else { return 90 }
      rig.reactor.disk.bounds.journal = 100_000
      do {
        try rig.reactor.writeJournal(to: path, product: "test")
        try JournalGapTests.feed(rig, 40_000)
      } catch { return 99 }
      // Or the end of the agent would wait for the pipe.
      close(reader)
      return rig.core.heard.count >= 40_000 ? 0 : 91
    }
    #expect(code == 0)
  }
}
