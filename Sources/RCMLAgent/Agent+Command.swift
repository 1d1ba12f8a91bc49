import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// What the host asks for.
extension Agent {
  typealias Outcome = Result<CommandResult, Refusal>

  func obey(_ command: Command, at now: Instant) -> Outcome {
    switch command {
    case .set(let name, let value):
      return set(name, value)
    case .call(let party, let from, let document):
      return call(party, from: from, document, at: now)
    case .hostCall(let caller, let document):
      return hostCall(caller, document, at: now)
    case .hostSays(let number, let leg, let news):
      return hostSays(news, of: leg, number, at: now)
    case .defaultDocument(let document):
      defaultDocument = document
      return .success(.done)
    case .answerRequest(let id, let status, let contentType, let body):
      return answer(id, status: status, contentType: contentType, body: body, at: now)
    case .answerCredentials(let id, let username, let password):
      return answerCredentials(id, username, password, at: now)
    case .answerTarget(let id, let decision):
      return answerTarget(id, decision, at: now)
    case .answerURL(let id, let isAllowed):
      return web.decided(id, isAllowed: isAllowed, at: now) ? .success(.done) : .failure(.gone)
    case .answerSpeech(let id, let contentType, let body):
      return answerSpeech(id, contentType: contentType, body: body, at: now)
    case .drain:
      drain()
      return .success(.done)
    case .stop:
      stop(at: now)
      return .success(.done)
    case .run(let number, _), .ring(let number, _), .answer(let number),
      .reject(let number, _, _), .hangUp(let number), .endDial(let number),
      .digit(let number, _), .record(let number, _):
      guard let call = calls[number] else { return .failure(.gone) }
      return obey(command, of: number, in: call.phase, at: now)
    }
  }

  private func obey(
    _ command: Command, of number: CallNumber, in phase: Call.Phase, at now: Instant
  ) -> Outcome {
    switch (command, phase) {
    case (.run(_, let document), .waiting), (.run(_, let document), .held),
      (.run(_, let document), .running):
      run(document, on: number, at: now)
    case (.run(_, let document), .calling):
      calls[number]?.phase = .calling(document)
    case (.ring(_, let code), .waiting):
      guard code == 180 || code == 183, let session = calls[number]?.session else {
        return .failure(.ringingCode)
      }
      _ = ringLine(session, code: code, body: [], at: now)
    case (.answer, .waiting):
      calls[number]?.phase = .held
      run([.caller(.answer(with: nil))], of: number, at: now)
      reschedule(number)
    case (.reject(_, let code, let phrase), .waiting):
      guard (300...699).contains(code), phrase.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        return .failure(.rejectionCode)
      }
      refuse(number, code: code, phrase: phrase, at: now)
    case (.hangUp, _):
      hangUp(number, at: now)
    case (.endDial, .running):
      pending.append(.host(.endDial), for: number)
    case (.digit(_, let key), .running), (.digit(_, let key), .held):
      guard InfoDigit.isKey(key) else { return .failure(.key) }
      heard(key, from: .caller, of: number, by: .host, at: now)
    case (.record(_, let path), .running), (.record(_, let path), .held):
      return record(number, path: path, at: now)
    case (.ring, _), (.answer, _), (.reject, _):
      return .failure(.notWaiting)
    case (.endDial, _), (.digit, _), (.record, _):
      return .failure(.notRunning)
    case (.run, .over), (.set, _), (.call, _), (.defaultDocument, _), (.answerRequest, _),
      (.answerCredentials, _), (.answerTarget, _), (.answerURL, _), (.answerSpeech, _),
      (.hostCall, _), (.hostSays, _), (.drain, _), (.stop, _):
      return .failure(.gone)
    }
    return .success(.done)
  }

  private func hangUp(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number] else { return }
    switch call.phase {
    case .running:
      pending.append(.host(.hangUp), for: number)
    case .waiting:
      refuse(number, code: 480, phrase: "Temporarily Unavailable", at: now)
    case .held, .calling, .over:
      if let session = call.session { endLine(session, at: now) }
      end(
        number, status: call.isAnswered ? .completed : .canceled, code: nil, side: .host, at: now)
    }
  }

  private func set(_ name: String, _ value: String) -> Outcome {
    let nameServers = settings.dnsServer
    let ports = settings.rtpPorts
    switch settings.set(name, value) {
    case .failure(let problem):
      return .failure(Refusal(code: RefusalCode.setting, text: problem.text))
    case .success:
      userAgent.apply(settings)
      web.settings = settings.web
      if settings.dnsServer != nameServers {
        outputs.append(.useNameServers(Array(settings.dnsServer.utf8)))
      }
      if settings.rtpPorts != ports { outputs.append(.media(.usePorts(settings.rtpPorts))) }
      return .success(.done)
    }
  }

  private func answer(
    _ id: ExchangeID, status: UInt16, contentType: String, body: [UInt8], at now: Instant
  ) -> Outcome {
    guard web.isAskedOfHost(id) else { return .failure(.gone) }
    let answer = HTTPAnswer(status: status, contentType: contentType, location: "", body: body)
    web.answered(id, answer, at: now)
    return .success(.done)
  }

  private func drain() {
    if case .open = service { service = .draining }
    userAgent.drain()
  }

  /// Spec Q-6: unanswered callers get 480, answered parties BYE, every leg its `completed`.
  private func stop(at now: Instant) {
    drain()
    if case .draining = service { service = .finishing(until: now + settings.drainTimeout) }
    for number in callNumbers { hangUp(number, at: now) }
  }
}
