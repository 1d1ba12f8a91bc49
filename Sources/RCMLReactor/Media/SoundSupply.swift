import CSystem
import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Sounds on their way to the engine: from memory, a file, the web, or a program that speaks.
final class SoundSupply {
  private let engine: MediaEngine
  private let answers: WebAnswers
  let loads: SoundLoads
  let programs: SpeechPrograms

  init(epoll: Int32, engine: MediaEngine, answers: WebAnswers) {
    self.engine = engine
    self.answers = answers
    loads = SoundLoads(epoll: epoll)
    programs = SpeechPrograms(epoll: epoll)
  }

  /// When a program has taken too long.
  var deadline: Instant { programs.deadline }

  func load(_ id: SoundID, _ source: SoundSource, _ turn: Turn) {
    switch source {
    case .octets(let octets, let name, let contentType):
      read(.octets(octets, name: name, contentType: contentType), .init(sound: id), turn)
    case .file(let path): read(.file(path: path), .init(sound: id), turn)
    case .speech(let request):
      programs.add(id, request)
      startPrograms(turn)
    }
  }

  func forget(_ id: SoundID) {
    loads.forget(id)
    programs.forget(id)
  }

  /// The answer to an exchange is a sound: it is told first, and then the answer without it.
  func read(_ sound: WebSound, of exchange: ExchangeID, _ answer: HTTPAnswer, _ turn: Turn) {
    let source = SoundJob.Source.octets(
      answer.body, name: sound.name, contentType: answer.contentType)
    read(source, .init(sound: sound.id, answer: (exchange, answer.bodiless)), turn)
  }

  /// False: no sound of that exchange is being read.
  func abort(_ exchange: ExchangeID) -> Bool { loads.abort(exchange) }

  private func read(_ source: SoundJob.Source, _ load: SoundLoads.Load, _ turn: Turn) {
    if !loads.begin(source, load) { finish(load, .failure(.unreadable), turn) }
  }

  /// Some have been read.
  func ready(_ turn: Turn) {
    loads.drain()
    while let (load, result) = loads.next() { finish(load, result, turn) }
  }

  private func finish(
    _ load: SoundLoads.Load, _ result: Result<[Int16], SoundProblem>, _ turn: Turn
  ) {
    if let id = load.sound { turn.tell(.media(keep(id, result, isSpeech: load.isSpeech))) }
    if let (exchange, answer) = load.answer { answers.answered(exchange, answer, turn) }
  }

  private func keep(
    _ id: SoundID, _ result: Result<[Int16], SoundProblem>, isSpeech: Bool
  ) -> MediaEvent {
    switch result {
    case .success(let samples):
      guard loads.keep(id, samples) else { return .unloadable(id, .tooLong) }
      engine.keep(id, samples)
      return .loaded(id, milliseconds: samples.count / 8)
    case .failure(.tooLong): return .unloadable(id, .tooLong)
    case .failure(let problem): return .unloadable(id, isSpeech ? .speechless : problem)
    }
  }

  // MARK: speech

  private func startPrograms(_ turn: Turn) {
    while let (id, request) = programs.nextInLine() {
      if !programs.start(id, request, at: turn.now) {
        turn.tell(.media(.unloadable(id, .speechless)))
      }
    }
  }

  /// That program has ended.
  func programReady(_ number: UInt64, _ turn: Turn) {
    guard let (sound, file) = programs.ended(number) else { return }
    if let sound, let file {
      read(.descriptor(file), .init(sound: sound, isSpeech: true), turn)
    } else if let sound {
      turn.tell(.media(.unloadable(sound, .speechless)))
    }
    startPrograms(turn)
  }

  func timePassed(_ turn: Turn) {
    for id in programs.takeLate(turn.now) { turn.tell(.media(.unloadable(id, .speechless))) }
  }

  func close(isOwner: Bool) {
    loads.close(isOwner: isOwner)
    programs.close(isOwner: isOwner)
  }
}

extension HTTPAnswer {
  /// Its body has become a sound.
  var bodiless: HTTPAnswer {
    HTTPAnswer(
      status: status, contentType: contentType, location: location, cacheFields: cacheFields,
      body: [], isPublic: isPublic)
  }
}
