import RCMLBasics
import Testing

@testable import RCMLSIP

/// What each kind of message says in bodies of several parts, and in bodies that need not be understood. // U-58
@Suite struct BodyMessageTests {
  private let sdp = Bodies.sdp
  private let optional = ["Content-Disposition: render;handling=optional"]

  private func text(_ octets: [UInt8]?) -> String? {
    octets.map { String(decoding: $0, as: UTF8.self) }
  }

  /// What the last event was told of.
  private func body(_ event: SessionEvent?) -> String? {
    switch event {
    case .provisional(_, let body), .answered(_, let body, _), .acknowledged(let body),
      .offered(let body), .offerAccepted(let body):
      text(body)
    default: nil
    }
  }

  // MARK: INVITE

  private func invite(
    _ bench: Bench, _ body: String, type: String = Bodies.type, extra: [String] = []
  ) -> Bench.Sent? {
    bench.receive(bench.callerRequest("INVITE", extra: extra, body: body, type: type))
    return bench.news().last
  }

  @Test(arguments: [Bodies.trunk, Bodies.second])
  func anINVITEOffersWhatItsPartSays(_ body: String) throws {
    let bench = Bench()
    #expect(invite(bench, body)?.code == 100)
    #expect(text(bench.incoming.first?.invite.body) == sdp)
  }

  @Test func anINVITEWithABodyThatMayBeIgnoredOffersNothing() throws {
    let bench = Bench()
    #expect(invite(bench, "hello", type: "text/plain", extra: optional)?.code == 100)
    let id = try #require(bench.incoming.first?.id)
    #expect(bench.incoming[0].invite.body.isEmpty)
    // Our offer is in the 200, and its answer comes with the ACK.
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    bench.receive(
      bench.callerRequest(
        "UPDATE", toTag: bench.sent.last?.tag ?? "", cseq: 2, branch: "z9hG4bKu", body: sdp))
    #expect(bench.sent.last?.short == "491 UPDATE")
  }

  @Test func anINVITEWithPartsThatMayBeIgnoredOffersNothing() {
    let bench = Bench()
    #expect(invite(bench, Bodies.other)?.code == 100)
    #expect(bench.incoming.first?.invite.body.isEmpty == true)
  }

  @Test(arguments: [
    (Bodies.required, Bodies.type, []), ("hello", "text/plain", []),
    (Bodies.trunk, "multipart/mixed", []),
    (Bodies.sdp, "application/sdp", ["Content-Encoding: gzip"]),
  ])
  func anINVITEWithABodyThatHasToBeUnderstoodGets415(
    body: String, type: String, extra: [String]
  ) {
    let bench = Bench()
    let padding = ["X-Padding: \(String(repeating: "x", count: 150))"]
    let refusal = invite(bench, body, type: type, extra: extra + padding)
    #expect(refusal?.code == 415 && bench.incoming.isEmpty)
    #expect(refusal?.header("Accept") == "application/sdp, multipart/mixed")
    #expect(refusal?.header("Accept-Encoding") == "identity")
  }

  // MARK: responses

  @Test(arguments: [180, 183])
  func an18xAnswersWhatItsPartSays(_ code: Int) {
    let bench = Bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], code, body: Bodies.second, type: Bodies.type))
    #expect(body(bench.events.last?.event) == sdp)
  }

  @Test func a200AnswersWhatItsPartSays() {
    let bench = Bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: Bodies.trunk, type: Bodies.type))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
    #expect(body(bench.events.last?.event) == sdp)
  }

  /// What else it wants understood cannot be refused any more: the answer counts, and the call goes on.
  @Test func a200AnswersWhatItsPartSaysWhateverElseItHolds() {
    let bench = Bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: Bodies.required, type: Bodies.type))
    #expect(body(bench.events.last?.event) == sdp)
  }

  @Test func aReliable183AnswersWhatItsPartSaysForThe200Too() {
    let bench = Bench()
    _ = bench.call()
    let reliable = ["Require: 100rel", "RSeq: 17"]
    bench.receive(
      bench.answer(bench.sent[0], 183, extra: reliable, body: Bodies.trunk, type: Bodies.type))
    bench.receive(bench.answer(bench.sent[1], 200))
    bench.receive(
      bench.answer(bench.sent[0], 200, extra: optional, body: "hello", type: "text/plain"))
    #expect(body(bench.events.last?.event) == sdp)
  }

  @Test func the200ToOurReINVITEAnswersWhatItsPartSays() {
    let bench = Bench()
    let id = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: "v=0\r\n"))
    _ = bench.news()
    bench.agent.offer(id, body: Array("v=0\r\n".utf8), at: bench.now)
    bench.drain()
    let offer = bench.news()[0]
    bench.receive(bench.answer(offer, 200, body: Bodies.second, type: Bodies.type))
    #expect(body(bench.events.last?.event) == sdp)
  }

  // MARK: ACK, PRACK

  @Test func anACKAnswersWhatItsPartSays() throws {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE"))
    let id = try #require(bench.incoming.first?.id)
    bench.agent.accept(id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    bench.receive(
      bench.callerRequest(
        "ACK", toTag: bench.sent.last?.tag ?? "", branch: "z9hG4bKack", body: Bodies.trunk,
        type: Bodies.type))
    #expect(body(bench.events.last?.event) == sdp)
  }

  private func prack(
    _ body: String, type: String = Bodies.type, extra: [String] = []
  ) throws -> Bench.Sent {
    let bench = Bench()
    bench.receive(
      bench.callerRequest("INVITE", extra: ["Require: 100rel"], body: "v=0\r\n"))
    let id = try #require(bench.incoming.first?.id)
    bench.agent.ring(id, code: 180, body: [], at: bench.now)
    bench.drain()
    let ringing = try #require(bench.news().last)
    bench.receive(
      bench.callerRequest(
        "PRACK", toTag: ringing.tag, cseq: 2, branch: "z9hG4bKprack",
        extra: ["RAck: \(ringing.header("RSeq")) 1 INVITE"] + extra, body: body, type: type))
    return try #require(bench.news().last)
  }

  @Test func aPRACKWithoutADescriptionAmongItsPartsIsNoOffer() throws {
    #expect(try prack(Bodies.other).short == "200 PRACK")
    #expect(try prack("hello", type: "text/plain", extra: optional).short == "200 PRACK")
  }

  @Test func aPRACKThatOffersInAPartGets488() throws {
    #expect(try prack(Bodies.trunk).short == "488 PRACK")
  }

  @Test func aPRACKWithAPartThatHasToBeUnderstoodGets415() throws {
    let answer = try prack(Bodies.required)
    #expect(answer.short == "415 PRACK")
    #expect(answer.header("Accept") == "application/sdp, multipart/mixed")
  }

  // MARK: re-INVITE, UPDATE

  private func connected(_ bench: Bench) -> Bench.Sent {
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, body: "v=0\r\n"))
    _ = bench.news()
    return bench.sent[0]
  }

  @Test(arguments: ["INVITE", "UPDATE"])
  func aReINVITEOrUPDATEOffersWhatItsPartSays(method: String) {
    let bench = Bench()
    let invite = connected(bench)
    bench.receive(
      bench.request(method, inDialogOf: invite, body: Bodies.second, type: Bodies.type))
    #expect(body(bench.events.last?.event) == sdp)
  }

  @Test(arguments: ["INVITE", "UPDATE"])
  func aReINVITEOrUPDATEWithAPartThatHasToBeUnderstoodGets415(method: String) {
    let bench = Bench()
    let invite = connected(bench)
    bench.receive(
      bench.request(method, inDialogOf: invite, body: Bodies.required, type: Bodies.type))
    let answer = bench.news().last
    #expect(answer?.short == "415 \(method)")
    #expect(answer?.header("Accept") == "application/sdp, multipart/mixed")
    #expect(bench.eventNames == ["answered"])
  }

  @Test func aReINVITEWithABodyThatMayBeIgnoredAsksForAnOffer() throws {
    let bench = Bench()
    let invite = connected(bench)
    bench.receive(
      bench.request(
        "INVITE", inDialogOf: invite, extra: optional, body: "hello", type: "text/plain"))
    #expect(body(bench.events.last?.event) == "")
    bench.agent.answerOffer(bench.calls[0], body: Array("v=0\r\n".utf8), at: bench.now)
    bench.drain()
    // Its answer is still owed: the ACK brings it.
    bench.receive(
      bench.request("UPDATE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKu", body: sdp))
    #expect(bench.sent.last?.short == "491 UPDATE")
    bench.receive(
      bench.request(
        "ACK", inDialogOf: invite, branch: "z9hG4bKack", body: Bodies.trunk, type: Bodies.type))
    #expect(body(bench.events.last?.event) == sdp)
  }

  @Test(arguments: [
    (Bodies.other, Bodies.type, [String]()),
    ("hello", "text/plain", ["Content-Disposition: x;handling=optional"]),
  ])
  func anUPDATEThatOffersNothingMovesTheTarget(body: String, type: String, extra: [String]) {
    let bench = Bench()
    let invite = connected(bench)
    bench.receive(
      bench.request(
        "UPDATE", inDialogOf: invite, extra: extra + ["Contact: <sip:moved@10.0.0.2>"], body: body,
        type: type))
    #expect(bench.news().last?.short == "200 UPDATE")
    #expect(bench.eventNames == ["answered"])
    bench.end(bench.calls[0])
    #expect(bench.news().last?.startLine == "BYE sip:moved@10.0.0.2 SIP/2.0")
  }
}
