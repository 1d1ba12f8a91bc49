import RCMLBasics
import RCMLDocument

/// The document that runs on the caller (spec V, H-30, L-46).
extension CallMachine {
  mutating func run(_ source: DocumentSource) {
    guard callerLeg.isAlive else { return }
    guard callerLeg.state != .calling, dial == nil else {
      // L-39: a running Dial is ended first; its action is not requested.
      successor = .document(source)
      return tellDial(.hostEnded)
    }
    if case .document(let number, .action) = script.waiting {
      out.append(.web(number, .abort))
      script.waiting = .nothing
    }
    giveUpDocument(.hostEnded)
    begin(source)
  }

  mutating func begin(_ source: DocumentSource) {
    voiceURL = nil
    switch source {
    case .text(let bytes, let baseURL):
      let base = baseURL.isEmpty ? policy.baseURL : baseURL
      load(bytes, contentType: "", url: base, for: .voice)
    case .url(let url, let method):
      let method = HTTPMethod(rawValue: method.uppercased()) ?? .post
      voiceURL = url
      let number = request(Interpreter.Fetch(purpose: .voice, url: url, method: method))
      script.waiting = .document(number, .voice)
    }
  }

  /// Asks for a document on behalf of the caller.
  mutating func request(_ fetch: Interpreter.Fetch) -> RequestNumber {
    let told = SipHeaderParameters.make(prefix: "SipHeader_", from: caller.headers)
    if told.isCut { warnOfCutHeaders() }
    let voice = callerVoice.list(status: callerStatus, headers: told.parameters, policy: policy)
    return ask(fetch, parameters: voice + fetch.extra)
  }

  mutating func ask(_ fetch: Interpreter.Fetch, parameters: [Parameter]) -> RequestNumber {
    let number = RequestNumber(nextRequest)
    nextRequest &+= 1
    let request = DocumentRequest(
      purpose: fetch.purpose, url: fetch.url, method: fetch.method.rawValue,
      parameters: parameters + policy.extraParameters)
    out.append(.web(number, .fetch(request)))
    return number
  }

  mutating func warnOfCutHeaders() {
    warn(
      .tooManyHeaders,
      "More header fields were received than one request may carry: the first 50 parameters, or "
        + "8192 bytes, are sent (X-21).")
  }

  // MARK: - Replies

  mutating func retrieved(_ number: RequestNumber, _ retrieved: Retrieved) {
    if farewells.remove(number) != nil { return }
    if case .document(number, let purpose) = script.waiting {
      script.waiting = .nothing
      return load(
        retrieved.body, contentType: retrieved.contentType, url: retrieved.finalURL, for: purpose)
    }
    if let index = screeningLeg(waitingFor: number) { screeningRetrieved(index, retrieved) }
  }

  mutating func retrievalFailed(_ number: RequestNumber, _ failure: RetrievalFailure) {
    if farewells.remove(number) != nil { return }
    if case .document(number, let purpose) = script.waiting {
      script.waiting = .nothing
      warn(.requestFailed, "A \(purpose) request failed: \(failure.sentence).")
      if purpose == .voice, asksFallback(errorCode: 11_200) { return }
      return documentFailed(
        purpose, failure.sentence, isNotFound: failure == .status(404) && purpose == .voice)
    }
    if let index = screeningLeg(waitingFor: number) {
      warn(.requestFailed, "A screening request failed: \(failure.sentence).")
      screeningDocumentFailed(index)
    }
  }

  private mutating func load(
    _ bytes: [UInt8], contentType: String, url: String, for purpose: DocumentRequest.Purpose
  ) {
    let reading = reader(bytes, contentType, url, settings)
    for finding in reading.findings { out.append(.tell(.finding(finding))) }
    guard let document = reading.document else {
      if purpose == .voice, asksFallback(errorCode: 12_100) {
        return warn(.documentError, reading.error?.text ?? "The document cannot be read.")
      }
      return documentFailed(
        purpose, reading.error?.text ?? "the document cannot be read", isNotFound: false)
    }
    guard script.load(document, most: policy.maxIdleDocuments) else {
      let text = "more than \(policy.maxIdleDocuments) documents in a row did nothing"
      warn(.tooManyDocuments, "The call is stopped: \(text) (G-21).")
      return documentFailed(purpose, text, isNotFound: false)
    }
    agenda.append(.runDocument)
  }

  /// H-21: once, for the voice request only. False when there is no fallback, or it was used.
  private mutating func asksFallback(errorCode: Int) -> Bool {
    guard let failed = voiceURL, let fallback = policy.fallback else { return false }
    voiceURL = nil
    let number = request(
      Interpreter.Fetch(
        purpose: .voice, url: fallback.url, method: fallback.method,
        extra: [
          Parameter("ErrorCode", "\(errorCode)"),
          Parameter("ErrorUrl", CallMachine.withoutUserInfo(failed)),
        ]))
    script.waiting = .document(number, .voice)
    return true
  }

  /// A URL's user name and password are told to nobody (A-8).
  static func withoutUserInfo(_ url: String) -> String {
    let octets = Array(url.utf8)
    guard let colon = octets.firstIndex(of: UInt8(ascii: ":")),
      octets[colon...].starts(with: Array("://".utf8))
    else { return url }
    let start = colon + 3
    let end =
      octets[start...].firstIndex { "/?#".utf8.contains($0) } ?? octets.endIndex
    guard let at = octets[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return url }
    return String(decoding: octets[..<start] + octets[(at + 1)...], as: UTF8.self)
  }

  /// H-30: what a document that could not be had or read means depends on who wanted it.
  private mutating func documentFailed(
    _ purpose: DocumentRequest.Purpose, _ text: String, isNotFound: Bool
  ) {
    switch purpose {
    case .voice:
      endBecause(text, isNotFound: isNotFound)
    case .redirect:
      guard script.hasMoreVerbs else { return endBecause(text, isNotFound: false) }
      agenda.append(.runDocument)
    case .gather, .record, .action, .refer, .screening:
      agenda.append(.runDocument)  // the verbs after it; none: L-46
    }
  }

  private mutating func endBecause(_ text: String, isNotFound: Bool) {
    let response = FinalResponse(documentError: text, isInitialNotFound: isNotFound)
    endCaller(response, reasons: [FinalResponse.reason(text)], by: .engine)
  }

  // MARK: - Verbs

  mutating func runDocument() {
    guard callerLeg.isAlive, dial == nil, script.waiting == .nothing else { return }
    switch script.step() {
    case .perform(let performance):
      guard callerLeg.isWaiting else { return performOnCaller(performance) }
      script.waiting = .answer(before: performance)
      tellCaller(.answerNeeded(with: nil))  // L-4
    case .pause(let length):
      script.waiting = .pause(until: now + length)
    case .dial(let dial):
      script.waiting = .dial
      start(dial)
    case .fetch(let fetch):
      script.waiting = .document(request(fetch), fetch.purpose)
    case .hangUp, .endOfDocument:
      endCaller(lastResponse ?? FinalResponse(480), reasons: [], by: .engine)
    case .reject(let isBusy):
      endCaller(FinalResponse(isBusy ? 486 : policy.rejectCode), reasons: [], by: .engine)
    }
  }

  mutating func performOnCaller(_ performance: Performance) {
    script.waiting = .performance(perform(performance, on: .caller), performance)
  }

  mutating func perform(_ performance: Performance, on party: Party) -> PerformanceNumber {
    let number = PerformanceNumber(nextPerformance)
    nextPerformance &+= 1
    out.append(.media(.perform(number, on: party, performance)))
    return number
  }

  mutating func performed(_ number: PerformanceNumber, _ outcome: Performed) {
    if dial?.ringback == number {
      dial?.ringback = nil
      return
    }
    if dial?.warning == number {
      dial?.warning = nil
      return
    }
    if let words = lastWords.removeValue(forKey: number) { return spoken(words, outcome) }
    if let index = legs.firstIndex(where: { $0.farewell == number }) {
      return farewellHeard(index)
    }
    if case .performance(number, let performance) = script.waiting {
      script.waiting = .nothing
      warnIfUnavailable(performance, outcome)
      guard let fetch = script.following(performance, outcome, policy: policy) else {
        return agenda.append(.runDocument)
      }
      script.waiting = .document(request(fetch), fetch.purpose)
      return
    }
    screeningPerformed(number, outcome)
  }

  /// V-15: the party hung up while it was recorded; the reply is ignored.
  private mutating func spoken(_ words: LastWords, _ outcome: Performed) {
    var recording: Recording?
    if case .recorded(let made, _) = outcome { recording = made }
    guard
      let fetch = words.script.hungUp(during: words.record, recording, policy: policy)
    else { return }
    guard let leg = words.leg else {
      farewells.insert(request(fetch))
      return
    }
    if let index = index(of: leg) { farewells.insert(request(fetch, of: index)) }
  }

  mutating func warnIfUnavailable(_ performance: Performance, _ outcome: Performed) {
    if case .failed(let why) = outcome {
      if case .say = performance {
        return warn(.noSpeech, "Say was skipped: \(why) (V-10).")
      }
      return warn(.playFailed, "Play was skipped: \(why) (V-11).")
    }
    guard outcome == .unavailable else { return }
    switch performance {
    case .say: warn(.noSpeech, "Say was skipped: there is no speech provider (V-10).")
    case .play: warn(.playFailed, "Play was skipped: its file could not be played (V-11).")
    case .gather:
      warn(.noDigits, "Gather was skipped: nobody here can collect digits; the next verb runs.")
    case .record: warn(.noRecorder, "Record was skipped: there is no recorder (V-15).")
    case .ringing, .warning, .farewell: break
    }
  }
}
