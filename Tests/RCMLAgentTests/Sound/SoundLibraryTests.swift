import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import Testing

@testable import RCMLAgent

@Suite struct SoundLibraryTests {
  private let now = Instant(nanoseconds: 1_000_000_000)

  private func waiter(_ call: UInt64) -> SoundLibrary.Waiter {
    SoundLibrary.Waiter(call: CallNumber(call), performance: PerformanceNumber(0))
  }

  private func want(
    _ library: inout SoundLibrary, _ key: SoundKey, call: UInt64 = 1, new: UInt64, after: Int = 0
  ) -> SoundLibrary.Answer {
    library.want(
      key, by: waiter(call), newID: SoundID(new), lifetime: .seconds(300),
      at: now + .seconds(after))
  }

  @Test func twoCallsThatWantOneSoundAskForItOnce() {
    var library = SoundLibrary()
    #expect(want(&library, .web("http://w/a"), new: 1) == .wanted(SoundID(1)))
    #expect(want(&library, .web("http://w/a"), call: 2, new: 2) == .underWay(SoundID(1)))
    #expect(library.settled(SoundID(1), milliseconds: 1_000, at: now) == [waiter(1), waiter(2)])
    #expect(want(&library, .web("http://w/a"), call: 3, new: 3) == .ready(SoundID(1)))
  }

  @Test func whatTheWebSaidIsBelievedForItsLifetimeAndSpeechForEver() {
    var library = SoundLibrary()
    let speech = SoundKey.speech(
      SpeechRequest(program: "p", text: "hello", language: "en", voice: "man"))
    _ = want(&library, .web("http://w/a"), new: 1)
    _ = want(&library, speech, new: 2)
    _ = library.settled(SoundID(1), milliseconds: 1_000, at: now)
    _ = library.settled(SoundID(2), milliseconds: 1_000, at: now)
    library.released(by: waiter(1))
    #expect(want(&library, .web("http://w/a"), new: 3, after: 299) == .ready(SoundID(1)))
    #expect(want(&library, .web("http://w/a"), new: 4, after: 301) == .wanted(SoundID(4)))
    library.released(by: waiter(1))
    #expect(library.takeForgotten() == [SoundID(1)])
    #expect(want(&library, speech, new: 5, after: 100_000) == .ready(SoundID(2)))
  }

  @Test func whatCouldNotBeHadIsAskedForAgain() {
    var library = SoundLibrary()
    _ = want(&library, .web("http://w/a"), new: 1)
    #expect(library.settled(SoundID(1), milliseconds: nil, at: now) == [waiter(1)])
    #expect(want(&library, .web("http://w/a"), new: 2) == .wanted(SoundID(2)))
  }

  @Test func theLibraryHasARoomfulAndTheOldestGoesFirst() {
    var library = SoundLibrary()
    for number in 1...UInt64(SoundLibrary.limit) {
      _ = want(&library, .web("http://w/\(number)"), new: number)
      _ = library.settled(SoundID(number), milliseconds: 1_000, at: now)
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
      _ = library.settled(SoundID(number), milliseconds: 1_000, at: now)
    }
    for number in 3...UInt64(SoundLibrary.limit) { library.released(by: waiter(number)) }
    _ = want(&library, .web("http://w/more"), call: 1_000, new: 1_000)
    #expect(library.takeForgotten() == [SoundID(3)])
    // The second call still has the sound that is asked for anew.
    let again = want(&library, .web("http://w/2"), call: 1_001, new: 1_001, after: 301)
    #expect(again == .wanted(SoundID(1_001)))
    #expect(library.takeForgotten() == [SoundID(4)])
    library.released(by: waiter(2))
    #expect(library.takeForgotten() == [SoundID(2)])
  }

  @Test func longSoundsMakeRoomForWhatComesAfterThem() {
    var library = SoundLibrary()
    for number in 1...20 as ClosedRange<UInt64> {
      _ = want(&library, .file(path: "/s/\(number)"), call: number, new: number)
      _ = library.settled(SoundID(number), milliseconds: 600_000, at: now)
      library.released(by: waiter(number))
    }
    #expect(library.takeForgotten() == (1...15).map { SoundID($0) })
  }

  @Test func aLengthThatNoSoundHasHarmsNothing() {
    var library = SoundLibrary()
    for (number, milliseconds) in [(1, Int.max), (2, Int.max), (3, Int.min)] as [(UInt64, Int)] {
      _ = want(&library, .file(path: "/s/\(number)"), call: number, new: number)
      _ = library.settled(SoundID(number), milliseconds: milliseconds, at: now)
    }
    for number in 1...3 as ClosedRange<UInt64> { library.released(by: waiter(number)) }
    #expect(library.takeForgotten() == [SoundID(1)])
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
