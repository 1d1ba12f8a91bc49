import RCMLBasics
import Testing

@testable import RCMLMedia

/// Streams that are passed on and never understood: video.
@Suite struct UntouchedTests {
  private let from = Studio.callerAddress
  private let to = Studio.calleeAddress
  private static let h264 = AudioCodec.other(Array("h264/90000".utf8))
  private static let rtx = AudioCodec.other(Array("rtx/90000".utf8))

  private func studio(
    caller: [StreamDescription.Payload] = [.init(97, h264), .init(99, h264), .init(98, rtx)],
    callee: [StreamDescription.Payload] = [.init(97, h264), .init(99, h264), .init(98, rtx)]
  ) -> Studio {
    let studio = Studio()
    studio.describe(studio.caller, from, caller) { $0.isUntouched = true }
    studio.describe(studio.callee, to, callee) { $0.isUntouched = true }
    studio.perform(.join(studio.caller, studio.callee, .init()))
    return studio
  }

  private func control(_ type: UInt8, source: UInt32 = 77) -> [UInt8] {
    [0x81, type, 0, 2] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: source >> $0) }
      + [0, 0, 0, 9]
  }

  private func control(
    _ studio: Studio, slot: Int, from: SocketAddress, _ octets: [UInt8]
  ) -> Forward? {
    octets.withUnsafeBytes {
      studio.engine.receiveControl(slot: slot, from: from, packet: $0, at: studio.now)
    }
  }

  @Test func everyOctetPassesAsItWasSent() throws {
    let studio = studio()
    // Two sources by turns, jumps, an extension, padding: none of our business.
    for index in 0..<300 as Range<UInt32> {
      let payload = (0..<1_100).map { UInt8(truncatingIfNeeded: UInt32($0) &* 31 &+ index) }
      var octets = [UInt8](repeating: 0, count: 12) + payload
      let header = RTPHeader(
        payloadType: [97, 99, 98][Int(index % 3)], marker: index % 4 == 3,
        sequence: UInt16(truncatingIfNeeded: 65_400 + index), timestamp: index / 4 &* 3_000,
        source: index % 3 == 2 ? 5 : 77)
      octets.withUnsafeMutableBytes { _ = header.write(to: $0) }
      let before = octets
      let forward = octets.withUnsafeMutableBytes {
        studio.engine.receive(slot: 0, from: from, packet: $0, at: studio.now)
      }
      #expect(forward == Forward(slot: 1, to: to, count: before.count))
      #expect(octets == before)
      studio.now = studio.now + .milliseconds(8)
    }
    #expect(studio.engine.counters.relayed == 300)
  }

  @Test func aNumberIsTurnedOnlyWhereTheOtherSideHasAnotherOne() throws {
    let studio = studio(callee: [.init(120, Self.h264), .init(98, Self.rtx)])
    for (sent, seen) in [(97, 120), (99, 120), (98, 98)] as [(UInt8, UInt8)] {
      let packet = try #require(
        studio.send(
          slot: 0, from: from, type: sent, sequence: 1, timestamp: 1, marker: true, payload: [1]))
      #expect(packet.header.payloadType == seen && packet.header.marker)
      #expect(packet.header.sequence == 1 && packet.header.source == 77)
    }
    #expect(
      studio.send(slot: 0, from: from, type: 0, sequence: 2, timestamp: 1, payload: [1]) == nil)
  }

  @Test func feedbackPassesBothWaysAndNothingIsReportedByUs() {
    let studio = studio()
    _ = studio.send(slot: 0, from: from, type: 97, sequence: 1, timestamp: 1, payload: [1])
    var control = from
    control.port += 1
    var far = to
    far.port += 1
    let octets = self.control(206)
    #expect(
      self.control(studio, slot: 0, from: control, octets) == Forward(slot: 1, to: far, count: 12))
    // Who only watches has sent no RTP, and is known by its description.
    #expect(
      self.control(studio, slot: 1, from: far, octets) == Forward(slot: 0, to: control, count: 12))
    studio.wait(milliseconds: 20_000)
    #expect(studio.packets.isEmpty)
  }

  @Test func feedbackOfStrangersAndWhatIsNoneGoesNowhere() {
    let studio = studio()
    var control = from
    control.port += 1
    let stranger = SocketAddress(ipv4: 0x0a00_00ff, port: control.port)
    let wrong: [[UInt8]] = [
      [], [0x81, 206, 0], self.control(97), [0x41] + self.control(206).dropFirst(),
    ]
    for octets in wrong {
      #expect(self.control(studio, slot: 0, from: control, octets) == nil)
    }
    #expect(self.control(studio, slot: 0, from: stranger, self.control(206)) == nil)
    // One that was found behind a NAT is believed, and no longer the one that was named.
    let outside = SocketAddress(ipv4: 0x0a00_0099, port: 61_000)
    for step in 0..<5 as Range<UInt16> {
      _ = studio.send(
        slot: 0, from: outside, type: 97, sequence: step, timestamp: 1, payload: [1])
    }
    #expect(self.control(studio, slot: 0, from: control, self.control(206)) == nil)
    #expect(self.control(studio, slot: 0, from: outside, self.control(206)) != nil)
    // And what comes back goes where it was found.
    let back = studio.send(slot: 1, from: to, type: 97, sequence: 1, timestamp: 1, payload: [1])
    #expect(back?.to == outside)
    studio.perform(.part(studio.caller))
    #expect(self.control(studio, slot: 0, from: outside, self.control(206)) == nil)
    #expect(self.control(studio, slot: 7, from: outside, self.control(206)) == nil)
  }

  @Test func aPartyOnHoldIsSentNothingAndAPartyThatLeftNeither() {
    let studio = studio()
    studio.describe(studio.callee, to, [.init(97, Self.h264)]) {
      $0.isUntouched = true
      $0.sends = false
    }
    #expect(
      studio.send(slot: 0, from: from, type: 97, sequence: 1, timestamp: 1, payload: [1]) == nil)
    studio.perform(.describe(studio.callee, StreamDescription()))
    var control = from
    control.port += 1
    #expect(self.control(studio, slot: 0, from: control, self.control(206)) == nil)
  }

  @Test func aSoundPassesNoFeedback() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    _ = studio.send(slot: 0, from: from, sequence: 1, timestamp: 1, payload: [1])
    var control = from
    control.port += 1
    #expect(self.control(studio, slot: 0, from: control, self.control(206)) == nil)
  }
}
