import Glibc
import RCMLBasics
import RCMLMedia
import Testing

@testable import RCMLReactor

/// Packets leave from the address that their party was told of (spec T-5, U-67).
struct PacketSourceTests {
  private static let party: UInt32 = 0x7f18_0009
  private static let ours = SocketAddress(ipv4: 0x7f18_0005, port: 0)
  private static let other = SocketAddress(ipv4: 0x7f18_0006, port: 0)
  /// Documentation (RFC 5737): no machine has it.
  private static let outside = SocketAddress(ipv4: 0xcb00_7109, port: 0)

  /// Where a packet that is played to a party, which hears at 127.24.0.9, comes from.
  private func source(_ own: OwnAddress?, isIPv4Only: Bool = false) throws -> SocketAddress? {
    let rig = try Rig()
    if isIPv4Only {
      try rig.say(.media(.stop(PlaybackID(1))))
      rig.reactor.media?.sockets.useIPv4Only()
    }
    let party = try #require(RTPParty(host: Self.party))
    let opened = try rig.open(1, with: party) { $0.own = own }
    let port = try #require(opened)
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.beep])))
    let source = try #require(try rig.receiveSource(party))
    #expect(source.port == port)
    #expect(try rig.told(.played(PlaybackID(5))))
    let counters = rig.reactor.counters.media
    #expect(counters.packetsUnsent == 0 && counters.packetsSent == counters.packetsPlayed)
    return source.host
  }

  @Test(arguments: [false, true]) func whatIsShownIsWherePacketsLeaveFrom(isIPv4Only: Bool) throws {
    let own = OwnAddress(shown: Self.ours, local: Self.ours)
    #expect(try source(own, isIPv4Only: isIPv4Only) == Self.ours)
  }

  @Test(arguments: [false, true]) func behindANATItIsTheListenersAddress(isIPv4Only: Bool) throws {
    let own = OwnAddress(shown: Self.outside, local: Self.ours)
    #expect(try source(own, isIPv4Only: isIPv4Only) == Self.ours)
    #expect(try source(OwnAddress(shown: nil, local: Self.ours)) == Self.ours)
  }

  // A setting names an address of this machine, and signalling comes in at another one.
  @Test func anAddressOfThisMachineThatASettingShowsIsNoNATs() throws {
    #expect(try source(OwnAddress(shown: Self.ours, local: Self.other)) == Self.ours)
  }

  @Test func whereNothingIsKnownTheKernelChooses() throws {
    let usual = SocketAddress(ipv4: 0x7f00_0001, port: 0)
    #expect(try source(nil) == usual)
    #expect(try source(OwnAddress(shown: Self.outside, local: nil)) == usual)
    #expect(try source(OwnAddress(shown: SocketAddress(ipv4: 0, port: 9), local: nil)) == usual)
  }

  // It was this machine's, and is another's now (VRRP), or leads nowhere from here: nothing is lost.
  @Test(arguments: [false, true]) func anAddressThatIsGoneCostsNoPacket(isIPv4Only: Bool) throws {
    let own = OwnAddress(shown: nil, local: Self.outside)
    #expect(
      try source(own, isIPv4Only: isIPv4Only) == SocketAddress(ipv4: 0x7f00_0001, port: 0))
  }

  @Test func itIsGivenUpWithTheFirstPacketAndTriedWithTheNextDescription() throws {
    let rig = try Rig()
    let party = try #require(RTPParty(host: Self.party))
    func own(_ address: SocketAddress) throws {
      var description = StreamDescription()
      description.remote = party.address
      description.incoming = [.init(0, .pcmu)]
      description.outgoing = description.incoming
      description.own = OwnAddress(shown: nil, local: address)
      try rig.say(.media(.describe(MediaID(1), description)))
    }
    _ = try rig.open(1, with: party) { $0.own = OwnAddress(shown: nil, local: Self.outside) }
    let isUsed = { rig.reactor.media?.sockets.all.first?.source?.isUsed }
    #expect(isUsed() == true)
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.beep])))
    _ = try rig.receiveSource(party)
    #expect(isUsed() == false)
    try own(Self.ours)
    #expect(isUsed() == true)
    while party.receiveSource() != nil {}
    #expect(try rig.receiveSource(party)?.host == Self.ours)
  }

  @Test func whatIsPassedOnLeavesFromTheAddressOfItsOwnParty() throws {
    let rig = try Rig()
    let one = try #require(RTPParty(host: Self.party))
    let two = try #require(RTPParty(host: Self.party + 1))
    let opened = [
      try rig.open(1, with: one) { $0.own = OwnAddress(shown: Self.ours, local: Self.ours) },
      try rig.open(2, with: two) { $0.own = OwnAddress(shown: Self.other, local: Self.other) },
    ]
    let (first, second) = (try #require(opened[0]), try #require(opened[1]))
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    one.speak([7], to: first, of: 0x7f18_0005)
    var from = try #require(try rig.receiveSource(two))
    #expect(from.host == Self.other && from.port == second)
    two.speak([7], to: second, of: 0x7f18_0006)
    from = try #require(try rig.receiveSource(one))
    #expect(from.host == Self.ours && from.port == first)
    // Another address of ours is heard as before.
    one.speak([8], to: first, of: 0x7f18_0077)
    #expect(try rig.receive(two)?.last == 8)
  }

  @Test func reportsLeaveFromThereToo() throws {
    let rig = try Rig()
    let voices = [RTPParty(host: Self.party), RTPParty(host: Self.party)]
    let reports = [RTPParty(host: Self.party), RTPParty(host: Self.party)]
    var ports: [UInt16] = []
    for id in 0..<2 {
      let (voice, report) = (try #require(voices[id]), try #require(reports[id]))
      let port = try rig.open(UInt64(id + 1), with: voice) {
        $0.control = report.address
        $0.isUntouched = true
        $0.own = OwnAddress(shown: Self.ours, local: Self.ours)
      }
      ports.append(try #require(port))
    }
    try rig.say(.media(.join(MediaID(1), MediaID(2), .init())))
    // A receiver report without a block: that of a party whose pictures pass by here.
    reports[0]?.send([0x80, 201, 0, 1, 0, 0, 0, 1], to: ports[0] + 1)
    let other = try #require(reports[1])
    let from = try #require(try rig.receiveSource(other))
    #expect(from.host == Self.ours && from.port == ports[1] + 1)
  }

  // ::1 is the only loopback address of IPv6, so the other one is one that this machine has besides, if it has any.
  @Test func theSameIsTrueOfIPv6() throws {
    let rig = try Rig()
    guard let party = RTPParty(isIPv6: true), let other = RTPParty.otherIPv6 else { return }
    _ = try rig.open(1, with: party) { $0.own = OwnAddress(shown: other, local: other) }
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.beep])))
    #expect(try rig.receiveSource(party)?.host == other.host)
  }

  // To another machine the kernel would send it, and nobody would take it.
  @Test func theLoopbackAddressOfIPv6IsThatOfPacketsToThisMachineAlone() {
    let loopback = SocketAddress(ipv6High: 0, low: 1, port: 9)
    let own = OwnAddress(shown: loopback, local: loopback)
    let documentation = SocketAddress(ipv6High: 0x2001_0db8 << 32, low: 5, port: 9)
    #expect(PacketSource(own, toward: documentation, takesIPv6: true) == nil)
    #expect(PacketSource(own, toward: nil, takesIPv6: true) == nil)
    guard RTPParty(isIPv6: true) != nil else { return }
    let source = PacketSource(own, toward: loopback, takesIPv6: true)
    #expect(source != nil)
    source?.free()
  }

  @Test func aPartyOfTheOtherFamilyIsReachedAllTheSame() throws {
    let rig = try Rig()
    guard let party = RTPParty(isIPv6: true) else { return }
    _ = try rig.open(1, with: party) { $0.own = OwnAddress(shown: Self.ours, local: Self.ours) }
    try rig.say(.media(.play(MediaID(1), PlaybackID(5), [.beep])))
    #expect(try rig.receiveSource(party)?.isLoopback == true)
    #expect(rig.reactor.media?.sockets.all.first?.source?.isUsed == true)
  }

  @Test func whatLeavesFromALinkLocalAddressStaysOnItsLink() throws {
    let link = SocketAddress(ipv6High: 0xfe80 << 48, low: 5, port: 0, scope: 2)
    let source = try #require(PacketSource(link, takesIPv6: true))
    defer { source.free() }
    #expect(source.source(toward: link) != nil)
    #expect(source.source(toward: SocketAddress(ipv6High: 0x2001 << 48, low: 5, port: 9)) == nil)
    #expect(source.source(toward: Self.ours) == nil)
    #expect(PacketSource(link, takesIPv6: false) == nil)
  }
}

extension SocketAddress {
  fileprivate var host: SocketAddress {
    var host = self
    host.port = 0
    return host
  }
}
