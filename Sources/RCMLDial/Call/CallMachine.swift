import RCMLBasics
import RCMLDocument

/// One call: its caller leg, the document it runs, the Dials in it and their legs (spec L, F, C, M, V).
///
/// `handle` takes what happened and appends what must be done, in order. The machine performs nothing.
package struct CallMachine {
  let caller: Caller
  let settings: Settings
  let policy: CallPolicy
  let reader: Reader
  var wall: WallClock
  var random: RandomSource
  var now = Instant(nanoseconds: 0)
  var out: [CallEffect] = []

  var callerLeg: CallerLeg
  var startedAt: String?
  /// The document that runs on the caller.
  var script = Interpreter()
  var dial: RunningDial?
  var legs: [CallLeg] = []

  var nextLeg: UInt32 = 0
  var nextRequest: UInt32 = 0
  var nextPerformance: UInt32 = 0
  var dialCount = 0

  /// What an unanswered caller gets by the last Dial (M-30).
  var lastResponse: FinalResponse?
  /// Reason headers of the caller's CANCEL or BYE (F-8).
  var callerReasons: [[UInt8]] = []
  /// The URL the first document was asked of, as long as the fallback may still be used for it (H-21).
  var voiceURL: String?
  /// Requests whose replies nobody waits for (L-47).
  var farewells: Set<RequestNumber> = []
  /// Recordings whose last samples are being written.
  var endedRecordings: [String: DialRecording] = [:]
  /// Record verbs whose party hung up: their action is requested once the recording is whole (V-15).
  var lastWords: [PerformanceNumber: LastWords] = [:]
  /// A document the host gave while another could not yet be given up (L-39).
  var successor: Successor?
  /// The call ends with the Dial that runs; on whose account (L-39, L-44, C-13).
  var endsWithDial: HangupSide?
  var end: CallEnd?
  var isOver = false
  var agenda: [Step] = []

  /// What is left to be done once everything at hand has taken note of an input.
  enum Step {
    case dialOver
    case runDocument
    case screen(LegNumber)
  }

  /// How bytes become a document: bytes, Content-Type, URL, settings.
  package typealias Reader = @Sendable ([UInt8], String, String, Settings) -> Reading

  /// `policy`: nil = what `settings` say.
  package init(
    caller: Caller, settings: Settings, wall: WallClock, random: RandomSource,
    policy: CallPolicy? = nil,
    reader: @escaping Reader = { bytes, contentType, url, settings in
      DocumentReader.read(bytes, contentType: contentType, url: url, settings: settings)
    }
  ) {
    self.caller = caller
    self.reader = reader
    self.settings = settings
    self.policy = policy ?? CallPolicy(settings)
    self.wall = wall
    self.random = random
    switch caller.direction {
    case _ where caller.isAnswered: callerLeg = CallerLeg(.answered, at: caller.answeredAt)
    case .inbound: callerLeg = CallerLeg(.new)
    case .outboundAPI: callerLeg = CallerLeg(.calling)
    }
  }

  /// False: its line is over, and what is still to be done with it is not.
  package var isCallerAlive: Bool { callerLeg.isAlive }

  /// The machine's clock was set: time stamps change, timers and durations do not.
  package mutating func wallClock(_ wall: WallClock) { self.wall = wall }

  package mutating func handle(
    _ input: CallInput, at now: Instant, _ effects: inout [CallEffect]
  ) {
    guard !isOver else { return }
    self.now = max(now, self.now)
    if startedAt == nil { startedAt = wall.timestamp(at: now) }
    fireTimers()
    take(input)
    workOff()
    conclude()
    effects += out
    out.removeAll(keepingCapacity: true)
  }

  private mutating func take(_ input: CallInput) {
    switch input {
    case .caller(let input): take(input)
    case .leg(let leg, let input): take(input, of: leg)
    case .web(let request, .retrieved(let retrieved)): self.retrieved(request, retrieved)
    case .web(let request, .failed(let failure)): retrievalFailed(request, failure)
    case .media(.performed(let number, let outcome)): performed(number, outcome)
    case .media(.recorded(let sid, let isWhole)): recorded(sid, isWhole: isWhole)
    case .media(.lost(let party)): mediaLost(party)
    case .host(.run(let source)): run(source)
    case .host(.hangUp): hostEndsCall()
    case .host(.endDial): tellDial(.hostEnded)
    case .host(.decided(let dial, let target, let decision)): decided(dial, target, decision)
    case .digit(let digit, let party):
      if digit == 0x2a, party == .caller { tellDial(.star) }
    case .timePassed: break
    }
  }

  private mutating func take(_ input: CallerInput) {
    switch input {
    case .cancelled(let reasons): callerLeft(.cancelled, reasons)
    case .hungUp(let reasons): callerLeft(.hungUp, reasons)
    case .answered: callerAnswered()
    case .mediaRefused: refuseMedia()
    case .failed(let code): callerFailed(code)
    case .acknowledgementMissing: acknowledgementMissing()
    }
  }

  private mutating func take(_ input: LegInput, of leg: LegNumber) {
    switch input {
    case .provisional(let code, let hasMedia): provisional(leg, code, hasMedia)
    case .answered(let isUsable, let headers): answered(leg, isUsable, headers)
    case .rejected(let code, let phrase, let reasons, let headers):
      note(leg) {
        $0.phrase = phrase
        $0.rejectionReasons = reasons
        $0.responseHeaders = headers
      }
      leave(leg, .rejected(code: code))
    case .failed: leave(leg, .failed)
    case .hungUp(_, let headers):
      note(leg) { $0.farewellHeaders = headers }
      leave(leg, .hungUp)
    case .referred(let target): referred(by: leg, to: target)
    case .ended: leave(leg, .vanished)
    }
  }

  mutating func workOff() {
    var index = 0
    while index < agenda.count {
      let step = agenda[index]
      index += 1
      switch step {
      case .dialOver: dialOver()
      case .runDocument: runDocument()
      case .screen(let leg): runScreening(leg)
      }
    }
    agenda.removeAll(keepingCapacity: true)
  }

  /// The last effect, once nothing is left: caller, legs, requests.
  private mutating func conclude() {
    let current = dial?.ordinal
    legs.removeAll { $0.machine.state == .gone && $0.dial != current }
    guard let end, dial == nil, legs.isEmpty, farewells.isEmpty, endedRecordings.isEmpty,
      lastWords.isEmpty
    else { return }
    isOver = true
    out.append(.ended(end))
  }
}
