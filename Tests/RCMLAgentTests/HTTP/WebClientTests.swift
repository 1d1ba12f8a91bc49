import RCMLBasics
import RCMLDial
import Testing

@testable import RCMLAgent

/// The web in virtual time: what is asked, what is asked again, what is given up.
struct WebClientTests {
  let client = WebClient(random: RandomSource(seed: 7), settings: WebSettings())
  let owner = WebRequest.Owner.document(CallNumber(1), RequestNumber(0))
  let start = Instant(nanoseconds: 1_000_000_000)

  static let document = ConnectionPolicy(
    connectTimeout: .seconds(5), attemptTimeout: .seconds(15), totalTimeout: nil, retries: 1,
    retryOn: .connect, firstPause: .zero)
  static let callback = ConnectionPolicy(
    connectTimeout: .seconds(5), attemptTimeout: .seconds(10), totalTimeout: .seconds(30),
    retries: 2, retryOn: [.connect, .read, .serverError, .later], firstPause: .milliseconds(500))

  mutating func ask(
    _ url: String, method: String = "POST", policy: ConnectionPolicy = Self.document
  ) {
    client.ask(
      owner, url: url, method: method, parameters: [Parameter("CallSid", "CA1")], policy: policy,
      origin: .inside, at: start)
  }

  /// The one exchange begun since the last look.
  mutating func exchange() throws -> (id: ExchangeID, exchange: HTTPExchange) {
    let effects = client.takeEffects()
    guard effects.count == 1, case .exchange(let id, let exchange)? = effects.first else {
      throw Missing(text: "no single exchange in \(effects)")
    }
    return (id, exchange)
  }

  mutating func outcome() throws -> WebOutcome {
    let effects = client.takeEffects()
    guard case .finished(_, let outcome, _)? = effects.last else {
      throw Missing(text: "nothing finished in \(effects)")
    }
    return outcome
  }

  func header(_ name: String, _ exchange: HTTPExchange) -> String? {
    exchange.headers.first { $0.name == Array(name.utf8) }
      .map { String(decoding: $0.value, as: UTF8.self) }
  }

  func answer(_ status: UInt16, location: String = "", body: String = "") -> HTTPAnswer {
    HTTPAnswer(
      status: status, contentType: "text/xml", location: location, body: Array(body.utf8))
  }

  @Test mutating func aPostCarriesItsParametersInTheBodyAndKeepsTheQuery() throws {
    // H-2, H-5
    ask("http://u:p@web/voice?tenant=7#rc=0")
    let (_, exchange) = try exchange()
    #expect(exchange.method == "POST")
    #expect(exchange.url == "http://web/voice?tenant=7")
    #expect(exchange.body == Array("CallSid=CA1".utf8))
    #expect(header("Authorization", exchange) == "Basic dTpw")
    #expect(header("Accept", exchange)?.hasPrefix("text/xml, application/xml") == true)
    #expect(header("Idempotency-Key", exchange)?.count == 32)
  }

  @Test mutating func aGetCarriesItsParametersInTheUrl() throws {
    ask("http://web/voice", method: "GET")
    let (_, exchange) = try exchange()
    #expect(exchange.url == "http://web/voice?CallSid=CA1")
    #expect(exchange.body.isEmpty)
  }

  @Test mutating func aRedirectKeepsMethodParametersAndKeyButNotStrangersCredentials() throws {
    // H-6, H-9, Q-20
    ask("http://u:p@web/a")
    let first = try exchange()
    client.answered(first.id, answer(302, location: "/b"), at: start)
    let second = try exchange()
    #expect(second.exchange.url == "http://web/b")
    #expect(second.exchange.method == "POST")
    #expect(second.exchange.body == first.exchange.body)
    #expect(header("Authorization", second.exchange) == "Basic dTpw")
    #expect(
      header("Idempotency-Key", second.exchange) == header("Idempotency-Key", first.exchange))
    client.answered(second.id, answer(307, location: "http://other/c"), at: start)
    let third = try exchange()
    #expect(third.exchange.url == "http://other/c")
    #expect(header("Authorization", third.exchange) == nil)
  }

  @Test mutating func afterA303TheNextRequestIsAGetWithoutParameters() throws {
    ask("http://web/a")
    let first = try exchange()
    client.answered(first.id, answer(303, location: "/b"), at: start)
    let second = try exchange()
    #expect(second.exchange.method == "GET")
    #expect(second.exchange.url == "http://web/b")
    #expect(second.exchange.body.isEmpty)
  }

  // MARK: Y-4

  /// The one question asked since the last look.
  mutating func question() throws -> (id: ExchangeID, method: String, url: String) {
    let effects = client.takeEffects()
    guard effects.count == 1, case .askAbout(let id, _, let method, let url)? = effects.first else {
      throw Missing(text: "no single question in \(effects)")
    }
    return (id, method, url)
  }

  @Test mutating func theHostIsAskedBeforeAURLIsRequestedWithoutUserInfoParametersAndFragment()
    throws
  {
    // Y-4, A-8
    client.settings.asksAboutURLs = true
    ask("http://u:p@web/voice?tenant=7#rc=0", method: "GET")
    let question = try question()
    #expect(question.method == "GET" && question.url == "http://web/voice?tenant=7")
    #expect(client.call(of: question.id) == CallNumber(1) && !client.isAskedOfHost(question.id))
    let isWaitedFor = client.decided(question.id, isAllowed: true, at: start)
    #expect(try exchange().exchange.url == "http://web/voice?tenant=7&CallSid=CA1")
    let isWaitedForAgain = client.decided(question.id, isAllowed: false, at: start)
    #expect(isWaitedFor && !isWaitedForAgain)
  }

  @Test mutating func aDeniedURLFailsForGoodAsRefused() throws {
    // Y-4, H-20: never retried
    client.settings.asksAboutURLs = true
    ask("http://web/voice", policy: Self.callback)
    _ = client.decided(try question().id, isAllowed: false, at: start)
    let effects = client.takeEffects()
    guard effects.count == 2, case .denied(CallNumber(1), "http://web/voice") = effects[0],
      case .finished(_, .failed(.refused), attempts: 0) = effects[1]
    else { throw Missing(text: "not refused: \(effects)") }
    #expect(client.isIdle && client.nextDeadline == nil)
  }

  @Test mutating func aHostThatSaysNothingForTenSecondsDoesNotMind() throws {
    // Y-4: the default is that it may
    client.settings.asksAboutURLs = true
    ask("http://web/voice")
    let asked = try question()
    #expect(client.nextDeadline == Deadline(start + .seconds(10), .hostAnswer))
    client.timePassed(at: start + .seconds(10))
    #expect(try exchange().exchange.url == "http://web/voice")
    let isWaitedFor = client.decided(asked.id, isAllowed: false, at: start + .seconds(10))
    #expect(!isWaitedFor)
    // The exchange has its whole time (H-10).
    #expect(client.nextDeadline == Deadline(start + .seconds(26), .exchange))
  }

  @Test mutating func aRedirectIsAskedAboutAndARepetitionIsNot() throws {
    // Y-4, H-9, H-20
    client.settings.asksAboutURLs = true
    ask("http://web/a")
    _ = client.decided(try question().id, isAllowed: true, at: start)
    client.failed(try exchange().id, .unreachable, at: start)
    let again = try exchange()
    client.answered(again.id, answer(302, location: "http://other/b"), at: start)
    let question = try question()
    #expect(question.url == "http://other/b")
    _ = client.decided(question.id, isAllowed: false, at: start)
    guard case .finished(_, .failed(.refused), attempts: 2)? = client.takeEffects().last else {
      throw Missing(text: "not refused")
    }
  }

  @Test mutating func aHostURLIsNotAskedAbout() {
    // Y-4
    client.settings.asksAboutURLs = true
    ask("host:/voice")
    guard case .askHost? = client.takeEffects().first else {
      Issue.record("asked about its own URL")
      return
    }
  }

  @Test mutating func aQuestionThatNobodyNeedsAnyMoreIsGone() throws {
    // Y-4, H-25
    client.settings.asksAboutURLs = true
    ask("http://web/voice")
    let question = try question()
    client.withdraw(owner, at: start)
    #expect(client.takeEffects().isEmpty && client.isIdle && client.nextDeadline == nil)
    let isWaitedFor = client.decided(question.id, isAllowed: true, at: start)
    #expect(!isWaitedFor)
  }

  @Test mutating func theEleventhRedirectIsOneTooMany() throws {
    ask("http://web/0")
    for step in 1...10 {
      client.answered(try exchange().id, answer(302, location: "/\(step)"), at: start)
    }
    client.answered(try exchange().id, answer(302, location: "/11"), at: start)
    guard case .failed(.tooManyRedirects) = try outcome() else {
      throw Missing(text: "not given up")
    }
    #expect(client.isIdle)
  }

  @Test mutating func aSecureUrlIsNeverLeftForAnInsecureOne() throws {
    ask("https://web/a")
    client.answered(try exchange().id, answer(302, location: "http://web/a"), at: start)
    guard case .failed(.refused) = try outcome() else { throw Missing(text: "followed") }
  }

  @Test mutating func aDocumentIsAskedForOnceMoreAfterAFailedConnect() throws {
    // H-20
    ask("http://web/a")
    let first = try exchange()
    client.failed(first.id, .unreachable, at: start)
    let second = try exchange()
    #expect(
      header("Idempotency-Key", second.exchange) == header("Idempotency-Key", first.exchange))
    client.failed(second.id, .unreachable, at: start)
    guard case .failed(.exchange(.unreachable)) = try outcome() else {
      throw Missing(text: "no failure")
    }
  }

  @Test mutating func aDocumentIsNotAskedForAgainAfterAStatusOrATimeout() throws {
    // H-20
    ask("http://web/a")
    client.answered(try exchange().id, answer(500), at: start)
    guard case .answered(_, let answer, _) = try outcome() else { throw Missing(text: "repeated") }
    #expect(answer.status == 500)
    ask("http://web/a")
    client.failed(try exchange().id, .timedOut, at: start)
    guard case .failed(.exchange(.timedOut)) = try outcome() else {
      throw Missing(text: "repeated")
    }
  }

  @Test mutating func aCallbackIsRepeatedAfterHalfASecondAndASecond() throws {
    // K-12
    ask("http://web/status", policy: Self.callback)
    client.answered(try exchange().id, answer(503), at: start)
    #expect(client.takeEffects().isEmpty)
    let firstPause = start + .milliseconds(500)
    #expect(client.nextDeadline?.instant == firstPause)
    client.timePassed(at: firstPause)
    client.answered(try exchange().id, answer(429), at: firstPause)
    let secondPause = firstPause + .seconds(1)
    #expect(client.nextDeadline?.instant == secondPause)
    client.timePassed(at: secondPause)
    client.failed(try exchange().id, .timedOut, at: secondPause)
    guard case .failed(.exchange(.timedOut)) = try outcome() else {
      throw Missing(text: "not given up")
    }
    #expect(client.nextDeadline == nil)
  }

  @Test mutating func aCallbackRefusedWith404IsNotRepeated() throws {
    // K-12
    ask("http://web/status", policy: Self.callback)
    client.answered(try exchange().id, answer(404), at: start)
    guard case .answered = try outcome() else { throw Missing(text: "repeated") }
  }

  @Test mutating func anExchangeThatNeverEndsIsGivenUp() throws {
    // H-10
    ask("http://web/a")
    let (id, _) = try exchange()
    client.timePassed(at: start + .seconds(16))
    let effects = client.takeEffects()
    guard effects.count == 2, case .giveUp(id) = effects[0],
      case .finished(_, .failed(.exchange(.timedOut)), _) = effects[1]
    else { throw Missing(text: "\(effects)") }
    client.answered(id, answer(200), at: start + .seconds(17))
    #expect(client.takeEffects().isEmpty)
  }

  @Test mutating func aHostUrlIsAskedOfTheHostForTenSeconds() throws {
    ask("host:/screen")
    guard
      case .askHost(let id, CallNumber(1), let method, let url, let body, nil)? =
        client.takeEffects().first
    else { throw Missing(text: "host not asked") }
    #expect((method, url) == ("POST", "host:/screen"))
    #expect(body == Array("CallSid=CA1".utf8))
    #expect(client.isAskedOfHost(id))
    #expect(client.nextDeadline == Deadline(start + .seconds(10), .exchange))
    client.timePassed(at: start + .seconds(10))
    guard case .failed(.exchange(.timedOut)) = try outcome() else {
      throw Missing(text: "still waiting")
    }
    #expect(!client.isAskedOfHost(id))
  }

  @Test mutating func whoHangsUpAbortsTheRequest() throws {
    // H-25
    ask("http://web/a")
    let (id, _) = try exchange()
    client.withdraw(owner, at: start)
    guard case .giveUp(id)? = client.takeEffects().first else { throw Missing(text: "not aborted") }
    #expect(client.isIdle)
    #expect(client.nextDeadline == nil)
  }

  @Test mutating func anAnswerAboveTheLimitIsNoDocument() throws {
    // G-3
    client.settings.bodyLimit = 3
    ask("http://web/a")
    client.answered(try exchange().id, answer(200, body: "four"), at: start)
    guard case .failed(.exchange(.tooLarge)) = try outcome() else {
      throw Missing(text: "taken")
    }
  }

  @Test func callbacksOfALegWaitForEachOtherAndAreBounded() {
    // K-9, K-13
    var queues = CallbackQueues()
    let leg = CallbackQueues.Source(call: CallNumber(1), leg: LegNumber(0))
    let other = CallbackQueues.Source(call: CallNumber(1), leg: LegNumber(1))
    func callback(_ url: String) -> CallbackQueues.QueuedCallback {
      .init(
        callback: StatusCallback(url: url, method: "POST", parameters: [], origin: .inside),
        settings: nil)
    }
    #expect(queues.add(callback("a"), of: leg) == .begin)
    #expect(queues.add(callback("x"), of: other) == .begin)
    for number in 0..<64 { #expect(queues.add(callback("\(number)"), of: leg) == .queued) }
    #expect(queues.add(callback("65"), of: leg) == .full)
    for number in 0..<64 { #expect(queues.finished(leg)?.callback.url == "\(number)") }
    #expect(queues.finished(leg)?.callback == nil)
    #expect(queues.finished(other)?.callback == nil)
    #expect(queues.isIdle && queues.count == 0)
  }
}
