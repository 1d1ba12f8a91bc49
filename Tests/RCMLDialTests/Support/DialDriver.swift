import RCMLBasics
import RCMLDocument

@testable import RCMLDial

/// Feeds a CallMachine with inputs in virtual time and writes down what it wants, one line an effect.
struct DialDriver {
  var machine: CallMachine
  var now = Instant(nanoseconds: 1_000_000_000)
  var effects: [CallEffect] = []
  /// The verbs that began; `effects` is without them.
  private(set) var verbs: [(verb: VerbReached, leg: LegNumber?)] = []
  /// What becomes of an `answer` effect.
  enum Answering { case succeeds, isRefused, isHeld }
  var answering = Answering.succeeds
  /// An answer is held.
  private(set) var owesAnswer = false
  /// How many effects there were when the caller was answered.
  private(set) var answeredAt: Int?
  private var taken = 0

  static let parent = CallSid(high: 1, low: 1)
  static let wall = WallClock(
    unixMicroseconds: 1_727_874_309_000_000, at: Instant(nanoseconds: 1_000_000_000))

  /// A caller at the door; `document` runs on it at once.
  init(
    _ document: String? = nil, isAnswered: Bool = false, settings: Settings = Settings(),
    maxForwards: UInt8 = 70, headers: [HeaderLine] = [],
    direction: CallMachine.Caller.Direction = .inbound, seed: UInt64 = 1,
    policy: CallPolicy? = nil, offersSpeech: Bool = true, answering: Answering = .succeeds,
    maxBreadth: UInt8? = nil
  ) {
    self.answering = answering
    machine = CallMachine(
      caller: CallMachine.Caller(
        sid: DialDriver.parent, direction: direction, isAnswered: isAnswered,
        from: "sip:bob@b.example", to: "sip:pbx@e.example", user: "bob", callerName: "Bob",
        sipCallID: "call-1", headers: headers, maxForwards: maxForwards,
        localDomain: "e.example", offersSpeech: offersSpeech, maxBreadth: maxBreadth),
      rules: CallRules(
        settings, policy: policy,
        reader: { bytes, _, url, _ in DocumentSketch.read(bytes, url: url) }),
      wall: DialDriver.wall, random: RandomSource(seed: seed))
    if let document { run(document) }
  }

  /// As the agent does it: an answer is spoken of before the effects behind it are performed.
  mutating func give(_ input: CallInput) {
    let wanted = CallEffects()
    machine.handle(input, at: now, wanted)
    while let effect = wanted.popFirst() {
      if case .tell(.verbReached(let verb, let leg)) = effect {
        verbs.append((verb, leg))
        continue
      }
      effects.append(effect)
      guard case .caller(.answer) = effect else { continue }
      switch answering {
      case .succeeds: confirmAnswer()
      case .isRefused: give(.caller(.mediaRefused))
      case .isHeld: owesAnswer = true
      }
    }
  }

  mutating func confirmAnswer() {
    owesAnswer = false
    answeredAt = effects.count
    give(.caller(.answered))
  }

  mutating func run(_ document: String) {
    give(.host(.run(.text(Array(document.utf8), baseURL: "http://w/main"))))
  }

  /// Lets time pass, deadline by deadline.
  mutating func pass(_ seconds: Double) {
    let target = now + .milliseconds(Int(seconds * 1_000))
    while let deadline = machine.nextDeadline, deadline.instant <= target {
      now = max(now, deadline.instant)
      give(.timePassed)
    }
    now = target
  }

  // MARK: - Short words for what happens

  mutating func leg(_ number: UInt32, _ code: UInt16, media: Bool = false) {
    give(.leg(LegNumber(number), .provisional(code: code, hasMedia: media)))
  }
  mutating func answer(_ number: UInt32, usable: Bool = true, headers: [HeaderLine] = []) {
    give(
      .leg(
        LegNumber(number),
        .answered(unusable: usable ? nil : Reason(.noCommonCodec), headers: headers)))
  }
  mutating func reject(
    _ number: UInt32, _ code: UInt16, phrase: String = "", reasons: [String] = [],
    headers: [HeaderLine] = []
  ) {
    give(
      .leg(
        LegNumber(number),
        .rejected(
          code: code, phrase: Array(phrase.utf8), reasons: reasons.map { Array($0.utf8) },
          headers: headers, .refused(code, Array(phrase.utf8), by: "phone"))))
  }
  mutating func bye(_ number: UInt32, reason: String? = nil, headers: [HeaderLine] = []) {
    let reasons = reason.map { [Array($0.utf8)] } ?? []
    give(.leg(LegNumber(number), .hungUp(reasons: reasons, headers: headers)))
  }
  mutating func gone(_ number: UInt32) { give(.leg(LegNumber(number), .ended)) }
  mutating func callerCancels(_ reason: String? = nil) {
    give(.caller(.cancelled(reasons: reason.map { [Array($0.utf8)] } ?? [])))
  }
  mutating func callerHangsUp(_ reason: String? = nil) {
    give(.caller(.hungUp(reasons: reason.map { [Array($0.utf8)] } ?? [])))
  }
  mutating func reply(_ number: UInt32, _ document: String, type: String = "text/xml") {
    give(
      .web(
        RequestNumber(number),
        .retrieved(
          Retrieved(
            finalURL: "http://w/reply\(number)", contentType: type, body: Array(document.utf8)))))
  }
  mutating func fail(_ number: UInt32, _ failure: RetrievalFailure = .status(500)) {
    give(.web(RequestNumber(number), .failed(failure)))
  }
  mutating func performed(_ number: UInt32, _ outcome: Performed) {
    give(.media(.performed(PerformanceNumber(number), outcome)))
  }
  /// Everything recorded so far is on disk, or is not.
  mutating func giveBackRecordings(isWhole: Bool) {
    for case .media(.endRecording(let sid, true)) in effects {
      give(.media(.recorded(sid: sid, isWhole: isWhole)))
    }
  }
  mutating func press(_ key: Character, by party: Party = .caller) {
    give(.digit(key.asciiValue ?? 0, from: party))
  }

  // MARK: - What the machine wanted

  /// The lines since the last call.
  mutating func lines() -> [String] {
    defer { taken = effects.count }
    return effects[taken...].map(DialDriver.line)
  }

  var all: [String] { effects.map(DialDriver.line) }

  /// The parameters of a document request, by name.
  func request(_ number: UInt32) -> DocumentRequest? {
    for effect in effects {
      if case .web(RequestNumber(number), .fetch(let request)) = effect { return request }
    }
    return nil
  }

  func parameter(_ name: String, of number: UInt32) -> String? {
    request(number)?.parameters.first { $0.name == name }?.value
  }

  var callbacks: [(leg: UInt32, callback: StatusCallback)] {
    effects.compactMap { effect in
      guard case .tell(.leg(let leg, _, let callback?)) = effect else { return nil }
      return (leg.number, callback)
    }
  }

  var recordingCallbacks: [StatusCallback] {
    effects.compactMap { effect in
      guard case .tell(.recording(_, let callback)) = effect else { return nil }
      return callback
    }
  }

  var result: DialResult? {
    for case .tell(.dialEnded(let result)) in effects.reversed() { return result }
    return nil
  }

  var ended: CallEnd? {
    for case .ended(let end) in effects.reversed() { return end }
    return nil
  }
}
