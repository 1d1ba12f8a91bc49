import RCMLBasics
import RCMLDial
import RCMLDocument

/// Between the calls and the web.
extension Agent {
  func perform(_ effect: WebClient.Effect, at now: Instant) {
    switch effect {
    case .exchange(let id, let exchange):
      if let call = web.call(of: id) { journal?.name(.exchange(call, id)) }
      outputs.append(.web(id, .begin(exchange)))
    case .giveUp(let id):
      outputs.append(.web(id, .abort))
    case .askAbout(let id, let call, let method, let url):
      tell(.question(QuestionID(id), call, .url(method: method, url: url)))
    case .denied(let call, let url):
      let text = "\(url) was not requested: the host does not allow it (Y-4)."
      tell(.finding(call, Finding(severity: .warning, code: .urlDenied, text: text)))
    case .askHost(let id, let call, let method, let url, let body):
      tell(.question(QuestionID(id), call, .request(method: method, url: url, body: body)))
    case .finished(.document(let call, let request), let outcome, _):
      pending.append(CallInput(request, outcome), for: call)
    case .finished(.callback(let call, let leg), let outcome, let attempts):
      delivered(CallbackQueues.Source(call: call, leg: leg), outcome, attempts, at: now)
    case .finished(.sound(_, let sound), let outcome, _):
      retrieved(sound, outcome, at: now)
    }
  }

  func ask(
    _ document: DocumentRequest, _ call: CallNumber, _ request: RequestNumber, at now: Instant
  ) {
    web.ask(
      .document(call, request), url: document.url, method: document.method,
      parameters: document.parameters, policy: settings.documentPolicy, at: now)
  }

  // MARK: callbacks (spec K-9 … K-14, R-6)

  func deliver(_ callback: StatusCallback, of source: CallbackQueues.Source, at now: Instant) {
    switch callbacks.add(callback, of: source) {
    case .begin:
      begin(callback, of: source, at: now)
    case .queued:
      break
    case .full:
      report(callback, of: source, attempts: 0, status: 0)
      giveUp(source, callback.url, "\(CallbackQueues.limit) others still wait", at: now)
    }
  }

  private func begin(_ callback: StatusCallback, of source: CallbackQueues.Source, at now: Instant)
  {
    web.ask(
      .callback(source.call, source.leg), url: callback.url, method: callback.method,
      parameters: callback.parameters, policy: settings.callbackPolicy, at: now)
  }

  /// K-12: whatever the reply says, the next one goes; what was given up is told to the host.
  private func delivered(
    _ source: CallbackQueues.Source, _ outcome: WebOutcome, _ attempts: Int, at now: Instant
  ) {
    var status: UInt16 = 0
    if case .answered(_, let answer) = outcome { status = answer.status }
    if let callback = callbacks.current[source] {
      report(callback, of: source, attempts: attempts, status: status)
    }
    switch outcome {
    case .answered(let url, let answer):
      if !(200...299).contains(answer.status) {
        giveUp(source, url, "the server answered \(answer.status)", at: now)
      }
    case .failed(let failure):
      giveUp(source, "", failure.sentence, at: now)
    }
    if let next = callbacks.finished(source) { begin(next, of: source, at: now) }
  }

  /// E-8.
  private func report(
    _ callback: StatusCallback, of source: CallbackQueues.Source, attempts: Int, status: UInt16
  ) {
    if (200...299).contains(status) {
      tally.callbacksDelivered &+= 1
    } else {
      tally.callbacksGivenUp &+= 1
    }
    guard settings.callbackEvents else { return }
    let names = ["StatusCallbackEvent", "RecordingStatus"]
    let event = callback.parameters.first { names.contains($0.name) }?.value
    tell(
      .onCall(
        source.call,
        .callback(
          source.leg,
          CallbackReport(
            event: event ?? "", method: callback.method,
            url: WebAddress(callback.url)?.text ?? "",
            body: FormEncoding.encode(callback.parameters), attempts: attempts, status: status))))
  }

  private func giveUp(
    _ source: CallbackQueues.Source, _ url: String, _ why: String, at now: Instant
  ) {
    let place = WebAddress(url)?.text ?? ""
    let kind = source.leg.map { "status callback of leg \($0.number)" } ?? "recording callback"
    let text = "A \(kind) was given up: \(why)."
    tell(
      .finding(
        source.call,
        Finding(
          severity: .warning, code: .callbackFailed,
          text: place.isEmpty ? text : text + " It went to \(place).")))
  }
}

extension CallInput {
  /// A 2xx is a document (spec H-1); everything else is a failure with its cause.
  fileprivate init(_ request: RequestNumber, _ outcome: WebOutcome) {
    switch outcome {
    case .answered(let url, let answer) where (200...299).contains(answer.status):
      let retrieved = Retrieved(
        finalURL: url, contentType: answer.contentType, body: answer.body)
      self = .retrieved(request, retrieved)
    case .answered(_, let answer):
      self = .retrievalFailed(request, .status(answer.status))
    case .failed(let failure):
      self = .retrievalFailed(request, RetrievalFailure(failure))
    }
  }
}

extension RetrievalFailure {
  init(_ failure: WebFailure) {
    switch failure {
    case .tooManyRedirects: self = .tooManyRedirects
    case .refused: self = .refused
    case .exchange(let failure):
      switch failure {
      case .unresolved: self = .unresolved
      case .unreachable, .tls, .connectTimedOut, .garbled, .unavailable: self = .unreachable
      case .timedOut: self = .timedOut
      case .tooLarge: self = .tooLarge
      case .refused: self = .refused
      }
    }
  }
}

extension WebFailure {
  /// For people.
  var sentence: String {
    switch self {
    case .tooManyRedirects: "more than \(WebClient.redirectLimit) redirects in a row"
    case .refused: "its URL, or one it was redirected to, may not be asked"
    case .exchange(let failure):
      switch failure {
      case .unresolved: "the server's name is not known"
      case .unreachable: "the server cannot be reached"
      case .tls: "no secure connection could be made"
      case .connectTimedOut: "the server did not accept the connection in time"
      case .timedOut: "the server did not answer in time"
      case .tooLarge: "the answer is too large"
      case .refused: "the server's address may not be asked"
      case .garbled: "the server does not speak HTTP"
      case .unavailable: "libcurl is not installed on this machine"
      }
    }
  }
}
