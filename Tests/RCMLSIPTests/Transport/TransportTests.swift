import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// Where requests go and what they come by (spec T-1…T-6, Q-22; RFC 3261 §18).
@Suite struct TransportTests {
  private let second = SocketAddress(ipv4: 0x0A00_0003, port: 5060)
  private let socket = SocketAddress(ipv4: 0x0A00_0001, port: 40_001)

  private func connect(_ bench: Bench, _ index: Int = 0) {
    bench.agent.streamConnected(bench.opened[index].id, local: socket, at: bench.now)
    bench.drain()
  }

  private func failure(_ bench: Bench) -> ReasonWord? {
    for event in bench.events { if case .failed(let failure) = event.event { return failure.word } }
    return nil
  }

  /// also when only UDP listens; Contact is the socket's own address.
  @Test func targetOverTCPIsDialledWhenOnlyUDPListens() {
    let bench = Bench(listeners: [.udp])
    let id = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    #expect(bench.opened.map(\.to) == [Bench.peer] && bench.sent.isEmpty)
    connect(bench)
    let invite = bench.sent[0]
    #expect(invite.connection == bench.opened[0].id)
    #expect(invite.header("Via").hasPrefix("SIP/2.0/TCP 10.0.0.1:40001;branch=z9hG4bK"))
    #expect(invite.header("Contact") == "<sip:10.0.0.1:40001;transport=tcp>")
    bench.advance(.seconds(5))
    #expect(bench.sent.count == 1)  // nothing is repeated over a reliable transport
    let contact = "<sip:bob@10.0.0.2;transport=tcp>"
    bench.receive(bench.answer(invite, 200, contact: contact), on: bench.opened[0].id)
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
    bench.advance(.seconds(600))
    #expect(bench.closed.isEmpty)  // the peer can reach us by no other way
    bench.receive(bench.request("BYE", inDialogOf: invite), on: bench.opened[0].id)
    #expect(bench.sent.last?.connection == bench.opened[0].id)
    #expect(bench.eventNames == ["answered", "hungUp", "ended"])
    bench.end(id)
    bench.expectQuiet()
    #expect(bench.closed == [bench.opened[0].id])
  }

  @Test func withATCPListenerContactShowsItsPort() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    connect(bench)
    #expect(bench.sent[0].header("Contact") == "<sip:10.0.0.1:5060;transport=tcp>")
  }

  @Test func secondCallTakesTheConnectionOfTheFirst() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    _ = bench.call(to: "sip:carol@10.0.0.2;transport=tcp")
    #expect(bench.opened.count == 1)
    connect(bench)
    _ = bench.call(to: "sip:dave@10.0.0.2;transport=tcp")
    #expect(bench.opened.count == 1)
    #expect(bench.sent.map(\.connection) == Array(repeating: bench.opened[0].id, count: 3))
  }

  /// T-6: at once, not at the Dial timer.
  @Test func refusedConnectionFailsTheCallAtOnce() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    bench.agent.streamFailed(bench.opened[0].id, at: bench.now)
    bench.drain()
    #expect(failure(bench) == .unreachable)
    #expect(bench.eventNames == ["failed", "ended"])
    bench.expectQuiet()
  }

  @Test func aLostConnectionFailsWhatWentOutOverIt() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    connect(bench)
    bench.receive(bench.answer(bench.sent[0], 180), on: bench.opened[0].id)
    bench.agent.streamClosed(bench.opened[0].id, at: bench.now)
    bench.drain()
    #expect(bench.eventNames == ["provisional", "failed", "ended"])
    bench.expectQuiet()
  }

  @Test func aConnectionThatNeverOpensIsGivenUp() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    bench.expectQuiet()
    #expect(failure(bench) == .timeout)
    #expect(bench.closed.count == 1)
  }

  /// The caller hung up before there was anything to send: nothing is sent any more (I-S5).
  @Test func aCallEndedWhileConnectingSendsNothing() {
    let bench = Bench()
    let id = bench.call(to: "sip:bob@10.0.0.2;transport=tcp")
    bench.end(id)
    connect(bench)
    #expect(bench.sent.isEmpty && bench.eventNames == ["ended"])
    bench.expectQuiet()
  }

  @Test func nameIsResolvedAndTheNextAddressTriedAfterAnICMPError() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@phones.example:5070", headers: [HeaderLine("X-A", Array("b".utf8))])
    #expect(bench.resolving.map(\.host) == ["phones.example"])
    bench.agent.resolved(bench.resolving[0].id, [Bench.peer, second], at: bench.now)
    bench.drain()
    #expect(bench.sent[0].to?.port == 5070)
    bench.agent.datagramRefused(
      on: Bench.udp, to: SocketAddress(ipv4: 0x0A00_0002, port: 5070), at: bench.now)
    bench.drain()
    #expect(bench.sent[1].to == SocketAddress(ipv4: 0x0A00_0003, port: 5070))
    #expect(bench.sent[1].header("X-A") == "b")
    #expect(bench.sent[1].header("Via") != bench.sent[0].header("Via"))
    bench.receive(bench.answer(bench.sent[1], 200))
    #expect(bench.eventNames == ["answered"])
  }

  /// RFC 3263 §4.3.
  @Test func nextAddressIsTriedAfter503AndAfterTimerB() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@phones.example:5060")
    bench.agent.resolved(
      bench.resolving[0].id, [Bench.peer, second, SocketAddress(ipv4: 0x0A00_0004, port: 0)],
      at: bench.now)
    bench.drain()
    bench.receive(bench.answer(bench.sent[0], 503))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK", "INVITE"])
    bench.advance(.seconds(33))
    #expect(bench.sent.last?.to == SocketAddress(ipv4: 0x0A00_0004, port: 5060))
    bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 503))
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  /// F-7: no new branch is tried for a call that was given up.
  @Test func aCallGivenUpTriesNoOtherAddress() {
    let bench = Bench()
    let id = bench.call(to: "sip:bob@phones.example:5060")
    bench.agent.resolved(bench.resolving[0].id, [Bench.peer, second], at: bench.now)
    bench.drain()
    bench.end(id)
    bench.agent.datagramRefused(on: Bench.udp, to: Bench.peer, at: bench.now)
    bench.drain()
    #expect(bench.sent.count == 1 && bench.eventNames == ["failed", "ended"])
    bench.expectQuiet()
  }

  @Test func unknownNameFailsAtOnceAndASilentResolverInTime() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@nowhere.example:5060")
    bench.agent.resolutionFailed(bench.resolving[0].id, at: bench.now)
    bench.drain()
    #expect(failure(bench) == .unresolved)
    bench.events = []
    _ = bench.call(to: "sip:bob@silent.example")
    bench.expectQuiet()
    #expect(failure(bench) == .unresolved)
  }

  @Test func whatCannotBeDialledSaysWhy() {
    let cases: [(String, ReasonWord)] = [
      ("sips:bob@10.0.0.2;transport=udp", .noTransport),
      ("sip:bob@10.0.0.2;transport=ws", .noTransport),
      ("sip:bob@[2001:db8::1]", .noTransport),
      ("tel:+1555", .invalidTarget), ("sip:", .invalidTarget),
    ]
    for (target, expected) in cases {
      let bench = Bench()
      _ = bench.call(to: target)
      #expect(failure(bench) == expected, "\(target)")
      #expect(bench.agent.census == UserAgent.Census())
    }
  }

  /// T-3, RFC 3261 §18.1.1.
  @Test func largeRequestTriesTCPFirstAndUDPWhenThatIsRefused() {
    let body = String(repeating: "a=x\r\n", count: 300)
    let bench = Bench()
    _ = bench.call(body: body)
    #expect(bench.sent.isEmpty && bench.opened.count == 1)
    bench.agent.streamFailed(bench.opened[0].id, at: bench.now)
    bench.drain()
    #expect(bench.sent.map(\.short) == ["INVITE"] && bench.sent[0].to == Bench.peer)
    let named = Bench()
    _ = named.call(to: "sip:bob@10.0.0.2;transport=udp", body: body)
    #expect(named.sent.map(\.short) == ["INVITE"] && named.opened.isEmpty)
  }

  // RFC 3263 §4.3 (seed 18633): the server has said no, and would say so again.
  @Test func largeRequestThatIsRefusedWith503OverTCPIsNotSentToTheSameServerOverUDP() {
    let bench = Bench()
    _ = bench.call(body: String(repeating: "a=x\r\n", count: 300))
    let stream = bench.opened[0].id
    connect(bench)
    #expect(bench.sent.map(\.short) == ["INVITE"] && bench.sent[0].connection == stream)
    bench.receive(bench.answer(bench.sent[0], 503), on: stream)
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
    #expect(bench.eventNames.contains("rejected"))
  }

  @Test func wildcardListenerAsksForTheRouteOnce() {
    let bench = Bench(listeners: [])
    bench.agent.listening(Bench.udp, .udp, local: SocketAddress(ipv4: 0, port: 5066))
    _ = bench.call()
    _ = bench.call()
    #expect(bench.routing.count == 1 && bench.sent.isEmpty)
    bench.agent.routeFound(
      to: Bench.peer, local: SocketAddress(ipv4: 0x0A00_0009, port: 0), at: bench.now)
    bench.drain()
    _ = bench.call()
    #expect(bench.routing.count == 1)
    #expect(bench.sent.count == 3)
    #expect(bench.sent[0].header("Contact") == "<sip:10.0.0.9:5066>")
  }

  // Accepted connections.

  private func accept(_ bench: Bench, _ number: UInt64 = 1) -> ConnectionID {
    let id = ConnectionID(number)
    bench.agent.streamAccepted(
      id, on: Bench.tcp, local: Bench.local, remote: SocketAddress(ipv4: 0x0A00_0002, port: 33_000),
      at: bench.now)
    bench.drain()
    return id
  }

  @Test func callerOverTCPIsAnsweredOverItsConnection() {
    let bench = Bench()
    let id = accept(bench)
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP"), on: id)
    #expect(bench.sent.map(\.connection) == [id])
    bench.agent.accept(bench.incoming[0].id, body: [], headers: [], at: bench.now)
    bench.drain()
    #expect(bench.sent[1].header("Contact") == "<sip:10.0.0.1:5060;transport=tcp>")
    bench.advance(.seconds(2))
    #expect(bench.sent.filter { $0.code == 200 }.count == 3)  // §13.3.1.4: also over TCP
  }

  /// RFC 3261 §18.2.2.
  @Test func responseTakesANewConnectionWhenTheOldOneIsGone() {
    let bench = Bench()
    let id = accept(bench)
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP"), on: id)
    bench.agent.streamClosed(id, at: bench.now)
    bench.agent.ring(bench.incoming[0].id, code: 180, body: [], at: bench.now)
    bench.drain()
    #expect(bench.opened.map(\.to) == [Bench.peer])
    connect(bench)
    #expect(bench.sent.last?.code == 180 && bench.sent.last?.connection == bench.opened[0].id)
  }

  @Test func pingIsAnsweredWithPong() {
    let bench = Bench()
    let id = accept(bench)
    bench.receive("\r\n\r\n", on: id)
    #expect(bench.sent.map(\.bytes) == [[13, 10]])
  }

  @Test func idleConnectionIsClosed() {
    let bench = Bench()
    let id = accept(bench)
    bench.advance(Limits.idleConnection)
    #expect(bench.closed == [id])
    bench.expectQuiet()
  }

  @Test func messageThatNeverEndsIsRefusedAndItsConnectionClosed() {
    let bench = Bench()
    let id = accept(bench)
    let text = bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP")
      .replacing("Content-Length: 5", with: "Content-Length: 5000")
    bench.receive(text, on: id)
    bench.advance(.seconds(31))
    #expect(bench.closed.isEmpty)
    bench.advance(.seconds(2))
    #expect(bench.sent.map(\.code) == [400] && bench.closed == [id])
    bench.expectQuiet()
  }

  /// One octet every ten seconds keeps nothing open for ever.
  @Test func aDrippingPeerIsCutOff() {
    let bench = Bench()
    let id = accept(bench)
    for octet in "INVITE sip:a" {
      bench.receive(String(octet), on: id)
      bench.advance(.seconds(10))
    }
    #expect(bench.closed == [id])
    bench.expectQuiet()
  }

  /// Where only TCP listens, a Contact without `transport=tcp` does not leave the peer without its BYE.
  @Test func requestsInADialogTakeTheStreamWhenNothingElseListens() {
    let bench = Bench(listeners: [.tcp])
    let id = accept(bench)
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP"), on: id)
    let session = bench.incoming[0].id
    bench.agent.accept(session, body: [], headers: [], at: bench.now)
    bench.drain()
    let tag = bench.sent[1].tag
    bench.receive(
      bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack", transport: "TCP"), on: id)
    bench.end(session)
    #expect(bench.sent.last?.method == "BYE" && bench.sent.last?.connection == id)
  }
}
