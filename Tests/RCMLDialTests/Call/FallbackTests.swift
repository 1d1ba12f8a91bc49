import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

// H-21
@Suite struct FallbackTests {
  private func driver(method: Settings.FallbackMethod = .post) -> DialDriver {
    var settings = Settings()
    settings.fallbackURL = "http://spare/voice"
    settings.fallbackMethod = method
    var driver = DialDriver(settings: settings)
    driver.give(.host(.run(.url("http://u:secret@w/start", method: "POST"))))
    _ = driver.lines()
    return driver
  }

  @Test func aVoiceRequestThatFailsIsFollowedByTheFallback() {
    var driver = driver(method: .get)
    driver.fail(0, .status(503))
    #expect(driver.lines() == ["warn request-failed", "fetch 1 voice GET http://spare/voice"])
    #expect(driver.parameter("ErrorCode", of: 1) == "11200")
    #expect(driver.parameter("ErrorUrl", of: 1) == "http://w/start")
    driver.reply(1, #"<Response><Reject reason="busy"/></Response>"#)
    #expect(driver.lines().contains("caller 486"))
  }

  @Test func aDocumentThatCannotBeReadIsFollowedByTheFallback() {
    var driver = driver()
    driver.reply(0, "<Other/>")
    #expect(driver.lines() == ["fetch 1 voice POST http://spare/voice", "warn document-error"])
    #expect(driver.parameter("ErrorCode", of: 1) == "12100")
  }

  @Test func theFallbackIsUsedOnce() {
    var driver = driver()
    driver.fail(0)
    driver.fail(1)
    let lines = driver.lines()
    #expect(lines.filter { $0.hasPrefix("fetch") }.count == 1)
    #expect(lines.contains { $0.hasPrefix("caller 500") })
  }

  @Test func onlyTheVoiceRequestHasAFallback() {
    var driver = driver()
    driver.reply(0, #"<Response><Redirect>http://w/next</Redirect></Response>"#)
    driver.fail(1)
    #expect(!driver.lines().contains { $0.contains("spare") })
  }

  @Test func withoutASettingNothingElseIsAsked() {
    var driver = DialDriver()
    driver.give(.host(.run(.url("http://w/start", method: "POST"))))
    driver.fail(0)
    #expect(!driver.lines().contains { $0.hasPrefix("fetch 1") })
  }
}
