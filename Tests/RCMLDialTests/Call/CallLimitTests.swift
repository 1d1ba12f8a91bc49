import RCMLBasics
import Testing

@testable import RCMLDial

/// No call lasts for ever, and no document asks for others without bound (spec G-21, Y-11).
@Suite struct CallLimitTests {
  private static let broken =
    "<Response><Play>http://w/none.wav</Play><Redirect>http://w/again</Redirect></Response>"

  /// It comes back after so many seconds, for ever.
  private static func pausing(_ seconds: Int) -> String {
    "<Response><Pause length=\"\(seconds)\"/><Redirect>http://w/again</Redirect></Response>"
  }

  /// It is answered so often, each time after so many seconds.
  private func goOn(_ driver: inout DialDriver, _ document: String, times: UInt32, after: Double) {
    for number in 0..<times {
      driver.pass(after)
      driver.reply(number, document)
    }
  }

  private func fetches(_ driver: DialDriver) -> Int {
    driver.all.filter { $0.hasPrefix("fetch") }.count
  }

  // Y-11: 9,861 requests in six seconds were one call's.
  @Test(arguments: [Performed.failed("the server answered 404"), .unavailable])
  func whatFailsAtOnceIsNoWork(_ outcome: Performed) {
    var driver = DialDriver(Self.broken)
    for number in 0..<40 as Range<UInt32> {
      driver.performed(number, outcome)
      driver.reply(number, Self.broken)
    }
    #expect(fetches(driver) == 20)
    #expect(driver.all.contains("warn too-many-documents"))
    #expect(driver.ended?.status == .completed)
  }

  /// What takes its time bounds itself; what succeeds is what the document wants.
  @Test(arguments: [(Performed.failed("no answer in time"), 2.0), (.finished, 0.0)])
  func whatTakesTimeOrSucceedsIsWork(_ outcome: Performed, seconds: Double) {
    var driver = DialDriver(Self.broken)
    for number in 0..<40 as Range<UInt32> {
      driver.pass(seconds)
      driver.performed(number, outcome)
      driver.reply(number, Self.broken)
    }
    #expect(fetches(driver) == 40)
    #expect(driver.ended == nil)
  }

  // Y-11
  @Test func whatFailsAtOnceWhileALegIsScreenedIsNoWork() {
    var driver = DialDriver(
      #"<Response><Dial><Sip url="http://w/screen">sip:a@h</Sip></Dial></Response>"#)
    driver.answer(0)
    for number in 0..<40 as Range<UInt32> {
      driver.reply(number, Self.broken)
      driver.performed(number, .unavailable)
    }
    #expect(fetches(driver) == 21)
    #expect(driver.all.contains("warn too-many-documents"))
    #expect(driver.all.contains("leg 0 BYE"))
  }

  // Y-11
  @Test func aCallRunsSoManyDocumentsAndNoMore() {
    var settings = Settings()
    settings.maxDocumentsPerCall = 7
    var driver = DialDriver(Self.pausing(1), settings: settings)
    goOn(&driver, Self.pausing(1), times: 30, after: 1)
    #expect(fetches(driver) == 7)
    #expect(driver.all.contains("warn too-many-documents"))
    #expect(driver.all.contains("limit max_documents_per_call"))
    #expect(driver.all.contains { $0.hasPrefix("caller 500") })
  }

  // Y-11
  @Test func screeningsAreDocumentsOfTheCall() {
    var settings = Settings()
    settings.maxDocumentsPerCall = 1
    var driver = DialDriver(
      #"<Response><Dial><Sip url="http://w/screen">sip:a@h</Sip></Dial></Response>"#,
      settings: settings)
    driver.answer(0)
    driver.reply(0, "<Response/>")
    #expect(driver.result?.screening == .failed)
  }

  // Y-11
  @Test(arguments: [
    #"<Response><Pause length="9"/><Redirect>http://w/again</Redirect></Response>"#,
    #"<Response><Dial timeout="600"><Sip>sip:a@h</Sip></Dial></Response>"#,
  ])
  func aCallThatNobodyEndsIsEndedInTime(_ document: String) {
    var settings = Settings()
    settings.maxCallDuration = .seconds(100)
    var driver = DialDriver(document, settings: settings)
    for number in 0..<20 as Range<UInt32> {
      driver.pass(9)
      driver.reply(number, document)
      if driver.now.nanoseconds >= 100_000_000_000 { break }
    }
    #expect(!driver.all.contains("warn call-too-long"))
    driver.pass(2)
    #expect(driver.all.contains("warn call-too-long"))
    #expect(driver.all.contains("limit max_call_duration"))
    driver.gone(0)
    #expect(driver.ended?.hangupBy == .engine)
    #expect(driver.machine.nextDeadline == nil)
  }

  // Y-11
  @Test func aBridgeIsEndedWithItsCall() {
    var settings = Settings()
    settings.maxCallDuration = .seconds(100)
    var driver = DialDriver(
      "<Response><Dial><Sip>sip:a@h</Sip></Dial></Response>", settings: settings)
    driver.answer(0)
    driver.pass(99)
    #expect(!driver.all.contains("leg 0 BYE"))
    driver.pass(1)
    #expect(driver.all.suffix(3).contains("leg 0 BYE"))
    driver.pass(40)
    driver.gone(0)
    #expect(driver.ended?.status == .completed)
    #expect(driver.ended?.hangupBy == .engine)
  }

  // Y-11, V-15: a message is not lost with the call that it was left in.
  @Test func whatWasRecordedUntilThenIsAskedFor() {
    var settings = Settings()
    settings.maxCallDuration = .seconds(100)
    var driver = DialDriver(
      #"<Response><Record action="http://w/message"></Record></Response>"#, settings: settings)
    driver.pass(100)
    #expect(driver.all.contains("warn call-too-long"))
    driver.performed(0, .recorded(Recording(url: "http://f/RE1", sid: "RE1", duration: 99), key: 0))
    #expect(driver.all.last?.hasPrefix("fetch 0 record POST http://w/message") == true)
    #expect(driver.parameter("Digits", of: 0) == "hangup")
  }

  /// 0 = no end.
  @Test func bothLimitsMayBeNone() {
    var settings = Settings()
    settings.maxCallDuration = .zero
    settings.maxDocumentsPerCall = 0
    var driver = DialDriver(Self.pausing(9), settings: settings)
    goOn(&driver, Self.pausing(9), times: 3_000, after: 40)
    #expect(driver.ended == nil)
  }
}
