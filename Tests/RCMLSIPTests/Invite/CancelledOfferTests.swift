import RCMLBasics
import Testing

@testable import RCMLSIP

/// re-INVITEs that are taken back, by the peer and by us (RFC 3261 §9, spec U-54).
@Suite struct CancelledOfferTests {
  private let sdp = "v=0\r\n"

  private func connected(_ bench: Bench) -> (SessionID, Bench.Sent) {
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, body: sdp))
    _ = bench.news()
    return (id, invite)
  }

  private func offer(_ bench: Bench, _ id: SessionID) -> Bench.Sent {
    bench.agent.offer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    return bench.news()[0]
  }

  private func cancel(_ bench: Bench, _ id: SessionID) {
    bench.agent.cancelOffer(id, at: bench.now)
    bench.drain()
  }

  private func code(_ bench: Bench) -> UInt16? {
    if case .offerRefused(let code)? = bench.events.last?.event { code } else { nil }
  }

  // MARK: theirs

  @Test func aCANCELOfTheirReINVITEIsToldAndNobodyAnswersItAnyMore() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.receive(bench.request("CANCEL", inDialogOf: invite))
    #expect(bench.news().map(\.short) == ["200 CANCEL", "487 INVITE"])
    #expect(bench.eventNames == ["answered", "offered", "offerCancelled"])
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
    // The session takes the next one.
    bench.receive(
      bench.request("INVITE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKnext", body: sdp))
    #expect(bench.eventNames.last == "offered")
  }

  @Test func aCANCELThatComesAfterOurAnswerTellsNothing() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.receive(bench.request("CANCEL", inDialogOf: invite))
    #expect(bench.news().map(\.short) == ["200 INVITE", "200 CANCEL"])
    #expect(bench.eventNames == ["answered", "offered"])
  }

  // MARK: ours

  @Test func ourReINVITEIsCancelledOnceAProvisionalResponseCame() {
    let bench = Bench()
    let (id, _) = connected(bench)
    let reinvite = offer(bench, id)
    cancel(bench, id)
    #expect(bench.news().isEmpty)
    bench.receive(bench.answer(reinvite, 100, tag: ""))
    let said = bench.news()
    #expect(said.map(\.short) == ["CANCEL"])
    #expect(said[0].header("CSeq") == "2 CANCEL")
    #expect(said[0].headers("Via") == reinvite.headers("Via"))
    bench.receive(bench.answer(said[0], 200))
    bench.receive(bench.answer(reinvite, 487))
    #expect(bench.news().map(\.short) == ["ACK"])
    #expect(bench.eventNames == ["answered", "offerRefused"] && code(bench) == 487)
    // The session is what it was, and may offer again.
    #expect(offer(bench, id).header("CSeq") == "3 INVITE")
  }

  @Test func ourReINVITEThatHasRungIsCancelledAtOnce() {
    let bench = Bench()
    let (id, _) = connected(bench)
    let reinvite = offer(bench, id)
    bench.receive(bench.answer(reinvite, 100, tag: ""))
    cancel(bench, id)
    cancel(bench, id)
    #expect(bench.news().map(\.short) == ["CANCEL"])
  }

  @Test(arguments: [true, false])
  func a200ThatComesBeforeTheEndOfACancelledReINVITECounts(_ hasProgressed: Bool) {
    let bench = Bench()
    let (id, _) = connected(bench)
    let reinvite = offer(bench, id)
    if hasProgressed { bench.receive(bench.answer(reinvite, 100, tag: "")) }
    cancel(bench, id)
    _ = bench.news()
    bench.receive(bench.answer(reinvite, 200, body: sdp))
    #expect(bench.news().map(\.short) == ["ACK"])
    #expect(bench.eventNames == ["answered", "offerAccepted"])
  }

  /// §9.1: 64·T1 after the CANCEL nobody waits any more.
  @Test func aCancelledReINVITEWithoutFinalResponseIsGivenUp() {
    let bench = Bench()
    let (id, _) = connected(bench)
    let reinvite = offer(bench, id)
    bench.receive(bench.answer(reinvite, 100, tag: ""))
    cancel(bench, id)
    bench.receive(bench.answer(bench.sent.last ?? reinvite, 200))
    bench.advance(.seconds(31))
    #expect(bench.eventNames == ["answered"])
    bench.advance(.seconds(2))
    #expect(bench.eventNames == ["answered", "offerRefused"] && code(bench) == 487)
    bench.end(id)
    bench.receive(bench.answer(bench.sent.last ?? reinvite, 200))
    bench.expectQuiet()
  }

  @Test func ourReINVITEThatWaitsForItsTurnIsDroppedInSilence() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: sdp))
    bench.agent.offer(id, body: Array(sdp.utf8), at: bench.now)
    cancel(bench, id)
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.receive(bench.request("ACK", inDialogOf: invite, branch: "z9hG4bKack"))
    #expect(bench.news().map(\.short) == ["200 INVITE"])
    #expect(bench.eventNames == ["answered", "offered", "acknowledged"])
  }

  @Test func aCancelledReINVITEThatMetGlareIsNotTriedAgain() {
    let bench = Bench()
    let (id, _) = connected(bench)
    let reinvite = offer(bench, id)
    bench.receive(bench.answer(reinvite, 491))
    cancel(bench, id)
    #expect(bench.eventNames == ["answered", "offerRefused"] && code(bench) == 487)
    _ = bench.news()
    let other = offer(bench, id)
    bench.receive(bench.answer(other, 100, tag: ""))
    cancel(bench, id)
    bench.receive(bench.answer(other, 491))
    _ = bench.news()
    bench.advance(.seconds(10))
    #expect(bench.news().allSatisfy { $0.method != "INVITE" })
    #expect(bench.eventNames == ["answered", "offerRefused", "offerRefused"])
  }

  @Test func aCancelledReINVITEThatIsChallengedIsNotTriedAgain() {
    let bench = Bench()
    let id = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    _ = bench.news()
    let reinvite = offer(bench, id)
    bench.receive(bench.answer(reinvite, 100, tag: ""))
    cancel(bench, id)
    _ = bench.news()
    bench.receive(
      bench.answer(reinvite, 401, extra: [#"WWW-Authenticate: Digest realm="r", nonce="n""#]))
    #expect(bench.news().map(\.short) == ["ACK"])
    #expect(bench.eventNames == ["answered", "offerRefused"] && code(bench) == 401)
  }

  /// §9.1 holds for each transaction: the 100 that the first one had is nothing to the one with credentials.
  @Test func aReINVITESentAgainWithCredentialsWaitsForItsOwnProvisionalResponse() throws {
    let bench = Bench()
    let id = bench.call(credentials: Credentials(username: "alice", password: "secret"))
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    _ = bench.news()
    let first = offer(bench, id)
    bench.receive(bench.answer(first, 100, tag: ""))
    bench.receive(
      bench.answer(first, 401, extra: [#"WWW-Authenticate: Digest realm="r", nonce="n""#]))
    let second = try #require(bench.news().last)
    #expect(second.header("CSeq") == "3 INVITE")
    cancel(bench, id)
    #expect(bench.news().isEmpty)
    bench.receive(bench.answer(second, 100, tag: ""))
    #expect(bench.news().map { $0.header("CSeq") } == ["3 CANCEL"])
  }

  /// A provisional response stops timer B, and whoever hangs up may never send the final one.
  @Test func aReINVITEWithoutFinalResponseDoesNotOutliveItsSessionForLong() {
    let bench = Bench()
    let (id, invite) = connected(bench)
    bench.receive(bench.answer(offer(bench, id), 100, tag: ""))
    bench.receive(bench.request("BYE", inDialogOf: invite))
    #expect(bench.eventNames == ["answered", "hungUp", "ended"])
    bench.advance(.seconds(40))
    bench.expectQuiet()
  }
}
