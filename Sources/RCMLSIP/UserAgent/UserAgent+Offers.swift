import RCMLBasics

/// re-INVITE and UPDATE, both ways (RFC 3261 §14, RFC 3311, spec U-23).
extension UserAgent {
  /// re-INVITE with this SDP. While another exchange runs it waits for its turn; a newer one replaces it.
  package mutating func offer(_ id: SessionID, body: [UInt8], at now: Instant) {
    guard let session = sessions[id.number], session.takesOffers || session.isAccepting else {
      return
    }
    session.heldOffer = placed(body, of: session, on: session.path)
    session.isHeldRefresh = false
    session.glareTries = 0
    sendHeldOffer(session, at: now)
    dropStaleDeadlines()
  }

  /// From now on what the session describes are streams of our own: 0.0.0.0 stands for our address on its way.
  package mutating func placeMedia(of id: SessionID) { sessions[id.number]?.placesMedia = true }

  /// Spec T-5.
  func placed(_ body: [UInt8], of session: Session, on path: Path?) -> [UInt8] {
    guard session.placesMedia, !body.isEmpty, let shown = path?.shown else { return body }
    return SessionDescription.placing(body, host: HostText.host(ofHostPort: shown))
  }

  /// Takes back a re-INVITE that still waits for its turn. False: it is on its way, or there is none.
  package mutating func withdrawOffer(_ id: SessionID) -> Bool {
    guard let session = sessions[id.number], session.heldOffer != nil, !session.isHeldRefresh
    else { return false }
    session.heldOffer = nil
    return true
  }

  /// Takes our re-INVITE back. One that still waits for its turn is dropped, and no event comes; if an older one is
  /// under way then, that goes on. One that is under way is cancelled as soon as a provisional response came
  /// (RFC 3261 §9.1): `offerRefused` with 487, or `offerAccepted` when its 200 came first.
  package mutating func cancelOffer(_ id: SessionID, at now: Instant) {
    if withdrawOffer(id) { return }
    guard let session = sessions[id.number], !session.isEnded, !session.isSentRefresh else {
      return
    }
    runOffer(session, code: 487, at: now) { $0.cancelAsked() }
    dropStaleDeadlines()
  }

  mutating func sendHeldOffer(_ session: Session, at now: Instant) {
    // Before the ACK of our first 2xx its own offer may still be unanswered (§14.1).
    guard session.offers.isIdle, session.takesOffers, session.repetition == nil,
      let body = session.heldOffer
    else { return }
    session.heldOffer = nil
    session.sentOffer = body
    session.isSentRefresh = session.isHeldRefresh
    runOffer(session, at: now) { $0.offerAsked() }
  }

  package mutating func answerOffer(_ id: SessionID, body: [UInt8], at now: Instant) {
    guard let session = sessions[id.number], let server = session.offerServer else { return }
    let detail = ResponseDetail(code: 200, body: body)
    let isInvite = server.request.method == .invite
    noteEarlyOffer(session)
    runOffer(session, detail: detail, at: now) { $0.answerGiven(needsAcknowledgement: isInvite) }
    dropStaleDeadlines()
  }

  package mutating func refuseOffer(_ id: SessionID, code: UInt16, at now: Instant) {
    guard (300...699).contains(code), let session = sessions[id.number] else { return }
    runOffer(session, detail: ResponseDetail(code: code), at: now) { $0.refusalGiven() }
    dropStaleDeadlines()
  }

  mutating func offerArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, _ path: Path, at now: Instant
  ) {
    if let refusal = bodyRefusal(server.request) {
      return giveOffer(session, server, ResponseDetail(code: refusal.code), at: now)
    }
    if let code = collision(session, dialog: dialog, server) {
      return giveOffer(session, server, ResponseDetail(code: code), at: now)
    }
    refresh(session, dialog: dialog, server.request)
    if session.offerServer == nil {
      session.offerServer = server
      session.offerDialog = dialog
    }
    runOffer(session, server.request, server: server, at: now) { $0.offerArrived() }
    server.dropBody()
  }

  /// Why an offer of the peer's cannot be looked at now (RFC 3261 §14.2, RFC 3311 §5.2): 491, an offer of ours has no
  /// answer yet; 500, one of theirs has none.
  private func collision(
    _ session: Session, dialog: Int, _ server: ServerTransaction
  ) -> UInt16? {
    let isUpdate = server.request.method == .update
    if session.takesOffers, session.leg == dialog {
      // Our 2xx held the offer, and the ACK with its answer has not come.
      let owed =
        session.repetition?.holdsOffer == true || session.offerRepetition?.holdsOffer == true
      return isUpdate && owed ? 491 : nil
    }
    if isUpdate, hasEarlyAnswer(session, dialog: dialog) { return nil }
    return session.isOutgoing ? 491 : 500
  }

  /// The first exchange of a dialog is over before its 2xx: the INVITE's offer was answered in a reliable response
  /// whose PRACK has come (RFC 3311 §5.1, spec U-56).
  private func hasEarlyAnswer(_ session: Session, dialog: Int) -> Bool {
    switch session.machine {
    case .outgoing(let machine):
      // An offerless INVITE of ours got an offer there.
      return machine.isProceeding && !session.localDescription.isEmpty
        && !session.dialogs[dialog].reliableBody.isEmpty
    case .incoming(let machine):
      return machine.isRinging && session.provisionals?.isAnswerAcknowledged == true
    }
  }

  /// What an UPDATE before the 2xx agreed to is from now on what its dialog has (RFC 3311 §5.1).
  private func noteEarlyOffer(_ session: Session) {
    guard !session.earlyOffer.isEmpty else { return }
    if session.isOutgoing, session.dialogs.indices.contains(session.offerDialog) {
      session.dialogs[session.offerDialog].reliableBody = session.earlyOffer
      session.dialogs[session.offerDialog].isUpdated = true
    }
    session.provisionals?.isUpdated = true
    session.earlyOffer = []
  }

  /// The dialog in which the peer offered something is no more: 487, and nobody is to answer it.
  mutating func dropTheirOffer(_ session: Session, at now: Instant) {
    guard session.offerServer != nil else { return }
    runOffer(session, detail: ResponseDetail(code: 487), at: now) { $0.cancelArrived() }
  }

  mutating func updateArrived(
    _ session: Session, dialog: Int, _ server: ServerTransaction, _ path: Path, at now: Instant
  ) {
    if !server.request.body.isEmpty {
      return offerArrived(session, dialog: dialog, server, path, at: now)
    }
    // Without an offer it is a target refresh, or keeps the session alive (RFC 4028).
    refresh(session, dialog: dialog, server.request)
    giveOffer(session, server, ResponseDetail(code: 200), at: now)
  }

  /// §12.2.2: the peer's Contact is where the next requests go.
  private func refresh(_ session: Session, dialog: Int, _ message: Message) {
    guard let target = message.contactURI, target != session.dialogs[dialog].remoteTarget else {
      return
    }
    session.dialogs[dialog].remoteTarget = target
    if session.dialogs[dialog].routeSet.isEmpty { session.dialogs[dialog].path = nil }
  }

  /// 2xx to our re-INVITE.
  mutating func offerAnswered(_ client: ClientTransaction, _ message: Message, at now: Instant) {
    let session = client.session
    guard let leg = session.leg else { return }
    if acknowledgeAgain(session, dialog: leg, cseq: message.cseq, at: now) { return }
    refresh(session, dialog: leg, message)
    let ack = Outbound.Kind.acknowledgement(dialog: leg, cseq: message.cseq, body: [])
    sendInDialog(ack, session, dialog: leg, at: now)
    session.offerCancelWait = nil
    if !session.isEnded {
      session.localDescription = session.sentOffer
      agree(session, answeredBy: message, at: now)
    }
    // A session that has ended in the meantime owes the peer its ACK and the host no event any more.
    if !session.isEnded { runOffer(session, message, at: now) { $0.accepted() } }
    releaseIfDone(session)
  }

  /// A final response of 300 or above to our re-INVITE, or none.
  mutating func offerFinished(_ session: Session, code: UInt16, at now: Instant) {
    guard !session.isEnded else { return }
    session.offerCancelWait = nil
    if code == 491, !session.offers.isCancelled, session.glareTries < Limits.glareTries {
      session.glareTries += 1
      return runOffer(session, at: now) { $0.glareArrived() }
    }
    runOffer(session, code: code, at: now) { $0.refused() }
    // Spec U-27: the peer knows the dialog no more, or does not answer.
    if code == 481 || code == 408 { dialogLost(session, code: code, at: now) }
  }

  /// The session ends, or the peer cancelled: a re-INVITE that waits for our word gets 487 (§15.1.2).
  mutating func closeOffer(_ session: Session, at now: Instant) {
    runOffer(session, detail: ResponseDetail(code: 487), at: now) { $0.refusalGiven() }
  }

  mutating func runOffer(
    _ session: Session, _ message: Message? = nil, code: UInt16 = 0,
    server: ServerTransaction? = nil, detail: ResponseDetail = ResponseDetail(), at now: Instant,
    _ input: (inout OfferMachine) -> EffectList<OfferMachine.Effect>
  ) {
    let effects = input(&session.offers)
    for effect in effects {
      switch effect {
      case .sendOffer:
        guard let leg = session.leg else { continue }
        sendInDialog(.offer(body: session.sentOffer), session, dialog: leg, at: now)
      case .sendCancel: cancelSentOffer(session, at: now)
      case .stopGlareTimer: session.glareAt = nil
      case .abandonOffer:
        if let client = session.offerTransaction.flatMap({ clients[$0] }) {
          abandon(client, at: now)
        }
      case .startAbandonTimer: session.offerCancelWait = now + TransactionTimers.t64
      case .startGlareTimer: session.glareAt = now + glareWait(session)
      case .sendAnswer:
        guard let server = session.offerServer else { continue }
        session.offerServer = nil
        giveOffer(session, server, detail, at: now)
        if server.request.method == .invite {
          session.offerRepetition = AnswerRepetition(
            cseq: server.request.cseq, transaction: server, holdsOffer: !server.hasBody, at: now)
        }
      case .stopAnswer: session.offerRepetition = nil
      case .sendRefusal:
        guard let server = session.offerServer else { continue }
        session.offerServer = nil
        session.earlyOffer = []
        giveOffer(session, server, detail, at: now)
      case .refuseGlare:
        if let server { giveOffer(session, server, ResponseDetail(code: 491), at: now) }
        if session.offerServer === server { session.offerServer = nil }
      case .refuseBusy:
        if let server { giveOffer(session, server, ResponseDetail(code: 500), at: now) }
      case .tellOffered:
        let body = message.map { sdp(of: $0) } ?? []
        session.earlyOffer = session.takesOffers ? [] : body
        tell(session, .offered(body: body))
      case .tellCancelled: tell(session, .offerCancelled)
      case .tellAccepted where session.isSentRefresh, .tellRefused where session.isSentRefresh:
        break
      case .tellAccepted:
        tell(session, .offerAccepted(body: message.map { sdp(of: $0) } ?? []))
      case .tellRefused: tell(session, .offerRefused(code: code))
      case .tellAcknowledged:
        tell(session, .acknowledged(body: message.map { sdp(of: $0) } ?? []))
      case .tellAcknowledgementMissing: tell(session, .acknowledgementMissing)
      }
    }
    schedule(session)
    if session.offers.isIdle, session.heldOffer != nil { sendHeldOffer(session, at: now) }
  }

  /// §14.1: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other, in units of 10 ms.
  private mutating func glareWait(_ session: Session) -> Interval {
    let random = Int(truncatingIfNeeded: random.next() >> 33)
    return session.isOutgoing
      ? .milliseconds(2_100 + random % 191 * 10) : .milliseconds(random % 201 * 10)
  }

  private mutating func giveOffer(
    _ session: Session, _ server: ServerTransaction, _ detail: ResponseDetail, at now: Instant
  ) {
    var writer = response(detail.code, to: server)
    let body = placed(detail.body, of: session, on: session.path)
    switch detail.code {
    case 200:
      if !body.isEmpty { session.localDescription = body }
      if session.takesOffers { agree(session, answering: server.request, &writer.header, at: now) }
      schedule(session)
      if let path = session.path { writer.header.field("Contact", contact(on: path)) }
      writer.header.field("Allow", text: UserAgent.allowed)
    case 415: writer.header.field("Accept", text: UserAgent.accepted)
    case 500: writer.header.field("Retry-After", number: random.next() % 10 + 1)
    case _: break
    }
    give(detail.code, writer.finish(body: body), to: server, at: now)
  }
}
