import RCMLBasics
import RCMLSIP
import Testing

/// Where our end of a session's media is: what its SDP shows, and the address that its signalling goes by (spec T-5).
@Suite struct SessionOwnAddressTests {
  private let one = SocketAddress(ipv4: 0x0A00_0005, port: 5060)
  private let two = SocketAddress(ipv4: 0xC0A8_0005, port: 5080)
  private let everywhere = SocketAddress(ipv4: 0, port: 5060)
  private let outside = SocketAddress(ipv4: 0xCB00_7101, port: 0)
  private let peer = SocketAddress(ipv4: 0x0A00_0002, port: 5060)
  private let first = ListenerID(1)
  private let second = ListenerID(2)
  private static let body = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"

  private func bench(_ local: SocketAddress, shown: String = "", setting: String = "") -> Bench {
    let bench = Bench(listeners: []) { $0.publicAddress = setting }
    bench.agent.listening(first, .udp, local: local)
    if !shown.isEmpty { bench.agent.listenerShown(first, as: Array(shown.utf8)) }
    return bench
  }

  /// A caller that has its answer.
  private func called(_ bench: Bench, at local: SocketAddress) -> SessionID {
    bench.receive(
      Array(bench.callerRequest("INVITE", body: Self.body).utf8), from: peer, listener: first,
      local: local)
    let id = bench.incoming[0].id
    bench.agent.placeMedia(of: id)
    bench.agent.accept(id, body: Array(Self.body.utf8), headers: [], at: bench.now)
    bench.drain()
    return id
  }

  /// A party that is called.
  private func calling(_ bench: Bench) -> SessionID {
    let id = bench.agent.invite(
      OutgoingInvite(
        target: Array("sip:bob@10.0.0.2".utf8), from: Array("<sip:alice@10.0.0.1>".utf8),
        to: Array("<sip:bob@10.0.0.2>".utf8), callID: bench.agent.makeCallID(),
        body: Array(Self.body.utf8), placesMedia: true), at: bench.now)
    bench.drain()
    return id
  }

  private func named(_ sent: Bench.Sent?) -> String {
    let line = sent?.text.split(separator: "\r\n").first { $0.hasPrefix("c=IN IP4 ") }
    return String(line?.dropFirst(9) ?? "")
  }

  @Test func itIsTheListenersAddress() {
    let bench = bench(one)
    #expect(
      bench.agent.ownAddress(of: called(bench, at: one)) == OwnAddress(shown: one, local: one))
    #expect(named(bench.sent.last) == "10.0.0.5")
    let other = self.bench(one)
    #expect(other.agent.ownAddress(of: calling(other)) == OwnAddress(shown: one, local: one))
    #expect(named(other.sent.last) == "10.0.0.5")
  }

  // One of many addresses of the machine: the one that the INVITE came to, or that the way to the party begins at.
  @Test func whereAllAreListenedOnItIsTheOneOnTheWay() {
    let bench = bench(everywhere)
    #expect(
      bench.agent.ownAddress(of: called(bench, at: two)) == OwnAddress(shown: two, local: two))
    #expect(named(bench.sent.last) == "192.168.0.5")
    let other = self.bench(everywhere)
    let id = calling(other)
    #expect(other.agent.ownAddress(of: id) == nil)
    other.agent.routeFound(to: peer, local: one, at: other.now)
    other.drain()
    #expect(other.agent.ownAddress(of: id) == OwnAddress(shown: one, local: one))
    #expect(named(other.sent.last) == "10.0.0.5")
  }

  @Test(arguments: [("203.0.113.1:5060", ""), ("", "203.0.113.1")])
  func behindANATTheSignallingsAddressIsKnownBesides(shown: String, setting: String) {
    let bench = bench(one, shown: shown, setting: setting)
    let own = OwnAddress(shown: outside, local: one)
    #expect(bench.agent.ownAddress(of: called(bench, at: one)) == own)
    #expect(named(bench.sent.last) == "203.0.113.1")
    let other = self.bench(one, shown: shown, setting: setting)
    #expect(other.agent.ownAddress(of: calling(other)) == own)
    // Nobody has asked for the route.
    let everywhere = self.bench(everywhere, shown: shown, setting: setting)
    #expect(
      everywhere.agent.ownAddress(of: calling(everywhere))
        == OwnAddress(shown: outside, local: nil))
  }

  @Test func aNameThatASettingShowsIsNoAddress() {
    let bench = bench(one, setting: "sip.example.com")
    let own = OwnAddress(shown: nil, local: one)
    #expect(bench.agent.ownAddress(of: called(bench, at: one)) == own)
  }

  // A 200 moves the dialog to another listener; where our streams are the party has been told before.
  @Test func aDialogThatMovesTakesNothingAlong() {
    let bench = bench(everywhere)
    let id = calling(bench)
    bench.agent.routeFound(to: peer, local: one, at: bench.now)
    bench.drain()
    let response = bench.answer(
      bench.sent[0], 200, contact: "<sip:bob@192.168.77.1>", body: "v=0\r\n")
    bench.receive(Array(response.utf8), from: peer, listener: first, local: two)
    #expect(bench.agent.ownAddress(of: id) == OwnAddress(shown: one, local: one))
    // What it is told anew counts.
    bench.agent.offer(id, body: Array(Self.body.utf8), at: bench.now)
    bench.drain()
    let own = bench.agent.ownAddress(of: id)
    var shown = [UInt8]()
    if let place = own?.shown {
      var host = ByteWriter(capacity: 48)
      place.appendHost(to: &host)
      shown = host.finish()
    }
    #expect(named(bench.sent.last) == String(decoding: shown, as: UTF8.self))
  }

  @Test func overAConnectionItIsTheConnectionsEnd() {
    let bench = Bench(listeners: [])
    bench.agent.listening(second, .tcp, local: SocketAddress(ipv4: 0, port: 5060))
    let connection = ConnectionID(9)
    bench.agent.streamAccepted(connection, on: second, local: two, remote: peer, at: bench.now)
    bench.receive(
      bench.callerRequest("INVITE", body: Self.body, transport: "TCP"), on: connection)
    let own = bench.agent.ownAddress(of: bench.incoming[0].id)
    #expect(own == OwnAddress(shown: two, local: two))
  }
}
