import RCMLBasics
import RCMLDocument

/// Verbs that only the host may know (spec D-28): on the caller, or on a leg that is screened.
extension CallMachine {
  /// `leg`: who is screened; nil = the caller.
  func askHost(about verb: ForeignVerb, of leg: CallLeg?) {
    let number = outbox.makeVerbNumber()
    if let leg {
      leg.wait(for: .verb(number, verb))
    } else {
      script.wait(for: .verb(number, verb))
    }
    outbox.append(
      .askVerb(
        VerbQuestion(
          number: number, leg: leg?.number, name: verb.name, text: verb.text,
          // A secret is no business of whoever reads events.
          attributes: verb.attributes.filter { $0.name != "password" },
          documentURL: leg == nil ? documentURL : "")))
  }

  /// An answer that comes when something else runs is too late.
  func finishVerb(_ number: VerbNumber, as decision: VerbDecision) {
    if case .verb(number, let verb) = script.waiting {
      script.stopWaiting()
      return go(on: nil, after: verb, decision)
    }
    for leg in legs.all {
      guard case .verb(number, let verb)? = leg.waiting else { continue }
      leg.wait(for: .nothing)
      return go(on: leg, after: verb, decision)
    }
  }

  private func go(on leg: CallLeg?, after verb: ForeignVerb, _ decision: VerbDecision) {
    switch decision {
    case .skip:
      outbox.report(.finding(verb.finding))
      runOn(leg)
    case .done:
      if let leg { leg.worked() } else { script.worked() }
      runOn(leg)
    case .document(.text(let bytes, let baseURL)):
      insert(bytes, contentType: "", url: baseURL.isEmpty ? policy.baseURL : baseURL, on: leg)
    case .document(.url(let url, let method)):
      let method = HTTPMethod(rawValue: method.uppercased()) ?? .post
      let fetch = Interpreter.Fetch(purpose: .verb, url: url, method: method, origin: .inside)
      if let leg {
        leg.wait(for: .document(request(fetch, for: leg), .verb), asking: url)
      } else {
        script.wait(for: .document(caller.request(fetch), .verb), asking: url)
      }
    }
  }

  private func runOn(_ leg: CallLeg?) { schedule(leg.map { .screen($0.number) } ?? .runDocument) }

  /// Its verbs run now, and then those behind the one it stands for. One that cannot be read is told, and passed over
  /// (H-30).
  func insert(
    _ bytes: [UInt8], contentType: String, url: String, on leg: CallLeg?,
    _ retrieved: Retrieved? = nil
  ) {
    let reading = facts.read(bytes, contentType, url, facts.settings)
    for finding in reading.findings { outbox.report(.finding(finding)) }
    guard var document = reading.document else {
      tellOfUnreadable(
        reading, bytes, retrieved, leg == nil ? "The next verb runs." : "The leg is given up.")
      let reason = CallMachine.reason(of: reading, retrieved)
      if let leg { return failScreening(leg, because: reason) }
      caller.remember(reason)
      return schedule(.runDocument)
    }
    document.origin = retrieved?.origin ?? .inside
    if let leg, Interpreter.dials(document) {
      outbox.warn(
        .dialNotAllowed, "A screening document may not Dial: the leg is given up.")
      return failScreening(leg, because: Reason(.dialInScreening))
    }
    let text = obstacle { most in
      leg.map { $0.insert(document, most: most) } ?? script.insert(document, most: most)
    }
    if let text {
      outbox.warn(.tooManyDocuments, "The document is stopped: \(text).")
      let reason = Reason(.tooManyDocuments, "The document was stopped: \(text).")
      if let leg { return failScreening(leg, because: reason) }
      return caller.endCall(becauseOf: text, reason, isNotFound: false)
    }
    runOn(leg)
  }
}
