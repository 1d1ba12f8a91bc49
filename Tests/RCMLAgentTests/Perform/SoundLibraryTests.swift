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
    #expect(library.settled(SoundID(1), isThere: true, at: now) == [waiter(1), waiter(2)])
    #expect(want(&library, .web("http://w/a"), call: 3, new: 3) == .ready(SoundID(1)))
  }

  @Test func whatTheWebSaidIsBelievedForItsLifetimeAndSpeechForEver() {
    var library = SoundLibrary()
    let speech = SoundKey.speech(
      SpeechRequest(program: "p", text: "hello", language: "en", voice: "man"))
    _ = want(&library, .web("http://w/a"), new: 1)
    _ = want(&library, speech, new: 2)
    _ = library.settled(SoundID(1), isThere: true, at: now)
    _ = library.settled(SoundID(2), isThere: true, at: now)
    #expect(want(&library, .web("http://w/a"), new: 3, after: 299) == .ready(SoundID(1)))
    #expect(want(&library, .web("http://w/a"), new: 4, after: 301) == .wanted(SoundID(4)))
    #expect(library.takeForgotten() == [SoundID(1)])
    #expect(want(&library, speech, new: 5, after: 100_000) == .ready(SoundID(2)))
  }

  @Test func whatCouldNotBeHadIsAskedForAgain() {
    var library = SoundLibrary()
    _ = want(&library, .web("http://w/a"), new: 1)
    #expect(library.settled(SoundID(1), isThere: false, at: now) == [waiter(1)])
    #expect(want(&library, .web("http://w/a"), new: 2) == .wanted(SoundID(2)))
  }

  @Test func theLibraryHasARoomfulAndTheOldestGoesFirst() {
    var library = SoundLibrary()
    for number in 1...UInt64(SoundLibrary.limit) {
      _ = want(&library, .web("http://w/\(number)"), new: number)
      _ = library.settled(SoundID(number), isThere: true, at: now)
    }
    #expect(library.takeForgotten().isEmpty)
    _ = want(&library, .web("http://w/more"), new: 1_000)
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
