import RCMLBasics

/// Sessions we open.
extension UserAgent {
  package mutating func invite(_ invite: OutgoingInvite, at now: Instant) -> SessionID {
    let random = random.next()
    let secret = secret
    let number = sessions.insert { number in
      let tag = Token(number: number, random: random).octets(secret: secret)
      return Session(
        id: SessionID(number), random: random, localTag: tag, callID: invite.callID,
        machine: .outgoing(OutgoingInviteMachine()),
        localParty: invite.from + Array(";tag=".utf8) + tag, remoteParty: invite.to)
    }
    guard let session = sessions[number] else { return SessionID(number) }
    session.invite = invite
    session.placesMedia = invite.placesMedia
    session.inviteCSeq = 1
    session.dialled = invite.target
    session.credentials = invite.credentials
    let proxy = settings.outboundProxy
    dispatch(.invite, of: session, toward: proxy.isEmpty ? invite.target : proxy, at: now)
    dropStaleDeadlines()
    return session.id
  }

  /// One INVITE of the session, at one address (spec X-9: headers and body the same in each).
  mutating func beginInvite(
    _ session: Session, over path: Path, _ outbound: Outbound?, at now: Instant
  ) {
    guard let invite = session.invite else { return }
    counters.invitesSent &+= 1
    var routes: [[UInt8]] = []
    if !settings.outboundProxy.isEmpty {
      let isLoose = RouteValue.isLoose(settings.outboundProxy)
      let end: StaticString = isLoose ? ">" : ";lr>"
      var route = ByteWriter(capacity: settings.outboundProxy.count + 5)
      route.append("<")
      route.append(settings.outboundProxy)
      route.append(end)
      routes = [route.bytes]
    }
    var head = RequestHead(
      uri: invite.target, transport: path.flow.transport, sentBy: path.shown, branch: [],
      routes: routes, from: session.localParty, to: invite.to, callID: invite.callID,
      cseq: session.inviteCSeq, maxForwards: invite.maxForwards)
    let body = placed(invite.body, of: session, on: path)
    // after a redirect to another place there is none that may see the credentials.
    let isDialled =
      invite.target == session.dialled
      || DialledPlace(invite.target) == DialledPlace(session.dialled)
    session.dialledRemote = isDialled ? path.flow.remote : nil
    let mayCarry = session.authentication?.mayCarry(invite.target) ?? false
    let credentials =
      mayCarry
      ? session.authentication?.lines(
        method: .invite, cseq: session.inviteCSeq, uri: invite.target, body: body,
        to: path.flow.remote) : nil
    head.credentials = credentials?.lines ?? []
    adopt(session, path)
    let contact = contact(on: path)
    let product = settings.userAgent
    let timer = timerFields(ofInvite: session)
    let number = start(
      .invite, .invite, of: session, head: head, over: path, at: now, candidates: outbound
    ) { head in
      var writer = head.writer(.invite, capacity: 1_024)
      writer.header.field("Contact", contact)
      writer.header.field("Allow", text: UserAgent.allowed)
      timer.write(to: &writer.header)
      if !product.isEmpty { writer.header.field("User-Agent", product) }
      for header in invite.headers { writer.header.field(header) }
      return writer.finish(body: body)
    }
    clients[number]?.answered = credentials?.answered ?? []
    session.inviteTransaction = number
    session.localDescription = body
    run(session, at: now) { $0.inviteSent() }
  }

  mutating func inviteProvisional(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) {
    let session = client.session
    guard case .invite = client.purpose else {
      return runOffer(session, at: now) { $0.provisionalArrived() }
    }
    // 100 says only that the next hop is awake (L-12).
    if message.statusCode > 100 { client.hasProgressed = true }
    if message.statusCode > 100, !message.toTag.isEmpty, session.leg == nil,
      session.dialogs.count < Limits.dialogs
    {
      let index = dialog(of: session, message)
      session.dialogs[index].remoteTarget =
        message.contactURI ?? session.dialogs[index].remoteTarget
      guard takesReliable(session, dialog: index, message, at: now) else { return }
    }
    run(session, message, at: now) { $0.provisionalArrived() }
  }

  /// The dialog with the response's To tag, a new one if there is none (RFC 3261 §12.1.2).
  private func dialog(of session: Session, _ message: Message) -> Int {
    if let index = session.dialog(withRemoteTag: message.toTag) { return index }
    session.dialogs.append(
      Dialog(
        remoteTag: Array(message.toTag),
        remoteTarget: message.contactURI ?? session.invite?.target ?? message.toURI,
        routeSet: message.recordRoutes.prefix(Limits.routes).reversed(), localCSeq: message.cseq))
    return session.dialogs.count - 1
  }

  /// Every 2xx is acknowledged with its own tag and route set (I-S4): the first one makes the leg, one that is
  /// repeated gets the same ACK again (F-6), one of another fork is acknowledged and hung up (F-9).
  mutating func inviteAnswered(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) {
    let session = client.session
    guard case .invite = client.purpose else { return offerAnswered(client, message, at: now) }
    let isKnown = session.dialog(withRemoteTag: message.toTag) != nil
    guard isKnown || session.dialogs.count < Limits.dialogs else { return }
    let index = dialog(of: session, message)
    if acknowledgeAgain(session, dialog: index, cseq: message.cseq, at: now) { return }
    guard !session.dialogs[index].isConfirmed else { return }  // its ACK waits for an address
    session.dialogs[index].isConfirmed = true
    session.dialogs[index].remoteTarget = message.contactURI ?? session.dialogs[index].remoteTarget
    // RFC 3261 §13.2.2.4: the route set is computed anew from the 2xx.
    session.dialogs[index].routeSet = Array(
      message.recordRoutes.prefix(Limits.routes).reversed())
    guard session.leg != nil else {
      session.leg = index
      if session.offerServer != nil, session.offerDialog != index {
        dropTheirOffer(session, at: now)
      }
      agree(session, answeredBy: message, at: now)
      client.candidates = nil
      run(session, message, at: now) { $0.answerArrived() }
      guard let bye = session.dialogs[index].earlyBye else { return }
      return run(session, bye, at: now) { $0.byeArrived() }
    }
    let ack = Outbound.Kind.acknowledgement(dialog: index, cseq: message.cseq, body: [])
    sendInDialog(ack, session, dialog: index, at: now)
    session.dialogs[index].isHungUp = true
    if session.reasons.isEmpty {
      session.reasons = [Array("SIP;cause=200;text=\"Call completed elsewhere\"".utf8)]
      sendInDialog(.bye(dialog: index), session, dialog: index, at: now)
      session.reasons = []
    } else {
      sendInDialog(.bye(dialog: index), session, dialog: index, at: now)
    }
  }

  /// True: this 2xx had its ACK, which has been sent again.
  mutating func acknowledgeAgain(
    _ session: Session, dialog index: Int, cseq: UInt32, at now: Instant
  ) -> Bool {
    guard let ack = session.dialogs[index].acknowledgement(of: cseq) else { return false }
    counters.retransmissionsSent &+= 1
    send(ack.bytes, over: ack.path.flow, at: now)
    return true
  }

  mutating func inviteRejected(
    _ client: ClientTransaction, _ message: Message, at now: Instant
  ) {
    let session = client.session
    guard case .invite = client.purpose else {
      if !session.offers.isCancelled, takesChallengeInDialog(client, message, at: now) { return }
      return offerFinished(session, code: message.statusCode, at: now)
    }
    // What a transaction that was left behind still hears is nobody's final response.
    guard session.inviteTransaction == client.number else { return }
    if takesChallenge(client, message, at: now) { return }
    if takesTooSmall(client, message, at: now) { return }
    // RFC 3263 §4.3: 503 means "not here".
    if message.statusCode == 503 {
      client.candidates?.leaveServer()
      if moveOn(client, at: now) { return }
    }
    if takesRedirect(client, message, at: now) { return }
    run(session, message, at: now) { $0.rejectionArrived() }
  }

  mutating func inviteFailed(
    _ client: ClientTransaction, _ failure: SessionFailure, at now: Instant
  ) {
    let session = client.session
    guard case .invite = client.purpose else {
      return offerFinished(session, code: 408, at: now)
    }
    if moveOn(client, at: now) { return }
    attemptFailed(session, failure, at: now)
  }

  /// The next address of the target (spec T-2), unless the session was given up (F-7: no new branch is tried) or a
  /// phone has said something: who rings is not left for another.
  private mutating func moveOn(_ client: ClientTransaction, at now: Instant) -> Bool {
    let session = client.session
    guard let old = client.candidates, !client.hasProgressed, old.hasMore(after: old.next),
      case .outgoing(var machine) = session.machine, !machine.isGivenUp
    else { return false }
    client.candidates = nil
    _ = machine.attemptMoved()
    session.machine = .outgoing(machine)
    session.dialogs = []
    session.inviteTransaction = nil
    tryAgain(session, old, from: old.next + 1, at: now)
    return true
  }

  /// The INVITE at the addresses of `old` from `next` on.
  mutating func tryAgain(
    _ session: Session, _ old: Outbound, from next: Int, at now: Instant
  ) {
    let number = outbounds.insert { number in
      let outbound = Outbound(
        number: number, session: session, kind: .invite, location: old.location)
      outbound.candidates = old.candidates
      outbound.next = next
      return outbound
    }
    session.attempt = number
    session.openTransactions += 1
    if let outbound = outbounds[number] { tryNext(outbound, at: now) }
  }

  mutating func attemptFailed(_ session: Session, _ failure: SessionFailure, at now: Instant) {
    if triesNextContact(session, at: now) { return }
    run(session, failure: failure, at: now) { $0.attemptFailed() }
  }

  /// Gives the machine an input and performs what it says, in order.
  mutating func run(
    _ session: Session, _ message: Message? = nil, code: UInt16 = 0,
    failure: SessionFailure = .timeout, at now: Instant,
    _ input: (inout OutgoingInviteMachine) -> EffectList<OutgoingInviteMachine.Effect>
  ) {
    guard case .outgoing(var machine) = session.machine else { return }
    let effects = input(&machine)
    session.machine = .outgoing(machine)
    for effect in effects {
      switch effect {
      case .sendCancel: cancel(session, at: now)
      case .acknowledge:
        guard let leg = session.leg else { continue }
        let ack = Outbound.Kind.acknowledgement(dialog: leg, cseq: session.inviteCSeq, body: [])
        sendInDialog(ack, session, dialog: leg, at: now)
      case .sendBye:
        closeOffer(session, at: now)
        if let leg = session.leg { sendInDialog(.bye(dialog: leg), session, dialog: leg, at: now) }
      case .dropAttempt:
        if let outbound = session.attempt.flatMap({ outbounds[$0] }) { remove(outbound) }
      case .abandonInvite:
        if let client = session.inviteTransaction.flatMap({ clients[$0] }) {
          abandon(client, at: now)
        }
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
    _ code: UInt16, _ failure: SessionFailure
  ) -> SessionEvent? {
    switch effect {
    case .tellProvisional:
      return message.map {
        .provisional(code: $0.statusCode, body: earlyDescription(in: $0, of: session))
      }
    case .tellAnswered:
      return message.map {
        .answered(
          code: $0.statusCode, body: answer(in: $0, of: session), headers: headers(of: $0))
      }
    case .tellAnsweredTooLate:
      return message.map { .answeredTooLate(code: $0.statusCode) }
    case .tellRejected:
      return message.map {
        .rejected(
          code: $0.statusCode, phrase: Array($0.phrase), reasons: reasons(of: $0),
          headers: headers(of: $0))
      }
    case .tellHungUp:
      return message.map { .hungUp(reasons: reasons(of: $0), headers: headers(of: $0)) }
    case .tellFailed: return .failed(failure)
    case .tellLost: return .lost(code: code)
    case .sendCancel, .acknowledge, .sendBye, .dropAttempt, .abandonInvite, .tellEnded:
      return nil
    }
  }

  private mutating func cancel(_ session: Session, at now: Instant) {
    guard let client = session.inviteTransaction.flatMap({ clients[$0] }) else { return }
    session.cancelWait = now + TransactionTimers.t64
    startCancel(of: client, reasons: session.reasons, at: now)
  }

  /// The CANCEL of our re-INVITE (§9.1).
  mutating func cancelSentOffer(_ session: Session, at now: Instant) {
    guard let client = session.offerTransaction.flatMap({ clients[$0] }) else { return }
    session.offerCancelWait = now + TransactionTimers.t64
    startCancel(of: client, reasons: [], at: now)
  }

  /// The body as far as it is SDP.
  func sdp(of message: Message) -> [UInt8] {
    let isSDP = message.contentType.isEmpty || message.hasContentType("application/sdp")
    return isSDP ? Array(message.body) : []
  }

  /// The Reason values (RFC 3326).
  func reasons(of message: Message) -> [[UInt8]] { message.values(of: .reason).map { Array($0) } }

  /// Spec X-20.
  func headers(of message: Message) -> [HeaderLine] {
    message.headerLines(named: ["x-*", "user-to-user", "diversion"])
  }
}
