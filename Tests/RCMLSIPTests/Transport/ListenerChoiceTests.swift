import RCMLBasics
import RCMLSIP
import Testing

/// One listener inside, one outside: which of them a call leaves by, and what it shows (spec T-5, U-64).
@Suite struct ListenerChoiceTests {
  private let inside = SocketAddress(ipv4: 0x0A00_0005, port: 5060)
  private let outside = SocketAddress(ipv4: 0xC0A8_0005, port: 5080)
  private let insider = SocketAddress(ipv4: 0x0A00_0002, port: 5060)
  private let outsider = SocketAddress(ipv4: 0xC633_6407, port: 5060)
  private let first = ListenerID(1)
  private let second = ListenerID(2)

  /// Two addresses of one machine, the second mapped to 203.0.113.1 by a NAT.
  private func bench(_ setting: String = "") -> Bench {
    let bench = Bench(listeners: []) { $0.publicAddress = setting }
    bench.agent.listening(first, .udp, local: inside)
    bench.agent.listening(second, .udp, local: outside)
    bench.agent.listenerShown(second, as: Array("203.0.113.1:5060".utf8))
    return bench
  }

  private func route(_ bench: Bench, to destination: SocketAddress, _ local: SocketAddress) {
    var local = local
    local.port = 0
    bench.agent.routeFound(to: destination, local: local, at: bench.now)
    bench.drain()
  }

  // [U-64]
  @Test func anINVITELeavesByTheListenerOnItsWay() {
    for isOutside in [false, true] {
      let bench = bench()
      let peer = isOutside ? outsider : insider
      _ = bench.call(to: "sip:bob@" + (isOutside ? "198.51.100.7" : "10.0.0.2"))
      #expect(bench.routing == [peer] && bench.sent.isEmpty)
      route(bench, to: peer, isOutside ? outside : inside)
      #expect(bench.sent.map(\.listener) == [isOutside ? second : first])
      let shown = isOutside ? "203.0.113.1:5060" : "10.0.0.5:5060"
      #expect(bench.sent[0].header("Via").hasPrefix("SIP/2.0/UDP \(shown);"))
      #expect(bench.sent[0].header("Contact") == "<sip:\(shown)>")
      // The route is known from now on.
      _ = bench.call(to: "sip:carol@" + (isOutside ? "198.51.100.7" : "10.0.0.2"))
      #expect(bench.routing.count == 1 && bench.sent.count == 2)
    }
  }

  // [U-64]: the listener's own word goes before the setting, which is for the others.
  @Test func aListenersOwnAddressGoesBeforeTheSetting() {
    let bench = bench("192.0.2.99")
    _ = bench.call(to: "sip:bob@10.0.0.2")
    route(bench, to: insider, inside)
    #expect(bench.sent[0].header("Contact") == "<sip:192.0.2.99:5060>")
    _ = bench.call(to: "sip:bob@198.51.100.7")
    route(bench, to: outsider, outside)
    #expect(bench.sent[1].header("Contact") == "<sip:203.0.113.1:5060>")
  }

  // [U-64]: in SDP, too: where our streams are for this party.
  @Test func theSDPSaysWhereThePartyFindsUs() {
    let bench = bench()
    let offer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
    let invite = bench.callerRequest("INVITE", body: offer)
    bench.receive(Array(invite.utf8), from: outsider, listener: second, local: outside)
    let id = bench.incoming[0].id
    bench.agent.placeMedia(of: id)
    bench.agent.accept(id, body: Array(offer.utf8), headers: [], at: bench.now)
    bench.drain()
    let answer = bench.sent.last
    #expect(answer?.text.contains("c=IN IP4 203.0.113.1\r\n") == true)
    #expect(answer?.header("Contact") == "<sip:203.0.113.1:5060>")
    #expect(answer?.listener == second)
  }

  // Both on one address of the machine: the route says nothing, the reach of the party does.
  @Test func onOneAddressTheReachOfThePartyDecides() {
    let bench = Bench(listeners: [])
    bench.agent.listening(first, .udp, local: inside)
    bench.agent.listening(second, .udp, local: SocketAddress(ipv4: 0x0A00_0005, port: 5080))
    bench.agent.listenerShown(second, as: Array("203.0.113.1:5080".utf8))
    _ = bench.call(to: "sip:bob@10.0.0.2")
    _ = bench.call(to: "sip:bob@198.51.100.7")
    #expect(bench.routing.isEmpty)
    #expect(bench.sent.map(\.listener) == [first, second])
  }

  // A dialog that began by one of two listeners of one address goes on by it.
  @Test func aDialogGoesOnByTheListenerItBeganBy() {
    let bench = Bench(listeners: [])
    bench.agent.listening(first, .udp, local: inside)
    bench.agent.listening(second, .udp, local: SocketAddress(ipv4: 0x0A00_0005, port: 5080))
    let invite = bench.callerRequest("INVITE", body: "v=0\r\n")
    bench.receive(Array(invite.utf8), from: insider, listener: second, local: inside)
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    let ack = bench.callerRequest("ACK", toTag: bench.sent.last?.tag ?? "", branch: "z9hG4bKack")
    bench.receive(Array(ack.utf8), from: insider, listener: second, local: inside)
    bench.end(id)
    #expect(bench.sent.last?.method == "BYE" && bench.sent.last?.listener == second)
  }

  // A machine that no route leads to is as good as gone: the call fails at once (T-6).
  @Test func withoutARouteTheCallFails() {
    let bench = bench()
    _ = bench.call(to: "sip:bob@198.51.100.7")
    route(bench, to: outsider, SocketAddress(ipv4: 0, port: 0))
    #expect(bench.eventNames == ["failed", "ended"] && bench.sent.isEmpty)
  }

  // The wildcard takes what no listener of its own address is there for.
  @Test func aWildcardListenerServesTheOtherRoutes() {
    let bench = Bench(listeners: [])
    bench.agent.listening(first, .udp, local: SocketAddress(ipv4: 0, port: 5070))
    bench.agent.listening(second, .udp, local: outside)
    _ = bench.call(to: "sip:bob@10.0.0.2")
    route(bench, to: insider, inside)
    #expect(bench.sent.map(\.listener) == [first])
    #expect(bench.sent[0].header("Contact") == "<sip:10.0.0.5:5070>")
  }

  // [U-64]: over TCP the same, whichever side opened the connection.
  @Test func connectionsShowTheAddressOfTheirListener() {
    let bench = Bench(listeners: [])
    bench.agent.listening(first, .tcp, local: inside)
    bench.agent.listening(second, .tcp, local: outside)
    bench.agent.listenerShown(second, as: Array("203.0.113.1:5060".utf8))
    _ = bench.call(to: "sip:bob@198.51.100.7;transport=tcp")
    let own = SocketAddress(ipv4: 0xC0A8_0005, port: 40_001)
    bench.agent.streamConnected(bench.opened[0].id, local: own, at: bench.now)
    bench.drain()
    #expect(bench.sent[0].header("Contact") == "<sip:203.0.113.1:5060;transport=tcp>")
    let accepted = ConnectionID(9)
    bench.agent.streamAccepted(
      accepted, on: first, local: inside, remote: insider, at: bench.now)
    bench.receive(
      bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP"), on: accepted)
    bench.agent.ring(bench.incoming[0].id, code: 180, body: [], at: bench.now)
    bench.drain()
    #expect(bench.sent.last?.header("Contact") == "<sip:10.0.0.5:5060;transport=tcp>")
  }
}

/// What is told when we show an address of an inner network to somebody outside of it (spec U-64).
@Suite struct InnerAddressTests {
  private let outsider = SocketAddress(ipv4: 0xCB00_7109, port: 5060)

  private func warnings(_ bench: Bench) -> [InnerAddress] {
    bench.events.compactMap {
      if case .innerAddressShown(let subject, _) = $0.event { subject } else { nil }
    }
  }

  private func call(_ bench: Bench, _ number: Int, from source: SocketAddress) {
    let text = bench.callerRequest(
      "INVITE", branch: "z9hG4bK\(number)", callID: "call-\(number)",
      body: "v=0\r\nc=IN IP4 0.0.0.0\r\n")
    bench.receive(text, from: source)
    guard let id = bench.incoming.last?.id else { return }
    bench.agent.placeMedia(of: id)
    bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.agent.accept(
      id, body: Array("v=0\r\nc=IN IP4 0.0.0.0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
  }

  // [U-64]: once for Contact, once for the SDP, however many calls there are.
  @Test func aPeerOutsideThatIsShownAnInnerAddressIsToldOnce() {
    let bench = Bench()
    for number in 1...5 { call(bench, number, from: outsider) }
    #expect(warnings(bench) == [.contact, .description])
  }

  @Test func nothingIsToldOfPeersInsideNorWhereAnAddressIsSet() {
    let inside = Bench()
    call(inside, 1, from: Bench.peer)
    #expect(warnings(inside).isEmpty)
    let set = Bench { $0.publicAddress = "203.0.113.1" }
    call(set, 1, from: outsider)
    #expect(warnings(set).isEmpty)
    let own = Bench()
    own.agent.listenerShown(Bench.udp, as: Array("203.0.113.1:5060".utf8))
    call(own, 1, from: outsider)
    #expect(warnings(own).isEmpty)
  }
}
