import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// re-INVITE and UPDATE in both directions (RFC 3261 §14, spec U-23).
@Suite struct OfferTests {
  let sdp = "v=0\r\n"

  private func connected(_ bench: Bench) -> (SessionID, Bench.Sent) {
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, body: sdp))
    _ = bench.news()
    return (id, invite)
  }

  private func offer(_ bench: Bench, _ id: SessionID, _ body: String = "v=0\r\n") {
    bench.agent.offer(id, body: Array(body.utf8), at: bench.now)
    bench.drain()
  }

  @Test func ourReINVITEIsAnsweredAndAcknowledged() {
    let bench = Bench()
    let (id, _) = connected(bench)
    offer(bench, id)
    let reinvite = bench.news()[0]
    #expect(reinvite.short == "INVITE" && reinvite.header("CSeq") == "2 INVITE")
    #expect(reinvite.tag == "bob")
    bench.receive(bench.answer(reinvite, 200, body: sdp))
    #expect(bench.news().map { $0.header("CSeq") } == ["2 ACK"])
    #expect(bench.eventNames == ["answered", "offerAccepted"])
  }

  @Test func whatIsOfferedBeforeTheOtherSideHasAnsweredIsNeverSent() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.news()[0]
    bench.receive(bench.answer(invite, 180))
    offer(bench, id)
    bench.receive(bench.answer(invite, 200, body: sdp))
    #expect(bench.news().map(\.short) == ["ACK"])
    // Nor later, when an offer of theirs is done with.
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    bench.receive(bench.request("ACK", inDialogOf: invite, branch: "z9hG4bKack"))
    #expect(bench.news().map(\.short) == ["200 INVITE"])
  }

  @Test func ourRefusedReINVITELeavesTheSessionAsItWas() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    offer(bench, id)
    bench.receive(bench.answer(bench.news()[0], 488))
    #expect(bench.eventNames == ["answered", "offerRefused"])
    bench.receive(bench.request("BYE", inDialogOf: invite))
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  /// §14.1, failures T5: the owner of the Call-ID waits 2.1 to 4 s, the other 0 to 2 s.
  @Test func glareIsTriedAgainWithinItsTimes() {
    for seed in 1...50 as ClosedRange<UInt64> {
      let bench = Bench(seed: seed)
      let (id, _) = connected(bench)
      offer(bench, id)
      let first = bench.news()[0]
      bench.receive(bench.answer(first, 491))
      _ = bench.news()
      bench.advance(.milliseconds(2_099))
      #expect(bench.news().isEmpty)
      bench.advance(.milliseconds(1_901))
      let second = bench.news()
      #expect(second.first?.header("CSeq") == "3 INVITE")
      bench.receive(bench.answer(second[0], 200, body: sdp))
      #expect(bench.eventNames == ["answered", "offerAccepted"])
    }
  }

  /// §15.1.1: a world in which it was tried again behind our BYE (seed 50454933); and one that meets glare only then.
  @Test(arguments: [true, false]) func glareIsNotTriedAgainBehindOurBYE(meetsItBefore: Bool) throws
  {
    let bench = Bench()
    let (id, _) = connected(bench)
    offer(bench, id)
    let reinvite = try #require(bench.news().first)
    if meetsItBefore { bench.receive(bench.answer(reinvite, 491)) }
    bench.end(id)
    if !meetsItBefore { bench.receive(bench.answer(reinvite, 491)) }
    _ = bench.news()
    // Its own answer takes its time.
    for _ in 0..<20 { bench.advance(.milliseconds(500)) }
    #expect(!bench.news().contains { $0.method == "INVITE" })
  }

  /// §14.1: theirs came first, and ours is not forgotten over it.
  @Test(arguments: ["INVITE", "UPDATE"])
  func ourOfferThatMetGlareIsSentAfterTheirs(_ method: String) throws {
    let bench = Bench()
    let (id, invite) = connected(bench)
    offer(bench, id, "v=0\r\ns=ours\r\n")
    bench.receive(bench.answer(bench.news()[0], 491))
    bench.receive(bench.request(method, inDialogOf: invite, body: sdp))
    _ = bench.news()
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    if method == "INVITE" {
      bench.receive(bench.request("ACK", inDialogOf: invite, branch: "z9hG4bKack"))
    }
    let said = bench.news()
    #expect(said.map(\.short) == ["200 \(method)", "INVITE"])
    #expect(said.last?.text.hasSuffix("s=ours\r\n") == true)
    bench.receive(bench.answer(try #require(said.last), 200, body: sdp))
    #expect(bench.eventNames.last == "offerAccepted")
    bench.advance(.seconds(10))
    #expect(bench.news().map(\.short) == ["ACK"])
  }

  @Test func glareThatNeverEndsIsRefused() {
    let bench = Bench()
    let (id, _) = connected(bench)
    offer(bench, id)
    for _ in 0...Limits.glareTries {
      guard let reinvite = bench.news().last(where: { $0.method == "INVITE" }) else { break }
      bench.receive(bench.answer(reinvite, 491))
      _ = bench.news()
      bench.advance(.seconds(4))
    }
    #expect(bench.eventNames == ["answered", "offerRefused"])
  }

  /// §14.2.
  @Test func theirReINVITEWhileOursIsUnderWayGets491() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    offer(bench, id)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    #expect(bench.news().map(\.short) == ["INVITE", "491 INVITE"])
  }

  @Test func theirReINVITEIsAnsweredAndRepeatedUntilItsAck() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    #expect(bench.eventNames == ["answered", "offered"])
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    bench.advance(.milliseconds(600))
    #expect(bench.news().map(\.short) == ["200 INVITE", "200 INVITE"])
    bench.receive(bench.request("ACK", inDialogOf: invite, branch: "z9hG4bKack"))
    bench.advance(.seconds(10))
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames == ["answered", "offered", "acknowledged"])
  }

  @Test func theirReINVITEWithoutOfferGetsOursAndTheirAnswerInTheAck() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite))
    guard case .offered(let body)? = bench.events.last?.event else {
      Issue.record("not offered")
      return
    }
    #expect(body.isEmpty)
    bench.agent.answerOffer(id, body: Array("v=0\r\no=ours\r\n".utf8), at: bench.now)
    bench.drain()
    bench.receive(bench.request("ACK", inDialogOf: invite, branch: "z9hG4bKack", body: sdp))
    guard case .acknowledged(let answer)? = bench.events.last?.event else {
      Issue.record("not acknowledged")
      return
    }
    #expect(answer == Array(sdp.utf8))
  }

  @Test func theirUpdateNeedsNoAck() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("UPDATE", inDialogOf: invite, body: sdp))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    bench.advance(.seconds(2))
    #expect(bench.news().map(\.short) == ["200 UPDATE"])
    bench.receive(
      bench.request("UPDATE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKrefresh"))
    #expect(bench.news().map(\.short) == ["200 UPDATE"])
    #expect(bench.eventNames == ["answered", "offered"])
  }

  @Test func theirSecondOfferBeforeOurWordGets500WithRetryAfter() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.receive(
      bench.request("INVITE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKtwo", body: sdp))
    let busy = bench.news()[0]
    #expect(busy.short == "500 INVITE" && !busy.header("Retry-After").isEmpty)
    bench.agent.refuseOffer(id, code: 488, at: bench.now)
    bench.drain()
    #expect(bench.news().last?.short == "488 INVITE")
  }

  @Test func theirCancelledReINVITEGets487() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.receive(bench.request("CANCEL", inDialogOf: invite))
    #expect(bench.news().map(\.short) == ["200 CANCEL", "487 INVITE"])
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
    #expect(!bench.eventNames.contains("ended"))
  }

  /// RFC 3261 §15.1.2: what waits for our word is not left hanging.
  @Test func hangingUpRefusesAnOfferThatWaits() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.end(id)
    #expect(bench.news().map(\.short) == ["487 INVITE", "BYE"])
    bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 200))
    bench.expectQuiet()
  }

  /// U-27, RFC 3261 §12.2.1.2.
  @Test func aDialogThePeerForgotIsLostAndHungUp() {
    let bench = Bench()
    let (id, _) = connected(bench)
    offer(bench, id)
    bench.receive(bench.answer(bench.news()[0], 481))
    #expect(bench.eventNames == ["answered", "offerRefused", "lost"])
    let bye = bench.news().last
    #expect(bye?.method == "BYE")
    bench.receive(bench.answer(bench.sent[bench.sent.count - 1], 481))
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  @Test func anOfferThatMeetsAnotherIsHeldUntilThatEnds() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("UPDATE", inDialogOf: invite, body: sdp))
    offer(bench, id)
    #expect(bench.news().isEmpty)
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["200 UPDATE", "INVITE"])
  }

  /// §12.2: the peer moved.
  @Test func requestsFollowTheContactOfAReINVITE() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(
      bench.request(
        "INVITE", inDialogOf: invite, extra: ["Contact: <sip:bob@10.0.0.77:5070>"], body: sdp))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    bench.receive(bench.request("ACK", inDialogOf: invite, branch: "z9hG4bKack"))
    bench.end(id)
    #expect(bench.sent.last?.to == SocketAddress(ipv4: 0x0A00_004D, port: 5070))
    #expect(bench.sent.last?.startLine == "BYE sip:bob@10.0.0.77:5070 SIP/2.0")
  }

  /// The last event of a session is `ended`; the peer still gets its ACK (found by seed in LossyNetworkTests).
  @Test func ourReINVITEAnsweredAfterTheEndIsAcknowledgedInSilence() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    offer(bench, id)
    let reinvite = bench.news()[0]
    bench.receive(bench.request("BYE", inDialogOf: invite))
    bench.receive(bench.answer(reinvite, 200, body: sdp))
    #expect(bench.news().map(\.short) == ["200 BYE", "ACK"])
    #expect(bench.eventNames == ["answered", "hungUp", "ended"])
    bench.expectQuiet()
  }
}
