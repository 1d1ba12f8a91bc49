import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// Y-1, D-22, S-1: the host is asked before anybody is dialled.
@Suite struct TargetQuestionTests {
  private func driver(
    _ dial: String, ask: Settings.AskTargets = .all, isAnswered: Bool = false
  ) -> DialDriver {
    var settings = Settings()
    settings.askTargets = ask
    var driver = DialDriver(isAnswered: isAnswered, settings: settings)
    // The real reader: nouns, attributes and URIs by the rules of documents.
    driver.machine = CallMachine(
      caller: driver.machine.facts.caller, rules: CallRules(settings), wall: DialDriver.wall,
      random: RandomSource(seed: 1))
    driver.run("<Response>\(dial)</Response>")
    return driver
  }

  private let two = "<Dial timeout=\"20\"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial>"

  private func invited(_ driver: DialDriver) -> [LegRequest] {
    driver.effects.compactMap {
      guard case .leg(_, .start(let request)) = $0 else { return nil }
      return request
    }
  }

  @Test func nobodyIsDialledBeforeTheHostHasSpoken() {
    var driver = driver(two)
    #expect(driver.lines() == ["caller 180", "ask 0 Sip sip:a@h", "ask 1 Sip sip:b@h"])
    driver.give(.host(.decided(dial: 1, target: 1, .asItIs)))
    #expect(driver.lines() == ["leg 0 initiated", "leg 0 INVITE b"])
    driver.give(.host(.decided(dial: 1, target: 1, .asItIs)))
    #expect(driver.lines() == [])
  }

  @Test func aDeniedTargetIsALegThatFailsAndTheOthersGoOn() {
    var driver = driver(two)
    _ = driver.lines()
    driver.give(.host(.decided(dial: 1, target: 0, .denied)))
    #expect(
      driver.lines() == ["warn target-denied", "leg 0 initiated", "leg 0 completed failed"])
    driver.give(.host(.decided(dial: 1, target: 1, .asItIs)))
    driver.answer(1)
    #expect(driver.lines().contains("bridge 1"))
  }

  @Test func whenAllAreDeniedTheCallerHearsThatNobodyCanBeHad() {
    var driver = driver("<Dial><Sip>sip:a@h</Sip></Dial>")
    driver.give(.host(.decided(dial: 1, target: 0, .denied)))
    #expect(driver.lines().contains { $0.hasPrefix("caller 503") })
  }

  //
  @Test(arguments: [
    ("sip:x@h", true), ("sip:x@other", false), ("sip:x@h:5062", false),
    ("sip:x@h;maddr=10.0.0.66", false), ("sip:x@h;MADDR=e", false),
  ])
  func theDocumentsCredentialsStayWithTheirHostAndPort(uri: String, areKept: Bool) {
    var driver = driver(
      "<Dial><Sip username=\"u\" password=\"p\" url=\"http://w/s\">sip:a@h?X-A=1</Sip></Dial>")
    driver.give(
      .host(.decided(dial: 1, target: 0, .instead(uri: uri, username: nil, password: nil))))
    let request = invited(driver).first
    #expect(request?.target.requestURI == uri)
    #expect((request?.target.username != nil) == areKept)
    #expect(request?.target.url == "http://w/s")
    #expect(request?.headers.contains { $0.name == Array("X-A".utf8) } == true)
  }

  @Test func aRewrittenTargetMayBringCredentialsOfItsOwn() {
    var driver = driver("<Dial><Sip>sip:a@h</Sip></Dial>")
    driver.give(
      .host(
        .decided(
          dial: 1, target: 0,
          .instead(uri: "sip:a@trunk", username: Private("me"), password: Private("pw")))))
    #expect(invited(driver).first?.target.username?.exposed == "me")
  }

  //
  @Test(arguments: [
    ("sip:a:secret@h;x=1", "sip:a@h;x=1"), ("sips:a@h:5061", "sips:a@h:5061"),
    ("a:secret@h", "a@h"), ("sip:h:5060", "sip:h:5060"),
  ])
  func aPasswordInAUriIsTakenOut(uri: String, shown: String) {
    #expect(SipAddressParts.withoutPassword(uri) == shown)
  }

  @Test func theQuestionShowsNoPassword() {
    let driver = driver("<Dial><Sip>sip:a:secret@h</Sip></Dial>")
    let texts = driver.effects.compactMap { effect -> String? in
      if case .ask(let question) = effect { question.text } else { nil }
    }
    #expect(texts == ["sip:a@h"])
  }

  // D-22
  @Test func aStrangeNounIsResolvedWithItsAttributes() {
    var driver = driver(
      "<Dial><Number statusCallback=\"http://w/n\" password=\"s\">+4930123</Number></Dial>",
      ask: .nouns)
    #expect(driver.lines() == ["caller 180", "ask 0 Number +4930123"])
    for effect in driver.effects {
      if case .ask(let question) = effect {
        #expect(question.attributes.map(\.name) == ["statusCallback"])
        #expect(question.documentURL == "http://w/main")
      }
    }
    driver.give(
      .host(
        .decided(
          dial: 1, target: 0,
          .instead(uri: "sip:4930123@gw;transport=tcp", username: nil, password: nil))))
    #expect(driver.lines() == ["leg 0 initiated #0", "leg 0 INVITE 4930123"])
    #expect(invited(driver).first?.target.transport == .tcp)
  }

  @Test func aNounTheHostDoesNotKnowIsALegThatFails() {
    var driver = driver(
      "<Dial><Number>1</Number><Sip>sip:b@h</Sip></Dial>", ask: .nouns)
    _ = driver.lines()
    driver.give(.host(.decided(dial: 1, target: 0, .asItIs)))
    #expect(
      driver.lines() == ["warn unsupported-noun", "leg 1 initiated", "leg 1 completed failed"])
  }

  // S-1
  @Test func aTelUriGoesToTheHost() {
    var driver = driver("<Dial><Sip>tel:+49301</Sip></Dial>", ask: .nouns)
    #expect(driver.lines().contains("ask 0 Sip tel:+49301"))
  }

  @Test func withoutTheSettingNobodyIsAsked() {
    var driver = driver("<Dial><Number>1</Number><Sip>sip:b@h</Sip></Dial>", ask: .none)
    #expect(driver.lines().contains("warn unsupported-noun"))
    #expect(driver.all.contains("leg 0 INVITE b"))
    #expect(!driver.all.contains { $0.hasPrefix("ask") })
  }

  // L-31: no new INVITE after the Dial timer.
  @Test func whoIsStillAskedAboutWhenRingingEndsIsNotDialled() {
    var driver = driver(two)
    driver.give(.host(.decided(dial: 1, target: 0, .asItIs)))
    driver.leg(0, 180)
    driver.pass(21)
    _ = driver.lines()
    driver.give(.host(.decided(dial: 1, target: 1, .asItIs)))
    #expect(driver.lines() == [])
    driver.reject(0, 487)
    #expect(driver.all.contains("dial no-answer"))
  }

  @Test func aDialWhoseOnlyTargetIsStillAskedAboutEndsWithItsTimer() {
    var driver = driver("<Dial timeout=\"5\"><Sip>sip:a@h</Sip></Dial>")
    driver.pass(6)
    #expect(driver.lines().contains { $0.hasPrefix("ended") })
  }

  // F-5
  @Test func theWinnerEndsTheQuestions() {
    var driver = driver(two)
    driver.give(.host(.decided(dial: 1, target: 1, .asItIs)))
    driver.answer(0)
    _ = driver.lines()
    driver.give(.host(.decided(dial: 1, target: 0, .asItIs)))
    #expect(driver.lines() == [])
  }

  // L-5, L-32
  @Test func aCallerWhoLeavesIsNotFollowedByAnInvite() {
    var driver = driver(two)
    driver.callerCancels()
    driver.give(.host(.decided(dial: 1, target: 0, .asItIs)))
    #expect(invited(driver).isEmpty)
    #expect(driver.all.contains { $0.hasPrefix("ended") })
  }

  // F-10
  @Test func inASequenceEachIsAskedAboutWhenItsTurnComes() {
    var driver = driver(
      "<Dial sequential=\"true\"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial>")
    #expect(driver.lines() == ["caller 180", "ask 0 Sip sip:a@h"])
    driver.give(.host(.decided(dial: 1, target: 0, .denied)))
    #expect(driver.lines().last == "ask 1 Sip sip:b@h")
  }

  // MARK: - D-30

  private func numbers(_ dial: String, ask: Settings.AskTargets) -> DialDriver {
    var settings = Settings()
    settings.askTargets = ask
    settings.numberURI = "sip:{number}@gw.example;user=phone"
    settings.numberUsername = Private("trunk")
    var driver = DialDriver(settings: settings)
    driver.machine = CallMachine(
      caller: driver.machine.facts.caller, rules: CallRules(settings), wall: DialDriver.wall,
      random: RandomSource(seed: 1))
    driver.run("<Response>\(dial)</Response>")
    return driver
  }

  @Test func aNumberIsDialledByTheSettingWhereNobodyIsAsked() {
    let driver = numbers("<Dial>+1 500-555</Dial>", ask: .none)
    let request = invited(driver).first
    #expect(request?.target.requestURI == "sip:+1500555@gw.example;user=phone")
    #expect(request?.target.username?.exposed == "trunk")
    #expect(!driver.effects.contains { if case .ask = $0 { true } else { false } })
  }

  @Test func theHostsAnswerGoesBeforeTheSetting() {
    var driver = numbers("<Dial><Number>+1500</Number></Dial>", ask: .nouns)
    #expect(driver.lines() == ["caller 180", "ask 0 Number +1500"])
    driver.give(
      .host(.decided(dial: 1, target: 0, .instead(uri: "sip:x@h", username: nil, password: nil))))
    #expect(invited(driver).map(\.target.requestURI) == ["sip:x@h"])
    #expect(invited(driver).first?.target.username == nil)
  }

  @Test func whatTheHostDoesNotKnowIsDialledByTheSetting() {
    var driver = numbers("<Dial><Number>+1500</Number></Dial>", ask: .nouns)
    driver.give(.host(.decided(dial: 1, target: 0, .asItIs)))
    #expect(invited(driver).map(\.target.requestURI) == ["sip:+1500@gw.example;user=phone"])
  }

  @Test func whatTheHostForbidsIsNot() {
    var driver = numbers("<Dial><Number>+1500</Number></Dial>", ask: .nouns)
    _ = driver.lines()
    driver.give(.host(.decided(dial: 1, target: 0, .denied)))
    #expect(invited(driver).isEmpty && driver.lines().contains("warn target-denied"))
  }

  @Test func theHostMayAnswerWithANumber() {
    var driver = numbers("<Dial><Queue>support</Queue></Dial>", ask: .nouns)
    driver.give(
      .host(.decided(dial: 1, target: 0, .instead(uri: "tel:+1500", username: nil, password: nil))))
    #expect(invited(driver).map(\.target.requestURI) == ["sip:+1500@gw.example;user=phone"])
    #expect(invited(driver).first?.target.username?.exposed == "trunk")
  }
}
