import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// Setting `http_log`: each exchange with a web server, with secrets masked (E-8).
struct ExchangeReportTests {
  private static let secret = "xyzzy-canary"

  private func reports(
    _ settings: [(String, String)] = [("http_log", "true")], method: String = "POST",
    url: String = "http://u:\(secret)@web/voice",
    hangUpAfter: Interval? = nil, _ web: @escaping (AgentWorld.Request) -> AgentWorld.Reply?
  ) throws -> [HTTPReport] {
    let world = AgentWorld(settings: settings, isJournalled: true)
    world.web = web
    world.command(.defaultDocument(.url(url, method: method)))
    let caller = world.phone(5070)
    caller.call()
    if let hangUpAfter {
      world.run(hangUpAfter)
      caller.hangUp()
    }
    world.runToTheEnd()
    let journal = world.agent.takeJournal()
    let replay = try Replay.run(journal)
    #expect(replay.difference == nil, "\(String(describing: replay.difference))")
    return world.events.compactMap {
      if case .onCall(_, .exchange(let report)) = $0 { report } else { nil }
    }
  }

  @Test func anAnswerIsToldWithWhatWasAsked() throws {
    let page = "<Response><Dial><Sip password=\"\(Self.secret)\">sip:a@h</Sip></Dial></Response>"
    let report = try #require(try reports { _ in .document(page) }.first)
    #expect(report.method == "POST" && report.url == "http://web/voice")
    #expect(String(decoding: report.sent, as: UTF8.self).hasPrefix("CallSid=CA"))
    #expect(report.status == 200 && report.failure.isEmpty && report.contentType == "text/xml")
    #expect(report.size == page.utf8.count && report.elapsed == .milliseconds(20))
    let received = String(decoding: report.received, as: UTF8.self)
    #expect(received.count == page.count && received.contains("password=\"*"))
    #expect(!received.contains(Self.secret))
  }

  @Test func aGETShowsItsParametersInItsURL() throws {
    let report = try #require(try reports(method: "GET") { _ in .document("<Response/>") }.first)
    #expect(report.url.hasPrefix("http://web/voice?CallSid=CA") && report.sent.isEmpty)
  }

  @Test func eachRedirectAndEachRepetitionIsOne() throws {
    var count = 0
    let reports = try reports { request in
      count += 1
      if request.exchange.url == "http://web/voice" {
        return .answered(
          HTTPAnswer(status: 302, contentType: "", location: "/other", body: []))
      }
      return count == 2 ? .failed(.connectTimedOut) : .document("<Response/>")
    }
    #expect(reports.map(\.status) == [302, 0, 200])
    #expect(reports.map(\.url) == ["http://web/voice", "http://web/other", "http://web/other"])
    #expect(reports[1].failure == HTTPFailure.connectTimedOut.sentence)
  }

  @Test func oneThatNobodyWaitsForIsTold() throws {
    let reports = try reports(hangUpAfter: .milliseconds(50)) { _ in nil }
    #expect(reports.map(\.failure) == ["nobody waited for the answer any more"])
  }

  @Test func oneThatNobodyAnswersIsTold() throws {
    let reports = try reports([("http_log", "true"), ("http_retries", "0")]) { _ in nil }
    #expect(reports.map(\.failure) == [HTTPFailure.timedOut.sentence])
  }

  @Test(arguments: [0, 9, 10]) func bodiesAreCutAtTheLimit(limit: Int) throws {
    let report = try #require(
      try reports([("http_log", "true"), ("http_log_limit", "\(limit)")]) { _ in
        .document("<Response/>" + String(repeating: " ", count: 50))
      }.first)
    #expect(report.sent.count == limit && report.received.count == limit && report.size == 61)
  }

  /// A secret that the limit cuts in two is one all the same.
  @Test func whatIsCutWasMaskedBefore() throws {
    let head = "<Response><Dial><Sip password=\""
    let page = head + "\(Self.secret)\">sip:a@h</Sip></Dial></Response>"
    let report = try #require(
      try reports([("http_log", "true"), ("http_log_limit", "\(head.utf8.count + 4)")]) { _ in
        .document(page)
      }.first)
    #expect(String(decoding: report.received, as: UTF8.self) == head + "*1**")
  }

  /// By the charset a document is read by (G-2).
  @Test(
    arguments: [
      ("text/xml; charset=iso-8859-1", [0x3c, 0x52, 0xfc, 0x3e], "<R\u{fc}>"),
      ("text/xml; charset=utf-16be", [0, 0x3c, 0, 0xfc, 0, 0x3e], "<\u{fc}>"),
      ("text/xml", [0xef, 0xbb, 0xbf, 0x3c, 0x3e], "<>"),
      ("image/png", [0x89, 0x50, 0, 0x47], ""),
    ] as [(String, [UInt8], String)])
  func aTextIsToldInUTF8(type: String, octets: [UInt8], told: String) throws {
    let report = try #require(
      try reports { _ in
        .answered(HTTPAnswer(status: 200, contentType: type, location: "", body: octets))
      }.first)
    #expect(report.received == Array(told.utf8) && report.size == octets.count)
  }

  @Test func withoutTheSettingNothingIsTold() throws {
    #expect(try reports([]) { _ in .document("<Response/>") }.isEmpty)
  }
}
