import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Sound in a rehearsal: nobody hears it, but it takes its time.
struct ScriptedSound {
  /// What comes of a command: an event after a while, or one that will not come any more.
  enum Consequence {
    case happens(MediaEvent, after: Interval = .zero)
    case neverPlayed(PlaybackID)
    case neverRecorded(RecordingID)
  }

  /// What a letter of speech takes, roughly.
  private static let millisecondsPerLetter = 70

  /// How long a sound is, in milliseconds, and when a recording began.
  private var lengths: [SoundID: Int] = [:]
  private var recordings: [RecordingID: Instant] = [:]

  mutating func perform(_ command: MediaCommand, at now: Instant) -> [Consequence] {
    switch command {
    case .open(let id), .openFrames(let id, _):
      return [.happens(.opened(id, port: 40_000))]
    case .load(let id, let source):
      let length: Int
      switch source {
      case .octets(let octets, let name, let type):
        length = ScriptedSound.length(of: octets, name: name, type)
      case .file: length = 1_000
      case .speech(let request):
        length = request.text.utf8.count * ScriptedSound.millisecondsPerLetter
      }
      return [.happens(loaded(id, length))]
    case .play(_, let id, let items):
      return length(of: items).map { [.happens(.played(id), after: .milliseconds($0))] } ?? []
    case .stop(let id):
      return [.neverPlayed(id)]
    case .record(let id, let plan, _):
      // Nobody says anything.
      guard plan.silence > .zero else {
        recordings[id] = now
        return []
      }
      let result = RecordingResult(
        reason: .silence, milliseconds: plan.silence.wholeMilliseconds, isEmpty: true)
      return [.happens(.recorded(id, result), after: plan.silence)]
    case .endRecording(let id):
      let length = (now - (recordings.removeValue(forKey: id) ?? now)).wholeMilliseconds
      let result = RecordingResult(
        reason: .stopped, milliseconds: length, isEmpty: length == 0)
      return [.neverRecorded(id), .happens(.recorded(id, result))]
    case .discardRecording(let id):
      recordings[id] = nil
      return []
    case .usePorts, .describe, .close, .join, .part, .forget, .recordAlso:
      return []
    }
  }

  /// The answer to an exchange that was to bring a sound: what is told first, and the answer without it.
  mutating func answered(
    _ sound: SoundID, at url: String, _ answer: HTTPAnswer
  ) -> (loaded: MediaEvent?, answer: HTTPAnswer) {
    guard (200...299).contains(answer.status) else { return (nil, answer) }
    var bare = answer
    bare.body = []
    // A scripted answer is seldom a sound; but one of these would not be played either (V-11).
    if SoundName.unreadableEnding(of: url) != nil {
      return (.unloadable(sound, .unknownFormat), bare)
    }
    let length = ScriptedSound.length(of: answer.body, name: "", answer.contentType)
    return (loaded(sound, length), bare)
  }

  private mutating func loaded(_ id: SoundID, _ milliseconds: Int) -> MediaEvent {
    lengths[id] = milliseconds
    return .loaded(id, milliseconds: milliseconds)
  }

  /// A scripted answer that is no sound stands for one of a second.
  private static func length(of octets: [UInt8], name: String, _ type: String) -> Int {
    switch SoundFile.read(octets, name: name, contentType: type) {
    case .success(let samples): samples.count / 8
    case .failure: 1_000
    }
  }

  /// In milliseconds; nil = without end.
  private func length(of items: [PlayItem]) -> Int? {
    var sum = 0
    for item in items {
      switch item {
      case .sound(_, times: 0), .ringing: return nil
      case .sound(let id, let times): sum += min(times, 1_000) * (lengths[id] ?? 0)
      case .beep: sum += 400
      case .warning: sum += 300
      case .silence(let milliseconds): sum += milliseconds
      case .digits(let keys): sum += keys.count * 160
      }
    }
    return sum
  }
}
