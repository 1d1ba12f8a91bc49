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
    case .onCall(let number, let command):
      return obey(command, of: number, at: now)
    case .answer(let id, let answer):
      return take(answer, to: id, at: now)
    case .defaultDocument(let document):
      defaultDocument = document
      return .success(.done)
    case .drain:
      drain()
      return .success(.done)
    case .stop:
      stop(at: now)
      return .success(.done)
    }
  }

  private func take(_ answer: HostAnswer, to id: QuestionID, at now: Instant) -> Outcome {
    switch answer {
    case .request(let status, let contentType, let body):
      return self.answer(id, status: status, contentType: contentType, body: body, at: now)
    case .target(let decision):
      return answerTarget(id, decision, at: now)
    case .credentials(let username, let password):
      return answerCredentials(id, username, password, at: now)
    case .url(let isAllowed):
      let isAsked = web.decided(id.exchange, isAllowed: isAllowed, at: now)
      return isAsked ? .success(.done) : .failure(.gone)
    case .speech(let contentType, let body):
      return answerSpeech(id, contentType: contentType, body: body, at: now)
    }
  }

  private func obey(
    _ command: CallCommand, of number: CallNumber, at now: Instant
  ) -> Outcome {
    guard let call = calls[number] else { return .failure(.gone) }
    switch (command, call.phase) {
    case (.run(let document), .waiting), (.run(let document), .held),
      (.run(let document), .running):
      run(document, on: number, at: now)
    case (.run(let document), .calling):
      calls[number]?.phase = .calling(document)
    case (.ring(let code), .waiting):
      guard code == 180 || code == 183, let session = call.session else {
        return .failure(.ringingCode)
      }
      _ = ringLine(session, code: code, body: [], at: now)
    case (.answer, .waiting):
      calls[number]?.phase = .held
      run([.answerCaller(with: nil)], of: number, at: now)
      reschedule(number)
    case (.reject(let code, let phrase), .waiting):
      guard (300...699).contains(code), phrase.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        return .failure(.rejectionCode)
      }
      refuse(number, code: code, phrase: phrase, at: now)
    case (.hangUp, _):
      hangUp(number, at: now)
    case (.endDial, .running):
      pending.append(.endDial, for: number)
    case (.digit(let key), .running), (.digit(let key), .held):
      guard InfoDigit.isKey(key) else { return .failure(.key) }
      heard(key, from: .caller, of: number, by: .host, at: now)
    case (.record(let path), .running), (.record(let path), .held):
      return record(number, path: path, at: now)
    case (.ring, _), (.answer, _), (.reject, _):
      return .failure(.notWaiting)
    case (.endDial, _), (.digit, _), (.record, _):
      return .failure(.notRunning)
    case (.hostSays(let leg, let news), _):
      return hostSays(news, of: leg, number, at: now)
    case (.run, .over):
      return .failure(.gone)
    }
    return .success(.done)
  }

  private func hangUp(_ number: CallNumber, at now: Instant) {
    guard let call = calls[number] else { return }
    switch call.phase {
    case .running:
      pending.append(.hangUp, for: number)
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
        outputs.append(.names(.useServers(Array(settings.dnsServer.utf8))))
      }
      if settings.rtpPorts != ports { outputs.append(.media(.usePorts(settings.rtpPorts))) }
      return .success(.done)
    }
  }

  private func answer(
    _ id: QuestionID, status: UInt16, contentType: String, body: [UInt8], at now: Instant
  ) -> Outcome {
    guard web.isAskedOfHost(id.exchange) else { return .failure(.gone) }
    let answer = HTTPAnswer(status: status, contentType: contentType, location: "", body: body)
    web.answered(id.exchange, answer, at: now)
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
