import RCMLBasics

/// Sessions that peers open.
extension SessionLayer {
  /// An INVITE outside of any dialog that nothing speaks against.
  func takeInvite(_ request: ArrivedRequest, at now: Instant) {
    context.counts.inviteReceived()
    let (message, path) = (request.message, request.path)
    let random = context.nextRandom()
    let body = message.sdp
    let routes = message.recordRoutes.prefix(Limits.routes)
    let target =
      target(in: message, over: path, isRouted: !routes.isEmpty)
      ?? RemoteTarget(uri: message.fromURI)
    let session = add { number in
      let server = servers.make(request, for: number, isInDialog: false, at: now)
      return Session(
        SessionIdentity(
          number: number, random: random, secret: context.secret, callID: Array(message.callID),
          localParty: message.value(of: .to) ?? [],
          remoteParty: Array(message.value(of: .from) ?? []),
          isSips: message.requestURIScheme.equalsIgnoringCase("sips"),
          staysSecured: path.isSecured),
        answer: InviteAnswer(server, expiry: SessionLayer.expiry(of: message, at: now)),
        dialog: Dialog(
          remoteTag: Array(message.fromTag), target: target, routeSet: Array(routes), localCSeq: 0,
          remoteCSeq: message.cseq))
    }
    guard let answer = session.answer else { return }
    admission.callBegan(of: answer.server.way.source)
    // Its credentials answer a challenge of ours: it heard that.
    if settings.required != nil { answer.server.confirm() }
    adopt(session, path)
    followWay(of: session, at: now)
    // Spec L-1: at once.
    servers.respond(100, to: answer.server, toTag: [], at: now)
    let from = message.value(of: .from).flatMap { NameAddress.readPlain($0) }
    var invite = IncomingInvite(
      requestURI: Array(message.requestURI), fromDisplayName: from?.displayName ?? [],
      fromURI: from?.uri ?? [], toURI: message.toURI, callID: session.identity.callID,
      maxForwards: message.maxForwards ?? 70, body: body,
      headers: message.headerLines(named: SessionLayer.incomingHeaders),
      source: path.flow.remote, transport: path.flow.transport, local: request.local,
      trail: TrailMarks(context).read(message))
    invite.message = message
    invite.peer.names = path.peer
    context.add(.incoming(session.id, invite))
    schedule(session)
  }

  /// When the caller waits no longer for its final response (spec U-61); nil = it does not say, or nobody rings so long.
  private static func expiry(of invite: Message, at now: Instant) -> Instant? {
    guard let seconds = invite.number(of: .expires) else { return nil }
    let length = Interval.seconds(Int(seconds))
    return length <= Limits.inviteExpiry ? now + length : nil
  }

  private static let incomingHeaders: [StaticString] = [
    "x-*", "user-to-user", "diversion", "privacy", "p-asserted-identity", "reason",
  ]

  /// 180, or 183 with SDP, to the caller. Repeated by whoever asks (spec L-2). True: see `UserAgent.ring`.
  func ring(_ session: Session, code: UInt16, body: [UInt8], at now: Instant) -> Bool {
    guard (101...199).contains(code) else { return false }
    let wasAnswered = session.answer?.provisionals?.isAnswered ?? false
    runIncoming(session, detail: ResponseDetail(code: code, body: body), at: now) {
      $0.ringAsked()
    }
    return !wasAnswered && session.answer?.provisionals?.isAnswered ?? false
  }

  /// 200 with SDP to the caller; repeated until its ACK. It waits for the PRACK of an 18x that held the answer.
  func accept(_ session: Session, body: [UInt8], headers: [HeaderLine], at now: Instant) {
    guard !session.isAccepting else { return }
    let detail = ResponseDetail(code: 200, body: body, headers: headers)
    guard let answer = session.answer, answer.provisionals != nil else {
      return runIncoming(session, detail: detail, at: now) { $0.acceptAsked() }
    }
    _ = answer.change { $0.heldAnswer = detail }
    runProvisionals(session, at: now) { $0.answers() }
  }

  func reject(
    _ session: Session, code: UInt16, phrase: [UInt8], headers: [HeaderLine], at now: Instant
  ) {
    guard (300...699).contains(code) else { return }
    let detail = ResponseDetail(code: code, phrase: phrase, headers: headers)
    runIncoming(session, detail: detail, at: now) { $0.rejectAsked() }
  }

  func cancelArrived(
    _ session: Session, _ server: ServerTransaction, _ message: Message, at now: Instant
  ) {
    if session.answer?.server === server {
      runIncoming(session, message, at: now) { $0.cancelArrived() }
    } else {
      perform(session.offers.cancelArrived(server: server.number), session, code: 487, at: now)
    }
  }

  func acknowledgementArrived(_ session: Session, _ message: Message, at now: Instant) {
    if session.answer?.isRepeated(cseq: message.cseq) == true {
      runIncoming(session, message, at: now) { $0.acknowledgementArrived() }
    } else {
      perform(
        session.offers.acknowledgementArrived(cseq: message.cseq), session, message, at: now)
    }
  }

  /// Gives the machine an input and performs what it says, in order.
  func runIncoming(
    _ session: Session, _ message: Message? = nil, code: UInt16 = 0,
    detail: ResponseDetail = ResponseDetail(), at now: Instant,
    _ input: (inout IncomingInviteMachine) -> EffectList<IncomingInviteMachine.Effect>
  ) {
    guard !session.isOutgoing else { return }
    for effect in session.incomingInput(input) {
      switch effect {
      case .sendRinging: giveRinging(session, detail, at: now)
      case .sendAnswer:
        giveInvite(session, detail, at: now)
        session.answer?.repeatAnswer(at: now)
      case .stopAnswer: session.answer?.stopAnswer()
      case .sendRejection: giveInvite(session, detail, at: now)
      case .sendTerminated: giveInvite(session, ResponseDetail(code: 487), at: now)
      case .sendUnavailable: giveInvite(session, ResponseDetail(code: 480), at: now)
      case .sendTimeout: giveInvite(session, ResponseDetail(code: 504), at: now)
      case .sendBye:
        closeOffer(session, at: now)
        sendInDialog(.bye(dialog: 0), session, dialog: 0, at: now)
      case .tellCancelled: tell(session, .cancelled(reasons: message?.reasons ?? []))
      case .tellUnacknowledged: tell(session, .failed(Reason(.ringingUnacknowledged, at: "")))
      case .tellHungUp:
        if let message {
          tell(session, .hungUp(reasons: message.reasons, headers: message.passedHeaders))
        }
      case .tellAcknowledged:
        // A re-INVITE has had an offer of ours meanwhile: whoever is told of an ACK waits for that one's (RFC 3264 §4).
        if !session.offers.owesAnswer { tell(session, .acknowledged(body: message?.sdp ?? [])) }
      case .tellAcknowledgementMissing: tell(session, .acknowledgementMissing)
      case .tellLost: tell(session, .lost(code: code))
      case .tellEnded: finish(session, at: now)
      }
    }
    // An offer of ours that was asked for before the ACK (§14.1).
    sendQueuedOffer(session, at: now)
    schedule(session)
  }

  /// `rseq`: of a provisional response that wants a PRACK.
  func giveInvite(
    _ session: Session, _ detail: ResponseDetail, rseq: UInt32? = nil, at now: Instant
  ) {
    guard let answer = session.answer, let request = answer.server.request else { return }
    let makesDialog = detail.code < 300
    // An UPDATE has agreed to something newer than the answer that this would repeat.
    let isOutdated = answer.provisionals?.isUpdated ?? false
    let body = isOutdated ? [] : placed(detail.body, of: session, on: session.path)
    let settings = settings
    servers.respond(
      detail.code, to: answer.server, toTag: session.identity.localTag, phrase: detail.phrase,
      makesDialog: makesDialog, body: body, at: now
    ) { header in
      if makesDialog, let path = session.path {
        writeContact(session, on: path, to: &header)
        header.field("Allow", text: Capabilities.allowed)
        if !settings.userAgent.isEmpty { header.field("Server", settings.userAgent) }
      }
      if detail.code == 200 {
        session.refresh.agree(
          answering: request, setting: settings.sessionExpires, &header, at: now)
      }
      if let rseq {
        header.field("Require", text: "100rel")
        header.field("RSeq", number: UInt64(rseq))
      }
      for line in detail.headers { header.field(line) }
    }
    if makesDialog, !body.isEmpty { session.description.sent() }
  }
}

extension Message {
  /// The Reason values (RFC 3326).
  var reasons: [[UInt8]] { values(of: .reason).map { Array($0) } }

  /// Spec X-20.
  var passedHeaders: [HeaderLine] { headerLines(named: Message.passedNames) }

  private static let passedNames: [StaticString] = ["x-*", "user-to-user", "diversion"]
}
