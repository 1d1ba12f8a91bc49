import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// D-27: what `sendDigits` asks for is sent after the answer and before the bridge.
@Suite struct DigitsTests {
  private static let one = "<Dial><Sip x-digits=\"w12\">sip:a@h</Sip></Dial>"
  private static let two =
    "<Dial><Sip x-digits=\"12\">sip:a@h</Sip><Sip>sip:b@h</Sip></Dial>"

  private func driver(_ dial: String, _ settings: Settings = Settings()) -> DialDriver {
    var driver = DialDriver("<Response>\(dial)</Response>", settings: settings)
    _ = driver.lines()
    return driver
  }

  @Test func theCallerHearsRingingUntilTheLastDigitIsOut() {
    var driver = driver(Self.one)
    driver.leg(0, 180)
    _ = driver.lines()
    driver.answer(0)
    #expect(driver.lines() == ["leg 0 answered", "perform 0 Play on 0"])
    driver.pass(20)
    #expect(driver.lines().isEmpty, "no limit but its own length")
    driver.performed(0, .finished)
    #expect(driver.lines() == ["caller 200 with 0", "bridge 0"])
  }

  @Test func whatIsSentAreItsDigits() {
    var driver = driver(Self.one)
    driver.answer(0)
    let played = driver.effects.compactMap { effect -> String? in
      guard case .media(.perform(_, on: .leg, .play(let play), _)) = effect else { return nil }
      return play.url == nil ? play.digits : nil
    }
    #expect(played == ["w12"])
  }

  /// It comes by here and speaks what we speak.
  @Test func itsMediaComesByHere() {
    let driver = driver(Self.one)
    let media = driver.effects.compactMap { effect -> LegMedia? in
      guard case .leg(_, .start(let request)) = effect else { return nil }
      return request.media
    }
    #expect(media == [.spoken])
  }

  @Test func screeningComesAfterThem() {
    var driver = driver("<Dial><Sip x-digits=\"1\" url=\"http://w/s\">sip:a@h</Sip></Dial>")
    driver.answer(0)
    #expect(driver.lines() == ["leg 0 answered", "perform 0 Play on 0"])
    driver.performed(0, .finished)
    #expect(driver.lines() == ["fetch 0 screening POST http://w/s"])
    driver.reply(0, "<Response/>")
    #expect(driver.lines().contains("bridge 0"))
  }

  /// C-14: from the 2xx.
  @Test func theScreeningLimitHoldsForBoth() {
    var driver = driver(
      "<Dial><Sip x-digits=\"1\" url=\"http://w/s\" timeout=\"5\">sip:a@h</Sip></Dial>")
    driver.answer(0)
    _ = driver.lines()
    driver.pass(5)
    let lines = driver.lines()
    #expect(lines.contains("stop 0") && lines.contains("leg 0 BYE"))
    #expect(lines.contains("dial no-answer"))
  }

  @Test func aPartyThatHangsUpMeanwhileWasNotReached() {
    var driver = driver(Self.one)
    driver.answer(0)
    _ = driver.lines()
    driver.bye(0)
    #expect(
      driver.lines() == [
        "stop 0", "leg 0 completed completed", "dial no-answer", "caller 480",
      ])
  }

  @Test func theOthersRingOnAndMayWin() {
    var driver = driver(Self.two)
    driver.answer(0)
    _ = driver.lines()
    driver.answer(1)
    let lines = driver.lines()
    #expect(lines.contains("stop 0") && lines.contains { $0.hasPrefix("leg 0 BYE") })
    #expect(lines.contains("caller 200 with 1") && lines.contains("bridge 1"))
    driver.performed(0, .finished)
    #expect(driver.lines().isEmpty)
  }

  // F-4
  @Test func whereTheFirstAnswerWinsTheOthersAreCancelledAtOnce() {
    var settings = Settings()
    settings.screeningWinner = .firstAnswer
    var driver = driver(Self.two, settings)
    driver.leg(1, 180)
    _ = driver.lines()
    driver.answer(0)
    #expect(driver.lines().contains { $0.hasPrefix("leg 1 CANCEL") })
    driver.performed(0, .finished)
    #expect(driver.lines().contains("bridge 0"))
  }

  @Test func aCallerWhoLeavesStopsThem() {
    var driver = driver(Self.one)
    driver.answer(0)
    _ = driver.lines()
    driver.callerCancels()
    let lines = driver.lines()
    #expect(lines.contains("stop 0") && lines.contains("leg 0 BYE"))
    #expect(lines.contains("dial canceled"))
  }

  /// L-31: the Dial timer does not touch who has answered.
  @Test func theDialTimerDoesNotTouchThem() {
    var driver = driver("<Dial timeout=\"3\"><Sip x-digits=\"12\">sip:a@h</Sip></Dial>")
    driver.answer(0)
    driver.pass(10)
    _ = driver.lines()
    driver.performed(0, .finished)
    #expect(driver.lines().contains("bridge 0"))
  }

  @Test(arguments: [Performed.unavailable, .failed("no reason")])
  func whereNobodyCanPressKeysTheCallGoesOnWithAWord(outcome: Performed) {
    var driver = driver(Self.one)
    driver.answer(0)
    _ = driver.lines()
    driver.performed(0, outcome)
    #expect(driver.lines() == ["warn no-digits", "caller 200 with 0", "bridge 0"])
  }

  /// U-20: it is not connected yet.
  @Test func earlyMediaOfSuchAPartyIsNotHeard() {
    var driver = driver(Self.one)
    driver.leg(0, 183, media: true)
    #expect(!driver.lines().contains { $0.contains("media of") })
  }

  @Test func aNounThatTheHostResolvesHasThemToo() {
    var settings = Settings()
    settings.askTargets = .nouns
    var driver = DialDriver(settings: settings)
    driver.machine = CallMachine(
      caller: driver.machine.facts.caller, rules: CallRules(settings), wall: DialDriver.wall,
      random: RandomSource(seed: 1))
    driver.run("<Response><Dial><Number sendDigits=\"77\">1</Number></Dial></Response>")
    driver.give(
      .host(.decided(dial: 1, target: 0, .instead(uri: "sip:x@h", username: nil, password: nil))))
    driver.answer(0)
    #expect(driver.lines().contains("perform 0 Play on 0"))
  }
}
