import Foundation
import RCMLBasics
import RCMLSIP
import Testing

/// Callers who want our provisional responses acknowledged (RFC 3262 §3, §5, spec U-21).
@Suite struct ReliableRingingTests {
  static let sdp = "v=0\r\n"
  static let required = ["Require: 100rel"]
  static let supported = ["Supported: timer, 100rel"]

  /// An INVITE that nothing was said to but 100.
  private func invited(_ bench: Bench, _ extra: [String] = required) throws -> SessionID {
    bench.receive(bench.callerRequest("INVITE", extra: extra, body: Self.sdp))
    _ = bench.news()
    return try #require(bench.incoming.last?.id)
  }

  private func ring(_ bench: Bench, _ id: SessionID, _ code: UInt16 = 180, body: String = "") {
    bench.agent.ring(id, code: code, body: Array(body.utf8), at: bench.now)
    bench.drain()
  }

  private func accept(_ bench: Bench, _ id: SessionID, body: String = sdp) {
    bench.agent.accept(id, body: Array(body.utf8), headers: [], at: bench.now)
    bench.drain()
  }

  private func prack(
    _ bench: Bench, _ response: Bench.Sent, cseq: Int = 2, rack: String? = nil, body: String = "",
    type: String = "application/sdp"
  ) {
    bench.receive(
      bench.callerRequest(
        "PRACK", toTag: response.tag, cseq: cseq, branch: "z9hG4bKprack\(cseq)",
        extra: ["RAck: " + (rack ?? "\(response.header("RSeq")) 1 INVITE")], body: body, type: type)
    )
  }

  private func times(_ bench: Bench, _ code: Int) -> [Int] {
    bench.sent.filter { $0.code == code }.map { ($0.at - bench.start).wholeMilliseconds }
  }

  // MARK: who gets what

  @Test func aCallerWhoRequires100relGetsA180ThatAsksForItsPRACK() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    let ringing = try #require(bench.news().last)
    #expect(ringing.short == "180 INVITE")
    #expect(ringing.header("Require") == "100rel")
    let rseq = try #require(UInt32(ringing.header("RSeq")))
    #expect((1...0x7fff_ffff).contains(rseq))  // RFC 3262 §7.1
    #expect(bench.sent[0].code == 100 && bench.sent[0].header("RSeq").isEmpty)
    prack(bench, ringing)
    #expect(bench.news().map(\.short) == ["200 PRACK"])
    bench.advance(.seconds(60))
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames.isEmpty)
  }

  @Test func aCallerWhoOnlySupports100relIsAskedForAPRACKWhereThe18xHasTheAnswer() throws {
    let bench = Bench()
    let id = try invited(bench, Self.supported)
    ring(bench, id)
    #expect(bench.news().map { $0.header("RSeq") } == [""])
    ring(bench, id, 183, body: Self.sdp)
    let progress = try #require(bench.news().last)
    #expect(progress.header("Require") == "100rel" && !progress.header("RSeq").isEmpty)
  }

  @Test func aCallerWhoKnowsNothingOfItGetsItsRingingOnce() throws {
    let bench = Bench()
    let id = try invited(bench, [])
    ring(bench, id, 183, body: Self.sdp)
    bench.advance(.seconds(40))
    let said = bench.news()
    #expect(said.map(\.short) == ["183 INVITE"])
    #expect(said[0].header("Require").isEmpty && said[0].header("RSeq").isEmpty)
  }

  /// An offer of ours in an 18x would want its answer in the PRACK: it is in the 200 instead (§5).
  @Test func anINVITEWithoutAnOfferGetsNoneInTheReliable18x() throws {
    let bench = Bench()
    bench.receive(bench.callerRequest("INVITE", extra: Self.required))
    let id = try #require(bench.incoming.last?.id)
    ring(bench, id, 183, body: Self.sdp)
    #expect(bench.sent.last?.header("Content-Length") == "0")
    accept(bench, id)
    #expect(bench.sent.last?.short == "200 INVITE")
  }

  @Test func requiring100relIsNo420AnyMoreAndPRACKIsAllowed() throws {
    let bench = Bench()
    let id = try invited(bench, ["Require: 100rel, timer"])
    ring(bench, id)
    #expect(bench.sent.last?.header("Allow").hasSuffix("PRACK") == true)
  }

  // MARK: repetition

  /// §3: T1, 2·T1, 4·T1 … and not bounded by T2; 64·T1 later the INVITE is given up.
  @Test func anUnacknowledged180IsRepeatedAndAfter64T1TheINVITEGets504() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    bench.advance(.milliseconds(31_999))
    #expect(times(bench, 180) == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
    #expect(Set(bench.sent.filter { $0.code == 180 }.map(\.bytes)).count == 1)
    #expect(bench.eventNames.isEmpty)
    bench.advance(.milliseconds(1))
    #expect(bench.sent.last?.short == "504 INVITE")
    #expect(bench.eventNames == ["failed", "ended"])
    guard case .failed(let reason) = bench.events[0].event, reason.code == .ringingUnacknowledged
    else {
      Issue.record("\(bench.events[0].event)")
      return
    }
    bench.expectQuiet()
    #expect(times(bench, 180).count == 7)
  }

  @Test func theSecond18xWaitsForThePRACKOfTheFirstAndHasTheNextRSeq() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    ring(bench, id, 183, body: Self.sdp)
    ring(bench, id, 181)
    let first = bench.news()
    #expect(first.map(\.code) == [180])
    prack(bench, first[0])
    let second = bench.news()
    #expect(second.map(\.short) == ["200 PRACK", "183 INVITE"])
    let (before, after) = (UInt64(first[0].header("RSeq")), UInt64(second[1].header("RSeq")))
    #expect(before.map { $0 + 1 } == after)
    prack(bench, second[1], cseq: 3)
    #expect(bench.news().map(\.short) == ["200 PRACK", "181 INVITE"])
  }

  /// L-2: the 180 of every minute is a new response with an RSeq of its own.
  @Test func the180OfEveryMinuteIsAcknowledgedEachTime() throws {
    let bench = Bench()
    let id = try invited(bench)
    var numbers: [UInt64] = []
    for minute in 0..<3 {
      ring(bench, id)
      let ringing = try #require(bench.news().last)
      numbers.append(try #require(UInt64(ringing.header("RSeq"))))
      prack(bench, ringing, cseq: 2 + minute)
      #expect(bench.news().map(\.short) == ["200 PRACK"])
      bench.advance(.seconds(60))
      #expect(bench.news().isEmpty)
    }
    #expect(numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2])
  }

  /// Repeated by the phone, because our 200 to it was lost.
  @Test func aRepeatedPRACKGetsTheSame200Again() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    let ringing = try #require(bench.news().last)
    prack(bench, ringing)
    prack(bench, ringing)
    let answers = bench.news()
    #expect(answers.map(\.short) == ["200 PRACK", "200 PRACK"])
    #expect(answers[0].bytes == answers[1].bytes)
  }

  @Test(arguments: ["7 1 INVITE", "RSEQ 2 INVITE", "RSEQ 1 BYE", "nonsense", "RSEQ 1"])
  func aPRACKOfAnotherResponseGets481AndTheRepetitionGoesOn(_ rack: String) throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    let ringing = try #require(bench.news().last)
    prack(bench, ringing, rack: rack.replacing("RSEQ", with: ringing.header("RSeq")))
    #expect(bench.news().map(\.short) == ["481 PRACK"])
    bench.advance(.milliseconds(500))
    #expect(bench.news().map(\.code) == [180])
  }

  @Test func aSecondPRACKForTheSameResponseGets481() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    let ringing = try #require(bench.news().last)
    prack(bench, ringing)
    prack(bench, ringing, cseq: 3)
    #expect(bench.news().map(\.short) == ["200 PRACK", "481 PRACK"])
  }

  @Test func aPRACKThatNobodyAskedForGets481() throws {
    let bench = Bench()
    let id = try invited(bench, [])
    ring(bench, id)
    let ringing = try #require(bench.news().last)
    prack(bench, ringing, rack: "1 1 INVITE")
    #expect(bench.news().map(\.short) == ["481 PRACK"])
  }

  // MARK: the final response

  /// §3: the 2xx may not overtake the answer of an unacknowledged 18x.
  @Test func the200WaitsForThePRACKOfThe183ThatHeldTheAnswer() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id, 183, body: Self.sdp)
    let progress = try #require(bench.news().last)
    accept(bench, id)
    bench.advance(.milliseconds(700))
    #expect(bench.news().map(\.code) == [183])  // repeated, and no 200
    prack(bench, progress)
    let said = bench.news()
    #expect(said.map(\.short) == ["200 PRACK", "200 INVITE"])
    #expect(said[1].text.hasSuffix("\r\n\r\n" + Self.sdp))  // the same answer again
    bench.receive(bench.callerRequest("ACK", toTag: progress.tag, branch: "z9hG4bKack"))
    bench.receive(
      bench.callerRequest("BYE", toTag: progress.tag, cseq: 3, branch: "z9hG4bKbye"))
    #expect(bench.eventNames == ["acknowledged", "hungUp", "ended"])
    bench.expectQuiet()
  }

  /// A 183 that still waited for the PRACK of an empty 180 is not sent after the 200, and holds nothing of its answer.
  @Test func aQueued183SaysNothingOnceThe200IsOut() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    ring(bench, id, 183, body: Self.sdp)
    #expect(!bench.agent.hasAnswer(id))
    accept(bench, id, body: "v=0\r\ns=2\r\n")
    #expect(bench.sent.last?.text.hasSuffix("s=2\r\n") == true)
  }

  @Test func the200DoesNotWaitForThePRACKOfAnEmpty180WhichStillGets200() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    ring(bench, id, 181)
    let ringing = try #require(bench.news().last)
    accept(bench, id)
    #expect(bench.news().map(\.short) == ["200 INVITE"])
    prack(bench, ringing)
    #expect(bench.news().map(\.short) == ["200 PRACK"])  // and the 181 is not sent any more
    bench.receive(bench.callerRequest("ACK", toTag: ringing.tag, branch: "z9hG4bKack"))
    bench.advance(.seconds(40))
    #expect(bench.news().isEmpty)
  }

  @Test func aHeld200ThatGetsNoPRACKBecomes504() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id, 183, body: Self.sdp)
    accept(bench, id)
    bench.advance(.seconds(32))
    #expect(bench.sent.last?.short == "504 INVITE")
    #expect(bench.sent.allSatisfy { $0.code != 200 })
    #expect(bench.eventNames == ["failed", "ended"])
    bench.expectQuiet()
  }

  @Test(arguments: [486, 302] as [UInt16])
  func aRejectionDoesNotWaitAndEndsTheRepetition(_ code: UInt16) throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id, 183, body: Self.sdp)
    bench.agent.reject(id, code: code, phrase: [], headers: [], at: bench.now)
    bench.drain()
    let refusal = try #require(bench.sent.last)
    #expect(refusal.code == Int(code))
    bench.receive(bench.callerRequest("ACK", toTag: refusal.tag))
    _ = bench.news()
    bench.expectQuiet()
    #expect(bench.news().isEmpty)
  }

  @Test func aCANCELEndsTheRepetition() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    bench.receive(bench.callerRequest("CANCEL"))
    #expect(bench.sent.suffix(2).map(\.short) == ["200 CANCEL", "487 INVITE"])
    bench.receive(bench.callerRequest("ACK", toTag: bench.sent.last?.tag ?? ""))
    _ = bench.news()
    bench.expectQuiet()
    #expect(bench.news().isEmpty)
    #expect(bench.eventNames == ["cancelled", "ended"])
  }

  /// For the caller no final response came, so its CANCEL counts (RFC 3261 §9.2); for us the call was answered.
  @Test func aCANCELBeforeAHeld200GoesOutGets487AndIsToldAsHungUp() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id, 183, body: Self.sdp)
    accept(bench, id)
    bench.receive(bench.callerRequest("CANCEL"))
    #expect(bench.sent.suffix(2).map(\.short) == ["200 CANCEL", "487 INVITE"])
    #expect(bench.eventNames == ["hungUp", "ended"])
    bench.expectQuiet()
  }

  @Test func hangingUpBeforeAHeld200GoesOutSays480() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id, 183, body: Self.sdp)
    accept(bench, id)
    bench.end(id)
    #expect(bench.sent.last?.short == "480 INVITE")
    #expect(bench.eventNames == ["ended"])
    bench.expectQuiet()
  }

  // MARK: offers

  /// §5, RFC 3264 §4: an answer is said once. A later 18x has none, whatever it is asked to carry.
  @Test func anAnswerThatWasGivenReliablyIsTheOnlyOneInProvisionalResponses() throws {
    let bench = Bench()
    let id = try invited(bench)
    let isAnswer = bench.agent.ring(id, code: 183, body: Array(Self.sdp.utf8), at: bench.now)
    bench.drain()
    let progress = try #require(bench.news().last)
    prack(bench, progress)
    let other = Array("v=0\r\ns=2\r\n".utf8)
    let isAnotherAnswer = bench.agent.ring(id, code: 183, body: other, at: bench.now)
    #expect(isAnswer && !isAnotherAnswer && bench.agent.hasAnswer(id))
    bench.drain()
    let second = try #require(bench.news().last)
    #expect(second.code == 183 && second.header("Content-Length") == "0")
    prack(bench, second, cseq: 3)
    accept(bench, id)
    #expect(bench.sent.last?.short == "200 INVITE")
  }

  /// An offer in a PRACK is not taken: 488. The response has arrived all the same, so the 200 waits no longer, and a
  /// PRACK without the offer is accepted.
  @Test func aPRACKWithAnOfferGets488AndIsAnAcknowledgement() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id, 183, body: Self.sdp)
    let progress = try #require(bench.news().last)
    prack(bench, progress, body: "v=0\r\ns=-\r\n")
    #expect(bench.news().map(\.short) == ["488 PRACK"])
    bench.advance(.seconds(10))
    #expect(bench.news().isEmpty)
    prack(bench, progress, cseq: 3)
    accept(bench, id)
    #expect(bench.news().map(\.short) == ["200 PRACK", "200 INVITE"])
  }

  @Test func aPRACKWithABodyThatIsNoSDPGets415() throws {
    let bench = Bench()
    let id = try invited(bench)
    ring(bench, id)
    let ringing = try #require(bench.news().last)
    prack(bench, ringing, body: "<a/>", type: "text/xml")
    let answer = try #require(bench.news().last)
    #expect(answer.short == "415 PRACK")
    #expect(answer.header("Accept") == "application/sdp, multipart/mixed")
  }

  /// The agent joins two parties with a re-INVITE at the moment it accepts: before the ACK none may be sent (RFC 3261
  /// §14.1), but it may not be forgotten either.
  @Test(arguments: [true, false])
  func aReINVITEAskedForBeforeTheACKIsSentAfterIt(_ isHeld: Bool) throws {
    let bench = Bench()
    let id = try invited(bench)
    var tag = ""
    if isHeld {
      ring(bench, id, 183, body: Self.sdp)
      let progress = try #require(bench.news().last)
      accept(bench, id)
      bench.agent.offer(id, body: Array("v=0\r\ns=2\r\n".utf8), at: bench.now)
      prack(bench, progress)
      tag = progress.tag
    } else {
      accept(bench, id)
      tag = bench.sent.last?.tag ?? ""
      bench.agent.offer(id, body: Array("v=0\r\ns=2\r\n".utf8), at: bench.now)
    }
    bench.drain()
    #expect(bench.sent.allSatisfy { $0.method != "INVITE" })
    bench.receive(bench.callerRequest("ACK", toTag: tag, branch: "z9hG4bKack"))
    #expect(bench.sent.last?.method == "INVITE")
    #expect(bench.sent.last?.text.hasSuffix("s=2\r\n") == true)
  }
}
