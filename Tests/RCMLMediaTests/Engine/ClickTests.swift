import RCMLBasics
import Testing

@testable import RCMLMedia

/// No join of two sounds steps further than the sounds themselves do.
@Suite struct ClickTests {
  private func steepest(_ samples: some Collection<Int16>) -> Int {
    zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  private let tone = Tone.make([300], milliseconds: 2_000)
  /// A sine of 300 Hz and 4,000 steps 940 at most; µ-law adds half a step of its segment at either end.
  private let bound = 1_100

  @Test func soundsStartAndStopSoftlyWhereverTheyAreCut() {
    for milliseconds in stride(from: 20, to: 160, by: 7) {
      let studio = Studio()
      studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 0)]))
      studio.wait(milliseconds: milliseconds)
      studio.perform(.stop(PlaybackID(1)))
      let heard = studio.heard(slot: 0)
      #expect(abs(Int(heard.first ?? 9_999)) < bound)
      #expect(steepest(heard) < bound)
      #expect(abs(Int(heard.last ?? 9_999)) < 10)
    }
  }

  @Test func aSoundThatIsCutWhereItBeginsAnewFades() {
    let studio = Studio()
    // Five and a quarter waves: it does not end at zero.
    let open = Array(tone[400..<560])
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(open, times: 0)]))
    studio.wait(milliseconds: 19)
    studio.perform(.stop(PlaybackID(1)))
    let heard = studio.heard(slot: 0)
    #expect(heard.count == 320)
    #expect(abs(Int(heard.last ?? 9_999)) < 10)
    let join = abs(Int(open[0]) - Int(open[159]))
    #expect(steepest(heard) < max(bound, join + 200))
  }

  @Test func onePromptAfterAnotherStepsNoFurtherThanTheirOwnBeginning() {
    let studio = Studio()
    for turn in 1...20 as ClosedRange<UInt64> {
      studio.perform(.play(studio.caller, PlaybackID(turn), [studio.sound(tone, times: 0)]))
      studio.wait(milliseconds: 30 + Int(turn) * 7)
    }
    #expect(steepest(studio.heard(slot: 0)) < bound)
  }

  // L-35
  @Test func fromRingingToTheOtherPartyItStepsNoFurtherThanThatPartyDoes() throws {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [.ringing(country: "us")]))
    studio.wait(milliseconds: 230)
    studio.perform(.stop(PlaybackID(1)))
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var heard = studio.heard(slot: 0)
    let voice = Array(tone[13..<13 + 160 * 10])
    for index in 0..<10 {
      let part = voice[index * 160..<index * 160 + 160].map { G711.encode($0, .mu) }
      let passed = try #require(
        studio.send(
          slot: 1, from: Studio.calleeAddress, sequence: UInt16(index + 1),
          timestamp: UInt32(index * 160), payload: part))
      heard += passed.payload.map { G711.decode($0, .mu) }
      studio.wait(milliseconds: 20)
    }
    // 440 and 480 Hz of 4,000 each: 2,890 together. The voice begins at its own 13th sample.
    #expect(steepest(heard) < max(3_200, abs(Int(voice[0])) + 200))
    #expect(steepest(heard.suffix(1_600 + 20)) < max(bound, abs(Int(voice[0])) + 200))
  }

  // D-10
  @Test(arguments: ["us", "gb", "de", "fr", "jp", "au"])
  func cadencesHaveSoftEdges(country: String) throws {
    let tone = try #require(RingTone.of(country))
    // Each sine steps 2π·f/8,000 of its amplitude at most.
    let most = tone.frequencies.reduce(0) { $0 + 4_000 * 2 * .pi * $1 / 8_000 }
    let twice = tone.cycle + tone.cycle
    #expect(steepest(twice) <= Int(most) + 200)
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [.ringing(country: country)]))
    studio.wait(milliseconds: 6_500)
    #expect(steepest(studio.heard(slot: 0)) <= Int(most * 1.1) + 300)
  }

  /// What a recording holds of 2 s of a sine when packets are lost.
  private func recorded(_ hertz: Double, losing: Set<Int>) -> [Int16] {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    let wave = Tone.make([hertz], milliseconds: 2_000)
    for index in 0..<100 {
      studio.wait(milliseconds: 20)
      guard !losing.contains(index) else { continue }
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, sequence: UInt16(index + 1),
        timestamp: UInt32(index * 160),
        payload: wave[index * 160..<index * 160 + 160].map { G711.encode($0, .mu) })
    }
    studio.perform(.endRecording(RecordingID(1)))
    return WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
  }

  @Test func lostPacketsAreCoveredWithoutAClick() {
    for hertz in [211, 300, 433] as [Double] {
      let own = steepest(recorded(hertz, losing: []))
      for losing in [[20], [30, 31], [40, 41, 42, 43, 44, 45], [1, 3, 5, 7, 9, 11]] as [Set<Int>] {
        let samples = recorded(hertz, losing: losing)
        #expect(samples.count == 16_000)
        // Going over into the true sound in 5 ms adds a fortieth of the distance of the two.
        #expect(steepest(samples) <= own + 8_000 / 40)
      }
    }
  }

  @Test func aLostPacketIsNotHeardAsSilence() {
    let samples = recorded(433, losing: [50])
    let own = Goertzel.amplitude(of: 433, in: samples[6_000..<7_600])
    let covered = samples[8_000..<8_160].map { Double($0) * Double($0) }.reduce(0, +) / 160
    #expect(covered.squareRoot() > own / 2.squareRoot() * 0.6)
  }
}
