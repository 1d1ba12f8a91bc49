import RCMLBasics
import Testing

@testable import RCMLSIP

/// Provisional responses that want a PRACK (RFC 3262, spec U-21).
@Suite struct ReliableProvisionalTests {
  let sdp = "v=0\r\nearly"

  private func reliable(_ rseq: String) -> [String] { ["Require: 100rel", "RSeq: \(rseq)"] }

  @Test func aReliableResponseIsAcknowledgedOnceAndToldOnce() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    _ = bench.news()
    let ringing = bench.answer(
      invite, 180, extra: reliable("7") + ["Record-Route: <sip:10.0.0.2;lr>"])
    bench.receive(ringing)
    let prack = bench.news()
    #expect(prack.map(\.short) == ["PRACK"])
    #expect(prack[0].header("RAck") == "7 1 INVITE")
    #expect(prack[0].header("CSeq") == "2 PRACK")
    #expect(prack[0].startLine == "PRACK sip:bob@10.0.0.2 SIP/2.0")
    #expect(prack[0].header("Route") == "<sip:10.0.0.2;lr>")
    #expect(prack[0].tag == "bob")
    bench.receive(ringing)
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames == ["provisional"])
    bench.receive(bench.answer(prack[0], 200))
    bench.receive(bench.answer(invite, 200, body: sdp))
    #expect(bench.news().map { $0.header("CSeq") } == ["1 ACK"])
    bench.end(bench.calls[0])
    #expect(bench.news().map { $0.header("CSeq") } == ["3 BYE"])
  }

  /// §4: what comes before its predecessor waits for its repetition.
  @Test func responsesOutOfOrderSayNothing() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180, extra: reliable("7")))
    _ = bench.news()
    bench.receive(bench.answer(invite, 183, extra: reliable("9")))
    #expect(bench.news().isEmpty && bench.eventNames == ["provisional"])
    bench.receive(bench.answer(invite, 183, extra: reliable("8")))
    bench.receive(bench.answer(invite, 183, extra: reliable("9")))
    #expect(bench.news().map { $0.header("RAck") } == ["8 1 INVITE", "9 1 INVITE"])
    #expect(bench.eventNames == ["provisional", "provisional", "provisional"])
  }

  @Test(arguments: [["Require: 100rel"], ["Require: 100rel", "RSeq: 0"], ["RSeq: 5"]])
  func withoutANumberOrARequirementItIsAnOrdinaryOne(extra: [String]) {
    let bench = Bench()
    _ = bench.call()
    _ = bench.news()
    bench.receive(bench.answer(bench.sent[0], 180, extra: extra))
    #expect(bench.news().isEmpty && bench.eventNames == ["provisional"])
  }

  @Test func everyForkCountsForItself() {
    let bench = Bench()
    _ = bench.call()
    _ = bench.news()
    bench.receive(bench.answer(bench.sent[0], 180, tag: "one", extra: reliable("4294967295")))
    bench.receive(bench.answer(bench.sent[0], 180, tag: "two", extra: reliable("1")))
    #expect(bench.news().map { $0.tag } == ["one", "two"])
  }

  /// §5: the answer came in the 18x; the 2xx need not bring it again.
  @Test func theAnswerOfAReliableResponseIsTheAnswer() {
    let bench = Bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 183, extra: reliable("1"), body: sdp))
    bench.receive(bench.answer(bench.sent[0], 200))
    guard case .answered(_, let body, _)? = bench.events.last?.event else {
      Issue.record("not answered")
      return
    }
    #expect(body == Array(sdp.utf8))
  }

  @Test func aCancelledCallLeavesNothingOfItsPRACK() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180, extra: reliable("1")))
    bench.end(bench.calls[0])
    bench.receive(bench.answer(invite, 487))
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }
}
