import RCMLBasics
import Testing

@testable import RCMLDial

/// Callers that cannot be answered (spec L-49), and answers that take their time (L-25, L-37).
@Suite struct UnusableOfferTests {
  private static let screened = """
    <Response><Dial action="http://w/x"><Sip url="http://w/s">sip:a@h</Sip></Dial></Response>
    """
  private static let plain =
    #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#

  // L-49
  @Test func aVerbThatCannotBeHeardEndsTheCallBeforeItRuns() {
    var driver = DialDriver(
      "<Response><Say>a</Say><Dial><Sip>sip:a@h</Sip></Dial></Response>", answering: .isRefused)
    #expect(
      driver.lines() == [
        "caller 200", "warn media-refused", "caller 488 Not Acceptable Here", "ended failed",
      ])
    #expect(driver.ended?.sipCode == 488)
    #expect(driver.ended?.hangupBy == .engine)
    #expect(driver.machine.nextDeadline == nil)
  }

  // L-49, L-3
  @Test func aDialThatAnswersFirstIsNotBegunWhenItCannot() {
    var driver = DialDriver(
      #"<Response><Dial answerOnBridge="false" action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#,
      answering: .isRefused)
    #expect(
      driver.lines() == [
        "caller 200", "warn media-refused", "caller 488 Not Acceptable Here", "ended failed",
      ])
    #expect(driver.result == nil)
  }

  // L-49
  @Test func aScreenedDialIsNotBegunForACallerWhoOffersNoSpeech() {
    var driver = DialDriver(UnusableOfferTests.screened, offersSpeech: false)
    #expect(
      driver.lines() == ["warn media-refused", "caller 488 Not Acceptable Here", "ended failed"])
    var plain = DialDriver(UnusableOfferTests.plain, offersSpeech: false)
    #expect(plain.lines().contains("leg 0 INVITE a"))
    var policy = CallPolicy(Settings())
    policy.hearsMedia = false
    var direct = DialDriver(UnusableOfferTests.screened, policy: policy, offersSpeech: false)
    #expect(direct.lines().contains("leg 0 INVITE a"))
    var answered = DialDriver(UnusableOfferTests.screened, isAnswered: true, offersSpeech: false)
    #expect(answered.lines().contains("leg 0 INVITE a"))
  }

  // L-49: the winner is hung up on, and not even the action of L-47 is requested.
  @Test func aWinnerWhoCannotTalkToTheCallerIsHungUpOnAndNothingElseRuns() {
    var driver = DialDriver(UnusableOfferTests.plain, answering: .isRefused)
    _ = driver.lines()
    driver.answer(0)
    #expect(
      driver.lines() == [
        "leg 0 answered", "caller 200 with 0", "warn media-refused",
        "caller 488 Not Acceptable Here",
        "leg 0 BYE", "dial canceled",
      ])
    #expect(driver.result?.bridged == false)
    driver.bye(0)
    driver.gone(0)
    #expect(driver.lines() == ["leg 0 completed completed", "ended failed"])
    #expect(driver.request(0) == nil)
  }

  // L-25: nothing is bridged before the caller is answered.
  @Test func theBridgeWaitsForTheAnswer() {
    var driver = DialDriver(UnusableOfferTests.plain, answering: .isHeld)
    driver.answer(0)
    #expect(driver.all.last == "caller 200 with 0")
    driver.confirmAnswer()
    #expect(driver.all.last == "bridge 0")
  }

  // L-36
  @Test func aWinnerWhoLeavesBeforeTheCallerIsAnsweredWasNotBridged() {
    var driver = DialDriver(UnusableOfferTests.plain, answering: .isHeld)
    driver.answer(0)
    driver.bye(0)
    #expect(driver.result?.status == .completed)
    #expect(driver.result?.bridged == false)
    #expect(driver.result?.duration == 0)
    driver.confirmAnswer()
    #expect(!driver.all.contains("bridge 0"))
    #expect(driver.parameter("DialBridged", of: 0) == "false")
  }

  // L-37
  @Test func aCancelBeforeTheAnswerIsOutWins() {
    var driver = DialDriver(UnusableOfferTests.plain, answering: .isHeld)
    driver.answer(0)
    _ = driver.lines()
    driver.callerCancels()
    #expect(driver.lines() == ["leg 0 BYE", "dial canceled", "fetch 0 action POST http://w/x"])
    driver.confirmAnswer()
    #expect(driver.lines().isEmpty)
    #expect(!driver.machine.isCallerAlive)
    driver.gone(0)
    driver.reply(0, "<Response/>")
    #expect(driver.ended?.status == .canceled)
  }

  // L-39, M-30
  @Test func theHostEndsACallWhoseAnswerIsUnderWay() {
    var driver = DialDriver("<Response><Say>a</Say></Response>", answering: .isHeld)
    driver.give(.host(.hangUp(Reason(.stoppedByHost))))
    #expect(driver.lines() == ["caller 200", "caller 480", "ended no-answer"])
  }

  // L-3
  @Test func aCallerWhomTheHostHadAnsweredIsNotAnsweredAgain() {
    var driver = DialDriver("<Response><Pause length=\"1\"/><Say>a</Say></Response>")
    driver.give(.caller(.answered))
    driver.pass(2)
    #expect(driver.lines() == ["perform 0 Say on caller"])
  }
}
