import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// E-8: what became of every callback.
struct CallbackReportTests {
  private func reports(
    isTold: Bool = true, _ web: @escaping (AgentWorld.Request) -> AgentWorld.Reply?
  ) -> [CallbackReport] {
    let world = AgentWorld()
    if isTold { _ = world.command(.set(name: "callback_events", value: "true")) }
    world.document(
      "<Response><Dial><Sip statusCallback='http://u:secret@web/told'>sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    world.web = web
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    caller.hangUp()
    world.runToTheEnd()
    #expect(world.isQuiet)
    return world.events.compactMap {
      if case .onCall(_, .callback(_, let report)) = $0 { report } else { nil }
    }
  }

  @Test func eachIsToldWithItsParametersAndItsResult() {
    let reports = reports { _ in .status(204) }
    #expect(reports.map(\.event) == ["initiated", "ringing", "answered", "completed"])
    #expect(reports.allSatisfy { $0.isDelivered && $0.attempts == 1 && $0.status == 204 })
    #expect(reports.allSatisfy { $0.url == "http://web/told" && $0.method == "POST" })
    for (number, report) in reports.enumerated() {
      #expect(
        String(decoding: report.body, as: UTF8.self).contains("SequenceNumber=\(number)"))
    }
  }

  @Test func oneThatWasGivenUpSaysHowOftenItWasTried() {
    let reports = reports { $0["StatusCallbackEvent"] == "ringing" ? .status(500) : .status(200) }
    #expect(reports.map(\.isDelivered) == [true, false, true, true])
    #expect(reports.count == 4 && reports[1].attempts == 3 && reports[1].status == 500)
  }

  @Test func oneThatNobodyAnsweredHasNoStatus() {
    let reports = reports {
      $0["StatusCallbackEvent"] == "completed" ? .failed(.unreachable) : .status(404)
    }
    #expect(reports.map(\.status) == [404, 404, 404, 0])
    #expect(reports.map(\.attempts) == [1, 1, 1, 3])
  }

  @Test func withoutTheSettingNothingIsTold() {
    #expect(reports(isTold: false) { _ in .status(200) }.isEmpty)
  }

  // H-34
  @Test func theHostHearsWhereACallbackWentAndWhatCameBack() {
    let page = HTTPAnswer(
      status: 404, contentType: "text/html", location: "",
      body: Array("<html>no such page, user name=x password=secret".utf8))
    let world = AgentWorld()
    world.document(
      "<Response><Dial><Sip statusCallback='http://u:secret@web/told'>sip:a@127.0.0.1:5081</Sip></Dial></Response>"
    )
    world.web = {
      $0["StatusCallbackEvent"] == "initiated" ? .answered(page) : .failed(.unreachable)
    }
    _ = world.phone(5081, .answers())
    let caller = world.phone(5070)
    caller.call()
    world.run(.seconds(3))
    caller.hangUp()
    world.runToTheEnd()
    let texts = world.findings.filter { $0.code == .callbackFailed }.map(\.text)
    #expect(
      texts.first
        == "A status callback of leg 1 was given up: the server answered 404 with text/html that begins "
        + "\"<html>no such page, user name=x \". It went to http://web/told. Nothing else changes.")
    #expect(
      texts.last
        == "A status callback of leg 1 was given up: the web server could not be reached. It went to "
        + "http://web/told. Nothing else changes.")
  }
}
