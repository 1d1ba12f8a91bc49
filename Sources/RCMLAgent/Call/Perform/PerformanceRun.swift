import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

/// A performance with what it needs: its sounds, and the numbers the engine knows it by.
final class PerformanceRun {
  /// One sound it needs.
  struct Sound {
    let key: SoundKey
    var id: SoundID?
    var state: State

    enum State: Equatable {
      case waiting, ready
      case failed(String)
    }
  }

  /// What is played, in order; a sound by its place among `sounds`.
  private enum Piece {
    case sound(Int, times: Int)
    case item(PlayItem)
  }

  let party: Party
  /// What waits for its sounds.
  let waiter: SoundLibrary.Waiter
  /// The Record it is; nil = another verb.
  let record: Record?
  private(set) var machine: PerformanceMachine
  private(set) var sounds: [Sound] = []
  private var pieces: [Piece] = []
  /// Instead of sounds that could not be had.
  private var substitute: PlayItem?
  private(set) var playback: PlaybackID?
  private(set) var recording: RecordingID?
  /// Of a Record: `RE…`.
  private(set) var sid = ""

  var number: PerformanceNumber { waiter.performance }

  /// nil: there is nobody here who could do it. `settings` say who speaks and which files may be played.
  init?(
    _ performance: Performance, _ origin: DocumentOrigin, on party: Party,
    for waiter: SoundLibrary.Waiter,
    settings: Settings
  ) {
    self.party = party
    self.waiter = waiter
    if case .record(let record) = performance { self.record = record } else { record = nil }
    switch performance {
    case .say(let say):
      machine = PerformanceMachine(.speak, hasSounds: true)
      guard addSpeech(say, settings) else { return nil }
    case .play(let play):
      let isDigits = !play.digits.isEmpty
      machine = PerformanceMachine(.speak, hasSounds: !isDigits)
      if isDigits {
        addDigits(play)
      } else {
        addSound(PerformanceRun.key(of: play.url ?? "", settings, origin), times: play.loop)
      }
    case .gather(let gather):
      machine = PerformanceMachine(.gather(gather), hasSounds: !gather.prompts.isEmpty)
      for prompt in gather.prompts { add(prompt, settings, origin) }
    case .record(let record):
      guard !settings.recordings.isEmpty else { return nil }
      machine = PerformanceMachine(.record(record), hasSounds: false)
      pieces = [.item(.beep)]
    case .ringing(let music, let tone):
      machine = PerformanceMachine(.ring, hasSounds: music != nil)
      substitute = .ringing(country: tone)
      if let music {
        addSound(PerformanceRun.key(of: music, settings, origin), times: 0)
      } else {
        pieces = [.item(.ringing(country: tone))]
      }
    case .warning:
      machine = PerformanceMachine(.warn, hasSounds: false)
      pieces = [.item(.warning)]
    case .farewell(let url):
      machine = PerformanceMachine(.farewell, hasSounds: true)
      addSound(PerformanceRun.key(of: url, settings, origin), times: 1)
    }
  }

  // MARK: what becomes of it

  func handle(_ input: PerformanceMachine.Input, at now: Instant) -> [PerformanceMachine.Effect] {
    machine.handle(input, at: now)
  }

  func name(_ sid: String) { self.sid = sid }
  func plays(_ playback: PlaybackID) { self.playback = playback }
  func records(_ recording: RecordingID) { self.recording = recording }

  /// The library knows the sound by this number.
  func soundFound(_ place: Int, _ id: SoundID?, _ state: Sound.State) {
    sounds[place].id = id
    sounds[place].state = state
  }

  /// It is the one that was asked for, or a copy that still holds.
  func soundSettled(_ id: SoundID, as sound: SoundID, _ state: Sound.State) {
    for place in sounds.indices where sounds[place].id == id {
      soundFound(place, sound, state)
    }
  }

  /// What can be played of it.
  var items: [PlayItem] {
    var items: [PlayItem] = []
    for piece in pieces {
      switch piece {
      case .sound(let place, let times):
        if sounds[place].state == .ready, let id = sounds[place].id {
          items.append(.sound(id, times: times))
        }
      case .item(let item): items.append(item)
      }
    }
    if items.isEmpty, let substitute { items = [substitute] }
    return items
  }

  /// Once every sound is there or known not to come.
  var preparation: PerformanceMachine.Input? {
    var why: String?
    var hasOne = sounds.isEmpty
    for sound in sounds {
      switch sound.state {
      case .waiting: return nil
      case .ready: hasOne = true
      case .failed(let reason): why = why ?? reason
      }
    }
    // A Gather with a pause and nothing else still has something to wait for.
    let hasPause = pieces.contains { if case .item = $0 { true } else { false } }
    return hasOne || hasPause ? .prepared : .unprepared(why ?? "it could not be had")
  }

  // MARK: what it is made of

  private func add(_ prompt: Gather.Prompt, _ settings: Settings, _ origin: DocumentOrigin) {
    switch prompt {
    case .say(let say): _ = addSpeech(say, settings)
    case .play(let play):
      if !play.digits.isEmpty {
        addDigits(play)
      } else if let url = play.url {
        addSound(PerformanceRun.key(of: url, settings, origin), times: play.loop)
      }
    case .pause(let pause):
      pieces.append(.item(.silence(milliseconds: pause.length.wholeMilliseconds)))
    }
  }

  /// False: nobody here speaks (spec V-10).
  private func addSpeech(_ say: Say, _ settings: Settings) -> Bool {
    guard settings.askSpeech || !settings.speechProgram.isEmpty else { return false }
    guard !say.text.isEmpty else { return true }
    // V-21: who takes no markup says the same whatever it is.
    let takesMarkup =
      settings.askSpeech || settings.speechProgram.hasSuffix(Settings.markupWord)
    let request = SpeechRequest(
      program: settings.speechProgram, text: say.text, markup: takesMarkup ? say.markup : "",
      language: say.language, voice: say.voice)
    addSound(settings.askSpeech ? .hostSpeech(request) : .speech(request), times: say.loop)
    return true
  }

  private func addDigits(_ play: Play) {
    // `w` waits half a second, `W` a whole one (spec D-27).
    var keys: [UInt8] = []
    func press() {
      if !keys.isEmpty { pieces.append(.item(.digits(keys))) }
      keys = []
    }
    for octet in play.digits.utf8 {
      guard octet == UInt8(ascii: "w") || octet == UInt8(ascii: "W") else {
        keys.append(octet)
        continue
      }
      press()
      pieces.append(.item(.silence(milliseconds: octet == UInt8(ascii: "w") ? 500 : 1_000)))
    }
    press()
  }

  private func addSound(_ key: SoundKey?, times: Int) {
    pieces.append(.sound(sounds.count, times: times))
    sounds.append(
      key.map { Sound(key: $0, id: nil, state: .waiting) }
        ?? Sound(
          key: .file(path: ""), id: nil,
          state: .failed("its file is not below the folder that the setting sounds names")))
  }

  /// A `file:` URL names a file below the folder of sounds, and nothing else (spec G-18).
  static func key(
    of url: String, _ settings: Settings, _ origin: DocumentOrigin = .inside
  ) -> SoundKey? {
    let scheme = "file:"
    guard url.utf8.prefix(5).elementsEqual(scheme.utf8) else {
      // Y-5: who may not ask for it may not hear what was fetched for somebody who might.
      return .web(url, by: settings.httpBlockPrivate == .auto ? origin : .inside)
    }
    guard !settings.sounds.isEmpty else { return nil }
    var path = String(url.dropFirst(scheme.count))
    if path.hasPrefix("//") {
      let rest = path.dropFirst(2)
      guard let slash = rest.firstIndex(of: "/") else { return nil }
      path = String(rest[slash...])
    }
    let decoded = PercentEncoding.decode(Array(path.utf8)).octets
    guard !decoded.contains(0) else { return nil }
    path = String(decoding: decoded, as: UTF8.self)
    let folder = settings.sounds.hasSuffix("/") ? settings.sounds : settings.sounds + "/"
    if path.hasPrefix(folder) { path = String(path.dropFirst(folder.count)) }
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard !parts.isEmpty, !parts.contains("..") else { return nil }
    return .file(path: folder + parts.joined(separator: "/"))
  }
}
