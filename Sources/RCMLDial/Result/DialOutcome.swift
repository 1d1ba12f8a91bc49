import RCMLBasics

/// What a Dial came to, with all that the action request and the caller's final response take from it (spec §8.2).
struct DialOutcome {
  let result: DialResult
  let response: FinalResponse
  /// Of the deciding leg's final response, and of its BYE.
  let headers: [HeaderLine]
  /// Of the deciding leg's BYE: what a BYE to the caller says that follows from it (U-63).
  let reasons: [[UInt8]]
  /// Of the deciding leg, empty = no INVITE was sent.
  let sipCallID: String
  private let raced: [CallLeg]

  init(_ dial: DialRun, legs all: [CallLeg], policy: CallPolicy, now: Instant) {
    var legs = all.filter { $0.dial == dial.ordinal }
    if legs.count > 1 { legs.sort { $0.targetIndex < $1.targetIndex } }
    let winner = legs.first { $0.number == dial.winner }
    let status = DialOutcome.status(dial, legs, policy)
    // M-4
    let deciding = winner ?? legs.first { $0.machine.dialStatus == status } ?? legs.first
    let machine = deciding?.machine
    let why = DialOutcome.reason(dial, deciding, winner: winner)
    result = DialResult(
      status: status, leg: deciding?.number, legSid: deciding?.request.sid,
      duration: winner?.machine.duration(at: now) ?? 0, bridged: winner != nil,
      ringDuration: machine?.ringDuration(at: now) ?? 0, sipCode: machine?.code,
      screening: machine?.screening, hangupBy: winner?.machine.hangupBy,
      recording: winner?.recording, reason: why)
    headers = SipHeaderParameters.overriding(
      deciding?.response.headers ?? [], with: deciding?.response.headersOfBye ?? [])
    reasons = deciding?.response.reasonsOfBye ?? []
    sipCallID = deciding?.voice.sipCallID ?? ""
    raced = legs
    var cause = FinalResponse.Cause()
    cause.hasTargets = !legs.isEmpty
    // A 487 that our CANCEL brought about says nothing: what led to the CANCEL decides (M-30, Q-11).
    let isOwn487 = machine?.code == 487 && machine?.endReason != nil
    cause.code = isOwn487 ? nil : machine?.code
    cause.phrase = deciding?.response.phrase ?? []
    cause.reasons = deciding?.response.reasons ?? []
    cause.ringTimedOut = legs.contains { $0.machine.endReason == .ringTimeout }
    cause.screening = machine?.screening
    cause.mediaFailed = machine?.mediaFailed ?? false
    cause.isHopLimit = dial.isHopLimit
    cause.endedByHost = dial.machine.endedBy == .hostEnded
    response = FinalResponse(cause)
  }

  var legs: [DialParameters.LegOutcome] {
    raced.map {
      DialParameters.LegOutcome(
        targetIndex: $0.targetIndex, sid: $0.request.sid, to: $0.voice.to,
        status: $0.machine.dialStatus, code: $0.machine.code)
    }
  }

  /// Of a Dial without a winner: who ended it, else why its deciding leg came to nothing, else why there was none.
  private static func reason(
    _ dial: DialRun, _ deciding: CallLeg?, winner: CallLeg?
  ) -> Reason? {
    if let winner { return dial.endReason?.ifReplaced ?? winner.reason }
    switch dial.machine.endedBy {
    case .hostEnded: return dial.endReason ?? Reason(.dialEnded)
    case .callerGone, .callEnded: return (dial.endReason ?? Reason(.callEnded)).asCanceled
    case .acknowledgementMissing: return Reason(.acknowledgementMissing)
    case .lostRace, .ringTimeout, .timeLimit, .star, .stopCode, .mediaLost, nil: break
    }
    if let deciding { return deciding.reason }
    return dial.endReason ?? Reason(dial.isHopLimit ? .hopLimit : .noTarget)
  }

  /// M-3.
  private static func status(
    _ dial: DialRun, _ legs: [CallLeg], _ policy: CallPolicy
  ) -> CallStatus {
    if dial.winner != nil { return .completed }
    switch dial.machine.endedBy {
    case .callerGone, .hostEnded, .acknowledgementMissing: return .canceled
    case .lostRace, .ringTimeout, .timeLimit, .star, .stopCode, .callEnded, .mediaLost, nil: break
    }
    if legs.contains(where: { $0.machine.endReason == .ringTimeout }) {
      return policy.ringTimeoutStatus
    }
    // `completed` without a winner is what `screening_reject_status` may make of a refusal (C-15).
    let order: [CallStatus] = [.completed, .noAnswer, .busy, .failed, .canceled]
    return order.first { status in legs.contains { $0.machine.dialStatus == status } } ?? .failed
  }
}
