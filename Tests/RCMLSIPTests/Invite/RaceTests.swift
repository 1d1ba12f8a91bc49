import RCMLBasics
import Testing

@testable import RCMLSIP

/// Races of spec §18.7 that only SIP sees, at exact instants; the number stands before each.
@Suite struct RaceTests {
  /// 4: L-20, F-9. The 487 was lost, and another branch behind the same proxy had answered.
  @Test func a487IsLostAndA2xxArrives() {
    let bench = Bench()
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180, tag: "one"))
    bench.end(id)
    let cancel = bench.sent.last
    #expect(cancel?.short == "CANCEL")
    if let cancel { bench.receive(bench.answer(cancel, 200, tag: "proxy")) }
    _ = bench.news()
    bench.receive(bench.answer(invite, 200, tag: "two", body: "v=0\r\n"))
    let news = bench.news()
    #expect(news.map(\.short) == ["ACK", "BYE"])
    #expect(news.map(\.tag) == ["two", "two"])
    #expect(bench.eventNames == ["provisional", "answeredTooLate"])
    bench.receive(bench.answer(news[1], 200))
    #expect(bench.eventNames.last == "ended")
    bench.expectQuiet()
  }

  /// 5: F-6, I-S4. Its ACK again, octet by octet, and nothing else.
  @Test func a2xxIsRepeatedAfterTheBye() {
    let bench = Bench()
    let id = bench.call()
    let answer = bench.answer(bench.sent[0], 200, body: "v=0\r\n")
    bench.receive(answer)
    let first = bench.news().last
    bench.end(id)
    let bye = bench.news()[0]
    bench.receive(answer)
    #expect(bench.news().map(\.bytes) == [first?.bytes])
    bench.receive(bench.answer(bye, 200))
    bench.receive(answer)
    #expect(bench.news().map(\.bytes) == [first?.bytes])
    #expect(bench.eventNames == ["answered", "ended"])
    bench.expectQuiet()
  }

  /// 7: L-5, I-S5. Nobody is invited any more.
  @Test func aCallIsGivenUpWhileItsNameIsLookedUp() {
    let bench = Bench()
    let id = bench.call(to: "sip:bob@late.example:5060")
    #expect(bench.resolving.map(\.host) == ["late.example"])
    bench.end(id)
    #expect(bench.eventNames == ["ended"])
    if let lookup = bench.resolving.first?.id {
      bench.agent.resolved(lookup, [Bench.peer], at: bench.now)
      bench.drain()
    }
    #expect(bench.sent.isEmpty)
    bench.expectQuiet()
  }

  /// 19: F-9. Two phones behind one target answer; the second is told why it is hung up.
  @Test func twoPhonesBehindOneTargetAnswer() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, tag: "one", body: "v=0\r\n"))
    bench.receive(bench.answer(invite, 200, tag: "two", body: "v=0\r\n"))
    let news = bench.news().dropFirst()
    #expect(news.map(\.short) == ["ACK", "ACK", "BYE"])
    #expect(news.map(\.tag) == ["one", "two", "two"])
    #expect(news.last?.header("Reason").contains("Call completed elsewhere") == true)
    #expect(bench.eventNames == ["answered"])
  }

  /// 20: L-28, U-26. The caller hangs up before its own ACK has come.
  @Test func aByeOvertakesTheAck() {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    bench.agent.accept(
      bench.incoming[0].id, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    let tag = bench.news().last?.tag ?? ""
    bench.receive(bench.callerRequest("BYE", toTag: tag, cseq: 2, branch: "z9hG4bKbye"))
    #expect(bench.news().map(\.short) == ["200 BYE"])
    #expect(bench.eventNames == ["hungUp", "ended"])
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    bench.expectQuiet()
    #expect(bench.news().isEmpty)
  }

  /// 20, the other way round: the BYE of the callee overtakes its 2xx.
  @Test func aByeOvertakesThe2xx() {
    let bench = Bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 180))
    bench.receive(bench.request("BYE", inDialogOf: invite))
    bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
    #expect(bench.eventNames == ["provisional", "answered", "hungUp", "ended"])
    bench.expectQuiet()
  }

  // U-41
  @Test(arguments: ["caller-1;to-tag=x;from-tag=y", "nonsense"])
  func whoWantsToReplaceACallHearsThatThereIsNone(value: String) {
    let bench = Bench()
    bench.receive(
      bench.callerRequest("INVITE", extra: ["Replaces: \(value)"], body: "v=0\r\n"))
    #expect(bench.news().map(\.short) == ["481 INVITE"])
    #expect(bench.incoming.isEmpty)
    bench.receive(
      bench.callerRequest(
        "INVITE", branch: "z9hG4bKr2", extra: ["Require: replaces", "Replaces: \(value)"]))
    #expect(bench.news().map(\.short) == ["420 INVITE"])
  }
}
