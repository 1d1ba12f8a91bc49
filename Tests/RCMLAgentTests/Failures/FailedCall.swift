import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLMedia

@testable import RCMLAgent

/// One call that fails, and what the host was told of it.
final class FailedCall {
  let world: AgentWorld
  let caller: Phone

  init(_ settings: [(String, String)] = []) {
    world = AgentWorld(settings: [("callback_events", "true")] + settings)
    caller = world.phone(5070)
  }

  static func dial(_ targets: String, _ attributes: String = "", then: String = "") -> String {
    "<Response><Dial timeout=\"60\" \(attributes)>\(targets)</Dial>\(then)</Response>"
  }

  static let phone = "<Sip>sip:a@127.0.0.1:5081</Sip>"

  // MARK: ways to begin

  /// The caller calls, and this document runs; then time passes.
  @discardableResult
  func run(_ document: String, seconds: Int = 8, maxForwards: UInt8 = 70) -> FailedCall {
    world.document(document)
    caller.call(maxForwards: maxForwards)
    world.run(.seconds(seconds))
    return self
  }

  /// A leg to this target.
  @discardableResult
  func dial(_ target: String, _ attributes: String = "", seconds: Int = 8) -> FailedCall {
    run(FailedCall.dial(target, attributes), seconds: seconds)
  }

  /// A leg to a phone that does this.
  @discardableResult
  func meet(
    _ script: Phone.Script, settings: [(String, String)] = [], _ target: String = phone,
    _ attributes: String = "", seconds: Int = 8
  ) -> FailedCall {
    _ = world.phone(5081, script, settings: settings)
    return dial(target, attributes, seconds: seconds)
  }

  /// Its document is had of the web, which answers this.
  @discardableResult
  func ask(
    _ answer: AgentWorld.Reply?, url: String = "http://web/voice", seconds: Int = 40
  ) -> FailedCall {
    world.web = { _ in answer }
    world.command(.defaultDocument(.url(url, method: "POST")))
    caller.call()
    world.run(.seconds(seconds))
    return self
  }

  /// The web has this text.
  @discardableResult
  func read(_ text: String, type: String = "text/xml") -> FailedCall {
    read(Array(text.utf8), type: type)
  }

  @discardableResult
  func read(_ octets: [UInt8], type: String = "text/xml") -> FailedCall {
    ask(
      .answered(HTTPAnswer(status: 200, contentType: type, location: "", body: octets)),
      seconds: 2)
  }

  // MARK: what was told

  func end() {
    caller.hangUp()
    world.runToTheEnd()
  }

  /// The last reason of this kind of event.
  func reason(_ event: String) -> Reason? { reasons(event).last }

  func reasons(_ event: String) -> [Reason] {
    world.events.compactMap { told in
      switch (event, told) {
      case ("leg", .onCall(_, .legStatus(_, let status))): status.reason
      case ("dial", .onCall(_, .dialEnded(let result))): result.reason
      case ("ended", .onCall(_, .ended(let end))): end.reason
      case ("callback", .onCall(_, .callback(_, let report))): report.reason
      case ("recording", .onCall(_, .recording(let status))): status.reason
      case ("refused", .refused(let reason, _)): reason
      case ("finding", .finding(_, let finding)): FailedCall.reason(finding)
      default: nil
      }
    }
  }

  private static func reason(_ finding: Finding) -> Reason? {
    let codes: [FindingCode: ReasonCode] = [.noSpeech: .noSpeech, .playFailed: .playFailed]
    guard let code = finding.reason ?? codes[finding.code] else { return nil }
    return Reason(code, finding.text)
  }
}
