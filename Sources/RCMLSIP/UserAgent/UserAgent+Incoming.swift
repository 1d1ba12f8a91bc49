import RCMLBasics

/// Sessions that peers open.
extension UserAgent {
  /// An INVITE outside of any dialog that nothing speaks against.
  mutating func takeInvite(
    _ message: Message, _ key: KeyedHash.Digest, _ path: Path, local: SocketAddress,
    at now: Instant
  ) {
    counters.invitesReceived &+= 1
    let server = makeServer(
      message, key: key, mergeKey: message.toTag.isEmpty ? mergeKey(message) : nil,
      flow: path.flow, at: now)
    let random = random.next()
    let secret = secret
    let number = sessions.insert { number in
      let tag = Token(number: number, random: random).octets(secret: secret)
      let to = Array(message.value(of: .to) ?? [])
      return Session(
        id: SessionID(number), random: random, localTag: tag, callID: Array(message.callID),
        machine: .incoming(IncomingInviteMachine()),
        localParty: to + Array(";tag=".utf8) + tag,
        remoteParty: Array(message.value(of: .from) ?? []))
    }
    guard let session = sessions[number] else { return }
    server.session = session
    session.inviteServer = server
    session.leg = 0
    session.dialogs = [
      Dialog(
        remoteTag: Array(message.fromTag), remoteTarget: message.contactURI ?? message.fromURI,
        routeSet: Array(message.recordRoutes.prefix(Limits.routes)), localCSeq: 0,
        remoteCSeq: message.cseq)
    ]
    adopt(session, path)
    // Spec L-1: at once.
    var writer = ResponseWriter(to: message, code: 100, source: server.source)
    give(100, writer.finish(), to: server, at: now)
    let from = message.value(of: .from).flatMap { NameAddress.read($0) }
    add(
      .incoming(
        session.id,
        IncomingInvite(
          requestURI: Array(message.requestURI), fromDisplayName: from?.displayName ?? [],
          fromURI: from?.uri ?? [], toURI: message.toURI, callID: session.callID,
          maxForwards: message.maxForwards ?? 70, body: sdp(of: message),
          headers: message.headerLines(named: [
            "x-*", "user-to-user", "diversion", "privacy", "p-asserted-identity", "reason",
          ]), source: path.flow.remote, transport: path.flow.transport, local: local)))
  }

  /// 180, or 183 with SDP, to the caller. Repeated by whoever asks (spec L-2).
  ///
  /// True: a caller who acknowledges it gets this SDP as the answer, and no other may follow (RFC 3262 §5), unless a
  /// 2xx comes before it has gone out: see `hasAnswer`.
  @discardableResult
  package mutating func ring(
    _ id: SessionID, code: UInt16, body: [UInt8], at now: Instant
  ) -> Bool {
    guard (101...199).contains(code), let session = sessions[id.number] else { return false }
    let wasAnswered = session.provisionals?.isAnswered ?? false
    let detail = ResponseDetail(code: code, body: body)
    runIncoming(session, detail: detail, at: now) { $0.ringAsked() }
    return !wasAnswered && session.provisionals?.isAnswered ?? false
  }

  /// 200 with SDP to the caller; repeated until its ACK. It waits for the PRACK of an 18x that held the answer.
  package mutating func accept(
    _ id: SessionID, body: [UInt8], headers: [HeaderLine], at now: Instant
  ) {
    guard let session = sessions[id.number], !session.isAccepting else { return }
    let detail = ResponseDetail(code: 200, body: body, headers: headers)
    guard session.provisionals != nil else {
      return runIncoming(session, detail: detail, at: now) { $0.acceptAsked() }
    }
    session.provisionals?.heldAnswer = detail
    runProvisionals(session, at: now) { $0.answers() }
  }

  /// A final response of 300 or above to the caller.
  package mutating func reject(
    _ id: SessionID, code: UInt16, phrase: [UInt8], headers: [HeaderLine], at now: Instant
  ) {
    guard (300...699).contains(code), let session = sessions[id.number] else { return }
    let detail = ResponseDetail(code: code, phrase: phrase, headers: headers)
    runIncoming(session, detail: detail, at: now) { $0.rejectAsked() }
  }

  mutating func cancelArrived(
    _ session: Session, _ server: ServerTransaction, _ message: Message, at now: Instant
  ) {
    if session.inviteServer === server {
      runIncoming(session, message, at: now) { $0.cancelArrived() }
    } else if session.offerServer === server {
      runOffer(session, detail: ResponseDetail(code: 487), at: now) { $0.cancelArrived() }
    }
  }

  mutating func acknowledgementArrived(
    _ session: Session, _ message: Message, at now: Instant
  ) {
    if session.repetition?.cseq == message.cseq {
      runIncoming(session, message, at: now) { $0.acknowledgementArrived() }
    } else if session.offerRepetition?.cseq == message.cseq {
      runOffer(session, message, at: now) { $0.acknowledgementArrived() }
    }
  }

  /// What a response says besides its code.
  struct ResponseDetail {
    var code: UInt16 = 0
    var phrase: [UInt8] = []
    var headers: [HeaderLine] = []
    var body: [UInt8] = []

    init(
      code: UInt16 = 0, phrase: [UInt8] = [], body: [UInt8] = [], headers: [HeaderLine] = []
    ) {
      self.code = code
      self.phrase = phrase
      self.headers = headers
      self.body = body
    }
  }

  /// Gives the machine an input and performs what it says, in order.
  mutating func runIncoming(
    _ session: Session, _ message: Message? = nil, code: UInt16 = 0,
    detail: ResponseDetail = ResponseDetail(), at now: Instant,
    _ input: (inout IncomingInviteMachine) -> EffectList<IncomingInviteMachine.Effect>
  ) {
    guard case .incoming(var machine) = session.machine else { return }
    let effects = input(&machine)
    session.machine = .incoming(machine)
    for effect in effects {
      switch effect {
      case .sendRinging: giveRinging(session, detail, at: now)
      case .sendAnswer:
        giveInvite(session, detail, at: now)
        if let server = session.inviteServer {
          session.repetition = AnswerRepetition(
            cseq: server.request.cseq, transaction: server, holdsOffer: !server.hasBody, at: now)
        }
      case .stopAnswer: session.repetition = nil
      case .sendRejection: giveInvite(session, detail, at: now)
      case .sendTerminated: giveInvite(session, ResponseDetail(code: 487), at: now)
      case .sendUnavailable: giveInvite(session, ResponseDetail(code: 480), at: now)
      case .sendTimeout: giveInvite(session, ResponseDetail(code: 504), at: now)
      case .sendBye:
        closeOffer(session, at: now)
        sendInDialog(.bye(dialog: 0), session, dialog: 0, at: now)
      case .tellCancelled:
        tell(session, .cancelled(reasons: message.map { reasons(of: $0) } ?? []))
      case .tellUnacknowledged: tell(session, .failed(.unacknowledged))
      case .tellHungUp:
        if let message {
          tell(session, .hungUp(reasons: reasons(of: message), headers: headers(of: message)))
        }
      case .tellAcknowledged:
        tell(session, .acknowledged(body: message.map { sdp(of: $0) } ?? []))
      case .tellAcknowledgementMissing: tell(session, .acknowledgementMissing)
      case .tellLost: tell(session, .lost(code: code))
      case .tellEnded: finish(session, at: now)
      }
    }
    // An offer of ours that was asked for before the ACK (§14.1).
    sendHeldOffer(session, at: now)
    schedule(session)
    dropStaleDeadlines()
  }

  /// `rseq`: of a provisional response that wants a PRACK.
  mutating func giveInvite(
    _ session: Session, _ detail: ResponseDetail, rseq: UInt32? = nil, at now: Instant
  ) {
    guard let server = session.inviteServer else { return }
    let makesDialog = detail.code < 300
    var writer = response(
      detail.code, to: server, phrase: detail.phrase, makesDialog: makesDialog)
    if makesDialog, let path = session.path {
      writer.header.field("Contact", contact(on: path))
      writer.header.field("Allow", text: UserAgent.allowed)
      if !settings.userAgent.isEmpty { writer.header.field("Server", settings.userAgent) }
    }
    if detail.code == 200 { agree(session, answering: server.request, &writer.header, at: now) }
    // An UPDATE has agreed to something newer than the answer that this would repeat.
    let isOutdated = session.provisionals?.isUpdated ?? false
    let body = isOutdated ? [] : placed(detail.body, of: session, on: session.path)
    if makesDialog, !body.isEmpty { session.localDescription = body }
    if let rseq {
      writer.header.field("Require", text: "100rel")
      writer.header.field("RSeq", number: UInt64(rseq))
    }
    for header in detail.headers { writer.header.field(header) }
    give(detail.code, writer.finish(body: body), to: server, at: now)
  }
}
