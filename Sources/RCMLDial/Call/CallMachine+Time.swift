import RCMLBasics

/// The timers of a call: every part has at most one at a time.
extension CallMachine {
  /// Whose timer it is. At the same instant the earlier one of this list comes first.
  enum TimerOwner {
    /// It has lasted as long as a call may.
    case call
    /// Its ringing is repeated.
    case caller
    /// Dial timer, time limit, delayed targets.
    case dial
    case warning
    case leg(CallLeg)
    /// A Pause of the document.
    case script
    /// A Pause of a leg's screening.
    case screening(CallLeg)
  }

  var nextTimer: (deadline: Deadline, owner: TimerOwner)? {
    var next: (deadline: Deadline, owner: TimerOwner)?
    func consider(_ deadline: Deadline?, _ owner: TimerOwner) {
      guard let deadline, deadline.instant < (next?.deadline.instant ?? .distantFuture) else {
        return
      }
      next = (deadline, owner)
    }
    consider(limits.end.map { Deadline($0, .callDuration) }, .call)
    consider(caller.line.repetition.map { Deadline($0, .ringingRepetition) }, .caller)
    consider(dial?.machine.nextDeadline, .dial)
    consider(dial?.warnsAt.map { Deadline($0, .timeLimitWarning) }, .warning)
    for leg in legs.all { consider(leg.machine.deadline, .leg(leg)) }
    consider(script.waiting.pause, .script)
    for leg in legs.all { consider(leg.waiting?.pause, .screening(leg)) }
    return next
  }

  /// Everything that is due comes before the input that found it due: at the same instant the timer was first.
  func fireTimers() {
    while let next = nextTimer, next.deadline.instant <= now {
      switch next.owner {
      case .call: endCallThatLasts()
      case .caller: caller.handle(.timePassed)
      case .dial: stepDial(.timePassed)
      case .warning: warnCaller()
      case .leg(let leg): stepLeg(leg, .timePassed)
      case .script:
        script.stopWaiting()
        schedule(.runDocument)
      case .screening(let leg):
        leg.wait(for: .nothing)
        schedule(.screen(leg.number))
      }
      workOffAgenda()
    }
  }
}

extension Interpreter.Waiting {
  /// When a Pause is over; nil = none runs.
  fileprivate var pause: Deadline? {
    switch self {
    case .pause(let until): Deadline(until, .pause)
    case .nothing, .answer, .document, .performance, .verb, .dial: nil
    }
  }
}
