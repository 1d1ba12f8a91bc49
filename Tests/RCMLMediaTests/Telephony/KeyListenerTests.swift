import RCMLBasics
import Testing

@testable import RCMLMedia

/// Spec U-25: keys taken from the sound, where libspandsp is installed.
@Suite(.enabled(if: KeyListener.isThere)) struct KeyListenerTests {
  /// A studio whose caller's keys are also taken from the sound, and what the caller said so far.
  private final class Line {
    let studio = Studio()
    let law: G711.Law
    private var sequence: UInt16 = 0

    init(_ law: G711.Law = .mu, hears: Bool = true) {
      self.law = law
      studio.describe(
        studio.caller, Studio.callerAddress,
        [.init(0, .pcmu), .init(8, .pcma), .init(101, .key)]
      ) { $0.hearsKeys = hears }
    }

    func say(_ samples: [Int16], losing: Set<Int> = [], copies: Int = 1) {
      for start in stride(from: 0, to: samples.count, by: 160) {
        let part = samples[start..<min(start + 160, samples.count)]
        sequence &+= 1
        for _ in 0..<copies where !losing.contains(start / 160) {
          _ = studio.send(
            slot: 0, from: Studio.callerAddress, type: law.rawValue, sequence: sequence,
            timestamp: UInt32(sequence) * 160, payload: part.map { G711.encode($0, law) })
        }
        studio.wait(milliseconds: 20)
      }
    }

    /// The telephone begins its numbers anew, as after a restart; its source stays.
    func jump(to sequence: UInt16) { self.sequence = sequence }

    func event(_ key: UInt8, timestamp: UInt32) {
      sequence &+= 1
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, type: 101, sequence: sequence, timestamp: timestamp,
        payload: [key, 10, 0, 160])
    }

    var keys: [UInt8] {
      studio.events.compactMap { if case .digit(_, let key) = $0 { key } else { nil } }
    }
  }

  /// The key at levels in dBm0 for its low and its high tone, with white noise below their sum.
  private func press(
    _ key: UInt8, low: Double, high: Double, milliseconds: Int = 60, noise: Double = 0
  ) -> [Int16] {
    guard let place = Tone.keys.firstIndex(of: key) else { return [] }
    var random = RandomSource(seed: UInt64(key))
    var first = Oscillator(frequency: Tone.rows[place / 4], amplitude: low)
    var second = Oscillator(frequency: Tone.columns[place % 4], amplitude: high)
    let tone = (0..<milliseconds * 8).map { _ in
      let hiss = Double(random.next() >> 40) / 8_388_608 - 1
      return Int16(clamping: Int(first.next() + second.next() + hiss * noise))
    }
    return tone + Tone.silence(milliseconds: 60)
  }

  // ITU-T Q.24 annex A: 0 to -25 dBm0; 23,170 is a sine of 0 dBm0.
  @Test(arguments: [G711.Law.mu, .a])
  func everyKeyIsHeardAtEveryLevelOfTheTelephone(law: G711.Law) {
    for amplitude in [16_000, 7_300, 2_300, 1_300] as [Double] {
      let line = Line(law)
      for key in Tone.keys { line.say(press(key, low: amplitude, high: amplitude)) }
      #expect(line.keys == Tone.keys, "at an amplitude of \(amplitude)")
    }
  }

  @Test func keysWhoseTonesDifferInLevelAreHeard() {
    // The high tone 3 dB above the low one, and 3 dB and 6 dB below it; libspandsp draws the line at 4 and 8.
    for (low, high) in [(3_000, 4_240), (4_000, 2_830), (4_000, 2_000)] as [(Double, Double)] {
      let line = Line()
      for key in Tone.keys { line.say(press(key, low: low, high: high)) }
      #expect(line.keys == Tone.keys, "\(low) and \(high)")
    }
  }

  @Test func keysAreHeardInNoise() {
    // Two sines of 4,000 have an effective value of 4,000; uniform noise of 630 one of 364: 21 dB below.
    let line = Line()
    for key in Tone.keys { line.say(press(key, low: 4_000, high: 4_000, noise: 630)) }
    #expect(line.keys == Tone.keys)
  }

  @Test func keysOfOurOwnAreHeard() {
    let line = Line()
    for key in Tone.keys { line.say(Tone.key(key) ?? []) }
    #expect(line.keys == Tone.keys)
  }

  @Test func silenceNoiseAndRingingAreNoKeys() {
    let line = Line()
    var random = RandomSource(seed: 5)
    line.say((0..<80_000).map { _ in Int16(truncatingIfNeeded: random.next()) / 4 })
    for country in ["us", "gb", "de", "jp"] { line.say(RingTone.of(country)?.cycle ?? []) }
    line.say(Tone.beep + Tone.warning)
    #expect(line.keys.isEmpty)
  }

  @Test func aKeyHeldForFiveSecondsIsOnePressAlsoWhenPacketsAreLostOrDoubled() {
    let held = press(UInt8(ascii: "5"), low: 4_000, high: 4_000, milliseconds: 5_000)
    for copies in 1...2 {
      let line = Line()
      line.say(held, losing: copies == 1 ? [20, 50, 100] : [], copies: copies)
      #expect(line.keys == [UInt8(ascii: "5")])
    }
  }

  // U-25
  @Test func theSameKeyAsEventAndInTheSoundIsOnePress() {
    let line = Line()
    let key = UInt8(ascii: "5")
    for turn in 0..<3 as Range<UInt32> {
      line.event(5, timestamp: 800 + turn * 1_600)
      line.say(press(key, low: 4_000, high: 4_000))
    }
    #expect(line.keys == [key, key, key])
    // Its event came late: still one. Another key in the same moment is another.
    line.say(press(key, low: 4_000, high: 4_000))
    line.event(5, timestamp: 8_000)
    line.event(6, timestamp: 9_600)
    #expect(line.keys == [key, key, key, key, UInt8(ascii: "6")])
  }

  @Test func aKeyAsEventAndAgainInTheSoundMuchLaterAreTwo() {
    let line = Line()
    let key = UInt8(ascii: "5")
    line.event(5, timestamp: 800)
    line.say(Tone.silence(milliseconds: 260))
    line.say(press(key, low: 4_000, high: 4_000))
    #expect(line.keys == [key, key])
  }

  // L-34
  @Test func aWithheldKeyInTheSoundIsTold() {
    let line = Line()
    line.studio.perform(
      .join(line.studio.caller, line.studio.callee, .init(withheldKey: UInt8(ascii: "*"))))
    line.say(press(UInt8(ascii: "*"), low: 4_000, high: 4_000))
    #expect(line.keys == [UInt8(ascii: "*")])
  }

  @Test func nobodyListensUnlessTheDescriptionSaysSo() {
    let line = Line(hears: false)
    line.say(press(UInt8(ascii: "5"), low: 4_000, high: 4_000))
    #expect(line.keys.isEmpty)
    #expect(line.studio.engine.hearsKeysHere)
  }

  // A source that falls back in its numbers is heard on, and so are its keys.
  @Test func aKeyIsHeardAfterTheNumbersBeganAnew() {
    let line = Line()
    line.jump(to: 30_000)
    line.say(press(UInt8(ascii: "5"), low: 4_000, high: 4_000))
    line.jump(to: 10)
    line.say(Tone.silence(milliseconds: 100))
    line.say(press(UInt8(ascii: "6"), low: 4_000, high: 4_000))
    #expect(line.keys == Array("56".utf8))
  }
}
