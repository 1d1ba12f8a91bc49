import RCMLBasics

/// re-INVITE and UPDATE, both ways (RFC 3261 §14, RFC 3311, spec U-23). What an exchange may do next is decided by
/// `OfferExchange` alone; here it is carried out.
extension SessionLayer {
  // MARK: - Ours

  func offer(_ session: Session, body: [UInt8], at now: Instant) {
    guard session.takesOffers || session.isAccepting else { return }
    session.offers.offerAsked(placed(body, of: session, on: session.path))
    sendQueuedOffer(session, at: now)
  }

  func sendQueuedOffer(_ session: Session, at now: Instant) {
    // Before the ACK of our first 2xx its own offer may still be unanswered (§14.1).
    guard session.offers.hasQueued, session.takesOffers, session.answer?.isRepeated != true else {
      return
    }
    perform(session.offers.sendQueued(), session, at: now)
  }

  func cancelOffer(_ session: Session, at now: Instant) {
    if session.offers.withdraw() { return }
    guard !session.life.isEnded else { return }
    perform(session.offers.cancelAsked(at: now), session, code: 487, at: now)
  }

  /// 2xx to our re-INVITE.
  func offerAnswered(
    _ session: Session, _ message: Message, at target: RemoteTarget?, _ now: Instant
  ) {
    guard let leg = session.leg else { return }
    if acknowledgeAgain(session, dialog: leg, cseq: message.cseq, at: now) { return }
    moveTarget(session, dialog: leg, target, at: now)
    let ack = DialogRequest.acknowledgement(dialog: leg, cseq: message.cseq, body: [])
    sendInDialog(ack, session, dialog: leg, at: now)
    // A session that has ended in the meantime owes the peer its ACK and the host no event any more.
    if !session.life.isEnded {
      session.description.sent()
      session.refresh.agree(answeredBy: message, setting: settings.sessionExpires, at: now)
      perform(session.offers.accepted(), session, message, at: now)
    }
    releaseIfDone(session)
  }

  /// A final response of 300 or above to our re-INVITE, or none.
  func offerFinished(_ session: Session, code: UInt16, at now: Instant) {
    guard !session.life.isEnded else { return }
    if code == 491, session.takesOffers, session.offers.takesGlare {
      session.offers.glareArrived(until: now + glareWait(session))
      return schedule(session)
    }
    perform(session.offers.refused(), session, code: code, at: now)
    // Spec U-27: the peer knows the dialog no more, or does not answer.
    if code == 481 || code == 408 { dialogLost(session, code: code, at: now) }
  }

  /// §14.1: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other, in units of 10 ms.
  private func glareWait(_ session: Session) -> Interval {
    let random = Int(truncatingIfNeeded: context.nextRandom() >> 33)
    return session.isOutgoing
      ? .milliseconds(2_100 + random % 191 * 10) : .milliseconds(random % 201 * 10)
  }

  // MARK: - Theirs

  func offerArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, _ message: Message,
    over path: Path, at now: Instant
  ) {
    let code =
      SessionLayer.bodyRefusal(message)?.code ?? collision(session, dialog: dialog, server.method)
    if let code { return giveOffer(code, server, session, at: now) }
    moveTarget(session, dialog: dialog, message, over: path, at: now)
    let body = message.sdp
    let theirs = OfferExchange.Theirs(
      server: server.number, dialog: dialog,
      cseq: server.method == .invite ? server.cseq : nil, isLate: body.isEmpty,
      earlyBody: session.takesOffers ? [] : body)
    perform(session.offers.offerArrived(theirs), session, message, at: now)
    server.dropBody()
  }

  /// Why an offer of the peer's cannot be looked at now (RFC 3261 §14.2, RFC 3311 §5.2): 491, an offer of ours has no
  /// answer yet; 500, one of theirs has none.
  private func collision(_ session: Session, dialog: Int, _ method: Method) -> UInt16? {
    let isUpdate = method == .update
    if session.takesOffers, session.leg == dialog {
      // Our 2xx held the offer, and the ACK with its answer has not come.
      let owed = session.answer?.owesAnswer == true || session.offers.owesAnswer
      return isUpdate && owed ? 491 : nil
    }
    if isUpdate, session.hasEarlyAnswer(in: dialog) { return nil }
    return session.isOutgoing ? 491 : 500
  }

  func updateArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, _ message: Message,
    over path: Path, at now: Instant
  ) {
    if server.hasOffer || SessionLayer.bodyRefusal(message) != nil {
      return offerArrived(session, dialog: dialog, server, message, over: path, at: now)
    }
    // Without an offer it is a target refresh, or keeps the session alive (RFC 4028).
    moveTarget(session, dialog: dialog, message, over: path, at: now)
    giveOffer(200, server, session, at: now)
  }

  private func moveTarget(
    _ session: Session, dialog: Int, _ request: Message, over path: Path, at now: Instant
  ) {
    let isRouted = !session.dialogs[dialog].routeSet.isEmpty
    let target = target(in: request, over: path, isRouted: isRouted)
    moveTarget(session, dialog: dialog, target, at: now)
  }

  func answerOffer(_ session: Session, body: [UInt8], at now: Instant) {
    perform(session.offers.answerGiven(at: now), session, body: body, at: now)
  }

  func refuseOffer(_ session: Session, code: UInt16, at now: Instant) {
    guard (300...699).contains(code) else { return }
    perform(session.offers.refusalGiven(), session, code: code, at: now)
  }

  /// The session ends: a re-INVITE that waits for our word gets 487 (§15.1.2).
  func closeOffer(_ session: Session, at now: Instant) {
    perform(session.offers.refusalGiven(), session, code: 487, at: now)
  }

  /// The dialog in which the peer offered something is no more: 487, and nobody is to answer it.
  func dropTheirOffer(_ session: Session, at now: Instant) {
    perform(session.offers.cancelArrived(server: nil), session, code: 487, at: now)
  }

  // MARK: - Carrying out

  /// `code`: of a refusal, ours or theirs; `body`: of our answer.
  func perform(
    _ effects: [OfferExchange.Effect], _ session: Session, _ message: Message? = nil,
    code: UInt16 = 0, body: [UInt8] = [], at now: Instant
  ) {
    for effect in effects {
      switch effect {
      case .sendOffer(let body):
        guard let leg = session.leg else { continue }
        sendInDialog(.offer(body: body), session, dialog: leg, at: now)
      case .sendCancel(let transaction): cancel(transaction, of: session, reasons: [], at: now)
      case .abandonOffer(let transaction): clients.abandon(transaction, at: now)
      case .sendAnswer(let theirs):
        guard let server = servers[theirs.server] else { continue }
        noteEarlyOffer(session, theirs)
        giveOffer(200, server, session, body: body, at: now)
      case .repeatAnswer(let number):
        if let server = servers[number] {
          servers.repeatResponse(server.response, to: server, at: now)
        }
      case .sendRefusal(let number):
        if let server = servers[number] { giveOffer(code, server, session, at: now) }
      case .refuseGlare(let number):
        if let server = servers[number] { giveOffer(491, server, session, at: now) }
      case .refuseBusy(let number):
        if let server = servers[number] { giveOffer(500, server, session, at: now) }
      case .tellOffered: tell(session, .offered(body: message?.sdp ?? []))
      case .tellCancelled: tell(session, .offerCancelled)
      case .tellAccepted: tell(session, .offerAccepted(body: message?.sdp ?? []))
      case .tellRefused: tell(session, .offerRefused(code: code))
      case .tellAcknowledged: tell(session, .acknowledged(body: message?.sdp ?? []))
      case .tellAcknowledgementMissing: tell(session, .acknowledgementMissing)
      }
    }
    schedule(session)
    if session.offers.isIdle { sendQueuedOffer(session, at: now) }
  }

  /// What an UPDATE before the 2xx agreed to is from now on what its dialog has (RFC 3311 §5.1).
  private func noteEarlyOffer(_ session: Session, _ theirs: OfferExchange.Theirs) {
    guard !theirs.earlyBody.isEmpty else { return }
    if session.isOutgoing {
      guard session.dialogs.contains(theirs.dialog) else { return }
      session.dialogs[theirs.dialog].update(theirs.earlyBody)
    } else {
      _ = session.answer?.change { $0.isUpdated = true }
    }
  }

  /// The one place where a re-INVITE or an UPDATE is answered.
  private func giveOffer(
    _ code: UInt16, _ server: ServerTransaction, _ session: Session, body: [UInt8] = [],
    at now: Instant
  ) {
    guard let request = server.request else { return }
    let body = placed(body, of: session, on: session.path)
    let context = context
    servers.respond(
      code, to: server, toTag: session.identity.localTag, body: body, at: now
    ) { header in
      switch code {
      case 200:
        if session.takesOffers {
          session.refresh.agree(
            answering: request, setting: context.settings.sessionExpires, &header, at: now)
        }
        if let path = session.path { writeContact(session, on: path, to: &header) }
        header.field("Allow", text: Capabilities.allowed)
      case 415: Capabilities.writeAccepted(to: &header)
      case 500: header.field("Retry-After", number: context.nextRandom() % 10 + 1)
      case _: break
      }
    }
    if code == 200 {
      if !body.isEmpty { session.description.sent() }
      schedule(session)
    }
  }
}
