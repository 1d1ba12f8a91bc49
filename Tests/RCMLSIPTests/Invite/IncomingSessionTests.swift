import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// INVITE sessions of callers, against a scripted one (spec §5.1, L-32, L-37, L-38).
@Suite struct IncomingSessionTests {
  /// RFC 5407 §3.1.4: the ACK was lost, and the caller's re-INVITE is there already. Both answers are repeated until
  /// each has its ACK, and the BYE that waits for the first ACK is sent when it will not come (L-38).
  @Test func aReINVITEBeforeTheACKDoesNotMakeUsForgetTheFirst200() {
    let bench = Bench()
    let body = "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nt=0 0\r\n"
    bench.receive(bench.callerRequest("INVITE", body: body))
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array(body.utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = bench.sent.last?.tag ?? ""
    bench.receive(
      bench.callerRequest("INVITE", toTag: tag, cseq: 2, branch: "z9hG4bKcaller2", body: body))
    bench.agent.answerOffer(id, body: Array(body.utf8), at: bench.now)
    bench.drain()
    bench.receive(bench.callerRequest("ACK", toTag: tag, cseq: 2, branch: "z9hG4bKcaller3"))
    _ = bench.news()
    bench.advance(.milliseconds(1_500))
    #expect(bench.news().map { $0.header("CSeq") } == ["1 INVITE", "1 INVITE"])
    bench.end(id)
    #expect(bench.news().isEmpty)
    bench.advance(.seconds(32))
    #expect(bench.sent.contains { $0.method == "BYE" })
    bench.expectQuiet()
  }

  /// RFC 3264 §4, RFC 5407 §3.1.4: our 2xx to a re-INVITE holds an offer, and the ACK of the first 2xx comes late. It answers
  /// nothing; the answer is in the ACK of the re-INVITE.
  @Test func aLateACKOfTheFirst200IsNoAnswerToTheOfferOfTheSecond() {
    let bench = Bench()
    let body = "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nt=0 0\r\n"
    bench.receive(bench.callerRequest("INVITE", body: body))
    let id = bench.incoming[0].id
    bench.agent.accept(id, body: Array(body.utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = bench.sent.last?.tag ?? ""
    bench.receive(bench.callerRequest("INVITE", toTag: tag, cseq: 2, branch: "z9hG4bKcaller2"))
    bench.agent.answerOffer(id, body: Array(body.utf8), at: bench.now)
    bench.drain()
    _ = bench.news()
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKcaller3"))
    #expect(bench.eventNames == ["offered"])
    bench.receive(
      bench.callerRequest("ACK", toTag: tag, cseq: 2, branch: "z9hG4bKcaller4", body: body))
    #expect(bench.eventNames == ["offered", "acknowledged"])
    guard case .acknowledged(let answer)? = bench.events.last?.event else { return }
    #expect(answer == Array(body.utf8))
    bench.advance(.seconds(40))
    #expect(bench.news().isEmpty)
    bench.end(id)
    bench.expectQuiet()
  }

  static let sdp = "v=0\r\n"

  /// An INVITE that waits for an answer.
  private func ringing(_ bench: Bench, extra: [String] = []) throws -> SessionID {
    bench.receive(bench.callerRequest("INVITE", extra: extra, body: Self.sdp))
    let id = try #require(bench.incoming.last?.id)
    bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.drain()
    return id
  }

  private func answered(_ bench: Bench, acknowledged: Bool = true) throws -> (SessionID, String) {
    let id = try ringing(bench)
    bench.agent.accept(id, body: Array(Self.sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = try #require(bench.sent.last?.tag)
    if acknowledged {
      bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    }
    return (id, tag)
  }

  /// L-1, RFC 3261 §12.1.1, §13.3.1.
  @Test func callerGets100AtOnceThen180And200OfOneDialog() throws {
    let bench = Bench()
    let (_, tag) = try answered(bench, acknowledged: false)
    #expect(bench.sent.map(\.code) == [100, 180, 200])
    #expect(bench.sent[0].tag.isEmpty)
    #expect(bench.sent[1].tag == tag && tag.count == 32)
    #expect(bench.sent[1].header("Contact") == "<sip:10.0.0.1:5060>")
    #expect(bench.sent[2].header("Content-Type") == "application/sdp")
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    #expect(bench.eventNames == ["acknowledged"])
    bench.receive(bench.callerRequest("BYE", toTag: tag, cseq: 2, branch: "z9hG4bKbye"))
    #expect(bench.sent.last?.short == "200 BYE")
    #expect(bench.eventNames == ["acknowledged", "hungUp", "ended"])
    bench.expectQuiet()
  }

  @Test func whatTheCallerSaidIsHandedOver() throws {
    let bench = Bench()
    bench.receive(
      bench.callerRequest(
        "INVITE", extra: ["X-One: 1", "Diversion: <sip:d@h>", "Reason: SIP;cause=302"],
        body: Self.sdp))
    let invite = try #require(bench.incoming.first?.invite)
    #expect(invite.fromDisplayName == Array("Carol".utf8))
    #expect(invite.fromURI == Array("sip:carol@10.0.0.2".utf8))
    #expect(invite.toURI == Array("sip:alice@10.0.0.1".utf8))
    #expect(invite.requestURI == Array("sip:alice@10.0.0.1".utf8))
    #expect(invite.maxForwards == 70 && invite.headers.count == 3)
    #expect(invite.body == Array(Self.sdp.utf8))
  }

  /// RFC 3261 §17.2.1: the caller did not hear us.
  @Test func repeatedInviteIsAnsweredAgainAndOpensNothing() throws {
    let bench = Bench()
    let invite = bench.callerRequest("INVITE", body: Self.sdp)
    _ = try ringing(bench)
    bench.receive(invite)
    #expect(bench.sent.map(\.code) == [100, 180, 180])
    #expect(bench.sent[1].bytes == bench.sent[2].bytes)
    #expect(bench.incoming.count == 1)
    bench.agent.accept(bench.incoming[0].id, body: [], headers: [], at: bench.now)
    bench.drain()
    bench.receive(invite)  // absorbed (RFC 6026 §7.1)
    #expect(bench.sent.count == 4)
  }

  /// L-38, failures T1: 200 is sent 11 times, at T1 … T2, then nobody waits any more.
  @Test func acknowledgementMissingAfter64T1() throws {
    let bench = Bench()
    let (id, _) = try answered(bench, acknowledged: false)
    bench.advance(.milliseconds(31_999))
    #expect(bench.eventNames.isEmpty)
    bench.advance(.milliseconds(1))
    #expect(bench.eventNames == ["acknowledgementMissing"])
    let answers = bench.sent.filter { $0.code == 200 }
    #expect(
      answers.map { ($0.at - bench.start).wholeMilliseconds } == [
        0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500,
      ])
    #expect(Set(answers.map(\.bytes)).count == 1)
    bench.end(id)
    #expect(bench.sent.last?.method == "BYE")
    bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 200, contact: ""))
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  /// L-32, RFC 3261 §9.2.
  @Test func cancelGets200AndTheInvite487() throws {
    let bench = Bench()
    _ = try ringing(bench)
    let cancel = bench.callerRequest("CANCEL", extra: ["Reason: SIP;cause=200"])
    bench.receive(cancel)
    #expect(bench.sent.suffix(2).map(\.short) == ["200 CANCEL", "487 INVITE"])
    #expect(bench.eventNames == ["cancelled", "ended"])
    guard case .cancelled(let reasons) = bench.events[0].event else { return }
    #expect(reasons == [Array("SIP;cause=200".utf8)])
    bench.receive(cancel)
    #expect(bench.eventNames.count == 2)
    bench.receive(bench.callerRequest("ACK", toTag: bench.sent[3].tag))
    bench.advance(.seconds(10))
    #expect(bench.sent.filter { $0.code == 487 }.count == 1)
    bench.expectQuiet()
  }

  /// L-37: our 200 was already sent.
  @Test func cancelAfterThe200Gets200AndChangesNothing() throws {
    let bench = Bench()
    let (_, tag) = try answered(bench, acknowledged: false)
    bench.receive(bench.callerRequest("CANCEL"))
    #expect(bench.sent.last?.short == "200 CANCEL")
    #expect(bench.eventNames.isEmpty)
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    #expect(bench.eventNames == ["acknowledged"])
  }

  /// Failures T4.
  @Test func byeBeforeAck() throws {
    let bench = Bench()
    let (_, tag) = try answered(bench, acknowledged: false)
    bench.receive(bench.callerRequest("BYE", toTag: tag, cseq: 2, branch: "z9hG4bKbye"))
    #expect(bench.eventNames == ["hungUp", "ended"])
    let count = bench.sent.count
    bench.expectQuiet()
    #expect(bench.sent.count == count)  // the 200 is not repeated any more
  }

  /// RFC 3261 §15.1.2.
  @Test func byeInTheEarlyDialogGets200AndTheInvite487() throws {
    let bench = Bench()
    _ = try ringing(bench)
    bench.receive(
      bench.callerRequest("BYE", toTag: bench.sent[1].tag, cseq: 2, branch: "z9hG4bKbye"))
    #expect(bench.sent.suffix(2).map(\.short) == ["200 BYE", "487 INVITE"])
    #expect(bench.eventNames == ["cancelled", "ended"])
    bench.expectQuiet()
  }

  /// RFC 3261 §15: BYE not before the ACK.
  @Test func hangingUpBeforeTheAckWaitsForIt() throws {
    let bench = Bench()
    let (id, tag) = try answered(bench, acknowledged: false)
    bench.end(id, reasons: ["Q.850;cause=16"])
    #expect(bench.sent.last?.code == 200)
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    let bye = try #require(bench.sent.last)
    #expect(bye.startLine == "BYE sip:carol@10.0.0.2:5060 SIP/2.0")
    #expect(bye.header("Reason") == "Q.850;cause=16")
    #expect(bye.header("To") == "\"Carol\" <sip:carol@10.0.0.2>;tag=carol")
    bench.receive(bench.answer(bye, 200, contact: ""))
    #expect(bench.eventNames == ["ended"])
    bench.expectQuiet()
  }

  /// Spec Q-6, RFC 3261 §17.2.1: 480 is repeated until its ACK.
  @Test func unansweredCallerGets480WhenWeHangUp() throws {
    let bench = Bench()
    let id = try ringing(bench)
    bench.end(id)
    #expect(bench.sent.last?.short == "480 INVITE")
    bench.advance(.milliseconds(1600))
    #expect(bench.sent.filter { $0.code == 480 }.count == 3)
    bench.receive(bench.callerRequest("ACK", toTag: bench.sent.last?.tag ?? ""))
    bench.advance(.seconds(20))
    #expect(bench.sent.filter { $0.code == 480 }.count == 3)
    #expect(bench.eventNames == ["ended"])
    bench.expectQuiet()
  }

  @Test func rejectionWithPhraseAndHeaders() throws {
    let bench = Bench()
    let id = try ringing(bench)
    bench.agent.reject(
      id, code: 603, phrase: Array("Not today".utf8),
      headers: [HeaderLine("X-Why", Array("tired".utf8))], at: bench.now)
    bench.drain()
    #expect(bench.sent.last?.startLine == "SIP/2.0 603 Not today")
    #expect(bench.sent.last?.header("X-Why") == "tired")
    bench.expectQuiet()
  }

  /// A route set stays in the order of the message on this side (RFC 3261 §12.1.1).
  @Test func requestsToTheCallerTakeTheRecordedRoute() throws {
    let bench = Bench()
    let id = try ringing(bench, extra: ["Record-Route: <sip:10.0.0.7;lr>, <sip:10.0.0.8;lr>"])
    bench.agent.accept(id, body: [], headers: [], at: bench.now)
    bench.drain()
    let answer = try #require(bench.sent.last)
    #expect(answer.header("Record-Route") == "<sip:10.0.0.7;lr>, <sip:10.0.0.8;lr>")
    bench.receive(bench.callerRequest("ACK", toTag: answer.tag, branch: "z9hG4bKack"))
    bench.end(id)
    let bye = try #require(bench.sent.last)
    #expect(bye.headers("Route") == ["<sip:10.0.0.7;lr>", "<sip:10.0.0.8;lr>"])
    #expect(bye.to == SocketAddress(ipv4: 0x0A00_0007, port: 5060))
  }

  /// RFC 3581 §4, RFC 3261 §18.2.1.
  @Test func responsesGoBackToWhereTheRequestCameFrom() throws {
    let bench = Bench()
    let nat = SocketAddress(ipv4: 0xC000_0205, port: 40_000)
    bench.receive(bench.callerRequest("INVITE", body: Self.sdp), from: nat)
    #expect(bench.sent[0].to == nat)
    #expect(bench.sent[0].header("Via").contains(";received=192.0.2.5"))
    #expect(bench.sent[0].header("Via").contains(";rport=40000"))
    let old = bench.callerRequest("OPTIONS", branch: "z9hG4bKnorport").replacing(";rport", with: "")
    bench.receive(old, from: nat)
    #expect(bench.sent[1].to == SocketAddress(ipv4: 0xC000_0205, port: 5060))
  }
}
