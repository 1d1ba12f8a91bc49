import RCMLAgent
import RCMLBasics
import RCMLDial

/// Everything that is known before a rehearsal begins.
public struct RehearsalScript {
  public var document: DocumentSource
  public var settings: [(name: String, value: String)] = []
  public var outcomes: [ScriptedOutcome] = []
  /// By URL, with or without its query; `*` = every other one.
  public var answers: [String: HTTPAnswer] = [:]
  /// URIs; of an outgoing call `to` is the party, and `from` may be empty.
  public var from = ""
  public var to = ""
  public var isOutgoing = false
  /// Since its INVITE, or since its answer to ours; nil = the caller stays until the call is ended.
  public var callerHangsUp: Interval?
  public var seed: UInt64 = 0

  public init(document: DocumentSource, from: String = "", to: String = "") {
    self.document = document
    self.from = from
    self.to = to
  }

  /// The last word counts; what was said about one leg counts more than what was said about all.
  func steps(of leg: UInt32) -> [ScriptedOutcome.Step] {
    if leg == 0 { return callee }
    let own = outcomes.last { $0.leg == leg } ?? outcomes.last { $0.leg == nil }
    return own?.steps ?? ScriptedOutcome.usual
  }

  /// What the caller of an incoming call does.
  var callerSteps: [ScriptedOutcome.Step] {
    isOutgoing ? [] : outcomes.last { $0.leg == 0 }?.steps ?? []
  }

  /// The party of an outgoing call stays unless it is told otherwise.
  private var callee: [ScriptedOutcome.Step] {
    var steps = outcomes.last { $0.leg == 0 }?.steps ?? Array(ScriptedOutcome.usual.prefix(2))
    if let callerHangsUp { steps.append(ScriptedOutcome.Step(after: callerHangsUp, act: .bye)) }
    return steps
  }

  func answer(to url: String) -> HTTPAnswer {
    // As URLs are sent (spec H-32), however they are written here.
    let answers = Dictionary(
      answers.map { (PercentEncoding.ascii($0.key), $0.value) }, uniquingKeysWith: { a, _ in a })
    let bare = String(url.prefix { $0 != "?" })
    let found =
      answers[url] ?? answers[bare]
      ?? (bare.hasSuffix("/") ? answers[String(bare.dropLast())] : nil)
    return found ?? answers["*"]
      ?? HTTPAnswer(status: 404, contentType: "", location: "", body: [])
  }
}
