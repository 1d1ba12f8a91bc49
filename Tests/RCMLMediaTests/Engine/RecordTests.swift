import RCMLBasics
import Testing

@testable import RCMLMedia

@Suite struct RecordTests {
  private func speak(
    _ studio: Studio, slot: Int, hertz: Double, seconds: Int, losing: Set<Int> = [],
    late: Int = 0
  ) {
    let from = slot == 0 ? Studio.callerAddress : Studio.calleeAddress
    let wave = Tone.make([hertz], milliseconds: seconds * 1_000)
    for index in 0..<seconds * 50 {
      if !losing.contains(index) {
        let samples = wave[index * 160..<index * 160 + 160]
        _ = studio.send(
          slot: slot, from: from, sequence: UInt16(index), timestamp: UInt32(index * 160),
          source: UInt32(slot + 1), payload: samples.map { G711.encode($0, .mu) })
      }
      studio.wait(milliseconds: 20)
    }
  }

  private func samples(_ file: [UInt8], channels: Int, channel: Int) -> [Int16] {
    stride(from: 44 + channel * 2, to: file.count - 1, by: channels * 2).map {
      Int16(bitPattern: UInt16(file[$0]) | UInt16(file[$0 + 1]) << 8)
    }
  }

  // failures I-M4
  @Test func bothPartiesAreInTheirChannelAndNothingIsMissing() throws {
    let studio = Studio()
    studio.perform(
      .record(
        RecordingID(1), RecordingPlan(left: studio.caller, right: studio.callee, channels: 2),
        path: "")
    )
    studio.wait(milliseconds: 20)
    speak(studio, slot: 0, hertz: 500, seconds: 2)
    speak(studio, slot: 1, hertz: 900, seconds: 2)
    studio.perform(.endRecording(RecordingID(1)))
    let file = try #require(studio.files[RecordingID(1)])
    #expect(studio.finished == [RecordingID(1)])
    let left = samples(file, channels: 2, channel: 0)
    let right = samples(file, channels: 2, channel: 1)
    #expect(left.count == 4_020 * 8)
    #expect(Goertzel.amplitude(of: 500, in: left[800..<15_000]) > 3_000)
    #expect(Goertzel.amplitude(of: 500, in: left[17_000..<32_000]) < 50)
    #expect(Goertzel.amplitude(of: 900, in: right[17_000..<31_000]) > 3_000)
    #expect(Goertzel.amplitude(of: 900, in: right[800..<15_000]) < 50)
    #expect(
      studio.events == [
        .recorded(
          RecordingID(1), RecordingResult(reason: .stopped, milliseconds: 4_020, isEmpty: false))
      ])
  }

  @Test func theFileIsWholeAtEveryMomentAndLessThanASecondBehind() throws {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    for second in 1...4 {
      speak(studio, slot: 0, hertz: 500, seconds: 1)
      let file = try #require(studio.files[RecordingID(1)])
      let declared =
        Int(file[40]) | Int(file[41]) << 8 | Int(file[42]) << 16 | Int(file[43]) << 24
      #expect(Array(file[0..<4]) == Array("RIFF".utf8))
      #expect(declared + 44 == file.count)
      #expect(declared / 16 > second * 1_000 - 1_000)
    }
  }

  @Test func lostPacketsAreCoveredAndNothingShifts() throws {
    let studio = Studio()
    studio.perform(.record(RecordingID(1), RecordingPlan(left: studio.caller), path: ""))
    studio.wait(milliseconds: 20)
    speak(studio, slot: 0, hertz: 500, seconds: 2, losing: [20, 50, 51])
    studio.perform(.endRecording(RecordingID(1)))
    let file = try #require(studio.files[RecordingID(1)])
    let heard = samples(file, channels: 1, channel: 0)
    #expect(heard.count == 2_020 * 8)
    // The lost 20 ms are not silent.
    #expect(Goertzel.amplitude(of: 500, in: heard[3_200..<3_360]) > 1_500)
    // What came after stands where it was spoken: the wave is continued in phase.
    let wave = Tone.make([500], milliseconds: 2_000)
    let after = zip(heard[9_000..<15_000], wave[9_000..<15_000]).map { abs(Int($0) - Int($1)) }
    #expect((after.max() ?? 0) < 200)
  }

  // V-5
  @Test func silenceAndTheLongestTimeEndARecording() {
    let studio = Studio()
    studio.perform(
      .record(RecordingID(1), RecordingPlan(left: studio.caller, silence: .seconds(3)), path: ""))
    speak(studio, slot: 0, hertz: 500, seconds: 1)
    studio.wait(milliseconds: 2_900)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 200)
    guard case .recorded(_, let result) = studio.events.first else {
      Issue.record("it goes on")
      return
    }
    #expect(result.reason == .silence && !result.isEmpty)
    studio.events = []
    studio.perform(
      .record(
        RecordingID(2),
        RecordingPlan(left: studio.caller, silence: .seconds(3), maximum: .seconds(2)), path: ""))
    studio.wait(milliseconds: 2_000)
    #expect(
      studio.events == [
        .recorded(
          RecordingID(2), RecordingResult(reason: .maximum, milliseconds: 2_000, isEmpty: true))
      ])
  }

  // R-2, V-15: a `<Record>` of a screening document inside a recording of the Dial.
  @Test func aPartyCanBeHeardInTwoRecordingsAtOnce() throws {
    let studio = Studio()
    studio.perform(
      .record(
        RecordingID(1), RecordingPlan(left: studio.caller, right: studio.callee), path: ""))
    studio.perform(.record(RecordingID(2), RecordingPlan(left: studio.callee), path: ""))
    speak(studio, slot: 1, hertz: 500, seconds: 1)
    studio.perform(.endRecording(RecordingID(2)))
    speak(studio, slot: 1, hertz: 900, seconds: 1)
    studio.perform(.endRecording(RecordingID(1)))
    let long = samples(try #require(studio.files[RecordingID(1)]), channels: 1, channel: 0)
    let short = samples(try #require(studio.files[RecordingID(2)]), channels: 1, channel: 0)
    #expect(long.count == 16_000 && short.count == 8_000)
    #expect(Goertzel.amplitude(of: 500, in: short[800..<7_000]) > 3_000)
    #expect(Goertzel.amplitude(of: 500, in: long[800..<7_000]) > 3_000)
    #expect(Goertzel.amplitude(of: 900, in: long[8_800..<15_000]) > 3_000)
  }

  // from ringing on
  @Test func aPartyThatComesLaterIsHeardInARecordingThatNamesIt() throws {
    let studio = Studio()
    studio.perform(.close(studio.callee))
    studio.perform(
      .record(
        RecordingID(1), RecordingPlan(left: studio.caller, right: studio.callee, channels: 2),
        path: ""))
    studio.wait(milliseconds: 1_000)
    studio.engine.open(studio.callee, slot: 4, at: studio.now)
    studio.describe(studio.callee, Studio.calleeAddress, [.init(0, .pcmu)])
    speak(studio, slot: 4, hertz: 500, seconds: 1)
    studio.perform(.endRecording(RecordingID(1)))
    let right = samples(try #require(studio.files[RecordingID(1)]), channels: 2, channel: 1)
    #expect(right[..<7_800].allSatisfy { $0 == 0 })
    #expect(Goertzel.amplitude(of: 500, in: right[8_800..<15_000]) > 3_000)
  }

  @Test func aRecordingEndsWithTheStreamOfItsLeftParty() throws {
    let studio = Studio()
    studio.perform(
      .record(
        RecordingID(1), RecordingPlan(left: studio.caller, right: studio.callee), path: ""))
    speak(studio, slot: 0, hertz: 500, seconds: 1)
    studio.perform(.close(studio.callee))
    #expect(studio.events.isEmpty)
    studio.perform(.close(studio.caller))
    #expect(
      studio.events == [
        .recorded(
          RecordingID(1), RecordingResult(reason: .stopped, milliseconds: 1_000, isEmpty: false))
      ])
    #expect(studio.finished == [RecordingID(1)])
    #expect(try #require(studio.files[RecordingID(1)]).count == 44 + 16_000)
    #expect(studio.engine.count == 0)
  }

  // V-15: nobody is ever told of it.
  @Test func theFileOfAMessageInWhichNothingWasSaidGoes() {
    let studio = Studio()
    for (number, speaks) in [(1, false), (2, true)] as [(UInt64, Bool)] {
      let plan = RecordingPlan(left: studio.caller, keepsEmpty: false)
      studio.perform(.record(RecordingID(number), plan, path: ""))
      if speaks { speak(studio, slot: 0, hertz: 500, seconds: 1) }
      studio.wait(milliseconds: 500)
      studio.perform(.endRecording(RecordingID(number)))
    }
    #expect(studio.dropped == [RecordingID(1)])
    #expect(studio.finished == [RecordingID(2)])
  }
}
