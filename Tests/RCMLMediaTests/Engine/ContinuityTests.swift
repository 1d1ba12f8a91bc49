import RCMLBasics
import Testing

@testable import RCMLMedia

/// What a party receives is one stream (RFC 3550 §5.1), whoever speaks: numbers without holes or repeats, timestamps
/// that never overlap.
@Suite struct ContinuityTests {
  private let tone = Tone.make([1_000], milliseconds: 2_000)

  /// Everything the caller was sent, in order: what was played and what was passed on.
  private final class Caller {
    let studio: Studio
    var headers: [(header: RTPHeader, samples: Int)] = []
    private var seen = 0
    init(_ studio: Studio) { self.studio = studio }

    func collect() {
      for packet in studio.packets[seen...] where packet.slot == 0 && !packet.isControl {
        if let header = packet.octets.withUnsafeBytes({ RTPHeader.read($0) }) {
          headers.append((header, packet.octets.count - 12))
        }
      }
      seen = studio.packets.count
    }

    func relay(
      _ index: Int, slot: Int = 1, from: SocketAddress = Studio.calleeAddress, source: UInt32 = 77
    ) {
      collect()
      if let passed = studio.send(
        slot: slot, from: from, sequence: UInt16(truncatingIfNeeded: 65_530 + index),
        timestamp: UInt32(index * 160), source: source,
        payload: Array(repeating: 1, count: 160))
      {
        headers.append((passed.header, passed.payload.count))
      }
      studio.wait(milliseconds: 20)
      collect()
    }
  }

  private func expectOneStream(
    _ headers: [(header: RTPHeader, samples: Int)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (before, after) in zip(headers, headers.dropFirst()) {
      #expect(after.header.sequence == before.header.sequence &+ 1, sourceLocation: sourceLocation)
      #expect(after.header.source == before.header.source, sourceLocation: sourceLocation)
      let step = Int(Int32(bitPattern: after.header.timestamp &- before.header.timestamp))
      #expect(step >= before.samples, sourceLocation: sourceLocation)
      #expect(step <= before.samples + 480, sourceLocation: sourceLocation)
      if step > before.samples {
        #expect(after.header.marker, "a gap without a marker", sourceLocation: sourceLocation)
      }
    }
  }

  @Test func promptAndOtherPartyInTurnAreOneStream() {
    let studio = Studio()
    let caller = Caller(studio)
    for turn in 0..<3 {
      let playback = PlaybackID(UInt64(turn + 1))
      studio.perform(.play(studio.caller, playback, [studio.sound(tone, times: 0)]))
      studio.wait(milliseconds: 107)
      studio.perform(.stop(playback))
      studio.perform(.join(studio.caller, studio.callee, .init()))
      for index in 0..<10 { caller.relay(turn * 10 + index) }
      studio.perform(.part(studio.caller))
    }
    #expect(caller.headers.count == 3 * (6 + 1 + 10))
    expectOneStream(caller.headers)
  }

  @Test func aPromptThatTakesThePlaceOfAnotherIsSentAtItsPace() {
    let studio = Studio()
    let caller = Caller(studio)
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 0)]))
    studio.wait(milliseconds: 50)
    studio.perform(.play(studio.caller, PlaybackID(2), [studio.sound(tone, times: 0)]))
    studio.wait(milliseconds: 100)
    caller.collect()
    #expect(Set(caller.headers.map { $0.header.timestamp }).count == caller.headers.count)
    expectOneStream(caller.headers)
    let heard = studio.heard(slot: 0)
    let steps = zip(heard, heard.dropFirst()).map { abs(Int($0) - Int($1)) }
    #expect(steps.max() ?? 0 < 3_300, "it clicks")
  }

  @Test func aThirdPartyContinuesWhereTheSecondStopped() {
    let studio = Studio()
    let caller = Caller(studio)
    let third = MediaID(3)
    let address = SocketAddress(ipv4: 0x0a00_0003, port: 6_000)
    studio.engine.open(third, slot: 2, at: studio.now)
    studio.describe(third, address, [.init(0, .pcmu)])
    studio.perform(.join(studio.caller, studio.callee, .init()))
    for index in 0..<10 { caller.relay(index) }
    studio.perform(.join(studio.caller, third, .init()))
    for index in 0..<10 { caller.relay(index + 7_000, slot: 2, from: address, source: 5) }
    #expect(caller.headers.count == 20)
    expectOneStream(caller.headers)
    #expect(
      studio.send(
        slot: 1, from: Studio.calleeAddress, sequence: 65_535, timestamp: 1, payload: [1]) == nil)
  }

  @Test func aSourceThatJumpsInItsNumbersIsContinued() {
    let studio = Studio()
    let caller = Caller(studio)
    studio.perform(.join(studio.caller, studio.callee, .init()))
    for index in 0..<10 { caller.relay(index) }
    // The first packet after the jump may be a stray one: it waits for its follower (RFC 3550 appendix A.1).
    for index in 20_000..<20_010 { caller.relay(index) }
    #expect(caller.headers.count == 19)
    expectOneStream(caller.headers)
  }

  // U-23
  @Test func holdLeavesNoHoleInTheNumbers() {
    let studio = Studio()
    let caller = Caller(studio)
    studio.perform(.join(studio.caller, studio.callee, .init()))
    for index in 0..<10 { caller.relay(index) }
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) { $0.sends = false }
    for index in 10..<20 { caller.relay(index) }
    #expect(caller.headers.count == 10)
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)])
    for index in 20..<30 { caller.relay(index) }
    #expect(caller.headers.count == 20)
    let (before, after) = (caller.headers[9].header, caller.headers[10].header)
    #expect(after.sequence == before.sequence &+ 1)
    #expect(after.marker)
    #expect(after.timestamp &- before.timestamp == 11 * 160)
  }

  @Test func aPromptDuringAKeyOfTheOtherPartyDoesNotGoBackInTime() throws {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    let audio = try #require(
      studio.send(
        slot: 1, from: Studio.calleeAddress, sequence: 1, timestamp: 160,
        payload: Array(repeating: 1, count: 160)))
    for index in 0..<50 {
      studio.wait(milliseconds: 20)
      _ = studio.send(
        slot: 1, from: Studio.calleeAddress, type: 101, sequence: UInt16(2 + index),
        timestamp: 320, payload: [5, 10, UInt8(index * 160 >> 8), UInt8(index * 160 & 255)])
    }
    studio.perform(.play(studio.caller, PlaybackID(1), [.beep]))
    studio.wait(milliseconds: 20)
    let first = try #require(
      studio.packets.first { $0.slot == 0 && !$0.isControl }?.octets.withUnsafeBytes {
        RTPHeader.read($0)
      })
    #expect(first.timestamp &- audio.header.timestamp == 1_000 * 8)
    #expect(first.sequence == audio.header.sequence &+ 51)
    #expect(first.marker)
  }

  @Test func aPacketIsPassedOnBitForBitWithContributorsExtensionAndPadding() throws {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    for count in [0, 1, 2, 159, 1_400] {
      var packet: [UInt8] = [0xb2, 0, 0, 9, 0, 0, 0, 160, 0, 0, 0, 77]
      packet += [1, 2, 3, 4, 5, 6, 7, 8]  // two contributing sources
      packet += [0xbe, 0xde, 0, 1, 0x10, 0xaa, 0, 0]  // an extension of one word
      packet += (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) } + [0, 0, 0, 4]
      let before = packet
      let forward = packet.withUnsafeMutableBytes {
        studio.engine.receive(slot: 0, from: Studio.callerAddress, packet: $0, at: studio.now)
      }
      #expect(try #require(forward).count == before.count)
      #expect(packet[0] == before[0])
      #expect(Array(packet[12...]) == Array(before[12...]))
      #expect(Array(packet[8..<12]) != Array(before[8..<12]))
    }
  }

  @Test func anotherPayloadTypeOfTheSameSourceGoesOnInTheSameNumbers() throws {
    let both: [StreamDescription.Payload] = [.init(0, .pcmu), .init(8, .pcma)]
    let studio = Studio(callerSpeaks: both, calleeSpeaks: both)
    studio.perform(.join(studio.caller, studio.callee, .init()))
    let first = try #require(
      studio.send(
        slot: 0, from: Studio.callerAddress, type: 0, sequence: 1, timestamp: 160, payload: [1]))
    let second = try #require(
      studio.send(
        slot: 0, from: Studio.callerAddress, type: 8, sequence: 2, timestamp: 320, payload: [1]))
    #expect(second.header.payloadType == 8 && !second.header.marker)
    #expect(second.header.sequence == first.header.sequence &+ 1)
    #expect(second.header.timestamp == first.header.timestamp &+ 160)
  }
}
