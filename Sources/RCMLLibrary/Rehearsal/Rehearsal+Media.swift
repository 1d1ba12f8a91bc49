import RCMLAgent
import RCMLBasics
import RCMLMedia

/// Sound in a rehearsal: nobody hears it, but it takes its time.
extension Rehearsal {
  /// What a letter of speech takes, roughly.
  private static let millisecondsPerLetter = 70

  func obey(_ command: MediaCommand) {
    switch command {
    case .open(let id), .openFrames(let id, _):
      add(.input(.media(.opened(id, port: 40_000))))
    case .load(let id, let source):
      let length: Int
      switch source {
      case .octets(let octets, let name, let type):
        length = Rehearsal.length(of: octets, name: name, type)
      case .file: length = 1_000
      case .speech(let request): length = request.text.utf8.count * Rehearsal.millisecondsPerLetter
      }
      loaded(id, length)
    case .play(_, let id, let items):
      if let length = length(of: items) {
        add(.input(.media(.played(id))), after: .milliseconds(length))
      }
    case .stop(let id):
      removeMedia { $0 == .played(id) }
    case .record(let id, let plan, _):
      // Nobody says anything.
      guard plan.silence > .zero else {
        recordings[id] = now
        return
      }
      let result = RecordingResult(
        reason: .silence, milliseconds: plan.silence.wholeMilliseconds, isEmpty: true)
      add(.input(.media(.recorded(id, result))), after: plan.silence)
    case .endRecording(let id):
      removeMedia { if case .recorded(id, _) = $0 { true } else { false } }
      let length = (now - (recordings.removeValue(forKey: id) ?? now)).wholeMilliseconds
      add(
        .input(
          .media(
            .recorded(
              id, RecordingResult(reason: .stopped, milliseconds: length, isEmpty: length == 0)))))
    case .discardRecording(let id):
      recordings[id] = nil
    case .usePorts, .describe, .close, .join, .part, .forget, .recordAlso:
      break
    }
  }

  /// The answer to an exchange that was to bring a sound.
  func soundAnswered(_ id: ExchangeID, _ sound: SoundID, _ answer: HTTPAnswer) {
    var answer = answer
    if (200...299).contains(answer.status) {
      loaded(sound, Rehearsal.length(of: answer.body, name: "", answer.contentType))
      answer.body = []
    }
    add(.input(.web(id, .answered(answer))))
  }

  private func loaded(_ id: SoundID, _ milliseconds: Int) {
    lengths[id] = milliseconds
    add(.input(.media(.loaded(id, milliseconds: milliseconds))))
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
