import RCMLBasics
import RCMLDial

/// Targets that the host is asked about before they are dialled (spec Y-1, D-22).
extension Agent {
  func ask(_ question: TargetQuestion, of call: CallNumber, at now: Instant) {
    let id = web.makeExchange()
    questions.ask(.target(call, dial: question.dial, target: question.target), as: id, at: now)
    tell(.target(id, call, question))
  }

  func answerTarget(_ id: ExchangeID, _ decision: TargetDecision, at now: Instant) -> Outcome {
    guard case .target(let call, let dial, let target)? = questions.subject(of: id) else {
      return .failure(.gone)
    }
    if case .instead(let uri, let username, _) = decision {
      if case .failure(let problem) = PartyText.read(uri, from: "", settings: settings) {
        return .failure(.party(problem))
      }
      guard isUsername(username) else { return .failure(.username) }
    }
    questions.answered(id)
    pending.append(.decided(dial: dial, target: target, decision), for: call)
    return .success(.done)
  }
}
