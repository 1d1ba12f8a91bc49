import RCMLBasics
import RCMLDial
import RCMLSIP

extension Agent {
  /// One input to whom it concerns; what comes of it waits for `settle`.
  func take(_ input: Input, at now: Instant) {
    guard isStarted else {
      if case .started(let entropy, let wall) = input { start(entropy, wall) }
      return
    }
    switch input {
    case .started, .timePassed:
      break
    case .wallClock(let wall):
      self.wall = wall
      web.wall = wall
      // In any order: nothing comes of it but other time stamps.
      for number in calls.keys { calls[number]?.wallClock(wall) }
    case .network(let input):
      take(input, at: now)
    case .names(let id, let answer):
      openResolutions -= 1
      take(answer, to: id, at: now)
    case .web(let id, .answered(let answer)):
      web.answered(id, answer, at: now)
    case .web(let id, .failed(let failure)):
      web.failed(id, failure, at: now)
    case .media(let event):
      take(event, at: now)
    }
  }

  private func start(_ entropy: [UInt8], _ wall: WallClock) {
    isStarted = true
    self.wall = wall
    random = RandomSource(seed: entropy)
    userAgent = UserAgent(random: random.split(), settings: settings)
    web = WebClient(random: random.split(), settings: settings.web)
    web.wall = wall
  }

  private func take(_ input: NetworkInput, at now: Instant) {
    switch input {
    case .listening(let id, let transport, let local):
      listeners.append((id, transport, local))
      userAgent.listening(id, transport, local: local)
    case .listenerClosed(let id):
      listeners.removeAll { $0.id == id }
      userAgent.listenerClosed(id)
    case .datagram(let id, let source, let local, let bytes):
      userAgent.datagram(bytes, on: id, from: source, local: local, at: now)
    case .datagramRefused(let id, let destination):
      userAgent.datagramRefused(on: id, to: destination, at: now)
    case .streamAccepted(let id, let listener, let local, let remote):
      userAgent.streamAccepted(id, on: listener, local: local, remote: remote, at: now)
    case .streamConnected(let id, let local):
      userAgent.streamConnected(id, local: local, at: now)
    case .streamFailed(let id):
      userAgent.streamFailed(id, at: now)
    case .streamBytes(let id, let bytes):
      userAgent.streamBytes(bytes, on: id, at: now)
    case .streamClosed(let id):
      userAgent.streamClosed(id, at: now)
    case .routeFound(let destination, let local):
      userAgent.routeFound(to: destination, local: local, at: now)
      hostRouteFound(to: destination, local: local)
    }
  }

  private func take(_ answer: NameAnswer, to id: ResolutionID, at now: Instant) {
    switch answer {
    case .addresses(let addresses): userAgent.resolved(id, addresses, at: now)
    case .services(let records): userAgent.servicesFound(id, records, at: now)
    case .pointers(let records): userAgent.pointersFound(id, records, at: now)
    case .failed: userAgent.resolutionFailed(id, at: now)
    }
  }

  /// Lets everything that was set in motion come to rest: SIP first, then the web, then the calls, one after the
  /// other in the order in which it happened (spec L-30).
  func settle(at now: Instant) {
    while true {
      if let effect = userAgent.nextEffect() {
        perform(effect, at: now)
        continue
      }
      if let (session, event) = hostLines.nextEvent() {
        happened(event, to: session, at: now)
        continue
      }
      let asked = web.takeEffects()
      if !asked.isEmpty {
        for effect in asked { perform(effect, at: now) }
        continue
      }
      guard let (call, input) = pending.popFirst() else { break }
      handle(input, of: call, at: now)
    }
    checkService(at: now)
  }

  /// Everything whose time has come. A deadline that leads to another one already due gets it in the same turn, but
  /// not without bound: what is left then is due at the next input.
  func passTime(at now: Instant) {
    for _ in 0..<64 {
      guard let deadline = nextDeadline, deadline.instant <= now else { return }
      if let due = userAgent.nextDeadline, due.instant <= now { userAgent.timePassed(at: now) }
      settle(at: now)
      if let due = web.nextDeadline, due.instant <= now { web.timePassed(at: now) }
      settle(at: now)
      questionsTimePassed(at: now)
      while let entry = deadlines.popFirst(dueAt: now) {
        let number = CallNumber(entry.owner)
        guard calls[number]?.scheduled == entry.deadline.instant else { continue }
        calls[number]?.scheduled = nil
        callTimePassed(number, at: now)
        settle(at: now)
      }
      forgetStaleDeadlines()
    }
  }
}
