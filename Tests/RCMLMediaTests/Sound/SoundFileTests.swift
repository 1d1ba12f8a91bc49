import RCMLBasics
import Testing

@testable import RCMLMedia

@Suite struct SoundFileTests {
  private func wave(
    tag: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8_000, bits: UInt16 = 16,
    data: [UInt8], declared: UInt32? = nil
  ) -> [UInt8] {
    var octets = Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVE".utf8)
    func word(_ value: UInt32) {
      for shift in [0, 8, 16, 24] as [UInt32] {
        octets.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    func half(_ value: UInt16) { octets += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    octets += Array("LIST".utf8)
    word(3)
    octets += [1, 2, 3, 0]
    octets += Array("fmt ".utf8)
    word(16)
    half(tag)
    half(channels)
    word(rate)
    word(rate * UInt32(channels) * UInt32(bits / 8))
    half(channels * bits / 8)
    half(bits)
    octets += Array("data".utf8)
    word(declared ?? UInt32(data.count))
    return octets + data
  }

  private func linear(_ samples: [Int16], copies: Int = 1) -> [UInt8] {
    samples.flatMap { sample in
      (0..<copies).flatMap { _ in
        [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
      }
    }
  }

  private let tone = Tone.make([500], milliseconds: 500)

  // V-11
  @Test func wavOfEveryPromisedKindIsRead() throws {
    #expect(try SoundFile.read(wave(data: linear(tone))).get() == tone)
    #expect(try SoundFile.read(wave(channels: 2, data: linear(tone, copies: 2))).get() == tone)
    let eight = tone.map { UInt8(truncatingIfNeeded: Int($0) >> 8 + 128) }
    let read = try SoundFile.read(wave(bits: 8, data: eight)).get()
    #expect(zip(read, tone).allSatisfy { abs(Int($0) - Int($1)) <= 256 })
    for (tag, law) in [(7, G711.Law.mu), (6, .a)] as [(UInt16, G711.Law)] {
      let octets = tone.map { G711.encode($0, law) }
      let read = try SoundFile.read(wave(tag: tag, bits: 8, data: octets)).get()
      #expect(read == octets.map { G711.decode($0, law) })
    }
  }

  @Test func otherRatesAreResampledInTuneAndInTime() throws {
    for rate in [11_025, 16_000, 22_050, 32_000, 44_100, 48_000] {
      var oscillator = Oscillator(frequency: 500 * 8_000 / Double(rate), amplitude: 8_000)
      let samples = (0..<rate).map { _ in Int16(oscillator.next()) }
      let read = try SoundFile.read(wave(rate: UInt32(rate), data: linear(samples))).get()
      #expect(abs(read.count - 8_000) <= 2, "\(rate): \(read.count)")
      #expect(Goertzel.amplitude(of: 500, in: read[800..<7_200]) > 7_500, "\(rate)")
      #expect(Goertzel.amplitude(of: 1_000, in: read[800..<7_200]) < 100, "\(rate)")
    }
  }

  @Test func auAndRawAreRead() throws {
    let octets = tone.map { G711.encode($0, .mu) }
    let expected = octets.map { G711.decode($0, .mu) }
    let head: [UInt8] =
      Array(".snd".utf8) + [0, 0, 0, 24] + [255, 255, 255, 255] + [0, 0, 0, 1]
      + [0, 0, 0x1f, 0x40] + [0, 0, 0, 1]
    #expect(try SoundFile.read(head + octets).get() == expected)
    #expect(try SoundFile.read(octets, contentType: "audio/basic").get() == expected)
    #expect(try SoundFile.read(octets, name: "HELLO.ULAW").get() == expected)
    #expect(try SoundFile.read(linear(tone), name: "hello.sln").get() == tone)
  }

  @Test func headersThatLieAreFoundOutOrSurvived() throws {
    #expect(SoundFile.read([]) == .failure(.empty))
    #expect(SoundFile.read(Array("not a sound".utf8)) == .failure(.unknownFormat))
    #expect(SoundFile.read(wave(data: [])) == .failure(.empty))
    #expect(SoundFile.read(wave(tag: 85, data: [1, 2])) == .failure(.unsupported))
    #expect(SoundFile.read(wave(channels: 0, data: [1, 2])) == .failure(.unsupported))
    #expect(SoundFile.read(wave(rate: 0, data: [1, 2])) == .failure(.unsupported))
    #expect(SoundFile.read(wave(rate: 4_000_000, data: [1, 2])) == .failure(.unsupported))
    // A length that is not true: what is there counts.
    let cut = wave(data: linear(tone), declared: .max)
    #expect(try SoundFile.read(cut).get() == tone)
    let long = [UInt8](repeating: 0, count: (SoundFile.secondsLimit + 1) * 8_000)
    #expect(SoundFile.read(wave(tag: 7, bits: 8, data: long)) == .failure(.tooLong))
  }

  // V-22
  @Test(arguments: [0, 0x7fff_ffff, 0xffff_ffff] as [UInt32])
  func aLengthThatAWriterCouldNotKnowIsWhatIsThere(declared: UInt32) throws {
    for riff in [0, 0xff] as [UInt8] {
      var octets = wave(data: linear(tone), declared: declared)
      octets.replaceSubrange(4..<8, with: [riff, riff, riff, riff])
      #expect(try SoundFile.read(octets).get() == tone)
      octets.replaceSubrange(0..<4, with: Array("RF64".utf8))
      #expect(try SoundFile.read(octets).get() == tone)
    }
    // Silence first, which looks like nothing.
    let quiet = Array(repeating: Int16(0), count: 800) + tone
    #expect(try SoundFile.read(wave(data: linear(quiet), declared: declared)).get() == quiet)
    // An odd octet at the end is no sample.
    #expect(try SoundFile.read(wave(data: linear(tone) + [7], declared: declared)).get() == tone)
  }

  // V-22
  @Test func aSoundOfNoSamplesWithChunksBehindItIsEmpty() throws {
    let list = Array("LIST".utf8) + [4, 0, 0, 0] + Array("INFO".utf8)
    #expect(SoundFile.read(wave(data: list, declared: 0)) == .failure(.empty))
    #expect(SoundFile.read(wave(data: list + list, declared: 0)) == .failure(.empty))
    #expect(SoundFile.read(wave(data: [], declared: 0)) == .failure(.empty))
    // What would end two octets behind the file is no chunk, and so it is sound.
    let cut = Array("LIST".utf8) + [6, 0, 0, 0] + Array("INFO".utf8)
    #expect(try SoundFile.read(wave(data: cut, declared: 0)).get().count == 6)
  }

  // V-22
  @Test func aChunkOfOddLengthWithoutItsPaddingIsSurvived() throws {
    var octets = wave(data: linear(tone))
    octets.remove(at: 12 + 8 + 3)
    #expect(try SoundFile.read(octets).get() == tone)
  }

  // V-22
  @Test func theTrueFormatOfAnExtensibleOneStandsInItsGUID() throws {
    let plain = wave(data: linear(tone), declared: 0)
    let guid: [UInt8] =
      [1, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]
    let start = 12 + 12
    var octets = Array(plain[..<(start + 4)]) + [40, 0, 0, 0] + [0xfe, 0xff]
    octets += plain[(start + 10)..<(start + 24)] + [22, 0, 16, 0, 4, 0, 0, 0] + guid
    octets += plain[(start + 24)...]
    #expect(try SoundFile.read(octets).get() == tone)
  }

  // V-22
  @Test(arguments: [0, 0xff] as [UInt8])
  func anAUWhoseWriterStreamedIsWhatIsThere(octet: UInt8) throws {
    let octets = tone.map { G711.encode($0, .mu) }
    let head: [UInt8] =
      Array(".snd".utf8) + [0, 0, 0, 24] + [octet, octet, octet, octet] + [0, 0, 0, 1]
      + [0, 0, 0x1f, 0x40] + [0, 0, 0, 1]
    #expect(try SoundFile.read(head + octets).get() == octets.map { G711.decode($0, .mu) })
  }

  @Test func noCutAndNoWrongOctetTraps() {
    let whole = wave(data: Array(linear(tone).prefix(64)))
    for length in 0..<whole.count { _ = SoundFile.read(Array(whole.prefix(length))) }
    for place in 0..<60 {
      for value in [0, 1, 127, 128, 255] as [UInt8] {
        var damaged = whole
        damaged[place] = value
        _ = SoundFile.read(damaged)
      }
    }
    var head: [UInt8] = Array(".snd".utf8) + [UInt8](repeating: 255, count: 24)
    _ = SoundFile.read(head)
    head[4] = 0
    _ = SoundFile.read(head)
  }

  @Test func whatWeRecordWeCanPlay() throws {
    let data = linear(tone)
    let file = WAVHeader.make(channels: 1, dataOctets: UInt64(data.count)) + data
    #expect(try SoundFile.read(file).get() == tone)
  }

  // Found by Scripts/fuzz sound: five samples at 48 kHz are less than one at 8 kHz.
  @Test func lessThanASampleIsNoSound() {
    let file = wave(rate: 48_000, data: Array(repeating: 9, count: 10))
    #expect(SoundFile.read(file) == .failure(.empty))
  }
}
