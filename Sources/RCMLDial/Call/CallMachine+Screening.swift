import RCMLBasics
import RCMLDocument

/// The documents that run on a leg before it is accepted (spec §7). Several legs may be screened at once.
extension CallMachine {
  mutating func startScreening(_ index: Int) {
    guard let url = legs[index].noun.url else { return }
    let leg = legs[index]
    let fetch = Interpreter.Fetch(
      purpose: .screening, url: url, method: leg.noun.method,
      extra: [Parameter("TargetIndex", "\(leg.targetIndex)")])  // P-30
    var script = Interpreter()
    script.waiting = .document(request(fetch, of: index), .screening)
    legs[index].script = script
  }

  /// A request in the leg's name (P-1, C-7).
  mutating func request(_ fetch: Interpreter.Fetch, of index: Int) -> RequestNumber {
    let leg = legs[index]
    let told = SipHeaderParameters.make(prefix: "SipHeader_", from: leg.responseHeaders)
    if told.isCut { warnOfCutHeaders() }
    let status = leg.machine.isAlive ? CallStatus.inProgress : .completed
    let voice = leg.voice.list(status: status.rawValue, headers: told.parameters, policy: policy)
    return ask(fetch, parameters: voice + fetch.extra)
  }

  func screeningLeg(waitingFor number: RequestNumber) -> Int? {
    legs.firstIndex { leg in
      guard case .document(number, _) = leg.script?.waiting else { return false }
      return true
    }
  }

  mutating func screeningRetrieved(_ index: Int, _ retrieved: Retrieved) {
    legs[index].script?.waiting = .nothing
    let reading = reader(
      retrieved.body, retrieved.contentType, retrieved.finalURL, settings)
    for finding in reading.findings { out.append(.tell(.finding(finding))) }
    guard let document = reading.document else { return screeningDocumentFailed(index) }
    guard !Interpreter.dials(document) else {
      warn(.dialNotAllowed, "A screening document may not Dial: the leg is given up (C-5).")
      return screeningDocumentFailed(index)
    }
    guard legs[index].script?.load(document, most: policy.maxIdleDocuments) ?? false else {
      warn(
        .tooManyDocuments,
        "A screening fetched \(policy.maxIdleDocuments) documents that did nothing (G-21).")
      return screeningDocumentFailed(index)
    }
    agenda.append(.screen(legs[index].number))
  }

  /// C-11.
  mutating func screeningDocumentFailed(_ index: Int) {
    legs[index].script?.waiting = .nothing
    tellLeg(index, .screeningEnded(.failed))
  }

  mutating func screeningPerformed(_ number: PerformanceNumber, _ outcome: Performed) {
    for index in legs.indices {
      guard case .performance(number, let performance) = legs[index].script?.waiting else {
        continue
      }
      legs[index].script?.waiting = .nothing
      warnIfUnavailable(performance, outcome)
      guard let fetch = legs[index].script?.following(performance, outcome, policy: policy) else {
        return agenda.append(.screen(legs[index].number))
      }
      let request = request(fetch, of: index)
      legs[index].script?.waiting = .document(request, fetch.purpose)
      return
    }
  }

  mutating func runScreening(_ leg: LegNumber) {
    guard let index = index(of: leg), legs[index].machine.state == .screening,
      legs[index].script?.waiting == .nothing, let step = legs[index].script?.step()
    else { return }
    switch step {
    case .perform(let performance):
      let number = perform(performance, on: .leg(leg))
      legs[index].script?.waiting = .performance(number, performance)
    case .pause(let length):
      legs[index].script?.waiting = .pause(until: now + length)
    case .fetch(let fetch):
      let request = request(fetch, of: index)
      legs[index].script?.waiting = .document(request, fetch.purpose)
    case .endOfDocument:
      tellLeg(index, .screeningPassed)  // C-9
    case .hangUp, .reject:
      tellLeg(index, .screeningEnded(.rejected))  // C-10
    case .dial:
      screeningDocumentFailed(index)  // refused before it ran (C-5)
    }
  }

  /// Its prompt stops, its requests are aborted (F-5, H-25).
  mutating func stopScreening(_ index: Int, _ after: LegMachine.State) {
    guard let script = legs[index].script else { return }
    legs[index].script = nil
    switch script.waiting {
    case .document(let number, _):
      out.append(.web(number, .abort))
    case .performance(let number, let performance):
      out.append(.media(.stopPerforming(number)))
      // V-15: the remote hung up while it was recorded.
      if after == .ended || after == .gone, case .record(let record) = performance {
        lastWords[number] = LastWords(
          record: record, script: script, leg: legs[index].number)
      }
    case .nothing, .answer, .pause, .dial:
      break
    }
  }
}
