import RCMLBasics
import RCMLDial
import RCMLSIP

/// An event of a line goes to the media, to the caller or to a leg.
extension CallRun {
  func handle(_ event: LineEvent, of party: Party, on line: LineID, at now: Instant) {
    guard !isOver else { return handleEventOfEndedCall(event, on: line, at: now) }
    switch (event, party) {
    case (.media(let step), _): handle(step, of: party, at: now)
    case (.innerAddressShown(let subject, let host), _):
      warnOfInnerAddress(subject, host, to: party)
    case (_, .caller): happenedToCaller(event, on: line, at: now)
    case (_, .leg(let leg)): happenedToLeg(event, leg, on: line, at: now)
    }
  }

  /// The call is over, but the line is not yet.
  private func handleEventOfEndedCall(_ event: LineEvent, on line: LineID, at now: Instant) {
    switch event {
    case .answered:
      services.lines.end(line, because: Reason(.callEnded), at: now)
    case .media(.offered):
      services.lines.refuseOffer(line, code: 481, at: now)
    case .ended:
      services.calls.remove(line)
    case .provisional, .answeredTooLate, .rejected, .failed, .cancelled, .hungUp,
      .acknowledgementMissing, .confirmed, .media, .info, .referred, .innerAddressShown, .lost,
      .question:
      break
    }
  }

  func line(of party: Party) -> LineID? {
    switch party {
    case .caller: caller.line
    case .leg(let leg): legs[leg]
    }
  }
}
