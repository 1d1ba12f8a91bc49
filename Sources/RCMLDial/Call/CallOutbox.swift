import RCMLBasics
import RCMLDocument

/// What all parts of a call write into and draw from: effects in their order, numbers, names, and the time.
final class CallOutbox {
  private(set) var now = Instant(nanoseconds: 0)
  private(set) var wall: WallClock
  private(set) var nextLeg: UInt32 = 0
  private(set) var nextRequest: UInt32 = 0
  private(set) var nextPerformance: UInt32 = 0
  private(set) var nextVerb: UInt32 = 0
  /// Lent by whoever has the machine handle an input, until it has.
  private var effects: CallEffects?
  private var random: RandomSource
  private let extraParameters: [Parameter]

  init(wall: WallClock, random: RandomSource, extraParameters: [Parameter]) {
    self.wall = wall
    self.random = random
    self.extraParameters = extraParameters
  }

  // MARK: time

  /// Time never runs back.
  func setTime(_ instant: Instant) { now = max(now, instant) }
  func setWallClock(_ clock: WallClock) { wall = clock }
  func timestamp(at instant: Instant) -> String { wall.timestamp(at: instant) }
  var wallTime: WallTime { wall.time(at: now) }

  // MARK: effects

  func borrow(_ effects: CallEffects) { self.effects = effects }
  func giveBackEffects() { effects = nil }

  func append(_ effect: consuming CallEffect) { effects?.append(effect) }
  func append(_ effect: LegEffect, of leg: LegNumber) { append(.leg(leg, effect)) }
  func report(_ report: CallReport) { append(.tell(report)) }

  func warn(
    _ code: FindingCode, _ text: String, line: Int = 0, column: Int = 0, reason: ReasonCode? = nil
  ) {
    report(
      .finding(
        Finding(
          severity: .warning, code: code, line: line, column: column, text: text, reason: reason)))
  }

  // MARK: requests and performances

  func fetch(_ fetch: Interpreter.Fetch, parameters: [Parameter]) -> RequestNumber {
    let number = RequestNumber(nextRequest)
    nextRequest &+= 1
    let request = DocumentRequest(
      purpose: fetch.purpose, url: fetch.url, method: fetch.method.rawValue,
      parameters: parameters + fetch.extra + extraParameters, origin: fetch.origin,
      reason: fetch.reason)
    append(.web(number, .fetch(request)))
    return number
  }

  func cancelFetch(_ request: RequestNumber) { append(.web(request, .abort)) }

  /// `origin`: of the document that wants it.
  func perform(
    _ performance: Performance, on party: Party, of origin: DocumentOrigin
  ) -> PerformanceNumber {
    let number = PerformanceNumber(nextPerformance)
    nextPerformance &+= 1
    append(.media(.perform(number, on: party, performance, of: origin)))
    return number
  }

  func stopPerforming(_ number: PerformanceNumber) { append(.media(.stopPerforming(number))) }

  /// The P-12 parameters of header lines; says so when not all of them fit.
  func headerParameters(_ prefix: String, from headers: [HeaderLine]) -> [Parameter] {
    let made = SipHeaderParameters.make(prefix: prefix, from: headers)
    if made.isCut {
      warn(
        .tooManyHeaders,
        "More header fields were received than one request may carry: the first 50 parameters, or "
          + "8192 bytes, are sent.")
    }
    return made.parameters
  }

  // MARK: names

  func makeVerbNumber() -> VerbNumber {
    defer { nextVerb &+= 1 }
    return VerbNumber(nextVerb)
  }

  func makeLegNumber() -> LegNumber {
    defer { nextLeg &+= 1 }
    return LegNumber(nextLeg)
  }

  func makeCallSid() -> CallSid { CallSid(from: &random) }

  func makeCallID() -> [UInt8] {
    var name = ByteWriter(capacity: 32)
    name.appendHex(random.next())
    name.appendHex(random.next())
    return name.finish()
  }

  func makeRecordingSid() -> String { Recording.makeSid(from: &random) }
}
