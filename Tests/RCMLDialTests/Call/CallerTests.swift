import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// The caller's side: what it hears, when it is answered, what it gets when nobody can be had (spec §5.1, §5.4, §8.3).
@Suite struct CallerTests {
  private let one = #"<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>"#

  /// L-1: nothing but the request happens while the document is fetched.
  @Test func theInitialDocumentIsFetchedBeforeTheCallerHearsAnything() {
    var driver = DialDriver()
    driver.give(.host(.run(.url("http://w/start?x=1", method: "get"))))
    #expect(driver.lines() == ["fetch 0 voice GET http://w/start?x=1"])
    #expect(
      driver.request(0)?.parameters.map(\.name) == [
        "CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction",
        "CallerName", "SipCallId", "CallTimestamp",
      ])
    #expect(driver.parameter("CallStatus", of: 0) == "ringing")
    #expect(driver.parameter("CallTimestamp", of: 0) == "Wed, 02 Oct 2024 13:05:09 +0000")
  }

  /// L-2, RFC 3261 §13.3.1.1
  @Test func ringingIsToldAtOnceAndRepeatedEveryMinute() {
    var driver = DialDriver(
      #"<Response><Dial timeout="150"><Sip>sip:a@h</Sip></Dial></Response>"#)
    #expect(driver.lines().first == "caller 180")
    driver.leg(0, 180)
    driver.leg(0, 180)
    driver.pass(121)
    #expect(driver.lines() == ["leg 0 ringing", "caller 180", "caller 180"])
  }

  /// L-3, L-35: `answerOnBridge="false"` answers when the Dial starts, and ringing is media.
  @Test func anImmediateAnswerIsFollowedByRingingUntilTheBridge() {
    var driver = DialDriver(
      #"<Response><Dial answerOnBridge="false"><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.leg(0, 180)
    driver.answer(0)
    #expect(
      driver.lines() == [
        "caller 200", "perform 0 ringing on caller", "leg 0 initiated", "leg 0 INVITE a",
        "leg 0 ringing", "leg 0 answered", "stop 0", "bridge 0",
      ])
  }

  /// L-4, V-10, V-11, V-15: each answers, and without a provider each is skipped with its warning.
  @Test func mediaVerbsAnswerTheCallerAndAreSkippedWithoutAProvider() {
    var driver = DialDriver(
      """
      <Response><Say>hi</Say><Play>http://w/a.wav</Play><Gather></Gather><Record></Record>\
      <Dial><Sip>sip:a@h</Sip></Dial></Response>
      """)
    for number in 0..<4 as Range<UInt32> { driver.performed(number, .unavailable) }
    #expect(
      driver.lines() == [
        "caller 200", "perform 0 Say on caller", "warn no-tts", "perform 1 Play on caller",
        "warn play-failed", "perform 2 Gather on caller", "warn no-digits",
        "perform 3 Record on caller", "warn no-recorder", "perform 4 ringing on caller",
        "leg 0 initiated", "leg 0 INVITE a",
      ])
  }

  /// V-3, V-19, V-18
  @Test func pauseDoesNotAnswerAndHangupBeforeAnyDialIs480() {
    var driver = DialDriver(#"<Response><Pause length="2"/><Hangup/></Response>"#)
    #expect(driver.lines().isEmpty)
    driver.pass(1.9)
    #expect(driver.lines().isEmpty)
    driver.pass(0.2)
    #expect(driver.lines() == ["caller 480", "ended no-answer"])
  }

  /// V-17
  @Test func rejectIs603OrBusyAndAHangupOnceAnswered() {
    var rejected = DialDriver("<Response><Reject/></Response>")
    #expect(rejected.lines() == ["caller 603", "ended busy"])
    var busy = DialDriver(#"<Response><Reject reason="busy"/></Response>"#)
    #expect(busy.lines() == ["caller 486", "ended busy"])
    var answered = DialDriver("<Response><Reject/></Response>", isAnswered: true)
    #expect(answered.lines() == ["caller BYE", "ended completed"])
  }

  /// M-30, M-31: code, phrase and Reason are relayed.
  @Test func theDecidingLegsRefusalIsRelayedToAnUnansweredCaller() {
    var driver = DialDriver(one)
    driver.reject(0, 404, phrase: "Nobody Here", reasons: ["Q.850;cause=1"])
    driver.gone(0)
    #expect(
      driver.lines().suffix(3) == [
        "dial failed", "caller 404 Nobody Here (Q.850;cause=1)", "ended failed",
      ])
  }

  /// M-30: also when the action reply is an explicit Hangup.
  @Test func anActionReplyThatHangsUpStillRelaysTheCode() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.reject(0, 404)
    driver.reply(0, "<Response><Hangup/></Response>")
    #expect(driver.lines().last == "caller 404")
  }

  /// M-32
  @Test func aDocumentThatCannotBeHadEndsTheCallWith404Or500() {
    var notFound = DialDriver()
    notFound.give(.host(.run(.url("http://w/start", method: "POST"))))
    notFound.fail(0, .status(404))
    #expect(notFound.lines().suffix(2) == ["caller 404", "ended failed"])
    var broken = DialDriver()
    broken.give(.host(.run(.url("http://w/start", method: "POST"))))
    broken.fail(0, .exchange(.webTimedOut, "the web server did not answer in time"))
    #expect(
      broken.lines().suffix(2) == [
        #"caller 500 (SIP;cause=500;text="the web server did not answer in time")"#,
        "ended failed",
      ])
    var answered = DialDriver(isAnswered: true)
    answered.give(.host(.run(.url("http://w/start", method: "POST"))))
    answered.fail(0, .exchange(.webTimedOut, "the web server did not answer in time"))
    #expect(
      answered.lines().contains(
        #"caller BYE (SIP;cause=500;text="the web server did not answer in time")"#))
  }

  /// V-16, H-31
  @Test func theVerbsAfterAFailedRedirectRunInItsPlace() {
    var driver = DialDriver(
      "<Response><Redirect>http://w/next</Redirect><Reject/></Response>")
    driver.fail(0, .exchange(.webTimedOut, "the web server could not be reached"))
    #expect(
      driver.lines() == [
        "fetch 0 redirect POST http://w/next", "warn request-failed", "caller 603", "ended busy",
      ])
    var alone = DialDriver("<Response><Redirect>http://w/next</Redirect></Response>")
    alone.fail(0, .status(404))
    #expect(alone.lines().contains { $0.hasPrefix("caller 500") })
  }

  /// G-21, Q-19: the initial document counts.
  @Test func twentyOneDocumentsThatDoNothingAreTooMany() {
    let again = "<Response><Redirect>http://w/again</Redirect></Response>"
    var driver = DialDriver(again)
    for number in 0..<30 as Range<UInt32> { driver.reply(number, again) }
    let lines = driver.lines()
    #expect(lines.filter { $0.hasPrefix("fetch") }.count == 20)
    #expect(lines.contains("warn too-many-documents"))
    #expect(lines.last == "ended failed")
  }

  /// G-20: the end of the main document ends the call.
  @Test func anEmptyDocumentIs480() {
    var driver = DialDriver("<Response/>")
    #expect(driver.lines() == ["caller 480", "ended no-answer"])
  }

  /// §5.1: a party the host called.
  @Test func aCallOfTheHostRunsItsDocumentOnceThePartyAnswered() {
    var driver = DialDriver(direction: .outboundAPI)
    driver.give(.caller(.answered))
    driver.run(one)
    driver.pass(4)
    driver.callerHangsUp()
    #expect(driver.lines().contains("leg 0 INVITE a"))
    driver.gone(0)
    #expect(driver.ended?.duration == 4)
    var refused = DialDriver(direction: .outboundAPI)
    refused.give(.caller(.failed(code: 486, .refused(486, by: "x"))))
    #expect(refused.lines() == ["ended busy"])
    #expect(refused.ended?.sipCode == 486)
  }

  /// L-39: replaced documents lose their action.
  @Test func aDocumentTheHostReplacesDuringADialLosesItsAction() {
    var driver = DialDriver(
      #"<Response><Dial action="http://w/x"><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.leg(0, 180)
    _ = driver.lines()
    driver.run("<Response><Dial><Sip>sip:b@h</Sip></Dial></Response>")
    #expect(
      driver.lines() == [
        "leg 0 CANCEL", "dial canceled", "leg 1 initiated", "leg 1 INVITE b",
      ])
  }

  /// L-39
  @Test func theHostEndsTheDialAloneAndTheCallGoesOn() {
    var driver = DialDriver(
      "<Response><Dial><Sip>sip:a@h</Sip></Dial><Pause/></Response>")
    driver.answer(0)
    driver.give(.host(.endDial))
    #expect(driver.result?.status == .completed)
    #expect(driver.result?.hangupBy == .host)
    #expect(driver.ended == nil)
    #expect(driver.machine.nextDeadline?.timer == .pause)
  }

  /// L-38
  @Test func anAnswerThatIsNeverAcknowledgedEndsBothSides() {
    var driver = DialDriver(one)
    driver.answer(0)
    driver.pass(32)
    _ = driver.lines()
    driver.give(.caller(.acknowledgementMissing))
    #expect(driver.lines() == ["caller BYE", "unbridge 0", "leg 0 BYE", "dial completed"])
  }

  /// V-15: `Digits=hangup`, and the reply is ignored.
  @Test func aCallerWhoHangsUpWhileRecordedIsReportedOnce() {
    var driver = DialDriver(#"<Response><Record action="http://w/r"/></Response>"#)
    driver.callerHangsUp()
    #expect(driver.lines().suffix(1) == ["stop 0"])
    driver.performed(
      0, .recorded(Recording(url: "http://files/RE1.wav", sid: "RE1", duration: 7), key: 0))
    #expect(driver.lines() == ["fetch 0 record POST http://w/r"])
    #expect(driver.parameter("Digits", of: 0) == "hangup")
    #expect(driver.parameter("RecordingUrl", of: 0) == "http://files/RE1.wav")
    #expect(driver.parameter("RecordingDuration", of: 0) == "7")
    driver.reply(0, one)
    #expect(driver.lines() == ["ended completed"])
  }

  /// Each verb that begins is told; what does nothing, and the end of a document, is not.
  @Test func verbsThatBeginAreTold() {
    var driver = DialDriver(
      "<Response>\n<Say></Say>\n<Say>Hello</Say>\n<Pause/>\n</Response>", isAnswered: true)
    #expect(driver.verbs.map(\.verb.name) == ["Say"])
    driver.performed(0, .finished)
    #expect(driver.verbs.map(\.verb.name) == ["Say", "Pause"])
    driver.pass(2)
    #expect(driver.verbs.count == 2 && driver.verbs.allSatisfy { $0.leg == nil })
  }
}
