import CRCML
import RCMLAgent
import RCMLBasics
import RCMLRehearsal

/// The header's simulation as a script.
enum GivenRehearsal {
  static func read(_ given: rcml_simulation) throws(Failure) -> RehearsalScript {
    var script = RehearsalScript(document: try GivenDocument.read(given.document))
    for text in try CText.list(given.outcomes, given.outcome_count, "outcomes") {
      script.outcomes.append(try outcome(text, isOutgoing: given.outgoing))
    }
    script.settings = try CText.pairs(given.settings, given.setting_count)
    guard given.answer_count >= 0, given.answer_count == 0 || given.answers != nil else {
      throw .missing("The list of answers")
    }
    for index in 0..<given.answer_count {
      let (url, answer) = try read(given.answers?[index])
      script.answers[url] = answer
    }
    script.isOutgoing = given.outgoing
    script.from = try uri(given.from, otherwise: given.outgoing ? "" : "sip:caller@192.0.2.2")
    script.to = try uri(
      given.to, otherwise: given.outgoing ? "sip:alice@example.com" : "sip:service@192.0.2.1")
    if given.caller_hangs_up_ms >= 0 {
      script.callerHangsUp = .milliseconds(Int(given.caller_hangs_up_ms))
    }
    script.seed = given.seed
    return script
  }

  private static func outcome(
    _ text: String, isOutgoing: Bool
  ) throws(Failure) -> ScriptedOutcome {
    do throws(OutcomeProblem) {
      return try ScriptedOutcome.read(text, isOutgoing: isOutgoing)
    } catch let problem {
      var failure = Failure(RCML_E_ARGUMENT, problem.text)
      failure.column = problem.column
      throw failure
    }
  }

  private static func read(
    _ pointer: UnsafePointer<rcml_simulated_answer>?
  ) throws(Failure) -> (String, HTTPAnswer) {
    guard let pointer else { throw .missing("One of the answers") }
    guard let given = SizedStruct.read(pointer, otherwise: rcml_simulated_answer()) else {
      throw Failure(RCML_E_ARGUMENT, "An answer was not set up with RCML_SIMULATED_ANSWER_INIT.")
    }
    guard let url = CText.read(given.url) else { throw .missing("The URL of an answer") }
    guard (200...599).contains(given.status) else {
      throw Failure(RCML_E_ARGUMENT, "\(given.status) is no HTTP status: 200 to 599.")
    }
    guard given.length >= 0, given.length <= 1 << 30, given.length == 0 || given.body != nil else {
      throw .missing("The body of an answer")
    }
    let body =
      given.length == 0 ? [] : Array(UnsafeRawBufferPointer(start: given.body, count: given.length))
    let type = CText.read(given.content_type) ?? "application/xml"
    return (
      url,
      HTTPAnswer(status: UInt16(given.status), contentType: type, location: "", body: body)
    )
  }

  /// Written into the scripted caller's INVITE as it is, so it has to be one URI and nothing else.
  private static func uri(
    _ pointer: UnsafePointer<CChar>?, otherwise: String
  ) throws(Failure) -> String {
    guard let text = CText.read(pointer) else { return otherwise }
    let isClean = text.utf8.allSatisfy { $0 > 32 && $0 != 127 && $0 != 60 && $0 != 62 }
    guard isClean, text.contains(":") || text.contains("@") else {
      throw Failure(RCML_E_URI, "\"\(text)\" is no party; write sip:alice@example.com.")
    }
    return text.contains(":") ? text : "sip:" + text
  }
}
