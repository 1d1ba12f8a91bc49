import RCMLAgent
import RCMLBasics

/// The web server of a world: each page has its own way to be slow, wrong or dead.
extension World {
  func answer(_ id: ExchangeID, _ exchange: HTTPExchange) {
    let path = "/" + exchange.url.split(separator: "/").dropFirst(2).joined(separator: "/")
    let bare = String(path.prefix { $0 != "?" })
    var reply = scenario.pages[bare] ?? WebReply(.status(404))
    let isCallback = bare.hasPrefix("/status/") || bare.hasPrefix("/recording/")
    // The twin of a world: the same one with callback endpoints that never fail (I-C7).
    if isTwin, isCallback { reply = WebReply(.document("<Response/>"), delay: 20) }
    // Between the milliseconds of everything else: the agent fires what is due when anything arrives, so that a
    // callback's answer in the very instant of a datagram and a timer would decide which of the two comes first.
    let lag = Interval(nanoseconds: isCallback ? 500 : 0)
    let turn = visits[bare, default: 0]
    visits[bare] = turn + 1
    func say(
      _ status: UInt16, _ body: String = "", location: String = "", type: String = "text/xml",
      octets: [UInt8]? = nil
    ) {
      let fields = reply.cacheFields.map {
        HeaderLine(name: Array($0.name.utf8), value: Array($0.value.utf8))
      }
      let answer = HTTPAnswer(
        status: status, contentType: type, location: location, cacheFields: fields,
        body: octets ?? secured(Array(body.utf8)))
      if Interval.milliseconds(reply.delay) < exchange.timeout {
        agenda.add(.answered(id, answer), at: now + .milliseconds(reply.delay) + lag)
      } else {
        fail(.timedOut, after: exchange.timeout)
      }
    }
    func fail(_ failure: HTTPFailure, after: Interval) {
      agenda.add(.exchangeFailed(id, failure), at: now + min(after, exchange.timeout) + lag)
    }
    let delay = Interval.milliseconds(reply.delay)
    switch reply.kind {
    case .document(let text): say(200, text)
    case .status(let code): say(code)
    case .redirect(let other): say(302, location: "http://web.example" + other)
    case .unreachable: fail(.unreachable, after: delay)
    case .unresolved: fail(.unresolved, after: delay)
    case .silent: fail(.timedOut, after: exchange.timeout)
    case .lying(let text, let type): say(200, text, type: type)
    case .changing(let documents): say(200, documents[turn % documents.count])
    case .flapping(let text):
      if turn % 2 == 1 { say(200, text) } else { say(turn % 4 == 0 ? 500 : 429) }
    case .huge: fail(.tooLarge, after: delay)
    case .sound(let code, let milliseconds):
      let tag = reply.cacheFields.first { $0.name == "etag" }?.value
      let asked = exchange.headers.first { $0.name.elementsEqual("If-None-Match".utf8) }
      if let tag, let asked, asked.value.elementsEqual(tag.utf8) { return say(304) }
      say(200, type: "audio/wav", octets: PromptCode.wav(code, milliseconds: milliseconds))
    case .keys(let digits, let right, let wrong):
      let form = String(decoding: exchange.body, as: UTF8.self)
      say(200, Watch.field("Digits", form) == digits ? right : wrong)
    case .circle: say(302, location: exchange.url)
    case .broken(let failure):
      fail(failure, after: failure == .connectTimedOut ? exchange.connectTimeout : delay)
    }
  }
}
