import RCMLAgent
import RCMLBasics
import RCMLDial
import RCMLDocument
import Testing

@testable import Simulator

/// Feeds the checkers a trace by hand: a good one passes, and each kind of lie is named.
private struct Trace {
  let watch = Watch()
  let sid = CallSid(high: 7, low: 0)
  var sent = 0

  init() { watch.now = Instant(nanoseconds: 1_000_000_000) }

  func wait(_ milliseconds: Int) { watch.now = watch.now + .milliseconds(milliseconds) }

  func message(
    _ start: String, leg: Int?, cseq: String, toTag: String = "", branch: String = "",
    session: String? = nil
  ) -> SipText {
    let isLeg = leg != nil
    let name = leg.map { "callee\($0)" } ?? "service"
    let branch = branch.isEmpty ? "z9hG4bK\(name)" : branch
    let tag = toTag.isEmpty ? "" : ";tag=\(toTag)"
    let sids = isLeg ? "X-RCML-CallSid: \(legSid(leg ?? 0))\r\nX-RCML-ParentCallSid: p\r\n" : ""
    let body = session.map { "v=0\r\no=\($0) 1 1 IN IP4 h\r\nc=IN IP4 \(address($0))\r\n" } ?? ""
    let text =
      "\(start)\r\nVia: SIP/2.0/UDP h;branch=\(branch)\r\nFrom: <sip:caller0@h>;tag=f\r\n"
      + "To: <sip:\(name)@h>\(tag)\r\nCall-ID: \(name)\r\nCSeq: \(cseq)\r\n\(sids)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    return SipText(Array(text.utf8))!
  }

  /// The address of the phone with this name.
  private func address(_ name: String) -> String {
    Int(name.dropFirst(6)).map { "10.0.2.\($0 + 1)" } ?? "10.0.1.1"
  }

  func legSid(_ leg: Int) -> CallSid { CallSid(high: 9, low: UInt64(leg)) }

  func told(_ leg: Int, _ event: SipNoun.Event, _ status: CallStatus = .inProgress) {
    let status = LegStatus(
      event: event, sid: legSid(leg), to: "", status: status, instant: watch.now)
    watch.told(.onCall(CallNumber(1), .legStatus(LegNumber(UInt32(leg)), status)))
  }

  func callerInvites() {
    watch.delivered(
      message("INVITE sip:service@h SIP/2.0", leg: nil, cseq: "1 INVITE"), isStream: false)
    watch.settled()
  }

  func callerCancels() {
    watch.delivered(
      message("CANCEL sip:service@h SIP/2.0", leg: nil, cseq: "1 CANCEL"), isStream: false)
    respond(487)
    watch.settled()
  }

  func respond(_ code: Int, session: String? = nil) {
    watch.sent(
      message("SIP/2.0 \(code) X", leg: nil, cseq: "1 INVITE", toTag: "agent", session: session),
      isStream: false)
  }

  func invite(_ leg: Int) {
    told(leg, .initiated, .initiated)
    watch.sent(
      message("INVITE sip:callee\(leg)@h SIP/2.0", leg: leg, cseq: "1 INVITE"), isStream: false)
  }

  func hear(_ code: Int, from leg: Int, tag: String = "a", session: Bool = true) {
    let body = code == 200 && session ? "callee\(leg)" : nil
    watch.delivered(
      message("SIP/2.0 \(code) X", leg: leg, cseq: "1 INVITE", toTag: tag, session: body),
      isStream: false)
  }

  func ack(_ leg: Int, tag: String = "a", cseq: Int = 1) {
    watch.sent(
      message(
        "ACK sip:callee\(leg)@h SIP/2.0", leg: leg, cseq: "\(cseq) ACK", toTag: tag, branch: "k"),
      isStream: false)
  }

  /// The ACK of a failure response has the INVITE's branch.
  func ackRefusal(_ leg: Int) {
    watch.sent(
      message("ACK sip:callee\(leg)@h SIP/2.0", leg: leg, cseq: "1 ACK", toTag: "a"),
      isStream: false)
  }

  func bye(_ leg: Int, tag: String = "a") {
    watch.sent(
      message(
        "BYE sip:callee\(leg)@h SIP/2.0", leg: leg, cseq: "2 BYE", toTag: tag,
        branch: "b\(leg)\(tag)"),
      isStream: false)
  }

  func cancel(_ leg: Int) {
    watch.sent(
      message("CANCEL sip:callee\(leg)@h SIP/2.0", leg: leg, cseq: "1 CANCEL"), isStream: false)
  }

  /// Leg 0 answers, is acknowledged and wins.
  func win() {
    hear(200, from: 0)
    ack(0)
    told(0, .answered)
    respond(200, session: "callee0")
    watch.settled()
  }

  var verdict: Violation.Invariant? { watch.violation?.invariant }
}

@Test func aGoodTraceBreaksNothing() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.invite(1)
  trace.watch.settled()
  trace.hear(180, from: 1)
  trace.watch.settled()
  trace.hear(200, from: 0)
  trace.ack(0)
  trace.told(0, .answered)
  trace.cancel(1)
  trace.respond(200, session: "callee0")
  trace.watch.settled()
  trace.hear(487, from: 1)
  trace.ackRefusal(1)
  trace.told(1, .completed, .canceled)
  trace.watch.settled()
  trace.bye(0)
  trace.told(0, .completed, .completed)
  trace.watch.sent(
    trace.message("BYE sip:caller0@h SIP/2.0", leg: nil, cseq: "1 BYE", branch: "z"),
    isStream: false)
  trace.watch.finished(Agent.Census())
  #expect(trace.watch.violation == nil, "\(String(describing: trace.watch.violation))")
}

@Test func aSecondWinnerIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.invite(1)
  trace.win()
  trace.hear(200, from: 1)
  trace.ack(1)
  trace.told(1, .answered)
  #expect(trace.verdict == .oneWinner)
}

@Test func theMediaOfALoserIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.hear(200, from: 0)
  trace.ack(0)
  trace.told(0, .answered)
  trace.respond(200, session: "callee1")
  #expect(trace.verdict == .oneWinner)
}

@Test func aFirstAnswerThatDoesNotWinIsNoticed() {
  let trace = Trace()
  trace.watch.shortestTimeout = .seconds(30)
  trace.callerInvites()
  trace.invite(0)
  trace.hear(200, from: 0)
  trace.ack(0)
  trace.bye(0)
  trace.watch.settled()
  #expect(trace.verdict == .firstAnswerWins)
}

@Test func aCancelBeforeAnyProvisionalIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.cancel(0)
  #expect(trace.verdict == .losersAreEnded)
}

@Test func aLoserThatIsForgottenIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.hear(180, from: 0)
  trace.watch.settled()
  trace.respond(480)
  trace.told(0, .completed, .noAnswer)
  trace.watch.finished(Agent.Census())
  #expect(trace.verdict == .losersAreEnded)
}

@Test func anAnswerWithoutItsOwnAckIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.win()
  trace.hear(200, from: 0, tag: "other")
  trace.ack(0, tag: "a")
  trace.watch.settled()
  #expect(trace.verdict == .answersAreAcknowledged)
}

@Test func aByeBeforeTheAckIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.hear(200, from: 0)
  trace.bye(0)
  #expect(trace.verdict == .answersAreAcknowledged)
}

@Test func anInviteAfterTheCallerLeftIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.callerCancels()
  trace.invite(0)
  #expect(trace.verdict == .noInviteAfterwards)
}

@Test func anInviteAfterTheWinnerIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.win()
  trace.invite(1)
  #expect(trace.verdict == .noInviteAfterwards)
}

@Test func somethingLeftAtTheEndIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.respond(480)
  var census = Agent.Census()
  census.transactions = 1
  trace.watch.finished(census)
  #expect(trace.verdict == .nothingIsLeft)
}

@Test func aLegThatIsCountedOnceTooOftenIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.respond(480)
  trace.watch.finished(AgentCounters())
  #expect(trace.verdict == nil)
  var counters = AgentCounters()
  counters.legsStarted = 1
  trace.watch.finished(counters)
  #expect(trace.verdict == .nothingIsLeft)
}

@Test func aRepetitionAtTheWrongTimeIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.wait(500)
  trace.watch.sent(
    trace.message("INVITE sip:callee0@h SIP/2.0", leg: 0, cseq: "1 INVITE"), isStream: false)
  #expect(trace.verdict == nil)
  trace.wait(500)
  trace.watch.sent(
    trace.message("INVITE sip:callee0@h SIP/2.0", leg: 0, cseq: "1 INVITE"), isStream: false)
  #expect(trace.verdict == .repetitions)
}

@Test func aRepetitionWithOtherOctetsIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.wait(500)
  trace.watch.sent(
    trace.message("INVITE sip:callee0@h SIP/2.0", leg: 0, cseq: "1 INVITE", session: "x"),
    isStream: false)
  #expect(trace.verdict == .repetitions)
}

@Test func aSequenceNumberThatDoesNotGrowIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.win()
  trace.watch.sent(
    trace.message("BYE sip:callee0@h SIP/2.0", leg: 0, cseq: "1 BYE", toTag: "a", branch: "x"),
    isStream: false)
  #expect(trace.verdict == .repetitions)
}

@Test func aSecondFinalResponseIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.respond(480)
  trace.respond(200)
  #expect(trace.verdict == .oneFinalResponse)
}

@Test func aCallerWithoutAFinalResponseIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.watch.finished(Agent.Census())
  #expect(trace.verdict == .oneFinalResponse)
}

@Test func anAnsweredCallerNobodyHangsUpOnIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.respond(200)
  trace.watch.finished(Agent.Census())
  #expect(trace.verdict == .oneFinalResponse)
}

@Test func eventsTwiceAndInTheWrongOrderAreNoticed() {
  let twice = Trace()
  twice.callerInvites()
  twice.invite(0)
  twice.told(0, .completed, .failed)
  twice.told(0, .completed, .failed)
  #expect(twice.verdict == .completedOnce)

  let late = Trace()
  late.callerInvites()
  late.invite(0)
  late.told(0, .completed, .failed)
  late.told(0, .ringing)
  #expect(late.verdict == .orderedEvents)
}

@Test func aLegThatNeverCompletesIsNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  trace.hear(486, from: 0)
  trace.ackRefusal(0)
  trace.respond(486)
  trace.watch.finished(Agent.Census())
  #expect(trace.verdict == .completedOnce)
}

@Test func aWrongStatusOfARefusedLegIsNoticed() {
  let trace = Trace()
  trace.watch.shortestTimeout = .seconds(30)
  trace.callerInvites()
  trace.invite(0)
  trace.hear(486, from: 0)
  trace.ackRefusal(0)
  trace.told(0, .completed, .noAnswer)
  #expect(trace.verdict == .legStatus)
}

@Test func twoLegsWithOneSidAreNoticed() {
  let trace = Trace()
  trace.callerInvites()
  trace.invite(0)
  let other = trace.message("INVITE sip:callee1@h SIP/2.0", leg: 1, cseq: "1 INVITE")
  let text = String(decoding: other.bytes, as: UTF8.self).split(
    separator: "\r\n", omittingEmptySubsequences: false)
  let same = text.map { $0.hasPrefix("X-RCML-CallSid") ? "X-RCML-CallSid: \(trace.legSid(0))" : $0 }
  trace.watch.sent(SipText(Array(same.joined(separator: "\r\n").utf8))!, isStream: false)
  #expect(trace.verdict == .distinctSids)
}

/// U-21: a trace of a caller who requires 100rel; nil = its RSeq.
private func ringing(_ trace: Trace, _ start: String, _ rseq: Int?, session: String? = nil)
  -> SipText
{
  let message = trace.message(start, leg: nil, cseq: "1 INVITE", toTag: "agent", session: session)
  let lines = rseq.map { "Require: 100rel\r\nRSeq: \($0)\r\nVia: " } ?? "Via: "
  let text = String(decoding: message.bytes, as: UTF8.self)
  return SipText(Array(text.replacing("Via: ", with: lines, maxReplacements: 1).utf8))!
}

private func reliableTrace() -> Trace {
  let trace = Trace()
  let invite = trace.message("INVITE sip:service@h SIP/2.0", leg: nil, cseq: "1 INVITE")
  let text = String(decoding: invite.bytes, as: UTF8.self)
    .replacing("Via: ", with: "Require: 100rel\r\nVia: ")
  trace.watch.delivered(SipText(Array(text.utf8))!, isStream: false)
  trace.watch.settled()
  trace.invite(0)
  return trace
}

private func prack(_ trace: Trace, _ rseq: Int) {
  let message = trace.message("PRACK sip:a@h SIP/2.0", leg: nil, cseq: "2 PRACK", branch: "p")
  let text = String(decoding: message.bytes, as: UTF8.self)
    .replacing("Via: ", with: "RAck: \(rseq) 1 INVITE\r\nVia: ")
  trace.watch.delivered(SipText(Array(text.utf8))!, isStream: false)
  trace.watch.settled()
}

@Test func goodReliableRingingBreaksNothing() {
  let trace = reliableTrace()
  trace.watch.sent(ringing(trace, "SIP/2.0 180 X", 7), isStream: false)
  trace.wait(500)
  trace.watch.sent(ringing(trace, "SIP/2.0 180 X", 7), isStream: false)
  prack(trace, 7)
  trace.watch.sent(ringing(trace, "SIP/2.0 183 X", 8, session: "callee0"), isStream: false)
  prack(trace, 8)
  trace.win()
  #expect(trace.watch.violation == nil, "\(String(describing: trace.watch.violation))")
}

@Test func aProvisionalResponseThatAsksForNoPRACKIsNoticed() {
  let trace = reliableTrace()
  trace.watch.sent(ringing(trace, "SIP/2.0 180 X", nil), isStream: false)
  #expect(trace.verdict == .reliableRinging)
}

@Test func aSecondProvisionalResponseBeforeThePRACKIsNoticed() {
  let trace = reliableTrace()
  trace.watch.sent(ringing(trace, "SIP/2.0 180 X", 7), isStream: false)
  trace.watch.sent(ringing(trace, "SIP/2.0 183 X", 8), isStream: false)
  #expect(trace.verdict == .reliableRinging)
}

@Test func aProvisionalResponseRepeatedAfterItsPRACKIsNoticed() {
  let trace = reliableTrace()
  trace.watch.sent(ringing(trace, "SIP/2.0 180 X", 7), isStream: false)
  prack(trace, 7)
  trace.wait(500)
  trace.watch.sent(ringing(trace, "SIP/2.0 180 X", 7), isStream: false)
  #expect(trace.verdict == .reliableRinging)
}

@Test func a200ThatOvertakesThePRACKOfItsAnswerIsNoticed() {
  let trace = reliableTrace()
  trace.watch.sent(ringing(trace, "SIP/2.0 183 X", 7, session: "callee0"), isStream: false)
  trace.win()
  #expect(trace.verdict == .reliableRinging)
}

@Test func aDialThatAsksItsActionTwiceIsNoticed() {
  let watch = Watch()
  watch.everyDialHasAction = true
  watch.told(.onCall(CallNumber(1), .dialEnded(DialResult(status: .failed))))
  for key in ["a", "b"] {
    watch.asked(
      HTTPExchange(
        method: "POST", url: "http://web.example/action/1",
        headers: [HeaderLine("Idempotency-Key", Array(key.utf8))],
        body: Array("CallSid=CA1".utf8), connectTimeout: .zero, timeout: .zero, bodyLimit: 0,
        blocksPrivateAddresses: false, verifiesTLS: true))
  }
  watch.finished(Agent.Census())
  #expect(watch.violation?.invariant == .oneWayOn)
}
