import RCMLBasics
import RCMLDocument

/// The documents that run on the caller, one after the other.
final class CallerScript {
  private var interpreter = Interpreter()
  /// The URL the first document was asked of, as long as the fallback may still be used for it (H-21).
  private var replaceableURL: String?

  var waiting: Interpreter.Waiting { interpreter.waiting }
  var documentURL: String { interpreter.documentURL }
  var origin: DocumentOrigin { interpreter.origin }
  var hasMoreVerbs: Bool { interpreter.hasMoreVerbs }

  /// A new document is about to be asked for, or was given (`url` nil).
  func begin(askedOf url: String?) { replaceableURL = url }

  var mayUseFallback: Bool { replaceableURL != nil }

  /// Once, for the voice request only (H-21).
  func useFallback() -> String? {
    defer { replaceableURL = nil }
    return replaceableURL
  }

  var askedURL: String { interpreter.askedURL }

  func wait(for what: Interpreter.Waiting) { interpreter.wait(for: what) }

  func wait(for what: Interpreter.Waiting, asking url: String) {
    interpreter.wait(for: what, asking: url)
  }
  func stopWaiting() { interpreter.wait(for: .nothing) }

  func begin(_ performance: Performance, as number: PerformanceNumber, at now: Instant) {
    interpreter.begin(performance, as: number, at: now)
  }

  func end(_ outcome: Performed, at now: Instant) { interpreter.end(outcome, at: now) }

  /// False when the loop guard forbids it (G-21).
  func load(_ document: Document, most: Int) -> Bool { interpreter.load(document, most: most) }

  func insert(_ document: Document, most: Int) -> Bool {
    interpreter.insert(document, most: most)
  }

  /// A Dial sent an INVITE, or the host has done a verb (G-21).
  func worked() { interpreter.worked() }
  func step() -> Interpreter.Step { interpreter.step() }
  var reached: VerbReached? { interpreter.reached }

  func request(
    after performance: Performance, _ outcome: Performed, _ policy: CallPolicy
  ) -> Interpreter.Fetch? {
    interpreter.following(performance, outcome, policy: policy)
  }

  /// A Record runs whose party has hung up (V-15).
  func interrupted(_ record: Record) -> InterruptedRecording {
    InterruptedRecording(record: record, script: interpreter, leg: nil)
  }
}
