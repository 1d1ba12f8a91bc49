import RCMLBasics
import Testing

@testable import RCMLMedia

@Suite struct RelayTests {
  let from = Studio.callerAddress
  let to = Studio.calleeAddress

  private func joined(_ studio: Studio, withheld: UInt8 = 0) {
    studio.perform(.join(studio.caller, studio.callee, .init(withheldKey: withheld)))
  }

  // U-23, failures I-M1
  @Test func audioPassesUntouchedAndInOneUnbrokenStream() throws {
    let studio = Studio()
    joined(studio)
    var last: RTPHeader?
    for index in 0..<200 {
      let payload = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
      let seen = try #require(
        studio.send(
          slot: 0, from: from, sequence: UInt16(truncatingIfNeeded: 65_500 + index),
          timestamp: 4_294_960_000 &+ UInt32(index * 160), payload: payload))
      #expect(seen.to == to)
      #expect(seen.payload == payload)
      if let last {
        #expect(seen.header.sequence == last.sequence &+ 1)
        #expect(seen.header.timestamp == last.timestamp &+ 160)
        #expect(seen.header.source == last.source)
        #expect(!seen.header.marker)
      } else {
        #expect(seen.header.marker)
      }
      last = seen.header
      studio.now = studio.now + .milliseconds(20)
    }
    #expect(studio.engine.counters.relayed == 200)
  }

  @Test func lossAndDisorderOfTheSourceArePassedOnAsTheyAre() throws {
    let studio = Studio()
    joined(studio)
    var numbers: [UInt16] = []
    for sequence in [10, 11, 14, 13, 13, 15] as [UInt16] {
      let seen = try #require(
        studio.send(
          slot: 0, from: from, sequence: sequence, timestamp: UInt32(sequence) * 160,
          payload: [1]))
      numbers.append(seen.header.sequence)
    }
    let first = numbers[0]
    #expect(numbers.map { $0 &- first } == [0, 1, 4, 3, 3, 5])
  }

  @Test func aNewSourceContinuesTheStreamWithAMarker() throws {
    let studio = Studio()
    joined(studio)
    let before = try #require(
      studio.send(slot: 0, from: from, sequence: 9, timestamp: 160, source: 1, payload: [1]))
    studio.now = studio.now + .milliseconds(20)
    let after = try #require(
      studio.send(slot: 0, from: from, sequence: 40_000, timestamp: 9, source: 2, payload: [2]))
    #expect(after.header.sequence == before.header.sequence &+ 1)
    #expect(after.header.timestamp == before.header.timestamp &+ 160)
    #expect(after.header.marker)
  }

  @Test func theOtherSidesNumbersForACodecAreUsed() throws {
    let opus = AudioCodec.other(Array("opus/48000/2".utf8))
    let studio = Studio(
      callerSpeaks: [.init(111, opus), .init(126, .key)],
      calleeSpeaks: [.init(96, opus), .init(101, .key)])
    joined(studio)
    let seen = try #require(
      studio.send(slot: 0, from: from, type: 111, sequence: 1, timestamp: 1, payload: [9, 9]))
    #expect(seen.header.payloadType == 96)
    #expect(seen.payload == [9, 9])
  }

  @Test func mulawAndAlawAreTurnedIntoEachOther() throws {
    let studio = Studio(callerSpeaks: [.init(0, .pcmu)], calleeSpeaks: [.init(8, .pcma)])
    joined(studio)
    let octets = (0...255).map { UInt8($0) }
    let seen = try #require(
      studio.send(slot: 0, from: from, type: 0, sequence: 1, timestamp: 1, payload: octets))
    #expect(seen.header.payloadType == 8)
    for (heard, sent) in zip(seen.payload, octets) {
      let difference = Int(G711.decode(heard, .a)) - Int(G711.decode(sent, .mu))
      #expect(abs(difference) <= max(16, abs(Int(G711.decode(sent, .mu))) / 16))
    }
  }

  // U-67, failures A8
  @Test func strangersAreNeverPassedOnAndNeverMoveTheStream() throws {
    let studio = Studio()
    joined(studio)
    let stranger = SocketAddress(ipv4: 0x0a00_00ff, port: 4_000)
    _ = studio.send(slot: 0, from: from, sequence: 1, timestamp: 1, payload: [1])
    for sequence in 0..<1_000 as Range<UInt16> {
      #expect(
        studio.send(
          slot: 0, from: stranger, sequence: sequence, timestamp: UInt32(sequence) * 160,
          payload: [0]) == nil)
    }
    #expect(studio.engine.counters.strange == 1_000)
    let back = try #require(
      studio.send(slot: 1, from: to, sequence: 1, timestamp: 1, payload: [1]))
    #expect(back.to == from)
  }

  // U-67
  @Test func aPhoneBehindANatIsFollowedAfterFourPackets() throws {
    let studio = Studio()
    joined(studio)
    let outside = SocketAddress(ipv4: 0x0a00_0099, port: 61_000)
    for sequence in 1...3 as ClosedRange<UInt16> {
      #expect(
        studio.send(slot: 0, from: outside, sequence: sequence, timestamp: 1, payload: [1]) == nil)
    }
    #expect(studio.send(slot: 0, from: outside, sequence: 4, timestamp: 1, payload: [1]) != nil)
    let back = try #require(
      studio.send(slot: 1, from: to, sequence: 1, timestamp: 1, payload: [1]))
    #expect(back.to == outside)
    // Whoever is vouched for no more than it is a stranger from now on; the named address never is.
    let next = SocketAddress(ipv4: 0x0a00_0099, port: 61_002)
    for sequence in 1...8 as ClosedRange<UInt16> {
      #expect(
        studio.send(slot: 0, from: next, sequence: sequence, timestamp: 1, payload: [1]) == nil)
    }
    #expect(studio.send(slot: 0, from: from, sequence: 5, timestamp: 1, payload: [1]) != nil)
    #expect(studio.send(slot: 0, from: outside, sequence: 5, timestamp: 1, payload: [1]) == nil)
  }

  @Test func noisePacketsCostNothingButACount() {
    let studio = Studio()
    joined(studio)
    var random = RandomSource(seed: 3)
    for _ in 0..<20_000 {
      let length = Int(random.next() % 64)
      var octets = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      if length > 1 {
        octets[0] = octets[0] & 0x3f | 0x80
        octets[1] = octets[1] & 0x80 | 0
      }
      octets.withUnsafeMutableBytes { packet in
        let forward = studio.engine.receive(slot: 0, from: from, packet: packet, at: studio.now)
        #expect(forward == nil || forward?.to == to)
        studio.engine.receiveControl(
          slot: 0, from: from, packet: UnsafeRawBufferPointer(packet), at: studio.now)
      }
    }
    #expect(
      studio.engine.receive(
        slot: 9, from: from, packet: .init(start: nil, count: 0), at: studio.now) == nil)
  }

  // U-25, L-34
  @Test func aKeyIsToldOnceAndPassedOnUnlessItIsWithheld() {
    for (key, withheld, passes) in [(5, "*", true), (10, "*", false)] as [(UInt8, String, Bool)] {
      let studio = Studio()
      joined(studio, withheld: Array(withheld.utf8)[0])
      for (index, isEnd) in [false, false, true, true, true].enumerated() {
        let seen = studio.send(
          slot: 0, from: from, type: 101, sequence: UInt16(index), timestamp: 8_000,
          payload: [key, isEnd ? 0x8a : 10, 0, 160])
        #expect((seen != nil) == passes)
      }
      #expect(studio.events == [.digit(studio.caller, key == 10 ? 42 : 53)])
    }
  }

  // C-8, U-25: whoever accepts a call by a key still holds it down when the caller is there.
  @Test func aKeyPressedBeforeTheyWereJoinedIsNotHeardByTheOtherAfterwards() {
    let studio = Studio()
    let press = { (sequence: UInt16, timestamp: UInt32, octet: UInt8) in
      studio.send(
        slot: 1, from: to, type: 101, sequence: sequence, timestamp: timestamp,
        payload: [1, octet, 0, 160]) != nil
    }
    #expect(!press(1, 8_000, 10))
    joined(studio)
    #expect(!press(2, 8_000, 10))
    for sequence in 3...5 { #expect(!press(UInt16(sequence), 8_000, 0x8a)) }
    #expect(press(6, 12_000, 10))
    #expect(studio.events == [.digit(studio.callee, 49), .digit(studio.callee, 49)])
  }

  // U-20: a leg heard before it answered is joined once more by the bridge.
  @Test func aKeyThatIsDownWhenTheyAreJoinedOnceMoreGoesOn() {
    let studio = Studio()
    for _ in 0..<2 {
      joined(studio)
      #expect(
        studio.send(
          slot: 1, from: to, type: 101, sequence: 1, timestamp: 8, payload: [1, 10, 0, 160]) != nil)
    }
  }

  // L-34: while it rings a * means nothing, and the called party hears nothing of it.
  @Test func aStarThatBeganBeforeTheBridgeIsNotPassedOnEither() {
    let studio = Studio()
    for index in 0..<4 {
      if index == 2 { joined(studio, withheld: 42) }
      let seen = studio.send(
        slot: 0, from: from, type: 101, sequence: UInt16(index), timestamp: 8_000,
        payload: [10, index == 3 ? 0x8a : 10, 0, 160])
      #expect(seen == nil)
    }
    #expect(studio.events == [.digit(studio.caller, 42)])
    #expect(studio.engine.counters.withheld == 4)
  }

  @Test func theCalleesStarIsPassedOn() {
    let studio = Studio()
    joined(studio, withheld: 42)
    #expect(
      studio.send(
        slot: 1, from: to, type: 101, sequence: 1, timestamp: 8, payload: [10, 10, 0, 160]) != nil)
  }

  // U-23: hold
  @Test func nothingIsSentToAPartyOnHold() {
    let studio = Studio()
    joined(studio)
    studio.describe(studio.callee, Studio.calleeAddress, [.init(0, .pcmu)]) { $0.sends = false }
    #expect(studio.send(slot: 0, from: from, sequence: 1, timestamp: 1, payload: [1]) == nil)
    studio.describe(studio.callee, nil, [.init(0, .pcmu)])
    #expect(studio.send(slot: 0, from: from, sequence: 2, timestamp: 1, payload: [1]) == nil)
  }

  // failures I-M2
  @Test func nothingIsSentAfterTheEnd() {
    let studio = Studio()
    joined(studio)
    studio.perform(.close(studio.callee))
    #expect(studio.send(slot: 0, from: from, sequence: 1, timestamp: 1, payload: [1]) == nil)
    #expect(studio.send(slot: 1, from: to, sequence: 1, timestamp: 1, payload: [1]) == nil)
    studio.perform(.close(studio.caller))
    studio.wait(milliseconds: 60_000)
    #expect(studio.packets.isEmpty)
    #expect(studio.engine.count == 0)
    #expect(studio.engine.nextDeadline == nil)
  }

  // U-27
  @Test func silenceOfAPartyIsToldOnce() {
    let studio = Studio()
    studio.describe(studio.caller, from, [.init(0, .pcmu)]) { $0.silenceLimit = .seconds(5) }
    studio.wait(milliseconds: 3_000)
    _ = studio.send(slot: 0, from: from, sequence: 1, timestamp: 1, payload: [1])
    studio.wait(milliseconds: 4_900)
    #expect(studio.events.isEmpty)
    studio.wait(milliseconds: 60_000)
    #expect(studio.events == [.silent(studio.caller)])
  }

  /// Whoever keeps a trace is told with each report, and when the stream is closed; nobody else is.
  @Test(arguments: [true, false])
  func whoeverKeepsATraceIsToldHowAPartyIsHeard(isTold: Bool) {
    let studio = Studio()
    if isTold { studio.engine.tellReception() }
    joined(studio)
    func speak(_ sequences: ClosedRange<UInt16>) {
      for sequence in sequences where sequence != 50 {
        _ = studio.send(
          slot: 0, from: from, sequence: sequence, timestamp: UInt32(sequence) * 160,
          payload: Array(repeating: 255, count: 160))
        studio.wait(milliseconds: 20)
      }
    }
    speak(1...100)
    studio.wait(milliseconds: 3_500)
    speak(101...110)
    studio.perform(.close(studio.caller))
    studio.perform(.close(studio.callee))
    let told = studio.events.compactMap { event -> StreamReception? in
      guard case .reception(let id, let reception) = event, id == studio.caller else { return nil }
      return reception
    }
    let counts = [
      StreamReception(packets: 99, lost: 1, jitterMicroseconds: 0),
      StreamReception(
        packets: 109, lost: 1, jitterMicroseconds: told.last?.jitterMicroseconds ?? 0),
    ]
    #expect(told == (isTold ? counts : []))
  }

  // RFC 3550 §6.4
  @Test func reportsSayWhatWasSentAndHeard() throws {
    let studio = Studio()
    joined(studio)
    for sequence in 1...100 as ClosedRange<UInt16> where sequence != 50 {
      _ = studio.send(
        slot: 0, from: from, sequence: sequence, timestamp: UInt32(sequence) * 160,
        payload: Array(repeating: 255, count: 160))
      studio.wait(milliseconds: 20)
    }
    studio.wait(milliseconds: 5_000)
    let toCaller = try #require(studio.packets.first { $0.isControl && $0.slot == 0 })
    #expect(toCaller.to.port == 4_001)
    // Receiver report: one block, one packet of a hundred lost.
    #expect(Array(toCaller.octets[0..<4]) == [0x81, 201, 0, 7])
    #expect(Array(toCaller.octets[12..<16]) == [2, 0, 0, 1])
    let toCallee = try #require(studio.packets.first { $0.isControl && $0.slot == 1 })
    // Sender report: 99 packets of 160 octets; NTP time of 2023.
    #expect(Array(toCallee.octets[0..<4]) == [0x80, 200, 0, 6])
    #expect(Array(toCallee.octets[20..<28]) == [0, 0, 0, 99, 0, 0, 61, 224])
    #expect(toCallee.octets[28..<32] == [0x81, 202, 0, 4])
  }
}
