import RCMLBasics
import Testing

@testable import RCMLDial

/// What a called party says when it hangs up reaches the caller, where the caller's end follows from it. // U-63
@Suite struct CalleeReasonTests {
  private static let reason = "Q.850;cause=31"

  /// A Dial that a callee has ended with a reason.
  private func ended(
    _ rest: String = "", attributes: String = "", settings: Settings = Settings()
  ) -> DialDriver {
    var driver = DialDriver(
      "<Response><Dial\(attributes)><Sip>sip:a@h</Sip></Dial>\(rest)</Response>",
      settings: settings)
    driver.answer(0)
    _ = driver.lines()
    driver.bye(0, reason: Self.reason)
    return driver
  }

  private func bye(_ driver: DialDriver) -> String? {
    driver.all.last { $0.hasPrefix("caller BYE") }
  }

  @Test func aDocumentThatEndsWithItsDialHandsTheReasonOn() {
    #expect(bye(ended()) == "caller BYE (\(Self.reason))")
    #expect(bye(ended("<Hangup/>")) == "caller BYE (\(Self.reason))")
  }

  @Test func aCallThatEndsWithItsBridgeHandsTheReasonOn() {
    var settings = Settings()
    settings.afterBridge = .hangUp
    #expect(bye(ended("<Say>never</Say>", settings: settings)) == "caller BYE (\(Self.reason))")
  }

  @Test(arguments: ["<Response/>", "<Response><Hangup/></Response>"])
  func anActionThatOnlyEndsTheCallHandsTheReasonOn(reply: String) {
    var driver = ended(attributes: #" action="http://w/x""#)
    #expect(bye(driver) == nil)
    driver.reply(0, reply)
    #expect(bye(driver) == "caller BYE (\(Self.reason))")
  }

  @Test func whatWasDoneSinceIsWhatTheEndFollowsFrom() {
    var said = ended("<Say>bye</Say>")
    #expect(bye(said) == nil)
    said.performed(0, .finished)
    #expect(bye(said) == "caller BYE")
    var paused = ended(#"<Pause length="1"/>"#)
    paused.pass(2)
    #expect(bye(paused) == "caller BYE")
    var dialled = ended("<Dial><Sip>sip:b@h</Sip></Dial>")
    dialled.reject(1, 486)
    #expect(bye(dialled) == "caller BYE")
  }

  @Test func aDocumentOfTheHostsEndsTheCallOnItsOwnAccount() {
    var driver = ended(attributes: #" action="http://w/x""#)
    driver.run("<Response/>")
    #expect(bye(driver) == "caller BYE")
    var hungUp = ended(attributes: #" action="http://w/x""#)
    hungUp.give(.host(.hangUp(Reason(.stoppedByHost))))
    #expect(bye(hungUp) == "caller BYE")
  }

  @Test func whoHangsUpDuringItsScreeningIsHeardToo() {
    var settings = Settings()
    settings.answerMode = .immediate
    var driver = DialDriver(
      #"<Response><Dial><Sip url="http://w/s">sip:a@h</Sip></Dial></Response>"#, settings: settings)
    driver.answer(0)
    driver.bye(0, reason: Self.reason)
    #expect(bye(driver) == "caller BYE (\(Self.reason))")
  }

  /// L-27: nobody hung up but us.
  @Test func aLegThatWeHungUpHasNoReasonToSay() {
    var driver = DialDriver(
      #"<Response><Dial timeLimit="5"><Sip>sip:a@h</Sip></Dial></Response>"#)
    driver.answer(0)
    driver.pass(6)
    driver.bye(0, reason: Self.reason)
    #expect(bye(driver) == "caller BYE")
  }
}
