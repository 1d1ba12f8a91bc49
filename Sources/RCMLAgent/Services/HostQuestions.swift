import RCMLBasics
import RCMLDial
import RCMLMedia
import RCMLSIP

/// What the host was asked and has not answered. Each question has a default that counts when its time is over.
final class HostQuestions {
  enum Subject: Hashable {
    /// A realm that wants credentials of this session (spec A-1); the default is none.
    case credentials(SessionID)
    /// May, or how should, a target of this call be dialled (spec Y-1, D-22); the default is as the document has it.
    case target(CallNumber, dial: Int, target: Int)
    /// What becomes of a verb that nobody here knows (spec D-28); the default is that it is skipped.
    case verb(CallNumber, VerbNumber)
    /// May a contact of a 3xx be dialled for this session (spec U-30, Y-3); the default is that it may.
    case redirect(SessionID)
    /// What a `<Say>` sounds like (spec V-10, Q-26); the default is that our own program says it.
    case speech(SoundID, SpeechRequest)
  }

  static let limit = Interval.seconds(10)

  private struct Open {
    var id: QuestionID
    var subject: Subject
    var until: Instant
  }

  /// All have the same time, so the oldest is due first.
  private var open: [Open] = []

  var count: Int { open.count }
  var nextDeadline: Deadline? { open.first.map { Deadline($0.until, .hostAnswer) } }

  func ask(_ subject: Subject, as id: QuestionID, at now: Instant) {
    open.append(Open(id: id, subject: subject, until: now + HostQuestions.limit))
  }

  /// What a question is about; nil = nobody waits for an answer.
  func subject(of id: QuestionID) -> Subject? { open.first { $0.id == id }?.subject }

  func answered(_ id: QuestionID) { open.removeAll { $0.id == id } }

  func withdraw(_ subject: Subject) {
    if !open.isEmpty { open.removeAll { $0.subject == subject } }
  }

  /// The call is over: nobody waits for what it asked.
  func withdrawAll(of call: CallNumber) {
    guard !open.isEmpty else { return }
    open.removeAll {
      switch $0.subject {
      case .target(let asker, _, _), .verb(let asker, _): asker == call
      case .credentials, .redirect, .speech: false
      }
    }
  }

  func popFirst(dueAt now: Instant) -> Subject? {
    guard let first = open.first, first.until <= now else { return nil }
    open.removeFirst()
    return first.subject
  }
}
