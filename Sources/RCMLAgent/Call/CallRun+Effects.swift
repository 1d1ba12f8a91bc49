import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// What the machine of a call wants done.
extension CallRun {
  /// In order: what needs a stream that is not there yet waits for it, and what must follow it waits behind
  /// (StreamWait.table.md).
  func perform(_ effect: CallEffect, at now: Instant) {
    // The answer to an effect before may have ended it.
    guard !isOver else { return }
    switch streams.verdict(on: effect, hasLegs: !legs.isEmpty) {
    case .perform:
      performNow(effect, at: now)
    case .wait:
      streams.hold(.effect(effect))
    case .open(let purpose):
      open(purpose, for: effect)
      streams.hold(.effect(effect))
    case .drop(let gone):
      drop(gone)
      performNow(effect, at: now)
    }
  }

  private func performNow(_ effect: CallEffect, at now: Instant) {
    switch effect {
    case .caller(let effect):
      if let line = caller.line { perform(effect, on: line, at: now) }
    case .leg(let leg, let effect):
      perform(effect, on: leg, at: now)
    case .media(let request):
      perform(request, at: now)
    case .web(let request, .fetch(let document)):
      services.web.ask(
        .document(number, request), url: document.url, method: document.method,
        parameters: document.parameters, policy: settings.documentPolicy,
        settings: ownSettings?.web, origin: document.origin, trace: caller.identity.sid,
        about: document.reason, at: now)
    case .web(let request, .abort):
      services.web.withdraw(.document(number, request), at: now)
    case .ask(let question):
      let id = QuestionID(services.web.makeExchange())
      services.questions.ask(
        .target(number, dial: question.dial, target: question.target), as: id, at: now)
      ask(id, .target(question))
    case .askVerb(let question):
      let id = QuestionID(services.web.makeExchange())
      services.questions.ask(.verb(number, question.number), as: id, at: now)
      ask(id, .verb(question))
    case .tell(let report):
      tell(report, at: now)
    case .ended(let end):
      self.end(end, at: now)
    }
  }

  private func perform(_ effect: CallerEffect, on line: LineID, at now: Instant) {
    switch effect {
    case .ring(let code, let leg):
      ringCaller(code: code, earlyMediaOf: leg, on: line, at: now)
    case .answer(let leg):
      answerCaller(with: leg, on: line, at: now)
    case .reject(let response):
      silenceCaller()
      services.lines.reject(
        line, code: response.code, phrase: response.phrase, reasons: response.reasons,
        because: reason(ofEnding: .caller), at: now)
    case .hangUp(let reasons):
      silenceCaller()
      services.lines.end(
        line, reasons: reasons, because: reason(ofEnding: .caller), at: now)
    }
  }

  private func perform(_ effect: LegEffect, on leg: LegNumber, at now: Instant) {
    switch effect {
    case .start(let request):
      startLeg(leg, request, at: now)
    case .cancel(let reasons), .hangUp(let reasons):
      silenceLeg(leg, at: now)
      if let line = legs[leg] {
        services.lines.end(
          line, reasons: reasons, because: reason(ofEnding: .leg(leg)), at: now)
      }
    case .bridge(let withholdsStar):
      bridge(leg, withholdsStar: withholdsStar, at: now)
    case .unbridge:
      unbridge(leg, at: now)
    case .passEarlyMedia:
      passEarlyMedia(of: leg, at: now)
    case .allowTransfer:
      if let line = legs[leg] { services.lines.allowTransfer(line) }
    case .confirmTransfer:
      if let line = legs[leg] { services.lines.confirmTransfer(line, at: now) }
    }
  }

  private func perform(_ request: MediaRequest, at now: Instant) {
    switch request {
    case .perform(let performance, let party, let what, let origin):
      performances.begin(performance, what, origin, on: party, of: self, at: now)
    case .stopPerforming(let performance):
      performances.stop(performance, of: self, at: now)
    case .record(let request):
      recordings.begin(request, of: self)
    case .addToRecording(let sid, let leg):
      recordings.add(leg, to: sid, of: self)
    case .endRecording(let sid, let isKept):
      recordings.end(sid, isKept: isKept, of: self)
    }
  }

  private func tell(_ report: CallReport, at now: Instant) {
    switch report {
    case .leg(let leg, let status, let callback):
      tell(.legStatus(leg, status))
      if let callback { deliver(callback, of: .init(call: number, leg: leg), at: now) }
    case .recording(let status, let callback):
      // A Record's is told to the web alone, which gets it with its action, too (P-56, D-29).
      if status.source != .record { tell(.recording(status)) }
      if let callback { deliver(callback, of: .recordings(of: number), at: now) }
    case .dialEnded(let result):
      tell(.dialEnded(result))
    case .finding(let finding):
      tell(finding)
    case .limitReached(let limit):
      services.count(limit)
    case .verbReached(let verb, let leg):
      services.outputs.record(
        .verb(number, RunVerb(leg: leg, name: verb.name, line: verb.line)))
    }
  }

  private func deliver(
    _ callback: StatusCallback, of source: CallbackQueues.Source, at now: Instant
  ) {
    services.callbacks.deliver(
      callback, of: source, settings: ownSettings, services, at: now)
  }
}
