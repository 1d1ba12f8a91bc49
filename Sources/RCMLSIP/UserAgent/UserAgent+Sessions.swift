import RCMLBasics

/// What a call needs of its sessions. A session that is no more takes nothing.
extension UserAgent {
  private func change(_ id: SessionID, at now: Instant, _ body: (Session) -> Void) {
    guard let session = sessions[id] else { return }
    body(session)
    settle(at: now)
  }

  // MARK: - Sessions we open

  public func invite(_ invite: OutgoingInvite, at now: Instant) -> SessionID {
    let session = sessions.invite(invite, at: now)
    settle(at: now)
    return session.id
  }

  /// What the host knows for the realm of `credentialsWanted`; nil = nothing: the leg ends with the code that asked.
  public func giveCredentials(_ id: SessionID, _ credentials: Credentials?, at now: Instant) {
    change(id, at: now) { sessions.giveCredentials($0, credentials, at: now) }
  }

  /// What the host says about the contact of `redirectWanted`. `uri`: this, and not the contact; `isAllowed` false:
  /// the next contact, or else the 3xx is the final response (Y-3).
  public func redirect(
    _ id: SessionID, isAllowed: Bool, to uri: [UInt8]? = nil, with credentials: Credentials? = nil,
    at now: Instant
  ) {
    change(id, at: now) {
      sessions.redirect($0, isAllowed: isAllowed, to: uri, with: credentials, at: now)
    }
  }

  // MARK: - Sessions that peers open

  /// 180, or 183 with SDP, to the caller. Repeated by whoever asks (spec L-2).
  ///
  /// True: a caller who acknowledges it gets this SDP as the answer, and no other may follow (RFC 3262 §5), unless a
  /// 2xx comes before it has gone out: see `hasAnswer`.
  @discardableResult
  public func ring(_ id: SessionID, code: UInt16, body: [UInt8], at now: Instant) -> Bool {
    var isAnswer = false
    change(id, at: now) { isAnswer = sessions.ring($0, code: code, body: body, at: now) }
    return isAnswer
  }

  /// The caller has its answer from a provisional response: the 2xx can only repeat it.
  public func hasAnswer(_ id: SessionID) -> Bool {
    sessions[id]?.answer?.provisionals?.isAnswerSent ?? false
  }

  /// 200 with SDP to the caller; repeated until its ACK. It waits for the PRACK of an 18x that held the answer.
  public func accept(
    _ id: SessionID, body: [UInt8], headers: [HeaderLine], at now: Instant
  ) {
    change(id, at: now) { sessions.accept($0, body: body, headers: headers, at: now) }
  }

  /// A final response of 300 or above to the caller.
  public func reject(
    _ id: SessionID, code: UInt16, phrase: [UInt8], headers: [HeaderLine], at now: Instant
  ) {
    change(id, at: now) {
      sessions.reject($0, code: code, phrase: phrase, headers: headers, at: now)
    }
  }

  // MARK: - Offers

  /// re-INVITE with this SDP. While another exchange runs it waits for its turn; a newer one replaces it.
  public func offer(_ id: SessionID, body: [UInt8], at now: Instant) {
    change(id, at: now) { sessions.offer($0, body: body, at: now) }
  }

  /// Takes back a re-INVITE that still waits for its turn. False: it is on its way, or there is none.
  public func withdrawOffer(_ id: SessionID) -> Bool { sessions[id]?.offers.withdraw() ?? false }

  /// Takes our re-INVITE back. One that still waits for its turn is dropped, and no event comes; if an older one is
  /// under way then, that goes on. One that is under way is cancelled as soon as a provisional response came
  /// (RFC 3261 §9.1): `offerRefused` with 487, or `offerAccepted` when its 200 came first.
  public func cancelOffer(_ id: SessionID, at now: Instant) {
    change(id, at: now) { sessions.cancelOffer($0, at: now) }
  }

  public func answerOffer(_ id: SessionID, body: [UInt8], at now: Instant) {
    change(id, at: now) { sessions.answerOffer($0, body: body, at: now) }
  }

  public func refuseOffer(_ id: SessionID, code: UInt16, at now: Instant) {
    change(id, at: now) { sessions.refuseOffer($0, code: code, at: now) }
  }

  /// From now on what the session describes are streams of our own: 0.0.0.0 stands for our address on its way.
  public func placeMedia(of id: SessionID) { sessions[id]?.description.place() }

  // MARK: - Between the parties

  /// Where the session's signalling comes from: the caller's INVITE did, or ours went there and its responses come from
  /// there (spec U-67). Nil: there was none yet, or the session is no more.
  public func peer(of id: SessionID) -> SocketAddress? { sessions[id]?.path?.flow.remote }

  /// Nobody but the next hop reads the session's signalling (spec T-7). False as long as no way is known.
  public func isSecured(_ id: SessionID) -> Bool { sessions[id]?.path?.isSecured ?? false }

  /// Our end of the session's media: what the peer was told last, before that what it will be told on its way. Nil: there
  /// is none yet, or the session is no more.
  public func ownAddress(of id: SessionID) -> OwnAddress? {
    sessions[id].flatMap { $0.description.own ?? $0.path?.own }
  }

  /// The two sessions are two ends of one call.
  public func join(_ first: SessionID, _ second: SessionID) { sessions.join(first, second) }

  public func part(_ first: SessionID, _ second: SessionID) { sessions.part(first, second) }

  /// An INFO of our own: a key that has to reach this party in the form in which the other one sent it (spec U-62).
  /// Nobody hears what became of it, unless the peer no longer knows the dialog (U-27).
  public func sendInfo(
    _ id: SessionID, contentType: [UInt8], body: [UInt8], at now: Instant
  ) {
    change(id, at: now) { sessions.sendInfo($0, contentType: contentType, body: body, at: now) }
  }

  /// From now on REFER in this session is taken, or is not any more.
  public func takeRefer(_ id: SessionID, _ isTaken: Bool) { sessions[id]?.refer.allow(isTaken) }

  /// What became of the transfer: the last NOTIFY.
  public func referFinished(_ id: SessionID, code: UInt16, at now: Instant) {
    change(id, at: now) { sessions.referFinished($0, code: code, at: now) }
  }

  // MARK: - Ends

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
  public func end(_ id: SessionID, reasons: [[UInt8]], at now: Instant) {
    change(id, at: now) { sessions.end($0, reasons: reasons, at: now) }
  }
}
