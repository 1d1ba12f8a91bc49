import RCMLBasics
import RCMLDial

/// What the host asks for.
extension Agent {
  typealias Outcome = Result<CommandResult, Refusal>

  func obey(_ command: Command, at now: Instant) -> Outcome {
    switch command {
    case .set(let name, let value):
      return services.set(name, value).map { .done }
    case .reset(let name):
      return services.set(name, nil).map { .done }
    case .call(let party, let from, let document, let limit, let own):
      guard takesCalls else { return .failure(.closing) }
      return services.own(own, isBeginning: true).flatMap {
        CallRun.outgoing(
          to: party, from: from, document, limit: limit, settings: $0, services, at: now)
      }
    case .hostCall(let caller, let document):
      guard takesCalls else { return .failure(.closing) }
      return services.own(caller.settings, isBeginning: true).flatMap {
        CallRun.brought(caller, document, settings: $0, services, at: now)
      }
    case .defaultDocument(let document):
      set(defaultDocument: document)
      return .success(.done)
    case .onCall(let number, let command):
      guard let call = services.calls[number], !call.isOver else { return .failure(.gone) }
      return call.obey(command, at: now)
    case .answer(let id, let answer):
      return handle(answer, to: id, at: now)
    case .drain:
      drain()
      return .success(.done)
    case .stop:
      stop(at: now)
      return .success(.done)
    }
  }
}
