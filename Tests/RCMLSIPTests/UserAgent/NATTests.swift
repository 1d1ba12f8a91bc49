import RCMLBasics
import Testing

@testable import RCMLSIP

/// Phones behind a NAT (spec U-64): what they are sent, where, and what keeps the way to them open.
@Suite struct NATTests {
  private let mapped = SocketAddress(ipv4: 0xCB00_7109, port: 40_000)
  private let moved = SocketAddress(ipv4: 0xCB00_7109, port: 41_234)
  private let inner = "<sip:carol@192.168.1.5:5060>"

  private func contact(_ text: String, _ uri: String) -> String {
    text.replacing("Contact: <sip:carol@10.0.0.2:5060>", with: "Contact: \(uri)")
  }

  /// A caller behind a NAT whose call is up.
  private func callFromBehind(_ bench: Bench) -> SessionID {
    bench.receive(contact(bench.callerRequest("INVITE", body: "v=0\r\n"), inner), from: mapped)
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = bench.sent.last?.tag ?? ""
    bench.receive(
      bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"), from: mapped)
    _ = bench.news()
    return id
  }

  private func keepAlives(_ sent: [Bench.Sent]) -> [Bench.Sent] {
    sent.filter { $0.bytes == [13, 10, 13, 10] }
  }

  // [U-64]: what the BYE says is what the Contact said; only its way is another.
  @Test func theRequestURIStaysTheContact() {
    let bench = Bench()
    let id = callFromBehind(bench)
    bench.end(id)
    let bye = bench.news().last { $0.method == "BYE" }
    #expect(bye?.to == mapped)
    #expect(bye?.startLine == "BYE sip:carol@192.168.1.5:5060 SIP/2.0")
    #expect(bye?.headers("Route").isEmpty == true)
  }

  // RFC 3261 §13.2.2.4, §12.2: the 200 names another Contact than the 183 whose PRACK went out before it.
  @Test func theACKGoesToTheContactOfThe200AndNotOfThe183() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(
      bench.answer(
        invite, 183, contact: "<sip:bob@10.0.0.2:5070>", extra: ["Require: 100rel", "RSeq: 1"],
        body: "v=0\r\n"))
    #expect(bench.sent.last { $0.method == "PRACK" }?.to?.port == 5070)
    bench.receive(bench.answer(invite, 200, contact: "<sip:bob@10.0.0.2:5080>", body: "v=0\r\n"))
    let ack = bench.sent.last { $0.method == "ACK" }
    #expect(ack?.to?.port == 5080)
    #expect(ack?.startLine == "ACK sip:bob@10.0.0.2:5080 SIP/2.0")
  }

  // The same with a route that only the 200 knows.
  @Test func theACKTakesTheRouteThatOnlyThe200Names() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(
      bench.answer(invite, 183, extra: ["Require: 100rel", "RSeq: 1"], body: "v=0\r\n"))
    bench.receive(
      bench.answer(invite, 200, extra: ["Record-Route: <sip:10.0.0.9:5090;lr>"], body: "v=0\r\n"))
    let ack = bench.sent.last { $0.method == "ACK" }
    #expect(ack?.to?.port == 5090)
    #expect(ack?.headers("Route") == ["<sip:10.0.0.9:5090;lr>"])
  }

  // RFC 3311 §5.1: the 2xx to our own UPDATE refreshes the target, too.
  @Test func theContactInThe200ToOurUPDATEIsWhereTheBYEGoes() {
    let bench = Bench()
    let extra = ["Supported: timer", "Session-Expires: 90;refresher=uas", "Allow: UPDATE"]
    bench.receive(bench.callerRequest("INVITE", extra: extra, body: "v=0\r\n"))
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    bench.receive(
      bench.callerRequest("ACK", toTag: bench.sent.last?.tag ?? "", branch: "z9hG4bKack"))
    bench.advance(.seconds(50))
    guard let update = bench.sent.last(where: { $0.method == "UPDATE" }) else {
      Issue.record("no UPDATE")
      return
    }
    bench.receive(bench.answer(update, 200, contact: "<sip:carol@10.0.0.2:5099>"))
    bench.end(id)
    #expect(bench.sent.last { $0.method == "BYE" }?.to?.port == 5099)
  }

  // [U-64]: the NAT gave the phone another port in the middle of the call; its next re-INVITE shows it.
  @Test func aPhoneWhoseNATGaveItAnotherPortIsReachedThere() {
    let bench = Bench()
    let id = callFromBehind(bench)
    let tag = bench.sent.last { $0.short == "200 INVITE" }?.tag ?? ""
    bench.receive(
      contact(
        bench.callerRequest(
          "INVITE", toTag: tag, cseq: 2, branch: "z9hG4bKagain", body: "v=0\r\n"), inner),
      from: moved)
    bench.agent.answerOffer(id, body: Array("v=0\r\n".utf8), at: bench.now)
    bench.drain()
    bench.receive(
      bench.callerRequest("ACK", toTag: tag, cseq: 2, branch: "z9hG4bKack2"), from: moved)
    #expect(bench.agent.peer(of: id) == moved)
    _ = bench.news()
    bench.advance(.seconds(25))
    #expect(keepAlives(bench.news()).map(\.to) == [moved])
    bench.end(id)
    #expect(bench.news().last { $0.method == "BYE" }?.to == moved)
  }

  // [U-64]: over TCP by its connection; when that is gone, there is only the Contact.
  @Test func aPhoneOnATCPConnectionIsReachedByItWhileItLives() {
    for isLost in [false, true] {
      let bench = Bench()
      let connection = ConnectionID(7)
      bench.agent.streamAccepted(
        connection, on: Bench.tcp, local: Bench.local, remote: mapped, at: bench.now)
      let invite = bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP")
      bench.receive(contact(invite, "<sip:carol@192.168.1.5;transport=tcp>"), on: connection)
      let id = bench.incoming[0].id
      bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
      bench.drain()
      let tag = bench.sent.last?.tag ?? ""
      bench.receive(
        bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack", transport: "TCP"),
        on: connection)
      _ = bench.news()
      bench.advance(.seconds(60))
      // RFC 5626 §3.5.1: the ping; its answer is no message.
      #expect(bench.news().map(\.bytes) == [[13, 10, 13, 10], [13, 10, 13, 10]])
      bench.receive("\r\n", on: connection)
      #expect(bench.news().isEmpty)
      if isLost { bench.agent.streamClosed(connection, at: bench.now) }
      bench.advance(.seconds(60))
      #expect(keepAlives(bench.news()).count == (isLost ? 0 : 2))
      bench.end(id)
      if isLost {
        #expect(bench.opened.map(\.to.text) == ["192.168.1.5:5060"])
      } else {
        #expect(bench.news().map(\.method) == ["BYE"] && bench.opened.isEmpty)
      }
    }
  }

  // RFC 5626 §3.5.1: each ping has a pong of one CRLF; two of them are no ping of the phone's, which still gets its pong.
  @Test func pongsAreNoPing() {
    let bench = Bench()
    let connection = ConnectionID(7)
    bench.agent.streamAccepted(
      connection, on: Bench.tcp, local: Bench.local, remote: mapped, at: bench.now)
    let invite = bench.callerRequest("INVITE", body: "v=0\r\n", transport: "TCP")
    bench.receive(contact(invite, "<sip:carol@192.168.1.5;transport=tcp>"), on: connection)
    _ = bench.news()
    for _ in 0..<4 {
      bench.advance(.seconds(25))
      #expect(keepAlives(bench.news()).count == 1)
      bench.receive("\r\n", on: connection)
      #expect(bench.news().isEmpty)
    }
    bench.receive("\r\n\r\n", on: connection)
    #expect(bench.news().map(\.bytes) == [[13, 10]])
    // One that answers no ping pings all the same.
    bench.advance(.seconds(25))
    _ = bench.news()
    bench.receive("\r\n\r\n", on: connection)
    #expect(bench.news().map(\.bytes) == [[13, 10]])
  }

  // [U-64]: while the call lasts, and no longer.
  @Test func keepAlivesGoToThePhoneUntilItsCallIsOver() {
    let bench = Bench { _ = $0.set("keepalive", "10") }
    let id = callFromBehind(bench)
    bench.advance(.seconds(35))
    let sent = bench.news()
    #expect(sent.map(\.to) == [mapped, mapped, mapped] && keepAlives(sent).count == 3)
    bench.end(id)
    let bye = bench.news().last { $0.method == "BYE" }
    guard let bye else {
      Issue.record("no BYE")
      return
    }
    bench.receive(bench.answer(bye, 200), from: mapped)
    bench.expectQuiet()
    #expect(bench.news().isEmpty)
  }

  // [U-64]: a called phone that rings for long is kept reachable, too.
  @Test func aPhoneThatRingsBehindANATIsKeptReachable() {
    let bench = Bench()
    _ = bench.call(to: "sip:bob@203.0.113.9:40000")
    bench.receive(bench.answer(bench.sent[0], 180, contact: inner), from: mapped)
    _ = bench.news()
    bench.advance(.seconds(60))
    #expect(keepAlives(bench.news()).map(\.to) == [mapped, mapped])
  }

  // [U-64]: off, or a phone that needs none: not a packet, not a deadline.
  @Test func withoutANATOrWithTheSettingOffNothingIsSent() {
    let off = Bench { _ = $0.set("keepalive", "0") }
    _ = callFromBehind(off)
    off.advance(.seconds(600))
    #expect(off.news().isEmpty)
    let open = Bench()
    open.receive(open.callerRequest("INVITE", body: "v=0\r\n"))
    open.agent.accept(open.incoming[0].id, body: Array("v=0\r\n".utf8), headers: [], at: open.now)
    open.drain()
    open.receive(
      open.callerRequest("ACK", toTag: open.sent.last?.tag ?? "", branch: "z9hG4bKack"))
    _ = open.news()
    open.advance(.seconds(600))
    #expect(open.news().isEmpty && open.agent.nextDeadline == nil)
  }

  // [U-64]: a request too large for a datagram goes to the phone all the same: nothing else leads there.
  @Test func aLargeOfferGoesTheSameWay() {
    let bench = Bench()
    let id = callFromBehind(bench)
    let body = "v=0\r\n" + String(repeating: "a=x\r\n", count: 400)
    bench.agent.offer(id, body: Array(body.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.to) == [mapped] && bench.opened.isEmpty)
  }

  // [U-64]: maddr overrides the host (RFC 3261 §19.1.2); sips is never rewritten.
  @Test(arguments: [
    ("<sip:carol@phone.example;maddr=192.168.1.5>", true),
    ("<sip:carol@192.168.1.5;maddr=198.51.100.7>", false),
    ("<sip:carol@192.168.1.5;Method=INVITE>", true), ("<sips:carol@192.168.1.5>", false),
  ])
  func whatTheContactNamesIsWhatCounts(uri: String, isRewritten: Bool) {
    let bench = Bench()
    bench.receive(contact(bench.callerRequest("INVITE", body: "v=0\r\n"), uri), from: mapped)
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    bench.receive(
      bench.callerRequest("ACK", toTag: bench.sent.last?.tag ?? "", branch: "z9hG4bKack"),
      from: mapped)
    bench.end(id)
    #expect((bench.sent.last { $0.method == "BYE" }?.to == mapped) == isRewritten)
  }
}
