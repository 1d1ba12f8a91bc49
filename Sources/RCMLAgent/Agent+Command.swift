import RCMLBasics
import RCMLDial

/// What the host asks for.
extension Agent {
  typealias Outcome = Result<CommandResult, Refusal>

  func obey(_ command: Command, at now: Instant) -> Outcome {
    switch command {
    case .set(let name, let value):
      return services.set(name, value).map { .done }
    case .call(let party, let from, let document):
      guard takesCalls else { return .failure(.closing) }
      return CallRun.outgoing(to: party, from: from, document, services, at: now)
    case .hostCall(let caller, let document):
      guard takesCalls else { return .failure(.closing) }
      return CallRun.brought(caller, document, services, at: now)
    case .defaultDocument(let document):
      set(defaultDocument: document)
      return .success(.done)
    case .answer(let id, let answer):
      return obey(answer, to: id, at: now)
    case .drain:
      drain()
      return .success(.done)
    case .stop:
      stop(at: now)
      return .success(.done)
    case .onCall(let number, let command):
      guard let call = services.calls[number] else { return .failure(.gone) }
      return call.obey(command, at: now)
    }
  }

  private func obey(_ answer: HostAnswer, to id: QuestionID, at now: Instant) -> Outcome {
    switch answer {
    case .request(let status, let contentType, let body):
      guard services.web.isAskedOfHost(id.exchange) else { return .failure(.gone) }
      let answer = HTTPAnswer(status: status, contentType: contentType, location: "", body: body)
      services.web.answered(id.exchange, answer, at: now)
      return .success(.done)
    case .target(let decision):
      return answerTarget(id, decision, at: now)
    case .credentials(let username, let password):
      return answerCredentials(id, username, password, at: now)
    case .url(let isAllowed):
      let isAwaited = services.web.decided(id.exchange, isAllowed: isAllowed, at: now)
      return isAwaited ? .success(.done) : .failure(.gone)
    case .speech(let contentType, let body):
      return answerSpeech(id, contentType: contentType, body: body, at: now)
    }
  }
}
