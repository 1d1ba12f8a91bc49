import RCMLBasics
import Testing

@testable import RCMLMedia

/// What happens when a description changes in the middle of a call.
@Suite struct DescriptionTests {
  private let outside = SocketAddress(ipv4: 0x0a00_0099, port: 61_000)
  private let stranger = SocketAddress(ipv4: 0x0a00_00ff, port: 4_000)
  private let tone = Tone.make([1_000], milliseconds: 400)

  private func find(_ studio: Studio, from: SocketAddress, sequence: UInt16 = 1) {
    for step in 0..<4 as Range<UInt16> {
      _ = studio.send(
        slot: 0, from: from, sequence: sequence &+ step, timestamp: 1, payload: [1])
    }
  }

  // U-23, U-67, failures A8
  @Test func aReINVITEWithTheSameAddressKeepsThePhoneThatWasFound() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    find(studio, from: outside)
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)])
    #expect(studio.send(slot: 0, from: outside, sequence: 5, timestamp: 1, payload: [1]) != nil)
    find(studio, from: stranger)
    #expect(studio.send(slot: 0, from: stranger, sequence: 5, timestamp: 1, payload: [1]) == nil)
    let back = studio.send(
      slot: 1, from: Studio.calleeAddress, sequence: 1, timestamp: 1, payload: [1])
    #expect(back?.to == outside)
  }

  @Test func anotherAddressOpensTheStreamForAnotherPhone() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    find(studio, from: outside)
    let moved = SocketAddress(ipv4: 0x0a00_0007, port: 7_000)
    studio.describe(studio.caller, moved, [.init(0, .pcmu)])
    #expect(studio.send(slot: 0, from: outside, sequence: 5, timestamp: 1, payload: [1]) == nil)
    #expect(studio.send(slot: 0, from: moved, sequence: 6, timestamp: 1, payload: [1]) != nil)
    let back = studio.send(
      slot: 1, from: Studio.calleeAddress, sequence: 1, timestamp: 1, payload: [1])
    #expect(back?.to == moved)
  }

  // U-23 (hold by c=0.0.0.0), U-67, failures A8
  @Test func onHoldWithoutAnAddressNobodyNewIsBelieved() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    _ = studio.send(
      slot: 0, from: Studio.callerAddress, sequence: 1, timestamp: 1, payload: [1])
    studio.describe(studio.caller, nil, [.init(0, .pcmu)])
    find(studio, from: stranger)
    #expect(studio.send(slot: 0, from: stranger, sequence: 5, timestamp: 1, payload: [1]) == nil)
    // Its music on hold is still its own.
    #expect(
      studio.send(slot: 0, from: Studio.callerAddress, sequence: 2, timestamp: 1, payload: [1])
        != nil)
    let other = Studio()
    other.perform(.join(other.caller, other.callee, .init()))
    other.describe(other.caller, nil, [.init(0, .pcmu)])
    other.engine.open(MediaID(9), slot: 9, at: other.now)
    other.describe(MediaID(9), nil, [.init(0, .pcmu)])
    for sequence in 1...8 as ClosedRange<UInt16> {
      _ = other.send(slot: 9, from: stranger, sequence: sequence, timestamp: 1, payload: [1])
    }
    #expect(other.engine.counters.strange == 8)
  }

  // U-67, failures A8
  @Test func aSprayerDoesNotKeepThePhoneFromBeingFound() {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    var random = RandomSource(seed: 11)
    var passed = 0
    for sequence in 1...20 as ClosedRange<UInt16> {
      for _ in 0..<10 {
        #expect(
          studio.send(
            slot: 0, from: stranger, sequence: UInt16(truncatingIfNeeded: random.next()),
            timestamp: 1, source: UInt32(truncatingIfNeeded: random.next()), payload: [1]) == nil)
      }
      if studio.send(slot: 0, from: outside, sequence: sequence, timestamp: 1, payload: [1])
        != nil
      {
        passed += 1
      }
      studio.now = studio.now + .milliseconds(20)
    }
    #expect(passed == 17)
  }

  // U-67, failures A8: RTCP the same
  @Test func reportsOfStrangersAreNotTaken() throws {
    let studio = Studio()
    studio.perform(.join(studio.caller, studio.callee, .init()))
    _ = studio.send(
      slot: 0, from: Studio.callerAddress, sequence: 1, timestamp: 1, source: 77, payload: [1])
    var report: [UInt8] = [0x80, 200, 0, 6, 0, 0, 0, 77] + Array(repeating: 9, count: 20)
    func heard(from: SocketAddress) -> Bool {
      _ = report.withUnsafeMutableBytes {
        studio.engine.receiveControl(
          slot: 0, from: from, packet: UnsafeRawBufferPointer($0), at: studio.now)
      }
      return studio.engine.streams[0]?.incoming.hasReport ?? false
    }
    #expect(!heard(from: stranger))
    #expect(heard(from: SocketAddress(ipv4: 0x0a00_0001, port: 4_001)))
  }

  // RFC 5761, failures I-M2
  @Test func reportsToAPhoneThatWasFoundGoWhereItsRTPIs() throws {
    for isOnePort in [false, true] {
      let studio = Studio()
      studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
        if isOnePort { $0.control = $0.remote }
      }
      find(studio, from: outside)
      studio.wait(milliseconds: 6_000)
      let report = try #require(studio.packets.first { $0.slot == 0 && $0.isControl })
      #expect(report.to.port == (isOnePort ? 61_000 : 61_001))
    }
  }

  // RFC 3264 §8.4
  @Test func reportsGoOnDuringHold() {
    let studio = Studio()
    _ = studio.send(
      slot: 0, from: Studio.callerAddress, sequence: 1, timestamp: 1, payload: [1])
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
      ($0.sends, $0.receives) = (false, false)
    }
    studio.wait(milliseconds: 11_000)
    #expect(studio.packets.count == 2)
    #expect(studio.packets.allSatisfy { $0.isControl && $0.slot == 0 })
  }

  @Test func aSlotThatIsUsedAgainReportsOnceInFiveSeconds() {
    let studio = Studio()
    studio.perform(.close(studio.caller))
    studio.wait(milliseconds: 1_000)
    studio.engine.open(MediaID(5), slot: 0, at: studio.now)
    studio.describe(MediaID(5), Studio.callerAddress, [.init(0, .pcmu)])
    _ = studio.send(
      slot: 0, from: Studio.callerAddress, sequence: 1, timestamp: 1, payload: [1])
    studio.wait(milliseconds: 20_500)
    #expect(studio.packets.count == 4)
  }

  @Test func aThousandRefreshesOfASessionLeaveNoTimersBehind() {
    let studio = Studio()
    for _ in 0..<1_000 {
      studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
        $0.silenceLimit = .seconds(30)
      }
      studio.wait(milliseconds: 20_000)
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, sequence: 1, timestamp: 1, payload: [1])
    }
    #expect(studio.engine.alarms.count < 20)
    #expect(studio.events.isEmpty)
  }

  @Test func comfortNoiseNobodyAgreedOnIsASignOfLife() {
    let studio = Studio()
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
      $0.silenceLimit = .seconds(5)
    }
    for index in 0..<20 {
      _ = studio.send(
        slot: 0, from: Studio.callerAddress, type: index == 0 ? 0 : 13,
        sequence: UInt16(index), timestamp: 1, payload: [60])
      studio.wait(milliseconds: 1_000)
    }
    #expect(studio.events.isEmpty)
  }

  @Test func whatIsPlayedGoesOnInTheCodecThatIsAgreedOnMeanwhile() {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 1)]))
    studio.wait(milliseconds: 90)
    studio.describe(studio.caller, Studio.callerAddress, [.init(8, .pcma)])
    studio.wait(milliseconds: 100)
    studio.describe(studio.caller, Studio.callerAddress, [.init(111, .other([]))])
    studio.wait(milliseconds: 100)
    studio.describe(studio.caller, nil, [.init(0, .pcmu)])
    studio.wait(milliseconds: 50)
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
      $0.packetTime = 30
    }
    studio.wait(milliseconds: 200)
    #expect(studio.events == [.played(PlaybackID(1))])
    let sent = studio.packets.filter { $0.slot == 0 && !$0.isControl }
    #expect(sent.map { $0.octets[1] & 127 } == [0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 0, 0])
    let headers = sent.compactMap { $0.octets.withUnsafeBytes { RTPHeader.read($0) } }
    for (before, after) in zip(headers, headers.dropFirst()) {
      #expect(after.sequence == before.sequence &+ 1)
    }
    #expect(headers[10].marker)
    #expect(headers[10].timestamp &- headers[9].timestamp == 160 * 9)
  }

  @Test(arguments: [Int.min, -1, 0, 7, 10, 25, 33, 60, 61, 1_000, Int.max])
  func anyPacketTimeIsPlayedAtTheRightPace(packetTime: Int) {
    let studio = Studio()
    studio.describe(studio.caller, Studio.callerAddress, [.init(0, .pcmu)]) {
      $0.packetTime = packetTime
    }
    studio.perform(.play(studio.caller, PlaybackID(1), [studio.sound(tone, times: 3)]))
    studio.wait(milliseconds: 1_190)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 80)
    #expect(studio.events == [.played(PlaybackID(1))])
    #expect((9_600..<9_600 + 480).contains(studio.heard(slot: 0).count))
  }

  // V-11
  @Test func aSoundThatIsNotThereIsPassedOver() {
    let studio = Studio()
    studio.perform(
      .play(
        studio.caller, PlaybackID(1),
        [.sound(SoundID(99), times: 0), studio.sound([], times: 0), studio.sound(tone)]))
    studio.wait(milliseconds: 450)
    #expect(studio.heard(slot: 0).count == 3_200)
    #expect(studio.events == [.played(PlaybackID(1))])
  }

  @Test func aKeyThatIsBrokenOffIsLetGo() {
    let studio = Studio()
    studio.perform(.play(studio.caller, PlaybackID(1), [.digits([UInt8(ascii: "7")])]))
    studio.wait(milliseconds: 50)
    studio.perform(.stop(PlaybackID(1)))
    let events = studio.packets.compactMap { packet in
      packet.octets.withUnsafeBytes {
        TelephoneEvent.read(UnsafeRawBufferPointer(rebasing: $0[12...]))
      }
    }
    #expect(events.map(\.isEnd) == [false, false, false, true, true, true])
    #expect(Set(studio.packets.map { Array($0.octets[4..<8]) }).count == 1)
  }
}
