import Glibc
import RCMLBasics
import RCMLMedia
import RCMLReactor
import Testing

@Suite(.serialized)
struct RecordingTests {
  private static let loud = [UInt8](repeating: 0x10, count: 160)

  private static func result(_ rig: Rig, _ id: UInt64 = 1) throws -> RecordingResult? {
    try rig.media { event in
      if case .recorded(RecordingID(id), let result) = event { return result }
      return nil
    }
  }

  private static func record(_ id: UInt64, to path: String, maximum: Int = 0) -> MediaCommand {
    .record(
      RecordingID(id), RecordingPlan(left: MediaID(1), maximum: .milliseconds(maximum)), path: path)
  }

  /// A party speaks for so many packets, one each 20 ms.
  private static func speak(_ rig: Rig, _ party: RTPParty, _ port: UInt16, packets: Int) throws {
    for _ in 0..<packets {
      party.speak(loud, to: port)
      try rig.turn(milliseconds: 20)
    }
  }

  @Test func whatAPartySaysIsInAFileOfItsOwnersAlone() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    try rig.say(.media(RecordingTests.record(1, to: folder.file("a.wav"))))
    #expect(try rig.turn { folder.read("a.wav").map { SoundFile.read($0) } == .failure(.empty) })
    try RecordingTests.speak(rig, party, port, packets: 20)
    try rig.say(.media(.endRecording(RecordingID(1))))
    let result = try #require(try RecordingTests.result(rig))
    #expect(result.reason == .stopped && !result.isEmpty)
    #expect(rig.reactor.counters.media.recordings.completed == 1)
    #expect(try rig.reactor.countEverything().recordingsActive == 0)
    let samples = try SoundFile.read(try #require(folder.read("a.wav"))).get()
    #expect(samples.count == result.milliseconds * 8 || samples.count / 8 == result.milliseconds)
    #expect(samples.contains { $0.magnitude > 10_000 })
    #expect(folder.mode("a.wav") == 0o600)
  }

  /// Failures A14, H11.
  @Test func aFileThatIsThereIsNeverWritten() throws {
    let folder = try #require(Folder())
    folder.write([1, 2, 3], to: "there")
    symlink(folder.file("nowhere"), folder.file("link"))
    let rig = try Rig()
    _ = try rig.open(1, with: try #require(RTPParty()))
    let paths = [
      folder.file("there"), folder.file("link"), folder.file("no/such/folder"), folder.path, "",
      folder.file("nul\0.wav"),
    ]
    for (index, path) in paths.enumerated() {
      try rig.say(.media(RecordingTests.record(UInt64(index + 1), to: path)))
      let result = try RecordingTests.result(rig, UInt64(index + 1))
      #expect(result?.reason == .failed, "\(path)")
    }
    let recordings = rig.reactor.counters.media.recordings
    #expect(recordings.failed == 6 && recordings.completed == 0 && recordings.discarded == 0)
    #expect(folder.read("there") == [1, 2, 3])
    #expect(folder.read("nowhere") == nil)
    #expect(rig.reactor.counters.media.streamsOpen == 1)
  }

  @Test func aSecondRecordingToTheSameFileFailsAndTheFirstGoesOn() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    _ = try rig.open(2, with: try #require(RTPParty()))
    let path = folder.file("a.wav")
    try rig.say(
      .media(RecordingTests.record(1, to: path)),
      .media(.record(RecordingID(2), RecordingPlan(left: MediaID(2)), path: path)))
    #expect(try RecordingTests.result(rig, 2)?.reason == .failed)
    try RecordingTests.speak(rig, party, port, packets: 10)
    try rig.say(.media(.endRecording(RecordingID(1))))
    #expect(try RecordingTests.result(rig)?.reason == .stopped)
    #expect(try SoundFile.read(try #require(folder.read("a.wav"))).get().count > 1_000)
  }

  @Test func closingTheAgentWritesWhatWasHeard() throws {
    let folder = try #require(Folder())
    let rig = try Rig()
    let party = try #require(RTPParty())
    let port = try #require(try rig.open(1, with: party))
    try rig.say(.media(RecordingTests.record(1, to: folder.file("a.wav"))))
    try RecordingTests.speak(rig, party, port, packets: 10)
    rig.reactor.close()
    let samples = try SoundFile.read(try #require(folder.read("a.wav"))).get()
    #expect(samples.count >= 1_600 && samples.contains { $0.magnitude > 10_000 })
  }

  /// Failures H8, H11: a file that may grow no more ends its recording, and neither the process nor another one.
  @Test(arguments: [0, 30, 44, 3_000, 9_000])
  func aFileThatMayNotGrowEndsItsRecordingOnly(limit: Int) throws {
    let folder = try #require(Folder())
    let code = ChildProcess.run {
      unlink(folder.file("a.wav"))
      var code: Int32 = 90
      do {
        let rig = try Rig()
        let party = RTPParty()
        if let party, let port = try rig.open(1, with: party) {
          var bound = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
          setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &bound)
          try rig.say(.media(RecordingTests.record(1, to: folder.file("a.wav"), maximum: 800)))
          try RecordingTests.speak(rig, party, port, packets: 50)
          code = try RecordingTests.result(rig)?.reason == .failed ? 0 : 91
          if rig.reactor.counters.media.packetsReceived != 50 { code = 92 }
        }
      } catch { code = 99 }
      return code
    }
    #expect(code == 0)
    let file = try #require(folder.read("a.wav"))
    #expect(file.count <= limit)
    guard limit >= 44 else { return }
    let length = Int(file[40]) | Int(file[41]) << 8
    #expect(length <= file.count - 44)
  }

  /// Failures A14.
  @Test func aProcessThatIsKilledLeavesAWholeFileThatLacksASecondAtMost() throws {
    let folder = try #require(Folder())
    // Each child tells each tenth of a second that it has recorded, and is killed after some of them.
    let tenths = [1, 2, 3, 5, 7, 9, 11, 12, 13, 14, 15, 17]
    var children: [(pid: pid_t, pipe: Int32)] = []
    for number in tenths.indices {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      let child = fork()
      if child == 0 {
        ChildProcess.bound(seconds: 20)
        RecordingTests.recordForEver(to: folder.file("\(number).wav"), telling: ends[1])
        _exit(1)
      }
      close(ends[1])
      // Or everybody would be killed.
      try #require(child > 0)
      children.append((child, ends[0]))
    }
    var whole = 0
    for (number, child) in children.enumerated() {
      var octet: UInt8 = 0
      var heard = 0
      while heard < tenths[number], read(child.pipe, &octet, 1) == 1 { heard += 1 }
      kill(child.pid, SIGKILL)
      // What it told before it died counts, too.
      while read(child.pipe, &octet, 1) == 1 { heard += 1 }
      close(child.pipe)
      var status: Int32 = 0
      #expect(waitpid(child.pid, &status, 0) == child.pid)
      // One that was forked in a bad moment never began (ChildProcess).
      if status & 0x7f == SIGALRM, heard == 0 { continue }
      #expect(status & 0x7f == SIGKILL)
      whole += 1
      let file = try #require(folder.read("\(number).wav"))
      guard case .success(let samples) = SoundFile.read(file) else {
        #expect(heard <= 10 && SoundFile.read(file) == .failure(.empty))
        continue
      }
      let length = file[40...43].reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect(length <= file.count - 44)
      #expect(length / 2 >= (heard - 10) * 800)
      #expect(samples.count >= (heard - 10) * 800)
      #expect(samples.count < 1_600 || samples.contains { $0.magnitude > 10_000 })
    }
    #expect(whole > tenths.count / 2)
  }

  private static func recordForEver(to path: String, telling pipe: Int32) {
    guard let rig = try? Rig(), let party = RTPParty(), let port = try? rig.open(1, with: party),
      (try? rig.say(.media(record(1, to: path)))) != nil
    else { return }
    var octet: UInt8 = 1
    while (try? speak(rig, party, port, packets: 5)) != nil { write(pipe, &octet, 1) }
  }
}
