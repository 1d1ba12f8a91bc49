import RCMLBasics

/// What becomes of a request that arrives (RFC 3261 §8.2, §12.2.2, spec Q-24).
///
/// Refusals outside of dialogs keep no state: the same request gets the same octets again, and an ACK for them
/// finds nothing and is dropped (§8.2.7).
extension UserAgent {
  mutating func takeRequest(
    _ message: Message, _ path: Path, local: SocketAddress, at now: Instant
  ) {
    if message.method == .ack { return takeAcknowledgement(message, at: now) }
    let key = serverKey(message, as: message.method)
    if let number = serversByKey[key], let server = servers[number] {
      return repeated(server, at: now)
    }
    if message.method == .cancel { return takeCancel(message, path.flow, at: now) }
    if !message.toTag.isEmpty { return takeInDialog(message, key, path, at: now) }
    if let refusal = refusalOutsideOfDialogs(message) {
      return refuse(message, refusal, over: path.flow, at: now)
    }
    if message.method == .options {
      return replyToOptions(message, over: path.flow, at: now)
    }
    guard isAuthenticated(message, path.flow, at: now) else { return }
    takeInvite(message, key, path, local: local, at: now)
  }

  private mutating func takeAcknowledgement(_ message: Message, at now: Instant) {
    if let number = serversByKey[serverKey(message, as: .invite)], let server = servers[number] {
      return acknowledged(server, message, at: now)
    }
    guard let (session, _) = session(of: message) else { return }
    acknowledgementArrived(session, message, at: now)
  }

  private mutating func takeCancel(_ message: Message, _ flow: Flow, at now: Instant) {
    guard let number = serversByKey[serverKey(message, as: .invite)],
      let server = servers[number], let session = server.session
    else {
      return refuse(message, Refusal(481, "CANCEL for no INVITE of ours"), over: flow, at: now)
    }
    // The CANCEL's 200 has the tag of the INVITE's responses; repeated, it gets the same again (§9.2).
    reply(200, to: message, toTag: session.localTag, over: flow, at: now)
    cancelArrived(session, server, message, at: now)
  }

  /// RFC 3261 §8.2.1, §8.2.2, §8.2.3 in that order.
  private mutating func refusalOutsideOfDialogs(_ message: Message) -> Refusal? {
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
    if !unsupported(by: message).isEmpty {
      return Refusal(420, "required extension", .unsupported)
    }
    guard message.method == .invite else { return nil }
    // U-41: no dialog of ours can be replaced.
    if message.value(of: .replaces) != nil {
      return Refusal(481, "INVITE that wants to replace a call")
    }
    if mergeKeys[mergeKey(message)] != nil { return Refusal(482, "INVITE that came by two ways") }
    if let refusal = bodyRefusal(message) { return refusal }
    if asksTooSmall(message) { return Refusal(422, "session interval too small", .leastInterval) }
    if isDraining { return Refusal(503, "draining", .retryAfter) }
    if sessions.count >= Limits.sessions || servers.count >= Limits.transactions {
      return Refusal(503, "too many sessions", .retryAfter)
    }
    return nil
  }

  /// RFC 3261 §8.2.3: a body we cannot read.
  func bodyRefusal(_ message: Message) -> Refusal? {
    if message.body.isEmpty { return nil }
    if let encoding = message.value(of: .contentEncoding), !encoding.equalsIgnoringCase("identity")
    {
      return Refusal(415, "encoded body", .accept)
    }
    if message.hasContentType("application/sdp") || message.contentType.isEmpty { return nil }
    return Refusal(415, "body that is not SDP", .accept)
  }

  /// The session and dialog a request with a To tag belongs to.
  func session(of message: Message) -> (Session, Int)? {
    guard let token = Token(message.toTag, secret: secret), let session = sessions[token.number],
      session.random == token.random, message.callID.elementsEqual(session.callID),
      let dialog = session.dialog(withRemoteTag: message.fromTag)
    else { return nil }
    return (session, dialog)
  }

  private mutating func takeInDialog(
    _ message: Message, _ key: KeyedHash.Digest, _ path: Path, at now: Instant
  ) {
    guard let (session, dialog) = session(of: message), !session.isEnded else {
      return refuse(
        message, Refusal(481, "request for no session of ours"), over: path.flow, at: now)
    }
    switch message.method {
    case .other:
      return refuse(message, Refusal(501, "unknown method"), over: path.flow, at: now)
    case .message where partner(of: session) != nil: break
    case .refer where session.takesRefer && session.leg == dialog: break
    case .register, .refer, .notify, .subscribe, .message, .publish:
      let refusal = Refusal(405, "method that is not served", .allow)
      return refuse(message, refusal, over: path.flow, at: now)
    case .invite, .ack, .bye, .cancel, .options, .info, .update, .prack: break
    }
    if !unsupported(by: message).isEmpty {
      return refuse(
        message, Refusal(420, "required extension", .unsupported), over: path.flow, at: now)
    }
    let room = Limits.sessionTransactions * (message.method == .bye ? 2 : 1)
    guard session.serverTransactions < room,
      servers.count < Limits.transactions || message.method == .bye
    else {
      let refusal = Refusal(503, "too many requests in one session", .retryAfter)
      return refuse(message, refusal, over: path.flow, at: now)
    }
    guard session.dialogs[dialog].accepts(remoteCSeq: message.cseq) else {
      return refuse(message, Refusal(500, "CSeq out of order"), over: path.flow, at: now)
    }
    let server = makeServer(message, key: key, mergeKey: nil, flow: path.flow, at: now)
    server.session = session
    session.serverTransactions += 1
    switch message.method {
    case .bye: byeArrived(session, dialog: dialog, server, at: now)
    case .info: infoArrived(session, server, at: now)
    case .options: giveOptions(server, session, at: now)
    case .invite: offerArrived(session, dialog: dialog, server, path, at: now)
    case .update: updateArrived(session, dialog: dialog, server, path, at: now)
    case .message:
      if let partner = partner(of: session) { pass(server, to: partner, at: now) }
    case .refer: referArrived(session, dialog: dialog, server, at: now)
    case .prack: acknowledgementArrived(session, ofProvisional: server, at: now)
    case .ack, .cancel, .register, .notify, .subscribe, .publish, .other:
      break
    }
  }

  /// Spec U-25: digits are taken; a body of another type is the other party's, or refused where nobody is joined.
  private mutating func infoArrived(
    _ session: Session, _ server: ServerTransaction, at now: Instant
  ) {
    let message = server.request
    let isDigit =
      message.hasContentType("application/dtmf-relay") || message.hasContentType("application/dtmf")
    if !isDigit, let partner = partner(of: session) {
      return pass(server, to: partner, at: now)
    }
    guard isDigit || message.body.isEmpty else {
      var writer = response(415, to: server)
      writer.header.field("Accept", text: "application/dtmf-relay, application/dtmf")
      return give(415, writer.finish(), to: server, at: now)
    }
    var writer = response(200, to: server)
    give(200, writer.finish(), to: server, at: now)
    if isDigit {
      tell(session, .info(contentType: Array(message.contentType), body: Array(message.body)))
    }
  }

  private mutating func giveOptions(
    _ server: ServerTransaction, _ session: Session, at now: Instant
  ) {
    var writer = response(200, to: server)
    writer.header.field("Allow", text: UserAgent.allowed)
    writer.header.field("Accept", text: UserAgent.accepted)
    give(200, writer.finish(), to: server, at: now)
  }

  /// A response within a transaction; the request has its To tag, or gets the session's.
  func response(
    _ code: UInt16, to server: ServerTransaction, phrase: [UInt8] = [], makesDialog: Bool = false
  ) -> ResponseWriter {
    ResponseWriter(
      to: server.request, code: code, phrase: phrase[...], source: server.source,
      toTag: (server.session?.localTag ?? [])[...], copyingRecordRoute: makesDialog)
  }
}
