import RCMLBasics
import Testing

@testable import RCMLMedia

/// Invariant I-M4: both sides of a recording line up within 20 ms, whatever clocks and networks do.
@Suite struct AlignmentTests {
  /// A telephone that says 20 ms of 1 kHz at the begin of every second of true time.
  private struct Phone {
    var slot: Int
    /// How its clock differs from ours, in millionths.
    var drift = 0.0
    var packetTime = 20
    /// Milliseconds a packet may be late.
    var jitter: UInt64 = 15
    var source: UInt32 = 7
    var firstTimestamp: UInt32 = 0xffff_0000
    var sequence: UInt16 = 65_000
    var packets = 0
    /// Nanoseconds between its packets by our clock.
    var interval: Double { Double(packetTime) * 1e6 / (1 + drift / 1e6) }
    var random = RandomSource(seed: 3)

    mutating func next() -> (at: UInt64, header: RTPHeader, payload: [UInt8]) {
      let count = packetTime * 8
      let first = packets * count
      packets += 1
      sequence &+= 1
      let rate = 8_000 * (1 + drift / 1e6)
      let payload = (first..<first + count).map { index in
        let time = Double(index) / rate
        let inSecond = time - time.rounded(.down)
        let sample = inSecond < 0.02 ? 8_000 * Oscillator.sine(inSecond * 2 * .pi * 1_000) : 0
        return G711.encode(Int16(sample), .mu)
      }
      let late = jitter == 0 ? 0 : random.next() % (jitter * 1_000_000)
      return (
        UInt64(Double(packets) * interval) + late,
        RTPHeader(
          payloadType: 0, marker: false, sequence: sequence,
          timestamp: firstTimestamp &+ UInt32(first), source: source), payload
      )
    }
  }

  /// Where the bursts of a channel begin, in samples.
  private func bursts(_ samples: [Int16]) -> [Int] {
    var found: [Int] = []
    var quiet = 1_000
    for (place, sample) in samples.enumerated() {
      if sample.magnitude > 1_000 {
        if quiet >= 1_000 { found.append(place) }
        quiet = 0
      } else {
        quiet += 1
      }
    }
    return found
  }

  private func record(_ phones: [Phone], seconds: Int) -> [[Int16]] {
    let studio = Studio()
    let start = studio.now
    studio.perform(
      .record(
        RecordingID(1), RecordingPlan(left: studio.caller, right: studio.callee, channels: 2),
        path: ""))
    var sent: [(at: UInt64, slot: Int, header: RTPHeader, payload: [UInt8])] = []
    for var phone in phones {
      while true {
        let next = phone.next()
        guard next.at < UInt64(seconds) * 1_000_000_000 else { break }
        sent.append((next.at, phone.slot, next.header, next.payload))
      }
    }
    for packet in sent.sorted(by: { $0.at < $1.at }) {
      studio.wait(until: start + Interval(nanoseconds: Int64(packet.at)))
      _ = studio.send(
        slot: packet.slot, from: packet.slot == 0 ? Studio.callerAddress : Studio.calleeAddress,
        sequence: packet.header.sequence, timestamp: packet.header.timestamp,
        source: packet.header.source, payload: packet.payload)
    }
    studio.wait(until: start + .seconds(seconds))
    studio.perform(.endRecording(RecordingID(1)))
    let file = studio.files[RecordingID(1)] ?? []
    #expect(file.count == 44 + seconds * 32_000)
    return [0, 1].map { WAVText.samples(file, channels: 2, channel: $0) }
  }

  private func expectBursts(_ samples: [Int16], seconds: Int, after settled: Int = 0) -> Int {
    let found = bursts(samples)
    var worst = 0
    for second in settled..<seconds - 1 {
      let off = found.map { abs($0 - second * 8_000) }.min() ?? .max
      worst = max(worst, off)
    }
    #expect(worst <= 160, "\(worst) samples off")
    #expect(abs(found.count - seconds) <= 1)
    return worst
  }

  @Test func clocksThatRunApartStayAlignedForTenMinutes() {
    let channels = record(
      [Phone(slot: 0, drift: 200), Phone(slot: 1, drift: -200, jitter: 25)], seconds: 600)
    let left = expectBursts(channels[0], seconds: 600)
    let right = expectBursts(channels[1], seconds: 600)
    print("recording, 10 min, +200 and -200 ppm: \(left) and \(right) samples off at most")
    let pairs = zip(bursts(channels[0]), bursts(channels[1]))
    #expect(pairs.allSatisfy { abs($0 - $1) <= 160 })
  }

  @Test(arguments: [10, 20, 30, 60])
  func packetsOfAnyLengthLineUp(packetTime: Int) {
    let channels = record(
      [
        Phone(slot: 0, drift: 100, packetTime: packetTime),
        Phone(slot: 1, drift: -100, packetTime: packetTime, jitter: 0),
      ], seconds: 20)
    _ = expectBursts(channels[0], seconds: 20)
    _ = expectBursts(channels[1], seconds: 20)
  }

  /// What is recorded of ten seconds of one phone. `arrival`: when its packet of that number comes, by when it was
  /// spoken, in nanoseconds.
  private func record(arrival: (_ index: Int, _ spoken: UInt64) -> UInt64) -> [Int16] {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    var phone = Phone(slot: 0, jitter: 0)
    let start = studio.now
    for index in 0..<500 {
      let next = phone.next()
      studio.wait(until: start + Interval(nanoseconds: Int64(arrival(index, next.at))))
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, sequence: next.header.sequence,
        timestamp: next.header.timestamp, payload: next.payload)
    }
    studio.wait(until: start + .seconds(10))
    studio.perform(.endRecording(RecordingID(1)))
    return WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
  }

  @Test func aLateFirstPacketDoesNotShiftWhatFollows() {
    // Its first packets come all at once, 300 ms late.
    let samples = record { index, spoken in max(spoken, index < 15 ? 320_000_000 : 0) }
    for second in 1..<9 {
      #expect(bursts(samples).contains { abs($0 - second * 8_000) <= 160 })
    }
  }

  @Test func aStallOfTheNetworkMovesNothing() {
    // From 2.9 to 3.2 s nothing comes, then all of it.
    let samples = record { _, spoken in
      (2_900_000_000...3_200_000_000).contains(spoken) ? 3_200_000_000 : spoken
    }
    #expect(bursts(samples).count == 10)
    #expect(zip(bursts(samples), 0...).allSatisfy { abs($0 - $1 * 8_000) <= 8 })
  }

  @Test func anotherSourceInTheMiddleLinesUpAsWell() {
    var second = Phone(slot: 0, source: 8, firstTimestamp: 5)
    second.sequence = 9
    var first = Phone(slot: 0)
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    let start = studio.now
    for index in 0..<500 {
      let (one, other) = (first.next(), second.next())
      let next = index < 230 ? one : other
      studio.wait(until: start + Interval(nanoseconds: Int64(next.at)))
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, sequence: next.header.sequence,
        timestamp: next.header.timestamp, source: next.header.source, payload: next.payload)
    }
    studio.wait(until: start + .seconds(10))
    studio.perform(.endRecording(RecordingID(1)))
    let samples = WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
    _ = expectBursts(samples, seconds: 10)
  }

  @Test func silenceThatIsNotSentKeepsItsLength() {
    // RFC 3389: one packet of noise, nothing for 600 ms; one phone's timestamps run on meanwhile, the other's stand.
    for isStanding in [false, true] {
      let studio = Studio()
      studio.describe(
        studio.caller, Studio.callerAddress, [.init(0, .pcmu), .init(13, .comfortNoise)])
      studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
      let start = studio.now
      var sequence: UInt16 = 0
      var timestamp: UInt32 = 0
      func say(_ type: UInt8, marker: Bool, _ payload: [UInt8]) {
        sequence += 1
        _ = studio.send(
          slot: 0, from: Studio.callerAddress, type: type, sequence: sequence,
          timestamp: timestamp, marker: marker, payload: payload)
      }
      let tone = Tone.make([1_000], milliseconds: 400).map { G711.encode($0, .mu) }
      for second in 0..<10 {
        for index in 0..<20 {
          studio.wait(until: start + .milliseconds(second * 1_000 + index * 20 + 20))
          say(0, marker: index == 0, Array(tone[index * 160..<index * 160 + 160]))
          timestamp += 160
        }
        say(13, marker: false, [60])
        if !isStanding { timestamp += 600 * 8 }
      }
      studio.wait(until: start + .seconds(10))
      studio.perform(.endRecording(RecordingID(1)))
      let samples = WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
      #expect(samples.count == 80_000)
      for second in 0..<10 {
        let begin = second * 8_000
        #expect(Goertzel.amplitude(of: 1_000, in: samples[begin + 80..<begin + 3_120]) > 3_500)
        #expect(samples[begin + 3_280..<begin + 7_990].allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func packetsThatOverlapOrComeDoubledAreHeardOnce() {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    let wave = Tone.make([500], milliseconds: 2_000)
    for index in 0..<99 {
      studio.wait(milliseconds: 20)
      // 30 ms every 20 ms, each twice, and the one before once more.
      for (number, copies) in [(index, 2), (max(0, index - 1), 1)] {
        for _ in 0..<copies {
          let part = wave[number * 160..<min(number * 160 + 240, wave.count)]
          _ = studio.send(
            slot: 0, from: Studio.callerAddress, sequence: UInt16(number + 1),
            timestamp: UInt32(number * 160), payload: part.map { G711.encode($0, .mu) })
        }
      }
    }
    studio.wait(milliseconds: 20)
    studio.perform(.endRecording(RecordingID(1)))
    let samples = WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
    #expect(samples.count == 16_000)
    #expect(Goertzel.amplitude(of: 500, in: samples[400..<15_000]) > 3_800)
    let steps = zip(samples, samples.dropFirst()).map { abs(Int($0) - Int($1)) }
    #expect((steps.max() ?? 0) < 1_800)
  }

  // The key is no sound.
  @Test func aKeyIsSilenceOfItsLength() {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    let wave = Tone.make([500], milliseconds: 1_000).map { G711.encode($0, .mu) }
    for index in 0..<50 {
      studio.wait(milliseconds: 20)
      // From 400 to 600 ms a key.
      if (20..<30).contains(index) {
        let duration = (index - 19) * 160
        _ = studio.send(
          slot: 0, from: Studio.callerAddress, type: 101, sequence: UInt16(index + 1),
          timestamp: 3_200,
          payload: [5, index == 29 ? 0x8a : 10, UInt8(duration >> 8), UInt8(duration & 255)])
      } else {
        _ = studio.send(
          slot: 0, from: Studio.callerAddress, sequence: UInt16(index + 1),
          timestamp: UInt32(index * 160), payload: Array(wave[index * 160..<index * 160 + 160]))
      }
    }
    studio.perform(.endRecording(RecordingID(1)))
    let samples = WAVText.samples(studio.files[RecordingID(1)] ?? [], channels: 1, channel: 0)
    #expect(samples.count == 8_000)
    #expect(samples[3_240..<4_800].allSatisfy { $0 == 0 })
    #expect(Goertzel.amplitude(of: 500, in: samples[200..<3_200]) > 3_500)
    #expect(Goertzel.amplitude(of: 500, in: samples[4_840..<7_800]) > 3_500)
  }
}
