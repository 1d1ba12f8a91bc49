import RCMLBasics
import RCMLDial
import RCMLMedia

/// What a ladder says of sound: who hears what, in a few words.
struct LadderSounds {
  private var owners: [MediaID: (call: CallNumber, party: Party)] = [:]
  /// Those of streams that were closed: their last report is still to come.
  private var closed: [MediaID: (call: CallNumber, party: Party)] = [:]
  private var names: [SoundID: String] = [:]
  /// What the host was asked to say, and what the sound that comes next says.
  private var questions: [QuestionID: String] = [:]
  private var answer: String?

  mutating func named(_ stream: MediaID, _ call: CallNumber, _ party: Party) {
    owners[stream] = (call, party)
  }

  mutating func owner(of stream: MediaID) -> (call: CallNumber, party: Party)? {
    owners[stream] ?? closed.removeValue(forKey: stream)
  }

  mutating func asked(_ sound: SoundID, _ url: String) {
    names[sound] = LadderSounds.file(url)
  }

  /// The text as the ladder shows it.
  mutating func asked(_ question: QuestionID, toSay text: String) -> String {
    let name = LadderSounds.quoted(text)
    // One that nobody answers is answered by its time.
    if questions.count >= 4_096 { questions = [:] }
    questions[question] = name
    return name
  }

  mutating func answered(_ question: QuestionID) {
    answer = questions.removeValue(forKey: question)
  }

  /// nil = nothing that a reader needs.
  mutating func note(_ command: MediaCommand) -> (CallNumber, String)? {
    switch command {
    case .load(let sound, .file(let path)): names[sound] = LadderSounds.file(path)
    case .load(let sound, .speech(let request)):
      names[sound] = LadderSounds.quoted(request.text)
    case .load(let sound, .octets):
      names[sound] = answer
      answer = nil
    case .play(let stream, _, let items):
      guard let owner = owners[stream] else { return nil }
      let what = items.map(word).joined(separator: ", ")
      return (owner.call, "\(LadderSounds.name(owner.party)) hears \(what)")
    case .record(_, let plan, _):
      return owners[plan.left].map { ($0.call, "\(LadderSounds.name($0.party)) is recorded") }
    case .close(let stream):
      // Streams on which nobody was heard have no report.
      if closed.count >= 4_096 { closed = [:] }
      closed[stream] = owners.removeValue(forKey: stream)
    case .forget(let sound): names[sound] = nil
    case .usePorts, .open, .openFrames, .describe, .join, .part, .stop, .recordAlso,
      .endRecording, .discardRecording:
      break
    }
    return nil
  }

  private func word(_ item: PlayItem) -> String {
    switch item {
    case .sound(let sound, _): names[sound] ?? "a sound"
    case .ringing: "ringing"
    case .beep: "a beep"
    case .warning: "a warning"
    case .silence: "a pause"
    case .digits(let keys): "keys \(JournalWords.printable(keys))"
    }
  }

  private static func name(_ party: Party) -> String {
    switch party {
    case .caller: "caller"
    case .leg(let leg): leg.name
    }
  }

  private static func quoted(_ text: String) -> String {
    let text = JournalWords.printable(Array(text.utf8))
    return "“" + (text.count > 24 ? text.prefix(23) + "…" : text) + "”"
  }

  private static func file(_ place: String) -> String {
    let path = place.split(separator: "?", maxSplits: 1).first ?? ""
    return path.split(separator: "/").last.map(String.init) ?? "a sound"
  }
}
