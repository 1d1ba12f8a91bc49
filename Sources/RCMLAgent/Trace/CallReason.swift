import RCMLBasics
import RCMLDial
import RCMLDocument

/// Why a call ended as it did, from what its journal says (spec E-9).
struct CallReason {
  /// What decided.
  private enum Cause {
    case reason(Reason)
    /// It ended as it should, but for that.
    case finding(Finding)
    /// The journal ends before the call does.
    case open
  }

  private let call: LadderCall
  private let cause: Cause

  init(_ call: LadderCall) {
    self.call = call
    // What was said last is nearest to the end; an error outweighs a warning.
    let failures = call.findings.filter(LadderCall.isFailure)
    let worst = failures.last { $0.severity == .error } ?? failures.last
    guard let end = call.end?.facts else {
      cause = worst.map { .finding($0) } ?? .open
      return
    }
    let isGood = end.status == .completed && LadderCall.isSuccess(end.reason.word)
    if isGood, let worst { cause = .finding(worst) } else { cause = .reason(end.reason) }
  }

  /// `failed (488), by engine: …`, for one line of a list.
  var ending: String {
    guard let end = call.end?.facts else {
      return "not ended" + (call.hasFailed ? ": " + CallReason.clipped(sentence) : "")
    }
    var text = end.status.rawValue
    if let code = end.sipCode { text += " (\(code))" }
    text += ", by \(end.hangupBy.rawValue)"
    return call.hasFailed ? text + ": " + CallReason.clipped(sentence) : text
  }

  /// Nil: the journal ends before the call does. Not inlined: Swift 6.3.1 compiles what asks for it and for more of this
  /// value to nonsense, and says so ("found ownership error").
  @inline(never)
  var topic: TraceOptions.Topic? {
    switch cause {
    case .reason(let reason): .reason(reason.code)
    case .finding(let finding): .finding(finding.code)
    case .open: nil
    }
  }

  var sentence: String {
    switch cause {
    case .reason(let reason): CallReason.whole(reason.sentence)
    case .finding(let finding): CallReason.whole(finding.text)
    case .open: "It has not ended."
    }
  }

  private static func clipped(_ text: String) -> String {
    text.count > 120 ? text.prefix(119) + "…" : text
  }

  private static func whole(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }

  // MARK: the text

  static func text(of calls: [LadderCall], _ options: TraceOptions) -> String {
    guard !calls.isEmpty else {
      return options.choice == .failed ? "No call failed.\n" : "There is no call.\n"
    }
    return calls.map { CallReason($0).paragraph(options) }.joined(separator: "\n")
  }

  private func paragraph(_ options: TraceOptions) -> String {
    var head = "call \(call.number.number)"
    if let sid = call.sid { head += "  \(sid)" }
    if let time = TraceTime(options.time).whole(call.unixMicroseconds) { head += "  \(time)" }
    var text = head + "\n"
    if !call.from.isEmpty || !call.to.isEmpty {
      text += "\(call.from.isEmpty ? "-" : call.from) → \(call.to)\n"
    }
    text += outcome + ". " + sentence + "\n"
    guard call.hasFailed, let advice = topic.flatMap(options.advice) else { return text }
    text += "Code:  \(advice.code) \(advice.name)\n"
    text += "Cause: \(advice.cause)\n"
    text += "Try:   \(advice.fix)\n"
    return text
  }

  /// `The call failed with 488`.
  private var outcome: String {
    guard let end = call.end?.facts else { return "The call has not ended" }
    let code = end.sipCode.map { " with \($0)" } ?? ""
    let duration = end.duration > 0 ? " after \(end.duration) s" : ""
    let though = end.status == .completed && call.hasFailed ? ", but something failed" : ""
    switch end.status {
    case .completed: return "The call completed" + duration + though
    case .busy: return "The call ended busy" + code
    case .noAnswer: return "The call was not answered" + code
    case .canceled: return "The call was cancelled" + code
    case .failed: return "The call failed" + code + duration
    case .queued, .initiated, .ringing, .inProgress: return "The call ended" + code
    }
  }

  /// For programs.
  func object(_ advice: TraceOptions.Advice?) -> JSONText {
    var object = JSONText()
    object.add("text", sentence)
    if case .reason(let reason) = cause { object.add("word", reason.word.rawValue) }
    if let advice {
      object.add("code", Int(advice.code))
      object.add("name", advice.name)
      object.add("cause", advice.cause)
      object.add("fix", advice.fix)
    }
    return object
  }

  /// Of a leg.
  static func object(_ reason: Reason) -> JSONText {
    var object = JSONText()
    object.add("text", reason.sentence)
    object.add("word", reason.word.rawValue)
    object.add("code", Int(reason.code.rawValue))
    return object
  }
}
