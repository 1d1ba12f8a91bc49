import RCMLBasics

/// The requests of a session: the way they take, and how they are written once there is one.
extension SessionLayer {
  /// Sends by the way the dialog's last request took, by the one its peer is reached by, or finds one.
  func sendInDialog(
    _ kind: DialogRequest, _ session: Session, dialog index: Int, at now: Instant
  ) {
    if let path = session.dialogs[index].path, transport.isUsable(path.flow) {
      return begin(kind, of: session, over: path, nil, at: now)
    }
    if let way = session.dialogs[index].way, transport.isUsable(way.flow) {
      return begin(kind, of: session, over: way, nil, at: now)
    }
    dispatch(kind, of: session, toward: session.dialogs[index].nextHop, at: now)
  }

  /// Sends a request of `session` to the host of `uri`, as soon as there is a way to it.
  func dispatch(
    _ kind: DialogRequest, of session: Session, toward uri: [UInt8], at now: Instant
  ) {
    let outcome = transport.search(
      uri, size: size(of: kind, session), home: kind.isInDialog ? session.path : nil,
      mustBeSecured: session.identity.isSips || session.identity.staysSecured, at: now)
    proceed(kind, of: session, outcome, at: now)
  }

  /// The INVITE at the addresses of `old` from `next` on.
  func tryAgain(_ session: Session, _ old: Search, from next: Int, at now: Instant) {
    let size = size(of: .invite, session)
    let outcome = transport.resume(old, from: next, size: size, at: now)
    proceed(.invite, of: session, outcome, at: now)
  }

  private func proceed(
    _ kind: DialogRequest, of session: Session, _ outcome: SearchOutcome, at now: Instant
  ) {
    switch outcome {
    case .found(let path, let search):
      begin(kind, of: session, over: path, search, at: now)
    case .waiting(let search): return wait(kind, of: session, for: search)
    case .failed(let reason): failBeforeSending(kind, of: session, reason, at: now)
    }
    releaseIfDone(session)
  }

  /// About how large the request will be; only the bodies and headers of offers can make it large.
  private func size(of kind: DialogRequest, _ session: Session) -> Int {
    let fixed = 400 + settings.userAgent.count
    switch kind {
    case .invite:
      guard let attempt = session.attempt, let invite = attempt.invite else { return 0 }
      var headers = 0
      for line in invite.headers { headers += line.name.count + line.value.count + 4 }
      for mark in invite.trail.others { headers += mark.count + 2 }
      return fixed + 63 + invite.target.count + invite.from.count + invite.to.count
        + invite.callID.count + headers + invite.body.count
        + (attempt.authentication == nil ? 0 : 330)
    case .offer(let body): return fixed + 200 + body.count
    case .passed(let request): return fixed + 200 + request.body.count
    case .acknowledgement, .bye, .refresh, .reliable, .notify: return 0
    }
  }

  /// There is no way.
  func failBeforeSending(
    _ kind: DialogRequest, of session: Session, _ reason: Reason, at now: Instant
  ) {
    switch kind {
    case .invite: attemptFailed(session, reason, at: now)
    case .acknowledgement: break  // the peer repeats its 2xx, and each is a new try
    case .bye(let dialog): byeFinished(session, dialog: dialog, at: now)
    case .offer: offerFinished(session, code: 408, at: now)
    case .refresh: refreshFinished(session, code: 408, nil, at: now)
    case .passed(let request):
      passedFinished(session, request.server, code: 408, nil, at: now)
    case .notify: break  // whoever asked for the transfer has left
    case .reliable: break  // the peer repeats its response, and gives up by itself (RFC 3262 §3)
    }
  }

  /// There is a way: writes the request and sends it.
  func begin(
    _ kind: DialogRequest, of session: Session, over path: Path, _ search: Search?,
    at now: Instant
  ) {
    switch kind {
    case .invite:
      beginInvite(session, over: path, search, at: now)
    case .acknowledgement(let index, let cseq, let body):
      acknowledge(session, index, cseq, body, over: path, at: now)
    case .bye(let index):
      let reasons = session.reasons
      request(
        .bye, .bye(dialog: index), session, dialog: index, over: path,
        room: RequestHead.length(ofReasons: reasons), at: now
      ) { writer in
        writer.header.fields("Reason", reasons)
        writer.end()
      }
    case .offer(let body):
      guard !session.offers.isCancelled else {
        return offerFinished(session, code: 487, at: now)
      }
      let timer = session.refresh.fieldsOfRefresh
      let client = request(
        .invite, .offer, session, dialog: session.leg, over: path, room: 300 + body.count,
        at: now
      ) { writer in
        writeContact(session, on: path, to: &writer.header)
        writer.header.field("Allow", text: Capabilities.allowed)
        timer.write(to: &writer.header)
        writer.end(body: body)
      }
      if let client { session.offers.offerSent(transaction: client.number) }
    case .refresh:
      let timer = session.refresh.fieldsOfRefresh
      request(
        .update, .refresh, session, dialog: session.leg, over: path, room: 200, at: now
      ) { writer in
        writeContact(session, on: path, to: &writer.header)
        timer.write(to: &writer.header)
        writer.end()
      }
    case .passed(let passed):
      // An early dialog goes with its INVITE, which may have moved to another address in the meantime.
      guard session.dialogs.contains(passed.dialog) else { return }
      request(
        passed.method, .passed(server: passed.server), session, dialog: passed.dialog, over: path,
        hops: passed.maxForwards, room: 200 + passed.body.count, at: now
      ) { writer in
        for line in passed.headers { writer.header.field(line) }
        writer.end(body: passed.body, as: passed.contentType)
      }
    case .notify(let refer, let code):
      let body = SessionLayer.fragment(code)
      request(
        .notify, .notify, session, dialog: session.leg, over: path, room: 250 + body.count, at: now
      ) { writer in
        writeContact(session, on: path, to: &writer.header)
        writer.header.field("Event", Array("refer;id=\(refer)".utf8))
        writer.header.field(
          "Subscription-State",
          text: code < 200 ? "active;expires=60" : "terminated;reason=noresource")
        writer.end(body: body, as: Array("message/sipfrag;version=2.0".utf8))
      }
    case .reliable(let index, let rseq, let cseq):
      // The INVITE may have moved to another address in the meantime.
      guard session.dialogs.contains(index), session.dialogs[index].remoteRSeq == rseq
      else { return }
      request(
        .prack, .reliable(dialog: index), session, dialog: index, over: path, room: 40, at: now
      ) { writer in
        writer.header.field("RAck", Array("\(rseq) \(cseq) INVITE".utf8))
        writer.end()
      }
    }
  }

  /// One request with the dialog's next CSeq (RFC 3261 §12.2.1.1).
  @discardableResult
  private func request(
    _ method: Method, _ purpose: SentRequest.Purpose, _ session: Session,
    dialog index: Int?, over path: Path, hops: UInt8 = 70, room: Int, at now: Instant,
    write: (inout RequestWriter) -> Void
  ) -> ClientTransaction? {
    guard let index else { return nil }
    session.dialogs[index].path = path
    session.dialogs[index].localCSeq += 1
    var head = requestHead(
      session, dialog: index, cseq: session.dialogs[index].localCSeq, over: path)
    head.maxForwards = hops
    let client = clients.start(
      method, for: session.id.number, head: head, room: room, at: now,
      write: write)
    session.life.sent(
      SentRequest(transaction: client.number, octets: client.bytes.count, purpose: purpose))
    return client
  }

  private func acknowledge(
    _ session: Session, _ index: Int, _ cseq: UInt32, _ body: [UInt8], over path: Path,
    at now: Instant
  ) {
    var head = requestHead(session, dialog: index, cseq: cseq, over: path)
    head.branch = Token(number: 0, random: context.nextRandom())
    head.credentials =
      session.attempt?.authentication?.acknowledgementLines(cseq: cseq, to: path.flow.remote) ?? []
    let writer = head.writer(.ack, room: body.isEmpty ? 0 : 40 + body.count)
    let bytes = writer.finish(body: body)
    session.dialogs[index].path = path
    session.dialogs[index].keep(acknowledgement: bytes, of: cseq, over: path)
    transport.send(bytes, over: path.flow, at: now)
  }

  private func requestHead(
    _ session: Session, dialog index: Int, cseq: UInt32, over path: Path
  ) -> RequestHead {
    let (uri, routes) = session.dialogs[index].requestURIAndRoutes
    return RequestHead(
      uri: uri, path: path, secret: context.secret,
      routes: routes, from: session.identity.localParty, to: session.identity.remoteParty,
      // The To of an incoming session is the From of its INVITE, tag and all.
      toTag: session.isOutgoing ? session.dialogs[index].remoteTag : [],
      callID: session.identity.callID, cseq: cseq)
  }

  /// CANCEL of our INVITE or re-INVITE (§9.1).
  func cancel(_ transaction: UInt64, of session: Session, reasons: [[UInt8]], at now: Instant) {
    guard let client = clients[transaction] else { return }
    let cancel = clients.startCancel(of: client, reasons: reasons, at: now)
    session.life.sent(
      SentRequest(transaction: cancel.number, octets: cancel.bytes.count, purpose: .cancel))
  }

  /// True: this 2xx had its ACK, which has been sent again.
  func acknowledgeAgain(
    _ session: Session, dialog index: Int, cseq: UInt32, at now: Instant
  ) -> Bool {
    guard let ack = session.dialogs[index].acknowledgement(of: cseq) else { return false }
    context.counts.repetitionSent()
    transport.send(ack.bytes, over: ack.path.flow, at: now)
    return true
  }

  /// Answers a request inside the session.
  func respond(
    _ code: UInt16, to server: ServerTransaction, of session: Session, phrase: [UInt8] = [],
    at now: Instant, _ write: (inout HeaderWriter) -> Void = { _ in }
  ) {
    servers.respond(
      code, to: server, toTag: session.identity.localTag, phrase: phrase, at: now, write)
  }
}
