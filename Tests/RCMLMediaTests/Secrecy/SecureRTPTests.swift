import CSecureRTP
import RCMLBasics
import Testing

/// What a direction keeps of the packets so far.
@Suite struct SecureRTPTests {
  private static let suites = [
    SECURE_RTP_CM_SHA1_80, SECURE_RTP_CM_SHA1_32, SECURE_RTP_GCM_128, SECURE_RTP_GCM_256,
  ]

  private static func pair(_ suite: Int) throws -> (from: Transform, to: Transform) {
    let key = (0..<secure_rtp_key_length(Int32(suite))).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    return (try #require(Transform(suite, key: key)), try #require(Transform(suite, key: key)))
  }

  // T-12
  @Test(arguments: suites) func aPacketIsHeardOnce(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    let packets = (100..<400).compactMap { from.protected(Transform.packet($0)) }
    try #require(packets.count == 300)
    for packet in packets { #expect(to.verdict(on: packet) == 172) }
    for packet in packets { #expect(to.verdict(on: packet) == SECURE_RTP_REPLAYED) }
  }

  // T-12: within 128 packets each finds its place, in whichever order
  @Test(arguments: suites) func disorderIsNoReplay(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    let packets = (0..<200).compactMap { from.protected(Transform.packet($0)) }
    #expect(to.verdict(on: packets[150]) == 172)
    for place in (23..<150).reversed() { #expect(to.verdict(on: packets[place]) == 172) }
    // The window ends here.
    #expect(to.verdict(on: packets[22]) == SECURE_RTP_REPLAYED)
    #expect(to.verdict(on: packets[151]) == 172)
    #expect(to.verdict(on: packets[151]) == SECURE_RTP_REPLAYED)
  }

  // T-12: loss and disorder around each wrap of 16 bits
  @Test(arguments: suites) func theRollOverCounterIsFollowed(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    var random = RandomSource(seed: UInt64(suite))
    var held: [(Int, [UInt8])] = []
    func hear(_ number: Int, _ packet: [UInt8]) {
      #expect(to.unprotected(packet).map { Array($0.suffix(2)) } == Self.digits(number))
    }
    var number = 65_400
    while number < 200_000 {
      let packet = try #require(
        from.protected(Transform.packet(number, payload: Self.digits(number))))
      // Most of the way is of no interest, and leapt over.
      let isNearWrap = !(200..<65_300).contains(number % 65_536)
      if isNearWrap { held.append((number, packet)) } else { hear(number, packet) }
      while held.count > (isNearWrap ? 8 : 0) {
        let (sent, packet) = held.remove(at: Int(random.next() % UInt64(held.count)))
        if random.next() % 10 != 0 { hear(sent, packet) }
      }
      number += isNearWrap ? 1 : min(9_000, 65_300 - number % 65_536)
    }
  }

  private static func digits(_ number: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
  }

  // T-12: who is heard first after its numbers have wrapped
  @Test(arguments: suites) func whoWrappedBeforeItWasHeardIsHeard(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    for number in 65_530..<65_540 { _ = from.protected(Transform.packet(number)) }
    let packet = try #require(from.protected(Transform.packet(65_540)))
    #expect(to.unprotected(packet) == Transform.packet(65_540))
    #expect(to.verdict(on: packet) == SECURE_RTP_REPLAYED)
  }

  // T-12
  @Test(arguments: suites) func eachSourceHasItsOwnNumbers(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    for number in 0..<50 {
      for source in 1...9 as ClosedRange<UInt8> {
        let packet = try #require(from.protected(Transform.packet(number, source: source)))
        #expect(to.verdict(on: packet) == 172)
      }
    }
  }

  // T-12: a number that was used is not used again, or two packets would share a key stream
  @Test(arguments: suites) func nothingIsSealedTwice(suite: Int) throws {
    let (from, _) = try Self.pair(suite)
    #expect(from.protected(Transform.packet(5)) != nil)
    #expect(from.protected(Transform.packet(5, payload: [1, 2, 3])) == nil)
  }

  // T-12, failures A9: nothing that is not the party's changes anything
  @Test(arguments: suites) func aChangedPacketIsRefusedAndForgotten(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    let packet = try #require(from.protected(Transform.packet(9, payload: Array(0..<20))))
    for place in packet.indices where place != 0 {
      var changed = packet
      changed[place] ^= 1
      #expect(to.unprotected(changed) == nil)
    }
    for count in packet.indices { #expect(to.unprotected(Array(packet[..<count])) == nil) }
    #expect(to.unprotected(packet) == Transform.packet(9, payload: Array(0..<20)))
  }

  // T-15, RFC 3711 §3.1, RFC 7714 §7: octets that name the key stand before a tag of its own, and behind one of an AEAD
  @Test(arguments: suites) func octetsThatNameTheKeyArePassedOver(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    to.expectIdentifier(4)
    let tag = [SECURE_RTP_CM_SHA1_80: 10, SECURE_RTP_CM_SHA1_32: 4][suite] ?? 0
    for number in 1...3 {
      var packet = try #require(from.protected(Transform.packet(number)))
      packet.insert(contentsOf: [0, 0, 0, 1], at: packet.count - tag)
      #expect(to.unprotected(packet) == Transform.packet(number))
    }
    let report = [0x80, 201, 0, 1, 0, 0, 0, 7] + Array(0..<24) as [UInt8]
    var packet = try #require(from.protected(report, isControl: true))
    packet.insert(contentsOf: [0, 0, 0, 1], at: packet.count - (tag == 0 ? 0 : 10))
    #expect(to.unprotected(packet, isControl: true) == report)
  }

  // T-12: RTCP has an index of its own, and eighty bits of tag whatever RTP has
  @Test(arguments: suites) func reportsAreSealedAndHeardOnce(suite: Int) throws {
    let (from, to) = try Self.pair(suite)
    let report = [0x80, 201, 0, 1, 0, 0, 0, 7] + Array(0..<24) as [UInt8]
    let tag = suite == SECURE_RTP_GCM_128 || suite == SECURE_RTP_GCM_256 ? 16 : 10
    for _ in 0..<3 {
      let packet = try #require(from.protected(report, isControl: true))
      #expect(packet.count == report.count + 4 + tag)
      #expect(packet[..<8] == report[..<8])
      #expect(!packet[8..<32].elementsEqual(report[8..<32]))
      #expect(to.unprotected(packet, isControl: true) == report)
      #expect(to.unprotected(packet, isControl: true) == nil)
    }
    for count in 0..<40 {
      #expect(to.unprotected([UInt8](repeating: 0x80, count: count), isControl: true) == nil)
    }
  }

  @Test(arguments: suites) func whatHasNoRoomIsNotMade(suite: Int) throws {
    let (from, _) = try Self.pair(suite)
    #expect(from.protected(Transform.packet(1), room: 3) == nil)
    #expect(from.protected([0x80, 201, 0, 1, 0, 0, 0, 7], isControl: true, room: 7) == nil)
    #expect(from.protected([1, 2, 3]) == nil)
    #expect(from.protected([0x8f] + [UInt8](repeating: 0, count: 20)) == nil)
    #expect(from.protected([0x90] + [UInt8](repeating: 0xff, count: 20)) == nil)
  }
}
