import RCMLBasics

/// Session timers, both ways (RFC 4028, spec U-24). Without the setting `session_expires` we ask for none; what a
/// peer asks of us in a 2xx holds all the same.
extension UserAgent {
  // MARK: our INVITE

  /// What a request of ours says of it.
  struct TimerFields {
    var interval: SessionInterval?
    var least: UInt32

    func write(to header: inout HeaderWriter) {
      header.field("Supported", text: UserAgent.supported)
      guard let interval else { return }
      header.field("Session-Expires", interval.octets)
      if least > 0 { header.field("Min-SE", number: UInt64(least)) }
    }
  }

  func timerFields(ofInvite session: Session) -> TimerFields {
    TimerFields(interval: wantedInterval(of: session), least: session.leastInterval)
  }

  /// We go on refreshing (§7.4).
  func timerFields(ofRefresh session: Session) -> TimerFields {
    var interval = session.timer.isAgreed ? session.interval : nil
    interval?.refresher = .caller
    return TimerFields(interval: interval, least: session.leastInterval)
  }

  private func wantedInterval(of session: Session) -> SessionInterval? {
    let wanted = max(settings.sessionExpires, session.leastInterval)
    return wanted == 0 ? nil : SessionInterval(seconds: wanted)
  }

  /// 422 to our INVITE: once more with the interval the peer wants (§6; spec U-24: not the leg's failure).
  mutating func takesTooSmall(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) -> Bool {
    let session = client.session
    guard message.statusCode == 422, session.leastInterval == 0,
      let least = message.number(of: .minSE), least <= 86_400,
      case .outgoing(let machine) = session.machine, machine.isCalling
    else { return false }
    session.leastInterval = max(least, SessionInterval.minimum)
    inviteAgain(session, client.candidates, at: now)
    return true
  }

  /// The 2xx to our INVITE, or to a refresh of ours (§7.2).
  mutating func agree(_ session: Session, answeredBy message: Message, at now: Instant) {
    if let interval = SessionInterval(of: message) {
      session.interval = interval
      session.timer.agreed(interval, isOurs: interval.refresher != .callee, at: now)
    } else if let wanted = session.interval ?? wantedInterval(of: session) {
      // §7.2: who does not know session timers does not refresh.
      session.interval = wanted
      session.timer.agreed(wanted, isOurs: true, at: now)
    }
    notePeer(session, message)
  }

  /// Which of our requests the peer takes.
  func notePeer(_ session: Session, _ message: Message) {
    if message.value(of: .allow) != nil {
      session.takesUpdate = message.hasOption("update", in: .allow)
    }
  }

  // MARK: the peer's INVITE

  /// §9: 422 with our least, where the peer asks for less and knows what that means.
  func asksTooSmall(_ message: Message) -> Bool {
    guard settings.sessionExpires > 0, message.hasOption("timer", in: .supported),
      let seconds = message.number(of: .sessionExpires)
    else { return false }
    return seconds < SessionInterval.minimum
  }

  /// What our 2xx to the peer's INVITE, re-INVITE or UPDATE says, and the timer that begins with it (§9).
  mutating func agree(
    _ session: Session, answering request: Message, _ header: inout HeaderWriter, at now: Instant
  ) {
    notePeer(session, request)
    let knows = request.hasOption("timer", in: .supported)
    let asked = SessionInterval(of: request)
    guard settings.sessionExpires > 0 || session.timer.isAgreed else { return }
    let least = max(request.number(of: .minSE) ?? 0, SessionInterval.minimum)
    let wanted = asked?.seconds ?? session.interval?.seconds ?? settings.sessionExpires
    // We may shorten what was asked for, but not below the least of anybody on the way.
    let ours = settings.sessionExpires > 0 ? settings.sessionExpires : wanted
    var interval = SessionInterval(seconds: max(least, min(wanted, ours)))
    interval.refresher = knows ? asked?.refresher ?? .caller : .callee
    session.interval = interval
    session.timer.agreed(interval, isOurs: interval.refresher == .callee, at: now)
    if knows, interval.refresher == .caller { header.field("Require", text: "timer") }
    header.field("Session-Expires", interval.octets)
  }

  // MARK: while the session lasts

  mutating func refreshSession(_ session: Session, at now: Instant) {
    guard let leg = session.leg, session.takesOffers else { return }
    if session.takesUpdate {
      return sendInDialog(.refresh, session, dialog: leg, at: now)
    }
    // The description it has, offered again; a newer offer that waits or runs refreshes as well.
    guard session.heldOffer == nil, session.offers.isIdle, !session.localDescription.isEmpty else {
      return
    }
    session.heldOffer = session.localDescription
    session.isHeldRefresh = true
    session.glareTries = 0
    sendHeldOffer(session, at: now)
  }

  /// Our UPDATE has its final response, or will have none.
  mutating func refreshFinished(
    _ session: Session, code: UInt16, _ message: Message?, at now: Instant
  ) {
    guard !session.isEnded else { return }
    switch code {
    case 200..<300:
      if let message { agree(session, answeredBy: message, at: now) }
    case 422:
      guard let least = message?.number(of: .minSE), least <= 86_400, least > session.leastInterval
      else { return }
      session.leastInterval = max(least, SessionInterval.minimum)
      let seconds = max(session.interval?.seconds ?? 0, session.leastInterval)
      session.interval = SessionInterval(seconds: seconds)
      sendInDialog(.refresh, session, dialog: session.leg ?? 0, at: now)
    case 405, 501:
      session.takesUpdate = false
      refreshSession(session, at: now)
    // Spec U-27.
    case 408, 481: dialogLost(session, code: code, at: now)
    // The session lives on until its time is over (§10).
    case _: break
    }
    schedule(session)
  }

  /// The interval is over and nobody refreshed (§10): as if the peer had said that it knows the dialog no more.
  mutating func sessionTimerFired(_ session: Session, at now: Instant) {
    switch session.timer.timePassed(at: now) {
    case .refresh: refreshSession(session, at: now)
    case .expire: dialogLost(session, code: 408, at: now)
    case nil: break
    }
  }
}
