import RCMLBasics
import RCMLDocument

/// A verb that begins, and where it stands in its document.
public struct VerbReached: Hashable, Sendable {
  public var name: String
  public var line: Int
}

/// Runs one document after the other on one party: the caller, or a leg that is screened (spec V, C-7).
///
/// It says what the next step is and keeps what it waits for; who owns it performs the step.
public struct Interpreter: Sendable {
  public enum Waiting: Hashable, Sendable {
    case nothing
    /// The caller has to be answered before this step.
    case answer(before: Performance)
    case document(RequestNumber, DocumentRequest.Purpose)
    case performance(PerformanceNumber, Performance)
    case pause(until: Instant)
    /// What the host says of a verb (D-28).
    case verb(VerbNumber, ForeignVerb)
    /// A Dial runs, or its action is about to be requested.
    case dial
  }

  public enum Step: Hashable, Sendable {
    case perform(Performance)
    case pause(Interval)
    case dial(Dial)
    case ask(ForeignVerb)
    case fetch(Fetch)
    case hangUp
    case reject(isBusy: Bool)
    case endOfDocument
  }

  public struct Fetch: Hashable, Sendable {
    public var purpose: DocumentRequest.Purpose
    public var url: String
    public var method: HTTPMethod
    public var extra: [Parameter] = []
    /// Of the document that wants it; a setting is the host's word.
    public var origin: DocumentOrigin
    /// Of what it is about: a Dial that failed, a document in whose place it is (E-9).
    public var reason: Reason?
  }

  public private(set) var waiting = Waiting.nothing
  private var document = Document(verbs: [], url: "")
  private var next = 0
  /// The verb that was reached last; nil = there was none, or the document is at its end.
  public private(set) var reached: VerbReached?
  /// Documents in a row without a verb that takes time (G-21).
  private var idleDocuments = 0
  /// When the performance that runs began.
  private var began = Instant(nanoseconds: 0)

  public init() {}

  /// False when the loop guard forbids it (G-21); the initial document counts.
  public mutating func load(_ document: Document, most: Int) -> Bool {
    idleDocuments += 1
    guard idleDocuments <= most else { return false }
    self.document = document
    next = 0
    waiting = .nothing
    return true
  }

  /// In place of the verb that was reached last: its verbs, then those behind it (D-28). False as in `load`.
  public mutating func insert(_ inserted: Document, most: Int) -> Bool {
    idleDocuments += 1
    guard idleDocuments <= most else { return false }
    // What may be asked for is what both may ask for (Y-5).
    document.origin = document.origin.narrowed(by: inserted.origin)
    document.verbs.replaceSubrange(..<next, with: inserted.verbs)
    next = 0
    waiting = .nothing
    return true
  }

  /// The URL that was asked last, for whoever tells that nothing came of it (H-34).
  private(set) var askedURL = ""

  public mutating func wait(for what: Waiting) { waiting = what }

  mutating func wait(for what: Waiting, asking url: String) {
    waiting = what
    askedURL = url
  }

  /// A Say, Play, Gather or Record runs.
  mutating func begin(_ performance: Performance, as number: PerformanceNumber, at now: Instant) {
    waiting = .performance(number, performance)
    began = now
  }

  /// It has ended. What failed at once, or nobody can do, was no work (G-21, Y-11).
  mutating func end(_ outcome: Performed, at now: Instant) {
    waiting = .nothing
    switch outcome {
    case .finished, .gathered, .recorded: worked()
    case .unavailable, .failed: if now - began >= Interpreter.leastWork { worked() }
    }
  }

  /// What takes less than this may be done again and again by a document without bound.
  private static let leastWork = Interval.seconds(1)

  /// A Dial sent an INVITE, or the host has done a verb: work was done (G-21).
  public mutating func worked() { idleDocuments = 0 }

  /// Where the document that runs came from.
  public var documentURL: String { document.url }
  public var origin: DocumentOrigin { document.origin }

  public var hasMoreVerbs: Bool { next < document.verbs.count }

  /// True when a `<Dial>` stands in it as a verb (C-5; in a skipped element it does not, Q-21).
  public static func dials(_ document: Document) -> Bool {
    document.verbs.contains { verb in
      switch verb.kind {
      case .dial: true
      case .say, .play, .pause, .gather, .record, .redirect, .reject, .hangup, .foreign: false
      }
    }
  }

  /// The next verb that does something; those that do nothing here are passed over (V-10, V-16).
  public mutating func step() -> Step {
    while next < document.verbs.count {
      let verb = document.verbs[next]
      next += 1
      if let step = meaning(of: verb) {
        reached = VerbReached(name: verb.name, line: verb.line)
        return step
      }
    }
    reached = nil
    return .endOfDocument
  }

  private mutating func meaning(of verb: Verb) -> Step? {
    switch verb.kind {
    case .dial(let dial):
      return .dial(dial)
    case .say(let say):
      return say.text.isEmpty ? nil : .perform(.say(say))  // V-10
    case .play(let play):
      return play.url == nil && play.digits.isEmpty ? nil : .perform(.play(play))
    case .pause(let pause):
      worked()
      return .pause(max(pause.length, .seconds(1)))  // V-19
    case .gather(let gather):
      return .perform(.gather(gather))
    case .record(let record):
      return .perform(.record(record))
    case .redirect(let redirect):
      guard let url = redirect.url else { return nil }  // V-16
      return .fetch(Fetch(purpose: .redirect, url: url, method: redirect.method, origin: origin))
    case .reject(let reject):
      return .reject(isBusy: reject.isBusy)
    case .hangup:
      return .hangUp
    case .foreign(let verb):
      return .ask(verb)
    }
  }

  /// What follows a Say, Play, Gather or Record; nil = the next verb (V-12, V-13, V-15).
  public func following(
    _ performance: Performance, _ outcome: Performed, policy: CallPolicy
  ) -> Fetch? {
    switch (performance, outcome) {
    case (.gather(let gather), .gathered(let digits, let key)):
      return gathered(gather, digits, key, policy)
    case (.gather(let gather), .finished):
      return gathered(gather, [], 0, policy)
    case (.record(let record), .recorded(let recording, let key)):
      return recorded(record, recording, key: key == 0 ? "" : text([key]), policy)
    case (.say, _), (.play, _), (.gather, _), (.record, _), (.ringing, _), (.warning, _),
      (.farewell, _):
      return nil
    }
  }

  /// V-15: the remote hung up while it was recorded. `recording`: what it had said; nil = nothing.
  public func hungUp(
    during record: Record, _ recording: Recording?, policy: CallPolicy
  ) -> Fetch? {
    recorded(record, recording, key: "hangup", policy)
  }

  private func gathered(
    _ gather: Gather, _ digits: [UInt8], _ key: UInt8, _ policy: CallPolicy
  ) -> Fetch? {
    guard !digits.isEmpty || gather.actionOnEmptyResult else { return nil }
    guard let url = action(gather.action, policy) else { return nil }
    var extra = [Parameter("Digits", text(digits))]
    if key != 0 { extra.append(Parameter("FinishedOnKey", text([key]))) }
    return Fetch(purpose: .gather, url: url, method: gather.method, extra: extra, origin: origin)
  }

  private func recorded(
    _ record: Record, _ recording: Recording?, key: String, _ policy: CallPolicy
  ) -> Fetch? {
    guard let url = action(record.action, policy) else { return nil }
    var extra = recording?.parameters ?? []
    if !key.isEmpty { extra.append(Parameter("Digits", key)) }
    return Fetch(purpose: .record, url: url, method: record.method, extra: extra, origin: origin)
  }

  private func action(_ given: String?, _ policy: CallPolicy) -> String? {
    if let given { return given }
    guard !policy.gatherDefaultsToNextVerb, !document.url.isEmpty else { return nil }
    return document.url
  }

  private func text(_ octets: [UInt8]) -> String { String(decoding: octets, as: UTF8.self) }
}
