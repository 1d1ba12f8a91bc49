import RCMLBasics
import RCMLDocument

/// The caller of a call: its side of the line, what it is told in the end, and how its call ended.
final class CallerParty {
  private(set) var line: CallerLeg
  /// When the call began, for P-14; nil until its first input.
  private var startedAt: WallTime?
  /// Reason headers of its CANCEL or BYE (F-8).
  private(set) var reasons: [[UInt8]] = []
  /// nil = it has not ended.
  private(set) var end: CallEnd?
  /// What it gets by the last Dial, should it still be unanswered at the end (M-30).
  private var responseOfDial: FinalResponse?
  /// What its BYE says as long as nothing was done with it since a called party ended a Dial (U-63).
  private var reasonsOfDial: [[UInt8]] = []
  /// Why nothing was done with it since: a Dial that failed, or a document that could not be had (E-9); nil = neither.
  private(set) var reasonOfSilence: Reason?
  private let facts: CallFacts
  private let outbox: CallOutbox

  init(_ facts: CallFacts, _ outbox: CallOutbox) {
    self.facts = facts
    self.outbox = outbox
    switch facts.caller.direction {
    case _ where facts.caller.isAnswered:
      line = CallerLeg(.answered, at: facts.caller.answeredAt)
    case .inbound: line = CallerLeg(.new)
    case .outboundAPI: line = CallerLeg(.calling)
    }
  }

  var state: CallerLeg.State { line.state }
  var isAlive: Bool { line.isAlive }
  var isWaiting: Bool { line.isWaiting }

  func markStart() {
    if startedAt == nil { startedAt = outbox.wallTime }
  }

  func handle(_ input: CallerLeg.Input) {
    for effect in line.handle(input, at: outbox.now) { outbox.append(.caller(effect)) }
  }

  func setResponse(ofDial outcome: DialOutcome) {
    responseOfDial = outcome.response
    reasonsOfDial = outcome.reasons
    reasonOfSilence =
      outcome.result.status == .completed ? nil : outcome.result.reason?.meaning(.dialFailed)
  }

  /// A document that was to go on with it could not be had.
  func remember(_ reason: Reason) { reasonOfSilence = reason }

  /// The document goes on with it: an end that comes later follows from something else.
  func forgetReasonsOfDial() {
    reasonsOfDial = []
    reasonOfSilence = nil
  }

  // MARK: ends

  /// CANCEL or BYE of the caller (L-32, L-37, L-47). False: it changes nothing.
  /// `reason`: nil = it wanted to.
  func depart(
    by how: CallerLeg.Input, reasons: [[UInt8]], because reason: Reason? = nil
  ) -> Bool {
    guard isAlive else { return false }
    let wasAnswered = line.answeredAt != nil || state == .answered
    handle(how)
    guard !isAlive else { return false }
    self.reasons = reasons
    end = CallEnd(
      status: wasAnswered ? .completed : .canceled, sipCode: nil, hangupBy: .caller,
      duration: duration, reason: reason ?? Reason(wasAnswered ? .callerHungUp : .callerGaveUp))
    return true
  }

  /// The party we called for the host could not be had.
  func failToAnswer(_ code: UInt16?, _ reason: Reason) {
    handle(.failed)
    let status = code.map {
      LegMachine.status(of: $0, for480And408: facts.policy.status480And408)
    }
    end = CallEnd(
      status: status ?? .failed, sipCode: code, hangupBy: .caller, duration: 0, reason: reason)
  }

  /// It never acknowledged our ringing: its INVITE has its final response (U-21).
  func failToAcknowledge(_ code: UInt16?, _ reason: Reason) {
    end = CallEnd(
      status: .failed, sipCode: code, hangupBy: .engine, duration: duration, reason: reason)
    handle(.failed)
  }

  /// Nothing it offers can be used (L-49).
  func refuseOffer() {
    let code = CallerLeg.unusableOffer.code
    outbox.warn(
      .mediaRefused,
      "The caller is refused with \(code): of what it offers nothing can be used for what it has to "
        + "hear.")
    end = CallEnd(
      status: LegMachine.status(of: code), sipCode: code, hangupBy: .engine, duration: 0,
      reason: Reason(.callerOfferUnusable, sipStatus: code))
    handle(.mediaRefused)
  }

  /// The end by document, engine or host (L-46): BYE, or the final response.
  func endCall(
    _ response: FinalResponse, reasons: [[UInt8]] = [], by side: HangupSide,
    because reason: Reason
  ) {
    guard isAlive else { return }
    let status: CallStatus
    switch state {
    case .new, .ringing, .answering:
      status = LegMachine.status(
        of: response.code, for480And408: facts.policy.status480And408)
    case .calling: status = .canceled
    case .answered, .ended, .refused: status = .completed
    }
    end = CallEnd(
      status: status, sipCode: isWaiting ? response.code : nil, hangupBy: side,
      duration: duration, reason: reason)
    handle(.callEnds(response, reasons: reasons))
  }

  /// The document has come to its end, or to a Hangup (L-46, V-18).
  func endCallWithDocument(because reason: Reason) {
    endCall(
      responseOfDial ?? FinalResponse(480), reasons: reasonsOfDial, by: .engine, because: reason)
  }

  /// M-32.
  func endCall(becauseOf text: String, _ reason: Reason, isNotFound: Bool) {
    let response = FinalResponse(documentError: text, isInitialNotFound: isNotFound)
    endCall(
      response, reasons: [FinalResponse.reason(text)], by: .engine, because: reason)
  }

  // MARK: what requests say of it

  private var duration: Int {
    guard let answeredAt = line.answeredAt else { return 0 }
    return max(0, (outbox.now - answeredAt).wholeSeconds)
  }

  /// P-5 of the caller's own requests.
  private var status: CallStatus {
    switch state {
    case .new, .ringing, .answering: .ringing
    case .calling: .initiated
    case .answered: .inProgress
    case .ended, .refused: end?.status == .completed ? .completed : .canceled
    }
  }

  /// A request in the caller's name.
  func request(_ fetch: Interpreter.Fetch) -> RequestNumber {
    let caller = facts.caller
    let headers = outbox.headerParameters("SipHeader_", from: caller.invite.headers)
    var voice = VoiceParameters(
      sid: caller.sid, from: caller.from, to: caller.to,
      direction: caller.direction == .inbound ? "inbound" : "outbound-api",
      startedAt: startedAt ?? outbox.wallTime)
    voice.callerName = caller.callerName
    voice.forwardedFrom = caller.forwardedFrom
    voice.sipCallID = caller.invite.callID
    voice.tlsPeer = caller.invite.peerNames
    return outbox.fetch(
      fetch,
      parameters: voice.list(status: status.rawValue, headers: headers, policy: facts.policy))
  }
}
