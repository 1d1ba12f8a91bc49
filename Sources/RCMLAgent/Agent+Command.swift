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
    case .answerRequest(let id, let status, let contentType, let body):
      guard services.web.isAskedOfHost(id) else { return .failure(.gone) }
      let answer = HTTPAnswer(status: status, contentType: contentType, location: "", body: body)
      services.web.answered(id, answer, at: now)
      return .success(.done)
    case .answerCredentials(let id, let username, let password):
      return answerCredentials(id, username, password, at: now)
    case .answerTarget(let id, let decision):
      return answerTarget(id, decision, at: now)
    case .answerURL(let id, let isAllowed):
      let isAwaited = services.web.decided(id, isAllowed: isAllowed, at: now)
      return isAwaited ? .success(.done) : .failure(.gone)
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
      .digit(let number, _), .record(let number, _), .hostSays(let number, _, _):
      guard let call = services.calls[number] else { return .failure(.gone) }
      return call.obey(command, at: now)
    }
  }
}
