import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// H-34: a document that could not be had or read is told, with all that helps.
@Suite struct FailureTests {
  private func driver(_ document: String?, fallback: Bool = false) -> DialDriver {
    var settings = Settings()
    if fallback { settings.fallbackURL = "http://spare/voice" }
    var driver = DialDriver(settings: settings)
    driver.machine = CallMachine(
      caller: driver.machine.facts.caller, rules: CallRules(settings), wall: DialDriver.wall,
      random: RandomSource(seed: 1))
    if let document { driver.run(document) }
    return driver
  }

  private func findings(_ driver: DialDriver) -> [Finding] {
    driver.effects.compactMap {
      guard case .tell(.finding(let finding)) = $0 else { return nil }
      return finding
    }
  }

  private static let page = "<html><body>Oops \u{1}password=x</body></html>"

  @Test func aReplyThatIsNoDocumentIsToldWithItsPlace() {
    var driver = driver("<Response><Redirect>http://u:p@w/n</Redirect></Response>")
    driver.reply(0, Self.page, type: "text/html")
    let told = findings(driver)
    #expect(told.map(\.code) == [.documentError] && told.first?.severity == .error)
    let text = told.first?.text ?? ""
    for word in [
      "web page", "http://w/reply0", "text/html", "\"<html><body>Oops \"", "The caller gets 500.",
    ] { #expect(text.contains(word), "\(text)") }
    #expect(!text.contains("password"), "A-8")
  }

  // H-34: also of what the host gave, and with the status.
  @Test func theBeginningAndTheStatusAreTold() {
    let given = findings(driver("<Response>\n <Say>x</Response>")).first?.text ?? ""
    #expect(given.contains(" It begins \"<Response> <Say>x</Response>\". The host gave it."))
    var web = driver("<Response><Redirect>http://w/n</Redirect></Response>")
    web.reply(0, Self.page, type: "text/html")
    let told = findings(web).first?.text ?? ""
    #expect(told.contains("It came from http://w/reply0 with 200 as text/html and begins"))
  }

  // H-34, L-47: nobody waits for it, and it was lost all the same.
  @Test func anActionOfACallerWhoHasLeftIsToldWhenItFails() {
    var driver = driver(
      "<Response><Dial action=\"http://u:p@w/a\"><Sip>sip:a@h</Sip></Dial></Response>")
    driver.answer(0)
    driver.callerHangsUp()
    driver.fail(0, .status(503))
    let told = findings(driver)
    #expect(told.map(\.code) == [.requestFailed] && told.first?.reason == .webServerError)
    #expect(
      told.first?.text
        == "A request of a party that has left failed: the web server answered 503 (http://w/a). "
        + "Nothing else changes.")
  }

  // E-9
  @Test func whatComesOfADocumentIsTheReasonOfTheEnd() {
    var unreadable = driver(nil)
    unreadable.give(.host(.run(.url("http://u:p@w/main", method: "POST"))))
    unreadable.reply(0, Self.page, type: "text/html")
    unreadable.gone(0)
    let end = unreadable.effects.compactMap { effect -> CallEnd? in
      if case .ended(let end) = effect { end } else { nil }
    }.first
    #expect(end?.reason.word == .noDocument && end?.reason.code == .documentIsWebPage)
    #expect(end?.reason.sentence.hasSuffix("It came from http://w/reply0.") == true)
  }

  @Test func whatTheHostGaveIsToldTheSame() {
    let driver = driver("<Response>\n <Say>x</Response>")
    let told = findings(driver)
    #expect(told.map(\.code) == [.documentError] && told.first?.line == 2)
    #expect(told.first?.text.hasSuffix("The host gave it. The caller gets 500.") == true)
  }

  @Test(arguments: [("", "The caller gets 500."), ("<Pause/>", "The next verb runs.")])
  func whatComesNextIsSaid(rest: String, next: String) {
    var driver = driver("<Response><Redirect>http://u:p@w/n</Redirect>\(rest)</Response>")
    driver.fail(0)
    let text = findings(driver).first?.text ?? ""
    #expect(text.hasSuffix("the web server answered 500 (http://w/n). " + next), "\(text)")
  }

  @Test func aScreeningThatCannotBeReadIsToldForItsLeg() {
    var driver = driver(
      "<Response><Dial><Sip url=\"http://w/s\">sip:a@h</Sip></Dial></Response>")
    driver.answer(0)
    driver.reply(0, "{\"a\":1}", type: "text/xml")
    let told = findings(driver)
    #expect(told.map(\.code) == [.documentError])
    #expect(told.first?.text.contains("JSON") == true)
    #expect(told.first?.text.hasSuffix("The leg is given up.") == true)
  }

  @Test func anActionThatCannotBeReadIsTold() {
    var driver = driver(
      "<Response><Dial action=\"http://w/a\"><Sip>sip:a@h</Sip></Dial></Response>")
    driver.reject(0, 486)
    driver.reply(0, Self.page)
    #expect(findings(driver).map(\.code) == [.documentError])
  }

  @Test func withAFallbackItIsSaidThatItIsAsked() {
    var driver = driver(nil, fallback: true)
    driver.give(.host(.run(.url("http://w/main", method: "POST"))))
    driver.reply(0, Self.page)
    #expect(findings(driver).first?.text.hasSuffix("The fallback is asked.") == true)
  }

  // E-9, L-11: what nobody can dial is shown as it is written.
  @Test(arguments: [
    ("\"Al\" <sip:a@h.example>", "\"Al\" <sip:a@h.example>"),
    ("sip:a@h.example,\n  sip:b@h.example", "sip:a@h.example,   sip:b@h.example"),
    ("sip:bob:secret@h h", "sip:bob@h h"), ("bob:secret@h h", "bob@h h"), ("17", "17"),
  ])
  func whatNobodyCanDialIsShownAsItIsWritten(text: String, shown: String) {
    #expect(SipAddressParts.shownAsWritten(text) == shown)
  }
}
