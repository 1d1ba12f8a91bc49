import RCMLBasics

/// Sessions we open.
extension SessionLayer {
  func invite(_ invite: OutgoingInvite, at now: Instant) -> Session {
    let random = context.nextRandom()
    let session = add { number in
      Session(
        SessionIdentity(
          number: number, random: random, secret: context.secret, callID: invite.callID,
          localParty: invite.from[...], remoteParty: invite.to,
          isSips: invite.target.prefix(5).equalsIgnoringCase("sips:"),
          staysSecured: invite.staysSecured),
        attempt: InviteAttempt(invite), placesMedia: invite.placesMedia)
    }
    dispatchInvite(session, toward: invite.target, at: now)
    return session
  }

  /// T-4: whatever the target, the INVITE goes to the proxy, if there is one.
  func dispatchInvite(_ session: Session, toward target: [UInt8], at now: Instant) {
    let proxy = settings.outboundProxy
    dispatch(.invite, of: session, toward: proxy.isEmpty ? target : proxy, at: now)
  }

  /// One INVITE of the session, at one address (spec X-9: headers and body the same in each).
  func beginInvite(
    _ session: Session, over path: Path, _ search: Search?, at now: Instant
  ) {
    guard let attempt = session.attempt, let invite = attempt.invite else { return }
    context.counts.inviteSent()
    let proxy = settings.outboundProxy
    var head = RequestHead(
      uri: invite.target, path: path, secret: context.secret,
      routes: proxy.isEmpty ? [] : [RouteValue.loose(proxy)],
      from: session.identity.localParty, to: invite.to, callID: invite.callID, cseq: attempt.cseq,
      maxForwards: invite.maxForwards)
    let body = placed(invite.body, of: session, on: path)
    attempt.goes(to: invite.target, at: path.flow.remote)
    let mayCarry = attempt.authentication?.mayCarry(invite.target) ?? false
    let credentials =
      mayCarry
      ? attempt.authentication?.lines(
        method: .invite, cseq: attempt.cseq, uri: invite.target, body: body,
        to: path.flow.remote) : nil
    head.credentials = credentials?.lines ?? []
    adopt(session, path)
    let settings = settings
    let timer = session.refresh.fieldsOfInvite(
      setting: settings.sessionExpires, hasOffer: !body.isEmpty)
    var room =
      370 + path.shown.count + settings.userAgent.count + body.count + 34
      * invite.trail.others.count
    for line in invite.headers { room += 4 + line.name.count + line.value.count }
    let client = clients.start(
      .invite, for: session.id.number, head: head, room: room, at: now
    ) { writer in
      writeContact(session, on: path, to: &writer.header)
      writer.header.field("Allow", text: Capabilities.allowed)
      timer.write(to: &writer.header)
      if !settings.userAgent.isEmpty { writer.header.field("User-Agent", settings.userAgent) }
      TrailMarks(context).write(invite.trail, to: &writer.header)
      for header in invite.headers { writer.header.field(header) }
      writer.end(body: body)
    }
    var sent = SentRequest(
      transaction: client.number, octets: client.bytes.count, purpose: .invite)
    sent.answered = credentials?.answered ?? []
    session.life.sent(sent)
    attempt.sent(client.number, by: search, at: path.flow.remote)
    if !body.isEmpty { session.description.sent() }
    run(session, at: now) { $0.inviteSent() }
  }

  // MARK: - What the transactions tell

  func provisionalArrived(
    _ client: ClientTransaction, _ message: Message, over path: Path, at now: Instant
  ) {
    guard let session = self[SessionID(client.owner)],
      let sent = session.life.request(client.number)
    else { return }
    guard case .invite = sent.purpose else {
      return perform(session.offers.provisionalArrived(at: now), session, at: now)
    }
    // 100 says only that the next hop is awake (L-12).
    if message.statusCode > 100 { session.attempt?.progressed() }
    if message.statusCode > 100, !message.toTag.isEmpty, session.leg == nil, !session.dialogs.isFull
    {
      let target = target(in: message, to: client, sent.purpose, over: path)
      let index = session.dialogs.dialog(
        of: message, at: target ?? dialledTarget(of: session, message))
      moveTarget(session, dialog: index, target, at: now)
      guard takesReliable(session, dialog: index, message, at: now) else { return }
    }
    let isTold = message.statusCode == 100 || session.attempt?.admitsProvisional(at: now) ?? true
    run(session, isTold ? message : nil, at: now) { $0.provisionalArrived() }
  }

  /// Of a response without Contact.
  private func dialledTarget(of session: Session, _ message: Message) -> RemoteTarget {
    RemoteTarget(uri: session.attempt?.invite?.target ?? message.toURI)
  }

  func answerArrived(
    _ client: ClientTransaction, _ message: Message, over path: Path, at now: Instant
  ) {
    guard let session = self[SessionID(client.owner)],
      let sent = session.life.request(client.number)
    else { return }
    let target = target(in: message, to: client, sent.purpose, over: path)
    if case .invite = sent.purpose {
      inviteAnswered(session, message, at: target, now)
    } else {
      offerAnswered(session, message, at: target, now)
    }
  }

  /// Every 2xx is acknowledged with its own tag and route set (I-S4): the first one makes the leg, one that is
  /// repeated gets the same ACK again (F-6), one of another fork is acknowledged and hung up (F-9).
  private func inviteAnswered(
    _ session: Session, _ message: Message, at target: RemoteTarget?, _ now: Instant
  ) {
    guard let attempt = session.attempt, session.dialogs.takes(message.toTag) else { return }
    let index = session.dialogs.dialog(
      of: message, at: target ?? dialledTarget(of: session, message))
    if acknowledgeAgain(session, dialog: index, cseq: message.cseq, at: now) { return }
    guard !session.dialogs[index].isConfirmed else { return }  // its ACK waits for an address
    session.dialogs[index].confirm(by: message, at: target)
    guard session.leg != nil else {
      session.dialogs.win(index)
      followWay(of: session, at: now)
      if let dialog = session.offers.theirDialog, dialog != index {
        dropTheirOffer(session, at: now)
      }
      session.refresh.agree(
        answeredBy: message, setting: settings.sessionExpires, at: now)
      attempt.forgetOtherAddresses()
      run(session, message, at: now) { $0.answerArrived() }
      guard let bye = session.dialogs[index].earlyBye else { return }
      return run(session, bye, at: now) { $0.byeArrived() }
    }
    let ack = DialogRequest.acknowledgement(dialog: index, cseq: message.cseq, body: [])
    sendInDialog(ack, session, dialog: index, at: now)
    let reasons = session.reasons
    if reasons.isEmpty {
      session.say([Array("SIP;cause=200;text=\"Call completed elsewhere\"".utf8)])
    }
    sendInDialog(.bye(dialog: index), session, dialog: index, at: now)
    session.say(reasons)
  }

  func rejectionArrived(_ client: ClientTransaction, _ message: Message, at now: Instant) {
    guard let session = self[SessionID(client.owner)],
      let sent = session.life.request(client.number)
    else { return }
    guard case .invite = sent.purpose, let attempt = session.attempt else {
      if !session.offers.isCancelled, sendsAgainInDialog(session, client, sent, message, at: now) {
        return
      }
      return offerFinished(session, code: message.statusCode, at: now)
    }
    // What a transaction that was left behind still hears is nobody's final response.
    guard attempt.transaction == client.number else { return }
    if handleChallenge(session, client, sent, message, at: now) { return }
    if handleTooSmall(session, message, at: now) { return }
    // RFC 3263 §4.3: 503 means "not here".
    if message.statusCode == 503 {
      attempt.otherAddresses?.leaveServer()
      if moveOn(session, because: refusal(of: session, client, message), at: now) { return }
    }
    if handleRedirect(session, message, at: now) { return }
    run(session, message, failure: refusal(of: session, client, message), at: now) {
      $0.rejectionArrived()
    }
  }

  /// 422 to our INVITE: once more with the interval the peer wants (RFC 4028 §6; spec U-24: not the leg's failure).
  private func handleTooSmall(_ session: Session, _ message: Message, at now: Instant) -> Bool {
    guard message.statusCode == 422, session.isCalling,
      session.refresh.inviteWasTooSmall(message)
    else { return false }
    inviteAgain(session, session.attempt?.otherAddresses, at: now)
    return true
  }

  /// The final response to another request of ours.
  func finished(
    _ client: ClientTransaction, _ message: Message, over path: Path, at now: Instant
  ) {
    guard let session = self[SessionID(client.owner)],
      let sent = session.life.request(client.number)
    else { return }
    if sendsAgainInDialog(session, client, sent, message, at: now) { return }
    // RFC 3311 §5.1: UPDATE refreshes the target in both directions.
    if case .refresh = sent.purpose, let leg = session.leg, (200..<300).contains(message.statusCode)
    {
      let target = target(in: message, to: client, sent.purpose, over: path)
      moveTarget(session, dialog: leg, target, at: now)
    }
    requestFinished(session, sent, code: message.statusCode, message, at: now)
  }

  /// No response, or no way any more.
  func failed(
    _ client: ClientTransaction, _ cause: ReasonCode, code: UInt16, at now: Instant
  ) {
    guard let session = self[SessionID(client.owner)],
      let sent = session.life.request(client.number)
    else { return }
    switch sent.purpose {
    case .invite:
      let flow = client.path.flow
      let reason = Reason(cause, at: Candidate.text(of: flow.transport, flow.remote))
      if moveOn(session, because: reason, at: now) { return }
      attemptFailed(session, reason, at: now)
    case .offer: offerFinished(session, code: 408, at: now)
    case .bye, .cancel, .refresh, .reliable, .notify, .passed:
      requestFinished(session, sent, code: code, nil, at: now)
    }
  }

  private func requestFinished(
    _ session: Session, _ sent: SentRequest, code: UInt16, _ message: Message?, at now: Instant
  ) {
    switch sent.purpose {
    case .bye(let dialog): byeFinished(session, dialog: dialog, at: now)
    // Whatever the CANCEL's own answer is, the INVITE's decides (§9.1).
    case .cancel, .invite, .offer: break
    case .refresh: refreshFinished(session, code: code, message, at: now)
    // The response goes on being repeated, or the INVITE's own timers end it (RFC 3262 §4).
    case .reliable, .notify: break
    case .passed(let server): passedFinished(session, server, code: code, message, at: now)
    }
  }

  // MARK: - Elsewhere

  /// The next address of the target (spec T-2), unless the session was given up (F-7: no new branch is tried) or a
  /// phone has said something: who rings is not left for another.
  private func moveOn(_ session: Session, because reason: Reason, at now: Instant) -> Bool {
    guard let attempt = session.attempt, let old = attempt.otherAddresses,
      !attempt.hasProgressed, old.hasMore, !session.isGivenUp
    else { return false }
    _ = session.outgoingInput { $0.attemptMoved() }
    session.dialogs.removeAll()
    attempt.pause()
    old.failed(because: reason)
    tryAgain(session, old, from: old.next + 1, at: now)
    return true
  }

  func attemptFailed(_ session: Session, _ reason: Reason, at now: Instant) {
    if tryNextContact(session, at: now) { return }
    run(session, failure: reason, at: now) { $0.attemptFailed() }
  }

  /// The INVITE has its final response, but the leg has not.
  func pause(_ session: Session, at now: Instant) {
    run(session, at: now) { $0.attemptMoved() }
    dropTheirOffer(session, at: now)
    session.dialogs.removeAll()
    session.attempt?.pause()
  }

  /// The same INVITE with the next CSeq, at the address that asked, or where it is to be found now (spec A-4).
  func inviteAgain(_ session: Session, _ old: Search?, at now: Instant) {
    guard let attempt = session.attempt, let invite = attempt.invite else { return }
    pause(session, at: now)
    attempt.again()
    guard let old, old.candidate != nil else {
      return dispatchInvite(session, toward: invite.target, at: now)
    }
    tryAgain(session, old, from: old.next, at: now)
  }

  // MARK: - The machine

  /// Gives the machine an input and performs what it says, in order. `failure`: why, where it is an end without success.
  func run(
    _ session: Session, _ message: Message? = nil, code: UInt16 = 0,
    failure: Reason? = nil, at now: Instant,
    _ input: (inout OutgoingInviteMachine) -> EffectList<OutgoingInviteMachine.Effect>
  ) {
    guard let attempt = session.attempt else { return }
    for effect in session.outgoingInput(input) {
      switch effect {
      case .sendCancel:
        guard let transaction = attempt.transaction else { continue }
        attempt.cancelled(at: now)
        cancel(transaction, of: session, reasons: session.reasons, at: now)
      case .acknowledge:
        guard let leg = session.leg else { continue }
        let ack = DialogRequest.acknowledgement(dialog: leg, cseq: attempt.cseq, body: [])
        sendInDialog(ack, session, dialog: leg, at: now)
      case .sendBye:
        closeOffer(session, at: now)
        if let leg = session.leg { sendInDialog(.bye(dialog: leg), session, dialog: leg, at: now) }
      case .dropAttempt: dropAttempt(session)
      case .abandonInvite:
        if let transaction = attempt.transaction { clients.abandon(transaction, at: now) }
      case .tellProvisional, .tellAnswered, .tellAnsweredTooLate, .tellRejected, .tellFailed,
        .tellHungUp, .tellLost:
        if let event = event(effect, session, message, code, failure) { tell(session, event) }
      case .tellEnded: finish(session, at: now)
      }
    }
    schedule(session)
  }

  private func event(
    _ effect: OutgoingInviteMachine.Effect, _ session: Session, _ message: Message?,
    _ code: UInt16, _ failure: Reason?
  ) -> SessionEvent? {
    switch effect {
    case .tellProvisional:
      return message.map {
        .provisional(code: $0.statusCode, body: earlyDescription(in: $0, of: session))
      }
    case .tellAnswered:
      return message.map {
        .answered(
          code: $0.statusCode, body: answer(in: $0, of: session), headers: $0.passedHeaders)
      }
    case .tellAnsweredTooLate:
      return message.map { .answeredTooLate(code: $0.statusCode) }
    case .tellRejected:
      return message.map {
        .rejected(
          code: $0.statusCode, phrase: Array($0.phrase), reasons: $0.reasons,
          headers: $0.passedHeaders,
          failure ?? refusal($0, by: session.attempt?.dialled ?? [], as: nil))
      }
    case .tellHungUp:
      return message.map { .hungUp(reasons: $0.reasons, headers: $0.passedHeaders) }
    case .tellFailed: return .failed(failure ?? Reason(.silent, at: ""))
    case .tellLost: return .lost(code: code)
    case .sendCancel, .acknowledge, .sendBye, .dropAttempt, .abandonInvite, .tellEnded:
      return nil
    }
  }
}
