import RCMLBasics
import RCMLDocument

/// One callee leg of a call with all that is remembered of it.
final class CallLeg {
  let number: LegNumber
  /// Which Dial of the call it belongs to.
  let dial: Int
  let request: LegRequest
  let voice: VoiceParameters
  private(set) var machine: LegMachine
  private(set) var response = LegResponse()
  /// What its CANCEL says, in case a BYE has to say it too (spec L-20).
  private(set) var reasons: [[UInt8]] = []
  /// Of the Dial it won, once that has ended (P-28).
  private(set) var recording: Recording?
  /// The screening document, while it runs.
  private var script: Interpreter?
  /// What it hears before it is hung up on (C-17).
  private var farewell: PerformanceNumber?
  /// What is being dialled once it has answered (D-27).
  private var digits: PerformanceNumber?
  private var callbacks = 0

  init(
    _ number: LegNumber, dial: Int, request: LegRequest, voice: VoiceParameters,
    limits: LegMachine.Limits
  ) {
    self.number = number
    self.dial = dial
    self.request = request
    self.voice = voice
    machine = LegMachine(limits)
  }

  var noun: SipNoun { request.target }
  /// Where its target stands in its Dial (P-30).
  var targetIndex: Int { request.targetIndex }
  var isAlive: Bool { machine.isAlive }

  func handle(_ input: LegMachine.Input, at now: Instant) -> [LegMachine.Effect] {
    let effects = machine.handle(input, at: now)
    // E-2 has no Dial behind it.
    if machine.endReason == .ringTimeout {
      reasons = LegEndReason.ringTimeout.reasons(ofCaller: [])
    }
    return effects
  }

  func setReasons(_ reasons: [[UInt8]]) { self.reasons = reasons }
  func setRecording(_ recording: Recording) { self.recording = recording }

  /// Nothing that is said once it is out counts.
  func rememberAnswer(_ headers: [HeaderLine]) {
    if isAlive { response.headers = headers }
  }

  func rememberRejection(
    _ phrase: [UInt8], _ reasons: [[UInt8]], _ headers: [HeaderLine], _ reason: Reason
  ) {
    guard isAlive else { return }
    response.reason = reason
    response.phrase = phrase
    response.reasons = reasons
    response.headers = headers
  }

  /// Why it comes to nothing: the first word about it.
  func remember(_ reason: Reason) {
    if isAlive, response.reason == nil { response.reason = reason }
  }

  func rememberBye(_ reasons: [[UInt8]], _ headers: [HeaderLine]) {
    guard isAlive else { return }
    response.headersOfBye = headers
    response.reasonsOfBye = reasons
  }

  /// The number of its next status callback (K-8).
  func countCallback() -> Int {
    defer { callbacks += 1 }
    return callbacks
  }

  // MARK: its screening

  var waiting: Interpreter.Waiting? { script?.waiting }

  /// Of the document that its Dial stood in.
  var origin: DocumentOrigin { request.origin }
  var screeningOrigin: DocumentOrigin { script?.origin ?? origin }

  func beginScreening(waitingFor request: RequestNumber, asking url: String) {
    var script = Interpreter()
    script.wait(for: .document(request, .screening), asking: url)
    self.script = script
  }

  var askedURL: String { script?.askedURL ?? "" }

  func wait(for what: Interpreter.Waiting) { script?.wait(for: what) }

  func wait(for what: Interpreter.Waiting, asking url: String) {
    script?.wait(for: what, asking: url)
  }

  func begin(_ performance: Performance, as number: PerformanceNumber, at now: Instant) {
    script?.begin(performance, as: number, at: now)
  }

  func end(_ outcome: Performed, at now: Instant) { script?.end(outcome, at: now) }

  /// False when the loop guard forbids it (G-21).
  func load(_ document: Document, most: Int) -> Bool {
    script?.load(document, most: most) ?? false
  }

  func insert(_ document: Document, most: Int) -> Bool {
    script?.insert(document, most: most) ?? false
  }

  func worked() { script?.worked() }

  func step() -> Interpreter.Step? { script?.step() }
  var reached: VerbReached? { script?.reached }

  func request(
    after performance: Performance, _ outcome: Performed, _ policy: CallPolicy
  ) -> Interpreter.Fetch? {
    script?.following(performance, outcome, policy: policy)
  }

  /// What ran; nil = it was not being screened.
  func endScreening() -> Interpreter? {
    defer { script = nil }
    return script
  }

  // MARK: its digits

  func beginDigits(_ number: PerformanceNumber) { digits = number }

  /// False: they are none of its own.
  func finishDigits(_ number: PerformanceNumber) -> Bool {
    guard digits == number else { return false }
    digits = nil
    return true
  }

  /// Those that are still being sent.
  func endDigits() -> PerformanceNumber? {
    defer { digits = nil }
    return digits
  }

  // MARK: its farewell

  func beginFarewell(_ number: PerformanceNumber) { farewell = number }

  /// False: it was none of its own.
  func finishFarewell(_ number: PerformanceNumber, at now: Instant) -> Bool {
    guard farewell == number else { return false }
    farewell = nil
    machine.farewellHeard(at: now)
    return true
  }
}
