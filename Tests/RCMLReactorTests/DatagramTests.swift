import RCMLBasics
import Testing

@testable import RCMLReactor

struct DatagramTests {
  private static func datagram(
    _ heard: FakeCore.Heard
  ) -> (from: SocketAddress, local: SocketAddress, bytes: [UInt8])? {
    if case .datagram(_, let from, let local, let bytes) = heard {
      return (from, local, bytes)
    }
    return nil
  }

  /// port 0 is any free port, and the bound one can be asked.
  @Test func datagramsTravelBetweenTwoListenersInOrder() throws {
    let rig = try Rig()
    let first = try rig.reactor.listen("udp:127.0.0.1:0")
    let second = try rig.reactor.listen("udp:127.0.0.1:0")
    #expect(first.address.port != 0 && first != second)
    for number in 0..<100 {
      rig.core.outputs.append(
        .network(.send(ListenerID(0), to: second.address, bytes: [UInt8(number), 13, 10])))
    }
    try rig.say()
    for number in 0..<100 {
      let got = try #require(try rig.hear(DatagramTests.datagram))
      #expect(got.bytes == [UInt8(number), 13, 10])
      #expect(got.from == first.address && got.local == second.address)
    }
    #expect(rig.reactor.counters.datagramsReceived == 100)
    #expect(rig.reactor.counters.datagramsSent == 100)
  }

  /// Failures I-H2: what a message costs is spent; what is left of a flood waits for the host to come again.
  @Test func aFloodLeavesTheHostItsTurnAndIsWhollyHeard() throws {
    let rig = try Rig()
    let address = try rig.reactor.listen("udp:127.0.0.1:0").address
    rig.core.react = { heard, _ in
      guard case .datagram = heard else { return }
      let end = Reactor.clock() + .milliseconds(1)
      while Reactor.clock() < end {}
    }
    for number in 0..<40 {
      rig.core.outputs.append(.network(.send(ListenerID(0), to: address, bytes: [UInt8(number)])))
    }
    try rig.say()
    func count() -> Int { rig.core.heard.compactMap(DatagramTests.datagram).count }
    try rig.reactor.process(limit: .milliseconds(2))
    #expect((1...8).contains(count()))
    #expect(rig.reactor.deadlineMilliseconds == 0)
    for _ in 0..<40 where count() < 40 { try rig.reactor.process(limit: .milliseconds(2)) }
    let numbers = rig.core.heard.compactMap { DatagramTests.datagram($0)?.bytes.first }
    #expect(numbers == Array(0..<40))
  }

  @Test func wildcardListenerTellsTheAddressThatWasCalled() throws {
    let rig = try Rig()
    let wildcard = try rig.reactor.listen("udp:0.0.0.0:0")
    try rig.reactor.listen("udp:127.0.0.1:0")
    let called = SocketAddress(ipv4: 0x7F00_0005, port: wildcard.address.port)
    try rig.say(.network(.send(ListenerID(1), to: called, bytes: [1])))
    let got = try #require(try rig.hear(DatagramTests.datagram))
    #expect(got.local == called)
  }

  @Test func ipv6ListenerTellsTheAddressThatWasCalled() throws {
    let rig = try Rig()
    guard let wildcard = try? rig.reactor.listen("udp:[::]:0"),
      (try? rig.reactor.listen("udp:[::1]:0")) != nil
    else { return }  // a machine without IPv6
    let called = SocketAddress(ipv6High: 0, low: 1, port: wildcard.address.port)
    try rig.say(.network(.send(ListenerID(1), to: called, bytes: [1])))
    let got = try #require(try rig.hear(DatagramTests.datagram))
    #expect(got.local == called)
  }

  /// RFC 4007 §6: fe80::1 is somebody else on every link, so an answer needs the interface the question came in by.
  @Test func aLinkLocalPeerIsAnsweredWhereItIsHeard() throws {
    guard let peer = LinkLocalPeer() else { return }  // a machine without such an address
    let rig = try Rig()
    guard let wildcard = try? rig.reactor.listen("udp:[::]:0") else { return }
    peer.send([1, 2], to: wildcard.address.port)
    let got = try #require(try rig.hear(DatagramTests.datagram))
    #expect(got.from.scope == peer.address.scope && got.from == peer.address)
    #expect(got.from.system.scope == peer.address.scope)
    try rig.say(.network(.send(ListenerID(0), to: got.from, bytes: [3, 4])))
    #expect(peer.receive() == [3, 4])
    var elsewhere = got.from
    elsewhere.scope += 1
    #expect(elsewhere != got.from, "the same address on another link is another peer")
  }

  @Test func largestDatagramComesWhole() throws {
    let rig = try Rig()
    let address = try rig.reactor.listen("udp:127.0.0.1:0").address
    let bytes = (0..<65_507).map { UInt8(truncatingIfNeeded: $0) }
    try rig.say(.network(.send(ListenerID(0), to: address, bytes: bytes)))
    #expect(try #require(try rig.hear(DatagramTests.datagram)).bytes == bytes)
  }

  /// T-6 in spirit: nobody at that port is told at once, not after 32 seconds.
  @Test func nobodyAtThatPortIsToldToTheCore() throws {
    let rig = try Rig()
    try rig.reactor.listen("udp:127.0.0.1:0")
    let deaf: SocketAddress
    do {
      let other = try Rig()
      deaf = try other.reactor.listen("udp:127.0.0.1:0").address
      other.reactor.close()
    }
    try rig.say(.network(.send(ListenerID(0), to: deaf, bytes: [1])))
    let refused = try rig.hear { heard -> SocketAddress? in
      if case .datagramRefused(let to) = heard { return to }
      return nil
    }
    #expect(refused == deaf)
  }

  @Test func aDatagramTooLargeForUDPIsRefusedAndTheNextOneGoes() throws {
    let rig = try Rig()
    let address = try rig.reactor.listen("udp:127.0.0.1:0").address
    try rig.say(
      .network(.send(ListenerID(0), to: address, bytes: [UInt8](repeating: 0, count: 70_000))),
      .network(.send(ListenerID(0), to: address, bytes: [7])))
    #expect(try #require(try rig.hear(DatagramTests.datagram)).bytes == [7])
    let refused = try rig.hear { heard -> SocketAddress? in
      if case .datagramRefused(let to) = heard { return to }
      return nil
    }
    #expect(refused == address)
  }

  @Test func routeToOurselvesIsTheLoopbackAddress() throws {
    let rig = try Rig()
    try rig.say(.network(.findRoute(to: SocketAddress(ipv4: 0x7F00_0001, port: 5060))))
    let local = try rig.hear { heard -> SocketAddress? in
      if case .route(let local) = heard { return local }
      return nil
    }
    #expect(local == SocketAddress(ipv4: 0x7F00_0001, port: 0))
  }
}
