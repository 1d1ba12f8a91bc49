import RCMLBasics
import RCMLDocument

/// The document that runs on the caller (spec V, H-30, L-46).
extension CallMachine {
  func run(_ source: DocumentSource) {
    guard caller.isAlive else { return }
    guard caller.state != .calling, dial == nil else {
      // L-39: a running Dial is ended first; its action is not requested.
      queue(.given(source))
      return endDial(because: Reason(.documentReplaced))
    }
    if case .document(let number, .action) = script.waiting {
      outbox.cancelFetch(number)
      script.stopWaiting()
    }
    stopDocument(.hostEnded)
    begin(.given(source))
  }

  func begin(_ document: QueuedDocument) {
    caller.forgetReasonsOfDial()
    switch document {
    case .given(.text(let bytes, let baseURL)):
      script.begin(askedOf: nil)
      let base = baseURL.isEmpty ? policy.baseURL : baseURL
      load(bytes, contentType: "", url: base, for: .voice)
    case .given(.url(let url, let method)):
      script.begin(askedOf: url)
      let method = HTTPMethod(rawValue: method.uppercased()) ?? .post
      fetch(Interpreter.Fetch(purpose: .voice, url: url, method: method, origin: .inside))
    case .transfer(let fetch):
      self.fetch(fetch)
    }
  }

  /// The document goes on with the reply.
  private func fetch(_ fetch: Interpreter.Fetch) {
    script.wait(for: .document(caller.request(fetch), fetch.purpose), asking: fetch.url)
  }

  // MARK: - Replies

  /// Those nobody waits for, the caller's document, and the legs that are screened, in this order.
  func finishRequest(_ number: RequestNumber, _ retrieved: Retrieved) {
    if unfinished.finish(number) != nil { return }
    if case .document(number, let purpose) = script.waiting {
      script.stopWaiting()
      if purpose == .verb {
        return insert(
          retrieved.body, contentType: retrieved.contentType, url: retrieved.finalURL, on: nil,
          retrieved)
      }
      return load(
        retrieved.body, contentType: retrieved.contentType, url: retrieved.finalURL, for: purpose,
        retrieved)
    }
    if let leg = legBeingScreened(waitingFor: number) { loadScreening(leg, retrieved) }
  }

  /// `retrieved`: nil = the host gave it.
  private func load(
    _ bytes: [UInt8], contentType: String, url: String, for purpose: DocumentRequest.Purpose,
    _ retrieved: Retrieved? = nil
  ) {
    let reading = facts.read(bytes, contentType, url, facts.settings)
    for finding in reading.findings { outbox.report(.finding(finding)) }
    guard var document = reading.document else {
      return failUnreadable(reading, bytes, retrieved, for: purpose)
    }
    document.origin = retrieved?.origin ?? .inside
    if let text = obstacle(to: { script.load(document, most: $0) }) {
      outbox.warn(.tooManyDocuments, "The call is stopped: \(text).")
      return failDocument(
        purpose, text, Reason(.tooManyDocuments, "The document was stopped: \(text)."),
        isNotFound: false)
    }
    schedule(.runDocument)
  }

  /// Why one more document may not run on this call; nil = it may, and `load` has taken it.
  func obstacle(to load: (_ most: Int) -> Bool) -> String? {
    guard limits.takeDocument() else {
      outbox.report(.limitReached(.documentsOfCall))
      return "it has run max_documents_per_call (\(policy.maxDocuments)) documents"
    }
    let most = policy.maxIdleDocuments
    return load(most) ? nil : "more than \(most) documents in a row did nothing"
  }

  /// H-21: once, for the voice request only. False when there is no fallback, or it was used.
  func mayAskFallback(for purpose: DocumentRequest.Purpose) -> Bool {
    purpose == .voice && policy.fallback != nil && script.mayUseFallback
  }

  func askFallback(errorCode: Int, because reason: Reason) {
    guard let fallback = policy.fallback, let failed = script.useFallback() else { return }
    fetch(
      Interpreter.Fetch(
        purpose: .voice, url: fallback.url, method: fallback.method,
        extra: [
          Parameter("ErrorCode", "\(errorCode)"),
          Parameter("ErrorUrl", CallMachine.withoutUserInfo(failed)),
        ], origin: .inside, reason: reason))
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

  // MARK: - Verbs

  func runDocument() {
    guard caller.isAlive, dial == nil, script.waiting == .nothing else { return }
    let step = script.step()
    if let verb = script.reached { outbox.report(.verbReached(verb, leg: nil)) }
    switch step {
    case .perform(let performance):
      caller.forgetReasonsOfDial()
      guard caller.isWaiting else { return performOnCaller(performance) }
      script.wait(for: .answer(before: performance))
      caller.handle(.answerNeeded(with: nil))  // L-4
    case .pause(let length):
      caller.forgetReasonsOfDial()
      script.wait(for: .pause(until: now + length))
    case .dial(let dial):
      caller.forgetReasonsOfDial()
      script.wait(for: .dial)
      start(dial)
    case .ask(let verb):
      askHost(about: verb, of: nil)
    case .fetch(let fetch):
      self.fetch(fetch)
    case .hangUp:
      caller.endCallWithDocument(because: Reason(.documentHungUp))
    case .endOfDocument:
      caller.endCallWithDocument(because: caller.reasonOfSilence ?? Reason(.documentEnded))
    case .reject(let isBusy):
      caller.endCall(
        FinalResponse(isBusy ? 486 : policy.rejectCode), by: .engine,
        because: Reason(.documentRejected))
    }
  }

  func performOnCaller(_ performance: Performance) {
    let number = outbox.perform(performance, on: .caller, of: script.origin)
    script.begin(performance, as: number, at: now)
  }

  /// The Dial's own, those of parties that have left, farewells, digits of legs, the caller's verb, and the legs that are screened, in
  /// this order.
  func finishPerformance(_ number: PerformanceNumber, _ outcome: Performed) {
    finishVerbRecording(number, outcome)
    if dial?.finishPerformance(number) ?? false { return }
    if let recording = unfinished.finishInterrupted(number) {
      return requestAction(of: recording, outcome)
    }
    if let leg = legs.all.first(where: { $0.finishFarewell(number, at: now) }) {
      return outbox.append(.hangUp(reasons: leg.reasons), of: leg.number)
    }
    if finishDigits(number, outcome) { return }
    if case .performance(number, let performance) = script.waiting {
      script.end(outcome, at: now)
      warnOfSkipped(performance, outcome)
      guard let fetch = script.request(after: performance, outcome, policy) else {
        return schedule(.runDocument)
      }
      return self.fetch(fetch)
    }
    finishScreeningPerformance(number, outcome)
  }

  func warnOfSkipped(_ performance: Performance, _ outcome: Performed) {
    if case .failed(let why) = outcome {
      if case .say = performance {
        return outbox.warn(.noSpeech, "Say was skipped: \(why).")
      }
      return outbox.warn(.playFailed, "Play was skipped: \(why).")
    }
    guard outcome == .unavailable else { return }
    switch performance {
    case .say:
      outbox.warn(.noSpeech, "Say was skipped: there is no speech provider.")
    case .play:
      outbox.warn(.playFailed, "Play was skipped: its file could not be played.")
    case .gather:
      outbox.warn(
        .noDigits, "Gather was skipped: nobody here can collect digits; the next verb runs.")
    case .record:
      outbox.warn(.noRecorder, "Record was skipped: there is no recorder.")
    case .ringing, .warning, .farewell: break
    }
  }
}
