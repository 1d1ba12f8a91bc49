import RCMLAgent
import RCMLBasics
import Testing

@testable import RCMLReactor

/// SIP messages as packets of HEP version 3 (spec Q-38).
struct HEPTests {
  /// The chunks of a packet by their types; nil = it is none.
  static func chunks(_ packet: [UInt8]) -> [UInt16: [UInt8]]? {
    func number(_ place: Int) -> Int { Int(packet[place]) << 8 | Int(packet[place + 1]) }
    guard packet.starts(with: Array("HEP3".utf8)), packet.count > 6, number(4) == packet.count
    else { return nil }
    var (found, place) = ([UInt16: [UInt8]](), 6)
    while place < packet.count {
      guard place + 6 <= packet.count, number(place) == 0 else { return nil }
      let length = number(place + 4)
      guard length >= 6, place + length <= packet.count else { return nil }
      found[UInt16(number(place + 2))] = Array(packet[(place + 6)..<(place + length)])
      place += length
    }
    return found
  }

  static func message(isSent: Bool = true, bytes: [UInt8] = [66, 89, 69]) -> MirroredMessage {
    MirroredMessage(
      isSent: isSent, transport: .udp, local: SocketAddress(ipv4: 0x7f00_0001, port: 5060),
      peer: SocketAddress(ipv4: 0xc000_0207, port: 5080), bytes: bytes,
      correlation: Array("CA01".utf8))
  }

  @Test func aMessageHasItsAddressesTimeAndNames() throws {
    let target = MirrorTarget(
      address: SocketAddress(ipv4: 0x7f00_0001, port: 9060), number: 2_001,
      key: Private(Array("key".utf8)))
    let chunks = try #require(
      HEPTests.chunks(
        HEPPacket.write(HEPTests.message(), to: target, unixMicroseconds: 1_727_874_309_000_042)))
    #expect(chunks[1] == [2] && chunks[2] == [17])
    #expect(chunks[3] == [127, 0, 0, 1] && chunks[4] == [192, 0, 2, 7])
    #expect(chunks[7] == [0x13, 0xc4] && chunks[8] == [0x13, 0xd8])
    #expect(chunks[9] == [0x66, 0xfd, 0x45, 0x05] && chunks[10] == [0, 0, 0, 42])
    #expect(chunks[11] == [1] && chunks[12] == [0, 0, 7, 0xd1])
    #expect(chunks[14] == Array("key".utf8) && chunks[15] == [66, 89, 69])
    #expect(chunks[17] == Array("CA01".utf8))
    #expect(chunks[5] == nil && chunks[6] == nil)
  }

  @Test func whatCameInGoesFromThePeerToUsAndTCPAndIPv6AreSaid() throws {
    var message = HEPTests.message(isSent: false)
    message.transport = .tcp
    message.local = SocketAddress(ipv6High: 0x2001_0db8 << 32, low: 1, port: 5060)
    message.peer = SocketAddress(ipv6High: 0x2001_0db8 << 32, low: 2, port: 40_000)
    message.correlation = []
    let target = MirrorTarget(address: SocketAddress(ipv4: 0x7f00_0001, port: 9060))
    let chunks = try #require(
      HEPTests.chunks(HEPPacket.write(message, to: target, unixMicroseconds: -1)))
    let network: [UInt8] = [0x20, 1, 0x0d, 0xb8] + Array(repeating: 0, count: 11)
    #expect(chunks[1] == [10] && chunks[2] == [6])
    #expect(chunks[5] == network + [2] && chunks[6] == network + [1])
    #expect(chunks[7] == [0x9c, 0x40] && chunks[8] == [0x13, 0xc4])
    #expect(chunks[3] == nil && chunks[14] == nil && chunks[17] == nil)
    #expect(chunks[12] == [0, 0, 0, 0])
  }

  @Test func aHugeMessageIsCutSoThatItFitsADatagram() throws {
    var message = HEPTests.message(bytes: Array(repeating: 65, count: 70_000))
    message.correlation = Array(repeating: 66, count: 70_000)
    let target = MirrorTarget(
      address: SocketAddress(ipv4: 0x7f00_0001, port: 9060),
      key: Private(Array(repeating: 67, count: 70_000)))
    let packet = HEPPacket.write(message, to: target, unixMicroseconds: 0)
    #expect(packet.count <= 65_507)
    #expect(HEPTests.chunks(packet)?[15]?.count == 64_000)
  }

  @Test func messagesArriveWhereTheSettingSays() throws {
    let receiver = try Rig()
    let address = try receiver.reactor.listen("udp:127.0.0.1:0").address
    let rig = try Rig()
    #expect(rig.reactor.conversation.mirror.descriptorCount == 0)
    rig.core.mirrored = [HEPTests.message()]
    // Not asked for: nothing is taken.
    try rig.say()
    #expect(rig.core.mirrored.count == 1)
    #expect(rig.reactor.conversation.mirror.descriptorCount == 0)
    rig.core.mirrorTarget = MirrorTarget(address: address)
    _ = try rig.reactor.perform(.set(name: "hep", value: "x"))
    try rig.say()
    let packet = try #require(
      try receiver.hear { heard -> [UInt8]? in
        if case .datagram(_, _, _, let bytes) = heard { bytes } else { nil }
      })
    #expect(HEPTests.chunks(packet)?[15] == [66, 89, 69])
    #expect(rig.reactor.conversation.mirror.descriptorCount == 1)
    rig.core.mirrorTarget = nil
    _ = try rig.reactor.perform(.reset(name: "hep"))
    #expect(rig.reactor.conversation.mirror.descriptorCount == 0)
  }

  /// Nobody is there, and later somebody is: nothing waits, nothing is lost that is sent after.
  @Test func aReceiverThatIsNotThereKeepsNobodyWaiting() throws {
    let receiver = try Rig()
    let address = try receiver.reactor.listen("udp:127.0.0.1:0").address
    receiver.reactor.close()
    let rig = try Rig()
    rig.core.mirrorTarget = MirrorTarget(address: address)
    _ = try rig.reactor.perform(.set(name: "hep", value: "x"))
    let began = ContinuousClock.now
    for _ in 0..<200 {
      rig.core.mirrored = [HEPTests.message(bytes: Array(repeating: 65, count: 1_000))]
      try rig.say()
    }
    #expect(ContinuousClock.now - began < .seconds(5))
    let late = try Rig()
    try late.reactor.listen("udp:127.0.0.1:\(address.port)")
    rig.core.mirrored = [HEPTests.message()]
    try rig.say()
    let packet = try late.hear { heard -> [UInt8]? in
      if case .datagram(_, _, _, let bytes) = heard { bytes } else { nil }
    }
    #expect(packet.flatMap(HEPTests.chunks)?[15] == [66, 89, 69])
  }
}
