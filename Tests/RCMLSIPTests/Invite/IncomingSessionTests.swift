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
}
