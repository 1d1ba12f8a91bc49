import RCMLBasics
import RCMLMedia

/// Sounds of all calls: which are there, which are being had, and from whom.
final class SoundDesk {
  private var library = SoundLibrary()

  /// The sound's number, and whether it is there. What nobody asked for before is asked for now.
  func want(
    _ key: SoundKey, for waiter: SoundLibrary.Waiter, _ services: AgentServices, at now: Instant
  ) -> (id: SoundID, isReady: Bool) {
    let answer = library.want(
      key, by: waiter, newID: SoundID(services.calls.makeMediaNumber()),
      lifetime: services.settings.soundCache, at: now)
    forget(services)
    switch answer {
    case .ready(let id): return (id, true)
    case .underWay(let id): return (id, false)
    case .wanted(let id):
      load(id, key, for: waiter.call, services, at: now)
      return (id, false)
    }
  }

  /// Its sounds are being played, or nobody wants them any more.
  func release(_ waiter: SoundLibrary.Waiter, _ services: AgentServices) {
    library.released(by: waiter)
    forget(services)
  }

  private func load(
    _ id: SoundID, _ key: SoundKey, for call: CallNumber, _ services: AgentServices,
    at now: Instant
  ) {
    switch key {
    case .web(let url):
      services.web.ask(
        .sound(call, id), url: url, method: "GET", parameters: [],
        policy: services.settings.documentPolicy, at: now)
    case .file(let path): services.outputs.append(.load(id, .file(path: path)))
    case .speech(let request): services.outputs.append(.load(id, .speech(request)))
    case .hostSpeech(let request): askHost(to: request, as: id, for: call, services, at: now)
    }
  }

  private func forget(_ services: AgentServices) {
    for id in library.takeForgotten() { services.outputs.append(.forget(id)) }
  }

  // MARK: the host as the one who speaks (spec V-10, Q-26)

  private func askHost(
    to speak: SpeechRequest, as sound: SoundID, for call: CallNumber, _ services: AgentServices,
    at now: Instant
  ) {
    let id = QuestionID(services.web.makeExchange())
    services.questions.ask(.speech(sound, speak), as: id, at: now)
    services.outputs.tell(
      .question(
        id, call,
        .speech(
          text: speak.text, markup: speak.markup, voice: speak.voice, language: speak.language)))
  }

  /// What the host says is kept like what a program says: the same text asks nobody again. Nil: it leaves it to our own
  /// program.
  func hostSpoke(
    _ body: [UInt8]?, contentType: String, _ sound: SoundID, _ request: SpeechRequest,
    _ services: AgentServices, at now: Instant
  ) {
    guard let body else { return hostIsSilent(sound, request, services, at: now) }
    if body.isEmpty {
      unloadable(sound, SoundProblem.empty.sentence, services, at: now)
    } else if body.count > SoundFile.octetsLimit {
      unloadable(sound, SoundProblem.tooLong.sentence, services, at: now)
    } else {
      services.outputs.append(
        .load(sound, .octets(body, name: "", contentType: contentType)))
    }
  }

  /// The host leaves it to our own program, or said nothing in time.
  func hostIsSilent(
    _ sound: SoundID, _ request: SpeechRequest, _ services: AgentServices, at now: Instant
  ) {
    guard !request.program.isEmpty else {
      return unloadable(
        sound, "the host did not say it, and there is no speech program", services, at: now)
    }
    services.outputs.append(.load(sound, .speech(request)))
  }

  // MARK: what came of it

  /// What the web had to say. What was read below is told before (`loaded`).
  func retrieved(
    _ id: SoundID, _ outcome: WebOutcome, _ services: AgentServices, at now: Instant
  ) {
    guard library.isUnderWay(id) else { return }
    switch outcome {
    case .answered(let url, let answer) where (200...299).contains(answer.status):
      guard !answer.body.isEmpty else {
        return unloadable(id, SoundProblem.empty.sentence, services, at: now)
      }
      // The host's own answer to a `host:` URL.
      services.outputs.append(
        .load(id, .octets(answer.body, name: url, contentType: answer.contentType)))
    case .answered(_, let answer):
      unloadable(id, "the server answered \(answer.status)", services, at: now)
    case .failed(let failure):
      unloadable(id, failure.sentence, services, at: now)
    }
  }

  func loaded(_ id: SoundID, milliseconds: Int, _ services: AgentServices, at now: Instant) {
    settled(id, milliseconds, .ready, services, at: now)
  }

  /// `why`: half a sentence for people.
  func unloadable(_ id: SoundID, _ why: String, _ services: AgentServices, at now: Instant) {
    settled(id, nil, .failed(why), services, at: now)
  }

  private func settled(
    _ id: SoundID, _ milliseconds: Int?, _ state: PerformanceRun.Sound.State,
    _ services: AgentServices, at now: Instant
  ) {
    for waiter in library.settled(id, milliseconds: milliseconds, at: now) {
      guard let call = services.calls[waiter.call] else { continue }
      call.performances.settled(id, state, for: waiter.performance, of: call, at: now)
    }
    forget(services)
  }
}
