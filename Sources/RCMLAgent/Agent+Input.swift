import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia
import RCMLSIP

/// Inputs, to whom they concern.
extension Agent {
  /// What comes of it waits for `settle`.
  func route(_ input: Input, at now: Instant) {
    switch input {
    case .started, .timePassed:
      break
    case .wallClock(let wall):
      services.set(wall)
      services.calls.set(wall)
    case .memory(let isFull):
      services.lines.memoryIs(full: isFull)
    case .network(let input):
      services.lines.handle(input, at: now)
    case .names(let id, let answer):
      services.lines.handle(answer, to: id, at: now)
    case .web(let id, .answered(let answer)):
      services.web.answered(id, answer, at: now)
    case .web(let id, .failed(let failure)):
      services.web.failed(id, failure, at: now)
    case .media(let event):
      route(event, at: now)
    }
  }

  private func route(_ event: MediaEvent, at now: Instant) {
    let calls = services.calls
    switch event {
    case .opened(let stream, let port):
      guard let call = calls.call(of: stream), !call.isOver else {
        // The call did not wait.
        calls.remove(stream)
        return services.outputs.append(.close(stream))
      }
      call.opened(stream, port: port, at: now)
    case .unopened(let stream):
      guard let call = calls.call(of: stream), !call.isOver else {
        calls.remove(stream)
        return
      }
      call.unopened(stream, at: now)
    case .loaded(let sound, let milliseconds):
      services.sounds.loaded(sound, milliseconds: milliseconds, services, at: now)
    case .unloadable(let sound, let problem):
      services.sounds.unloadable(sound, problem.sentence, services, at: now)
    case .digit(let stream, let key):
      if let call = calls.call(of: stream), !call.isOver { call.digit(key, on: stream, at: now) }
    case .silent(let stream):
      calls.call(of: stream)?.silent(stream)
    case .contested(let stream):
      calls.call(of: stream)?.warnOfSecondSender(stream)
    case .reception: break  // For whoever reads the journal.
    case .played(let playback):
      if let call = calls.remove(playback) {
        call.performances.played(playback, .played, of: call, at: now)
      }
    case .unplayable(let playback):
      if let call = calls.remove(playback) {
        call.performances.played(playback, .unplayable, of: call, at: now)
      }
    case .recorded(let recording, let result):
      if let call = calls.remove(recording) {
        call.recordingEnded(recording, result, at: now)
      }
    }
  }

  /// Lets everything that was set in motion come to rest: the lines first, then the web, then the calls, one after the
  /// other in the order in which it happened (spec L-30).
  func settle(at now: Instant) {
    while true {
      if let event = services.lines.nextEvent() {
        route(event, at: now)
      } else if let effect = services.web.popEffect() {
        perform(effect, at: now)
      } else if let (call, input) = services.pending.popFirst() {
        call.handle(input, at: now)
      } else {
        break
      }
    }
    checkService(at: now)
  }

  private func route(_ event: Lines.Event, at now: Instant) {
    switch event {
    case .limited(let limit):
      services.refuse(limit)
    case .incoming(let session, let invite):
      CallRun.incoming(session, invite, document: defaultDocument, services, at: now)
    case .happened(.question(let question), .sip(let session)):
      ask(question, of: session, at: now)
    case .happened(let event, let line):
      if case .ended = event, case .sip(let session) = line {
        services.questions.withdraw(.credentials(session))
        services.questions.withdraw(.redirect(session))
      }
      guard let owner = services.calls.owner(of: line) else { return }
      owner.call.handle(event, of: owner.party, on: line, at: now)
    }
  }

  private func perform(_ effect: WebClient.Effect, at now: Instant) {
    let outputs = services.outputs
    switch effect {
    case .exchange(let id, let exchange):
      if let call = services.web.call(of: id) { outputs.record(.exchange(call, id)) }
      outputs.append(.web(id, .begin(exchange)))
    case .giveUp(let id):
      outputs.append(.web(id, .abort))
    case .askAbout(let id, let call, let method, let url):
      outputs.tell(.question(QuestionID(id), call, .url(method: method, url: url)))
    case .denied(let call, let url):
      let text = "\(url) was not requested: the host does not allow it."
      outputs.tell(.finding(call, Finding(severity: .warning, code: .urlDenied, text: text)))
    case .askHost(let id, let call, let method, let url, let body, let reason):
      outputs.tell(
        .question(QuestionID(id), call, .request(method: method, url: url, body: body, reason)))
    case .tell(let call, let report):
      outputs.tell(.onCall(call, .exchange(report)))
    case .finished(.document(let call, let request), let outcome, _):
      services.calls[call]?.enqueue(.web(request, WebInput(outcome)))
    case .finished(.callback(let call, let leg), let outcome, let attempts):
      services.callbacks.finished(
        .init(call: call, leg: leg), outcome, attempts: attempts, services, at: now)
    case .finished(.sound(_, let sound), let outcome, _):
      services.sounds.retrieved(sound, outcome, services, at: now)
    }
  }

  /// Everything whose time has come. A deadline that leads to another one already due gets it in the same turn, but
  /// not without bound: what is left then is due at the next input.
  func passTime(at now: Instant) {
    for _ in 0..<64 {
      guard let deadline = nextDeadline, deadline.instant <= now else { return }
      services.lines.timePassed(at: now)
      settle(at: now)
      if let due = services.web.nextDeadline, due.instant <= now {
        services.web.timePassed(at: now)
      }
      settle(at: now)
      while let subject = services.questions.popFirst(dueAt: now) {
        useDefault(of: subject, at: now)
        settle(at: now)
      }
      while let call = services.deadlines.popFirst(dueAt: now) {
        call.timePassed(at: now)
        settle(at: now)
      }
      services.deadlines.forgetStale()
      services.outputs.tellRefusals(at: now)
    }
  }
}
