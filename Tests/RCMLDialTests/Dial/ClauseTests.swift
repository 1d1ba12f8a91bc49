import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// Clauses about Dials and their callbacks that no story of another file tells by itself.
@Suite struct ClauseTests {
  private let two =
    #"<Response><Dial action="http://w/x" timeout="20"><Sip statusCallback="http://w/a">sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>"#
  private let screened =
    #"<Response><Dial action="http://w/x" timeout="20"><Sip>sip:a@h</Sip><Sip url="http://w/s">sip:b@h</Sip></Dial></Response>"#

  private func value(_ name: String, _ callback: StatusCallback) -> String? {
    callback.parameters.first { $0.name == name }?.value
  }

  // L-30: the order of delivery decides, not the clock.
  @Test func ofTwoAnswersInOneInstantTheOneDeliveredFirstWins() {
    for first in [0, 1] as [UInt32] {
      var driver = DialDriver(two)
      driver.answer(first)
      driver.answer(1 - first)
      #expect(driver.all.contains("bridge \(first)"))
      #expect(!driver.all.contains("bridge \(1 - first)"))
    }
  }

  // L-48
  @Test func theActionDoesNotWaitForALegThatHasNotEnded() {
    var driver = DialDriver(two)
    driver.leg(0, 180)
    driver.reject(1, 486)
    driver.give(.host(.endDial))
    #expect(driver.lines().contains("fetch 0 action POST http://w/x"))
    #expect(!driver.all.contains { $0.hasPrefix("leg 0 completed") })
    driver.reject(0, 487)
    #expect(driver.lines().contains { $0.hasPrefix("leg 0 completed canceled") })
  }

  // F-11
  @Test func theBridgeDoesNotWaitForTheLosers() {
    var driver = DialDriver(two)
    driver.leg(0, 180)
    driver.answer(1)
    let lines = driver.lines()
    #expect(lines.contains("bridge 1"))
    #expect(!lines.contains { $0.hasPrefix("leg 0 completed") })
  }

  // C-3, F-3
  @Test func whileOneIsScreenedTheOtherRingsOnAndMayWin() {
    var driver = DialDriver(screened)
    driver.answer(1)
    #expect(!driver.lines().contains { $0.contains("CANCEL") })
    driver.answer(0)
    let lines = driver.lines()
    #expect(lines.contains("bridge 0"))
    #expect(lines.contains { $0.hasPrefix("leg 1 BYE") })
  }

  // C-4
  @Test func everyVerbOfAScreeningActsOnTheLeg() {
    var driver = DialDriver(screened)
    driver.answer(1)
    _ = driver.lines()
    driver.reply(
      0, "<Response><Say>hi</Say><Play>http://w/a.wav</Play><Gather/><Record/></Response>")
    for number in 0..<4 as Range<UInt32> { driver.performed(number, .unavailable) }
    let performed = driver.lines().filter { $0.hasPrefix("perform") }
    #expect(
      performed == [
        "perform 0 Say on 1", "perform 1 Play on 1", "perform 2 Gather on 1",
        "perform 3 Record on 1",
      ])
    for ending in ["<Hangup/>", "<Reject/>"] {
      var driver = DialDriver(screened)
      driver.answer(1)
      driver.reply(0, "<Response>\(ending)</Response>")
      #expect(driver.all.contains { $0.hasPrefix("leg 1 BYE") })
    }
  }

  // C-16, L-32
  @Test func aCallerWhoLeavesEndsTheScreening() {
    var driver = DialDriver(screened)
    driver.answer(1)
    _ = driver.lines()
    driver.callerCancels()
    let lines = driver.lines()
    #expect(lines.contains("abort 0"))
    #expect(lines.contains { $0.hasPrefix("leg 1 BYE") })
    #expect(driver.result?.status == .canceled)
  }

  // M-2, C-15, P-49
  @Test func aScreeningThatRefusesIsNoAnswerForTheDial() {
    var driver = DialDriver(screened)
    driver.reject(0, 404)
    driver.answer(1)
    driver.reply(0, "<Response><Hangup/></Response>")
    #expect(driver.result?.status == .noAnswer)
    #expect(driver.parameter("DialScreeningResult", of: 1) == "rejected")
    #expect(driver.parameter("DialCallStatus", of: 1) == "no-answer")
  }

  // M-5, P-40 … P-46, P-50
  @Test func aConversationIsCompletedAndNeverAnswered() {
    var driver = DialDriver(two)
    driver.leg(1, 180)
    driver.pass(3)
    driver.answer(1)
    driver.pass(5)
    driver.bye(1)
    #expect(driver.parameter("DialCallStatus", of: 0) == "completed")
    #expect(driver.parameter("DialCallDuration", of: 0) == "5")
    #expect(driver.parameter("DialRingDuration", of: 0) == "3")
    #expect(driver.parameter("DialBridged", of: 0) == "true")
    #expect(driver.parameter("DialSipResponseCode", of: 0) == "200")
    #expect(driver.parameter("DialHangupBy", of: 0) == "callee")
    #expect(driver.parameter("DialCallSid", of: 0)?.hasPrefix("CA") == true)
    #expect(driver.parameter("DialSipCallId", of: 0)?.isEmpty == false)
  }

  // E-3, P-51
  @Test func allLegsAreToldWhenTheSettingSaysSo() {
    var settings = Settings()
    settings.legResults = true
    var driver = DialDriver(two, settings: settings)
    driver.reject(0, 486)
    driver.answer(1)
    driver.bye(1)
    #expect(driver.parameter("DialLegCount", of: 0) == "2")
    #expect(driver.parameter("DialLeg0_Status", of: 0) == "busy")
    #expect(driver.parameter("DialLeg0_SipResponseCode", of: 0) == "486")
    #expect(driver.parameter("DialLeg1_Status", of: 0) == "completed")
    #expect(driver.parameter("DialLeg1_Sid", of: 0)?.hasPrefix("CA") == true)
  }

  // K-1
  @Test func onlyATargetWithAUrlIsToldAbout() {
    var driver = DialDriver(two)
    driver.answer(1)
    driver.reject(0, 487)
    #expect(Set(driver.callbacks.map(\.leg)) == [0])
    #expect(driver.callbacks.allSatisfy { $0.callback.url == "http://w/a" })
  }

  // K-5, P-20 … P-27
  @Test func eachCallbackSaysWhatItsRowPromises() {
    var driver = DialDriver(two)
    driver.leg(0, 180)
    driver.pass(2)
    driver.answer(0)
    driver.pass(4)
    driver.bye(0)
    let callbacks = driver.callbacks.map(\.callback)
    #expect(
      callbacks.map { value("StatusCallbackEvent", $0) }
        == ["initiated", "ringing", "answered", "completed"])
    #expect(
      callbacks.map { value("CallStatus", $0) }
        == ["initiated", "ringing", "in-progress", "completed"])
    #expect(callbacks.map { value("SequenceNumber", $0) } == ["0", "1", "2", "3"])
    #expect(callbacks.allSatisfy { value("CallbackSource", $0) == "call-progress-events" })
    #expect(callbacks.map { value("CallDuration", $0) } == [nil, nil, nil, "4"])
    #expect(callbacks.map { value("SipResponseCode", $0) } == [nil, nil, nil, "200"])
    #expect(callbacks.map { value("HangupBy", $0) } == [nil, nil, nil, "callee"])
    #expect(
      callbacks.map { value("Timestamp", $0) } == [
        "Wed, 02 Oct 2024 13:05:09 +0000", "Wed, 02 Oct 2024 13:05:09 +0000",
        "Wed, 02 Oct 2024 13:05:11 +0000", "Wed, 02 Oct 2024 13:05:15 +0000",
      ])
  }

  // K-7, Q-13
  @Test func aLegWhoseAnswerCameTooLateEndsAsCanceledAndOneThatAnsweredAsCompleted() {
    var driver = DialDriver(two)
    driver.leg(0, 180)
    driver.answer(1)
    driver.answer(0)
    driver.gone(0)
    let last = driver.callbacks.last?.callback
    #expect(last.flatMap { value("CallStatus", $0) } == "canceled")
    #expect(last.flatMap { value("CallDuration", $0) } == "0")
    #expect(!driver.callbacks.contains { value("StatusCallbackEvent", $0.callback) == "answered" })
  }

  // K-14
  @Test func aLegIsToldAboutAfterItsCallerHasGone() {
    var driver = DialDriver(two)
    driver.leg(0, 180)
    driver.callerCancels()
    driver.reject(0, 487)
    #expect(
      driver.callbacks.last.flatMap { value("StatusCallbackEvent", $0.callback) } == "completed")
    #expect(driver.callbacks.last.flatMap { value("CallStatus", $0.callback) } == "canceled")
  }

  // H-30
  @Test func aGatherWhoseRequestFailsIsFollowedByTheNextVerb() {
    var driver = DialDriver(
      #"<Response><Gather action="http://w/g"/><Dial><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.performed(0, .gathered(digits: Array("12".utf8), key: 0x23))
    #expect(driver.parameter("Digits", of: 0) == "12")
    #expect(driver.parameter("FinishedOnKey", of: 0) == "#")
    driver.fail(0)
    #expect(driver.lines().contains("leg 0 INVITE a"))
  }

  // P-55, P-56, P-57
  @Test func recordAndRedirectSayWhatTheirRowsPromise() {
    var driver = DialDriver(
      #"<Response><Record action="http://w/r"/></Response>"#)
    driver.performed(
      0, .recorded(Recording(url: "http://files/RE1", sid: "RE1", duration: 7), key: 0x2a))
    #expect(driver.parameter("RecordingUrl", of: 0) == "http://files/RE1")
    #expect(driver.parameter("RecordingDuration", of: 0) == "7")
    #expect(driver.parameter("Digits", of: 0) == "*")
    driver.reply(0, "<Response><Redirect>http://w/next</Redirect></Response>")
    let names = driver.request(1)?.parameters.map(\.name) ?? []
    #expect(!names.contains("Digits") && names.contains("CallSid"))
  }

  // P-41, P-47: without a leg nothing is said about one.
  @Test func aDialWithoutALegNamesNone() {
    let driver = DialDriver(#"<Response><Dial action="http://w/x"/></Response>"#)
    #expect(driver.parameter("DialCallStatus", of: 0) == "failed")
    let names = driver.request(0)?.parameters.map(\.name) ?? []
    #expect(!names.contains("DialCallSid") && !names.contains("DialRingDuration"))
    #expect(!names.contains { $0.hasPrefix("DialSipHeader_") })
  }

  // Q-5
  @Test func documentsAreAskedForWithPostUnlessSaidOtherwise() {
    var driver = DialDriver()
    driver.give(.host(.run(.url("http://w/start", method: ""))))
    #expect(driver.lines() == ["fetch 0 voice POST http://w/start"])
  }

  // Q-25
  @Test func aWinnerWhoLeavesBeforeTheCallerIsAnsweredCostsNoAnswer() {
    var driver = DialDriver(screened)
    driver.reject(0, 486)
    driver.answer(1)
    driver.bye(1)
    #expect(!driver.all.contains { $0.hasPrefix("caller 200") })
    #expect(driver.result?.status == .noAnswer)
  }
}
