import RCMLBasics

/// What becomes of a request that arrives (RFC 3261 §8.2, §12.2.2, spec Q-24).
///
/// Refusals outside of dialogs keep no state: the same request gets the same octets again, and an ACK for them
/// finds nothing and is dropped (§8.2.7).
extension SessionLayer {
  func take(_ request: ArrivedRequest, at now: Instant) {
    let message = request.message
    if message.method == .cancel { return refuseCancel(request, at: now) }
    if !message.toTag.isEmpty { return takeInDialog(request, at: now) }
    if request.isOverdue, message.method == .invite {
      let refusal = Refusal(503, "INVITE that waited too long", .retrySoon, by: .overload)
      return stateless.refuse(message, refusal, over: request.path.flow, at: now)
    }
    if let refusal = refusalOutsideOfDialogs(message, over: request.path.flow) {
      // What is counted is in the journal.
      if refusal.limit == nil { context.noteStranger() }
      return stateless.refuse(message, refusal, over: request.path.flow, at: now)
    }
    if message.method == .options {
      context.noteStranger()
      return stateless.replyToOptions(message, over: request.path.flow, at: now)
    }
    guard isAuthenticated(message, request.path.flow, at: now) else { return }
    takeInvite(request, at: now)
  }

  func take(cancel: ArrivedRequest, of server: ServerTransaction, at now: Instant) {
    guard let session = self[SessionID(server.owner)] else {
      return refuseCancel(cancel, at: now)
    }
    stateless.acceptCancel(
      cancel.message, toTag: session.identity.localTag, over: cancel.path.flow, at: now)
    cancelArrived(session, server, cancel.message, at: now)
  }

  private func refuseCancel(_ request: ArrivedRequest, at now: Instant) {
    context.noteStranger()
    let refusal = Refusal(481, "CANCEL for no INVITE of ours")
    stateless.refuse(request.message, refusal, over: request.path.flow, at: now)
  }

  /// RFC 3261 §8.2.1, §8.2.2, §8.2.3 in that order.
  private func refusalOutsideOfDialogs(
    _ message: Message, over flow: Flow
  ) -> Refusal? {
    switch message.method {
    case .other: return Refusal(501, "unknown method")
    case .bye, .info, .update, .prack: return Refusal(481, "request for no session of ours")
    case .register, .refer, .notify, .subscribe, .message, .publish, .ack, .cancel:
      return Refusal(405, "method that is not served", .allow)
    case .invite, .options: break
    }
    let scheme = message.requestURIScheme
    guard scheme.equalsIgnoringCase("sip") || scheme.equalsIgnoringCase("sips") else {
      return Refusal(416, "Request-URI of an unknown scheme")
    }
    // RFC 5630 §3.2: somebody on the way has not kept the promise.
    if scheme.equalsIgnoringCase("sips"), !flow.transport.isSecured {
      return Refusal(403, "sips: by a way that is not secured")
    }
    if !Capabilities.unsupported(by: message).isEmpty {
      return Refusal(420, "required extension", .unsupported)
    }
    guard message.method == .invite else { return nil }
    // RFC 3261 §8.1.1.8: where its dialog would lead to, nobody knows.
    if message.contact == nil { return Refusal(400, "INVITE without Contact") }
    // U-41: no dialog of ours can be replaced.
    if message.value(of: .replaces) != nil {
      return Refusal(481, "INVITE that wants to replace a call")
    }
    if servers.isMerged(message) { return Refusal(482, "INVITE that came by two ways") }
    if let depth = TrailMarks(context).read(message).depth, depth > settings.bounds.returns {
      return Refusal(
        482, "INVITE of ours that came back: a call goes in a circle", by: .returns)
    }
    if let refusal = SessionLayer.bodyRefusal(message) { return refusal }
    if SessionRefresh.asksTooSmall(message) {
      return Refusal(422, "session interval too small", .leastInterval)
    }
    if isDraining { return Refusal(503, "draining", .retryAfter, as: .agentStopped) }
    if transport.isLeaving(flow) {
      return Refusal(503, "a listener that takes no more calls", .retryAfter, as: .agentStopped)
    }
    if count >= Limits.sessions || servers.count >= Limits.transactions
      || servers.octets + clients.octets >= Limits.octets
    {
      return Refusal(503, "too many sessions", .retryAfter)
    }
    return admission.refusal(of: flow.remote, settings.bounds)
  }

  /// RFC 3261 §8.2.3: a body we cannot read and may not ignore, or an answer that the peer could not read.
  static func bodyRefusal(_ message: Message) -> Refusal? {
    if case .notUnderstood = message.understoodBody {
      return Refusal(415, "body that is not understood", .accept)
    }
    // Spec U-57.
    let isAnswered =
      message.method == .invite || message.method == .update && message.hasDescription
    return isAnswered && !message.acceptsDescription
      ? Refusal(406, "request whose answer could not be a session description") : nil
  }

  /// The session and dialog a request with a To tag belongs to.
  func dialog(of message: Message) -> (session: Session, index: Int)? {
    guard let token = Token(message.toTag, secret: context.secret),
      let session = self[SessionID(token.number)], session.identity.random == token.random,
      message.callID.elementsEqual(session.identity.callID),
      let index = session.dialogs.index(withRemoteTag: message.fromTag)
    else { return nil }
    return (session, index)
  }

  private func takeInDialog(_ request: ArrivedRequest, at now: Instant) {
    let message = request.message
    guard let (session, dialog) = dialog(of: message), !session.life.isEnded else {
      context.noteStranger()
      let refusal = Refusal(481, "request for no session of ours")
      return stateless.refuse(message, refusal, over: request.path.flow, at: now)
    }
    if let refusal = refusal(of: message, in: session, dialog: dialog) {
      return stateless.refuse(message, refusal, over: request.path.flow, at: now)
    }
    let server = servers.make(request, for: session.id.number, isInDialog: true, at: now)
    session.life.beginServing(server.octets)
    switch message.method {
    case .bye: byeArrived(session, dialog: dialog, server, message, at: now)
    case .info: infoArrived(session, server, message, at: now)
    case .options:
      respond(200, to: server, of: session, at: now) { header in
        header.field("Allow", text: Capabilities.allowed)
        header.field("Accept", text: Capabilities.accepted)
        header.field("Supported", text: Capabilities.supported)
      }
    case .invite:
      offerArrived(session, dialog: dialog, server, message, over: request.path, at: now)
    case .update:
      updateArrived(session, dialog: dialog, server, message, over: request.path, at: now)
    case .message:
      if let partner = partner(of: session) { pass(server, message, to: partner, at: now) }
    case .refer: referArrived(session, dialog: dialog, server, message, at: now)
    case .prack: provisionalAcknowledged(session, server, message, at: now)
    case .ack, .cancel, .register, .notify, .subscribe, .publish, .other:
      break
    }
  }

  private func refusal(of message: Message, in session: Session, dialog: Int) -> Refusal? {
    switch message.method {
    case .other: return Refusal(501, "unknown method")
    case .message where partner(of: session) != nil: break
    case .refer where session.refer.isAllowed && session.leg == dialog: break
    case .register, .refer, .notify, .subscribe, .message, .publish:
      return Refusal(405, "method that is not served", .allow)
    case .invite, .ack, .bye, .cancel, .options, .info, .update, .prack: break
    }
    if !Capabilities.unsupported(by: message).isEmpty {
      return Refusal(420, "required extension", .unsupported)
    }
    let isBye = message.method == .bye
    let room = Limits.sessionTransactions * (isBye ? 2 : 1)
    guard session.life.served < room, isBye || servers.count < Limits.transactions else {
      return Refusal(503, "too many requests in one session", .retryAfter)
    }
    guard hasRoom(for: message, in: session) else {
      return Refusal(503, "requests of too many octets in one session", .retryAfter)
    }
    guard session.dialogs[dialog].accepts(remoteCSeq: message.cseq) else {
      return Refusal(500, "CSeq out of order")
    }
    if message.method == .invite || message.method == .update,
      SessionRefresh.asksTooSmall(message)
    {
      return Refusal(422, "session interval too small", .leastInterval)
    }
    return nil
  }

  /// What is kept of it, and of what it makes us say to the other party, still has room (`Limits.sessionOctets`).
  private func hasRoom(for message: Message, in session: Session) -> Bool {
    let room = Limits.sessionOctets * (message.method == .bye ? 2 : 1)
    guard session.life.octets + 2 * message.headLength <= room else { return false }
    if message.method == .bye { return true }
    guard servers.octets + clients.octets < Limits.octets else { return false }
    guard message.method == .info || message.method == .message,
      let partner = partner(of: session)
    else { return true }
    return partner.life.octets + message.bytes.count <= Limits.sessionOctets
  }

  /// Spec U-25: keys are taken; a body of another type is the other party's, or refused where nobody is joined.
  private func infoArrived(
    _ session: Session, _ server: ServerTransaction, _ message: Message, at now: Instant
  ) {
    let isDigit =
      message.hasContentType("application/dtmf-relay") || message.hasContentType("application/dtmf")
    if !isDigit, let partner = partner(of: session) {
      return pass(server, message, to: partner, at: now)
    }
    guard isDigit || message.body.isEmpty else {
      return respond(415, to: server, of: session, at: now) { header in
        header.field("Accept", text: "application/dtmf-relay, application/dtmf")
      }
    }
    // What gets 200 reaches somebody (U-62): what is no key is the other party's, or nobody's.
    if isDigit, partner(of: session) == nil,
      InfoKey.read(Array(message.body), contentType: Array(message.contentType)) == nil
    {
      return respond(400, to: server, of: session, phrase: Array("No Key".utf8), at: now)
    }
    respond(200, to: server, of: session, at: now)
    if isDigit {
      tell(session, .info(contentType: Array(message.contentType), body: Array(message.body)))
    }
  }
}
