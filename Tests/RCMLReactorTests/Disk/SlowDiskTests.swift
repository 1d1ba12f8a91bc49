import Glibc
import RCMLAgent
import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLReactor

/// The loop never waits for a disk [Y-7].
@Suite(.serialized)
struct SlowDiskTests {
  private static let loud = [UInt8](repeating: 0x10, count: 160)

  private static func ended(_ rig: Rig, _ id: UInt64 = 1) -> RecordingResult? {
    for case .media(.recorded(RecordingID(id), let result)) in rig.core.heard { return result }
    return nil
  }

  private static func record(_ id: UInt64, to path: String) -> Output {
    .media(.record(RecordingID(id), RecordingPlan(left: MediaID(1)), path: path))
  }

  private static func speak(_ rig: Rig, _ party: RTPParty, _ port: UInt16, packets: Int) throws {
    for _ in 0..<packets {
      party.speak(loud, to: port)
      try rig.turn(milliseconds: 20)
    }
  }

  /// Octets the header promises; nil: the file is none, or has less.
  private static func promised(_ file: [UInt8]?) -> Int? {
    guard let file, file.count >= 44 else { return nil }
    let length = file[40...43].reversed().reduce(0) { $0 << 8 | Int($1) }
    return length <= file.count - 44 ? length : nil
  }

  @Test func aDiskThatTakesNothingStopsNoPacketAndNoSample() throws {
    let folder = try #require(Folder())
    let disk = SlowDisk()
    let rig = try Rig()
    rig.reactor.disk.calls = disk.calls
    let caller = try #require(RTPParty())
    let callee = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: caller))
    _ = try rig.open(2, with: callee)
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    try rig.say(SlowDiskTests.record(1, to: folder.file("a.wav")))
    // No write returns from here on: were it the loop's, nothing would ever come.
    for _ in 0..<40 {
      caller.speak(SlowDiskTests.loud, to: port)
      #expect(try rig.receive(callee) != nil)
      try rig.turn(milliseconds: 20)
    }
    try rig.say(.media(.endRecording(RecordingID(1))))
    try rig.turn(milliseconds: 50)
    #expect(SlowDiskTests.ended(rig) == nil && folder.read("a.wav") == nil)
    #expect(try rig.reactor.countEverything().recordingsActive == 1)
    disk.set(isOpen: true)
    #expect(try rig.turn { SlowDiskTests.ended(rig) != nil })
    let result = try #require(SlowDiskTests.ended(rig))
    #expect(result.reason == .stopped && result.lostMilliseconds == 0 && !result.isEmpty)
    let samples = try SoundFile.read(try #require(folder.read("a.wav"))).get()
    #expect(samples.count / 8 == result.milliseconds && samples.count >= 40 * 160)
    #expect(samples[..<6_000].filter { $0.magnitude > 10_000 }.count > 5_000)
    #expect(!disk.callers.isEmpty && !disk.callers.contains(pthread_self()))
    #expect(rig.reactor.counters.media.recordings.completed == 1)
  }

  @Test func whatFindsNoRoomIsSilenceAtItsPlaceAndIsTold() throws {
    let folder = try #require(Folder())
    let path = folder.file("a.wav")
    nonisolated(unsafe) var broken = 0
    nonisolated(unsafe) var looks = 0
    let disk = SlowDisk(isOpen: true) {
      // Whole at every moment: before each call, what the one before has left.
      guard let file = Folder.read(path) else { return }
      looks += 1
      if SlowDiskTests.promised(file) == nil { broken += 1 }
    }
    let rig = try Rig()
    rig.reactor.disk.calls = disk.calls
    rig.reactor.disk.bounds.recordings = 12_000
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    try rig.say(SlowDiskTests.record(1, to: path))
    try SlowDiskTests.speak(rig, party, port, packets: 40)
    disk.set(isOpen: false)
    try SlowDiskTests.speak(rig, party, port, packets: 60)
    disk.set(isOpen: true)
    try SlowDiskTests.speak(rig, party, port, packets: 30)
    try rig.say(.media(.endRecording(RecordingID(1))))
    #expect(try rig.turn { SlowDiskTests.ended(rig) != nil })
    let result = try #require(SlowDiskTests.ended(rig))
    #expect(result.reason == .stopped)
    #expect(result.lostMilliseconds > 300 && result.lostMilliseconds < 1_300)
    #expect(looks > 4 && broken <= 1)
    let samples = try SoundFile.read(try #require(folder.read("a.wav"))).get()
    #expect(samples.count / 8 == result.milliseconds && samples.count >= 130 * 160)
    let silent = samples.count { $0 == 0 }
    #expect(silent >= result.lostMilliseconds * 8)
    #expect(samples[16_000...].contains { $0.magnitude > 10_000 })
    #expect(rig.reactor.counters.media.recordings.completed == 1)
  }

  /// What is lost at the very end is there, too: as silence, and the header says so.
  @Test func anEndThatWasLostIsSilence() throws {
    let folder = try #require(Folder())
    let disk = SlowDisk(isOpen: true)
    let rig = try Rig()
    rig.reactor.disk.calls = disk.calls
    rig.reactor.disk.bounds.recordings = 4_000
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    try rig.say(SlowDiskTests.record(1, to: folder.file("a.wav")))
    try SlowDiskTests.speak(rig, party, port, packets: 40)
    disk.set(isOpen: false)
    try SlowDiskTests.speak(rig, party, port, packets: 60)
    try rig.say(.media(.endRecording(RecordingID(1))))
    disk.set(isOpen: true)
    #expect(try rig.turn { SlowDiskTests.ended(rig) != nil })
    let result = try #require(SlowDiskTests.ended(rig))
    #expect(result.reason == .stopped && result.lostMilliseconds > 500)
    let samples = try SoundFile.read(try #require(folder.read("a.wav"))).get()
    #expect(samples.count / 8 == result.milliseconds)
    #expect(samples.suffix(2_000).allSatisfy { $0 == 0 })
  }

  @Test func aDiskThatHangsKeepsNoCallFromItsEnd() throws {
    let folder = try #require(Folder())
    let slow = SlowDisk()
    let poll = try Poll()
    let hung = Disk(epoll: poll.descriptor)
    hung.calls = slow.calls
    let files = RecordingFiles(disk: hung)
    let begin = Instant(nanoseconds: 1_000_000_000)
    let id = RecordingID(1)
    #expect(files.begin(id, channels: 1, path: folder.file("a.wav"), at: begin))
    files.finish(id, at: begin)
    let result = RecordingResult(reason: .stopped, milliseconds: 20, isEmpty: true)
    #expect(files.judged(.recorded(id, result)) == nil)
    #expect(files.deadline == begin + RecordingFiles.patience)
    #expect(files.nextLate(begin + .seconds(29)) == nil)
    guard case .ended(let told, id) = files.nextLate(begin + RecordingFiles.patience) else {
      Issue.record("nobody is told")
      return
    }
    #expect(told.reason == .failed && files.count == 0 && files.deadline == .distantFuture)
    #expect(files.counters.failed == 1)
    slow.set(isOpen: true)
    hung.close(isOwner: true)
    #expect(files.counters.failed == 1 && files.counters.completed == 0)
    #expect(folder.read("a.wav")?.count == 44)
  }

  @Test func aDiskThatHasTakenNothingForASecondIsToldOnce() throws {
    let folder = try #require(Folder())
    let slow = SlowDisk()
    let poll = try Poll()
    let disk = Disk(epoll: poll.descriptor)
    disk.calls = slow.calls
    let file = DiskFile(path: folder.file("a"), calls: disk.calls)
    let begin = Instant(nanoseconds: 1_000_000_000)
    func give(_ work: DiskJob.Work, at now: Instant) -> Bool {
      disk.give(work, to: file, of: .recording(RecordingID(1)), after: nil, at: now) != nil
    }
    #expect(give(.create([1, 2, 3]), at: begin))
    #expect(disk.lateness(begin + .milliseconds(999)) == nil)
    let finding = disk.lateness(begin + .seconds(1))
    #expect(finding?.code == .diskBehind)
    #expect(disk.lateness(begin + .seconds(5)) == nil)
    slow.set(isOpen: true)
    #expect(give(.finish(nil), at: begin + .seconds(6)))
    var done = 0
    while done < 2 { if disk.next() != nil { done += 1 } else { usleep(1_000) } }
    #expect(disk.lateness(begin + .seconds(9)) == nil)
    disk.close(isOwner: true)
    #expect(folder.read("a") == [1, 2, 3])
  }

  /// What waits for one file is one thing to be done, so that a disk that is slow to begin catches up.
  @Test func whatWaitsForOneFileIsWrittenAtOnce() throws {
    let folder = try #require(Folder())
    let slow = SlowDisk()
    let poll = try Poll()
    let disk = Disk(epoll: poll.descriptor)
    disk.calls = slow.calls
    let file = DiskFile(path: folder.file("a"), calls: disk.calls)
    let now = Instant(nanoseconds: 1)
    var last: DiskJob?
    var jobs = 0
    func give(_ work: DiskJob.Work) {
      let job = disk.give(work, to: file, of: .recording(RecordingID(1)), after: last, at: now)
      if job !== last { jobs += 1 }
      last = job
    }
    give(.create([9, 9]))
    for step in 0..<100 as Range<UInt64> {
      give(.write([UInt8(step), 7], at: 2 + step * 2))
      give(.header(DiskJob.Header(octets: [UInt8(step), 8], length: 4 + step * 2)))
    }
    // Not where the one before ended: it is another thing.
    give(.write([5], at: 300))
    give(.header(DiskJob.Header(octets: [1, 1], length: 303)))
    give(.finish(nil))
    #expect(jobs == 4)
    #expect(!disk.hasRoom(for: (64 << 20) - 1_024) && disk.hasRoom(for: 63 << 20))
    slow.set(isOpen: true)
    disk.close(isOwner: true)
    let octets = try #require(folder.read("a"))
    #expect(octets.count == 303 && Array(octets[..<2]) == [1, 1] && octets[300] == 5)
    #expect((0..<100).allSatisfy { octets[2 + $0 * 2] == UInt8($0) && octets[3 + $0 * 2] == 7 })
    #expect(octets[202..<300].allSatisfy { $0 == 0 })
  }

  @Test func closingTheAgentWaitsForWhatWasGiven() throws {
    let folder = try #require(Folder())
    let slow = SlowDisk(isOpen: true) { usleep(20_000) }
    let rig = try Rig()
    rig.reactor.disk.calls = slow.calls
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    try rig.say(SlowDiskTests.record(1, to: folder.file("a.wav")))
    try SlowDiskTests.speak(rig, party, port, packets: 30)
    rig.reactor.close()
    let samples = try SoundFile.read(try #require(folder.read("a.wav"))).get()
    #expect(samples.count >= 30 * 160 && samples.contains { $0.magnitude > 10_000 })
  }
}

extension RecordingFiles.Done: Equatable {
  public static func == (left: RecordingFiles.Done, right: RecordingFiles.Done) -> Bool {
    switch (left, right) {
    case (.failed, .failed): true
    case (.ended(let one, let id), .ended(let other, let another)): one == other && id == another
    case (.failed, _), (.ended, _): false
    }
  }
}
