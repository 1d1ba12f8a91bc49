import RCMLBasics
import Testing

@testable import RCMLMedia

@Suite struct PlayTests {
  private let tone = Tone.make([1_000], milliseconds: 400)

  // V-2
  @Test func aSoundIsSentInPacketsOfTwentyMillisecondsAndItsEndIsTold() {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 2)]))
    studio.wait(milliseconds: 790)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 30)
    #expect(studio.events == [.played(PlaybackID(1))])
    #expect(studio.packets.count == 40)
    let heard = studio.heard(slot: 0)
    #expect(heard.count == 6_400)
    #expect(Goertzel.amplitude(of: 1_000, in: heard[400..<2_800]) > 3_500)
    #expect(Goertzel.amplitude(of: 700, in: heard[400..<2_800]) < 60)
    for (index, packet) in studio.packets.enumerated() {
      let header = packet.octets.withUnsafeBytes { RTPHeader.read($0) }
      #expect(header?.marker == (index == 0))
      #expect(packet.octets.count == 172)
    }
  }

  @Test func thePaceDoesNotDrift() {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 0)]))
    // Woken 7 ms late every time, for a minute.
    for _ in 0..<3_000 {
      studio.now = studio.now + .milliseconds(20)
      studio.engine.timePassed(at: studio.now + .milliseconds(7))
      studio.collect()
    }
    #expect((3_000...3_001).contains(studio.packets.filter { !$0.isControl }.count))
    let stamps = studio.packets.filter { !$0.isControl }.compactMap { packet in
      packet.octets.withUnsafeBytes { RTPHeader.read($0)?.timestamp }
    }
    #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $1 &- $0 == 160 })
  }

  // L-35: it stops before the first sample of the bridged call, and without a click.
  @Test func aSoundThatIsStoppedFadesBeforeTheOtherPartyIsHeard() throws {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 0)]))
    studio.wait(milliseconds: 110)
    let before = studio.packets.count
    studio.perform(.stop(PlaybackID(1)))
    #expect(studio.packets.count == before + 1)
    let heard = studio.heard(slot: 0)
    let steps = zip(heard, heard.dropFirst()).map { abs(Int($0) - Int($1)) }
    // A sine of 1 kHz at this level steps 3,100 at most; a cut would step further.
    #expect(steps.max() ?? 0 < 3_300)
    #expect(heard.suffix(100).allSatisfy { abs(Int($0)) < 10 })
    studio.perform(.join(studio.caller, studio.callee, .init()))
    let relayed = try #require(
      studio.send(
        slot: 1, from: Studio.calleeAddress, sequence: 7, timestamp: 9, payload: [1]))
    let last = try #require(
      studio.packets.last.flatMap { packet in
        packet.octets.withUnsafeBytes { RTPHeader.read($0) }
      })
    #expect(relayed.header.sequence == last.sequence &+ 1)
    #expect(relayed.header.source == last.source)
  }

  @Test func whileSomethingIsPlayedTheOtherPartyIsNotHeard() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 1)]))
    #expect(
      studio.send(slot: 1, from: Studio.calleeAddress, sequence: 7, timestamp: 9, payload: [1])
        == nil)
    studio.wait(milliseconds: 500)
    #expect(
      studio.send(slot: 1, from: Studio.calleeAddress, sequence: 8, timestamp: 9, payload: [1])
        != nil)
  }

  @Test func aStreamWithoutACodecWeSpeakCannotBePlayedOn() {
    let studio = Studio(callerSpeaks: [.init(111, .other(Array("opus/48000/2".utf8)))])
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 1)]))
    #expect(studio.events == [.unplayable(PlaybackID(1))])
  }

  // RFC 4733 §2.5
  @Test func keysAreSentAsEventsWithThreeEnds() {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [.digits(Array("1#".utf8))]))
    studio.wait(milliseconds: 1_000)
    var collector = DigitCollector()
    var keys: [UInt8] = []
    var ends = 0
    for packet in studio.packets where packet.octets[1] & 127 == 101 {
      packet.octets.withUnsafeBytes { octets in
        guard let header = RTPHeader.read(octets),
          let event = TelephoneEvent.read(UnsafeRawBufferPointer(rebasing: octets[12...]))
        else { return }
        if let key = collector.take(event, of: header) { keys.append(key) }
        if event.isEnd { ends += 1 }
      }
    }
    #expect(keys == Array("1#".utf8))
    #expect(ends == 6)
    #expect(studio.events == [.played(PlaybackID(1))])
  }

  @Test func keysAreTonesForAPartyThatKnowsNoEvents() {
    let studio = Studio(callerSpeaks: [.init(0, .pcmu)])
    studio.perform(.play(studio.caller, PlaybackID(1), [.digits([UInt8(ascii: "5")])]))
    studio.wait(milliseconds: 300)
    let heard = studio.heard(slot: 0)
    #expect(Goertzel.amplitude(of: 770, in: heard[40..<760]) > 3_000)
    #expect(Goertzel.amplitude(of: 1_336, in: heard[40..<760]) > 3_000)
    #expect(Goertzel.amplitude(of: 1_209, in: heard[40..<760]) < 200)
  }

  // D-10
  @Test func ringingSoundsAsInItsCountry() throws {
    let german = try #require(RingTone.of("DE"))
    #expect(german.cadence == [1_000, 4_000])
    let cycle = german.cycle
    #expect(cycle.count == 40_000)
    #expect(Goertzel.amplitude(of: 425, in: cycle[400..<7_600]) > 3_500)
    #expect(cycle[8_000...].allSatisfy { $0 == 0 })
    let american = try #require(RingTone.of("us")).cycle
    #expect(american.count == 48_000)
    #expect(Goertzel.amplitude(of: 440, in: american[400..<15_600]) > 3_500)
    #expect(Goertzel.amplitude(of: 480, in: american[400..<15_600]) > 3_500)
    #expect(RingTone.of("xx") == nil)
  }
}
