import RCMLBasics
import Testing

@testable import RCMLSIP

/// UPDATE with an offer before the 2xx, once the first exchange is over (RFC 3311 §5, spec U-56).
@Suite struct EarlyUpdateTests {
  private let sdp = "v=0\r\n"
  private let other = "v=0\r\ns=2\r\n"
  private let reliable = ["Require: 100rel", "RSeq: 17"]

  private func body(_ event: SessionEvent?) -> String? {
    switch event {
    case .offered(let body), .provisional(_, let body), .answered(_, let body, _):
      String(decoding: body, as: UTF8.self)
    default: nil
    }
  }

  // MARK: the leg's

  /// Our INVITE was answered by a reliable 183.
  private func answeredEarly(_ bench: Bench, code: Int = 183) -> (SessionID, Bench.Sent) {
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, code, extra: reliable, body: sdp))
    bench.receive(bench.answer(bench.sent[1], 200))
    _ = bench.news()
    return (id, invite)
  }

  private func update(
    _ bench: Bench, _ invite: Bench.Sent, cseq: Int = 1, tag: String = "bob"
  ) {
    bench.receive(
      bench.request(
        "UPDATE", inDialogOf: invite, tag: tag, cseq: cseq, branch: "z9hG4bKupdate\(cseq)\(tag)",
        extra: ["Contact: <sip:bob@10.0.0.2>"], body: other))
  }

  @Test func anUPDATEOfALegThatAnsweredReliablyIsServed() {
    let bench = Bench()
    let (id, invite) = answeredEarly(bench)
    update(bench, invite)
    #expect(bench.eventNames == ["provisional", "offered"])
    #expect(body(bench.events.last?.event) == other)
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    let said = bench.news()
    #expect(said.map(\.short) == ["200 UPDATE"])
    #expect(said[0].text.hasSuffix("\r\n\r\n" + sdp))
    // What the 200 to the INVITE repeats is older than the UPDATE.
    bench.receive(bench.answer(invite, 200, body: sdp))
    #expect(bench.news().map(\.short) == ["ACK"])
    #expect(bench.eventNames == ["provisional", "offered", "answered"])
    #expect(body(bench.events.last?.event) == other)
    bench.receive(bench.request("BYE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKbye"))
    bench.expectQuiet()
  }

  @Test(arguments: [488, 504] as [UInt16])
  func aRefusedEarlyUPDATELeavesTheFirstAnswer(_ code: UInt16) {
    let bench = Bench()
    let (id, invite) = answeredEarly(bench)
    update(bench, invite)
    bench.agent.refuseOffer(id, code: code, at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["\(code) UPDATE"])
    bench.receive(bench.answer(invite, 200))
    #expect(body(bench.events.last?.event) == sdp)
  }

  @Test func aLaterProvisionalResponseDoesNotBringBackWhatAnUPDATEReplaced() {
    let bench = Bench()
    let (id, invite) = answeredEarly(bench)
    update(bench, invite)
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.receive(bench.answer(invite, 183, body: sdp))
    #expect(body(bench.events.last?.event) == "")
    bench.receive(
      bench.answer(invite, 183, extra: ["Require: 100rel", "RSeq: 18"], body: sdp))
    bench.receive(bench.answer(invite, 200))
    #expect(body(bench.events.last?.event) == other)
  }

  /// RFC 3311 §5.2: one at a time.
  @Test func aSecondUPDATEWhileTheFirstWaitsGets500WithRetryAfter() throws {
    let bench = Bench()
    let (_, invite) = answeredEarly(bench)
    update(bench, invite)
    update(bench, invite, cseq: 2)
    let said = try #require(bench.news().last)
    #expect(said.short == "500 UPDATE" && !said.header("Retry-After").isEmpty)
    #expect(bench.eventNames == ["provisional", "offered"])
  }

  /// Our INVITE's offer has no answer in that dialog: a real collision.
  @Test(arguments: [[], ["Require: 100rel", "RSeq: 17"]])
  func anUPDATEBeforeAReliableAnswerGets491(_ extra: [String]) {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    // Unreliable with SDP, or reliable without.
    bench.receive(bench.answer(invite, 183, extra: extra, body: extra.isEmpty ? sdp : ""))
    _ = bench.news()
    update(bench, invite)
    #expect(bench.news().map(\.short) == ["491 UPDATE"])
    #expect(bench.eventNames == ["provisional"])
  }

  /// What our INVITE without an offer got in a 183 was an offer, and nobody has answered it.
  @Test func anUPDATEAfterAnOfferlessINVITEIsNotServedEarly() {
    let bench = Bench()
    _ = bench.call(body: "")
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 183, extra: reliable, body: sdp))
    _ = bench.news()
    update(bench, invite)
    #expect(bench.news().map(\.short) == ["491 UPDATE"])
  }

  /// §14.2: a re-INVITE has to wait for the 2xx all the same.
  @Test func aReINVITEInAnEarlyDialogStillGets491() {
    let bench = Bench()
    let (_, invite) = answeredEarly(bench)
    bench.receive(bench.request("INVITE", inDialogOf: invite, body: other))
    #expect(bench.news().map(\.short) == ["491 INVITE"])
  }

  @Test func theOfferOfADialogThatDidNotWinIsOver() {
    let bench = Bench()
    let (id, invite) = answeredEarly(bench)
    update(bench, invite)
    bench.receive(bench.answer(invite, 200, tag: "carol", contact: "<sip:c@10.0.0.3>", body: sdp))
    #expect(bench.news().map(\.short) == ["487 UPDATE", "ACK"])
    #expect(bench.eventNames == ["provisional", "offered", "offerCancelled", "answered"])
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().isEmpty)
  }

  @Test func anEarlyUPDATEStillWaitingWhenThe2xxComesIsAnsweredAfterIt() {
    let bench = Bench()
    let (id, invite) = answeredEarly(bench)
    update(bench, invite)
    bench.receive(bench.answer(invite, 200))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["ACK", "200 UPDATE"])
  }

  @Test func theEndOfTheLegRefusesItsEarlyUPDATE() {
    let bench = Bench()
    let (id, invite) = answeredEarly(bench)
    update(bench, invite)
    bench.receive(bench.answer(invite, 486))
    #expect(bench.news().map(\.short) == ["ACK", "487 UPDATE"])
    _ = id
    bench.expectQuiet()
  }

  // MARK: the caller's

  /// The caller has its answer from a 183; `isAcknowledged`: and has said so.
  private func rang(_ bench: Bench, isAcknowledged: Bool = true) throws -> (SessionID, String) {
    bench.receive(bench.callerRequest("INVITE", extra: ["Require: 100rel"], body: sdp))
    let id = try #require(bench.incoming.last?.id)
    bench.agent.ring(id, code: 183, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    let progress = try #require(bench.news().last)
    if isAcknowledged {
      bench.receive(
        bench.callerRequest(
          "PRACK", toTag: progress.tag, cseq: 2, branch: "z9hG4bKprack",
          extra: ["RAck: \(progress.header("RSeq")) 1 INVITE"]))
    }
    _ = bench.news()
    return (id, progress.tag)
  }

  private func update(_ bench: Bench, _ tag: String, cseq: Int = 3) {
    bench.receive(
      bench.callerRequest(
        "UPDATE", toTag: tag, cseq: cseq, branch: "z9hG4bKupdate\(cseq)", body: other))
  }

  @Test func anUPDATEOfACallerWhoHasItsAnswerIsServed() throws {
    let bench = Bench()
    let (id, tag) = try rang(bench)
    update(bench, tag)
    #expect(bench.eventNames == ["offered"] && body(bench.events.last?.event) == other)
    bench.agent.answerOffer(id, body: Array(other.utf8), at: bench.now)
    bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    let said = bench.news()
    #expect(said.map(\.short) == ["200 UPDATE", "200 INVITE"])
    #expect(said[0].text.hasSuffix("\r\n\r\n" + other))
    // The answer of the 183 is history, and is not repeated.
    #expect(said[1].header("Content-Length") == "0")
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    bench.receive(bench.callerRequest("BYE", toTag: tag, cseq: 4, branch: "z9hG4bKbye"))
    bench.expectQuiet()
  }

  @Test func anUPDATEBeforeThePRACKGets500WithRetryAfter() throws {
    let bench = Bench()
    let (_, tag) = try rang(bench, isAcknowledged: false)
    update(bench, tag)
    let said = try #require(bench.news().last)
    #expect(said.short == "500 UPDATE" && !said.header("Retry-After").isEmpty)
    #expect(bench.eventNames.isEmpty)
  }

  /// Our 200 holds the offer, and its answer is on its way with the ACK: a real collision.
  @Test func anUPDATEWhileTheOfferOfOur200IsUnansweredGets491() throws {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE"))
    let id = try #require(bench.incoming.last?.id)
    bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = bench.news().last?.tag ?? ""
    update(bench, tag)
    #expect(bench.news().map(\.short) == ["491 UPDATE"])
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack", body: sdp))
    update(bench, tag, cseq: 4)
    #expect(bench.eventNames == ["acknowledged", "offered"])
  }
}
