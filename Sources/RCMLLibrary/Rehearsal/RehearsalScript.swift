import RCMLAgent
import RCMLBasics
import RCMLDial

/// Everything that is known before a rehearsal begins.
struct RehearsalScript {
  var document: DocumentSource
  var settings: [(name: String, value: String)] = []
  var outcomes: [Outcome] = []
  /// By URL, with or without its query; `*` = every other one.
  var answers: [String: HTTPAnswer] = [:]
  /// URIs; of an outgoing call `to` is the party, and `from` may be empty.
  var from = ""
  var to = ""
  var isOutgoing = false
  /// Since its INVITE, or since its answer to ours; nil = the caller stays until the call is ended.
  var callerHangsUp: Interval?
  var seed: UInt64 = 0

  /// The last word counts; what was said about one leg counts more than what was said about all.
  func steps(of leg: UInt32) -> [Outcome.Step] {
    if leg == 0 { return callee }
    let own = outcomes.last { $0.leg == leg } ?? outcomes.last { $0.leg == nil }
    return own?.steps ?? Outcome.usual
  }

  /// What the caller of an incoming call does.
  var callerSteps: [Outcome.Step] {
    isOutgoing ? [] : outcomes.last { $0.leg == 0 }?.steps ?? []
  }

  /// The party of an outgoing call stays unless it is told otherwise.
  private var callee: [Outcome.Step] {
    var steps = outcomes.last { $0.leg == 0 }?.steps ?? Array(Outcome.usual.prefix(2))
    if let callerHangsUp { steps.append(Outcome.Step(after: callerHangsUp, act: .bye)) }
    return steps
  }

  func answer(to url: String) -> HTTPAnswer {
    let bare = String(url.prefix { $0 != "?" })
    let found =
      answers[url] ?? answers[bare]
      ?? (bare.hasSuffix("/") ? answers[String(bare.dropLast())] : nil)
    return found ?? answers["*"]
      ?? HTTPAnswer(status: 404, contentType: "", location: "", body: [])
  }
}
