import RCMLBasics

/// Session timers while a session lasts (RFC 4028, spec U-24); what was agreed is `SessionRefresh`'s.
extension SessionLayer {
  private func refreshSession(_ session: Session, at now: Instant) {
    guard let leg = session.leg, session.takesOffers else { return }
    if session.refresh.takesUpdate {
      return sendInDialog(.refresh, session, dialog: leg, at: now)
    }
    // An exchange that waits or runs refreshes as well. What is agreed is not this layer's to know (spec U-50).
    guard !session.offers.hasQueued, session.offers.isIdle else { return }
    tell(session, .refreshDue)
  }

  /// Our UPDATE has its final response, or will have none.
  func refreshFinished(_ session: Session, code: UInt16, _ message: Message?, at now: Instant) {
    guard !session.life.isEnded else { return }
    switch code {
    case 200..<300:
      if let message {
        session.refresh.agree(answeredBy: message, setting: settings.sessionExpires, at: now)
      }
    case 422:
      guard session.refresh.refreshWasTooSmall(message) else { return }
      sendInDialog(.refresh, session, dialog: session.leg ?? 0, at: now)
    case 405, 501:
      session.refresh.updateIsNotTaken()
      refreshSession(session, at: now)
    // Spec U-27.
    case 408, 481: dialogLost(session, code: code, at: now)
    // The session lives on until its time is over (§10).
    case _: break
    }
    schedule(session)
  }

  /// The interval is over and nobody refreshed (§10): as if the peer had said that it knows the dialog no more.
  func refreshTimerFired(_ session: Session, at now: Instant) {
    switch session.refresh.timePassed(at: now) {
    case .refresh: refreshSession(session, at: now)
    case .expire: dialogLost(session, code: 408, at: now)
    case nil: break
    }
  }
}
