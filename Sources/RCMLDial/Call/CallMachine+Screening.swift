import RCMLBasics
import RCMLDocument

/// The documents that run on a leg before it is accepted (spec §7). Several legs may be screened at once.
extension CallMachine {
  func startScreening(_ leg: CallLeg) {
    guard let url = leg.noun.url else { return }
    let fetch = Interpreter.Fetch(
      purpose: .screening, url: url, method: leg.noun.method,
      extra: [Parameter("TargetIndex", "\(leg.targetIndex)")],  // P-30
      origin: leg.origin)
    leg.beginScreening(waitingFor: request(fetch, for: leg), asking: url)
  }

  /// A request in the leg's name (P-1, C-7).
  func request(_ fetch: Interpreter.Fetch, for leg: CallLeg) -> RequestNumber {
    let headers = outbox.headerParameters("SipHeader_", from: leg.response.headers)
    let status = leg.isAlive ? CallStatus.inProgress : .completed
    return outbox.fetch(
      fetch,
      parameters: leg.voice.list(status: status.rawValue, headers: headers, policy: policy))
  }

  /// The screening goes on with the reply.
  private func fetch(_ fetch: Interpreter.Fetch, for leg: CallLeg) {
    leg.wait(for: .document(request(fetch, for: leg), fetch.purpose), asking: fetch.url)
  }

  func legBeingScreened(waitingFor number: RequestNumber) -> CallLeg? {
    legs.all.first { leg in
      if case .document(number, _)? = leg.waiting { return true }
      return false
    }
  }

  func loadScreening(_ leg: CallLeg, _ retrieved: Retrieved) {
    if case .document(_, .verb)? = leg.waiting {
      leg.wait(for: .nothing)
      return insert(
        retrieved.body, contentType: retrieved.contentType, url: retrieved.finalURL, on: leg,
        retrieved)
    }
    leg.wait(for: .nothing)
    let reading = facts.read(
      retrieved.body, retrieved.contentType, retrieved.finalURL, facts.settings)
    for finding in reading.findings { outbox.report(.finding(finding)) }
    guard var document = reading.document else {
      tellOfUnreadable(reading, retrieved.body, retrieved, "The leg is given up.")
      return failScreening(leg, because: CallMachine.reason(of: reading, retrieved))
    }
    document.origin = retrieved.origin
    guard !Interpreter.dials(document) else {
      outbox.warn(
        .dialNotAllowed, "A screening document may not Dial: the leg is given up.")
      return failScreening(leg, because: Reason(.dialInScreening))
    }
    if let text = obstacle(to: { leg.load(document, most: $0) }) {
      outbox.warn(.tooManyDocuments, "A screening is stopped: \(text).")
      return failScreening(
        leg, because: Reason(.tooManyDocuments, "The document was stopped: \(text)."))
    }
    schedule(.screen(leg.number))
  }

  /// C-11.
  func failScreening(_ leg: CallLeg, because reason: Reason) {
    leg.wait(for: .nothing)
    leg.remember(reason)
    stepLeg(leg, .screeningEnded(.failed))
  }

  func finishScreeningPerformance(_ number: PerformanceNumber, _ outcome: Performed) {
    for leg in legs.all {
      guard case .performance(number, let performance)? = leg.waiting else { continue }
      leg.end(outcome, at: now)
      warnOfSkipped(performance, outcome)
      guard let fetch = leg.request(after: performance, outcome, policy) else {
        return schedule(.screen(leg.number))
      }
      return self.fetch(fetch, for: leg)
    }
  }

  func runScreening(_ number: LegNumber) {
    guard let leg = legs[number], leg.machine.state == .screening, leg.waiting == .nothing,
      let step = leg.step()
    else { return }
    if let verb = leg.reached { outbox.report(.verbReached(verb, leg: number)) }
    switch step {
    case .perform(let performance):
      let performed = outbox.perform(performance, on: .leg(number), of: leg.screeningOrigin)
      leg.begin(performance, as: performed, at: now)
    case .pause(let length):
      leg.wait(for: .pause(until: now + length))
    case .ask(let verb):
      askHost(about: verb, of: leg)
    case .fetch(let fetch):
      self.fetch(fetch, for: leg)
    case .endOfDocument:
      stepLeg(leg, .screeningPassed)  // C-9
    case .hangUp, .reject:
      stepLeg(leg, .screeningEnded(.rejected))  // C-10
    case .dial:
      failScreening(leg, because: Reason(.dialInScreening))  // refused before it ran (C-5)
    }
  }

  /// Its prompt stops, its requests are aborted (F-5, H-25). `hasLeft`: the party hung up.
  func stopScreening(_ leg: CallLeg, hasLeft: Bool) {
    guard let script = leg.endScreening() else { return }
    switch script.waiting {
    case .document(let number, _):
      outbox.cancelFetch(number)
    case .performance(let number, let performance):
      outbox.stopPerforming(number)
      if hasLeft, case .record(let record) = performance {
        // V-15
        unfinished.interrupt(
          InterruptedRecording(record: record, script: script, leg: leg.number),
          performedAs: number)
      }
    case .nothing, .answer, .pause, .verb, .dial:
      break
    }
  }
}
