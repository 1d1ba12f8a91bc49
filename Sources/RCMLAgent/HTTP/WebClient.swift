import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// Every request to the web, in the order it was asked for: its exchanges, redirects, repetitions and times
/// (spec H-1 … H-10, H-20, H-23, H-24), and the `host:` URLs that the host itself answers.
///
/// Sends nothing: `effects` say which exchange to begin or to abort, and what a request came to.
final class WebClient {
  enum Effect {
    case exchange(ExchangeID, HTTPExchange)
    case giveUp(ExchangeID)
    /// May this URL be requested (spec Y-4)? To be answered with `decided`.
    case askAbout(ExchangeID, CallNumber, method: String, url: String)
    /// The host says no; `finished` follows.
    case denied(CallNumber, url: String)
    /// `about`: the reason of what it tells of.
    case askHost(
      ExchangeID, CallNumber, method: String, url: String, body: [UInt8], about: Reason?)
    /// An exchange is over (`http_log`).
    case tell(CallNumber, HTTPReport)
    /// `attempts`: exchanges that were begun, redirects left out.
    case finished(WebRequest.Owner, WebOutcome, attempts: Int)
  }

  static let redirectLimit = 10
  static let hostAnswerLimit = Interval.seconds(10)
  private static let acceptedDocuments =
    "text/xml, application/xml, audio/*;q=0.8, text/plain;q=0.5, */*;q=0.1"
  private static let acceptedSounds = "audio/*, */*;q=0.1"
  /// An exchange keeps its own time limit; who does not answer this long after it is given up.
  private let grace = Interval.seconds(1)

  var settings: WebSettings
  /// What the calendar says: for signatures with a time.
  var wall = WallClock(unixMicroseconds: 0, at: Instant(nanoseconds: 0))
  private var random: RandomSource
  private var nextRequest: UInt64 = 1
  private var nextExchange: UInt64 = 1
  private var requests: [WebRequest.ID: WebRequest] = [:]
  private var documents: [WebRequest.Owner: WebRequest.ID] = [:]
  private var exchanges: [ExchangeID: WebRequest.ID] = [:]
  private var deadlines = DeadlineQueue()
  private var effects = HandoverQueue<Effect>()

  init(random: RandomSource, settings: WebSettings) {
    self.random = random
    self.settings = settings
  }

  var isIdle: Bool { requests.isEmpty }
  var count: Int { requests.count }
  var nextDeadline: Deadline? { deadlines.first?.deadline }

  func popEffect() -> Effect? { effects.popFirst() }

  /// Begins a request. An owner has one at a time. `settings`: its own instead of the client's. `origin`: of the document
  /// that wants it. `trace`: the call it belongs to.
  func ask(
    _ owner: WebRequest.Owner, url: String, method: String, parameters: [Parameter],
    policy: ConnectionPolicy, settings own: WebSettings? = nil,
    asking condition: WebCondition? = nil, origin: DocumentOrigin, trace: CallSid? = nil,
    about reason: Reason? = nil, at now: Instant
  ) {
    guard let address = WebAddress(url) else {
      effects.append(.finished(owner, .failed(.refused(.urlUnusable)), attempts: 0))
      return
    }
    var terms = WebTerms(policy: policy, settings: own ?? settings)
    terms.policy.apply(fragment: address.fragment)
    let number = WebRequest.ID(number: nextRequest)
    nextRequest += 1
    requests[number] = WebRequest(
      owner: owner, address: address, method: method, parameters: parameters, terms: terms,
      trail: WebTrail(condition: condition, origin: origin, about: reason, call: trace, at: now),
      idempotencyKey: makeKey(), at: now)
    documents[owner] = number
    begin(number, at: now)
  }

  /// Nobody wants the answer any more (spec H-25).
  func withdraw(_ owner: WebRequest.Owner, at now: Instant) {
    guard let number = documents.removeValue(forKey: owner),
      let request = requests.removeValue(forKey: number)
    else { return }
    forgetStale()
    switch request.state {
    case .questioned(let question): exchanges[question] = nil
    case .asked(let exchange):
      exchanges[exchange] = nil
      if !request.address.isHost { effects.append(.giveUp(exchange)) }
      tell(request, .withdrawn, at: now)
    case .pausing: break
    }
  }

  func answered(_ exchange: ExchangeID, _ answer: HTTPAnswer, at now: Instant) {
    guard let number = exchanges.removeValue(forKey: exchange), let request = requests[number]
    else { return }
    tell(request, .answered(answer), at: now)
    if answer.body.count > request.bodyLimit {
      return failed(number, .tooLarge, at: now)
    }
    if WebClient.isRedirect(answer.status), !answer.location.isEmpty, !request.address.isHost {
      return redirect(number, answer, at: now)
    }
    if request.terms.policy.repeats(status: answer.status), repeatLater(number, at: now) { return }
    request.trail.answered(request.address.text, answer, at: now)
    finish(
      number,
      .answered(
        finalURL: request.address.text, answer,
        path: request.address.isHost ? [] : request.trail.path))
  }

  func failed(_ exchange: ExchangeID, _ failure: HTTPFailure, at now: Instant) {
    guard let number = exchanges.removeValue(forKey: exchange) else { return }
    if let request = requests[number] { tell(request, .failed(failure), at: now) }
    failed(number, failure, at: now)
  }

  /// A number for something else that the host is asked: one counter, so that no answer finds the wrong question.
  func makeExchange() -> ExchangeID {
    defer { nextExchange += 1 }
    return ExchangeID(nextExchange)
  }

  /// On whose behalf something is asked.
  func call(of exchange: ExchangeID) -> CallNumber? {
    exchanges[exchange].flatMap { requests[$0]?.owner.call }
  }

  /// Whether the host was asked this and has not answered yet.
  func isAskedOfHost(_ exchange: ExchangeID) -> Bool {
    exchanges[exchange].flatMap { requests[$0]?.address.isHost } ?? false
  }

  /// The host's word about a URL (spec Y-4). False: nobody waits for it any more.
  func decided(_ question: ExchangeID, isAllowed: Bool, at now: Instant) -> Bool {
    guard let number = exchanges[question], let request = requests[number],
      request.state == .questioned(question)
    else { return false }
    guard !isAllowed else {
      allow(number, question, at: now)
      return true
    }
    exchanges[question] = nil
    effects.append(.denied(request.owner.call, url: request.address.text))
    finish(
      number, .failed(.refused(.urlDenied)),
      attempts: request.trail.path.isEmpty ? 0 : request.repetitions + 1)
    return true
  }

  func timePassed(at now: Instant) {
    while let due = deadlines.popFirst(dueAt: now) {
      let number = WebRequest.ID(number: due.owner)
      // A deadline that is no longer the request's belonged to an exchange that is over.
      guard let request = requests[number], request.deadline == due.deadline.instant else {
        continue
      }
      switch request.state {
      case .questioned(let question):
        allow(number, question, at: now)
      case .pausing:
        begin(number, at: now)
      case .asked(let exchange):
        exchanges[exchange] = nil
        if !request.address.isHost { effects.append(.giveUp(exchange)) }
        tell(request, .failed(.timedOut), at: now)
        failed(number, .timedOut, at: now)
      }
    }
    forgetStale()
  }

  // MARK: one attempt

  private func begin(_ number: WebRequest.ID, at now: Instant) {
    guard let request = requests[number] else { return }
    if request.terms.settings.asksAboutURLs, !request.isAllowed, !request.address.isHost {
      return question(number, request, at: now)
    }
    let exchange = makeExchange()
    exchanges[exchange] = number
    let (address, parameters) = whole(request)
    let isPost = request.method == "POST"
    let form = isPost ? FormEncoding.encode(parameters) : []
    let limit = address.isHost ? WebClient.hostAnswerLimit : request.terms.policy.attemptTimeout
    let end = min(address.isHost ? now + limit : now + limit + grace, request.end)
    request.state = .asked(exchange)
    request.trail.began(at: now)
    request.deadline = end
    deadlines.add(Deadline(end, .exchange), for: number.number)
    if address.isHost {
      effects.append(
        .askHost(
          exchange, request.owner.call, method: request.method, url: address.text, body: form,
          about: request.trail.reason))
      return
    }
    let settings = request.terms.settings
    var headers = headers(of: request)
    if settings.tracesRequests, let call = request.trail.call {
      headers.append(TraceParent(call: call, exchange: exchange).line)
    }
    // Computed anew for every attempt and every redirect: it is about the URL as it goes out (H-9, H-22).
    if let line = settings.signature?.line(
      url: address.text, parameters: isPost ? parameters : [], body: form,
      seconds: wall.unixMicroseconds(at: now) / 1_000_000)
    {
      headers.append(line)
    }
    var wanted = HTTPExchange(
      method: request.method, url: address.text, headers: headers,
      body: form, connectTimeout: request.terms.policy.connectTimeout,
      timeout: request.terms.policy.attemptTimeout, bodyLimit: request.bodyLimit,
      blocksPrivateAddresses: settings.blocksPrivateAddresses(for: request.trail.origin),
      verifiesTLS: settings.verifiesTLS, sound: request.owner.sound)
    wanted.isCallback = request.owner.isCallback
    effects.append(.exchange(exchange, wanted))
  }

  /// The URL as it goes out, and what goes with it: in the URL, or in the body of a POST.
  private func whole(_ request: WebRequest) -> (WebAddress, [Parameter]) {
    var address = request.address
    var parameters = request.parameters
    if request.method != "POST" {
      address.append(query: FormEncoding.encode(parameters))
    } else if request.terms.settings.movesQueryIntoBody, let query = address.query {
      parameters = FormEncoding.decode(query) + parameters
      address.query = nil
    }
    return (address, parameters)
  }

  /// The exchange under way is over.
  private func tell(
    _ request: WebRequest, _ ending: HTTPReport.Ending, at now: Instant
  ) {
    guard let limit = request.terms.settings.logLimit else { return }
    let (address, parameters) = whole(request)
    let sent = request.method == "POST" ? FormEncoding.encode(parameters) : []
    let report = HTTPReport(
      request, url: address.text, sent: sent, ending, limit: limit, at: now)
    effects.append(.tell(request.owner.call, report))
  }

  /// About each URL once: a repetition asks nothing, a redirect does. `host:` URLs are the host's own (spec Y-4).
  private func question(_ number: WebRequest.ID, _ request: WebRequest, at now: Instant) {
    let question = makeExchange()
    exchanges[question] = number
    let end = min(now + WebClient.hostAnswerLimit, request.end)
    request.state = .questioned(question)
    request.deadline = end
    deadlines.add(Deadline(end, .hostAnswer), for: number.number)
    effects.append(
      .askAbout(
        question, request.owner.call, method: request.method, url: request.address.text))
  }

  private func allow(_ number: WebRequest.ID, _ question: ExchangeID, at now: Instant) {
    exchanges[question] = nil
    if let request = requests[number] { request.isAllowed = true }
    begin(number, at: now)
  }

  private func headers(of request: WebRequest) -> [HeaderLine] {
    var headers = WebClient.standingHeaders(
      request.terms.settings,
      accepting: request.owner.sound == nil
        ? WebClient.acceptedDocuments : WebClient.acceptedSounds)
    headers.append(
      HeaderLine(name: request.terms.settings.idempotencyHeader, value: request.idempotencyKey))
    if let credentials = request.address.basicAuthorization {
      headers.append(HeaderLine("Authorization", credentials))
    }
    if let condition = request.trail.condition, condition.url == request.address.text {
      headers += condition.headers
    }
    return headers
  }

  private static func standingHeaders(
    _ settings: WebSettings, accepting kinds: String
  ) -> [HeaderLine] {
    var headers: [HeaderLine] = []
    headers.reserveCapacity(4)
    // U-66.
    if !settings.userAgent.isEmpty {
      headers.append(HeaderLine("User-Agent", settings.userAgent))
    }
    headers.append(HeaderLine("Accept", Array(kinds.utf8)))
    return headers
  }

  /// What a request for a sound says of itself, for `Vary`.
  var soundHeaders: RequestHeaders {
    RequestHeaders(
      standing: WebClient.standingHeaders(settings, accepting: WebClient.acceptedSounds),
      single: [settings.idempotencyHeader] + (settings.signature.map { [$0.header] } ?? []))
  }

  // MARK: what came of it

  private static func isRedirect(_ status: UInt16) -> Bool {
    switch status {
    case 301, 302, 303, 307, 308: true
    default: false
    }
  }

  /// H-9: the same method and parameters, 303 with GET and none; never from `https` to `http`.
  private func redirect(_ number: WebRequest.ID, _ answer: HTTPAnswer, at now: Instant) {
    guard let request = requests[number] else { return }
    request.trail.answered(request.address.text, answer, at: now)
    guard request.trail.path.count <= WebClient.redirectLimit else {
      return finish(number, .failed(.tooManyRedirects))
    }
    let old = request.address
    guard var next = old.following(answer.location), !next.isHost,
      !(old.scheme == "https" && next.scheme == "http")
    else { return finish(number, .failed(.refused(.webRedirectUseless))) }
    // User info stays with its origin: a Location of the same one need not repeat it.
    if next.userInfo.isEmpty, next.origin == old.origin { next.userInfo = old.userInfo }
    request.address = next
    request.isAllowed = false
    if answer.status == 303 {
      request.method = "GET"
      request.parameters = []
    }
    begin(number, at: now)
  }

  private func failed(_ number: WebRequest.ID, _ failure: HTTPFailure, at now: Instant) {
    guard let request = requests[number] else { return }
    if request.terms.policy.repeats(failure), repeatLater(number, at: now) { return }
    finish(
      number, .failed(failure == .refused ? .refused(.webAddressBlocked) : .exchange(failure)))
  }

  /// False when the repetitions are spent or would come too late.
  private func repeatLater(_ number: WebRequest.ID, at now: Instant) -> Bool {
    guard let request = requests[number], request.repetitions < request.terms.policy.retries else {
      return false
    }
    let pause = request.terms.policy.firstPause * (1 << min(request.repetitions, 16))
    guard now + pause < request.end else { return false }
    request.repetitions += 1
    request.state = .pausing
    request.deadline = now + pause
    if pause == .zero {
      begin(number, at: now)
    } else {
      deadlines.add(Deadline(request.deadline, .retry), for: number.number)
    }
    return true
  }

  private func finish(_ number: WebRequest.ID, _ outcome: WebOutcome, attempts: Int? = nil) {
    guard let request = requests.removeValue(forKey: number) else { return }
    documents[request.owner] = nil
    effects.append(
      .finished(request.owner, outcome, attempts: attempts ?? request.repetitions + 1))
    forgetStale()
  }

  /// Deadlines of requests that are over go when they come to the front.
  private func forgetStale() {
    while let first = deadlines.first, requests[WebRequest.ID(number: first.owner)] == nil {
      _ = deadlines.popFirst()
    }
  }

  private func makeKey() -> [UInt8] {
    var writer = ByteWriter(capacity: 32)
    writer.appendHex(random.next())
    writer.appendHex(random.next())
    return writer.finish()
  }
}
