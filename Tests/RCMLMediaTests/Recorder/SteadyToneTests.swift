import RCMLBasics
import Testing

@testable import RCMLMedia

/// What somebody says without a pause is in a recording as he said it (spec R-7): tones have no place at which a sample may be
/// missing.
struct SteadyToneTests {
  /// A phone that says 1 kHz, or what `says` says, for so long. `late`: nanoseconds from when a packet was spoken to when it
  /// comes, by its number. `drift`: how its clock differs from ours, in millionths.
  private func record(
    seconds: Int, drift: Double = 0,
    says: (Double) -> Double = { Oscillator.sine($0 * 2 * .pi * 1_000) },
    late: (Int) -> UInt64
  ) -> [Int16] {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    let start = studio.now
    let interval = 20_000_000 / (1 + drift / 1e6)
    var sent: [(at: UInt64, index: Int)] = []
    for index in 0..<seconds * 50 {
      sent.append((UInt64(Double(index + 1) * interval) + late(index), index))
    }
    for packet in sent.sorted(by: { $0.at < $1.at }) {
      studio.wait(until: start + Interval(nanoseconds: Int64(packet.at)))
      let payload = (0..<160).map { offset in
        let sample = 8_000 * says(Double(packet.index * 160 + offset) / 8_000)
        return G711.encode(Int16(sample), .mu)
      }
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, sequence: UInt16(packet.index),
        timestamp: UInt32(packet.index * 160), payload: payload)
    }
    studio.wait(until: start + .seconds(seconds))
    studio.perform(.endRecording(RecordingID(1)))
    return WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
  }

  /// How far the samples are from going on as a tone of that frequency does: each follows from the two before it.
  private func worstStep(_ samples: ArraySlice<Int16>, _ frequency: Double = 1_000) -> Double {
    let factor = 2 * Oscillator.sine(.pi / 2 + 2 * .pi * frequency / 8_000)
    var worst = 0.0
    for index in samples.indices.dropFirst(2) {
      let expected = factor * Double(samples[index - 1]) - Double(samples[index - 2])
      worst = max(worst, abs(Double(samples[index]) - expected))
    }
    return worst
  }

  // half a millisecond to 18 ms of difference are left alone.
  @Test(arguments: [0, 1, 5, 12, 18] as [UInt64])
  func aSmallDifferenceIsLeftAlone(milliseconds: UInt64) {
    // The first second comes that much later, or that much earlier, than the rest.
    for isFirst in [false, true] {
      let samples = record(seconds: 12) { index in
        (index < 50) == isFirst ? milliseconds * 1_000_000 : 0
      }
      // The octets of 1 kHz repeat every eight samples: they are there as they were said, each in its turn.
      let middle = samples[1_000..<94_000]
      #expect(zip(middle, middle.dropFirst(8)).allSatisfy { $0 == $1 }, "\(isFirst)")
    }
  }

  // R-7, failures I-M4
  @Test(arguments: [40, 80] as [UInt64])
  func aLargeOneIsMadeUpForWithoutAGapOrAStep(milliseconds: UInt64) {
    let plain = worstStep(record(seconds: 4) { _ in 0 }[1_000..<30_000])
    for isFirst in [false, true] {
      let samples = record(seconds: 16) { index in
        (index < 100) == isFirst ? milliseconds * 1_000_000 : 0
      }
      #expect(worstStep(samples[1_000..<126_000]) < plain + 700, "\(isFirst)")
      #expect(samples[1_000..<126_000].contains { $0.magnitude > 7_000 })
    }
  }

  @Test(arguments: [-200, -100, 100, 200] as [Double])
  func aClockThatRunsAwayIsFollowedWithoutAStep(drift: Double) {
    var random = RandomSource(seed: 5)
    let lateness = (0..<200 * 50).map { _ in random.next() % 15_000_000 }
    let plain = worstStep(record(seconds: 4) { _ in 0 }[1_000..<30_000])
    let samples = record(seconds: 200, drift: drift) { lateness[$0] }
    #expect(worstStep(samples[1_000..<1_590_000]) < plain + 700)
  }

  // The pauses of speech are where it is moved.
  @Test func inSilenceItIsMovedAtOnce() {
    func says(_ time: Double) -> Double {
      let inSecond = time - time.rounded(.down)
      return inSecond < 0.5 ? Oscillator.sine(inSecond * 2 * .pi * 1_000) : 0
    }
    let samples = record(seconds: 6, says: says) { index in index < 90 ? 60_000_000 : 0 }
    // Each half second of tone is as it was said.
    var tones: [Range<Int>] = []
    for (place, sample) in samples.enumerated() where sample.magnitude > 500 {
      if let last = tones.last, place - last.upperBound < 100 {
        tones[tones.count - 1] = last.lowerBound..<place
      } else {
        tones.append(place..<place)
      }
    }
    #expect(tones.count == 6)
    #expect(tones.allSatisfy { abs($0.count - 4_000) < 8 }, "\(tones)")
    #expect(abs(tones[0].lowerBound - 480) < 8, "\(tones)")
    #expect(
      tones.dropFirst(2).enumerated().allSatisfy { abs($1.lowerBound - ($0 + 2) * 8_000) < 8 },
      "\(tones)")
  }
}
