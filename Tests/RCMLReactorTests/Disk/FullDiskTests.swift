import Glibc
import RCMLAgent
import RCMLBasics
import RCMLDocument
import RCMLMedia
import Testing

@testable import RCMLReactor

/// A disk that is full, or that is to be left some room, is one that cannot take it now [Y-7].
struct FullDiskTests {
  /// True files with a lid: what is beyond it is written half, as a disk does.
  private final class SmallDisk: @unchecked Sendable {
    private var lock = pthread_mutex_t()
    private var octets = 0
    private var size = 0

    init() { pthread_mutex_init(&lock, nil) }

    private func hold<Result>(_ body: () -> Result) -> Result {
      pthread_mutex_lock(&lock)
      defer { pthread_mutex_unlock(&lock) }
      return body()
    }

    func resize(_ size: Int) { hold { self.size = size } }

    var calls: FileCalls {
      let real = FileCalls()
      var calls = FileCalls()
      calls.append = { descriptor, bytes in
        let room = self.hold { () -> Int in
          let room = min(bytes.count, max(0, self.size - self.octets))
          self.octets += room
          return room
        }
        let status = real.append(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<room]))
        return status < 0 || room == bytes.count ? status : -ENOSPC
      }
      calls.extend = { descriptor, length in
        let before = lseek(descriptor, 0, SEEK_END)
        let status = real.extend(descriptor, length)
        self.hold { self.octets -= Int(before) - Int(length) }
        return status
      }
      return calls
    }
  }

  private func feed(_ rig: Rig, _ count: Int) throws {
    for _ in 0..<count {
      rig.reactor.conversation.feed(.timePassed, at: Reactor.clock())
      try rig.reactor.process()
    }
  }

  private func findings(_ rig: Rig) throws -> [Finding] {
    var all: [Finding] = []
    while let event = try rig.reactor.nextEvent() {
      if case .finding(nil, let finding) = event { all.append(finding) }
    }
    return all
  }

  private func read(_ octets: [UInt8]) throws -> (inputs: Int, gaps: [Int], before: Int?) {
    var inputs = 0
    var gaps: [Int] = []
    var before: Int?
    try octets.withUnsafeBytes { lent in
      var reader = try JournalReader(lent)
      while let record = try reader.next() {
        switch record.content {
        case .input: inputs += 1
        case .gap(let records): gaps.append(records)
        case .continuation(let records): before = records
        case .command, .result, .output, .drained, .name, .omitted: break
        }
      }
      #expect(!reader.isTorn)
    }
    return (inputs, gaps, before)
  }

  @Test func aJournalGoesOnWhenItsDiskHasRoomAgainAndLacksNothing() throws {
    let folder = try #require(Folder())
    let small = SmallDisk()
    let rig = try Rig()
    rig.reactor.disk.calls = small.calls
    small.resize(300)
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    try feed(rig, 300)
    #expect(try rig.turn { try self.findings(rig).map(\.code).contains(.journalWaits) })
    #expect(rig.reactor.journalFailure == nil && rig.core.journal != nil)
    let cut = try #require(folder.read("journal"))
    #expect(cut.count <= 300)
    if !cut.isEmpty { _ = try read(cut) }
    small.resize(1 << 30)
    var told: [Finding] = []
    #expect(
      try rig.turn {
        try self.feed(rig, 1)
        told += try self.findings(rig)
        return !told.isEmpty
      })
    #expect(told.map(\.code) == [.journalWaits] && told.first?.severity == .note)
    try feed(rig, 20)
    rig.reactor.close()
    let (inputs, gaps, _) = try read(try #require(folder.read("journal")))
    #expect(gaps.isEmpty)
    #expect(inputs == rig.core.heard.count)
  }

  @Test func whatDoesNotFitMeanwhileIsAGap() throws {
    let folder = try #require(Folder())
    let small = SmallDisk()
    let rig = try Rig()
    rig.reactor.disk.calls = small.calls
    rig.reactor.disk.bounds.journal = 400
    small.resize(200)
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    // The disk is found full before more comes than may wait for it.
    #expect(
      try rig.turn {
        try self.feed(rig, 1)
        return try self.findings(rig).map(\.code).contains(.journalWaits)
      })
    try feed(rig, 1_000)
    small.resize(1 << 30)
    var told: [Finding] = []
    #expect(
      try rig.turn {
        try self.feed(rig, 1)
        told += try self.findings(rig)
        return told.map(\.code).contains(.journalGap)
      })
    try feed(rig, 20)
    rig.reactor.close()
    let (inputs, gaps, _) = try read(try #require(folder.read("journal")))
    #expect(gaps.count >= 1 && gaps[0] > 500)
    #expect(inputs + gaps.reduce(0, +) == rig.core.heard.count)
  }

  @Test func aJournalHasItsLimitAndTheNextFileSaysWhatStandsBeforeIt() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    rig.core.fileLimits.journal = 1_000
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    try feed(rig, 400)
    rig.reactor.close()
    let last = try #require(folder.read("journal"))
    let older = try #require(folder.read("journal.1"))
    #expect(last.count <= 1_000 && older.count <= 1_000 && older.count > 800)
    let first = try read(older)
    let second = try read(last)
    #expect(try #require(second.before) == (first.before ?? 0) + first.inputs)
    #expect(try #require(second.before) + second.inputs == rig.core.heard.count)
    #expect(rig.reactor.journal.octets > 2_000)
    let replay = try Replay.run(last)
    #expect(replay.difference?.recorded.contains("begins in the middle") == true)
  }

  @Test func aDiskKeepsWhatIsReserved() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    rig.core.fileLimits.reserve = Int.max
    rig.reactor.disk.calls.room = { _, reserve in reserve == Int.max ? 0 : Int64.max }
    try rig.reactor.writeJournal(to: folder.file("journal"), product: "test")
    try feed(rig, 10)
    #expect(try rig.turn { try self.findings(rig).map(\.code).contains(.journalWaits) })
    #expect(folder.read("journal") == [])
    rig.reactor.close()
  }

  @Test func recordingsEndBeforeADiskIsFullAndThatIsToldOnceASecond() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    rig.reactor.disk.calls.room = { _, _ in 319 }
    let files = RecordingFiles(disk: rig.reactor.disk)
    try rig.reactor.process()
    for number in 1...3 {
      let id = RecordingID(UInt64(number))
      let path = folder.file("\(number).wav")
      #expect(files.begin(id, channels: 1, path: path, at: Reactor.clock()))
      files.write(id, at: 44, [UInt8](repeating: 0, count: 320), at: Reactor.clock())
    }
    var told: [Finding] = []
    var ended = 0
    #expect(
      try rig.turn {
        told += try self.findings(rig)
        ended = told.reduce(0) { $0 + (Int($1.text.prefix { $0.isNumber }) ?? 0) }
        return ended >= 3
      })
    #expect(ended == 3 && told.count <= 2 && told.allSatisfy { $0.code == .diskFull })
    // What is there is whole: the header of a recording of nothing.
    for number in 1...3 { #expect(folder.read("\(number).wav")?.count == 44) }
  }
}
