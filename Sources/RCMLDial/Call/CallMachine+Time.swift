import RCMLBasics

extension CallMachine {
  package var nextDeadline: Deadline? {
    guard !isOver else { return nil }
    var next: Deadline?
    func consider(_ deadline: Deadline?) {
      guard let deadline, deadline.instant < (next?.instant ?? .distantFuture) else { return }
      next = deadline
    }
    consider(callerLeg.repetition.map { Deadline($0, .ringingRepetition) })
    consider(dial?.machine.nextDeadline)
    consider(dial?.warnAt.map { Deadline($0, .timeLimitWarning) })
    consider(CallMachine.pause(of: script))
    for leg in legs {
      consider(leg.machine.deadline)
      consider(leg.script.flatMap(CallMachine.pause))
    }
    return next
  }

  static func pause(of script: Interpreter) -> Deadline? {
    switch script.waiting {
    case .pause(let until): Deadline(until, .pause)
    case .nothing, .answer, .document, .performance, .dial: nil
    }
  }

  /// Everything that is due comes before the input that found it due: at the same instant the timer was first.
  mutating func fireTimers() {
    while let due = nextDeadline, due.instant <= now {
      fire(due)
      workOff()
    }
  }

  private mutating func fire(_ due: Deadline) {
    if let repetition = callerLeg.repetition, repetition <= due.instant {
      return tellCaller(.timePassed)
    }
    if let limit = dial?.machine.nextDeadline, limit.instant <= due.instant {
      return tellDial(.timePassed)
    }
    if let warnAt = dial?.warnAt, warnAt <= due.instant { return warnCaller() }
    if let index = legs.firstIndex(where: { $0.machine.deadline.map { $0 <= due } ?? false }) {
      return tellLeg(index, .timePassed)
    }
    if let pause = CallMachine.pause(of: script), pause.instant <= due.instant {
      script.waiting = .nothing
      return agenda.append(.runDocument)
    }
    for index in legs.indices {
      guard let pause = legs[index].script.flatMap(CallMachine.pause), pause <= due else {
        continue
      }
      legs[index].script?.waiting = .nothing
      return agenda.append(.screen(legs[index].number))
    }
  }
}
