import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// How a caller's Max-Breadth is divided among the legs (spec Y-6, RFC 5393 §5.3).
@Suite struct BreadthTests {
  func dial(_ targets: Int, attributes: String = "", each: String = "") -> String {
    let nouns = (0..<targets).map { "<Sip \(each)>sip:u\($0)@h</Sip>" }.joined()
    return "<Response><Dial \(attributes)>\(nouns)</Dial></Response>"
  }

  func shares(_ driver: DialDriver) -> [UInt8] {
    driver.effects.compactMap { effect in
      if case .leg(_, .start(let request)) = effect { request.maxBreadth } else { nil }
    }
  }

  @Test func theLegsOfADialShareWhatTheCallerHas() {
    // [Y-6]
    #expect(shares(DialDriver(dial(1))) == [60])
    #expect(shares(DialDriver(dial(2))) == [30, 30])
    #expect(shares(DialDriver(dial(7))) == [8, 8, 8, 9, 9, 9, 9])
    #expect(shares(DialDriver(dial(3), maxBreadth: 10)) == [3, 3, 4])
    // More than 60 is 60.
    #expect(shares(DialDriver(dial(2), maxBreadth: 255)) == [30, 30])
  }

  @Test func aLegThatWouldGetNothingIsNotSentAndEndsWith440() {
    let driver = DialDriver(dial(4), maxBreadth: 2)
    #expect(shares(driver) == [1, 1])
    #expect(
      driver.all.filter { $0.contains("completed") } == [
        "leg 2 completed failed", "leg 3 completed failed",
      ])
    #expect(driver.all.filter { $0 == "warn breadth-limit" }.count == 2)
    #expect(driver.all.filter { $0 == "limit max_breadth" }.count == 2)
    var alone = DialDriver(dial(1), maxBreadth: 0)
    #expect(shares(alone).isEmpty)
    #expect(alone.result?.sipCode == 440)
    #expect(alone.lines().contains("caller 440"))
  }

  @Test func oneAfterTheOtherEachHasAll() {
    var driver = DialDriver(dial(3, attributes: #"sequential="true""#), maxBreadth: 5)
    driver.reject(0, 486)
    driver.gone(0)
    driver.reject(1, 486)
    #expect(shares(driver) == [5, 5, 5])
  }

  @Test func whatIsDialledLaterHasWhatEarlierLegsLeave() {
    // E-1: the second one's share is kept for it.
    var driver = DialDriver(
      #"<Response><Dial><Sip>sip:a@h</Sip><Sip x-delay="5">sip:b@h</Sip></Dial></Response>"#,
      maxBreadth: 3)
    driver.pass(6)
    #expect(shares(driver) == [1, 2])
  }

  @Test func aLegThatIsGivenUpGivesItsShareBack() {
    let one = #"<Dial timeout="1"><Sip>sip:a@h</Sip><Sip>sip:b@h</Sip></Dial>"#
    var driver = DialDriver("<Response>\(one)\(one)</Response>", maxBreadth: 2)
    driver.pass(2)
    // Their CANCELs are out, and nobody has answered them yet.
    driver.pass(5)
    #expect(shares(driver) == [1, 1, 1, 1])
  }
}
