import RCMLBasics
import RCMLDocument
import Testing

@testable import RCMLDial

/// E-9: what of the reasons reaches the web, and whom a call was lost to.
@Suite struct ReasonTests {
  private static let told =
    #"<Response><Dial action="http://w/a"><Sip statusCallback="http://w/c">sip:a@h</Sip></Dial></Response>"#

  private func parameters(_ driver: DialDriver) -> (callback: [Parameter], action: [Parameter]) {
    var callback: [Parameter] = []
    for case .tell(.leg(_, let status, let wanted)) in driver.effects
    where status.event == .completed {
      callback = wanted?.parameters ?? []
    }
    return (callback, driver.request(0)?.parameters ?? [])
  }

  private func value(_ name: String, _ list: [Parameter]) -> String? {
    list.first { $0.name == name }?.value
  }

  @Test func whatFailedIsAnErrorToTheWeb() {
    var driver = DialDriver(Self.told)
    driver.give(.leg(LegNumber(0), .failed(Reason(.connectionRefused, at: "udp:192.0.2.7:5060"))))
    let (callback, action) = parameters(driver)
    for list in [callback, action] {
      #expect(value("ErrorCode", list) == "33200")
      #expect(value("ErrorMessage", list) == "Nothing listens at udp:192.0.2.7:5060.")
    }
    #expect(driver.request(0)?.reason?.code == .connectionRefused)
  }

  @Test func whoIsBusyIsNone() {
    var driver = DialDriver(Self.told)
    driver.reject(0, 486)
    let (callback, action) = parameters(driver)
    #expect(!callback.isEmpty && !action.isEmpty)
    #expect(value("ErrorCode", callback) == nil && value("ErrorCode", action) == nil)
    #expect(driver.result?.reason?.word == .refused && driver.result?.reason?.sipStatus == 486)
  }

  @Test func whoWasTalkedToHasNoReason() {
    var driver = DialDriver(Self.told)
    driver.answer(0)
    driver.bye(0)
    #expect(driver.result?.reason == nil && driver.result?.status == .completed)
  }

  @Test func aDialogThatIsLostIsNoHangup() {
    var leg = DialDriver(Self.told)
    leg.answer(0)
    leg.give(.leg(LegNumber(0), .lost(Reason(.dialogLost))))
    #expect(leg.result?.reason?.code == .dialogLost && leg.result?.status == .completed)

    var caller = DialDriver("<Response><Pause length=\"60\"/></Response>", isAnswered: true)
    caller.give(.caller(.lost(Reason(.dialogLost))))
    let end = caller.effects.compactMap { effect -> CallEnd? in
      if case .ended(let end) = effect { end } else { nil }
    }.first
    #expect(end?.reason.code == .dialogLost && end?.hangupBy == .caller)
  }

  @Test func theEndOfADocumentForgetsADialThatFailedBeforeSomethingElse() {
    for (rest, word) in [("", ReasonWord.dialFailed), ("<Pause/>", .end), ("<Hangup/>", .hangup)] {
      var driver = DialDriver(
        "<Response><Dial><Sip>sip:a@h</Sip></Dial>\(rest)</Response>", isAnswered: true)
      driver.reject(0, 404)
      driver.pass(2)
      driver.gone(0)
      let end = driver.effects.compactMap { effect -> CallEnd? in
        if case .ended(let end) = effect { end } else { nil }
      }.first
      #expect(end?.reason.word == word, "\(rest)")
    }
  }
}
