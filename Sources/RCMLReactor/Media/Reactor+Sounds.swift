import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Sounds on their way to the engine: from memory, a file, the web, or a program that speaks.
extension Reactor {
  func load(_ id: SoundID, _ source: SoundSource, _ media: ReactorMedia, _ now: Instant) {
    switch source {
    case .octets(let octets, let name, let contentType):
      read(.octets(octets, name: name, contentType: contentType), .init(sound: id), media, now)
    case .file(let path): read(.file(path: path), .init(sound: id), media, now)
    case .speech(let request):
      media.speech.add(id, request)
      startSpeech(media, now)
    }
  }

  func forget(_ id: SoundID, _ media: ReactorMedia) {
    media.sounds.forget(id)
    media.speech.forget(id)
  }

  /// The answer to an exchange is a sound: it is told first, and then the answer without it.
  func read(
    _ sound: WebExchanges.Sound, of exchange: ExchangeID, _ answer: HTTPAnswer, _ now: Instant
  ) {
    guard let media = mediaOrMade() else {
      tell(.media(.unloadable(sound.id, .unreadable)), now)
      return tell(.exchangeAnswered(exchange, answer.bodiless), now)
    }
    let source = SoundJob.Source.octets(
      answer.body, name: sound.name, contentType: answer.contentType)
    read(source, .init(sound: sound.id, answer: (exchange, answer.bodiless)), media, now)
  }

  private func read(
    _ source: SoundJob.Source, _ load: SoundLoads.Load, _ media: ReactorMedia, _ now: Instant
  ) {
    if !media.sounds.begin(source, load) { finish(load, .failure(.unreadable), media, now) }
  }

  func soundsReady(_ now: Instant) {
    guard let media else { return }
    media.sounds.drain()
    while let (load, result) = media.sounds.next() { finish(load, result, media, now) }
  }

  private func finish(
    _ load: SoundLoads.Load, _ result: Result<[Int16], SoundProblem>, _ media: ReactorMedia,
    _ now: Instant
  ) {
    if let id = load.sound { tell(.media(keep(id, result, isSpeech: load.isSpeech, media)), now) }
    if let (exchange, answer) = load.answer { tell(.exchangeAnswered(exchange, answer), now) }
  }

  private func keep(
    _ id: SoundID, _ result: Result<[Int16], SoundProblem>, isSpeech: Bool, _ media: ReactorMedia
  ) -> MediaEvent {
    switch result {
    case .success(let samples):
      guard media.sounds.keep(id, samples) else { return .unloadable(id, .tooLong) }
      media.engine.keep(id, samples)
      return .loaded(id, milliseconds: samples.count / 8)
    case .failure(.tooLong): return .unloadable(id, .tooLong)
    case .failure(let problem): return .unloadable(id, isSpeech ? .speechless : problem)
    }
  }

  // MARK: speech

  private func startSpeech(_ media: ReactorMedia, _ now: Instant) {
    while let (id, request) = media.speech.nextInLine() {
      if !media.speech.start(id, request, at: now) {
        tell(.media(.unloadable(id, .speechless)), now)
      }
    }
  }

  func programReady(_ number: UInt64, _ now: Instant) {
    guard let media, let (sound, file) = media.speech.ended(number) else { return }
    if let sound, let file {
      read(.descriptor(file), .init(sound: sound, isSpeech: true), media, now)
    } else if let sound {
      tell(.media(.unloadable(sound, .speechless)), now)
    }
    startSpeech(media, now)
  }

  func speechTimePassed(_ media: ReactorMedia, _ now: Instant) {
    for id in media.speech.takeLate(now) { tell(.media(.unloadable(id, .speechless)), now) }
  }
}

extension HTTPAnswer {
  fileprivate var bodiless: HTTPAnswer {
    HTTPAnswer(status: status, contentType: contentType, location: location, body: [])
  }
}
