import RCMLBasics

/// Requests inside a dialog of ours, and the beginning and end of sessions.
extension UserAgent {
  /// Sends by the way the dialog's last request took, or finds one.
  mutating func sendInDialog(
    _ kind: Outbound.Kind, _ session: Session, dialog index: Int, at now: Instant
  ) {
    let dialog = session.dialogs[index]
    if let path = dialog.path, isUsable(path.flow) {
      return begin(kind, of: session, over: path, nil, at: now)
    }
    dispatch(kind, of: session, toward: dialog.nextHop, at: now)
  }

  func isUsable(_ flow: Flow) -> Bool {
    switch flow {
    case .datagram(let id, _): listeners.contains { $0.id == id }
    case .stream(let id, _): connections[id]?.state == .open
    }
  }

  /// There is a way now: writes the request and sends it.
  mutating func begin(_ outbound: Outbound, over path: Path, at now: Instant) {
    begin(outbound.kind, of: outbound.session, over: path, outbound, at: now)
    remove(outbound)
    releaseIfDone(outbound.session)
  }

  /// The session's dialogs live on this way: a connection stays open for them (spec Q-22).
  func adopt(_ session: Session, _ path: Path) {
    leave(session)
    session.path = path
    if case .stream(let id, _) = path.flow { connections[id]?.sessions += 1 }
  }

  private func leave(_ session: Session) {
    if case .stream(let id, _)? = session.path?.flow { connections[id]?.sessions -= 1 }
    session.path = nil
  }

  /// The session goes when it has ended and no transaction of ours speaks of it any more: until then repeated 2xx
  /// find it (F-6).
  mutating func releaseIfDone(_ session: Session) {
    guard session.isEnded, session.openTransactions == 0,
      sessions.remove(session.id.number) != nil
    else { return }
    leave(session)
  }

  /// The machine said so: the last event.
  mutating func finish(_ session: Session, at now: Instant) {
    session.heldOffer = nil
    closeOffer(session, at: now)
    session.isEnded = true
    session.invite = nil
    session.authentication?.candidates = nil
    session.authentication?.refusal = nil
    session.redirection = nil
    session.cancelWait = nil
    session.glareAt = nil
    runOffer(session, at: now) { $0.sessionEnded() }
    session.heldOffer = nil
    session.provisionals = nil
    session.repetition = nil
    session.offerRepetition = nil
    session.timer = SessionTimer()
    session.passesTo = nil
    session.takesRefer = false
    tell(session, .ended)
    releaseIfDone(session)
  }

  mutating func timePassed(for session: Session, at now: Instant) {
    if let wait = session.cancelWait, wait <= now {
      session.cancelWait = nil
      run(session, at: now) { $0.cancelWaitExpired() }
    }
    sessionTimerFired(session, at: now)
    if let glare = session.glareAt, glare <= now {
      session.glareAt = nil
      runOffer(session, at: now) { $0.glareTimerFired() }
    }
    if let wait = session.offerCancelWait, wait <= now {
      session.offerCancelWait = nil
      runOffer(session, code: 487, at: now) { $0.cancelWaitExpired() }
    }
    runProvisionals(session, at: now) { $0.timePassed(at: now) }
    if var repetition = session.repetition {
      let due = repetition.timePassed(at: now)
      session.repetition = repetition
      if repeats(repetition, due, at: now) == false {
        session.repetition = nil
        runIncoming(session, at: now) { $0.acknowledgementMissed() }
      }
    }
    if var repetition = session.offerRepetition {
      let due = repetition.timePassed(at: now)
      session.offerRepetition = repetition
      if repeats(repetition, due, at: now) == false {
        session.offerRepetition = nil
        runOffer(session, at: now) { $0.acknowledgementMissed() }
      }
    }
  }

  /// False: no ACK will come any more.
  private mutating func repeats(
    _ repetition: AnswerRepetition, _ due: AnswerRepetition.Due, at now: Instant
  ) -> Bool {
    switch due {
    case .nothing: return true
    case .repeatAnswer:
      let server = repetition.transaction
      respondAgain(server.response, to: server.request, over: server.flow, at: now)
      return true
    case .missing: return false
    }
  }

  /// Ends a session of either direction, whatever its state:
  ///
  /// * our INVITE is not sent yet: nothing is sent any more;
  /// * our INVITE is unanswered and no provisional response came: CANCEL waits for one; a 2xx that comes first gets
  ///   ACK and BYE, another final response ends it, and so does timer B (spec F-7, L-20);
  /// * a provisional response came: CANCEL now; 64·T1 later the INVITE is given up (RFC 3261 §9.1);
  /// * the caller has no final response: 480 (spec Q-6);
  /// * our 200 is not acknowledged: BYE after its ACK, or after 64·T1 without one (RFC 3261 §15);
  /// * answered: BYE;
  /// * a BYE is under way, or it is over: nothing.
  ///
  /// `reasons` become Reason header lines of the CANCEL or BYE (F-8). `SessionEvent.ended` comes when it is over.
  package mutating func end(_ id: SessionID, reasons: [[UInt8]], at now: Instant) {
    guard let session = sessions[id.number], !session.isEnded else { return }
    session.reasons = reasons
    session.heldOffer = nil
    switch session.machine {
    case .outgoing: run(session, at: now) { $0.hangUpAsked() }
    case .incoming: runIncoming(session, at: now) { $0.hangUpAsked() }
    }
    schedule(session)
    dropStaleDeadlines()
  }

  /// BYE is answered 200 in every state (spec U-26); only on the leg does it end the session.
  mutating func byeArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, at now: Instant
  ) {
    let message = server.request
    var writer = response(200, to: server)
    give(200, writer.finish(), to: server, at: now)
    switch session.machine {
    case .outgoing:
      guard session.leg == dialog else {
        if session.leg == nil { session.dialogs[dialog].earlyBye = message.withoutBody }
        return
      }
      run(session, message, at: now) { $0.byeArrived() }
    case .incoming:
      runIncoming(session, message, at: now) { $0.byeArrived() }
    }
  }

  /// Our BYE has its answer, or will never have one.
  mutating func byeFinished(_ session: Session, dialog: Int, at now: Instant) {
    guard session.leg == dialog, !session.isEnded else { return }
    switch session.machine {
    case .outgoing: run(session, at: now) { $0.byeFinished() }
    case .incoming: runIncoming(session, at: now) { $0.byeFinished() }
    }
  }

  mutating func requestFinished(
    _ client: ClientTransaction, code: UInt16, _ message: Message? = nil, at now: Instant
  ) {
    switch client.purpose {
    case .bye(let dialog): byeFinished(client.session, dialog: dialog, at: now)
    // Whatever the CANCEL's own answer is, the INVITE's decides (§9.1).
    case .cancel, .invite, .offer: break
    case .refresh: refreshFinished(client.session, code: code, message, at: now)
    // The response goes on being repeated, or the INVITE's own timers end it (RFC 3262 §4).
    case .reliable, .notify: break
    case .passed(let server):
      passedFinished(client.session, server, code: code, message, at: now)
    }
  }

  mutating func dialogLost(_ session: Session, code: UInt16, at now: Instant) {
    switch session.machine {
    case .outgoing: run(session, code: code, at: now) { $0.dialogLost() }
    case .incoming: runIncoming(session, code: code, at: now) { $0.dialogLost() }
    }
  }
}
