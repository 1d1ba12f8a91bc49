import RCMLBasics
import RCMLDial
import RCMLDocument
import RCMLSIP

/// Between the dialogs and the call's media.
extension Agent {
  /// True when the event was about media alone.
  func takesMedia(_ event: SessionEvent, of owner: CallOwner, at now: Instant) -> Bool {
    var effects: [DirectMedia.Effect] = []
    switch event {
    case .offered(let body):
      calls[owner.call]?.media.offered(by: owner.party, body, &effects)
    case .offerAccepted(let body):
      calls[owner.call]?.media.accepted(by: owner.party, body, &effects)
    case .offerRefused(let code):
      calls[owner.call]?.media.refused(by: owner.party, code: code, &effects)
    case .acknowledged(let body):
      calls[owner.call]?.media.acknowledged(by: owner.party, body, &effects)
    case .provisional, .answered, .answeredTooLate, .rejected, .failed, .cancelled, .hungUp,
      .acknowledgementMissing, .info, .lost, .ended, .credentialsWanted,
      .redirectWanted, .referred:
      return false
    }
    perform(effects, of: owner.call, at: now)
    return true
  }

  func bridge(_ leg: LegNumber, of number: CallNumber, at now: Instant) {
    var effects: [DirectMedia.Effect] = []
    calls[number]?.media.bridged(leg, &effects)
    if let call = calls[number], let session = call.legs[leg] {
      userAgent.join(call.session, session)
    }
    perform(effects, of: number, at: now)
  }

  func unbridge(_ leg: LegNumber, of number: CallNumber, at now: Instant) {
    var effects: [DirectMedia.Effect] = []
    calls[number]?.media.unbridged(leg, &effects)
    if let call = calls[number], let session = call.legs[leg] {
      userAgent.part(call.session, session)
    }
    perform(effects, of: number, at: now)
  }

  private func perform(_ effects: [DirectMedia.Effect], of number: CallNumber, at now: Instant) {
    for effect in effects {
      switch effect {
      case .offer(let party, let sdp):
        if let session = session(of: party, number) {
          userAgent.offer(session, body: sdp, at: now)
        }
      case .answer(let party, let sdp):
        if let session = session(of: party, number) {
          userAgent.answerOffer(session, body: sdp, at: now)
        }
      case .refuse(let party, let code):
        if let session = session(of: party, number) {
          userAgent.refuseOffer(session, code: code, at: now)
        }
      case .withdraw(let party):
        if let session = session(of: party, number), userAgent.withdrawOffer(session) {
          calls[number]?.media.withdrawn(by: party)
        }
      case .warn(let text):
        tell(.finding(number, Finding(severity: .warning, code: .mediaRefused, text: text)))
      }
    }
  }

  private func session(of party: Party, _ number: CallNumber) -> SessionID? {
    switch party {
    case .caller: calls[number]?.session
    case .leg(let leg): calls[number]?.legs[leg]
    }
  }
}
