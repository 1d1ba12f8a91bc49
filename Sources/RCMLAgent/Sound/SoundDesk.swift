import RCMLBasics
import RCMLMedia

/// Sounds of all calls: which are there, which are being had, and from whom.
final class SoundDesk {
  enum Found {
    case ready(SoundID)
    case underWay(SoundID)
    /// Half a sentence for people.
    case refused(String)
  }

  private var library = SoundLibrary()

  /// What nobody may be given without asking is asked for now.
  func want(
    _ key: SoundKey, for waiter: SoundLibrary.Waiter, _ services: AgentServices, at now: Instant
  ) -> Found {
    let answer = library.want(
      key, by: waiter, newID: SoundID(services.calls.makeMediaNumber()),
      services.web.soundHeaders, longest: services.settings.soundCache, at: now)
    forget(services)
    switch answer {
    case .ready(let id): return .ready(id)
    case .underWay(let id): return .underWay(id)
    case .wanted(let id, let condition):
      load(id, key, asking: condition, for: waiter.call, services, at: now)
      return .underWay(id)
    case .crowded:
      return .refused("\(SoundLibrary.fetchLimit) others are being had")
    }
  }

  /// Its sounds are being played, or nobody wants them any more.
  func release(_ waiter: SoundLibrary.Waiter, _ services: AgentServices) {
    library.released(by: waiter)
    forget(services)
  }

  /// What was for this call alone goes with it.
  func callEnded(_ call: CallNumber, _ services: AgentServices) {
    library.callEnded(call)
    forget(services)
  }

  private func load(
    _ id: SoundID, _ key: SoundKey, asking condition: WebCondition?, for call: CallNumber,
    _ services: AgentServices, at now: Instant
  ) {
    switch key {
    case .web(let url, let origin):
      services.web.ask(
        .sound(call, id), url: url, method: "GET", parameters: [],
        policy: services.settings.documentPolicy, asking: condition, origin: origin, at: now)
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

  /// What the web had to say. What was read below is told before (`loaded`, `unloadable`).
  func retrieved(
    _ id: SoundID, _ outcome: WebOutcome, _ services: AgentServices, at now: Instant
  ) {
    guard library.isUnderWay(id) else { return }
    switch outcome {
    case .answered(let url, let answer, let path):
      answered(id, url, answer, path, services, at: now)
    case .failed(let failure):
      failed(id, nil, failure.sentence, services, at: now)
    }
  }

  private func answered(
    _ id: SoundID, _ url: String, _ answer: HTTPAnswer, _ path: [WebHop],
    _ services: AgentServices, at now: Instant
  ) {
    // Nobody but us made a path for what the host itself answered.
    let isOfHost = path.isEmpty
    func policy(_ path: [WebHop]) -> CachePolicy {
      isOfHost
        ? .host(contentType: answer.contentType, at: now)
        : CachePolicy(path: path, of: services.web.soundHeaders, wall: services.wall, at: now)
    }
    let longest = services.settings.soundCache
    switch answer.status {
    case 304:
      guard
        let settled = library.renewed(id, by: path, policy, longest: longest, at: now)
      else { return failed(id, policy(path), "the server answered 304", services, at: now) }
      settle(id, settled, .ready, services, at: now)
    case 200...299:
      if !answer.body.isEmpty {
        services.outputs.append(
          .load(id, .octets(answer.body, name: url, contentType: answer.contentType)))
      } else if isOfHost {
        return failed(id, policy(path), SoundProblem.empty.sentence, services, at: now)
      }
      let done = library.answered(id, policy(path), path, longest: longest, at: now)
      if let (settled, result) = done { settle(id, settled, result, services, at: now) }
    default:
      failed(id, policy(path), "the server answered \(answer.status)", services, at: now)
    }
  }

  func loaded(_ id: SoundID, milliseconds: Int, _ services: AgentServices, at now: Instant) {
    read(id, .success(milliseconds), services, at: now)
  }

  /// `why`: half a sentence for people.
  func unloadable(_ id: SoundID, _ why: String, _ services: AgentServices, at now: Instant) {
    read(id, .failure(.init(why: why)), services, at: now)
  }

  private func read(
    _ id: SoundID, _ result: Result<Int, SoundFetch.Failure>, _ services: AgentServices,
    at now: Instant
  ) {
    let longest = services.settings.soundCache
    if let (settled, result) = library.read(id, result, longest: longest, at: now) {
      settle(id, settled, result, services, at: now)
    }
  }

  private func failed(
    _ id: SoundID, _ policy: CachePolicy?, _ why: String, _ services: AgentServices,
    at now: Instant
  ) {
    if let settled = library.failed(id, policy) {
      settle(id, settled, .failure(.init(why: why)), services, at: now)
    }
  }

  private func settle(
    _ id: SoundID, _ settled: SoundLibrary.Settled, _ result: Result<Int, SoundFetch.Failure>,
    _ services: AgentServices, at now: Instant
  ) {
    switch result {
    case .success: settle(id, settled, .ready, services, at: now)
    case .failure(let failure): settle(id, settled, .failed(failure.why), services, at: now)
    }
  }

  /// Whoever may not have it asks for himself.
  private func settle(
    _ id: SoundID, _ settled: SoundLibrary.Settled, _ state: PerformanceRun.Sound.State,
    _ services: AgentServices, at now: Instant
  ) {
    for waiter in settled.served {
      guard let call = services.calls[waiter.call] else { continue }
      call.performances.settled(
        id, as: settled.sound, state, for: waiter.performance, of: call, at: now)
    }
    for waiter in settled.others {
      guard let call = services.calls[waiter.call] else { continue }
      call.performances.want(again: id, for: waiter.performance, of: call, at: now)
    }
    forget(services)
  }
}
