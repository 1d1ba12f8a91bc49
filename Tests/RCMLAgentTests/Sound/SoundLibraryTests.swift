import Foundation
import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import Testing

@testable import RCMLAgent

@Suite struct SoundLibraryTests {
  private let longest = Interval.seconds(300)
  private let now = Instant(nanoseconds: 1_000_000_000)

  private func waiter(_ call: UInt64) -> SoundLibrary.Waiter {
    SoundLibrary.Waiter(call: CallNumber(call), performance: PerformanceNumber(0))
  }

  private func want(
    _ library: inout SoundLibrary, _ key: SoundKey, call: UInt64 = 1, new: UInt64, after: Int = 0
  ) -> SoundLibrary.Answer {
    library.want(
      key, by: waiter(call), newID: SoundID(new), RequestHeaders(), longest: longest,
      at: now + .seconds(after))
  }

  /// A sound of that length came with these fields.
  private func answer(
    _ library: inout SoundLibrary, _ id: UInt64, _ fields: String = "", status: UInt16 = 200,
    url: String = "http://w/a", after: Int = 0
  ) -> SoundLibrary.Settled? {
    let then = now + .seconds(after)
    let lines = fields.split(separator: ";").map { line in
      let parts = line.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      return HeaderLine(name: Array(parts[0].utf8), value: Array(parts[1].utf8))
    }
    let path = [WebHop(url: url, status: status, cacheFields: lines, asked: then, came: then)]
    func policy(_ path: [WebHop]) -> CachePolicy {
      CachePolicy(
        path: path, of: RequestHeaders(), wall: WallClock(unixMicroseconds: 0, at: now), at: then)
    }
    if status == 304 {
      return library.renewed(SoundID(id), by: path, policy, longest: longest, at: then)
    }
    guard status == 200 else { return library.failed(SoundID(id), policy(path)) }
    #expect(library.read(SoundID(id), .success(1_000), longest: longest, at: then) == nil)
    return library.answered(SoundID(id), policy(path), path, longest: longest, at: then)?.0
  }

  /// A file, or what is said, was read.
  private func read(
    _ library: inout SoundLibrary, _ id: UInt64, milliseconds: Int = 1_000
  ) -> SoundLibrary.Settled? {
    library.read(SoundID(id), .success(milliseconds), longest: longest, at: now)?.0
  }

  @Test func twoCallsThatWantOneSoundAskForItOnce() {
    var library = SoundLibrary()
    #expect(want(&library, .web("http://w/a"), new: 1) == .wanted(SoundID(1), asking: nil))
    #expect(want(&library, .web("http://w/a"), call: 2, new: 2) == .underWay(SoundID(1)))
    #expect(answer(&library, 1)?.served == [waiter(1), waiter(2)])
    #expect(want(&library, .web("http://w/a"), call: 3, new: 3) == .ready(SoundID(1)))
  }

  @Test func whatTheWebSaidIsBelievedForItsLifetimeAndSpeechForEver() {
    var library = SoundLibrary()
    let speech = SoundKey.speech(
      SpeechRequest(program: "p", text: "hello", language: "en", voice: "man"))
    _ = want(&library, .web("http://w/a"), new: 1)
    _ = want(&library, speech, new: 2)
    _ = answer(&library, 1)
    _ = read(&library, 2)
    library.released(by: waiter(1))
    #expect(want(&library, .web("http://w/a"), new: 3, after: 299) == .ready(SoundID(1)))
    #expect(
      want(&library, .web("http://w/a"), new: 4, after: 301) == .wanted(SoundID(4), asking: nil))
    library.released(by: waiter(1))
    #expect(library.takeForgotten() == [SoundID(1)])
    #expect(want(&library, speech, new: 5, after: 100_000) == .ready(SoundID(2)))
  }

  @Test func whatCouldNotBeHadIsAskedForAgain() {
    var library = SoundLibrary()
    _ = want(&library, .web("http://w/a"), new: 1)
    #expect(answer(&library, 1, status: 404)?.served == [waiter(1)])
    #expect(want(&library, .web("http://w/a"), new: 2) == .wanted(SoundID(2), asking: nil))
  }

  @Test func theLibraryHasARoomfulAndTheOldestGoesFirst() {
    var library = SoundLibrary()
    for number in 1...UInt64(SoundLibrary.limit) {
      _ = want(&library, .web("http://w/\(number)"), new: number)
      _ = answer(&library, number)
    }
    library.released(by: waiter(1))
    #expect(library.takeForgotten().isEmpty)
    _ = want(&library, .web("http://w/more"), new: 1_000)
    #expect(library.takeForgotten() == [SoundID(1)])
  }

  @Test func whatSomebodyWaitsForIsForgottenOnlyOnceItPlays() {
    var library = SoundLibrary()
    for number in 1...UInt64(SoundLibrary.limit) {
      _ = want(&library, .web("http://w/\(number)"), call: number, new: number)
      _ = answer(&library, number)
    }
    for number in 3...UInt64(SoundLibrary.limit) { library.released(by: waiter(number)) }
    _ = want(&library, .web("http://w/more"), call: 1_000, new: 1_000)
    #expect(library.takeForgotten() == [SoundID(3)])
    // The second call still has the sound that is asked for anew.
    let again = want(&library, .web("http://w/2"), call: 1_001, new: 1_001, after: 301)
    #expect(again == .wanted(SoundID(1_001), asking: nil))
    #expect(library.takeForgotten() == [SoundID(4)])
    library.released(by: waiter(2))
    #expect(library.takeForgotten() == [SoundID(2)])
  }

  @Test func longSoundsMakeRoomForWhatComesAfterThem() {
    var library = SoundLibrary()
    for number in 1...20 as ClosedRange<UInt64> {
      _ = want(&library, .file(path: "/s/\(number)"), call: number, new: number)
      _ = read(&library, number, milliseconds: 600_000)
      library.released(by: waiter(number))
    }
    #expect(library.takeForgotten() == (1...15).map { SoundID($0) })
  }

  @Test func aLengthThatNoSoundHasHarmsNothing() {
    var library = SoundLibrary()
    for (number, milliseconds) in [(1, Int.max), (2, Int.max), (3, Int.min)] as [(UInt64, Int)] {
      _ = want(&library, .file(path: "/s/\(number)"), call: number, new: number)
      _ = read(&library, number, milliseconds: milliseconds)
    }
    for number in 1...3 as ClosedRange<UInt64> { library.released(by: waiter(number)) }
    #expect(library.takeForgotten() == [SoundID(1)])
  }

  // MARK: V-20

  @Test(arguments: [
    "cache-control: no-store", "cache-control: private, max-age=60", "cache-control: no-cache",
    "cache-control: max-age=0", "set-cookie: ; cache-control: max-age=60", "vary: *",
  ])
  func whoWaitsForWhatIsAnotherCallsAsksForHimself(fields: String) {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    #expect(want(&library, key, call: 2, new: 2) == .underWay(SoundID(1)))
    #expect(want(&library, key, call: 3, new: 3) == .underWay(SoundID(1)))
    let settled = answer(&library, 1, fields)
    #expect(settled?.served == [waiter(1)] && settled?.others == [waiter(2), waiter(3)])
    // Each its own, at the same time; nobody waits for another call's any more.
    #expect(want(&library, key, call: 2, new: 4) == .wanted(SoundID(4), asking: nil))
    #expect(want(&library, key, call: 3, new: 5) == .wanted(SoundID(5), asking: nil))
    #expect(want(&library, key, call: 4, new: 6) == .wanted(SoundID(6), asking: nil))
    #expect(answer(&library, 5, fields)?.served == [waiter(3)])
    #expect(answer(&library, 4, fields)?.served == [waiter(2)])
  }

  @Test func whatMayNotBeKeptIsHadAnewByTheSameCall() {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    _ = answer(&library, 1, "cache-control: no-store")
    #expect(want(&library, key, new: 2) == .wanted(SoundID(2), asking: nil))
    library.released(by: waiter(1))
    #expect(library.takeForgotten() == [SoundID(1)])
  }

  @Test func whatIsPrivateIsItsCallsAndGoesWithIt() {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    _ = answer(&library, 1, "cache-control: private")
    library.released(by: waiter(1))
    #expect(want(&library, key, new: 2) == .ready(SoundID(1)))
    #expect(want(&library, key, call: 2, new: 3) == .wanted(SoundID(3), asking: nil))
    _ = answer(&library, 3, "cache-control: private")
    library.released(by: waiter(1))
    library.released(by: waiter(2))
    #expect(library.takeForgotten().isEmpty)
    library.callEnded(CallNumber(1))
    #expect(library.takeForgotten() == [SoundID(1)])
    #expect(want(&library, key, call: 2, new: 4) == .ready(SoundID(3)))
  }

  @Test func whatIsStaleIsAskedAboutAndPlayedIfItStillHolds() {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    _ = answer(&library, 1, "cache-control: max-age=60; etag: \"a\"")
    library.released(by: waiter(1))
    let condition = WebCondition(
      url: "http://w/a", headers: [HeaderLine("If-None-Match", Array("\"a\"".utf8))])
    #expect(want(&library, key, call: 2, new: 2, after: 59) == .ready(SoundID(1)))
    library.released(by: waiter(2))
    let stale = want(&library, key, call: 2, new: 3, after: 60)
    #expect(stale == .wanted(SoundID(3), asking: condition))
    #expect(want(&library, key, call: 3, new: 4, after: 61) == .underWay(SoundID(3)))
    let settled = answer(&library, 3, "cache-control: max-age=60", status: 304, after: 62)
    #expect(settled == .init(sound: SoundID(1), served: [waiter(2), waiter(3)], others: []))
    library.released(by: waiter(2))
    library.released(by: waiter(3))
    #expect(library.takeForgotten().isEmpty)
    #expect(want(&library, key, new: 5, after: 121) == .ready(SoundID(1)))
    #expect(
      want(&library, key, call: 2, new: 6, after: 122) == .wanted(SoundID(6), asking: condition))
    // It is another one now: the old one is played by whoever has it, and by nobody else.
    #expect(answer(&library, 6, after: 123)?.sound == SoundID(6))
    #expect(want(&library, key, call: 3, new: 7, after: 123) == .ready(SoundID(6)))
    #expect(library.takeForgotten().isEmpty)
    library.released(by: waiter(1))
    #expect(library.takeForgotten() == [SoundID(1)])
  }

  @Test func whatIsAskedForEachTimeIsAskedAboutByEachCall() {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    _ = answer(&library, 1, "cache-control: no-cache; last-modified: x")
    library.released(by: waiter(1))
    let condition = WebCondition(
      url: "http://w/a", headers: [HeaderLine("If-Modified-Since", Array("x".utf8))])
    #expect(want(&library, key, new: 2) == .wanted(SoundID(2), asking: condition))
    #expect(want(&library, key, call: 2, new: 3) == .wanted(SoundID(3), asking: condition))
    #expect(answer(&library, 3, status: 304)?.served == [waiter(2)])
    // While somebody asks about it, it stays.
    library.released(by: waiter(2))
    #expect(answer(&library, 2, status: 304) == .init(sound: SoundID(1), served: [waiter(1)]))
  }

  @Test func aServerThatSaysUnaskedThatNothingHasChangedHasNothingToSay() {
    var library = SoundLibrary()
    _ = want(&library, .web("http://w/a"), new: 1)
    #expect(answer(&library, 1, status: 304) == nil)
    #expect(library.isUnderWay(SoundID(1)))
  }

  @Test func aURLWithOtherUserInfoIsAnotherSound() {
    var library = SoundLibrary()
    _ = want(&library, .web("http://a:b@w/a"), new: 1)
    _ = answer(&library, 1)
    let other = want(&library, .web("http://c:d@w/a"), call: 2, new: 2)
    #expect(other == .wanted(SoundID(2), asking: nil))
  }

  @Test func whoHasLeftIsNotServed() {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    _ = want(&library, key, call: 2, new: 2)
    _ = want(&library, key, call: 2, new: 3)
    library.released(by: waiter(1))
    #expect(answer(&library, 1)?.served == [waiter(2)])
  }

  @Test func aFailureIsToldToAllWhoWaitUnlessItIsOneCalls() {
    var library = SoundLibrary()
    let key = SoundKey.web("http://w/a")
    _ = want(&library, key, new: 1)
    _ = want(&library, key, call: 2, new: 2)
    let own = answer(&library, 1, "cache-control: no-store", status: 403)
    #expect(own?.served == [waiter(1)] && own?.others == [waiter(2)])
    _ = want(&library, .web("http://w/b"), new: 3)
    _ = want(&library, .web("http://w/b"), call: 2, new: 4)
    #expect(answer(&library, 3, status: 500)?.served == [waiter(1), waiter(2)])
  }

  // V-20
  @Test func thereIsABoundToWhatIsOnItsWay() {
    var library = SoundLibrary()
    for number in 1...UInt64(SoundLibrary.fetchLimit) {
      _ = want(&library, .file(path: "/s/\(number)"), call: number, new: number)
    }
    #expect(want(&library, .file(path: "/s/more"), new: 9_999) == .crowded)
    #expect(want(&library, .file(path: "/s/1"), new: 9_999) == .underWay(SoundID(1)))
    _ = read(&library, 1)
    let one = want(&library, .file(path: "/s/more"), new: 9_999)
    #expect(one == .wanted(SoundID(9_999), asking: nil))
  }

  // Once 4,000 calls that say different texts took 9 s, walking through each other.
  @Test func manyCallsThatSayDifferentTextsCostAsMuchEachAsOne() {
    var library = SoundLibrary()
    func key(_ number: UInt64) -> SoundKey {
      .speech(SpeechRequest(program: "p", text: "\(number)", language: "en", voice: "man"))
    }
    let clock = ContinuousClock()
    let time = clock.measure {
      for number in 1...4_000 as ClosedRange<UInt64> {
        _ = want(&library, key(number), call: number, new: number)
      }
      for number in 1...4_000 as ClosedRange<UInt64> { _ = read(&library, number) }
      for number in 1...4_000 as ClosedRange<UInt64> { library.released(by: waiter(number)) }
    }
    #expect(library.takeForgotten().count == 4_000 - SoundLibrary.limit)
    #expect(time < .seconds(1), "\(time)")
  }

  // G-18
  @Test(arguments: [
    ("file:hello.wav", "/s/hello.wav"), ("file:///s/a/b.wav", "/s/a/b.wav"),
    ("file:/s/a.wav", "/s/a.wav"), ("file:a%20b.wav", "/s/a b.wav"),
    ("file://localhost/s/a.wav", "/s/a.wav"), ("file:a//b.wav", "/s/a/b.wav"),
  ])
  func aFileBelowTheFolderOfSoundsMayBePlayed(url: String, path: String) {
    var settings = Settings()
    settings.sounds = "/s"
    #expect(PerformanceRun.key(of: url, settings) == .file(path: path))
  }

  // failures A14
  @Test(arguments: [
    "file:../etc/passwd", "file:///s/../etc/passwd", "file:a/%2e%2e/%2e%2e/b", "file:", "file://",
    "file:%00", "file:a%00.wav", "file:///", "file:..",
  ])
  func noFileElsewhereCanBeNamed(url: String) {
    var settings = Settings()
    settings.sounds = "/s"
    #expect(PerformanceRun.key(of: url, settings) == nil)
    settings.sounds = ""
    #expect(PerformanceRun.key(of: url, settings) == nil)
  }

  @Test func anAbsolutePathOutsideNamesAFileInsideAtTheMost() {
    var settings = Settings()
    settings.sounds = "/s"
    #expect(PerformanceRun.key(of: "file:///etc/passwd", settings) == .file(path: "/s/etc/passwd"))
  }
}
