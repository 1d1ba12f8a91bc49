import RCMLBasics
import Testing

@testable import RCMLSIP

/// Session timers both ways (RFC 4028, spec U-24).
@Suite struct SessionTimerTests {
  let sdp = "v=0\r\n"

  // MARK: the table

  @Test func theTimerFollowsItsTable() throws {
    let table = try StateTable("Exchange/SessionTimer.table.md")
    let paths: [String: [String]] = [
      "none": [], "ours": ["agreed ours"], "theirs": ["agreed theirs"],
      "last": ["agreed ours", "timePassed near the end"],
    ]
    let late = Instant(nanoseconds: 0) + .seconds(10_000)
    func step(_ timer: inout SessionTimer, _ input: String, _ at: Instant) -> String {
      switch input {
      case "agreed ours":
        timer.agreed(SessionInterval(seconds: 120), isOurs: true, at: at)
      case "agreed theirs":
        timer.agreed(SessionInterval(seconds: 100), isOurs: false, at: at)
      case "timePassed near the end":
        return timer.timePassed(at: Instant(nanoseconds: 0) + .seconds(119)).map { "\($0)" } ?? ""
      default:
        return timer.timePassed(at: timer.nextDeadline?.instant ?? late).map { "\($0)" } ?? ""
      }
      return ""
    }
    for (state, path) in paths {
      for input in ["agreed ours", "agreed theirs", "timePassed", "timePassed near the end"] {
        var timer = SessionTimer()
        for before in path { _ = step(&timer, before, Instant(nanoseconds: 0)) }
        #expect(timer.stateName == state)
        let rows = table.rows.filter { $0["state"] == state && $0["input"] == input }
        #expect(rows.count <= 1)
        let effect = step(&timer, input, Instant(nanoseconds: 0))
        #expect(timer.stateName == (rows.first?["next"] ?? state), "\(state), \(input)")
        #expect(effect == (rows.first?["effects"] ?? ""), "\(state), \(input)")
      }
    }
    #expect(table.rows.count == 13)
  }

  /// Half of what is left, again and again, and never while the one before may still be answered (64·T1).
  @Test func aRefreshThatAgreesNothingIsAskedAgain() {
    var timer = SessionTimer()
    timer.agreed(SessionInterval(seconds: 1_800), isOurs: true, at: Instant(nanoseconds: 0))
    var asked: [Int] = []
    var now = Instant(nanoseconds: 0)
    while let deadline = timer.nextDeadline {
      now = deadline.instant
      let effect = timer.timePassed(at: now)
      asked.append((now - Instant(nanoseconds: 0)).wholeMilliseconds / 1_000)
      #expect(effect == (asked.last == 1_800 ? .expire : .refresh))
    }
    #expect(asked == [900, 1_350, 1_575, 1_687, 1_743, 1_775, 1_800])
  }

  @Test(arguments: [
    (UInt32(0), UInt32(90)), (89, 90), (90, 90), (1_800, 1_800), (.max, 86_400),
  ])
  func intervalsStayBetweenTheLeastAndADay(seconds: UInt32, taken: UInt32) {
    #expect(SessionInterval(seconds: seconds).seconds == taken)
  }

  // MARK: our INVITE

  private func bench(_ seconds: Int = 1_800) -> Bench {
    Bench { $0.sessionExpires = .seconds(seconds) }
  }

  @Test func withoutTheSettingWeAskForNone() {
    let bench = Bench()
    _ = bench.call()
    #expect(bench.sent[0].header("Session-Expires").isEmpty)
    #expect(bench.sent[0].header("Supported") == "100rel, timer")
    bench.receive(bench.answer(bench.sent[0], 200, body: sdp))
    bench.advance(.seconds(90_000))
    #expect(bench.sent.map(\.short) == ["INVITE", "ACK"])
  }

  /// §7.2, §7.4: by UPDATE where the peer takes it, at half of the interval.
  @Test func weRefreshWithUPDATE() {
    let bench = bench()
    let id = bench.call()
    #expect(bench.sent[0].header("Session-Expires") == "1800")
    bench.receive(
      bench.answer(
        bench.sent[0], 200,
        extra: ["Session-Expires: 600;refresher=uac", "Require: timer", "Allow: INVITE, UPDATE"],
        body: sdp))
    _ = bench.news()
    for cseq in 2...4 {
      bench.advance(.seconds(299))
      #expect(bench.news().isEmpty)
      bench.advance(.seconds(1))
      let update = bench.news()
      #expect(update.map { $0.header("CSeq") } == ["\(cseq) UPDATE"])
      #expect(update[0].header("Session-Expires") == "600;refresher=uac")
      bench.receive(bench.answer(update[0], 200, extra: ["Session-Expires: 600;refresher=uac"]))
    }
    #expect(bench.eventNames == ["answered"])
    bench.end(id)
    bench.receive(bench.answer(bench.news()[0], 200))
    bench.expectQuiet()
  }

  @Test func weRefreshWithReINVITEWhereUPDATEIsUnknown() {
    let bench = bench()
    let id = bench.call(body: "v=0\r\nours")
    bench.receive(
      bench.answer(bench.sent[0], 200, extra: ["Allow: INVITE, ACK, BYE"], body: sdp))
    _ = bench.news()
    for round in 1...2 {
      bench.advance(.seconds(900))
      // What is agreed is for whoever negotiates to say (U-50).
      #expect(bench.eventNames.last == "refreshDue")
      #expect(bench.news().isEmpty)
      bench.agent.offer(id, body: Array("v=0\r\nours".utf8), at: bench.now)
      bench.drain()
      let again = bench.news()
      #expect(again.map(\.short) == ["INVITE"])
      #expect(again[0].text.hasSuffix("v=0\r\nours"))
      #expect(again[0].header("Session-Expires") == "1800;refresher=uac")
      bench.receive(bench.answer(again[0], 200, body: sdp))
      #expect(bench.news().map(\.short) == ["ACK"])
      #expect(bench.eventNames.count == 1 + 2 * round)
      #expect(bench.eventNames.last == "offerAccepted")
    }
  }

  @Test func aPeerThatRefusesUPDATEIsAskedByReINVITE() {
    let bench = bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, extra: ["Allow: UPDATE"], body: sdp))
    _ = bench.news()
    bench.advance(.seconds(900))
    bench.receive(bench.answer(bench.news()[0], 405))
    #expect(bench.eventNames == ["answered", "refreshDue"])
  }

  /// §10: a peer that refuses a refresh once may take the next one, and the call goes on. A world in which a phone
  /// answered 500 was hung up on after half an hour (seed 70022405).
  @Test(arguments: [true, false]) func aPeerThatRefusedARefreshIsAskedAgain(byUpdate: Bool) {
    let bench = bench(600)
    let id = bench.call()
    let allowed = byUpdate ? "Allow: INVITE, UPDATE" : "Allow: INVITE"
    bench.receive(bench.answer(bench.sent[0], 200, extra: [allowed], body: sdp))
    _ = bench.news()
    for (wait, code) in [(300, 500), (150, 503), (75, 200), (299, 0)] {
      bench.advance(.seconds(wait))
      guard code > 0 else { break }
      if !byUpdate {
        #expect(bench.eventNames.last == "refreshDue")
        bench.agent.offer(id, body: Array(sdp.utf8), at: bench.now)
        bench.drain()
      }
      let asked = bench.news()
      #expect(asked.map(\.method) == [byUpdate ? "UPDATE" : "INVITE"])
      bench.receive(bench.answer(asked[0], code, body: code == 200 ? sdp : ""))
      _ = bench.news()
    }
    #expect(bench.news().isEmpty)
    #expect(!bench.eventNames.contains("lost"))
  }

  /// U-27: who does not answer, or knows nothing of the call, has left it.
  @Test func aPeerThatHasLeftEndsTheSession() {
    let bench = bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 200, extra: ["Allow: UPDATE"], body: sdp))
    _ = bench.news()
    bench.advance(.seconds(900))
    bench.receive(bench.answer(bench.news()[0], 481))
    #expect(bench.eventNames == ["answered", "lost"])
    #expect(bench.news().map(\.short) == ["BYE"])
    bench.expectQuiet()
  }

  /// §10: BYE a third of the interval, at most 32 s, before its end.
  @Test func aPeerThatShouldRefreshAndDoesNotIsHungUp() {
    let bench = bench()
    _ = bench.call()
    bench.receive(
      bench.answer(bench.sent[0], 200, extra: ["x: 600 ; Refresher=UAS"], body: sdp))
    _ = bench.news()
    bench.advance(.milliseconds(567_999))
    #expect(bench.news().isEmpty)
    bench.advance(.milliseconds(1))
    #expect(bench.news().map(\.short) == ["BYE"])
    #expect(bench.eventNames == ["answered", "lost"])
    bench.expectQuiet()
  }

  @Test func aRefreshOfThePeerBeginsTheIntervalAnew() {
    let bench = bench()
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(
      bench.answer(invite, 200, extra: ["Session-Expires: 600;refresher=uas"], body: sdp))
    _ = bench.news()
    for turn in 1...3 {
      bench.advance(.seconds(300))
      bench.receive(
        bench.request(
          "UPDATE", inDialogOf: invite, cseq: turn, branch: "z9hG4bKu\(turn)",
          extra: ["Session-Expires: 600;refresher=uac", "Supported: timer", "Require: timer"]))
      let reply = bench.news()
      #expect(reply.map(\.short) == ["200 UPDATE"])
      #expect(reply[0].header("Session-Expires") == "600;refresher=uac")
      #expect(reply[0].header("Require") == "timer")
    }
    #expect(bench.eventNames == ["answered"])
  }

  // MARK: 422

  /// Once more with the peer's least, whatever our own setting; it is not the leg's failure.
  @Test(arguments: [0, 100, 3_600])
  func tooSmallAnIntervalIsAskedForAgainOnce(setting: Int) {
    let bench = bench(setting)
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 422, extra: ["Min-SE: 1200"]))
    let again = bench.news().last
    #expect(again?.header("CSeq") == "2 INVITE")
    #expect(again?.header("Min-SE") == "1200")
    #expect(again?.header("Session-Expires") == "\(max(setting, 1_200))")
    #expect(bench.eventNames.isEmpty)
    if let again { bench.receive(bench.answer(again, 422, extra: ["Min-SE: 2400"])) }
    #expect(bench.eventNames == ["rejected", "ended"])
    bench.expectQuiet()
  }

  @Test(arguments: [[], ["Min-SE: soon"], ["Min-SE: 4000000000"]])
  func a422ThatNamesNoIntervalIsARefusal(extra: [String]) {
    let bench = bench()
    _ = bench.call()
    bench.receive(bench.answer(bench.sent[0], 422, extra: extra))
    #expect(bench.eventNames == ["rejected", "ended"])
  }

  // MARK: the peer's INVITE

  private func incoming(
    _ bench: Bench, _ extra: [String], cseq: Int = 1
  ) -> Bench.Sent? {
    bench.receive(bench.callerRequest("INVITE", cseq: cseq, extra: extra, body: sdp))
    guard let id = bench.incoming.last?.id else { return bench.news().last }
    bench.agent.accept(id, body: Array(sdp.utf8), headers: [], at: bench.now)
    bench.drain()
    let answer = bench.news().last
    if let answer {
      bench.receive(
        bench.callerRequest("ACK", toTag: answer.tag, cseq: cseq, branch: "z9hG4bKack"))
    }
    return answer
  }

  @Test func theCallersIntervalIsTakenAndItRefreshes() {
    let bench = bench()
    let answer = incoming(bench, ["Supported: timer", "Session-Expires: 300"])
    #expect(answer?.header("Session-Expires") == "300;refresher=uac")
    #expect(answer?.header("Require") == "timer")
    bench.advance(.seconds(267))
    #expect(bench.news().isEmpty)
    bench.advance(.seconds(1))
    #expect(bench.news().map(\.short) == ["BYE"])
  }

  @Test func aCallerThatKnowsNoTimersIsRefreshedByUs() {
    let bench = bench(200)
    let answer = incoming(bench, [])
    #expect(answer?.header("Session-Expires") == "200;refresher=uas")
    #expect(answer?.header("Require") == "")
    bench.advance(.seconds(100))
    #expect(bench.news().isEmpty && bench.eventNames.last == "refreshDue")
    bench.agent.offer(bench.incoming[0].id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["INVITE"])
  }

  @Test(arguments: ["Supported: timer", "Require: timer"], [0, 1_800])
  func aCallerThatAsksForTooLittleHearsTheLeast(knows: String, setting: Int) {
    let bench = bench(setting)
    let answer = incoming(bench, [knows, "Session-Expires: 60"])
    #expect(answer?.short == "422 INVITE")
    #expect(answer?.header("Min-SE") == "90")
    #expect(bench.incoming.isEmpty)
  }

  // MARK: without the setting (U-60)

  /// §9: what the caller asks for it gets, and the refresher it names; who names none refreshes if it knows how.
  @Test(arguments: [
    (["Supported: timer", "Session-Expires: 1800"], "1800;refresher=uac"),
    (["Supported: timer", "Session-Expires: 1800;refresher=uac"], "1800;refresher=uac"),
    (["Supported: timer", "Session-Expires: 1800;refresher=uas"], "1800;refresher=uas"),
    (["Require: timer", "Session-Expires: 90;refresher=uas"], "90;refresher=uas"),
    (["Require: timer"], "1800;refresher=uac"),
    (["Session-Expires: 600"], "600;refresher=uas"),
    (["Session-Expires: 60"], "90;refresher=uas"),
    (["Supported: timer", "Session-Expires: 300", "Min-SE: 400"], "400;refresher=uac"),
    (["Supported: timer"], ""), ([], ""),
  ])
  func aCallerGetsTheTimerItAsksFor(extra: [String], agreed: String) {
    let bench = bench(0)
    let answer = incoming(bench, extra)
    #expect(answer?.short == "200 INVITE")
    #expect(answer?.header("Session-Expires") == agreed)
    #expect(answer?.header("Require") == (agreed.hasSuffix("uac") ? "timer" : ""))
  }

  @Test func aCallerThatIsGoneIsMissedWithoutTheSetting() {
    let bench = bench(0)
    _ = incoming(bench, ["Supported: timer", "Session-Expires: 300;refresher=uas"])
    bench.advance(.seconds(149))
    #expect(bench.news().isEmpty)
    bench.advance(.seconds(1))
    #expect(bench.news().isEmpty && bench.eventNames.last == "refreshDue")
    bench.agent.offer(bench.incoming[0].id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    #expect(bench.news().map(\.short) == ["INVITE"])
    bench.advance(.seconds(40))
    #expect(bench.eventNames.last == "lost")
  }

  @Test func aCalleeGetsTheTimerItAsksForInTheDialog() {
    let bench = bench(0)
    let id = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, body: sdp))
    _ = bench.news()
    bench.receive(
      bench.request(
        "UPDATE", inDialogOf: invite, cseq: 1, branch: "z9hG4bKu1",
        extra: ["Supported: timer", "Session-Expires: 1800;refresher=uac"]))
    let update = bench.news()
    #expect(update.map(\.short) == ["200 UPDATE"])
    #expect(update.first?.header("Session-Expires") == "1800;refresher=uac")
    #expect(update.first?.header("Require") == "timer")
    bench.receive(
      bench.request(
        "INVITE", inDialogOf: invite, cseq: 2, branch: "z9hG4bKu2",
        extra: ["Supported: timer", "Session-Expires: 1800;refresher=uas"], body: sdp))
    bench.agent.answerOffer(id, body: Array(sdp.utf8), at: bench.now)
    bench.drain()
    let again = bench.news()
    #expect(again.last?.short == "200 INVITE")
    #expect(again.last?.header("Session-Expires") == "1800;refresher=uas")
  }

  @Test func tooSmallAnIntervalInTheDialogHearsTheLeast() {
    let bench = bench(0)
    _ = bench.call()
    let invite = bench.sent[0]
    bench.receive(bench.answer(invite, 200, body: sdp))
    _ = bench.news()
    bench.receive(
      bench.request(
        "UPDATE", inDialogOf: invite, cseq: 1, branch: "z9hG4bKu1",
        extra: ["Supported: timer", "Session-Expires: 60;refresher=uac"]))
    let refusal = bench.news()
    #expect(refusal.map(\.short) == ["422 UPDATE"])
    #expect(refusal.first?.header("Min-SE") == "90")
  }

  @Test func whatElseACallerRequiresIsRefusedByName() {
    let bench = bench()
    let answer = incoming(bench, ["Require: timer, 100rel, x-other"])
    #expect(answer?.short == "420 INVITE")
    #expect(answer?.headers("Unsupported") == ["x-other"])
  }
}
