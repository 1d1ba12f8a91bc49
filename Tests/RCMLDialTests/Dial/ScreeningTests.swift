import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// Screening (spec §7).
@Suite struct ScreeningTests {
  private func screened(_ attributes: String = "") -> DialDriver {
    var driver = DialDriver(
      """
      <Response><Dial action="http://w/x"><Sip url="http://w/s"\(attributes)>sip:a@h</Sip></Dial>\
      </Response>
      """)
    driver.leg(0, 180)
    driver.answer(0, headers: [HeaderLine("X-Agent", Array("7".utf8))])
    return driver
  }

  /// C-1, C-2, §12.4, P-30
  @Test func theScreeningRequestSpeaksForTheLeg() {
    let driver = screened()
    #expect(!driver.all.contains("caller 200"))
    let names = driver.request(0)?.parameters.map(\.name)
    #expect(
      names == [
        "CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction",
        "CallerName", "ParentCallSid", "SipCallId", "SipHeader_X-Agent", "CallTimestamp",
        "TargetIndex",
      ])
    #expect(driver.parameter("ParentCallSid", of: 0) == DialDriver.parent.description)
    #expect(driver.parameter("CallStatus", of: 0) == "in-progress")
    #expect(driver.parameter("Direction", of: 0) == "outbound-dial")
    #expect(driver.parameter("To", of: 0) == "sip:a@h")
    #expect(driver.parameter("From", of: 0) == "sip:bob@e.example")
  }

  /// C-5, C-11
  @Test func aScreeningDocumentThatDialsIsRefusedBeforeItsFirstVerb() {
    var driver = screened()
    _ = driver.lines()
    driver.reply(0, "<Response><Say>hi</Say><Dial><Sip>sip:z@h</Sip></Dial></Response>")
    #expect(
      driver.lines() == [
        "warn dial-not-allowed", "leg 0 BYE", "dial failed", "fetch 1 action POST http://w/x",
      ])
    #expect(driver.parameter("DialScreeningResult", of: 1) == "failed")
    #expect(driver.parameter("DialSipResponseCode", of: 1) == "200")
  }

  /// C-6, C-9: an empty document, and one of unknown verbs only, accepts.
  @Test func aDocumentThatDoesNothingAccepts() {
    for document in ["<Response/>", "<Response><Dance/></Response>"] {
      var driver = screened()
      driver.reply(0, document)
      #expect(driver.all.suffix(2) == ["caller 200 with 0", "bridge 0"])
    }
  }

  /// C-10, C-15, Q-14, Q-15
  @Test func aRefusalIsNoAnswerForTheDialAndCompletedForTheLeg() {
    for verb in ["<Hangup/>", "<Reject/>"] {
      var driver = screened(#" statusCallback="http://w/c""#)
      driver.pass(4)
      driver.reply(0, "<Response>\(verb)</Response>")
      driver.gone(0)
      #expect(driver.result?.status == .noAnswer)
      #expect(driver.result?.screening == .rejected)
      #expect(driver.result?.bridged == false)
      let last = driver.callbacks.last?.callback.parameters ?? []
      #expect(last.contains(Parameter("CallStatus", "completed")))
      #expect(last.contains(Parameter("CallDuration", "4")))
      #expect(last.contains(Parameter("HangupBy", "engine")))
    }
  }

  /// C-11: noticed at once.
  @Test func aScreeningUrlThatFailsEndsTheLegAtOnce() {
    for failure in [RetrievalFailure.status(500), .exchange(.webTimedOut, "no answer"), .tooLarge] {
      var driver = screened()
      _ = driver.lines()
      driver.fail(0, failure)
      #expect(driver.lines().prefix(3) == ["warn request-failed", "leg 0 BYE", "dial failed"])
    }
  }

  /// C-12, C-14: from the 2xx, fetching included.
  @Test func theScreeningLimitCountsFromTheAnswer() {
    var driver = screened(#" timeout="5""#)
    driver.pass(3)
    driver.reply(0, "<Response><Say>press</Say></Response>")
    driver.pass(1.9)
    _ = driver.lines()
    driver.pass(0.2)
    #expect(driver.lines().prefix(3) == ["stop 0", "leg 0 BYE", "dial no-answer"])
    #expect(driver.result?.screening == .timeout)
  }

  /// C-7, C-8, V-12
  @Test func gatherInAScreeningFetchesTheNextDocumentForTheLeg() {
    var driver = screened()
    driver.reply(
      0, #"<Response><Gather action="http://w/g" method="GET"></Gather><Hangup/></Response>"#)
    driver.performed(0, .gathered(digits: [0x34, 0x32], key: 0x23))
    #expect(driver.lines().last == "fetch 1 gather GET http://w/g")
    #expect(driver.parameter("Digits", of: 1) == "42")
    #expect(driver.parameter("FinishedOnKey", of: 1) == "#")
    #expect(driver.parameter("ParentCallSid", of: 1) == DialDriver.parent.description)
    driver.reply(1, "<Response><Dial><Sip>sip:z@h</Sip></Dial></Response>")
    #expect(driver.result?.screening == .failed)
  }

  /// V-13: without an action, the document's own URL.
  @Test func gatherWithoutAnActionAsksTheCurrentDocumentAgain() {
    var driver = screened()
    driver.reply(0, "<Response><Gather></Gather></Response>")
    driver.performed(0, .gathered(digits: [0x31], key: 0))
    #expect(driver.lines().last == "fetch 1 gather POST http://w/reply0")
  }

  /// C-13: the caller and the other legs stay.
  @Test func aFailedScreeningEndsOnlyItsLeg() {
    var driver = DialDriver(
      #"<Response><Dial><Sip url="http://w/s">sip:a@h</Sip><Sip>sip:b@h</Sip></Dial></Response>"#)
    driver.answer(0)
    driver.fail(0)
    driver.answer(1)
    #expect(driver.all.last == "bridge 1")
  }

  /// U-27, C-10: pauses and prompts end with the leg.
  @Test func aPauseInAScreeningTakesItsTimeAndThenAccepts() {
    var driver = screened()
    driver.reply(0, #"<Response><Pause length="3"/></Response>"#)
    driver.pass(2.9)
    #expect(driver.result == nil && !driver.all.contains("bridge 0"))
    driver.pass(0.2)
    #expect(driver.all.last == "bridge 0")
  }
}
