import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// The sequences of spec §14 as effect lists.
@Suite struct SequenceTests {
  static let two = """
    <Response><Dial action="http://w/done"><Sip statusCallback="http://w/a">sip:a@h</Sip>\
    <Sip statusCallback="http://w/b" url="http://w/screen">sip:b@h</Sip></Dial></Response>
    """

  private func screened() -> DialDriver {
    var driver = DialDriver(SequenceTests.two)
    driver.leg(0, 180)
    driver.leg(1, 180)
    driver.answer(1)
    driver.reply(
      0, #"<Response><Gather numDigits="1" action="http://w/ok"></Gather><Hangup/></Response>"#)
    return driver
  }

  /// §14.1
  @Test func theScreenedPartyPressesAKeyAndTheOtherIsToldItWasAnsweredElsewhere() {
    var driver = screened()
    #expect(
      driver.lines() == [
        "caller 180", "leg 0 initiated #0", "leg 0 INVITE a", "leg 1 initiated #0",
        "leg 1 INVITE b", "leg 0 ringing #1", "leg 1 ringing #1", "leg 1 answered #2",
        "fetch 0 screening POST http://w/screen", "perform 0 Gather on 1",
      ])
    driver.performed(0, .gathered(digits: [0x31], key: 0))
    #expect(driver.lines() == ["fetch 1 gather POST http://w/ok"])
    driver.reply(1, "<Response/>")
    #expect(driver.lines() == ["leg 0 CANCEL (elsewhere)", "caller 200 with 1", "bridge 1"])
    driver.reject(0, 487)
    driver.gone(0)
    driver.pass(7.3)
    driver.bye(1)
    #expect(
      driver.lines() == [
        "leg 0 completed canceled #2", "unbridge 1", "leg 1 completed completed #3",
        "dial completed", "fetch 2 action POST http://w/done",
      ])
    #expect(driver.parameter("DialCallStatus", of: 2) == "completed")
    #expect(driver.parameter("DialCallDuration", of: 2) == "7")
    #expect(driver.parameter("DialScreeningResult", of: 2) == "accepted")
    driver.gone(1)
    driver.reply(2, "<Response/>")
    #expect(driver.lines() == ["caller BYE", "ended completed"])
  }

  /// §14.2
  @Test func theScreenedPartyPressesNothingAndTheOtherRingsOn() {
    var driver = screened()
    _ = driver.lines()
    driver.performed(0, .gathered(digits: [], key: 0))
    driver.gone(1)
    #expect(driver.lines() == ["leg 1 BYE", "leg 1 completed completed #3"])
    driver.pass(30)
    #expect(
      driver.lines() == [
        "leg 0 CANCEL (no answer)", "dial no-answer", "fetch 1 action POST http://w/done",
      ])
    #expect(driver.parameter("DialCallStatus", of: 1) == "no-answer")
    #expect(driver.parameter("DialSipResponseCode", of: 1) == nil)
    driver.reject(0, 487)
    driver.gone(0)
    driver.fail(1)
    #expect(
      driver.lines() == [
        "leg 0 completed no-answer #2", "warn request-failed", "caller 408", "ended no-answer",
      ])
  }

  /// §14.3
  @Test func ofTwo200TheFirstWinsAndTheSecondGetsABye() {
    var driver = DialDriver(
      """
      <Response><Dial><Sip statusCallback="http://w/a">sip:a@h</Sip>\
      <Sip statusCallback="http://w/b">sip:b@h</Sip></Dial></Response>
      """)
    driver.leg(1, 180)
    _ = driver.lines()
    driver.answer(0)
    driver.answer(1)
    #expect(
      driver.lines() == [
        "leg 0 answered #1", "leg 1 CANCEL (elsewhere)", "caller 200 with 0", "bridge 0",
        "leg 1 BYE (elsewhere)",
      ])
    driver.gone(1)
    #expect(driver.lines() == ["leg 1 completed canceled #2"])
    let last = driver.callbacks.last?.callback.parameters ?? []
    #expect(last.contains(Parameter("CallDuration", "0")))
    #expect(last.contains(Parameter("SipResponseCode", "200")))
    #expect(!last.contains { $0.name == "HangupBy" })
  }

  /// §14.4
  @Test func theCallerGivesUpWhileSomebodyIsScreened() {
    var driver = screened()
    _ = driver.lines()
    driver.callerCancels()
    #expect(
      driver.lines() == [
        "leg 0 CANCEL", "stop 0", "leg 1 BYE", "dial canceled",
        "fetch 1 action POST http://w/done",
      ])
    #expect(driver.parameter("DialCallStatus", of: 1) == "canceled")
    #expect(driver.parameter("CallStatus", of: 1) == "canceled")
    driver.reply(1, "<Response><Say>late</Say></Response>")
    driver.reject(0, 487)
    driver.gone(0)
    driver.gone(1)
    #expect(
      driver.lines() == [
        "leg 0 completed canceled #2", "leg 1 completed completed #3", "ended canceled",
      ])
  }
}
