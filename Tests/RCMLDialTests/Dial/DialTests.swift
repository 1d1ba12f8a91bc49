import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// One Dial and its legs (spec §5.2 – §5.4, §6).
@Suite struct DialTests {
  /// F-1: a refusal, of whatever class, ends only its own leg.
  @Test func busyOnOneLegKeepsTheOtherRinging() {
    var driver = DialDriver(
      "<Response><Dial><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>")
    driver.leg(1, 180)
    driver.reject(0, 600)
    #expect(driver.result == nil)
    driver.answer(1)
    #expect(driver.all.last == "bridge 1")
  }

  /// S-6, Q-9, Q-12: it is a leg, but nothing is sent, and its callback names no Call-ID.
  @Test func anInvalidTargetIsALegThatFailsWithoutSendingAnything() {
    var driver = DialDriver(
      #"<Response><Dial><Sip statusCallback="http://w/c">nowhere</Sip></Dial></Response>"#)
    #expect(
      driver.lines() == [
        "caller 180", "leg 0 initiated #0", "leg 0 completed failed #1", "dial failed",
        "caller 503", "ended failed",
      ])
    let callback = driver.callbacks.first?.callback.parameters ?? []
    #expect(!callback.contains { $0.name == "SipCallId" })
  }

  /// D-22, D-25, Q-12
  @Test func aDialWithoutAnyTargetFailsAtOnceAndStillAsksForItsAction() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Number>1</Number></Dial></Response>"#)
    #expect(
      driver.lines() == [
        "warn unsupported-noun", "dial failed", "fetch 0 action POST http://w/x",
      ])
    #expect(driver.parameter("DialCallDuration", of: 0) == "0")
    #expect(driver.parameter("DialCallSid", of: 0) == nil)
    driver.reply(0, "<Response/>")
    #expect(driver.lines() == ["caller 404", "ended failed"])
  }

  /// U-6
  @Test func aCallerWithoutHopsLeftCausesNoInvite() {
    for hops in [0, 1] as [UInt8] {
      var driver = DialDriver(
        "<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>", maxForwards: hops)
      #expect(
        driver.lines() == [
          "warn hop-limit", "leg 0 initiated", "leg 0 completed failed", "dial failed",
          "caller 483", "ended failed",
        ])
    }
    let driver = DialDriver(
      "<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>", maxForwards: 2)
    guard
      case .leg(_, .start(let request))? = driver.effects.first(where: { effect in
        if case .leg(_, .start) = effect { return true }
        return false
      })
    else {
      Issue.record("no leg")
      return
    }
    #expect(request.maxForwards == 1)
  }

  /// L-23, M-1
  @Test func anAnswerWithoutUsableMediaIsNeverCalledAnswered() {
    var driver = DialDriver("<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>")
    driver.answer(0, usable: false)
    driver.gone(0)
    #expect(
      driver.lines().suffix(5) == [
        "leg 0 BYE", "dial failed", "caller 500", "leg 0 completed failed", "ended failed",
      ])
  }

  /// L-33, L-40, L-42, M-6
  @Test func theTimeLimitEndsTheBridgeAndTheNextVerbRuns() {
    var driver = DialDriver(
      #"<Response><Dial timeLimit="60"><Sip>sip:a@h</Sip></Dial><Say>over</Say></Response>"#)
    driver.answer(0)
    driver.pass(60)
    #expect(
      driver.lines().suffix(4) == [
        "unbridge 0", "leg 0 BYE", "dial completed", "perform 0 Say on caller",
      ])
    #expect(driver.result?.duration == 60)
  }

  /// L-34: not while it rings, not by the other side.
  @Test func onlyTheCallersStarInTheBridgeHangsUp() {
    var driver = DialDriver(
      #"<Response><Dial hangupOnStar="true"><Sip>sip:a@h</Sip></Dial><Pause/></Response>"#)
    driver.press("*")
    driver.answer(0)
    driver.press("*", by: .leg(LegNumber(0)))
    driver.press("#")
    #expect(driver.all.last == "bridge 0")
    driver.press("*")
    #expect(driver.all.last == "dial completed")
    #expect(driver.ended == nil)
  }

  /// L-36
  @Test func aPartyWhoHangsUpRightAfterItsAnswerEndsTheDialAsCompleted() {
    var driver = DialDriver(
      "<Response><Dial><Sip>sip:a@h</Sip></Dial><Pause/></Response>")
    driver.answer(0)
    driver.bye(0)
    #expect(driver.result?.status == .completed)
    #expect(driver.result?.duration == 0)
    #expect(driver.ended == nil)
  }

  /// L-41, L-43: one action; if it fails, the verbs after the Dial run.
  @Test func theVerbsAfterTheDialAreTheFallbackOfItsAction() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial><Reject/></Response>"#)
    driver.reject(0, 486)
    _ = driver.lines()
    driver.fail(0)
    #expect(driver.lines() == ["warn request-failed", "caller 603"])
  }

  /// L-45
  @Test func theActionsReplyMayDialAgain() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.reject(0, 486)
    driver.reply(0, "<Response><Dial><Sip>sip:b@h</Sip></Dial></Response>")
    driver.answer(1)
    #expect(driver.all.suffix(2) == ["caller 200 with 1", "bridge 1"])
  }

  /// F-10, L-31: the next one starts when the one before has ended.
  @Test func sequentialTargetsAreCalledOneAfterTheOther() {
    var driver = DialDriver(
      """
      <Response><Dial sequential="true" timeout="10"><Sip>sip:a@h</Sip><Sip>bad</Sip>\
      <Sip>sip:b@h</Sip></Dial></Response>
      """)
    #expect(driver.lines().last == "leg 0 INVITE a")
    driver.pass(10)
    #expect(driver.lines() == ["leg 0 CANCEL (no answer)"])
    driver.reject(0, 487)
    #expect(
      driver.lines() == [
        "leg 0 completed no-answer", "leg 1 initiated", "leg 1 completed failed",
        "leg 2 initiated", "leg 2 INVITE b",
      ])
    driver.pass(9)
    #expect(driver.result == nil)
    driver.answer(2)
    #expect(driver.all.last == "bridge 2")
  }

  /// E-1
  @Test func aDelayedTargetWaitsItsTurnOrStartsWhenNobodyElseIsLeft() {
    let document =
      #"<Response><Dial><Sip>sip:a@h</Sip><Sip x-delay="8">sip:b@h</Sip></Dial></Response>"#
    var waiting = DialDriver(document)
    waiting.pass(7.9)
    #expect(!waiting.all.contains("leg 1 INVITE b"))
    waiting.pass(0.2)
    #expect(waiting.all.last == "leg 1 INVITE b")
    var early = DialDriver(document)
    early.reject(0, 486)
    #expect(early.all.last == "leg 1 INVITE b")
    var decided = DialDriver(document)
    decided.answer(0)
    decided.pass(20)
    #expect(!decided.all.contains { $0.hasPrefix("leg 1") })
  }

  /// E-2
  @Test func aLegsOwnRingLimitEndsItAlone() {
    var driver = DialDriver(
      #"<Response><Dial><Sip x-timeout="3">sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>"#)
    driver.pass(3)
    #expect(driver.all.last == "leg 0 CANCEL (no answer)")
    #expect(driver.result == nil)
  }

  /// E-5
  @Test func oneRefusalIsEnoughWhenTheDocumentSaysSo() {
    var driver = DialDriver(
      #"<Response><Dial x-stop-on="603"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>"#)
    driver.reject(1, 603)
    #expect(
      driver.lines().suffix(4) == [
        "leg 1 completed busy", "leg 0 CANCEL", "dial busy", "caller 603",
      ])
  }

  /// F-4, E-4
  @Test func withFirstAnswerTheRaceIsDecidedBeforeTheScreening() {
    var driver = DialDriver(
      """
      <Response><Dial x-winner="answer"><Sip url="http://w/s">sip:a@h</Sip><Sip>sip:b@h</Sip>\
      </Dial></Response>
      """)
    driver.answer(0)
    #expect(
      driver.lines().suffix(2) == ["leg 1 CANCEL (elsewhere)", "fetch 0 screening POST http://w/s"])
    driver.reply(0, "<Response><Hangup/></Response>")
    #expect(driver.lines() == ["leg 0 BYE", "dial no-answer", "caller 480"])
  }

  /// U-20
  @Test func earlyMediaOfASingleTargetReachesTheCaller() {
    var single = DialDriver("<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>")
    single.leg(0, 183, media: true)
    #expect(single.all.last == "caller 183 media of 0")
    for document in [
      "<Response><Dial><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>",
      #"<Response><Dial><Sip url="http://w/s">sip:a@h</Sip></Dial></Response>"#,
      #"<Response><Dial dialMusic="http://w/m"><Sip>sip:a@h</Sip></Dial></Response>"#,
    ] {
      var driver = DialDriver(document)
      driver.leg(0, 183, media: true)
      #expect(driver.all.last == "leg 0 ringing")
    }
  }

  /// M-3, M-4: the best status of the legs, and the first of them that has it.
  @Test func withoutAWinnerTheBestStatusDecides() {
    var driver = DialDriver(
      """
      <Response><Dial action="http://w/x"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip>\
      <Sip>sip:c@h</Sip></Dial></Response>
      """)
    driver.reject(0, 404)
    driver.reject(2, 486)
    driver.reject(1, 603)
    #expect(driver.result?.status == .busy)
    #expect(driver.result?.leg == LegNumber(1))
    #expect(driver.parameter("DialSipResponseCode", of: 0) == "603")
  }

  /// M-7
  @Test func theRingDurationIsThatOfTheDecidingLeg() {
    var driver = DialDriver("<Response><Dial><Sip>sip:a@h</Sip></Dial><Pause/></Response>")
    driver.pass(3.3)
    driver.answer(0)
    driver.pass(2.2)
    driver.bye(0)
    #expect(driver.result?.ringDuration == 3)
    #expect(driver.result?.duration == 2)
  }

  /// L-32, F-8, Q-16
  @Test func theCallersReasonGoesToEveryLeg() {
    var driver = DialDriver("<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>")
    driver.answer(0)
    driver.callerHangsUp("Q.850;cause=16")
    #expect(driver.all.suffix(2) == ["leg 0 BYE (Q.850;cause=16)", "dial completed"])
  }

  /// L-28
  @Test func aByeThatIsNeverAnsweredEndsTheLegAfter32Seconds() {
    var driver = DialDriver("<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>")
    driver.answer(0)
    driver.pass(5)
    driver.callerHangsUp()
    driver.pass(31)
    #expect(driver.lines().last == "dial completed")
    driver.pass(2)
    #expect(driver.lines() == ["leg 0 completed completed"])
    driver.pass(50)
    #expect(driver.lines() == ["ended completed"])
  }
}
