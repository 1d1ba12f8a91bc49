import RCMLBasics
import RCMLDial
import RCMLDocument

/// Why a call ended as it did, from what its journal says.
struct CallReason {
  private let call: LadderCall
  /// What decided: a finding, or what the Dial came to.
  private let decisive: Finding?

  init(_ call: LadderCall) {
    self.call = call
    // What was said last is nearest to the end; an error outweighs a warning.
    let failures = call.findings.filter { LadderCall.isFailure($0) || $0.severity == .warning }
    decisive =
      failures.last { $0.severity == .error } ?? failures.last(where: LadderCall.isFailure)
      ?? (call.hasFailed ? failures.last : nil)
  }

  /// `failed (488), by engine: …`, for one line of a list.
  var ending: String {
    guard let end = call.end?.facts else {
      return "not ended" + (decisive.map { ": " + CallReason.clipped($0.text) } ?? "")
    }
    var text = end.status.rawValue
    if let code = end.sipCode { text += " (\(code))" }
    text += ", by \(end.hangupBy.rawValue)"
    guard call.hasFailed else { return text }
    return text + ": " + CallReason.clipped(sentence)
  }

  /// A name of the catalogue; empty = the SIP code, or the status, says all.
  var name: String { decisive?.code.rawValue ?? "" }

  /// Without a full stop at its end.
  var sentence: String {
    if let decisive { return CallReason.trimmed(decisive.text) }
    guard let end = call.end?.facts else { return "the journal ends before the call does" }
    if let dial = call.dial, dial.status != .completed, let words = words(of: dial) { return words }
    if end.status == .completed { return "the \(CallReason.side(end.hangupBy)) hung up" }
    if let code = end.sipCode { return "it was refused with \(code)" }
    return "it ended before it was answered, by the \(CallReason.side(end.hangupBy))"
  }

  private func words(of dial: DialResult) -> String? {
    if let screening = dial.screening, screening != .accepted {
      return "the screening of \(target(of: dial)) ended with “\(screening.rawValue)”"
    }
    switch (dial.status, dial.sipCode) {
    case (.noAnswer, _): return "nobody answered: \(target(of: dial))"
    case (_, .some(let code)): return "\(target(of: dial)) answered \(code)"
    case (_, nil): return "\(target(of: dial)) could not be reached"
    }
  }

  private func target(of dial: DialResult) -> String {
    let leg = dial.leg.flatMap { call.legs[$0] } ?? call.sortedLegs.last?.leg
    return leg.map { $0.target.isEmpty ? "the party" : $0.target } ?? "the party"
  }

  private static func side(_ side: HangupSide) -> String {
    switch side {
    case .caller: "caller"
    case .callee: "party that was called"
    case .engine: "engine"
    case .host: "host"
    }
  }

  private static func clipped(_ text: String) -> String {
    text.count > 120 ? text.prefix(119) + "…" : text
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

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
    if !call.from.isEmpty || !call.to.isEmpty { text += "\(call.from) → \(call.to)\n" }
    text += outcome + ": \(sentence).\n"
    guard call.hasFailed, let advice = options.advice(name) else { return text }
    text += "Code:  \(advice.code) \(name)\n"
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
    object.addUnlessEmpty("name", name)
    if let advice {
      object.add("code", Int(advice.code))
      object.add("cause", advice.cause)
      object.add("fix", advice.fix)
    }
    return object
  }
}
