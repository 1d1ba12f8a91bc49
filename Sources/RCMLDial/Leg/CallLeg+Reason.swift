import RCMLBasics
import RCMLDocument

/// Why a leg came to nothing, or was cut off (spec E-9): what its machine knows, and what was said besides.
extension CallLeg {
  /// nil = it was talked to, and somebody hung up.
  var reason: Reason? { wasTalkedTo ? reasonOfCut : reasonOfFailure }

  private var wasTalkedTo: Bool {
    let isPassed = machine.screening == nil || machine.screening == .accepted
    return isPassed && machine.dialStatus == .completed
  }

  private var reasonOfCut: Reason? {
    switch machine.endReason {
    case .timeLimit: Reason(.timeLimit)
    case .mediaLost: Reason(.mediaSilent)
    case .acknowledgementMissing: Reason(.acknowledgementMissing)
    case .callerGone, .hostEnded, .lostRace, .ringTimeout, .star, .stopCode, .callEnded: nil
    case nil: response.reason
    }
  }

  private var reasonOfFailure: Reason {
    if let invalid = noun.invalid { return Reason(code(of: invalid), at: voice.to) }
    if machine.invitedAt == nil {
      return machine.code == 440 ? Reason(.breadthLimit, sipStatus: 440) : Reason(.hopLimit)
    }
    if let why = machine.endReason { return reason(of: why) }
    if let screening = machine.screening, let reason = reason(of: screening) { return reason }
    if machine.mediaFailed { return response.reason ?? Reason(.noDescription) }
    if let said = response.reason { return said }
    return Reason(.hungUpEarly)
  }

  private func code(of invalid: FindingCode) -> ReasonCode {
    switch invalid {
    case .targetDenied: .targetDenied
    case .unsupportedNoun: .unsupportedNoun
    case .unsupportedTransport: .unknownTransport
    default: .invalidTarget  // of the many findings there are
    }
  }

  private func reason(of why: LegEndReason) -> Reason {
    switch why {
    case .lostRace: Reason(.answeredElsewhere)
    case .ringTimeout: Reason(.ringTimeout)
    case .stopCode: Reason(.stopCode)
    case .acknowledgementMissing: Reason(.acknowledgementMissing)
    case .timeLimit: Reason(.timeLimit)
    case .mediaLost: Reason(.mediaSilent)
    case .callerGone, .hostEnded, .callEnded, .star:
      // Whoever ended it has said why.
      (response.reason ?? Reason(.callEnded)).asCanceled
    }
  }

  /// nil = it has passed.
  private func reason(of screening: DialResult.Screening) -> Reason? {
    switch screening {
    case .accepted: nil
    case .rejected: Reason(.screeningRefused)
    case .timeout: Reason(.screeningTimedOut)
    case .hangup: Reason(.screeningHungUp)
    case .failed: (response.reason ?? Reason(.screeningFailed)).meaning(.screening)
    }
  }
}
