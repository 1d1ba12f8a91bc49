import Glibc
import RCMLAgent
import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLReactor

struct SoundTests {
  /// A tone-like WAV, not a silent one.
  static func wave(milliseconds: Int, rate: Int = 8_000) -> [UInt8] {
    func word(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    let data = (0..<milliseconds * rate / 1_000).flatMap { word($0 % 16 < 8 ? 9_000 : -9_000, 2) }
    var octets = Array("RIFF".utf8) + word(36 + data.count, 4) + Array("WAVEfmt ".utf8)
    octets += word(16, 4) + word(1, 2) + word(1, 2) + word(rate, 4) + word(rate * 2, 4)
    octets += word(2, 2) + word(16, 2) + Array("data".utf8) + word(data.count, 4)
    return octets + data
  }

  /// What a load came to: milliseconds, or why there is no sound.
  static func outcome(_ rig: Rig, _ id: UInt64 = 1) throws -> Result<Int, SoundProblem>? {
    try rig.media { event in
      switch event {
      case .loaded(SoundID(id), let milliseconds): .success(milliseconds)
      case .unloadable(SoundID(id), let problem): .failure(problem)
      default: nil
      }
    }
  }

  private static func load(_ octets: [UInt8], _ id: UInt64 = 1) -> Output {
    .media(.load(SoundID(id), .octets(octets, name: "", contentType: "")))
  }

  private static func load(path: String, _ id: UInt64 = 1) -> Output {
    .media(.load(SoundID(id), .file(path: path)))
  }

  @Test func aSoundThatWasLoadedIsHeardByAParty() throws {
    let rig = try Rig()
    let party = try #require(RTPParty())
    _ = try rig.open(1, with: party)
    try rig.say(SoundTests.load(SoundTests.wave(milliseconds: 100)))
    #expect(try SoundTests.outcome(rig) == .success(100))
    try rig.say(.media(.play(MediaID(1), PlaybackID(1), [.sound(SoundID(1), times: 2)])))
    #expect(try rig.told(.played(PlaybackID(1))))
    var packets = 0
    while let packet = party.receive() {
      packets += 1
      #expect(packet[12...].contains { G711.decode($0, .mu).magnitude > 8_000 })
    }
    #expect(packets == 10)
  }

  /// V-11.
  @Test func aSoundIsReadFromARegularFileOnly() throws {
    let folder = try #require(Folder())
    folder.write(SoundTests.wave(milliseconds: 60), to: "a.wav")
    folder.write([UInt8](repeating: 0x20, count: 800), to: "raw.ulaw")
    folder.write([], to: "empty")
    folder.write(Array("<html>".utf8), to: "page.wav")
    mkfifo(folder.file("fifo"), 0o600)
    let huge = Glibc.open(folder.file("huge.wav"), O_WRONLY | O_CREAT, 0o600)
    ftruncate(huge, off_t(SoundFile.octetsLimit) + 1)
    close(huge)
    let rig = try Rig()
    let expected: [(String, Result<Int, SoundProblem>)] = [
      (folder.file("a.wav"), .success(60)), (folder.file("raw.ulaw"), .success(100)),
      (folder.file("empty"), .failure(.empty)), (folder.file("page.wav"), .failure(.unknownFormat)),
      (folder.file("fifo"), .failure(.unreadable)), (folder.path, .failure(.unreadable)),
      (folder.file("none"), .failure(.unreadable)), ("/dev/zero", .failure(.unreadable)),
      (folder.file("a.wav\0"), .failure(.unreadable)),
      (folder.file("huge.wav"), .failure(.tooLong)),
    ]
    for (path, outcome) in expected {
      try rig.say(SoundTests.load(path: path))
      #expect(try SoundTests.outcome(rig) == outcome, "\(path)")
    }
  }

  /// Failures P10.
  @Test func soundsOfStrangersComeToAnEndWhateverTheyHold() throws {
    let rig = try Rig()
    var random = RandomSource(seed: 4)
    let whole = SoundTests.wave(milliseconds: 20)
    for id in 1...200 as ClosedRange<UInt64> {
      var octets = whole
      for _ in 0..<4 { octets[Int(random.next() % 60)] = UInt8(truncatingIfNeeded: random.next()) }
      try rig.say(SoundTests.load(octets, id))
      #expect(try SoundTests.outcome(rig, id) != nil)
    }
  }

  @Test func whatIsPlayedGoesOnWhileALongSoundIsRead() throws {
    let rig = try Rig()
    _ = try rig.open(1, with: try #require(RTPParty()))
    try rig.say(
      .media(.play(MediaID(1), PlaybackID(1), [.silence(milliseconds: 60)])),
      SoundTests.load(SoundTests.wave(milliseconds: 60_000, rate: 48_000)))
    let first = try rig.media { event -> Bool? in
      if case .played = event { return true }
      if case .loaded = event { return false }
      return nil
    }
    #expect(first == true)
    #expect(try SoundTests.outcome(rig) == .success(60_000))
  }

  @Test func allSoundsTogetherHaveABound() throws {
    let rig = try Rig()
    try rig.say(SoundTests.load(SoundTests.wave(milliseconds: 100)))
    #expect(try SoundTests.outcome(rig) == .success(100))
    rig.reactor.media?.sounds.loads.limit = 3_200
    try rig.say(SoundTests.load(SoundTests.wave(milliseconds: 101), 2))
    #expect(try SoundTests.outcome(rig, 2) == .failure(.tooLong))
    try rig.say(.media(.forget(SoundID(1))), SoundTests.load(SoundTests.wave(milliseconds: 200), 3))
    #expect(try SoundTests.outcome(rig, 3) == .success(200))
    #expect(SoundLoads.octetsLimit == 67_108_864)
  }

  @Test func aSoundThatIsForgottenWhileItIsReadIsNotTold() throws {
    let rig = try Rig()
    try rig.say(
      SoundTests.load(SoundTests.wave(milliseconds: 100)), .media(.forget(SoundID(1))),
      SoundTests.load(SoundTests.wave(milliseconds: 20), 2))
    #expect(try SoundTests.outcome(rig, 2) == .success(20))
    for heard in rig.core.heard {
      if case .media = heard { Issue.record("it is told: \(heard)") }
    }
  }

  // MARK: from the web

  /// What is told of one exchange and its sound, in order.
  private func told(
    _ answer: String, path: String = "/a.ulaw?b.wav", limit: Int = 1_000
  ) throws -> [FakeCore.Heard] {
    let web = try HTTPTests.Web { _ in answer }
    let url = "http://127.0.0.1:\(web.port)\(path)"
    try web.rig.say(
      .web(ExchangeID(1), .begin(HTTPTests.exchange(url, limit: limit, sound: SoundID(9)))))
    var all: [FakeCore.Heard] = []
    while let next = try web.rig.hear({ heard -> FakeCore.Heard? in
      switch heard {
      case .media, .answered, .exchangeFailed: heard
      default: nil
      }
    }) {
      all.append(next)
      switch next {
      case .answered, .exchangeFailed: return all
      default: continue
      }
    }
    return all
  }

  private static func answer(_ status: String, _ type: String, _ body: String) -> String {
    "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  private static let audio = String(repeating: "x", count: 800)

  /// H-1.
  @Test func aSoundFromTheWebIsToldBeforeItsAnswerWhichHasNoBody() throws {
    for (type, path) in [("text/plain", "/a.ulaw?b.wav"), ("audio/basic", "/")] {
      let all = try told(SoundTests.answer("200 OK", type, SoundTests.audio), path: path)
      guard all.count == 2, case .media(.loaded(SoundID(9), 100)) = all[0],
        case .answered(_, let answer) = all[1]
      else {
        Issue.record("\(all)")
        continue
      }
      #expect(answer.status == 200 && answer.body.isEmpty && answer.contentType == type)
    }
  }

  @Test func aPageThatIsNoSoundIsUnloadable() throws {
    let all = try told(SoundTests.answer("200 OK", "text/html", "<html>"), path: "/")
    guard all.count == 2, case .media(.unloadable(SoundID(9), .unknownFormat)) = all[0],
      case .answered(_, let answer) = all[1]
    else {
      Issue.record("\(all)")
      return
    }
    #expect(answer.body.isEmpty)
  }

  @Test func anErrorPageIsAnAnswerLikeAnyOther() throws {
    let all = try told(SoundTests.answer("404 Not Found", "audio/basic", "gone"))
    guard all.count == 1, case .answered(_, let answer) = all[0] else {
      Issue.record("\(all)")
      return
    }
    #expect(answer.status == 404 && answer.body == Array("gone".utf8))
  }

  /// H-7.
  @Test func aSoundBeyondTheLimitOfItsExchangeFailsWithIt() throws {
    let all = try told(SoundTests.answer("200 OK", "audio/basic", SoundTests.audio), limit: 799)
    guard all.count == 1, case .exchangeFailed(_, .tooLarge) = all[0] else {
      Issue.record("\(all)")
      return
    }
  }
}
