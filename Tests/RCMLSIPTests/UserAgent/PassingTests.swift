import RCMLBasics
import Testing

@testable import RCMLSIP

/// What two joined parties say to each other besides sound (spec U-25, U-26).
@Suite struct PassingTests {
  /// A caller and a callee, both answered and joined.
  private func joined() -> (Bench, caller: Bench.Sent, callee: Bench.Sent, leg: SessionID) {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", body: "v=0\r\n"))
    let caller = bench.incoming[0].id
    bench.agent.accept(caller, body: Array("v=0\r\n".utf8), headers: [], at: bench.now)
    bench.drain()
    let answer = bench.sent[bench.sent.count - 1]
    bench.receive(bench.callerRequest("ACK", toTag: answer.tag, branch: "z9hG4bKack"))
    let leg = bench.call()
    let invite = bench.sent[bench.sent.count - 1]
    bench.receive(bench.answer(invite, 200, body: "v=0\r\n"))
    bench.agent.join(caller, leg)
    _ = bench.news()
    return (bench, answer, invite, leg)
  }

  private func say(
    _ bench: Bench, _ method: String, _ tag: String, extra: [String] = [], branch: String = "i"
  ) {
    bench.receive(
      bench.callerRequest(
        method, toTag: tag, cseq: 2, branch: "z9hG4bK\(branch)", extra: extra, body: "hello",
        type: "text/plain"))
  }

  @Test(arguments: ["INFO", "MESSAGE"])
  func whatOnePartySaysTheOtherHears(method: String) {
    let (bench, answer, _, _) = joined()
    say(bench, method, answer.tag, extra: ["X-Mood: good", "Route-Me: no"])
    let passed = bench.news()
    #expect(passed.map(\.short) == [method])
    #expect(passed[0].tag == "bob")
    #expect(passed[0].header("Content-Type") == "text/plain")
    #expect(passed[0].header("X-Mood") == "good")
    #expect(passed[0].header("Route-Me") == "")
    #expect(passed[0].header("Max-Forwards") == "69")
    #expect(passed[0].text.hasSuffix("\r\n\r\nhello"))
    bench.receive(bench.answer(passed[0], 202))
    #expect(bench.news().map(\.short) == ["202 \(method)"])
  }

  /// A body is read by what its header says of it, and that goes with it.
  @Test func howABodyIsToBeReadGoesWithIt() {
    let (bench, answer, _, _) = joined()
    let how = [
      "Content-Encoding: gzip", "Content-Language: en", "Content-Disposition: render",
      "MIME-Version: 1.0",
    ]
    say(bench, "MESSAGE", answer.tag, extra: how)
    let passed = bench.news()[0]
    for line in how { #expect(passed.text.contains("\r\n\(line)\r\n"), "\(line)") }
    say(bench, "INFO", answer.tag, extra: ["e: gzip"], branch: "short")
  }

  @Test func theCalleeIsHeardAsWell() {
    let (bench, _, invite, _) = joined()
    bench.receive(
      bench.request(
        "INFO", inDialogOf: invite, branch: "z9hG4bKc", body: "x", type: "application/media"))
    let passed = bench.news()
    #expect(passed.map(\.short) == ["INFO"])
    #expect(passed[0].tag == "carol")
    bench.receive(bench.answer(passed[0], 415, extra: ["Accept: text/plain"]))
    let back = bench.news()
    #expect(back.map(\.short) == ["415 INFO"])
    #expect(back[0].header("Accept") == "text/plain")
  }

  @Test func aRepetitionIsNotPassedTwice() {
    let (bench, answer, _, _) = joined()
    say(bench, "INFO", answer.tag)
    say(bench, "INFO", answer.tag)
    let passed = bench.news()
    #expect(passed.map(\.short) == ["INFO"])
    bench.receive(bench.answer(passed[0], 200))
    say(bench, "INFO", answer.tag)
    #expect(bench.news().map(\.short) == ["200 INFO", "200 INFO"])
  }

  @Test func digitsAreTakenAndNotPassed() {
    let (bench, answer, _, _) = joined()
    bench.receive(
      bench.callerRequest(
        "INFO", toTag: answer.tag, cseq: 2, branch: "z9hG4bKd", body: "Signal=5\r\n",
        type: "application/dtmf-relay"))
    #expect(bench.news().map(\.short) == ["200 INFO"])
    #expect(bench.eventNames.last == "info")
  }

  /// U-27; the asking party's own dialog stands.
  @Test(arguments: [408, 481])
  func aPartyThatIsGoneEndsItsOwnLegOnly(code: Int) {
    let (bench, answer, _, _) = joined()
    say(bench, "MESSAGE", answer.tag)
    bench.receive(bench.answer(bench.news()[0], code))
    #expect(bench.news().map(\.short) == ["504 MESSAGE", "BYE"])
    #expect(bench.eventNames.last == "lost")
  }

  @Test func aPartyThatNeverAnswersIsGone() {
    let (bench, answer, _, _) = joined()
    say(bench, "INFO", answer.tag)
    bench.advance(.seconds(33))
    #expect(bench.news().map(\.short).contains("504 INFO"))
  }

  @Test func partedPartiesHearNothingOfEachOther() {
    let (bench, answer, _, leg) = joined()
    bench.agent.part(bench.incoming[0].id, leg)
    say(bench, "MESSAGE", answer.tag, branch: "m")
    say(bench, "INFO", answer.tag, branch: "n")
    #expect(bench.news().map(\.short) == ["405 MESSAGE", "415 INFO"])
  }

  @Test func hopsAreCounted() {
    let (bench, answer, _, _) = joined()
    bench.receive(
      bench.callerRequest(
        "INFO", toTag: answer.tag, cseq: 2, branch: "z9hG4bKh", body: "x", type: "text/plain"
      ).replacing("Max-Forwards: 70", with: "Max-Forwards: 0"))
    #expect(bench.news().map(\.short) == ["483 INFO"])
  }

  @Test func nothingIsLeftWhenBothHaveGone() {
    let (bench, answer, _, leg) = joined()
    say(bench, "INFO", answer.tag)
    bench.end(leg)
    bench.end(bench.incoming[0].id)
    bench.expectQuiet()
  }
}
