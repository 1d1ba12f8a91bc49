import RCMLBasics
import RCMLDial
import RCMLSIP

/// What the host wants of a call.
extension CallRun {
  func obey(_ command: CallCommand, at now: Instant) -> Result<CommandResult, Refusal> {
    switch (command, phase) {
    case (.run(let document), .waiting), (.run(let document), .held),
      (.run(let document), .running):
      run(document)
    case (.run(let document), .calling):
      wait(with: document)
    case (.set(let given), _):
      return set(given)
    case (.ring(let code), .waiting):
      guard code == 180 || code == 183, let line = caller.line else {
        return .failure(.ringingCode)
      }
      _ = services.lines.ring(line, code: code, sdp: [], at: now)
    case (.answer, .waiting):
      answerWithoutDocument(at: now)
      reschedule()
    case (.reject(let code, let phrase), .waiting):
      guard (300...699).contains(code), phrase.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
        return .failure(.rejectionCode)
      }
      refuse(code: code, phrase: phrase, because: .hostRejected, at: now)
    case (.hangUp, _):
      hangUp(because: .stoppedByHost, at: now)
    case (.endDial, .running):
      enqueue(.host(.endDial))
    case (.digit(let key), .running), (.digit(let key), .held):
      guard TelephoneKey.isKey(key) else { return .failure(.key) }
      press(key, by: .caller, .host, at: now)
    case (.record(let path), .running), (.record(let path), .held):
      return recordings.beginHostRecording(path: path, of: self, at: now).map { .done }
    case (.ring, _), (.answer, _), (.reject, _):
      return .failure(.notWaiting)
    case (.endDial, _), (.digit, _), (.record, _):
      return .failure(.notRunning)
    case (.hostSays(let leg, let report), _):
      return hear(report, of: leg, at: now)
    case (.run, .ending), (.run, .over):
      return .failure(.gone)
    }
    return .success(.done)
  }

  /// The host takes the caller, and nothing runs yet.
  func answerWithoutDocument(at now: Instant) {
    hold()
    perform(.caller(.answer(with: nil)), at: now)
  }

  func hangUp(because cause: ReasonCode, at now: Instant) {
    let reason = Reason(cause)
    switch phase {
    case .running:
      enqueue(.host(.hangUp(reason)))
    case .waiting:
      refuse(code: 480, phrase: "Temporarily Unavailable", because: cause, at: now)
    case .ending: break
    case .held, .calling, .over:
      if let line = caller.line { services.lines.end(line, because: reason, at: now) }
      end(
        status: caller.isAnswered ? .completed : .canceled, code: nil, side: .host,
        because: reason, at: now)
    }
  }
}
