import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// D-28: the host is asked about verbs that nobody here knows.
@Suite struct VerbQuestionTests {
  private func driver(
    _ document: String, askVerbs: Bool = true, _ change: (inout Settings) -> Void = { _ in }
  ) -> DialDriver {
    var settings = Settings()
    settings.askVerbs = askVerbs
    change(&settings)
    var driver = DialDriver(settings: settings)
    driver.machine = CallMachine(
      caller: driver.machine.facts.caller, rules: CallRules(settings), wall: DialDriver.wall,
      random: RandomSource(seed: 1))
    driver.run("<Response>\(document)</Response>")
    return driver
  }

  private static let document = "<Enqueue waitUrl=\"/w\">support</Enqueue><Reject/>"

  private func decide(_ driver: inout DialDriver, _ number: UInt32, _ decision: VerbDecision) {
    driver.give(.host(.decidedVerb(VerbNumber(number), decision)))
  }

  private func text(_ text: String) -> VerbDecision {
    .document(.text(Array("<Response>\(text)</Response>".utf8), baseURL: ""))
  }

  @Test func itIsAskedWithNameAttributesAndText() {
    let driver = driver(
      "<Connect><Stream url=\"wss://a.example\"/><Parameter>x</Parameter></Connect>")
    let asked = driver.effects.compactMap { effect -> VerbQuestion? in
      if case .askVerb(let question) = effect { question } else { nil }
    }
    #expect(asked.count == 1 && asked.first?.name == "Connect" && asked.first?.leg == nil)
    #expect(
      asked.first?.attributes == [
        .init(name: "Stream.url", value: "wss://a.example"), .init(name: "Parameter", value: "x"),
      ])
    #expect(asked.first?.documentURL == "http://w/main")
  }

  @Test func withoutTheSettingItIsSkippedAtOnce() {
    var driver = driver(Self.document, askVerbs: false)
    #expect(driver.lines() == ["warn unsupported-verb", "caller 603", "ended busy"])
  }

  @Test func whatTheHostLeavesIsSkippedWithItsFinding() {
    var driver = driver(Self.document)
    #expect(driver.lines() == ["ask verb 0 Enqueue"])
    decide(&driver, 0, .skip)
    #expect(driver.lines() == ["warn unsupported-verb", "caller 603", "ended busy"])
  }

  @Test func whatTheHostHasDoneIsOver() {
    var driver = driver(Self.document)
    _ = driver.lines()
    decide(&driver, 0, .done)
    #expect(driver.lines() == ["caller 603", "ended busy"])
  }

  @Test func aDocumentRunsInItsPlaceAndThenTheNextVerb() {
    var driver = driver("<Pay/><Pause length=\"2\"/><Hangup/>")
    _ = driver.lines()
    decide(&driver, 0, text("<Pause length=\"3\"/><Fax/>"))
    #expect(driver.lines().isEmpty)
    driver.pass(3)
    #expect(driver.lines() == ["ask verb 1 Fax"])
    decide(&driver, 1, .done)
    driver.pass(1.9)
    #expect(driver.lines().isEmpty)
    driver.pass(0.1)
    #expect(driver.lines().first == "caller 480")
  }

  @Test func aDocumentByURLIsFetchedAndTheVerbBehindItStaysWhereItWas() {
    var driver = driver(Self.document)
    _ = driver.lines()
    decide(&driver, 0, .document(.url("http://w/queue", method: "GET")))
    #expect(driver.lines() == ["fetch 0 verb GET http://w/queue"])
    driver.reply(0, "<Response><Pause/></Response>")
    driver.pass(1)
    #expect(driver.lines().contains("caller 603"))
  }

  @Test func oneThatCannotBeHadOrReadIsPassedOver() {
    var one = driver(Self.document)
    _ = one.lines()
    decide(&one, 0, .document(.url("http://w/queue", method: "GET")))
    _ = one.lines()
    one.fail(0)
    #expect(one.lines() == ["warn request-failed", "caller 603", "ended busy"])
    var other = driver(Self.document)
    _ = other.lines()
    decide(&other, 0, .document(.text(Array("nonsense".utf8), baseURL: "")))
    #expect(other.lines() == ["warn document-error", "caller 603", "ended busy"])
  }

  // G-21
  @Test func aHostThatAnswersWithTheSameVerbForEverIsStopped() {
    var driver = driver("<Pay/>") { $0.maxIdleDocuments = 5 }
    for number in 0..<10 { decide(&driver, UInt32(number), text("<Pay/>")) }
    let lines = driver.lines()
    #expect(lines.count { $0.hasPrefix("ask verb") } == 5)
    #expect(
      lines.contains("warn too-many-documents") && lines.contains { $0.hasPrefix("caller 500") })
  }

  @Test func anAnswerForACallerWhoHasLeftIsTooLate() {
    var driver = driver(Self.document)
    _ = driver.lines()
    driver.callerCancels()
    _ = driver.lines()
    decide(&driver, 0, text("<Hangup/>"))
    #expect(driver.lines().isEmpty)
  }

  @Test func aScreeningAsksForItsLeg() {
    var driver = driver("<Dial><Sip url=\"http://w/s\">sip:a@h</Sip></Dial>")
    driver.answer(0)
    driver.reply(0, "<Response><Pay/></Response>")
    #expect(driver.lines().last == "ask verb 0 Pay of 0")
    decide(&driver, 0, .done)
    #expect(driver.lines().contains("bridge 0"))
  }

  // C-5
  @Test func aScreeningMayNotDialByTheHostEither() {
    var driver = driver("<Dial><Sip url=\"http://w/s\">sip:a@h</Sip></Dial>")
    driver.answer(0)
    driver.reply(0, "<Response><Pay/></Response>")
    _ = driver.lines()
    decide(&driver, 0, text("<Dial><Sip>sip:b@h</Sip></Dial>"))
    let lines = driver.lines()
    #expect(lines.contains("warn dial-not-allowed") && lines.contains("leg 0 BYE"))
  }

  /// Misspelled ones, too; nouns and what stands in a Gather are none.
  @Test func whatIsNoVerbAnywhereIsNotAsked() {
    var driver = driver("<Number>1</Number><Gather><Pay/></Gather>")
    let lines = driver.lines()
    #expect(lines.count { $0.hasPrefix("ask") } == 0)
    #expect(lines.count { $0.hasPrefix("warn un") } == 2)
  }
}
