import RCMLBasics

/// How sessions of either direction end.
extension SessionLayer {
  func end(_ session: Session, reasons: [[UInt8]], at now: Instant) {
    guard !session.life.isEnded else { return }
    session.say(reasons)
    session.offers.leave()
    if session.isOutgoing {
      run(session, at: now) { $0.hangUpAsked() }
    } else {
      runIncoming(session, at: now) { $0.hangUpAsked() }
    }
  }

  /// BYE is answered 200 in every state (spec U-26); only on the leg does it end the session.
  func byeArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, _ message: Message,
    at now: Instant
  ) {
    respond(200, to: server, of: session, at: now)
    guard session.isOutgoing else {
      return runIncoming(session, message, at: now) { $0.byeArrived() }
    }
    guard session.leg == dialog else {
      if session.leg == nil { session.dialogs[dialog].earlyBye = message.withoutBody }
      return
    }
    run(session, message, at: now) { $0.byeArrived() }
  }

  /// Our BYE has its answer, or will never have one.
  func byeFinished(_ session: Session, dialog: Int, at now: Instant) {
    guard session.leg == dialog, !session.life.isEnded else { return }
    if session.isOutgoing {
      run(session, at: now) { $0.byeFinished() }
    } else {
      runIncoming(session, at: now) { $0.byeFinished() }
    }
  }

  /// The peer no longer knows the dialog, or does not answer in it (spec U-27).
  func dialogLost(_ session: Session, code: UInt16, at now: Instant) {
    session.offers.leave()
    if session.isOutgoing {
      run(session, code: code, at: now) { $0.dialogLost() }
    } else {
      runIncoming(session, code: code, at: now) { $0.dialogLost() }
    }
  }
}
