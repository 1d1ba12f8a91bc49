import RCMLBasics
import Testing

@testable import RCMLMedia

/// Streams with keys, and streams without (spec T-10, T-13).
@Suite struct SecretStreamTests {
  private static func key(_ suite: SecureSuite, _ seed: UInt8) throws -> SecureKey {
    let octets = (0..<suite.keyLength).map { UInt8(truncatingIfNeeded: $0 &* 3) &+ seed }
    return try #require(SecureKey(suite, octets))
  }

  private static func secrecy(_ suite: SecureSuite, _ seed: UInt8) throws -> StreamSecrecy {
    StreamSecrecy(incoming: try key(suite, seed), outgoing: try key(suite, seed &+ 100))
  }

  /// The other end of it.
  private static func phone(_ secrecy: StreamSecrecy) -> PacketSecrecy {
    PacketSecrecy(StreamSecrecy(incoming: secrecy.outgoing, outgoing: secrecy.incoming))
  }

  private static func sealed(_ phone: PacketSecrecy, _ packet: [UInt8]) throws -> [UInt8] {
    var room = packet + [UInt8](repeating: 0, count: PacketSecrecy.growth)
    let count = room.withUnsafeMutableBytes { phone.seal($0, packet.count) }
    return Array(room[..<(try #require(count))])
  }

  private static func opened(_ phone: PacketSecrecy, _ packet: [UInt8]) -> [UInt8]? {
    var packet = packet
    return packet.withUnsafeMutableBytes { phone.open($0) }.map { Array(packet[..<$0]) }
  }

  private static func packet(_ number: Int, type: UInt8 = 0, _ payload: [UInt8]) -> [UInt8] {
    var packet = [UInt8](repeating: 0, count: 12) + payload
    packet.withUnsafeMutableBytes { room in
      _ = RTPHeader(
        payloadType: type, marker: false, sequence: UInt16(truncatingIfNeeded: number),
        timestamp: UInt32(number * 160), source: 77
      ).write(to: room)
    }
    return packet
  }

  /// What goes on to the other party.
  private static func send(
    _ studio: Studio, slot: Int, from: SocketAddress, _ packet: [UInt8]
  ) -> [UInt8]? {
    var room = packet + [UInt8](repeating: 0, count: PacketSecrecy.growth)
    let forward = room.withUnsafeMutableBytes { octets in
      studio.engine.receive(
        slot: slot, from: from,
        packet: UnsafeMutableRawBufferPointer(rebasing: octets[..<packet.count]),
        growth: PacketSecrecy.growth, at: studio.now)
    }
    studio.collect()
    return forward.map { Array(room[..<$0.count]) }
  }

  private static let sound = (0..<160).map { UInt8(truncatingIfNeeded: $0 &* 5) }

  private static func describe(_ studio: Studio, callee secrecy: StreamSecrecy) {
    studio.describe(
      studio.callee, Studio.calleeAddress, [.init(0, .pcmu), .init(101, .key)]
    ) { $0.sender.secrecy = secrecy }
  }

  // T-13: one leg open, the other one secret
  @Test(arguments: SecureSuite.allCases)
  func soundGoesBothWaysBetweenAnOpenAndASecretLeg(suite: SecureSuite) throws {
    let studio = Studio()
    let secrecy = try Self.secrecy(suite, 1)
    let phone = Self.phone(secrecy)
    Self.describe(studio, callee: secrecy)
    studio.perform(.join(studio.caller, studio.callee, .init(withheldKey: 0)))
    for number in 1...20 {
      let there = try #require(
        Self.send(
          studio, slot: 0, from: Studio.callerAddress, Self.packet(number, Self.sound)))
      #expect(there.count > 172)
      #expect(!there.dropFirst(12).starts(with: Self.sound))
      #expect(Self.opened(phone, there)?.dropFirst(12).elementsEqual(Self.sound) == true)
      let back = try #require(
        Self.send(
          studio, slot: 1, from: Studio.calleeAddress,
          try Self.sealed(phone, Self.packet(number, Self.sound))))
      #expect(back.dropFirst(12).elementsEqual(Self.sound))
      studio.now = studio.now + .milliseconds(20)
    }
    #expect(studio.engine.counters.relayed == 40)
  }

  // T-13: each leg has keys of its own, and they may be of different suites
  @Test func twoSecretLegsHaveKeysOfTheirOwn() throws {
    let studio = Studio()
    let one = try Self.secrecy(.aes256GCM, 1)
    let other = try Self.secrecy(.aes128SHA32, 40)
    studio.describe(
      studio.caller, Studio.callerAddress, [.init(0, .pcmu)]
    ) { $0.sender.secrecy = one }
    Self.describe(studio, callee: other)
    studio.perform(.join(studio.caller, studio.callee, .init(withheldKey: 0)))
    let (caller, callee) = (Self.phone(one), Self.phone(other))
    for number in 1...5 {
      let there = try #require(
        Self.send(
          studio, slot: 0, from: Studio.callerAddress,
          try Self.sealed(caller, Self.packet(number, Self.sound))))
      #expect(Self.opened(callee, there)?.dropFirst(12).elementsEqual(Self.sound) == true)
      #expect(Self.opened(caller, there) == nil)
    }
  }

  // T-10, failures A9: neither what is open, nor what is sealed with another key, nor what was there before
  @Test func nothingButThePartysOwnIsBelieved() throws {
    let studio = Studio()
    let secrecy = try Self.secrecy(.aes128SHA80, 1)
    let (phone, stranger) = (Self.phone(secrecy), Self.phone(try Self.secrecy(.aes128SHA80, 2)))
    Self.describe(studio, callee: secrecy)
    studio.perform(.join(studio.caller, studio.callee, .init(withheldKey: 0)))
    let good = try Self.sealed(phone, Self.packet(1_000, Self.sound))
    for number in 1...200 {
      let open = Self.packet(number, Self.sound)
      #expect(Self.send(studio, slot: 1, from: Studio.calleeAddress, open) == nil)
      let strange = try Self.sealed(stranger, open)
      #expect(Self.send(studio, slot: 1, from: Studio.calleeAddress, strange) == nil)
    }
    #expect(Self.send(studio, slot: 1, from: Studio.calleeAddress, good) != nil)
    #expect(Self.send(studio, slot: 1, from: Studio.calleeAddress, good) == nil)
    #expect(studio.engine.counters.strange == 401)
  }

  // T-13: what we say ourselves is sealed, RTP and RTCP
  @Test func whatIsPlayedAndReportedIsSealed() throws {
    let studio = Studio()
    let secrecy = try Self.secrecy(.aes128GCM, 9)
    let phone = Self.phone(secrecy)
    Self.describe(studio, callee: secrecy)
    studio.perform(
      .play(
        studio.callee, PlaybackID(1),
        [studio.sound([Int16](repeating: 4_000, count: 800)), .digits(Array("5".utf8))]))
    studio.wait(milliseconds: 6_000)
    let sent = studio.packets.filter { $0.slot == 1 }
    let packets = sent.filter { !$0.isControl }.map(\.octets)
    #expect(packets.count > 5)
    let heard = packets.compactMap { Self.opened(phone, $0) }
    #expect(heard.count == packets.count)
    #expect(heard.contains { $0.count == 172 } && heard.contains { $0[1] & 127 == 101 })
    let reports = sent.filter(\.isControl)
    #expect(reports.count == 1)
    for report in reports {
      let opened = report.octets.withUnsafeBytes { phone.openControl($0) }
      #expect(opened.map { $0[$0.startIndex + 1] } == 200)
    }
  }

  // T-13: keys and recordings are of what was opened
  @Test func keysAndRecordingsAreOfWhatWasOpened() throws {
    let studio = Studio()
    let secrecy = try Self.secrecy(.aes128SHA80, 3)
    let phone = Self.phone(secrecy)
    Self.describe(studio, callee: secrecy)
    studio.perform(
      .record(RecordingID(1), RecordingPlan(left: studio.callee, right: nil), path: ""))
    for number in 1...50 {
      let packet = try Self.sealed(phone, Self.packet(number, [UInt8](repeating: 0x90, count: 160)))
      _ = Self.send(studio, slot: 1, from: Studio.calleeAddress, packet)
      studio.wait(milliseconds: 20)
    }
    let key = try Self.sealed(phone, Self.packet(51, type: 101, [7, 10, 0, 160]))
    _ = Self.send(studio, slot: 1, from: Studio.calleeAddress, key)
    studio.perform(.endRecording(RecordingID(1)))
    studio.wait(milliseconds: 1_000)
    #expect(studio.events.contains { $0 == .digit(studio.callee, UInt8(ascii: "7")) })
    let samples = try #require(studio.files[RecordingID(1)])
    #expect(samples.dropFirst(4_000).prefix(8_000).contains { $0 != 0 })
  }

  // T-14: what is under way under the former key is still heard, and what has not changed goes on counting
  @Test func aNewKeyLeavesNoHole() throws {
    let studio = Studio()
    let first = try Self.secrecy(.aes128SHA80, 1)
    let former = Self.phone(first)
    Self.describe(studio, callee: first)
    studio.perform(.join(studio.caller, studio.callee, .init(withheldKey: 0)))
    for number in 1...5 {
      #expect(
        Self.send(
          studio, slot: 1, from: Studio.calleeAddress,
          try Self.sealed(former, Self.packet(number, Self.sound))) != nil)
    }
    var second = first
    second.incoming = try Self.key(.aes128SHA80, 77)
    Self.describe(studio, callee: second)
    let next = Self.phone(second)
    for (number, phone) in [(6, former), (8, next), (7, former), (9, next)] {
      #expect(
        Self.send(
          studio, slot: 1, from: Studio.calleeAddress,
          try Self.sealed(phone, Self.packet(number, Self.sound))) != nil)
    }
    for number in 10...80 {
      let packet = try Self.sealed(next, Self.packet(number, Self.sound))
      #expect(Self.send(studio, slot: 1, from: Studio.calleeAddress, packet) != nil)
    }
    let late = try Self.sealed(former, Self.packet(81, Self.sound))
    #expect(Self.send(studio, slot: 1, from: Studio.calleeAddress, late) == nil)
    // Our own direction went on: the phone hears our next packet under the key that it had from the start.
    let ours = try #require(
      Self.send(studio, slot: 0, from: Studio.callerAddress, Self.packet(1, Self.sound)))
    #expect(Self.opened(former, ours) != nil)
  }

  // T-10, A-8
  @Test func aKeyPrintsAsAMask() throws {
    let key = try Self.key(.aes128SHA80, 65)
    let shown = "\(key)" + String(describing: try Self.secrecy(.aes128SHA80, 65))
    #expect(shown.contains("***") && !shown.contains("65") && !shown.contains("68"))
    #expect(SecureKey(.aes256GCM, key.octets) == nil)
  }
}
