import RCMLBasics
import RCMLDocument

/// Documents that could not be had or read: what is told of it, and what the call does then (spec H-30, H-34).
extension CallMachine {
  /// What a failed document of the caller leads to.
  private enum Consequence {
    /// H-21.
    case fallback
    /// The verbs behind the one that wanted it (H-30, H-31).
    case nextVerb
    case end(code: UInt16)
  }

  func failRequest(_ number: RequestNumber, _ failure: RetrievalFailure) {
    if let url = unfinished.finish(number) {
      return outbox.warn(
        .requestFailed,
        "A request of a party that has left failed: \(failure.report(url)). Nothing else changes.",
        reason: failure.reason(url).code)
    }
    if case .document(number, let purpose) = script.waiting {
      script.stopWaiting()
      let isFallback = mayAskFallback(for: purpose)
      let isNotFound = failure.isNotFound && purpose == .voice
      let next = isFallback ? .fallback : consequence(of: purpose, isNotFound: isNotFound)
      let reason = failure.reason(script.askedURL)
      outbox.warn(
        .requestFailed,
        "\(purpose == .action ? "An" : "A") \(purpose) request failed: \(failure.report(script.askedURL)). "
          + sentence(next),
        reason: reason.code)
      guard !isFallback else { return askFallback(errorCode: 11_200, because: reason) }
      failDocument(purpose, failure.sentence, reason, isNotFound: isNotFound)
    } else if let leg = legBeingScreened(waitingFor: number) {
      let reason = failure.reason(leg.askedURL)
      outbox.warn(
        .requestFailed,
        "A screening request failed: \(failure.report(leg.askedURL)). The leg is given up.",
        reason: reason.code)
      failScreening(leg, because: reason)
    }
  }

  /// `retrieved`: nil = the host gave it.
  func failUnreadable(
    _ reading: Reading, _ bytes: [UInt8], _ retrieved: Retrieved?,
    for purpose: DocumentRequest.Purpose
  ) {
    let isFallback = mayAskFallback(for: purpose)
    let next = isFallback ? .fallback : consequence(of: purpose, isNotFound: false)
    let reason = CallMachine.reason(of: reading, retrieved)
    if isFallback { askFallback(errorCode: 12_100, because: reason) }
    tellOfUnreadable(reading, bytes, retrieved, sentence(next))
    guard !isFallback else { return }
    failDocument(
      purpose, reading.error?.text ?? "the document cannot be read", reason, isNotFound: false)
  }

  /// For the end of the document (E-9).
  static func reason(of reading: Reading, _ retrieved: Retrieved?) -> Reason {
    let text = reading.error?.text ?? "A document cannot be read."
    let place = retrieved.map { "It came from \(withoutUserInfo($0.finalURL))." }
    return Reason(
      reading.error?.reason ?? .documentError, "\(text) \(place ?? "The host gave it.")",
      word: .noDocument)
  }

  /// H-34. `next`: what happens now, in a sentence.
  func tellOfUnreadable(
    _ reading: Reading, _ bytes: [UInt8], _ retrieved: Retrieved?, _ next: String
  ) {
    var text = reading.error?.text ?? "A document cannot be read."
    if let retrieved {
      text += " It came from \(CallMachine.withoutUserInfo(retrieved.finalURL))"
      text += " with \(retrieved.status)"
      text += ReplyWords(contentType: retrieved.contentType, body: bytes).clause + "."
    } else {
      text += ReplyWords(body: bytes).opening + " The host gave it."
    }
    outbox.report(
      .finding(
        Finding(
          severity: .error, code: .documentError, line: reading.error?.line ?? 0,
          column: reading.error?.column ?? 0, text: text + " " + next,
          reason: reading.error?.reason)))
  }

  /// H-30: what a document that could not be had or read means depends on who wanted it.
  func failDocument(
    _ purpose: DocumentRequest.Purpose, _ text: String, _ reason: Reason, isNotFound: Bool
  ) {
    caller.remember(reason)
    switch consequence(of: purpose, isNotFound: isNotFound) {
    case .fallback: break
    case .nextVerb: schedule(.runDocument)
    case .end:
      switch purpose {
      case .voice, .redirect:
        caller.endCall(becauseOf: text, reason, isNotFound: isNotFound)
      case .gather, .record, .action, .refer, .screening, .verb:
        schedule(.runDocument)  // none: L-46
      }
    }
  }

  private func consequence(
    of purpose: DocumentRequest.Purpose, isNotFound: Bool
  ) -> Consequence {
    switch purpose {
    case .voice: .end(code: isNotFound ? 404 : 500)
    case .redirect: script.hasMoreVerbs ? .nextVerb : .end(code: 500)
    case .gather, .record, .action, .refer, .screening, .verb:
      script.hasMoreVerbs ? .nextVerb : .end(code: 0)
    }
  }

  private func sentence(_ next: Consequence) -> String {
    switch next {
    case .fallback: "The fallback is asked."
    case .nextVerb: "The next verb runs."
    case .end(let code):
      caller.isWaiting && code != 0 ? "The caller gets \(code)." : "The call ends."
    }
  }
}
