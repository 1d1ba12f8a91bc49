import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// The races of spec §18.7, as far as this room sees them; the number stands before each.
@Suite struct RaceTests {
  private let pair =
    #"<Response><Dial action="http://w/done"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>"#
  private let screenedPair = """
    <Response><Dial action="http://w/done" timeout="20"><Sip>sip:a@h</Sip>\
    <Sip url="http://w/s" timeout="40">sip:b@h</Sip></Dial></Response>
    """
  private let bothScreened = """
    <Response><Dial><Sip url="http://w/s">sip:a@h</Sip><Sip url="http://w/t">sip:b@h</Sip></Dial>\
    </Response>
    """

  /// 1
  @Test func ofTwo2xxInOneReadTheFirstDeliveredWins() {
    var driver = DialDriver(pair)
    driver.answer(1)
    driver.answer(0)
    #expect(driver.result == nil)
    #expect(driver.all.filter { $0.hasPrefix("bridge") } == ["bridge 1"])
    #expect(driver.all.last == "leg 0 BYE (elsewhere)")
  }

  /// 2, 4: the 487 never came, the 2xx did (L-20, K-4).
  @Test func a2xxAfterCancelIsHungUpWithTheReasonOfTheCancelAndNeverCalledAnswered() {
    var driver = DialDriver(pair)
    driver.leg(0, 180)
    driver.pass(30)
    _ = driver.lines()
    driver.answer(0)
    #expect(driver.lines() == ["leg 0 BYE (no answer)"])
    driver.gone(0)
    #expect(driver.lines() == ["leg 0 completed no-answer"])
  }

  /// 2: after `cancel_wait` too (L-22).
  @Test func a2xxAfterTheLegCountsAsOverIsStillHungUp() {
    var driver = DialDriver(pair)
    driver.callerCancels()
    driver.pass(5)
    #expect(driver.all.suffix(2) == ["leg 0 completed canceled", "leg 1 completed canceled"])
    _ = driver.lines()
    driver.answer(0)
    #expect(driver.lines() == ["leg 0 BYE"])
  }

  /// 3: below, CANCEL waits for a provisional response (F-7); here the leg ends at `cancel_wait`.
  @Test func aLegThatNeverAnsweredAtAllEndsFiveSecondsAfterItsCancel() {
    var driver = DialDriver(pair)
    driver.callerCancels()
    _ = driver.lines()
    driver.pass(4.9)
    #expect(driver.lines().isEmpty)
    driver.pass(0.2)
    #expect(driver.lines() == ["leg 0 completed canceled", "leg 1 completed canceled"])
  }

  /// 5: a 2xx that repeats is the dialog's business, not ours.
  @Test func a2xxThatComesAgainAfterTheByeMeansNothing() {
    var driver = DialDriver(pair)
    driver.answer(0)
    driver.callerHangsUp()
    _ = driver.lines()
    driver.answer(0)
    #expect(driver.lines().isEmpty)
  }

  /// 6, L-37: whichever is delivered first.
  @Test func theCallersCancelBeforeTheWinners2xxWinsAndAfterOur200MeansNothing() {
    var cancelFirst = DialDriver(pair)
    cancelFirst.callerCancels()
    _ = cancelFirst.lines()
    cancelFirst.answer(0)
    #expect(cancelFirst.lines() == ["leg 0 BYE"])
    #expect(cancelFirst.result?.status == .canceled)
    var answerFirst = DialDriver(pair)
    answerFirst.answer(0)
    _ = answerFirst.lines()
    answerFirst.callerCancels()
    #expect(answerFirst.lines().isEmpty)
  }

  /// 7, L-5, H-25
  @Test func aCallerWhoLeavesDuringTheVoiceFetchCausesNoInvite() {
    var driver = DialDriver()
    driver.give(.host(.run(.url("http://w/start", method: "POST"))))
    driver.callerCancels()
    #expect(driver.lines() == ["fetch 0 voice POST http://w/start", "abort 0", "ended canceled"])
    driver.reply(0, pair)
    #expect(driver.lines().isEmpty)
  }

  /// 7: between two INVITEs.
  @Test func aCallerWhoLeavesBeforeADelayedTargetsTurnCausesNoSecondInvite() {
    var driver = DialDriver(
      #"<Response><Dial><Sip>sip:a@h</Sip><Sip x-delay="5">sip:b@h</Sip></Dial></Response>"#)
    driver.callerCancels()
    driver.pass(60)
    #expect(!driver.all.contains("leg 1 INVITE b"))
    #expect(driver.ended?.status == .canceled)
  }

  /// 8
  @Test func aCallerWhoLeavesDuringAScreeningFetchAbortsIt() {
    var driver = DialDriver(bothScreened)
    driver.answer(0)
    _ = driver.lines()
    driver.callerHangsUp("Q.850;cause=16")
    #expect(
      driver.lines() == [
        "abort 0", "leg 0 BYE (Q.850;cause=16)", "leg 1 CANCEL (Q.850;cause=16)", "dial canceled",
      ])
  }

  /// 8: during Say, and during a gather's action.
  @Test func aCallerWhoLeavesDuringAPromptOrAGatherActionStopsIt() {
    var driver = DialDriver(bothScreened)
    driver.answer(0)
    driver.answer(1)
    driver.reply(0, "<Response><Say>hello</Say></Response>")
    driver.reply(1, #"<Response><Gather action="http://w/g"></Gather></Response>"#)
    driver.performed(1, .gathered(digits: [0x31], key: 0x23))
    _ = driver.lines()
    driver.callerCancels()
    #expect(
      driver.lines() == ["stop 0", "leg 0 BYE", "abort 2", "leg 1 BYE", "dial canceled"])
  }

  /// 9
  @Test func aPartyWhoHangsUpDuringItsScreeningFetchIsRefused() {
    var driver = DialDriver(screenedPair)
    driver.answer(1)
    _ = driver.lines()
    driver.bye(1)
    #expect(driver.lines() == ["abort 0", "leg 1 completed completed"])
    #expect(driver.result == nil)
    driver.reject(0, 486)
    #expect(driver.result?.status == .noAnswer)
    #expect(driver.result?.screening == .hangup)
    #expect(driver.result?.hangupBy == nil)
  }

  /// 10: at the Dial timer's instant the timer was first; those in screening are not touched (L-31).
  @Test func aScreeningThatPassesAtTheInstantOfTheDialTimerWins() {
    var driver = DialDriver(screenedPair)
    driver.answer(1)
    driver.now = driver.now + .seconds(20)
    driver.reply(0, "<Response/>")
    #expect(
      driver.lines().suffix(3) == ["leg 0 CANCEL (no answer)", "caller 200 with 1", "bridge 1"])
    #expect(driver.all.contains("bridge 1"))
  }

  /// 10: the limit is reached before the reply is looked at.
  @Test func aScreeningThatPassesAtTheInstantOfItsLimitIsTooLate() {
    var driver = DialDriver(
      #"<Response><Dial><Sip url="http://w/s" timeout="3">sip:a@h</Sip></Dial></Response>"#)
    driver.answer(0)
    driver.now = driver.now + .seconds(3)
    driver.reply(0, "<Response/>")
    #expect(!driver.all.contains("bridge 0"))
    #expect(driver.result?.screening == .timeout)
  }

  /// 10, 13
  @Test func ofTwoScreeningsThatPassTheFirstWinsAndTheOtherIsHungUp() {
    var driver = DialDriver(bothScreened)
    driver.answer(0)
    driver.answer(1)
    driver.reply(1, "<Response/>")
    driver.reply(0, "<Response/>")
    #expect(
      driver.all.suffix(4) == ["abort 0", "leg 0 BYE (elsewhere)", "caller 200 with 1", "bridge 1"])
  }

  /// 11: a challenge is answered below; the leg is still calling when the timer comes.
  @Test func theDialTimerCancelsALegWhose407IsBeingAnswered() {
    var driver = DialDriver(pair)
    driver.leg(0, 100)
    driver.pass(30)
    #expect(
      driver.all.suffix(4) == [
        "leg 0 CANCEL (no answer)", "leg 1 CANCEL (no answer)", "dial no-answer",
        "fetch 0 action POST http://w/done",
      ])
  }

  /// 12, L-31
  @Test func theDialTimerLeavesTheScreenedLegAloneAndTheDialWaitsForIt() {
    var driver = DialDriver(screenedPair)
    driver.leg(0, 180)
    driver.answer(1)
    driver.reply(0, "<Response><Say>press</Say></Response>")
    driver.pass(20)
    #expect(driver.all.last == "leg 0 CANCEL (no answer)")
    driver.performed(0, .finished)
    #expect(driver.all.suffix(2) == ["caller 200 with 1", "bridge 1"])
  }

  /// 14
  @Test func theTimeLimitAndAByeAtOnceEndTheBridgeOnce() {
    var driver = DialDriver(
      #"<Response><Dial timeLimit="10"><Sip>sip:a@h</Sip></Dial><Pause/></Response>"#)
    driver.answer(0)
    driver.now = driver.now + .seconds(10)
    _ = driver.lines()
    driver.bye(0)
    #expect(
      driver.lines() == [
        "unbridge 0", "leg 0 BYE", "dial completed", "leg 0 completed completed",
      ])
    #expect(driver.result?.hangupBy == .engine)
    #expect(driver.result?.duration == 10)
  }

  /// 15
  @Test func aStarAndAByeAtOnceEndTheBridgeOnce() {
    var driver = DialDriver(
      #"<Response><Dial hangupOnStar="true"><Sip>sip:a@h</Sip></Dial><Pause/></Response>"#)
    driver.answer(0)
    driver.press("*")
    driver.bye(0)
    #expect(driver.all.filter { $0.hasPrefix("dial") } == ["dial completed"])
    #expect(driver.result?.hangupBy == .caller)
    driver.press("*")
    #expect(driver.all.filter { $0.hasPrefix("unbridge") }.count == 1)
  }

  /// 16
  @Test func anActionReplyAfterTheCallersByeIsIgnored() {
    var driver = DialDriver(pair)
    driver.answer(0)
    driver.bye(0)
    driver.gone(0)
    driver.reject(1, 487)
    driver.gone(1)
    driver.callerHangsUp()
    #expect(driver.ended == nil)
    _ = driver.lines()
    driver.reply(0, pair)
    #expect(driver.lines() == ["ended completed"])
  }

  /// 18, Q-6: the host stops while a Dial rings.
  @Test func aHostThatEndsTheCallWhileItRingsGivesThe480AndAsksForTheActionOnce() {
    var driver = DialDriver(pair)
    _ = driver.lines()
    driver.give(.host(.hangUp(Reason(.stoppedByHost))))
    #expect(
      driver.lines() == [
        "leg 0 CANCEL", "leg 1 CANCEL", "dial canceled", "caller 480",
        "fetch 0 action POST http://w/done",
      ])
    driver.give(.host(.hangUp(Reason(.stoppedByHost))))
    driver.fail(0)
    driver.pass(5)
    #expect(
      driver.lines() == [
        "warn request-failed", "leg 0 completed canceled", "leg 1 completed canceled",
      ])
    driver.gone(0)
    driver.gone(1)
    #expect(driver.lines() == ["ended no-answer"])
  }

  /// 20: the BYE of a caller that never acknowledged.
  @Test func aByeRightAfterThe200EndsBothSides() {
    var driver = DialDriver(pair)
    driver.answer(0)
    driver.callerHangsUp()
    #expect(driver.result?.status == .completed)
    #expect(driver.result?.hangupBy == .caller)
    #expect(driver.result?.duration == 0)
  }
}
