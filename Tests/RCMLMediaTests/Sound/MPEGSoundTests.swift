import CMPEG
import Foundation
import RCMLBasics
import Testing

@testable import RCMLMedia

/// MP3, where libmpg123 is installed [V-11].
@Suite(.enabled(if: mpeg_is_there())) struct MPEGSoundTests {
  private static func file(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Corpus/sounds")
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  private func hears500(_ samples: [Int16], about milliseconds: Int) {
    // An encoder begins and ends with up to 100 ms of its own.
    #expect((milliseconds - 60...milliseconds + 160).contains(samples.count / 8))
    let middle = samples[samples.count / 4..<samples.count * 3 / 4]
    #expect(Goertzel.amplitude(of: 500, in: middle) > 6_000)
    #expect(Goertzel.amplitude(of: 1_000, in: middle) < 300)
  }

  @Test(arguments: [
    ("mono-16000.mp3", 1_000), ("mono-8000.mp3", 1_000), ("stereo-44100-vbr-id3.mp3", 600),
  ])
  func aSoundIsHeardInTuneAndInTime(name: String, milliseconds: Int) throws {
    let octets = try Self.file(name)
    hears500(try SoundFile.read(octets).get(), about: milliseconds)
    // By its octets, or by what it is called.
    hears500(try SoundFile.read(octets, name: "http://w/a.MP3").get(), about: milliseconds)
    hears500(try SoundFile.read(octets, contentType: "audio/mpeg").get(), about: milliseconds)
  }

  @Test func brokenFramesAreLeftOutAndTheRestIsHeard() throws {
    var octets = try Self.file("mono-16000.mp3")
    for place in 500..<700 { octets[place] = UInt8(truncatingIfNeeded: place &* 37) }
    let samples = try SoundFile.read(octets).get()
    #expect(samples.count > 4_000)
    // Behind the end of what is whole.
    let cut = try SoundFile.read(Array(try Self.file("mono-16000.mp3").prefix(1_500))).get()
    #expect(cut.count > 3_000)
    let junk = [UInt8](repeating: 0x55, count: 300_000)
    hears500(try SoundFile.read(try Self.file("mono-16000.mp3") + junk).get(), about: 1_000)
  }

  @Test func whatIsNoFrameIsNoSound() {
    let tag: [UInt8] = Array("ID3".utf8) + [3, 0, 0, 0x7f, 0x7f, 0x7f, 0x7f]
    #expect(SoundFile.read(tag) == .failure(.damaged))
    #expect(SoundFile.read([0xff, 0xfb, 0x90, 0]) == .failure(.damaged))
    let junk = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ $0 / 251) }
    #expect(SoundFile.read(junk, name: "a.mp3") == .failure(.damaged))
    #expect(
      SoundFile.read(Array("Not found".utf8), contentType: "audio/mpeg") == .failure(.damaged))
    #expect(SoundFile.read([], name: "a.mp3") == .failure(.empty))
  }

  @Test func moreThanTenMinutesAreTooLongAndNotDecodedToTheEnd() throws {
    let one = try Self.file("mono-8000.mp3")
    var octets: [UInt8] = []
    for _ in 0..<2_000 { octets += one }
    let time = ContinuousClock().measure {
      #expect(SoundFile.read(octets) == .failure(.tooLong))
    }
    #expect(time < .seconds(20), "\(time)")
  }

  /// The first octets of one may be those of raw sound, which says so by its name.
  @Test func rawSoundIsNotTakenForIt() throws {
    let octets = [0xff, 0xfb, 0x90, 0x44] + [UInt8](repeating: 0xff, count: 400)
    let samples = try SoundFile.read(octets, name: "hello.ulaw").get()
    #expect(samples == octets.map { G711.decode($0, .mu) })
  }

  @Test func noCutAndNoWrongOctetTraps() throws {
    let whole = try Self.file("stereo-44100-vbr-id3.mp3")
    for end in stride(from: 0, to: whole.count, by: 61) { _ = SoundFile.read(Array(whole[..<end])) }
    for place in stride(from: 0, to: whole.count, by: 37) {
      var octets = whole
      octets[place] ^= 0xff
      _ = SoundFile.read(octets)
    }
  }
}

@Test func whoHasNoLibraryIsToldWhatToInstall() {
  #expect(SoundProblem.undecodable.sentence.contains("libmpg123-0"))
}
