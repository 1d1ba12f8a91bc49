import RCMLBasics
import RCMLSIP
import Testing

/// SIP over TLS, as far as SIP knows of it (spec T-7 … T-9; RFC 3261 §26.2, RFC 5630).
@Suite struct SecureTransportTests {
  private let socket = SocketAddress(ipv4: 0x0A00_0001, port: 40_001)
  private let place = SocketAddress(ipv4: 0x0A00_0002, port: 5061)

  private func connect(_ bench: Bench, _ index: Int = 0, as names: String = "10.0.0.2") {
    bench.agent.streamSecured(bench.secured[index].id, peer: Array(names.utf8))
    bench.agent.streamConnected(bench.secured[index].id, local: socket, at: bench.now)
    bench.drain()
  }

  private func accept(
    _ bench: Bench, _ id: ConnectionID, port: UInt16 = 49_152, as names: String = ""
  ) {
    bench.agent.streamAccepted(
      id, on: Bench.tls, local: Bench.localTLS,
      remote: SocketAddress(ipv4: 0x0A00_0002, port: port), at: bench.now)
    bench.agent.streamSecured(id, peer: Array(names.utf8))
    bench.drain()
  }

  private func failure(_ bench: Bench) -> Reason? {
    for event in bench.events { if case .failed(let reason) = event.event { return reason } }
    return nil
  }

  @Test func aTargetOverTLSIsDialledAtPort5061AndSaysSo() {
    let bench = Bench(listeners: [.udp])
    let id = bench.call(to: "sip:bob@10.0.0.2;transport=tls")
    #expect(bench.secured.map(\.to) == [place] && bench.secured[0].domain == "10.0.0.2")
    #expect(bench.opened.isEmpty && bench.sent.isEmpty)
    connect(bench)
    let invite = bench.sent[0]
    #expect(invite.connection == bench.secured[0].id)
    #expect(invite.header("Via").hasPrefix("SIP/2.0/TLS 10.0.0.1:40001;branch=z9hG4bK"))
    #expect(invite.header("Contact") == "<sip:10.0.0.1:40001;transport=tls>")
    #expect(bench.agent.isSecured(id))
  }

  /// RFC 5630 §3.1.3.
  @Test func sipsIsDialledOverTLSAndItsContactIsSips() {
    let bench = Bench(listeners: [.udp, .tls])
    _ = bench.call(to: "sips:bob@10.0.0.2")
    connect(bench)
    #expect(bench.sent[0].header("Contact") == "<sips:10.0.0.1:5061>")
    #expect(bench.sent[0].short == "INVITE")
    let tcp = Bench()
    _ = tcp.call(to: "sips:bob@10.0.0.2;transport=tcp")
    #expect(tcp.secured.map(\.to) == [place] && tcp.opened.isEmpty)
  }

  @Test func overUDPNothingIsSecured() {
    let bench = Bench()
    let id = bench.call()
    #expect(bench.sent.count == 1 && !bench.agent.isSecured(id))
  }

  /// T-8: the name that was dialled, whatever name servers make of it.
  @Test func theDomainThatWasDialledHasToBeProved() {
    let bench = Bench()
    _ = bench.call(to: "sips:bob@pbx.example")
    #expect(bench.asking.map(\.name) == ["_sips._tcp.pbx.example"])
    bench.agent.servicesFound(
      bench.asking[0].id,
      [ServiceRecord(priority: 0, weight: 0, port: 5099, target: Array("evil.example".utf8))],
      at: bench.now)
    bench.drain()
    #expect(bench.resolving.map(\.host) == ["evil.example"])
    bench.agent.resolved(bench.resolving[0].id, [Bench.peer], at: bench.now)
    bench.drain()
    #expect(bench.secured.map(\.to) == [SocketAddress(ipv4: 0x0A00_0002, port: 5099)])
    #expect(bench.secured.map(\.domain) == ["pbx.example"])
  }

  /// T-7: NAPTR of a sips: URI is of use only where it leads to TLS (RFC 3263 §4.1).
  @Test func sipsIsLedNowhereElseByNameServers() {
    let bench = Bench { $0.naptr = true }
    _ = bench.call(to: "sips:bob@pbx.example")
    #expect(bench.asking.map(\.name) == ["pbx.example"])
    func pointer(_ service: String, _ name: String, _ order: UInt16) -> PointerRecord {
      PointerRecord(
        order: order, preference: 0, flags: Array("s".utf8), service: Array(service.utf8),
        replacement: Array(name.utf8))
    }
    bench.agent.pointersFound(
      bench.asking[0].id,
      [
        pointer("SIP+D2U", "_sip._udp.x.example", 1), pointer("SIP+D2T", "_sip._tcp.x.example", 2),
        pointer("SIPS+D2T", "_sips._tcp.x.example", 3),
      ], at: bench.now)
    bench.drain()
    #expect(bench.asking.map(\.name) == ["pbx.example", "_sips._tcp.x.example"])
  }

  /// T-9: another domain at the same address is somebody else, and so is whoever is reached without TLS.
  @Test func aConnectionIsTakenOnlyForTheDomainThatWasProvedOnIt() {
    let bench = Bench()
    func dial(_ target: String) {
      _ = bench.call(to: target)
      if let asked = bench.resolving.last {
        bench.agent.resolved(asked.id, [Bench.peer], at: bench.now)
      }
      bench.drain()
    }
    dial("sips:a@one.example:5061")
    dial("sips:b@one.example:5061")
    #expect(bench.secured.map(\.domain) == ["one.example"])
    dial("sips:c@two.example:5061")
    #expect(bench.secured.map(\.domain) == ["one.example", "two.example"])
    dial("sip:d@one.example:5061;transport=tcp")
    #expect(bench.secured.count == 2 && bench.opened.map(\.to) == [place])
  }

  /// T-9: the peer listens at another port than it connected from, and need prove nothing anew.
  @Test func requestsOfADialogTakeItsOwnConnection() {
    let bench = Bench(listeners: [.tls])
    let id = ConnectionID(1)
    accept(bench, id, as: "phone.example")
    let text = bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TLS")
      .replacing("10.0.0.2:5060>", with: "10.0.0.2:5061;transport=tls>")
    bench.receive(text, on: id)
    #expect(bench.incoming.count == 1)
    let invite = bench.incoming[0].invite
    #expect(invite.transport == .tls && invite.peer.names == Array("phone.example".utf8))
    let session = bench.incoming[0].id
    #expect(bench.agent.isSecured(session))
    bench.agent.accept(session, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    #expect(bench.sent.last?.header("Contact") == "<sip:10.0.0.1:5061;transport=tls>")
    let tag = bench.sent.last?.tag ?? ""
    bench.receive(
      bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack", transport: "TLS"), on: id)
    bench.end(session)
    #expect(bench.sent.last?.short == "BYE" && bench.sent.last?.connection == id)
    #expect(bench.secured.isEmpty)
  }

  /// T-7: somebody on the way has not kept the promise.
  @Test func sipsByAWayThatIsNotSecuredIsRefused() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", uri: "sips:alice@10.0.0.1", body: "v=0\r\n"))
    #expect(bench.incoming.isEmpty && bench.refused == [403])
  }

  /// T-9: whoever is at that address now has proved nothing.
  @Test func aResponseWhoseConnectionIsGoneGoesNowhereElse() {
    let bench = Bench(listeners: [.tls])
    let id = ConnectionID(1)
    accept(bench, id)
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TLS"), on: id)
    let before = bench.sent.count
    bench.agent.streamClosed(id, at: bench.now)
    bench.agent.reject(
      bench.incoming[0].id, code: 486, phrase: Array("Busy Here".utf8), headers: [], at: bench.now)
    bench.drain()
    #expect(bench.sent.count == before && bench.opened.isEmpty && bench.secured.isEmpty)
  }

  /// T-16: what has keys in it goes over TLS alone, to a contact of a 3xx, too.
  @Test(arguments: [true, false]) func aContactIsInvitedOverTLSWhereKeysAreSaid(areKeysSaid: Bool) {
    let bench = Bench { $0.followRedirects = 1 }
    var invite = OutgoingInvite(
      target: Array("sip:bob@10.0.0.2;transport=tls".utf8),
      from: Array("<sip:alice@10.0.0.1>".utf8),
      to: Array("<sip:bob@10.0.0.2>".utf8), callID: bench.agent.makeCallID(),
      body: Array("v=0\r\n".utf8))
    invite.staysSecured = areKeysSaid
    _ = bench.agent.invite(invite, at: bench.now)
    bench.drain()
    connect(bench)
    bench.receive(
      bench.answer(bench.sent[0], 302, extra: ["Contact: <sip:carol@10.0.0.9>"]),
      on: bench.secured[0].id)
    let open = bench.sent.filter { $0.connection == nil }.map(\.short)
    #expect(open == (areKeysSaid ? [] : ["INVITE"]))
    #expect(bench.secured.map(\.domain) == (areKeysSaid ? ["10.0.0.2", "10.0.0.9"] : ["10.0.0.2"]))
  }

  /// T-16: so does what is said in a dialog that a caller began over TLS, whatever its Contact forgets to say.
  @Test func aDialogThatCameOverTLSStaysThere() {
    let bench = Bench(listeners: [.udp, .tls])
    let id = ConnectionID(1)
    accept(bench, id, as: "phone.example")
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TLS"), on: id)
    let session = bench.incoming[0].id
    bench.agent.accept(session, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = bench.sent.last?.tag ?? ""
    bench.receive(
      bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack", transport: "TLS"), on: id)
    bench.end(session)
    #expect(bench.sent.allSatisfy { $0.connection != nil })
    #expect(bench.sent.last?.short == "BYE" && bench.sent.last?.connection == id)
  }

  @Test func aFailureOfTLSSaysWhich() {
    let bench = Bench()
    _ = bench.call(to: "sips:bob@10.0.0.2")
    bench.agent.streamFailed(bench.secured[0].id, because: .certificateExpired, at: bench.now)
    bench.drain()
    #expect(failure(bench)?.code == .certificateExpired)
    #expect(failure(bench)?.sentence == "The certificate of tls:10.0.0.2:5061 has expired.")
  }
}
